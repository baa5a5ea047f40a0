//! Sector profiles: what a firm of which only activity and size are known probably buys and discards.

use std::collections::{BTreeMap, BTreeSet};

use super::Knowledge;
use super::fault::Fault;
use super::table::Tables;
use crate::id::{ActivityCode, Direction, EvidenceId, WasteCode};
use crate::interval::Interval;
use crate::profile::Profile;
use crate::units::Unit;

/// How an amount follows size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scaling {
    /// With the number of jobs.
    Jobs,
    /// With the plant: jobs say little.
    Plant,
    /// With hectares, heads, greenhouse: a job is a poor proxy.
    Land,
    /// With roof or floor.
    Area,
}

/// A flow that firms of an activity usually have.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileRow {
    /// Identifier, stable inside one version of the table.
    pub id: String,
    /// The activity: class, group, division or section.
    pub activity: ActivityCode,
    /// Discarded or bought.
    pub direction: Direction,
    /// `DON:…`, or a key of the taxonomy.
    pub resource: String,
    /// Per year, in `unit`, per job or per tonne of product, for a firm that has the flow.
    pub amount: Interval<f64>,
    /// Unit.
    pub unit: Unit,
    /// Tonnes of product per job and year, and what the product is; `None`: `amount` is per job.
    pub product: Option<(String, Interval<f64>)>,
    /// How it follows size.
    pub scaling: Scaling,
    /// When in the year.
    pub season: Profile,
    /// Share of the firms of the activity that have the flow, ]0; 1].
    pub share: f64,
    /// Most usual waste code.
    pub waste_code: Option<WasteCode>,
    /// The row of the same profile of which this is another view; the two are never added.
    pub included_in: Option<String>,
    /// Sources; `BG` is trade knowledge, not checked against a text.
    pub sources: Vec<EvidenceId>,
    /// 2 calibrated, 1 order of magnitude.
    pub confidence: u8,
    /// Remark, in French.
    pub note: String,
    /// Properties as usual, kept to tell rows of one resource apart.
    properties: String,
}

/// The profiles by activity.
pub(super) struct Profiles {
    rows: BTreeMap<ActivityCode, Vec<ProfileRow>>,
}

impl Profiles {
    pub(super) fn read(tables: &Tables, faults: &mut Vec<Fault>) -> Profiles {
        let mut rows: BTreeMap<ActivityCode, Vec<ProfileRow>> = BTreeMap::new();
        for record in tables.records("profiles.csv") {
            let number = |column| record.text(column).parse::<f64>().ok();
            let amount = match (number("low"), number("mid"), number("high")) {
                (Some(low), Some(mid), Some(high)) => Interval::new(low, mid, high),
                _ => None,
            };
            let direction = match record.text("direction") {
                "output" => Some(Direction::Output),
                "input" => Some(Direction::Input),
                _ => None,
            };
            let scaling = match record.text("scaling") {
                "jobs" => Some(Scaling::Jobs),
                "plant" => Some(Scaling::Plant),
                "unit" => Some(Scaling::Land),
                "area" => Some(Scaling::Area),
                _ => None,
            };
            let season = season(record.text("seasonality"));
            let product = match record.text("basis") {
                "job" => Some(None),
                "t_product" => per_job(record.text("t_per_job"))
                    .map(|tonnes| Some((record.text("product").to_owned(), tonnes))),
                _ => None,
            };
            let unit = Unit::from_code(record.text("unit"));
            let share = number("share").filter(|share| *share > 0.0 && *share <= 1.0);
            let (Some(amount), Some(direction), Some(scaling), Some(season)) =
                (amount, direction, scaling, season)
            else {
                faults.push(record.fault("amount, direction, scaling or season"));
                continue;
            };
            let (Some(product), Some(unit), Some(share)) = (product, unit, share) else {
                faults.push(record.fault("basis, unit or share"));
                continue;
            };
            let some = |column| Some(record.text(column)).filter(|text| !text.is_empty());
            let activity = ActivityCode::new(record.text("nace"));
            rows.entry(activity.clone()).or_default().push(ProfileRow {
                id: record.text("profile_id").to_owned(),
                activity,
                direction,
                resource: record.text("resource").to_owned(),
                amount,
                unit,
                product,
                scaling,
                season,
                share,
                waste_code: some("waste_code").map(WasteCode::new),
                included_in: some("included_in").map(str::to_owned),
                sources: record.items("source").map(EvidenceId::new).collect(),
                confidence: record.text("confidence").parse().unwrap_or(1),
                note: record.text("note").to_owned(),
                properties: record.text("props").to_owned(),
            });
        }
        Profiles { rows }
    }
}

impl ProfileRow {
    /// What makes two rows the same flow: the more specific activity then stands.
    fn identity(&self) -> (Direction, &str, &str, &str) {
        let code = match self.resource.as_str() {
            "service.waste" => self.waste_code.as_ref().map_or("", WasteCode::as_str),
            _ => "",
        };
        let properties = match self.resource.starts_with("en.heat") {
            true => self.properties.as_str(),
            false => "",
        };
        (self.direction, &self.resource, code, properties)
    }

    /// Amount per year for a number of jobs.
    ///
    /// Independent factors combine by their half-widths in logarithms; a low of nought stays nought.
    /// Below five jobs what is fixed in a workshop dominates: twice as wide each way.
    pub fn yearly(&self, jobs: u32) -> Option<Interval<f64>> {
        let jobs_number = f64::from(jobs);
        let mut factors = vec![self.amount];
        factors.extend(self.product.as_ref().map(|(_, tonnes)| *tonnes));
        if jobs < FEW_JOBS && self.scaling == Scaling::Jobs {
            factors.extend(Interval::new(0.5, 1.0, 2.0));
        }
        let mid: f64 = factors.iter().map(|factor| factor.mid()).product::<f64>() * jobs_number;
        let width = |end: fn(&Interval<f64>) -> f64| {
            let squares = factors.iter().map(|factor| {
                let ratio = end(factor) / factor.mid();
                ratio.ln().powi(2)
            });
            squares.sum::<f64>().sqrt().exp()
        };
        let nought = factors.iter().any(|factor| factor.low() <= 0.0);
        let low = if nought {
            0.0
        } else {
            mid / width(|factor| factor.low())
        };
        Interval::new(low, mid, mid * width(|factor| factor.high()))
    }
}

/// Jobs below which amounts per job are twice as wide.
const FEW_JOBS: u32 = 5;

/// `constant`, or `MM-MM`.
fn season(text: &str) -> Option<Profile> {
    if text == "constant" {
        return Some(Profile::Constant);
    }
    let (first, last) = text.split_once('-')?;
    Profile::campaign(first.parse().ok()?, last.parse().ok()?)
}

/// `low..mid..high`.
fn per_job(text: &str) -> Option<Interval<f64>> {
    let parts: Vec<f64> = text
        .split("..")
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    match parts.as_slice() {
        [low, mid, high] => Interval::new(*low, *mid, *high),
        _ => None,
    }
}

impl Knowledge {
    /// The profile of an activity: the rows of its class, then of its group, its division and its
    /// section, each flow once, the most specific standing.
    pub fn profile(&self, activity: &ActivityCode) -> Vec<&ProfileRow> {
        let mut resolved = Vec::new();
        let mut present = BTreeSet::new();
        for level in levels(activity) {
            let rows = self.profiles.rows.get(&level).into_iter().flatten();
            let fresh: Vec<&ProfileRow> = rows
                .filter(|row| !present.contains(&row.identity()))
                .collect();
            present.extend(fresh.iter().map(|row| row.identity()));
            resolved.extend(fresh);
        }
        resolved
    }

    /// Every row of every profile, by activity.
    pub fn profile_rows(&self) -> impl Iterator<Item = &ProfileRow> {
        self.profiles.rows.values().flatten()
    }
}

/// `C10.51`, `C10.5`, `C10`, `C`.
fn levels(activity: &ActivityCode) -> Vec<ActivityCode> {
    let code = activity.as_str();
    [6, 5, 3, 1]
        .into_iter()
        .filter(|&length| length <= code.len())
        .filter_map(|length| code.get(..length))
        .map(ActivityCode::new)
        .collect()
}
