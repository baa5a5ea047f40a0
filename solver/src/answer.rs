//! What a run answers: plans, ranked proposals, rejections, questions, and the accounts that prove
//! that nothing vanished. No timings, no run id: the same input gives the same bytes.

use boucle_domain::id::{
    DonorKey, EvidenceId, FactorId, FlagId, FlowKey, PairKey, PriceId, ResourceKey, SiteKey,
    TreatmentId,
};
use boucle_domain::interval::Interval;
use boucle_domain::property::PropertyValue;
use boucle_domain::settings::Settings;
use boucle_domain::text::Text;
use boucle_domain::units::{Amount, Carbon, Distance, Money, Price, Ratio, Unit};
use serde::{Deserialize, Serialize};

mod rejection;

pub use rejection::{FlowRejections, Reason, Rejection};

/// The answer of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Digest of the snapshot.
    pub input_digest: String,
    /// Digest of the tables of knowledge.
    pub knowledge_version: String,
    /// Solvers and their versions.
    pub solver_version: String,
    /// Settings the run used, defaults included.
    pub settings: Settings,
    /// Firm plan, then prospective plan.
    pub plans: [PlanSummary; 2],
    /// Proposals, best first: those of the firm plan, then the prospective ones.
    pub proposals: Vec<Proposal>,
    /// What was left out, by flow, in the order of flow keys.
    pub rejections: Vec<FlowRejections>,
    /// Flows that need a word from their firm.
    pub questions: Vec<Question>,
    /// Where each declared unit of each flow goes, in the order of flow keys.
    pub accounts: Vec<Account>,
    /// Who is linked to whom, and who holds the zone together.
    pub network: NetworkSummary,
}

/// Which plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanKind {
    /// Nothing testable unknown, no unanswered block.
    Firm,
    /// Unknown conditions admitted, value discounted by odds, links of the firm plan kept.
    Prospective,
}

/// What the mathematics say of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// Proven best, to the tolerance.
    Optimal,
    /// Feasible and checked, with a gap left open.
    Feasible,
}

/// A plan in a few numbers. Euros per year, zone as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// Which plan.
    pub kind: PlanKind,
    /// Proven or not.
    pub status: PlanStatus,
    /// Cost of going on as today, of the flows that have at least one candidate.
    pub cost_today: Money,
    /// Cost of the same flows with the plan, after rounding to the scale.
    pub cost: Money,
    /// Objective before rounding, as the solver found it. In the firm plan it is the cost; in the
    /// prospective one the value of each new link is discounted by its odds.
    pub unrounded_cost_euros: f64,
    /// The same objective at the rounded quantities.
    pub rounded_cost_euros: f64,
    /// Greatest difference that rounding can make; the check holds the real one against it.
    pub rounding_bound: Money,
    /// Lower bound of the objective: the better of our own and of the one the solver reports.
    pub bound_euros: f64,
    /// Our own lower bound, recomputed from the duals of the linear relaxation without the solver.
    pub own_bound_euros: f64,
    /// (objective - bound) over max(1, |objective|).
    pub relative_gap: f64,
    /// Gain per year: cost today - cost, with the uncertainty of its inputs. Prospective: before discount.
    pub gain: Interval<Money>,
    /// Part of the mid gain that is lost where the plan takes an existing exchange away; nought or
    /// negative. The gains of the proposals and this sum to the mid gain exactly.
    pub displaced: Money,
    /// CO2 avoided per year.
    pub carbon_avoided: Interval<Carbon>,
    /// Links opened, existing ones apart.
    pub links: u32,
    /// Components solved, and arcs in all.
    pub components: u32,
    /// Arcs in all.
    pub arcs: u32,
}

/// State of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairState {
    /// Nothing failed, nothing unknown, no treatment.
    Feasible,
    /// The same, with a treatment.
    FeasibleWithTreatment,
    /// A testable condition is unknown, or a block is unanswered.
    ToCheck,
    /// Hazard or category without an authorised acceptor.
    Blocked,
    /// A condition failed, or the distance is too great.
    Failed,
}

/// Result of one test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Holds over the whole declared range.
    Pass,
    /// Holds nowhere in the declared range.
    Fail,
    /// Not declared, or the declared range straddles the limit.
    Unknown,
}

/// A condition of a rule, tested.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConditionResult {
    /// What is tested, as the rule writes it: `chloride_pct<=0.10`.
    pub condition: String,
    /// Declared value that decided; `None` when none was declared.
    pub declared: Option<PropertyValue>,
    /// How it was obtained.
    pub method: Option<String>,
    /// Result.
    pub outcome: Outcome,
}

/// How one end of a pair was recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognition {
    /// Donor of the catalogue, for outputs known as one.
    pub donor: Option<DonorKey>,
    /// Resource of the taxonomy.
    pub resource: Option<ResourceKey>,
    /// By its key, by a label or synonym, by its words, or by a decision of the territory.
    pub by: RecognisedBy,
    /// Why its words were read so; empty unless they were.
    #[serde(default)]
    pub reasons: Vec<Text>,
}

/// Ground of a recognition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecognisedBy {
    /// The declaration names the key.
    Key,
    /// The name is a label or synonym of the catalogue, to case, accents and punctuation.
    Label,
    /// Its words were read as the resource; to be confirmed.
    Words,
    /// Its words are those of the territory, whose operator decided what they name.
    Territory,
}

/// A step of the treatment chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TreatmentStep {
    /// Step.
    pub treatment: TreatmentId,
    /// Label.
    pub label: Text,
    /// EUR per donor unit entering the chain.
    pub cost: Interval<Price>,
    /// kWh per donor unit entering the chain.
    pub energy_kwh: Interval<f64>,
    /// Donor units lost as residue per donor unit entering the step.
    pub residue: Interval<f64>,
}

/// Where a distance comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DistanceSource {
    /// The road matrix the user gave.
    Road,
    /// Geodesic on WGS 84 times the tortuosity.
    Geodesic,
}

/// Distance of a pair against what it can bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistanceFinding {
    /// Distance, with the uncertainty of the two positions.
    pub distance: Interval<Distance>,
    /// Where it comes from.
    pub source: DistanceSource,
    /// Distance at which the variable gain is nil, link apart; `None` when it is never positive.
    pub break_even: Option<Distance>,
    /// Limit of the rule, of the resource class or of a firm: the smallest.
    pub limit: Distance,
}

/// Money of a link per year, each part with its interval. Costs are positive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Economics {
    /// Avoidable outlet cost that stops.
    pub outlet_avoided: Interval<Money>,
    /// Avoidable purchase that stops.
    pub supply_avoided: Interval<Money>,
    /// Treatment.
    pub treatment: Interval<Money>,
    /// Transport, tours included.
    pub transport: Interval<Money>,
    /// Outlet of the residue of the treatment.
    pub residue: Interval<Money>,
    /// Fixed cost of the link.
    pub link: Interval<Money>,
    /// Gain: what is avoided - what is spent.
    pub gain: Interval<Money>,
    /// Part of the gain that falls to the giver before any price is paid between the two.
    pub giver_gain: Interval<Money>,
    /// Part that falls to the taker.
    pub taker_gain: Interval<Money>,
    /// Prices per donor unit, paid by the taker to the giver, that leave neither worse off at mid
    /// values; `None` when no price does.
    pub price_range: Option<(Price, Price)>,
    /// Prices that came from `prices.csv` because none was declared.
    pub defaults: Vec<DefaultPrice>,
}

/// A price taken from the tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultPrice {
    /// What it stands for: `outlet`, `purchase`, `transport`, `link`.
    pub role: String,
    /// Row.
    pub price: PriceId,
    /// EUR per unit, brought to the year of the run.
    pub value: Interval<Price>,
    /// Year of the row.
    pub year: i16,
    /// Levels of the taxonomy it was inherited over.
    pub inherited: u8,
    /// Whether it is a fallback by waste code.
    pub fallback: bool,
}

/// Emissions of a link per year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarbonBalance {
    /// Avoided, net of treatment and transport.
    pub avoided: Interval<Carbon>,
    /// Factors used.
    pub factors: Vec<FactorId>,
    /// Whether the avoided supply has a factor; without one only transport and treatment count.
    pub complete: bool,
}

/// A legal question raised by a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalFlag {
    /// Flag.
    pub flag: FlagId,
    /// Label.
    pub label: Text,
    /// Text it rests on.
    pub basis: String,
    /// Effect on matching.
    pub effect: FlagEffect,
    /// What is found of it so far.
    pub verdict: LegalVerdict,
    /// What answers it: a declared agreement or heading of the acceptor, or the ground of an answer.
    pub answered_by: Option<String>,
    /// Questions that settle it, answered or not.
    pub questions: Vec<LegalQuestion>,
    /// What to do next.
    pub next_act: Text,
    /// Day of the last check against the law; `None` = never checked.
    pub checked_on: Option<jiff::civil::Date>,
}

/// What is found of a legal question. Never a legal opinion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalVerdict {
    /// What is declared and answered fits the text.
    Plausible,
    /// The next act is still to be done.
    Needs,
    /// Excludes the pair.
    Blocked,
    /// Not known: the questions settle it.
    Unknown,
    /// This road is closed; another applies. Of a by-product: the regime of waste.
    Excluded,
}

/// A question of the law about a pair or a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalQuestion {
    /// Name of the question: what an answer is given to.
    pub id: String,
    /// The question.
    pub text: Text,
    /// The answer given.
    pub answer: Option<bool>,
    /// Who gave it, when, on what ground.
    pub ground: Option<String>,
}

pub use boucle_domain::knowledge::FlagEffect;

/// Something a firm could tell, and what it would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// Name of the question, when an answer can be given to it; else the sheet is to be completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What to ask.
    pub question: Text,
    /// |score if best - score if worst|, in hundredths of a point.
    pub worth: i64,
}

/// Score and its parts, each from 0 to 1; the score from 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Score.
    pub value: f64,
    /// Economy.
    pub economy: f64,
    /// Climate.
    pub climate: f64,
    /// Virgin and landfilled tonnes.
    pub resource: f64,
    /// Technical ease.
    pub technical: f64,
    /// Regulatory ease.
    pub regulatory: f64,
    /// Locality.
    pub locality: f64,
}

/// Next best for one party if this proposal fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// For whom: the giver's flow or the taker's.
    pub party: FlowKey,
    /// The other pair; `None` = today's outlet or supply.
    pub pair: Option<PairKey>,
    /// What is lost per year against this proposal, at mid values.
    pub loss: Money,
}

/// A link worth a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Rank, from 1.
    pub rank: u32,
    /// Pair.
    pub pair: PairKey,
    /// Plan it belongs to.
    pub plan: PlanKind,
    /// State.
    pub state: PairState,
    /// Whether both ends already declare each other: nothing to gain, shown so that it is not lost.
    pub existing: bool,
    /// Whether one end is no declaration but a suggestion of its sector profile: estimated, ranked
    /// below, never to be published as declared.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suggested: bool,
    /// Odds the value was discounted by; 1 in the firm plan.
    pub odds: f64,
    /// Label of the rule.
    pub rule_label: Text,
    /// Evidence of the rule.
    pub evidence: Vec<EvidenceId>,
    /// Confidence of the rule, 1 to 3, capped by the recognition.
    pub confidence: u8,
    /// Remarks of the rule, to be read.
    pub notes: Vec<String>,
    /// How the output was recognised.
    pub output_recognised: Recognition,
    /// How the input was recognised.
    pub input_recognised: Recognition,
    /// Unit of the output.
    pub sent_unit: Unit,
    /// Unit of the need.
    pub received_unit: Unit,
    /// Sent per year, in donor units.
    pub sent: Amount,
    /// Sent by month, January first.
    pub sent_monthly: [Amount; 12],
    /// Need covered per year at the mid ratio, in need units.
    pub received: Amount,
    /// Substitution ratio.
    pub ratio: Interval<Ratio>,
    /// Conditions of the rule.
    pub conditions: Vec<ConditionResult>,
    /// Treatment chain, in order.
    pub treatment: Vec<TreatmentStep>,
    /// Distance.
    pub distance: DistanceFinding,
    /// Money.
    pub economics: Economics,
    /// Carbon.
    pub carbon: CarbonBalance,
    /// Tonnes of virgin supply avoided per year, when the need is counted in tonnes.
    pub virgin_avoided: Option<Amount>,
    /// Legal flags.
    pub flags: Vec<LegalFlag>,
    /// What is not known, most useful first.
    pub unknowns: Vec<Unknown>,
    /// Score.
    pub score: Score,
    /// Next best for each party, for the first fifty.
    pub alternatives: Vec<Alternative>,
    /// Two or three sentences to read out.
    pub summary: Text,
}

/// A question that would let a flow be matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Name of the question, when an answer can be given to it; else the sheet is to be completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The flow.
    pub flow: FlowKey,
    /// The question.
    pub text: Text,
    /// Answers to choose from: keys of the catalogue with their labels.
    pub candidates: Vec<(String, Text)>,
}

/// Where the declared units of a flow go, in its own unit.
///
/// Output: `declared = exchanged + rest`; input: `declared = exchanged + rest` too, `exchanged`
/// being what was received. By month the change of the stock comes in: for an output
/// `declared = exchanged + rest + stock - stock before`, for an input
/// `declared = exchanged + rest + stock before - stock`. A lot is accounted for as a whole, its
/// amount and its rest standing in the first month of its window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The flow.
    pub flow: FlowKey,
    /// Plan.
    pub plan: PlanKind,
    /// Its unit.
    pub unit: Unit,
    /// Declared per year.
    pub declared: Amount,
    /// Sent to or received from exchanges.
    pub exchanged: Amount,
    /// Left to the present outlet or supply.
    pub rest: Amount,
    /// The same by month, January first; `None` for a flow that no exchange touches.
    pub monthly: Option<MonthlyAccount>,
}

/// The months of an account, January first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthlyAccount {
    /// Declared.
    pub declared: [Amount; 12],
    /// Sent or received.
    pub exchanged: [Amount; 12],
    /// Left to the present outlet or supply.
    pub rest: [Amount; 12],
    /// Stock at the end of the month.
    pub stock: [Amount; 12],
}

/// Structure of the zone's exchanges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkSummary {
    /// Sites with at least one link.
    pub linked_sites: u32,
    /// Connected groups of linked sites.
    pub groups: u32,
    /// Sites of the largest group.
    pub largest_group: u32,
    /// Sites whose departure would cost most, with the gain of the links they hold.
    pub keystones: Vec<Keystone>,
}

/// A site that holds links together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Keystone {
    /// Site.
    pub site: SiteKey,
    /// Links it takes part in.
    pub links: u32,
    /// Gain of those links per year, at mid values.
    pub gain: Money,
    /// Whether its departure splits a group.
    pub splits: bool,
}
