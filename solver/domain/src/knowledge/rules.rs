//! Substitution rules: which donor can take the place of which need, how, and how far.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use super::Knowledge;
use super::conditions::{Condition, is_name};
use super::donors::bare_code;
use super::fault::Fault;
use super::table::{Record, Tables, decimal, range};
use super::taxonomy::Taxonomy;
use crate::id::{
    ActivityCode, DonorKey, EvidenceId, FlagId, PropertyName, ResourceKey, RuleId, TreatmentId,
    WasteCode,
};
use crate::interval::Interval;
use crate::text::Text;
use crate::units::{Distance, Ratio, Unit};

/// Unit in which a rule counts its donor.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum DonorUnit {
    /// A canonical unit.
    Unit(Unit),
    /// Kilogram of the valued element contained in the material: an assay gives it.
    KilogramContent,
}

impl DonorUnit {
    /// The code used in the ratios.
    pub fn code(self) -> &'static str {
        match self {
            DonorUnit::Unit(unit) => unit.code(),
            DonorUnit::KilogramContent => "kg_content",
        }
    }

    /// The unit of a code.
    pub fn from_code(code: &str) -> Option<DonorUnit> {
        match code {
            "kg_content" => Some(DonorUnit::KilogramContent),
            code => Unit::from_code(code).map(DonorUnit::Unit),
        }
    }
}

impl fmt::Display for DonorUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A substitution rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Stable id, never reused.
    pub id: RuleId,
    /// Donors, each discriminating on its own.
    pub donors: Vec<DonorKey>,
    /// Donor resources of the taxonomy (energy, water, gas, assets, products).
    pub resources: Vec<ResourceKey>,
    /// Waste codes of the donors; a match on a code alone is only a candidate.
    pub waste_codes: Vec<WasteCode>,
    /// Name of the pathway.
    pub label: Text,
    /// What is substituted.
    pub need: ResourceKey,
    /// Classes of activity that typically take it, most typical first. A hint, not a filter.
    pub acceptor_activities: Vec<ActivityCode>,
    /// Steps, in order.
    pub treatment: Vec<TreatmentId>,
    /// Need displaced by one donor unit entering the first step, losses included; the working
    /// value is the arithmetic mean of the bounds.
    pub ratio: Interval<Ratio>,
    /// Unit of the donor in the ratio.
    pub donor_unit: DonorUnit,
    /// Unit of the need in the ratio.
    pub need_unit: Unit,
    /// Upper sensible distance (road for solids, route for pipes).
    pub maximum_distance: Distance,
    /// Tests on declared properties.
    pub conditions: Vec<Condition>,
    /// Figures of the pathway that are not tests, as `ch4_mwh_per_t`.
    pub attributes: Vec<(PropertyName, Interval<f64>)>,
    /// Remarks to show, in French.
    pub notes: Vec<String>,
    /// Legal questions to raise.
    pub flags: Vec<FlagId>,
    /// Sources.
    pub evidence: Vec<EvidenceId>,
    /// 3: documented operating case or official text; 2: established practice; 1: emerging.
    pub confidence: u8,
}

/// How a declared need stands to the need of a rule.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum NeedFit {
    /// The declared need is the rule's, or contains it: the rule answers it.
    Answers,
    /// The declared need is narrower than the rule's: whether it suits must be checked.
    ToCheck,
    /// Neither contains the other.
    Apart,
}

/// The rules, indexed by donor, donor resource, need and waste code.
pub(super) struct Rules {
    rules: Vec<Rule>,
    by_id: HashMap<RuleId, usize>,
    by_donor: HashMap<DonorKey, Vec<usize>>,
    by_resource: HashMap<ResourceKey, Vec<usize>>,
    by_need: HashMap<ResourceKey, Vec<usize>>,
    /// Under each resource, the rules to it or to one within it.
    answering: HashMap<ResourceKey, Vec<usize>>,
    by_code: HashMap<WasteCode, Vec<usize>>,
}

impl Rules {
    pub(super) fn read(tables: &Tables, taxonomy: &Taxonomy, faults: &mut Vec<Fault>) -> Rules {
        let rules: Vec<Rule> = tables
            .records("rules.csv")
            .filter_map(|record| read_rule(&record, faults))
            .collect();
        let mut index = Rules {
            by_id: HashMap::with_capacity(rules.len()),
            by_donor: HashMap::new(),
            by_resource: HashMap::new(),
            by_need: HashMap::new(),
            answering: HashMap::new(),
            by_code: HashMap::new(),
            rules: Vec::new(),
        };
        for (at, rule) in rules.iter().enumerate() {
            index.by_id.insert(rule.id.clone(), at);
            index.by_need.entry(rule.need.clone()).or_default().push(at);
            for resource in taxonomy.ancestors(&rule.need) {
                index
                    .answering
                    .entry(resource.key.clone())
                    .or_default()
                    .push(at);
            }
            for donor in &rule.donors {
                index.by_donor.entry(donor.clone()).or_default().push(at);
            }
            for resource in &rule.resources {
                index
                    .by_resource
                    .entry(resource.clone())
                    .or_default()
                    .push(at);
            }
            for code in &rule.waste_codes {
                index.by_code.entry(code.clone()).or_default().push(at);
            }
        }
        index.rules = rules;
        index
    }

    fn at<'k>(
        &'k self,
        positions: Option<&'k Vec<usize>>,
    ) -> impl Iterator<Item = &'k Rule> + use<'k> {
        positions
            .into_iter()
            .flatten()
            .filter_map(|&at| self.rules.get(at))
    }

    fn all(&self, positions: BTreeSet<usize>) -> impl Iterator<Item = &Rule> {
        positions.into_iter().filter_map(|at| self.rules.get(at))
    }
}

fn read_rule(record: &Record<'_>, faults: &mut Vec<Fault>) -> Option<Rule> {
    let id = RuleId::new(record.text("rule_id"));
    let (mut donors, mut resources, mut waste_codes) = (Vec::new(), Vec::new(), Vec::new());
    for code in record.items("donor_codes") {
        if code.starts_with("DON:") {
            donors.push(DonorKey::new(code));
        } else if let Some(key) = code.strip_prefix("RES:") {
            resources.push(ResourceKey::new(key));
        } else if code.starts_with("EWC:") {
            waste_codes.push(bare_code(code));
        } else {
            faults.push(record.fault(format!("form of donor code '{code}'")));
        }
    }
    let text = record.text("substitution_ratio");
    let ratio = read_ratio(text);
    if ratio.is_none() {
        faults.push(record.fault(format!(
            "ratio '{text}' is not low..high need_unit/donor_unit"
        )));
    }
    let (mut conditions, mut attributes, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for clause in record.items("conditions") {
        if let Some(note) = clause.strip_prefix("note:") {
            notes.push(note.trim().to_owned());
        } else if let Some(condition) = Condition::parse(clause) {
            conditions.push(condition);
        } else if let Some(attribute) = read_attribute(clause) {
            attributes.push(attribute);
        } else {
            faults.push(record.fault(format!("form of condition '{clause}'")));
        }
    }
    let kilometres = record.number("max_distance_km", faults);
    let maximum_distance = kilometres.and_then(Distance::from_kilometres);
    if kilometres.is_some() && maximum_distance.is_none() {
        faults.push(record.fault(format!("distance '{}'", record.text("max_distance_km"))));
    }
    let confidence = record
        .text("confidence")
        .parse::<u8>()
        .ok()
        .filter(|value| (1..=3).contains(value));
    if confidence.is_none() {
        faults.push(record.fault(format!(
            "confidence '{}' is not 1, 2 or 3",
            record.text("confidence")
        )));
    }
    let (ratio, need_unit, donor_unit) = ratio?;
    Some(Rule {
        id,
        donors,
        resources,
        waste_codes,
        label: Text::new(record.text("donor_label_fr"), record.text("donor_label_en")),
        need: ResourceKey::new(record.text("acceptor_need")),
        acceptor_activities: record
            .items("acceptor_nace")
            .map(ActivityCode::new)
            .collect(),
        treatment: record
            .text("treatment")
            .split('+')
            .map(TreatmentId::new)
            .collect(),
        ratio,
        donor_unit,
        need_unit,
        maximum_distance: maximum_distance?,
        conditions,
        attributes,
        notes,
        flags: record.items("regulatory_flags").map(FlagId::new).collect(),
        evidence: record.items("evidence").map(EvidenceId::new).collect(),
        confidence: confidence?,
    })
}

/// `lo..hi need_unit/donor_unit`.
pub(super) fn read_ratio(text: &str) -> Option<(Interval<Ratio>, Unit, DonorUnit)> {
    let (bounds, units) = text.split_once(' ')?;
    let (low, high) = bounds.split_once("..")?;
    let (low, high) = (decimal(low)?, decimal(high)?);
    let (need, donor) = units.split_once('/')?;
    let ratio = Interval::new(
        Ratio::new(low)?,
        Ratio::new((low + high) / 2.0)?,
        Ratio::new(high)?,
    )?;
    Some((ratio, Unit::from_code(need)?, DonorUnit::from_code(donor)?))
}

/// `name=lo..hi`.
pub(super) fn read_attribute(clause: &str) -> Option<(PropertyName, Interval<f64>)> {
    let (name, value) = clause.split_once('=')?;
    let (low, high, _) = range(value)?;
    let interval = Interval::new(low, (low + high) / 2.0, high)?;
    is_name(name).then(|| (PropertyName::new(name), interval))
}

impl Knowledge {
    /// Every rule, in the order of the table.
    pub fn rules(&self) -> &[Rule] {
        &self.rules.rules
    }

    /// A rule by its id.
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.rules
            .by_id
            .get(id)
            .and_then(|&at| self.rules.rules.get(at))
    }

    /// The rules of a donor.
    pub fn rules_of_donor(&self, key: &DonorKey) -> impl Iterator<Item = &Rule> {
        self.rules.at(self.rules.by_donor.get(key))
    }

    /// The rules whose donor is this resource or one that contains it.
    pub fn rules_of_resource(&self, key: &ResourceKey) -> impl Iterator<Item = &Rule> {
        let positions = self
            .ancestors(key)
            .filter_map(|key| self.rules.by_resource.get(key))
            .flatten();
        self.rules.all(positions.copied().collect())
    }

    /// The rules that answer a declared need: those to this resource or to one within it.
    pub fn rules_to_need(&self, key: &ResourceKey) -> impl Iterator<Item = &Rule> {
        self.rules.at(self.rules.answering.get(key))
    }

    /// The rules to a wider need than the declared one: each may suit, and must be checked.
    pub fn rules_to_check(&self, key: &ResourceKey) -> impl Iterator<Item = &Rule> {
        let wider = self
            .ancestors(key)
            .skip(1)
            .filter_map(|key| self.rules.by_need.get(key))
            .flatten();
        self.rules.all(wider.copied().collect())
    }

    /// How a declared need stands to the need of a rule.
    pub fn need_fit(&self, rule: &Rule, declared: &ResourceKey) -> NeedFit {
        if self.is_within(&rule.need, declared) {
            NeedFit::Answers
        } else if self.is_within(declared, &rule.need) {
            NeedFit::ToCheck
        } else {
            NeedFit::Apart
        }
    }

    /// The rules that list a waste code: candidates only, the donor is still to be asked.
    pub fn rules_with_code(&self, code: &WasteCode) -> impl Iterator<Item = &Rule> {
        self.rules.at(self.rules.by_code.get(code))
    }
}
