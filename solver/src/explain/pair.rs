//! One pair explained in full on demand: what the stored rejections leave out.

use boucle_domain::flow::Identity;
use boucle_domain::id::{Direction, FlowKey, RuleId};
use boucle_domain::interval::Interval;
use boucle_domain::knowledge::{Knowledge, NeedFit};
use boucle_domain::settings::Settings;
use boucle_domain::snapshot::Snapshot;
use boucle_domain::text::Text;
use boucle_domain::units::{Amount, Money};
use serde::{Deserialize, Serialize};

use super::money::{self, Carried};
use super::names::Names;
use super::{proposal, rejection};
use crate::SolveError;
use crate::answer::{
    CarbonBalance, ConditionResult, DistanceFinding, Economics, LegalFlag, PairState, Reason,
};
use crate::candidates::context::Context;
use crate::candidates::offer::Offer;
use crate::candidates::pair::evaluate;
use crate::candidates::screen::terminal;
use crate::exchange::model::{Link, Model};
use crate::legal::{self, Case};
use crate::reading::resource;
use crate::recognise::Read;

/// One pair under one rule, every step shown, the others of the zone left aside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairExplanation {
    /// Rule; `None` when no rule joins the two flows.
    pub rule: Option<RuleId>,
    /// State, when the pair could be evaluated.
    pub state: Option<PairState>,
    /// Conditions with the declared values.
    pub conditions: Vec<ConditionResult>,
    /// Distance.
    pub distance: Option<DistanceFinding>,
    /// Most that could flow per year, in units of the output.
    pub possible: Amount,
    /// Money at that quantity.
    pub economics: Option<Economics>,
    /// Carbon at that quantity.
    pub carbon: Option<CarbonBalance>,
    /// Legal flags.
    pub flags: Vec<LegalFlag>,
    /// Every reason to leave it out, each with its words.
    pub reasons: Vec<(Reason, Text)>,
}

/// Explains a pair under every rule that joins it.
///
/// # Errors
/// [`SolveError::UnknownFlow`] for a flow that is not in the snapshot.
pub fn explain_pair(
    snapshot: &Snapshot,
    knowledge: &Knowledge,
    settings: &Settings,
    output: &FlowKey,
    input: &FlowKey,
) -> Result<Vec<PairExplanation>, SolveError> {
    let read = Read::of(snapshot, knowledge);
    let snapshot: &Snapshot = &read.snapshot;
    let position = |key: &FlowKey, direction: Direction| {
        let found = snapshot.flows().binary_search_by(|flow| flow.key.cmp(key));
        found
            .ok()
            .filter(|_| key.direction == direction)
            .ok_or_else(|| SolveError::UnknownFlow(key.clone()))
    };
    let (from, to) = (
        position(output, Direction::Output)?,
        position(input, Direction::Input)?,
    );
    let context = Context::new(&read, knowledge, settings);
    let names = Names::new(snapshot, knowledge);
    let told = |reason: Reason| {
        let text = rejection::text(&reason, output, Some(input), &names);
        (reason, text)
    };
    let wanted = resource(&snapshot.flows()[to].identity);
    let rules: Vec<_> = match &snapshot.flows()[from].identity {
        Identity::Donor(donor) => knowledge.rules_of_donor(donor).collect(),
        Identity::Resource(key) => knowledge.rules_of_resource(key).collect(),
        Identity::Unrecognised => Vec::new(),
    };
    let joins = |rule: &&boucle_domain::knowledge::Rule| {
        wanted.is_some_and(|wanted| knowledge.need_fit(rule, wanted) != NeedFit::Apart)
    };
    let mut explanations = Vec::new();
    for rule in rules.into_iter().filter(joins) {
        let mut explanation = PairExplanation {
            rule: Some(rule.id.clone()),
            ..none()
        };
        match Offer::new(&context, from, rule) {
            Ok(offer) => {
                let offer = std::sync::Arc::new(offer);
                let evaluation = evaluate(&context, &offer, to);
                explanation.conditions = offer.conditions.clone();
                explanation.reasons = evaluation.reasons.into_iter().map(told).collect();
                if let Some(arc) = evaluation.arc {
                    explanation.state = Some(arc.state);
                    explanation.distance = Some(arc.distance);
                    explanation.flags = legal_flags(&context, &arc, from, to);
                    quantify(&context, &mut explanation, &arc, from, to);
                }
            }
            Err(reason) => explanation.reasons.push(told(reason)),
        }
        explanations.push(explanation);
    }
    if explanations.is_empty() {
        let reason =
            if snapshot.flows()[from].identity == Identity::Unrecognised || wanted.is_none() {
                Reason::Unrecognised
            } else {
                Reason::NoRule
            };
        explanations.push(PairExplanation {
            reasons: vec![told(reason)],
            ..none()
        });
    }
    Ok(explanations)
}

fn legal_flags(
    context: &Context<'_>,
    arc: &crate::candidates::pair::Arc<'_>,
    from: usize,
    to: usize,
) -> Vec<LegalFlag> {
    match (context.reading(from), context.reading(to)) {
        (Some(giver), Some(taker)) => {
            let rule = arc.offer.rule;
            let case = Case::new(context, giver.flow, giver.site, rule, taker.site);
            legal::questions(&case.of_pair(&arc.key))
        }
        _ => Vec::new(),
    }
}

fn none() -> PairExplanation {
    PairExplanation {
        rule: None,
        state: None,
        conditions: Vec::new(),
        distance: None,
        possible: Amount::ZERO,
        economics: None,
        carbon: None,
        flags: Vec::new(),
        reasons: Vec::new(),
    }
}

/// Money and carbon of a pair at the most it could carry, alone in the zone.
fn quantify(
    context: &Context<'_>,
    explanation: &mut PairExplanation,
    arc: &crate::candidates::pair::Arc<'_>,
    from: usize,
    to: usize,
) {
    let (Some(giver), Some(taker)) = (context.reading(from), context.reading(to)) else {
        return;
    };
    let day = context.snapshot.valid_on();
    let model = Model {
        sources: vec![terminal(giver, from, day)],
        sinks: vec![terminal(taker, to, day)],
        ..Model::default()
    };
    let link = Link {
        source: 0,
        sink: 0,
        ratio: arc.money.ratio.mid(),
        cost: arc.money.cost(),
        carbon_cost: Default::default(),
        charge: arc.offer.link.mid(),
        lot: Amount::ZERO,
        forced: Amount::ZERO,
        existing: false,
        odds: 1.0,
        kept: None,
    };
    let sent = model.most(&link);
    let carried = Carried {
        sent,
        received: link.ratio.of(sent),
    };
    let saved = |terminal: &crate::exchange::model::Terminal, amount: Amount| -> Money {
        let all = terminal.yearly();
        crate::exchange::cost::of_rest(terminal, all)
            - crate::exchange::cost::of_rest(terminal, all - amount)
    };
    let prices: Vec<_> = giver
        .defaults
        .iter()
        .chain(&taker.defaults)
        .cloned()
        .collect();
    let quantity: Interval<Amount> = giver.flow.quantity.amount();
    explanation.possible = sent;
    explanation.economics = Some(money::economics(
        arc,
        carried,
        saved(&model.sources[0], sent),
        saved(&model.sinks[0], carried.received),
        quantity,
        &prices,
    ));
    explanation.carbon = Some(proposal::carbon(context, arc, sent));
}
