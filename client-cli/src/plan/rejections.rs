//! What a run left out, and the questions that would change it.

use std::collections::{BTreeMap, BTreeSet};

use boucle_proto::v1;
use boucle_proto::v1::ReasonKind;
use serde_json::json;

use super::View;
use crate::directory::Directory;
use crate::failure::Result;
use crate::findings::{finished, flow_key, written};
use crate::output::{Data, width};
use crate::text::{Language, wrapped};

/// Questions written; the rest is counted.
const QUESTIONS: usize = 15;

/// Writes the questions to put to firms.
pub fn write_questions(view: &View, language: Language, data: &mut Data) -> Result<()> {
    let questions = &view.run.questions;
    if questions.is_empty() {
        return Ok(());
    }
    data.line("")?;
    let heading = language.pick("Questions aux entreprises", "Questions to the firms");
    data.line(&format!("{heading} ({})", questions.len()))?;
    for question in questions.iter().take(QUESTIONS) {
        let flow = question.flow.as_ref();
        let flow = flow.map(|key| view.directory.flow(key)).unwrap_or_default();
        let mut text = language.labelled(&flow, language.of(&question.text));
        if !question.candidates.is_empty() {
            let choices: Vec<String> = question
                .candidates
                .iter()
                .map(|choice| format!("{} [{}]", language.of(&choice.label), choice.key))
                .collect();
            text = format!("{text} {}", choices.join(" | "));
        }
        bullet(&text, data)?;
    }
    more(questions.len(), QUESTIONS, language, data)
}

/// Writes how many pairs were left out and why, which pairs the plan does better than, and what came
/// nearest for flows without a proposal.
pub fn write(view: &View, told: usize, language: Language, data: &mut Data) -> Result<()> {
    write_counts(view, language, data)?;
    if told == 0 {
        return Ok(());
    }
    let beaten = beaten(view, language);
    if !beaten.is_empty() {
        let heading = language.pick(
            "Possible, mais le plan fait mieux",
            "Possible, but the plan does better",
        );
        list(heading, &beaten, told, language, data)?;
    }
    let alone = alone(view, language);
    if !alone.is_empty() {
        let heading = language.pick(
            "Matières sans proposition, et ce qui en a été le plus près",
            "Materials without a proposal, and what came nearest",
        );
        list(heading, &alone, told, language, data)?;
    }
    Ok(())
}

/// Writes how often each reason decided.
fn write_counts(view: &View, language: Language, data: &mut Data) -> Result<()> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (reason, count) in view.flows.iter().flat_map(|flow| &flow.counts) {
        *counts.entry(reason).or_default() += u64::from(*count);
    }
    if counts.is_empty() {
        return Ok(());
    }
    data.line("")?;
    data.line(language.pick(
        "Écarté, vu de chaque flux, par motif",
        "Left out, seen from each flow, by reason",
    ))?;
    let mut counts: Vec<(&str, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|&(reason, count)| (std::cmp::Reverse(count), reason));
    let counts: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{} {count}", reason_of_name(name, language)))
        .collect();
    paragraph(&counts.join(" · "), data)
}

/// Pairs that could be, and that the plan does better than; each once, seen from its output.
fn beaten(view: &View, language: Language) -> Vec<String> {
    let outputs = view.flows.iter().filter_map(|flow| {
        let key = flow.flow.as_ref()?;
        (key.direction() == v1::Direction::Output).then_some((key, flow))
    });
    outputs
        .flat_map(|(key, flow)| {
            let name = view.directory.flow(key);
            let beaten = flow
                .nearest
                .iter()
                .filter(|one| kind(one) == ReasonKind::Beaten);
            beaten
                .map(move |one| language.labelled(&name, &in_words(one, &view.directory, language)))
        })
        .collect()
}

/// Materials of no proposal, with what came nearest. Other carriers are counted only: nothing was
/// tried for them.
fn alone(view: &View, language: Language) -> Vec<String> {
    let proposed: BTreeSet<String> = view
        .proposals
        .iter()
        .filter_map(|proposal| proposal.pair.as_ref())
        .flat_map(|pair| [pair.output.as_ref(), pair.input.as_ref()])
        .flatten()
        .map(flow_key)
        .collect();
    let mut pairs = BTreeSet::new();
    view.flows
        .iter()
        .filter_map(|flow| {
            let key = flow.flow.as_ref()?;
            let nearest = flow.nearest.first()?;
            // A pair that came nearest for both its ends is told once.
            let mut ends = [Some(key), nearest.other.as_ref()].map(|end| end.map(flow_key));
            ends.sort();
            let told = !proposed.contains(&flow_key(key))
                && !matches!(kind(nearest), ReasonKind::OtherCarrier | ReasonKind::Beaten)
                && (nearest.other.is_none() || pairs.insert((ends, &nearest.rule)));
            told.then(|| {
                let text = in_words(nearest, &view.directory, language);
                language.labelled(&view.directory.flow(key), &text)
            })
        })
        .collect()
}

/// Writes the first items of a list under a heading.
fn list(
    heading: &str,
    items: &[String],
    told: usize,
    language: Language,
    data: &mut Data,
) -> Result<()> {
    data.line("")?;
    data.line(&format!("{heading} ({})", items.len()))?;
    for item in items.iter().take(told) {
        bullet(item, data)?;
    }
    more(items.len(), told, language, data)
}

/// Writes all that is known of a flow that was left out, or of what else it could have done.
///
/// # Errors
/// That nobody reads any more.
pub fn write_flow(
    flow: &v1::FlowRejections,
    directory: &Directory,
    language: Language,
    data: &mut Data,
) -> Result<()> {
    let key = flow.flow.clone().unwrap_or_default();
    data.line("")?;
    data.line(&format!("{}  [{}]", directory.flow(&key), flow_key(&key)))?;
    for account in &flow.accounts {
        let declared = account.declared.as_ref();
        let parts = declared
            .zip(account.exchanged.as_ref())
            .zip(account.rest.as_ref());
        if let Some(((declared, exchanged), rest)) = parts {
            let plan = super::header::title(account.plan(), language);
            let plan = plan.split(" (").next().unwrap_or(plan);
            let text = match language {
                Language::Fr => format!(
                    "{plan} : {} déclarés = {} échangés + {} comme aujourd'hui",
                    language.yearly(declared),
                    language.measure(exchanged.value),
                    language.measure(rest.value)
                ),
                Language::En => format!(
                    "{plan}: {} declared = {} exchanged + {} as today",
                    language.yearly(declared),
                    language.measure(exchanged.value),
                    language.measure(rest.value)
                ),
            };
            data.line(&format!("  {text}"))?;
        }
    }
    for rejection in &flow.nearest {
        bullet(&in_words(rejection, directory, language), data)?;
    }
    let mut counts: Vec<(&String, &u32)> = flow.counts.iter().collect();
    counts.sort();
    let counts: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{} {count}", reason_of_name(name, language)))
        .collect();
    if !counts.is_empty() {
        paragraph(&counts.join(" · "), data)?;
    }
    Ok(())
}

/// What was left out as JSON.
///
/// # Errors
/// That nobody reads any more.
pub fn write_flows_json(flows: &[v1::FlowRejections], data: &mut Data) -> Result<()> {
    let flows = flows.iter().map(|flow| {
        let nearest = flow.nearest.iter().map(|rejection| {
            json!({
                "other": rejection.other.as_ref().map(flow_key),
                "rule": rejection.rule,
                "reason": reason_code(rejection),
                "text": rejection.text.as_ref().map(|text| json!({"fr": text.fr, "en": text.en})),
            })
        });
        let counts: BTreeMap<&String, &u32> = flow.counts.iter().collect();
        json!({
            "flow": flow.flow.as_ref().map(flow_key),
            "name": flow.flow_name,
            "nearest": nearest.collect::<Vec<_>>(),
            "counts": counts,
        })
    });
    data.line(&format!("{:#}", json!(flows.collect::<Vec<_>>())))
}

/// What was left out as csv, one row per pair that came near.
///
/// # Errors
/// That nobody reads any more.
pub fn write_flows_sheet(
    flows: &[v1::FlowRejections],
    language: Language,
    data: &mut Data,
) -> Result<()> {
    let mut rows = csv::Writer::from_writer(Vec::new());
    written(rows.write_record(["flow", "name", "other", "rule", "reason", "text"]))?;
    for flow in flows {
        let key = flow.flow.as_ref().map(flow_key).unwrap_or_default();
        for rejection in &flow.nearest {
            let other = rejection.other.as_ref().map(flow_key).unwrap_or_default();
            written(rows.write_record([
                key.as_str(),
                &flow.flow_name,
                &other,
                &rejection.rule,
                &reason_code(rejection),
                language.of(&rejection.text),
            ]))?;
        }
    }
    data.bytes(&finished(rows)?)
}

/// A rejection in words, which name the other side, and the rule.
fn in_words(rejection: &v1::Rejection, directory: &Directory, language: Language) -> String {
    let text = language.of(&rejection.text);
    let rule = match rejection.rule.as_str() {
        "" => String::new(),
        rule => format!(" [{rule}]"),
    };
    match (&rejection.other, text) {
        // The words withheld, the other side and the kind of reason remain.
        (Some(other), "") => {
            let why = reason(kind(rejection), language);
            format!("{}{rule}", language.labelled(&directory.flow(other), why))
        }
        (None, "") => format!("{}{rule}", reason(kind(rejection), language)),
        (_, text) => format!("{text}{rule}"),
    }
}

/// Why a pair or a flow was left out.
fn kind(rejection: &v1::Rejection) -> ReasonKind {
    let kind = rejection.reason.as_ref().map(v1::Reason::kind);
    kind.unwrap_or_default()
}

/// The kind of a reason in programs' words.
fn reason_code(rejection: &v1::Rejection) -> String {
    let name = kind(rejection).as_str_name();
    name.trim_start_matches("REASON_KIND_").to_lowercase()
}

/// A count's name in words.
fn reason_of_name(name: &str, language: Language) -> &str {
    let full = format!("REASON_KIND_{}", name.to_uppercase());
    let full = if name.starts_with("REASON_KIND_") {
        name
    } else {
        &full
    };
    match ReasonKind::from_str_name(full) {
        Some(kind) => reason(kind, language),
        None => name,
    }
}

/// The kind of a reason in words.
pub fn reason(kind: ReasonKind, language: Language) -> &'static str {
    match kind {
        ReasonKind::Unspecified => "?",
        ReasonKind::Unrecognised => language.pick("matière non reconnue", "not recognised"),
        ReasonKind::NoExchangeKnown => language.pick("aucun échange connu", "no exchange known"),
        ReasonKind::OtherCarrier => {
            language.pick("eau, énergie ou équipement", "water, energy or asset")
        }
        ReasonKind::NoRule => language.pick("aucune règle", "no rule"),
        ReasonKind::NoCounterpart => language.pick("personne en face", "nobody at the other end"),
        ReasonKind::SameSite => language.pick("même établissement", "same site"),
        ReasonKind::NeedTooPrecise => language.pick(
            "besoin plus précis que la règle",
            "need more precise than the rule",
        ),
        ReasonKind::UnitMismatch => {
            language.pick("unités inconvertibles", "units that do not convert")
        }
        ReasonKind::TooFar => language.pick("trop loin", "too far"),
        ReasonKind::BeyondBreakEven => language.pick("au-delà du point mort", "beyond break-even"),
        ReasonKind::ConditionFailed => language.pick("condition non tenue", "condition failed"),
        ReasonKind::Blocked => language.pick("bloqué par le droit", "blocked by law"),
        ReasonKind::NoCommonPeriod => language.pick("pas de période commune", "no common period"),
        ReasonKind::NotWorthTheLink => language.pick("ne paie pas le lien", "not worth the link"),
        ReasonKind::BelowMinimumLot => {
            language.pick("sous le lot minimal", "below the minimum lot")
        }
        ReasonKind::Forbidden => language.pick("interdit par vous", "forbidden by you"),
        ReasonKind::Engaged => language.pick("déjà engagé", "already engaged"),
        ReasonKind::Beaten => language.pick("le plan fait mieux", "beaten by the plan"),
        ReasonKind::NoPosition => language.pick("sans position", "no position"),
        ReasonKind::Crowded => language.pick(
            "plus loin que les paires gardées",
            "farther than the pairs kept",
        ),
        ReasonKind::NoPrice => language.pick("sans prix", "no price"),
    }
}

/// How many are not shown.
fn more(all: usize, shown: usize, language: Language, data: &mut Data) -> Result<()> {
    if all <= shown {
        return Ok(());
    }
    let left = all - shown;
    data.line(&match language {
        Language::Fr => format!("  … et {left} autres"),
        Language::En => format!("  … and {left} more"),
    })
}

fn bullet(text: &str, data: &mut Data) -> Result<()> {
    let room = usize::from(width()).saturating_sub(4);
    for (at, line) in wrapped(text, room).iter().enumerate() {
        data.line(&format!("{}{line}", if at == 0 { "- " } else { "  " }))?;
    }
    Ok(())
}

fn paragraph(text: &str, data: &mut Data) -> Result<()> {
    let room = usize::from(width()).saturating_sub(4);
    for line in wrapped(text, room) {
        data.line(&format!("  {line}"))?;
    }
    Ok(())
}
