//! One output under one rule: everything about a pair that does not depend on who takes it.

use std::sync::Arc as Shared;

use boucle_domain::flow::Identity;
use boucle_domain::id::ResourceKey;
use boucle_domain::interval::Interval;
use boucle_domain::knowledge::{DonorUnit, Freight, LinkClass, PerUnit, Rule, Verdict};
use boucle_domain::property::PropertyValue;
use boucle_domain::units::{Money, Price, Unit};

use super::context::Context;
use crate::answer::{ConditionResult, DefaultPrice, Outcome, Reason, TreatmentStep};
use crate::reading::{self, Reading};

/// An output offered under a rule.
#[derive(Clone, Debug)]
pub(crate) struct Offer<'a> {
    /// Position of the output in the snapshot.
    pub output: usize,
    /// The rule.
    pub rule: &'a Rule,
    /// Rule donor units per unit of the output.
    pub per_unit: Interval<f64>,
    /// Conditions, tested on the output's declared properties.
    pub conditions: Vec<ConditionResult>,
    /// Treatment steps, per unit of the output.
    pub steps: Vec<TreatmentStep>,
    /// Treatment, EUR per unit of the output.
    pub treatment: Interval<Price>,
    /// Outlet of the residue, EUR per unit of the output.
    pub residue: Interval<Price>,
    /// Lorry.
    pub freight: Option<Shared<Freight>>,
    /// Tonnes carried per unit of the output.
    pub tonnes: Interval<f64>,
    /// Yearly cost of the link.
    pub link: Interval<Money>,
    /// Rows of the catalogue used.
    pub defaults: Vec<DefaultPrice>,
}

impl<'a> Offer<'a> {
    /// An output under a rule.
    ///
    /// # Errors
    /// [`Reason::UnitMismatch`] when nothing declared counts the output as the rule does.
    pub fn new(context: &Context<'a>, output: usize, rule: &'a Rule) -> Result<Offer<'a>, Reason> {
        let reading = context.reading(output).ok_or(Reason::Unrecognised)?;
        let per_unit = counted(reading, rule, context)?;
        let (steps, treatment, lost) = chain(context, rule, per_unit);
        let residue = residue_price(context, reading, lost);
        let class = reading::vehicle(reading, &rule.need, context.knowledge);
        let freight = context
            .knowledge
            .freight(class, context.year())
            .map(Shared::new);
        let mut defaults = Vec::new();
        let link = match context.settings.link_cost {
            Some(cost) => Interval::exact(cost),
            None => {
                let row = context
                    .knowledge
                    .link_price(link_class(reading, rule), context.year());
                defaults.extend(row.iter().map(|row| reading::default("link", row)));
                row.map_or(Interval::exact(Money::ZERO), |row| {
                    row.price.map(|price| Money::from_milli(price.milli()))
                })
            }
        };
        Ok(Offer {
            output,
            rule,
            per_unit,
            conditions: tested(reading, rule),
            steps,
            treatment,
            residue,
            freight,
            tonnes: reading.tonnes_per_unit,
            link,
            defaults,
        })
    }

    /// The failed condition, if one failed, with how many did.
    pub fn failure(&self) -> Option<Reason> {
        let mut failed = self
            .conditions
            .iter()
            .filter(|result| result.outcome == Outcome::Fail);
        let first = failed.next()?.clone();
        Some(Reason::ConditionFailed {
            result: first,
            failures: 1 + failed.count() as u32,
        })
    }
}

/// Rule donor units per unit of the output.
fn counted(
    reading: &Reading<'_>,
    rule: &Rule,
    context: &Context<'_>,
) -> Result<Interval<f64>, Reason> {
    let mismatch = |rule| Reason::UnitMismatch {
        rule,
        flow: reading.flow.unit,
    };
    match rule.donor_unit {
        DonorUnit::Unit(unit) => {
            reading::conversion(reading.flow, context.knowledge, unit).ok_or_else(|| mismatch(unit))
        }
        DonorUnit::KilogramContent => {
            let tonnes = reading::conversion(reading.flow, context.knowledge, Unit::Tonne);
            // An assay is declared in grams per tonne; without one the rule cannot count.
            let assay = reading
                .flow
                .properties
                .iter()
                .find(|(name, _)| name.as_str() == "content_g_t");
            match (tonnes, assay.map(|(_, property)| &property.value)) {
                (Some(tonnes), Some(PropertyValue::Number(grams))) => Ok(Interval::spanning(
                    tonnes.low() * grams.low() / 1000.0,
                    tonnes.mid() * grams.mid() / 1000.0,
                    tonnes.high() * grams.high() / 1000.0,
                )),
                _ => Err(mismatch(Unit::Kilogram)),
            }
        }
    }
}

/// Each condition of the rule against the declared properties.
fn tested(reading: &Reading<'_>, rule: &Rule) -> Vec<ConditionResult> {
    let one = |condition: &boucle_domain::knowledge::Condition| {
        let declared = reading.flow.properties.get(&condition.property);
        let outcome = match condition.outcome(declared.map(|property| &property.value)) {
            Verdict::Pass => Outcome::Pass,
            Verdict::Fail => Outcome::Fail,
            Verdict::Unknown => Outcome::Unknown,
        };
        ConditionResult {
            condition: condition.to_string(),
            declared: declared.map(|property| property.value.clone()),
            method: declared.and_then(|property| property.method.clone()),
            outcome,
        }
    };
    rule.conditions.iter().map(one).collect()
}

/// The treatment chain: steps, their cost, and the units lost as residue, per unit of the output.
///
/// A step costs per unit *entering* it, so each is weighted by what the steps before it let through.
/// The substitution ratio already holds every loss: yields serve cost and residue only.
fn chain(
    context: &Context<'_>,
    rule: &Rule,
    per_unit: Interval<f64>,
) -> (Vec<TreatmentStep>, Interval<Price>, Interval<f64>) {
    let mut steps = Vec::with_capacity(rule.treatment.len());
    let mut entering = 1.0;
    let (mut low, mut mid, mut high) = (Price::ZERO, Price::ZERO, Price::ZERO);
    let mut lost = [0.0; 3];
    for id in &rule.treatment {
        let Some(cost) = context
            .knowledge
            .treatment_cost(id, rule.donor_unit, &rule.need)
        else {
            continue;
        };
        let Some(step) = context.knowledge.treatment(id) else {
            continue;
        };
        let share = cost.yield_.map(|share| share.value());
        // What a step counts by, per rule donor unit entering the chain.
        let counted = match cost.per {
            PerUnit::DonorUnit => entering,
            PerUnit::MwhDelivered => rule.ratio.mid().value(),
            // Drying takes away what it does not let through.
            PerUnit::TonneOfWater => entering * (1.0 - share.mid()).max(0.0),
            // Counted by content, a kilogram of content comes in this many tonnes of material.
            PerUnit::TonneOfMaterial => {
                if per_unit.mid() > 0.0 {
                    entering / per_unit.mid()
                } else {
                    entering
                }
            }
        };
        let priced = cost
            .euros
            .map(|price| price.times(counted * per_unit.mid()));
        low += priced.low();
        mid += priced.mid();
        high += priced.high();
        let residue = if step.loses_matter {
            Interval::spanning(
                entering * (1.0 - share.high()),
                entering * (1.0 - share.mid()),
                entering * (1.0 - share.low()),
            )
        } else {
            Interval::exact(0.0)
        };
        lost = [
            lost[0] + residue.low(),
            lost[1] + residue.mid(),
            lost[2] + residue.high(),
        ];
        steps.push(TreatmentStep {
            treatment: id.clone(),
            label: step.label.clone(),
            cost: priced,
            energy_kwh: cost.kwh.map(|kwh| kwh * counted * per_unit.mid()),
            residue,
        });
        entering *= share.mid();
    }
    let lost = Interval::spanning(lost[0].min(1.0), lost[1].min(1.0), lost[2].min(1.0));
    (steps, Interval::spanning(low, mid, high), lost)
}

/// What the residue of one unit costs: the output's own outlet where that costs something, since what
/// a sieve rejects of ash is still ash; the outlet of mixed waste where the output is sold today, since
/// what sorting rejects of a sold material is no longer that material.
fn residue_price(
    context: &Context<'_>,
    reading: &Reading<'_>,
    lost: Interval<f64>,
) -> Interval<Price> {
    let own = reading.price;
    if own.mid() > Price::ZERO {
        let part = |price: Price, lost: f64| price.max(Price::ZERO).times(lost);
        return Interval::spanning(
            part(own.low(), lost.low()),
            part(own.mid(), lost.mid()),
            part(own.high(), lost.high()),
        );
    }
    let mixed = context.knowledge.outlet_price(
        &Identity::Resource(ResourceKey::new("service.waste")),
        &[],
        Unit::Tonne,
        context.year(),
    );
    let tonnes = reading.tonnes_per_unit.mid();
    mixed.map_or(Interval::exact(Price::ZERO), |row| {
        Interval::spanning(
            row.price.low().times(tonnes * lost.low()),
            row.price.mid().times(tonnes * lost.mid()),
            row.price.high().times(tonnes * lost.high()),
        )
    })
}

/// Class of the yearly cost of a link.
fn link_class(reading: &Reading<'_>, rule: &Rule) -> LinkClass {
    const SIMPLE_STEPS: [&str; 4] = ["T-NONE", "T-SORT", "T-BALE", "T-CLEAN"];
    const REGULATED: [&str; 8] = [
        "STATUS-CHK",
        "SSD",
        "EPAND",
        "NFU",
        "ABP1",
        "ABP2",
        "ABP3",
        "COINC",
    ];
    let treated = rule
        .treatment
        .iter()
        .any(|step| !SIMPLE_STEPS.contains(&step.as_str()));
    let regulated = rule
        .flags
        .iter()
        .any(|flag| REGULATED.contains(&flag.as_str()));
    if reading.flow.is_hazardous() {
        LinkClass::Hazardous
    } else if rule.donor_unit == DonorUnit::Unit(Unit::Piece) {
        LinkClass::SimpleReuse
    } else if treated || regulated {
        LinkClass::TreatedOrRegulated
    } else {
        LinkClass::SimpleNonHazardous
    }
}
