//! Why a flow or a pair was left out, in words, with the number that decided.

use boucle_domain::id::{Direction, FlowKey, PairKey, SiteKey};
use boucle_domain::text::Text;
use boucle_domain::units::{Amount, Distance, Money, Price, Unit};

use super::names::Names;
use super::texts::{
    all_of, any_of, capitalised, same, say, sentences, uncapitalised, undotted, word,
};
use super::{numbers, properties};
use crate::answer::Reason;

mod nearness;

pub(crate) use nearness::nearness;

/// How many names a list says before it counts the others.
const NAMED: usize = 4;

/// Name of the kind of a reason, under which rejections are counted.
pub(crate) fn kind(reason: &Reason) -> &'static str {
    match reason {
        Reason::Unrecognised => "unrecognised",
        Reason::NoExchangeKnown { .. } => "no_exchange_known",
        Reason::OtherCarrier => "other_carrier",
        Reason::NoRule => "no_rule",
        Reason::NoCounterpart { .. } => "no_counterpart",
        Reason::SameSite => "same_site",
        Reason::NeedTooPrecise { .. } => "need_too_precise",
        Reason::UnitMismatch { .. } => "unit_mismatch",
        Reason::TooFar { .. } => "too_far",
        Reason::BeyondBreakEven { .. } => "beyond_break_even",
        Reason::ConditionFailed { .. } => "condition_failed",
        Reason::Blocked { .. } => "blocked",
        Reason::NoCommonPeriod => "no_common_period",
        Reason::NotWorthTheLink { .. } => "not_worth_the_link",
        Reason::BelowMinimumLot { .. } => "below_minimum_lot",
        Reason::Forbidden { .. } => "forbidden",
        Reason::Engaged { .. } => "engaged",
        Reason::Beaten { .. } => "beaten",
        Reason::NoPosition => "no_position",
        Reason::Crowded { .. } => "crowded",
        Reason::NoPrice => "no_price",
    }
}

/// The reason in words, with the party at the other end if there is one.
///
/// `flow` is the flow the rejection is listed under, of either direction; amounts of the reason are
/// in the unit of the output.
pub(crate) fn text(
    reason: &Reason,
    flow: &FlowKey,
    other: Option<&FlowKey>,
    names: &Names,
) -> Text {
    let told = Why { flow, other, names };
    let mut why = told.text(reason);
    if matches!(
        reason,
        Reason::BeyondBreakEven { .. } | Reason::NotWorthTheLink { .. }
    ) {
        why = sentences(&[why, told.today_stays(reason)]);
    }
    match other {
        Some(other) => say(
            "rejection.with",
            &[
                ("party", names.party(&other.site)),
                ("flow", names.flow_label(other)),
                ("reason", why),
            ],
        ),
        None => capitalised(why),
    }
}

/// A rejection and the words it may use.
struct Why<'a> {
    flow: &'a FlowKey,
    other: Option<&'a FlowKey>,
    names: &'a Names<'a>,
}

impl Why<'_> {
    fn text(&self, reason: &Reason) -> Text {
        match reason {
            Reason::Unrecognised => say("rejection.unrecognised", &[("flow", self.own())]),
            Reason::NoExchangeKnown {
                why,
                usual_treatment,
            } => self.no_exchange_known(why, usual_treatment),
            Reason::OtherCarrier => say("rejection.other_carrier", &[("flow", self.own())]),
            Reason::NoRule => self.no_rule(),
            Reason::NoCounterpart { wanted } => self.no_counterpart(wanted),
            Reason::SameSite => word("rejection.same_site"),
            Reason::NeedTooPrecise { offered, wanted } => say(
                "rejection.need_too_precise",
                &[
                    ("offered", self.names.resource_label(offered)),
                    ("wanted", self.names.resource_label(wanted)),
                ],
            ),
            Reason::UnitMismatch { rule, flow } => self.unit_mismatch(*rule, *flow),
            Reason::TooFar { distance, limit } => self.too_far(*distance, *limit),
            Reason::BeyondBreakEven {
                distance,
                break_even,
                ..
            } => beyond_break_even(*distance, *break_even),
            Reason::ConditionFailed { result, failures } => condition_failed(
                properties::failure(&result.condition, result.declared.as_ref()),
                *failures,
            ),
            Reason::Blocked {
                label, next_act, ..
            } => say(
                "rejection.blocked",
                &[
                    ("label", uncapitalised(&undotted(label))),
                    ("act", uncapitalised(&undotted(next_act))),
                ],
            ),
            Reason::NoCommonPeriod => self.no_common_period(),
            Reason::NotWorthTheLink { gain, link } => not_worth_the_link(*gain, *link),
            Reason::BelowMinimumLot { possible, lot } => self.below_minimum_lot(*possible, *lot),
            Reason::Forbidden { reason } if reason.trim().is_empty() => word("rejection.forbidden"),
            Reason::Forbidden { reason } => {
                let reason = same(reason.trim());
                say("rejection.forbidden_because", &[("reason", reason)])
            }
            Reason::Engaged { partner } => self.engaged(partner),
            Reason::Beaten { by, loss } => self.beaten(by, *loss),
            Reason::NoPosition => say("rejection.no_position", &[("site", self.lost_site())]),
            Reason::Crowded { kept: 1 } => word("rejection.crowded_by_one"),
            Reason::Crowded { kept } => say(
                "rejection.crowded",
                &[("kept", numbers::count(*kept as usize))],
            ),
            Reason::NoPrice => self.no_price(),
        }
    }

    /// The flow the rejection is listed under, in its firm's words.
    fn own(&self) -> Text {
        self.names.flow_label(self.flow)
    }

    /// The output of the pair.
    fn output(&self) -> &FlowKey {
        match (self.flow.direction, self.other) {
            (Direction::Input, Some(other)) => other,
            _ => self.flow,
        }
    }

    /// Both ends, or the one there is.
    fn ends(&self) -> impl Iterator<Item = &FlowKey> {
        std::iter::once(self.flow).chain(self.other)
    }

    fn no_exchange_known(&self, why: &Text, usual_treatment: &str) -> Text {
        let codes: Vec<Text> = usual_treatment
            .split(|c: char| !c.is_alphanumeric())
            .filter(|code| !code.is_empty())
            .enumerate()
            .map(|(at, code)| match self.names.knowledge.operation(code) {
                // The most usual one in words, which are long; the catalogue has them in French only.
                Some(operation) if at == 0 => Text::new(
                    format!(
                        "{} ({})",
                        uncapitalised(&same(&*operation.label)).fr,
                        operation.code
                    ),
                    &*operation.code,
                ),
                _ => same(code),
            })
            .collect();
        let known = say(
            "rejection.no_exchange_known",
            &[("why", uncapitalised(&undotted(why)))],
        );
        if codes.is_empty() {
            return known;
        }
        let usual = say(
            "rejection.usual_treatment",
            &[("treatment", any_of(&codes))],
        );
        sentences(&[known, usual])
    }

    fn no_rule(&self) -> Text {
        let resource = self.names.identity_label(self.flow);
        match self.flow.direction {
            Direction::Output => say("rejection.no_rule_from", &[("resource", resource)]),
            Direction::Input => say("rejection.no_rule_to", &[("resource", resource)]),
        }
    }

    fn no_counterpart(&self, wanted: &[String]) -> Text {
        if wanted.is_empty() {
            return word("rejection.no_counterpart");
        }
        let wanted: Vec<Text> = wanted
            .iter()
            .map(|key| quoted(self.names.label(key)))
            .collect();
        let wanted = ("wanted", counted(&wanted));
        match self.flow.direction {
            Direction::Output => say("rejection.no_taker", &[wanted]),
            Direction::Input => say("rejection.no_giver", &[wanted]),
        }
    }

    fn too_far(&self, distance: Distance, limit: Distance) -> Text {
        let (far, stop) = numbers::distance_pair(distance, limit);
        let values = [
            ("distance", far),
            ("limit", stop),
            ("excess", numbers::distance(distance - limit)),
        ];
        // The limit is a firm's if that firm declared it, else the rule's.
        let firm = self.ends().find(|end| {
            self.names
                .flow(end)
                .is_some_and(|flow| flow.maximum_distance == Some(limit))
        });
        match firm {
            Some(end) => {
                let [distance, limit, excess] = values;
                let firm = ("firm", self.names.party(&end.site));
                say(
                    "rejection.too_far_for_firm",
                    &[distance, limit, excess, firm],
                )
            }
            None => say("rejection.too_far", &values),
        }
    }

    fn unit_mismatch(&self, rule: Unit, flow: Unit) -> Text {
        let either = |a, b| (rule == a && flow == b) || (rule == b && flow == a);
        let remedy = if either(Unit::Tonne, Unit::CubicMetre) {
            word("rejection.give_density")
        } else if either(Unit::Tonne, Unit::MegawattHour) {
            word("rejection.give_heating_value")
        } else {
            let unit = numbers::unit_name(rule, true);
            say("rejection.give_unit", &[("unit", unit)])
        };
        let counted_so = |end: &&FlowKey| {
            let declared = self.names.flow(end);
            declared.is_some_and(|declared| declared.unit == flow)
        };
        let end = self.ends().find(counted_so).unwrap_or(self.flow);
        let mismatch = say(
            "rejection.unit_mismatch",
            &[
                ("flow", self.names.flow_label(end)),
                ("rule", numbers::unit_name(rule, true)),
                ("unit", numbers::unit_name(flow, true)),
            ],
        );
        sentences(&[mismatch, remedy])
    }

    fn no_common_period(&self) -> Text {
        let seasons: Vec<Text> = self
            .ends()
            .filter_map(|end| self.names.season(end))
            .collect();
        match seasons.as_slice() {
            [first, second] => say(
                "rejection.no_common_period_of",
                &[("first", first.clone()), ("second", second.clone())],
            ),
            _ => word("rejection.no_common_period"),
        }
    }

    fn below_minimum_lot(&self, possible: Amount, lot: Amount) -> Text {
        let output = self.output();
        let unit = self
            .names
            .flow(output)
            .map_or(Unit::Tonne, |flow| flow.unit);
        let (at_most, least) = numbers::yearly_pair(possible, lot, unit);
        say(
            "rejection.below_minimum_lot",
            &[
                ("possible", at_most),
                ("lot", least),
                ("gap", numbers::yearly(lot - possible, unit)),
            ],
        )
    }

    fn engaged(&self, partner: &SiteKey) -> Text {
        let end = self
            .ends()
            .find(|end| {
                self.names
                    .flow(end)
                    .is_some_and(|flow| flow.present.partner.as_ref() == Some(partner))
            })
            .unwrap_or(self.flow);
        let values = [
            ("flow", self.names.flow_label(end)),
            ("partner", self.names.party(partner)),
        ];
        match end.direction {
            Direction::Output => say("rejection.engaged_output", &values),
            Direction::Input => say("rejection.engaged_input", &values),
        }
    }

    fn beaten(&self, by: &[PairKey], loss: Option<Money>) -> Text {
        let instead: Vec<Text> = by.iter().map(|pair| self.pair(pair)).collect();
        let beaten = match instead.as_slice() {
            [] => word("rejection.beaten"),
            [_] if self.joins(&by[0]) => say("rejection.better_way", &[("way", self.way(&by[0]))]),
            [first, second, others @ ..] if others.len() > 1 => {
                let more = numbers::count(others.len());
                let more = say("list.other_exchanges", &[("count", more)]);
                let by = all_of(&[first.clone(), second.clone(), more]);
                say("rejection.beaten_by", &[("by", by)])
            }
            few => say("rejection.beaten_by", &[("by", all_of(few))]),
        };
        let forcing = match loss {
            Some(loss) if loss > Money::ZERO => {
                say("rejection.forcing_costs", &[("loss", numbers::money(loss))])
            }
            Some(_) => word("rejection.forcing_is_free"),
            None => Text::default(),
        };
        sentences(&[beaten, forcing])
    }

    /// Whether a pair joins the two flows the rejection is about.
    fn joins(&self, pair: &PairKey) -> bool {
        let ends = [Some(self.flow), self.other];
        ends.contains(&Some(&pair.output)) && ends.contains(&Some(&pair.input))
    }

    /// The pathway of a pair, as its rule names it.
    fn way(&self, pair: &PairKey) -> Text {
        let rule = self.names.knowledge.rule(&pair.rule);
        rule.map_or_else(|| same(pair.rule.as_str()), |rule| rule.label.clone())
    }

    fn pair(&self, pair: &PairKey) -> Text {
        say(
            "rejection.goes_to",
            &[
                ("flow", self.names.flow_label(&pair.output)),
                ("giver", self.names.party(&pair.output.site)),
                ("taker", self.names.party(&pair.input.site)),
            ],
        )
    }

    /// The site without a position; the one of the flow when neither or both have one.
    fn lost_site(&self) -> Text {
        let lost = self.ends().find(|end| {
            let site = self.names.snapshot.site(&end.site);
            site.is_some_and(|site| site.position.is_none())
        });
        same(self.names.site_label(&lost.unwrap_or(self.flow).site))
    }

    fn no_price(&self) -> Text {
        let end = self
            .ends()
            .find(|end| {
                self.names
                    .flow(end)
                    .is_some_and(|flow| flow.present.avoidable_price.is_none())
            })
            .unwrap_or(self.flow);
        let flow = ("flow", self.names.flow_label(end));
        match end.direction {
            Direction::Output => say("rejection.no_outlet_price", &[flow]),
            Direction::Input => say("rejection.no_supply_price", &[flow]),
        }
    }
}

impl Why<'_> {
    /// What both ends do today, which stays cheaper than the pair.
    fn today_stays(&self, reason: &Reason) -> Text {
        let ends = [Some(self.flow), self.other].into_iter().flatten();
        let labels: Vec<Text> = ends
            .filter_map(|key| self.names.flow(key))
            .map(|flow| flow.present.label.trim())
            .filter(|label| !label.is_empty())
            .map(same)
            .collect();
        let today = if labels.is_empty() {
            word("rejection.today")
        } else {
            say("rejection.today_named", &[("today", all_of(&labels))])
        };
        match reason {
            Reason::BeyondBreakEven { loss, .. } if *loss > Price::ZERO => say(
                "rejection.today_stays_by",
                &[("today", today), ("loss", self.price_of_output(*loss))],
            ),
            _ => say("rejection.today_stays", &[("today", today)]),
        }
    }

    /// A price per unit of the output of the pair.
    fn price_of_output(&self, price: Price) -> Text {
        let ends = [Some(self.flow), self.other].into_iter().flatten();
        let output = ends
            .filter(|key| key.direction == Direction::Output)
            .find_map(|key| self.names.flow(key));
        numbers::price(price, output.map_or(Unit::Tonne, |flow| flow.unit))
    }
}

fn beyond_break_even(distance: Distance, break_even: Distance) -> Text {
    if break_even == Distance::ZERO {
        let distance = numbers::distance(distance);
        return say("rejection.never_breaks_even", &[("distance", distance)]);
    }
    if break_even >= distance {
        let distance = numbers::distance(distance);
        return say("rejection.at_break_even", &[("distance", distance)]);
    }
    let (far, even) = numbers::distance_pair(distance, break_even);
    say(
        "rejection.beyond_break_even",
        &[
            ("distance", far),
            ("break_even", even),
            ("excess", numbers::distance(distance - break_even)),
        ],
    )
}

fn condition_failed(failure: Text, failures: u32) -> Text {
    let failed = say("rejection.condition_failed", &[("failure", failure)]);
    let others = match failures.saturating_sub(1) {
        0 => Text::default(),
        1 => word("rejection.one_more_condition"),
        more => {
            let more = numbers::count(more as usize);
            say("rejection.more_conditions", &[("count", more)])
        }
    };
    sentences(&[failed, others])
}

fn not_worth_the_link(gain: Money, link: Money) -> Text {
    if gain < Money::ZERO {
        return say(
            "rejection.loses_before_the_link",
            &[
                ("loss", numbers::money(-gain)),
                ("link", numbers::money(link)),
            ],
        );
    }
    let (earned, cost) = numbers::money_pair(gain, link);
    if gain >= link {
        // What is still to be checked discounts the gain below the cost of the link.
        return say("rejection.too_unsure", &[("gain", earned), ("link", cost)]);
    }
    say(
        "rejection.not_worth_the_link",
        &[
            ("gain", earned),
            ("link", cost),
            ("gap", numbers::money(link - gain)),
        ],
    )
}

fn quoted(text: Text) -> Text {
    say("list.quoted", &[("text", text)])
}

/// `a, b ou c`, or the first ones and how many more there are.
fn counted(texts: &[Text]) -> Text {
    if texts.len() <= NAMED + 1 {
        return any_of(texts);
    }
    let mut named = texts[..NAMED].to_vec();
    let more = numbers::count(texts.len() - NAMED);
    named.push(say("list.others", &[("count", more)]));
    any_of(&named)
}

#[cfg(test)]
mod tests;
