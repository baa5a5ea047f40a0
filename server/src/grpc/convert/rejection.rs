//! What was left out, explanations of pairs, and the network.

use boucle_domain::id::FlowKey;
use boucle_domain::text::Text;
use boucle_domain::units::{Amount, Unit};
use boucle_proto::v1;
use boucle_proto::v1::ReasonKind;
use boucle_proto::v1::reason::Detail;
use boucle_solver::PairExplanation;
use boucle_solver::answer::{Account, Reason, Rejection};

use super::flow::{flow_key, pair_key};
use super::proposal::{carbon, condition, distance, economics, flag, pair_state};
use super::quantity::{money, quantity, text};
use super::run::plan_kind;
use crate::app::explain::{LeftOut, Network};
use crate::app::sight::Reader;

/// The rejections of a flow, for a reader who may know of it.
pub fn flow_rejections(reader: &Reader, left_out: &LeftOut) -> v1::FlowRejections {
    let rejections = &left_out.rejections;
    let known = |rejection: &&Rejection| {
        rejection
            .other
            .as_ref()
            .is_none_or(|other| reader.sees(other))
    };
    v1::FlowRejections {
        flow: Some(flow_key(&rejections.flow)),
        flow_name: reader
            .snapshot()
            .flow(&rejections.flow)
            .map(|flow| flow.name.clone())
            .unwrap_or_default(),
        nearest: rejections
            .nearest
            .iter()
            .filter(known)
            .map(|one| rejection(reader, one))
            .collect(),
        counts: rejections.counts.clone().into_iter().collect(),
        accounts: left_out.accounts.iter().map(account).collect(),
    }
}

fn rejection(reader: &Reader, rejection: &Rejection) -> v1::Rejection {
    v1::Rejection {
        other: rejection.other.as_ref().map(flow_key),
        rule: rejection
            .rule
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        reason: Some(reason(reader, &rejection.reason)),
        text: tells_all(reader, &rejection.reason).then(|| text(&rejection.text)),
    }
}

fn account(account: &Account) -> v1::Account {
    v1::Account {
        plan: plan_kind(account.plan).into(),
        declared: Some(quantity(account.declared, account.unit)),
        exchanged: Some(quantity(account.exchanged, account.unit)),
        rest: Some(quantity(account.rest, account.unit)),
        monthly: account.monthly.as_ref().map(|monthly| v1::MonthlyAccount {
            declared: months(&monthly.declared),
            exchanged: months(&monthly.exchanged),
            rest: months(&monthly.rest),
            stock: months(&monthly.stock),
        }),
    }
}

fn months(amounts: &[Amount; 12]) -> Vec<f64> {
    amounts.iter().map(|amount| amount.units()).collect()
}

/// Whether a reader may know the number behind a reason. Those that speak of money are for the ones
/// who see both sides, and so is what the animator wrote down for himself.
fn tells_all(reader: &Reader, reason: &Reason) -> bool {
    let guarded = matches!(
        reason,
        Reason::BeyondBreakEven { .. }
            | Reason::NotWorthTheLink { .. }
            | Reason::Beaten { .. }
            | Reason::Forbidden { .. }
            | Reason::Engaged { .. }
    );
    !guarded || reader.viewer().sees_both_sides()
}

/// A reason.
fn reason(reader: &Reader, reason: &Reason) -> v1::Reason {
    let excess = |distance: &boucle_domain::units::Distance,
                  limit: &boucle_domain::units::Distance| {
        Some(Detail::DistanceExcess(v1::DistanceExcess {
            distance_km: distance.kilometres(),
            limit_km: limit.kilometres(),
        }))
    };
    let (kind, detail) = match reason {
        Reason::Unrecognised => (ReasonKind::Unrecognised, None),
        Reason::NoExchangeKnown {
            why,
            usual_treatment,
        } => (
            ReasonKind::NoExchangeKnown,
            Some(Detail::NoExchangeKnown(v1::NoExchangeKnown {
                why: Some(text(why)),
                usual_treatment: usual_treatment.clone(),
            })),
        ),
        Reason::OtherCarrier => (ReasonKind::OtherCarrier, None),
        Reason::NoRule => (ReasonKind::NoRule, None),
        Reason::NoCounterpart { wanted } => (
            ReasonKind::NoCounterpart,
            Some(Detail::NoCounterpart(v1::NoCounterpart {
                wanted: wanted.clone(),
            })),
        ),
        Reason::SameSite => (ReasonKind::SameSite, None),
        Reason::NeedTooPrecise { offered, wanted } => (
            ReasonKind::NeedTooPrecise,
            Some(Detail::NeedTooPrecise(v1::NeedTooPrecise {
                offered: offered.to_string(),
                wanted: wanted.to_string(),
            })),
        ),
        Reason::UnitMismatch { rule, flow } => (
            ReasonKind::UnitMismatch,
            Some(Detail::UnitMismatch(v1::UnitMismatch {
                rule: rule.code().to_owned(),
                flow: flow.code().to_owned(),
            })),
        ),
        Reason::TooFar { distance, limit } => (ReasonKind::TooFar, excess(distance, limit)),
        Reason::BeyondBreakEven {
            distance,
            break_even,
            ..
        } => (ReasonKind::BeyondBreakEven, excess(distance, break_even)),
        Reason::ConditionFailed { result, failures } => (
            ReasonKind::ConditionFailed,
            Some(Detail::ConditionFailed(v1::ConditionFailed {
                result: Some(condition(result)),
                failures: *failures,
            })),
        ),
        Reason::Blocked {
            flag,
            label,
            next_act,
        } => (
            ReasonKind::Blocked,
            Some(Detail::Blocked(v1::BlockedBy {
                flag: flag.to_string(),
                label: Some(text(label)),
                next_act: Some(text(next_act)),
            })),
        ),
        Reason::NoCommonPeriod => (ReasonKind::NoCommonPeriod, None),
        Reason::NotWorthTheLink { gain, link } => (
            ReasonKind::NotWorthTheLink,
            Some(Detail::NotWorthTheLink(v1::NotWorthTheLink {
                gain: Some(money(*gain)),
                link: Some(money(*link)),
            })),
        ),
        Reason::BelowMinimumLot { possible, lot } => (
            ReasonKind::BelowMinimumLot,
            Some(Detail::BelowMinimumLot(v1::BelowMinimumLot {
                possible: possible.units(),
                lot: lot.units(),
            })),
        ),
        Reason::Forbidden { reason } => (
            ReasonKind::Forbidden,
            Some(Detail::Forbidden(reason.clone())),
        ),
        Reason::Engaged { partner } => (
            ReasonKind::Engaged,
            Some(Detail::Engaged(partner.to_string())),
        ),
        Reason::Beaten { by, loss } => (
            ReasonKind::Beaten,
            Some(Detail::Beaten(v1::Beaten {
                by: by
                    .iter()
                    .filter(|pair| reader.sees_pair(pair))
                    .map(pair_key)
                    .collect(),
                loss: loss.map(money),
            })),
        ),
        Reason::NoPosition => (ReasonKind::NoPosition, None),
        Reason::Crowded { kept } => (ReasonKind::Crowded, Some(Detail::Crowded(*kept))),
        Reason::NoPrice => (ReasonKind::NoPrice, None),
    };
    v1::Reason {
        kind: kind.into(),
        detail: detail.filter(|_| tells_all(reader, reason)),
    }
}

/// A reason with its words.
fn in_words(reader: &Reader, why: &Reason, words: &Text) -> v1::ReasonInWords {
    v1::ReasonInWords {
        reason: Some(reason(reader, why)),
        text: tells_all(reader, why).then(|| text(words)),
    }
}

/// What one rule says of a pair.
pub fn pair_explanation(
    reader: &Reader,
    output: &FlowKey,
    input: &FlowKey,
    explanation: &PairExplanation,
) -> v1::PairExplanation {
    let mut withheld = Vec::new();
    let unit = reader
        .snapshot()
        .flow(output)
        .map_or(Unit::Tonne, |flow| flow.unit);
    let money = explanation
        .economics
        .as_ref()
        .map(|found| economics(reader, output, input, unit, found, &mut withheld));
    if !reader.viewer().sees_both_sides() {
        withheld.push("distance.break_even_km".to_owned());
    }
    v1::PairExplanation {
        rule: explanation
            .rule
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        state: explanation
            .state
            .map_or(v1::PairState::Unspecified, pair_state)
            .into(),
        conditions: explanation.conditions.iter().map(condition).collect(),
        distance: explanation
            .distance
            .as_ref()
            .map(|found| distance(reader, found)),
        possible: Some(quantity(explanation.possible, unit)),
        economics: money,
        carbon: explanation.carbon.as_ref().map(carbon),
        flags: explanation.flags.iter().map(flag).collect(),
        reasons: explanation
            .reasons
            .iter()
            .map(|(why, words)| in_words(reader, why, words))
            .collect(),
        withheld,
    }
}

/// The network. Its shape as a whole is for those who see both sides of every link.
pub fn network(reader: &Reader, network: &Network) -> v1::Network {
    let whole = reader.viewer().sees_both_sides();
    let summary = &network.answered.outline.network;
    let edges = network.links.iter().map(|link| v1::Edge {
        from: link.proposal.pair.output.site.to_string(),
        to: link.proposal.pair.input.site.to_string(),
        pair: Some(pair_key(&link.proposal.pair)),
        plan: plan_kind(link.proposal.plan).into(),
        sent: Some(quantity(link.proposal.sent, link.proposal.sent_unit)),
    });
    let keystones = summary
        .keystones
        .iter()
        .filter(|_| whole)
        .map(|keystone| v1::Keystone {
            site: keystone.site.to_string(),
            links: keystone.links,
            gain: Some(money(keystone.gain)),
            splits: keystone.splits,
        });
    let hidden: &[&str] = if whole {
        &[]
    } else {
        &["linked_sites", "groups", "largest_group", "keystones"]
    };
    v1::Network {
        edges: edges.collect(),
        linked_sites: if whole { summary.linked_sites } else { 0 },
        groups: if whole { summary.groups } else { 0 },
        largest_group: if whole { summary.largest_group } else { 0 },
        keystones: keystones.collect(),
        withheld: hidden.iter().map(|&name| name.to_owned()).collect(),
    }
}
