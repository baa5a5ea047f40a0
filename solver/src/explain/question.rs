//! Questions to firms: what a flow is, where a site is, what a lead still needs.

use boucle_domain::answer::QuestionId;
use boucle_domain::flow::{Flow, Identity};
use boucle_domain::id::{Direction, WasteCode, normalised};
use boucle_domain::knowledge::Knowledge;
use boucle_domain::organisation::Site;
use boucle_domain::property::PropertyValue;
use boucle_domain::text::Text;
use boucle_recognise::Recognition;

use super::names::{donor_label, own_words, resource_label};
use super::texts::{same, say};
use super::{numbers, properties};
use crate::answer::Question;
use crate::candidates::pair::Missing;

/// What to ask about a flow that is not recognised; `None` for one that is, and for a waste the
/// catalogue knows to have no exchange.
///
/// Answers to choose from come with the words they share with the flow's name first, then in the
/// order of their labels.
pub(crate) fn for_flow(flow: &Flow, knowledge: &Knowledge) -> Option<Question> {
    if flow.identity != Identity::Unrecognised {
        return None;
    }
    let named = knowledge.recognise_label(&flow.name, flow.key.direction);
    let of_code = match (&flow.waste_code, flow.key.direction) {
        (Some(code), Direction::Output) => Some((code, knowledge.donors_with_code(code))),
        _ => None,
    };
    let label = ("flow", own_words(flow));
    if named.len() > 1 {
        let candidates = ordered(
            &flow.name,
            named.iter().filter_map(|one| entry(one, knowledge)),
        );
        let count = ("count", numbers::count(candidates.len()));
        return Some(question(
            flow,
            say("question.name_many", &[label, count]),
            candidates,
        ));
    }
    let Some((code, donors)) = of_code else {
        let text = match flow.key.direction {
            Direction::Output => say("question.name_none", &[label]),
            Direction::Input => say("question.need_none", &[label]),
        };
        return Some(question(flow, text, Vec::new()));
    };
    // No rule lists the code: whatever the material, there is nothing to propose.
    if knowledge.outlet_reason(code).is_some() {
        return None;
    }
    let donors = donors.iter().cloned().map(Identity::Donor);
    let candidates = ordered(&flow.name, donors.filter_map(|one| entry(&one, knowledge)));
    let written = ("code", spaced(code));
    let text = match candidates.as_slice() {
        [] => say("question.code_none", &[label, written]),
        [(_, only)] => say(
            "question.code_one",
            &[label, written, ("material", only.clone())],
        ),
        several => {
            let count = ("count", numbers::count(several.len()));
            say("question.code_many", &[label, written, count])
        }
    };
    Some(question(flow, text, candidates))
}

/// What the words of a flow leave open, with the answers to choose from.
pub(crate) fn about_words(flow: &Flow, read: &Recognition) -> Question {
    let candidates = read.candidates.iter().filter_map(|candidate| {
        let key = match &candidate.key {
            Identity::Donor(key) => key.to_string(),
            Identity::Resource(key) => key.to_string(),
            Identity::Unrecognised => return None,
        };
        Some((key, candidate.label.clone()))
    });
    question(flow, read.question.clone(), candidates.collect())
}

/// Where a site is, asked under a flow of it; `None` when that is known.
pub(crate) fn for_position(flow: &Flow, site: &Site) -> Option<Question> {
    if site.position.is_some() {
        return None;
    }
    let name = site.name.trim();
    let text = if name.is_empty() {
        say("question.position_of", &[("flow", own_words(flow))])
    } else {
        say("question.position", &[("site", same(name))])
    };
    Some(question(flow, text, Vec::new()))
}

/// What to ask so that a lead becomes firm.
pub(crate) fn for_missing(
    missing: &Missing,
    giver: &Flow,
    taker: &Flow,
    knowledge: &Knowledge,
) -> Text {
    match missing {
        Missing::Condition(condition) => {
            let declared = properties::demand(condition)
                .and_then(|demand| giver.properties.get(&demand.condition.property))
                .map(|property| &property.value);
            for_condition(condition, declared)
        }
        Missing::NeedPrecision { offered, wanted } => say(
            "question.precise_need",
            &[
                ("offered", resource_label(offered, knowledge)),
                ("wanted", resource_label(wanted, knowledge)),
            ],
        ),
        Missing::Hazard => say("question.hazard", &[("flow", own_words(giver))]),
        Missing::Identity { flow, read_as } => {
            let of = if *flow == giver.key { giver } else { taker };
            let material = entry(read_as, knowledge).map_or_else(Text::default, |(_, label)| label);
            say(
                "question.is_it",
                &[("flow", own_words(of)), ("material", material)],
            )
        }
        Missing::Suggested(key) => {
            let flow = if *key == giver.key { giver } else { taker };
            say("question.suggested", &[("flow", own_words(flow))])
        }
        Missing::OutletPrice => say("question.outlet_price", &priced(giver)),
        Missing::SupplyPrice => say("question.supply_price", &priced(taker)),
    }
}

/// The name of the question that settles what is missing; `None` where the sheet says it.
pub(crate) fn id_of(missing: &Missing, giver: &Flow) -> Option<String> {
    let question = match missing {
        Missing::Condition(condition) => {
            let demand = properties::demand(condition)?;
            QuestionId::Property(giver.key.clone(), demand.condition.property)
        }
        Missing::Hazard => QuestionId::Hazardous(giver.key.clone()),
        Missing::Identity { flow, .. } => QuestionId::Identity(flow.clone()),
        Missing::Suggested(flow) => QuestionId::Exists(flow.clone()),
        Missing::NeedPrecision { .. } | Missing::OutletPrice | Missing::SupplyPrice => return None,
    };
    Some(question.to_string())
}

/// What to ask about a condition whose outcome is not known, from what was declared so far.
pub(crate) fn for_condition(condition: &str, declared: Option<&PropertyValue>) -> Text {
    let Some(demand) = properties::demand(condition) else {
        return say("question.unread", &[("condition", same(condition))]);
    };
    let property = &demand.property;
    if let Some(PropertyValue::Number(range)) = declared {
        let values = [
            ("property", property.label.clone()),
            ("low", numbers::value(range.low())),
            (
                "high",
                numbers::with_unit(&numbers::value(range.high()), &property.unit),
            ),
            ("limit", demand.limit),
        ];
        return if property.feminine {
            say("question.straddles_f", &values)
        } else {
            say("question.straddles_m", &values)
        };
    }
    let label = if property.unit.fr.is_empty() {
        property.label.clone()
    } else {
        say(
            "question.with_unit",
            &[
                ("property", property.label.clone()),
                ("unit", property.unit.clone()),
            ],
        )
    };
    // The unit is in the question: the limit is said without it.
    let values = [("property", label), ("limit", demand.bare_limit)];
    if property.feminine {
        say("question.what_is_f", &values)
    } else {
        say("question.what_is_m", &values)
    }
}

fn priced(flow: &Flow) -> [(&'static str, Text); 2] {
    [
        ("flow", own_words(flow)),
        ("unit", numbers::euros_per(flow.unit)),
    ]
}

fn question(flow: &Flow, text: Text, candidates: Vec<(String, Text)>) -> Question {
    let identity = flow.identity == Identity::Unrecognised;
    Question {
        id: identity.then(|| QuestionId::Identity(flow.key.clone()).to_string()),
        flow: flow.key.clone(),
        text,
        candidates,
    }
}

fn entry(identity: &Identity, knowledge: &Knowledge) -> Option<(String, Text)> {
    match identity {
        Identity::Donor(key) => Some((key.to_string(), donor_label(key, knowledge))),
        Identity::Resource(key) => Some((key.to_string(), resource_label(key, knowledge))),
        Identity::Unrecognised => None,
    }
}

/// Those that share most words with the name first, then by label and key.
fn ordered(name: &str, entries: impl Iterator<Item = (String, Text)>) -> Vec<(String, Text)> {
    let name = normalised(name);
    let words: Vec<&str> = name.split('-').filter(|word| word.len() > 3).collect();
    let mut ordered: Vec<_> = entries
        .map(|(key, label)| {
            let known = format!("{}-{}", normalised(&label.fr), normalised(&label.en));
            let shared = words.iter().filter(|word| known.contains(**word)).count();
            (std::cmp::Reverse(shared), normalised(&label.fr), key, label)
        })
        .collect();
    ordered.sort_by(|a, b| (&a.0, &a.1, &a.2).cmp(&(&b.0, &b.1, &b.2)));
    ordered
        .into_iter()
        .map(|(_, _, key, label)| (key, label))
        .collect()
}

/// A code as people write it: `10 02 11*`.
fn spaced(code: &WasteCode) -> Text {
    let digits = code.digits();
    let star = if code.is_hazardous() { "*" } else { "" };
    match (digits.get(..2), digits.get(2..4), digits.get(4..)) {
        (Some(chapter), Some(section), Some(entry)) => {
            same(format!("{chapter} {section} {entry}{star}"))
        }
        _ => same(code.as_str()),
    }
}

#[cfg(test)]
mod tests;
