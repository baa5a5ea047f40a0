//! What the user decides about a run; every default is visible beside its field and printed.

use serde::{Deserialize, Serialize};

use crate::id::{FirmKey, FlowKey, PairKey};
use crate::knowledge::VehicleClass;
use crate::units::{Amount, Distance, Money, Share};

/// Settings of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Yearly cost of an open link; `None` (default) takes the class of the link in `prices.csv`.
    pub link_cost: Option<Money>,
    /// Euros per tonne of CO2 equivalent added to the objective; 0 (default) optimises euros alone.
    pub carbon_value: Money,
    /// Road distance over straight line where no road matrix is given; default 1.3.
    pub tortuosity: f64,
    /// Road distances the user gives, by pair of sites, taken in both directions.
    pub roads: Vec<Road>,
    /// Pairs that must carry at least an amount per year.
    pub forced: Vec<ForcedLink>,
    /// Pairs that must stay out.
    pub forbidden: Vec<ForbiddenLink>,
    /// Bounds on the share of a need covered by one firm.
    pub supplier_shares: Vec<SupplierShare>,
    /// Odds that a lead with nothing unknown is realised; scales nothing in the firm plan.
    pub prospective_odds: ProspectiveOdds,
    /// Relative gap at which a component is closed; 0 (default) asks for a proof.
    pub relative_gap: f64,
    /// Nodes of branch and bound per component; default 20 000. A limit is a status, not a failure.
    pub node_limit: u32,
    /// Simplex iterations per component, those of every node together; default 100 000. It bounds
    /// the work that a node limit does not, and no clock is read.
    pub iteration_limit: u32,
    /// Nearest needs kept per output and rule; default 60. Those beyond are counted and said so.
    pub nearest: u32,
    /// Takes flows that sites probably have by their sector profile into the prospective plan;
    /// default no.
    pub with_suggestions: bool,
    /// Weights of the score.
    pub weights: Weights,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            link_cost: None,
            carbon_value: Money::ZERO,
            tortuosity: 1.3,
            roads: Vec::new(),
            forced: Vec::new(),
            forbidden: Vec::new(),
            supplier_shares: Vec::new(),
            prospective_odds: ProspectiveOdds::default(),
            relative_gap: 0.0,
            node_limit: 20_000,
            iteration_limit: 100_000,
            nearest: 60,
            with_suggestions: false,
            weights: Weights::default(),
        }
    }
}

/// A way between two sites: its length, and what goes along it when it is no road.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Road {
    /// One end.
    pub from: crate::id::SiteKey,
    /// The other end.
    pub to: crate::id::SiteKey,
    /// Along the way.
    pub distance: Distance,
    /// What goes along it; `None` (default) lets the goods decide.
    #[serde(default)]
    pub vehicle: Option<VehicleClass>,
}

/// A pair that must carry something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForcedLink {
    /// The pair.
    pub pair: PairKey,
    /// At least so much of the output per year.
    pub at_least: Amount,
}

/// A pair, or every pair of two flows, that must stay out: refused in the field, or unwanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForbiddenLink {
    /// The output.
    pub output: FlowKey,
    /// The input.
    pub input: FlowKey,
    /// Only under this rule; `None` for every rule.
    pub rule: Option<crate::id::RuleId>,
    /// Why, shown with the rejection.
    pub reason: String,
}

/// Bounds on what one firm covers of a need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupplierShare {
    /// The need.
    pub input: FlowKey,
    /// The supplying firm; `None` for each supplier alike (then only `at_most` is used).
    pub supplier: Option<FirmKey>,
    /// At least this share of the yearly need.
    pub at_least: Option<Share>,
    /// At most this share of the yearly need.
    pub at_most: Option<Share>,
}

/// Odds that discount a prospective lead, by what is unknown of it.
///
/// Anchors: 138 of 588 leads realised in the national programme, 11 of 20 in the port of
/// Strasbourg (`domain` section 4); bounded to [0.01; 0.5].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProspectiveOdds {
    /// Odds of a lead with one unknown; default 0.25 (138 of 588, rounded up to a quarter).
    pub one_unknown: Share,
    /// Each further unknown multiplies the odds by this; default 0.6.
    pub further_unknown: Share,
}

impl Default for ProspectiveOdds {
    fn default() -> Self {
        let share =
            |value| Share::new(value).unwrap_or_else(|| unreachable!("a constant within [0; 1]"));
        ProspectiveOdds {
            one_unknown: share(0.25),
            further_unknown: share(0.6),
        }
    }
}

impl ProspectiveOdds {
    /// The odds of a lead with `unknowns` unknown conditions, within [0.01; 0.5].
    pub fn of(&self, unknowns: usize) -> f64 {
        let further = self
            .further_unknown
            .value()
            .powi(unknowns.saturating_sub(1).min(64) as i32);
        (self.one_unknown.value() * further).clamp(0.01, 0.5)
    }
}

/// Weights of the score, in any scale: only their proportions count.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// Gain per year; default 0.30.
    pub economy: f64,
    /// CO2 avoided; default 0.20.
    pub climate: f64,
    /// Virgin and landfilled tonnes avoided; default 0.15.
    pub resource: f64,
    /// Few treatment steps; default 0.15.
    pub technical: f64,
    /// Few legal questions; default 0.10.
    pub regulatory: f64,
    /// Short distance; default 0.10.
    pub locality: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Weights {
            economy: 0.30,
            climate: 0.20,
            resource: 0.15,
            technical: 0.15,
            regulatory: 0.10,
            locality: 0.10,
        }
    }
}
