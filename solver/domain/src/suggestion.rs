//! Flows a site probably has, from the profile of its activity: questions to ask, never declarations.

use std::collections::BTreeSet;

use crate::answer::{AnswerValue, GivenAnswer, QuestionId};
use crate::flow::{Entered, Flow, Identity, Method, Present, Provenance, Quantity, Visibility};
use crate::id::{Direction, DonorKey, FlowKey, ResourceKey, WasteCode};
use crate::interval::Interval;
use crate::knowledge::{CodeOn, Knowledge, ProfileRow, Scaling};
use crate::organisation::Site;
use crate::snapshot::Snapshot;
use crate::text::Text;
use crate::units::Amount;
use crate::units::written::format_interval;
use crate::validity::Validity;
use jiff::civil::Date;

/// What the reference of a suggested flow begins with.
pub const REFERENCE: &str = "profil-";

/// A flow a site probably has.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// The flow, as it would be declared: amounts as an interval, origin generic.
    pub flow: Flow,
    /// Share of the firms of this activity that have it, ]0; 1].
    pub share: f64,
    /// What to ask the firm.
    pub question: Text,
    /// Row of the profile and its sources.
    pub source: String,
}

/// Flows that the sites of a snapshot probably have and neither declare nor deny, those of each site
/// together, the likeliest first. A site without activity or headcount has none.
pub fn suggestions(snapshot: &Snapshot, knowledge: &Knowledge) -> Vec<Suggestion> {
    let mut found = Vec::new();
    for site in snapshot.sites() {
        let declared: Vec<&Flow> = snapshot
            .flows()
            .iter()
            .filter(|flow| flow.key.site == site.key && !snapshot.is_suggested(&flow.key))
            .collect();
        found.extend(of_site(
            site,
            &declared,
            snapshot.answers(),
            knowledge,
            snapshot.valid_on(),
        ));
    }
    found
}

fn of_site(
    site: &Site,
    declared: &[&Flow],
    answers: &[GivenAnswer],
    knowledge: &Knowledge,
    day: Date,
) -> Vec<Suggestion> {
    let (Some(activity), Some(jobs)) = (&site.activity, site.headcount.filter(|&jobs| jobs > 0))
    else {
        return Vec::new();
    };
    let mut references = BTreeSet::new();
    let mut found: Vec<Suggestion> = knowledge
        .profile(activity)
        .into_iter()
        // Another view of a purchase that is in the profile already.
        .filter(|row| row.included_in.is_none())
        .filter(|row| !is_declared(row, declared, knowledge))
        .filter_map(|row| suggestion(site, row, jobs, knowledge, day))
        .filter(|one| references.insert((one.flow.key.direction, one.flow.key.reference.clone())))
        .filter(|one| !is_denied(&one.flow.key, answers))
        .collect();
    found.sort_by(|a, b| {
        b.share
            .total_cmp(&a.share)
            .then_with(|| a.flow.key.cmp(&b.flow.key))
    });
    found
}

/// Whether the site declares the resource, or one that contains it or lies in it.
fn is_declared(row: &ProfileRow, declared: &[&Flow], knowledge: &Knowledge) -> bool {
    let code = row.waste_code.as_ref().map(WasteCode::digits);
    declared
        .iter()
        .filter(|flow| flow.key.direction == row.direction)
        .any(|flow| {
            let same = match &flow.identity {
                Identity::Donor(key) => key.as_str() == row.resource,
                Identity::Resource(key) => {
                    let row_key = ResourceKey::new(&row.resource);
                    knowledge.ancestors(key).any(|other| *other == row_key)
                        || knowledge.ancestors(&row_key).any(|other| other == key)
                }
                Identity::Unrecognised => false,
            };
            let same_code =
                code.is_some() && flow.waste_code.as_ref().map(WasteCode::digits) == code;
            same || same_code
        })
}

/// Whether the firm said that it has no such flow.
fn is_denied(key: &FlowKey, answers: &[GivenAnswer]) -> bool {
    answers.iter().any(|answer| {
        answer.question == QuestionId::Exists(key.clone())
            && answer.value == AnswerValue::YesNo(false)
    })
}

fn suggestion(
    site: &Site,
    row: &ProfileRow,
    jobs: u32,
    knowledge: &Knowledge,
    day: Date,
) -> Option<Suggestion> {
    let yearly = row.yearly(jobs)?;
    let amount = |value: f64| Amount::from_units(value);
    let quantity = Interval::new(
        amount(yearly.low())?,
        amount(yearly.mid())?,
        amount(yearly.high())?,
    )?;
    let donor = row.resource.starts_with("DON:");
    let (identity, label) = if donor {
        let key = DonorKey::new(&row.resource);
        let label = knowledge.donor(&key)?.label.clone();
        (Identity::Donor(key), label)
    } else {
        let key = ResourceKey::new(&row.resource);
        let label = knowledge.resource(&key)?.label.clone();
        (Identity::Resource(key), label)
    };
    let waste_code = row.waste_code.as_ref().and_then(|code| {
        match knowledge.waste_code_on(code.digits(), day) {
            Some(CodeOn::InForce(entry) | CodeOn::Disputed { entry, .. }) => {
                Some(entry.code.clone())
            }
            _ => None,
        }
    });
    let tail = match (&waste_code, row.resource.as_str()) {
        (Some(code), "service.waste") => format!("{}-{}", row.resource, code.digits()),
        _ => row.resource.clone(),
    };
    let key = FlowKey {
        site: site.key.clone(),
        direction: row.direction,
        reference: format!("{REFERENCE}{tail}"),
    };
    let sources: Vec<&str> = row.sources.iter().map(|source| source.as_str()).collect();
    let source = format!(
        "profil {} {} ({})",
        row.activity,
        row.id,
        sources.join(", ")
    );
    let shown = format_interval(rounded(yearly));
    let question = question(row, &label, &shown);
    Some(Suggestion {
        flow: Flow {
            key,
            name: label.fr,
            identity,
            unit: row.unit,
            quantity: Quantity::Rate {
                yearly: quantity,
                profile: row.season,
            },
            entered: Entered {
                quantity: shown,
                unit: row.unit.code().to_owned(),
                period: "an".to_owned(),
            },
            density: None,
            heating_value: None,
            storage: None,
            properties: Default::default(),
            present: Present::default(),
            waste_code: waste_code.filter(|_| row.direction == Direction::Output),
            hazardous: None,
            minimum_lot: None,
            maximum_distance: None,
            provenance: Provenance {
                method: Method::Generic,
                source_year: None,
                source: source.clone(),
            },
            validity: Validity::ALWAYS,
            visibility: Visibility::Animator,
            comment: String::new(),
        },
        share: row.share,
        question,
        source,
    })
}

/// Three figures: nothing here is known better.
fn rounded(value: Interval<f64>) -> Interval<f64> {
    let three = |value: f64| {
        if value <= 0.0 {
            return 0.0;
        }
        let scale = 10_f64.powi(2 - value.log10().floor() as i32);
        (value * scale).round() / scale
    };
    Interval::spanning(three(value.low()), three(value.mid()), three(value.high()))
}

fn question(row: &ProfileRow, label: &Text, amount: &str) -> Text {
    let odds = odds(row.share);
    let unit = row.unit;
    let (fr, en) = match (row.scaling, &row.product) {
        (_, Some((product, _))) => (
            format!("Combien de tonnes par an ({product}) ?"),
            format!("How many tonnes a year ({product})?"),
        ),
        (Scaling::Plant, None) => (
            "Quel tonnage annuel, ou quelle puissance installée ?".to_owned(),
            "What yearly tonnage, or installed power?".to_owned(),
        ),
        (Scaling::Land, None) => (
            "Combien d'hectares, de têtes ou de m2 de serre ?".to_owned(),
            "How many hectares, heads or m2 of greenhouse?".to_owned(),
        ),
        (Scaling::Area, None) => (
            "Quelle surface de toit ou de plancher ?".to_owned(),
            "What area of roof or floor?".to_owned(),
        ),
        (Scaling::Jobs, None) => (
            "Combien au juste ?".to_owned(),
            "How much exactly?".to_owned(),
        ),
    };
    Text::new(
        format!("{} ({}) : {amount} {unit}/an ? {fr}", label.fr, odds.fr),
        format!("{} ({}): {amount} {unit}/yr? {en}", label.en, odds.en),
    )
}

/// A probability in words.
pub fn odds(share: f64) -> Text {
    let (fr, en) = if share >= 0.8 {
        ("très probable", "very likely")
    } else if share >= 0.4 {
        ("un sur deux", "one in two")
    } else if share >= 0.15 {
        ("quelques-uns", "some")
    } else {
        ("rare", "rare")
    };
    Text::new(fr, en)
}

#[cfg(test)]
mod tests;
