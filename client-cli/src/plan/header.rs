//! What a run was about, and each plan in a few numbers.

use boucle_proto::v1;
use boucle_proto::v1::{PlanKind, PlanStatus};

use super::View;
use crate::failure::Result;
use crate::output::Data;
use crate::text::{Language, THIN};

/// Characters of a digest shown; the whole of it is in the JSON answer.
const DIGEST: usize = 12;

/// Writes what the run read.
pub fn write(view: &View, language: Language, data: &mut Data) -> Result<()> {
    let run = &view.run;
    let short = |digest: &str| digest.chars().take(DIGEST).collect::<String>();
    let zones = match run.zones.is_empty() {
        true => language
            .pick("tout le territoire", "the whole territory")
            .to_owned(),
        false => run.zones.join(", "),
    };
    data.line(&match language {
        Language::Fr => format!(
            "{zones} : {} flux, au {} · données {} · connaissances {}",
            run.flow_count,
            run.valid_on,
            short(&run.input_digest),
            short(&run.knowledge_version)
        ),
        Language::En => format!(
            "{zones}: {} flows, as of {} · input {} · knowledge {}",
            run.flow_count,
            run.valid_on,
            short(&run.input_digest),
            short(&run.knowledge_version)
        ),
    })
}

/// Writes a plan in a few numbers.
pub fn write_plan(plan: &v1::PlanSummary, language: Language, data: &mut Data) -> Result<()> {
    data.line(&format!("━━ {} ━━", title(plan.kind(), language)))?;
    let money = |sum: &Option<v1::Money>| {
        let sum = sum.as_ref().map(|sum| sum.milli_euros);
        sum.map_or("–".to_owned(), |milli| language.euros(milli))
    };
    let year = language.pick("/an", "/yr");
    let gain = plan.gain.as_ref();
    let gain = gain.map_or("–".to_owned(), |gain| language.euro_interval(gain));
    let carbon = plan.carbon_avoided_kg.as_ref();
    let carbon = carbon.map_or("–".to_owned(), |carbon| language.tonnes(carbon));
    data.line(&format!(
        "{} · {} · {}",
        language.labelled(
            language.pick("coût aujourd'hui", "cost today"),
            &format!("{}{year}", money(&plan.cost_today))
        ),
        language.labelled(
            language.pick("avec le plan", "with the plan"),
            &format!("{}{year}", money(&plan.cost))
        ),
        language.labelled(language.pick("gain", "gain"), &format!("{gain}{year}")),
    ))?;
    data.line(&format!(
        "{} · {} {} · {} {}, {} {}",
        language.labelled(
            language.pick("CO2 évité", "CO2 avoided"),
            &format!("{carbon}{year}")
        ),
        plan.links,
        language.pick("lien(s) à ouvrir", "link(s) to open"),
        plan.arcs,
        language.pick("arc(s)", "arc(s)"),
        plan.components,
        language.pick("composante(s)", "component(s)"),
    ))?;
    data.line(&format!(
        "{}, {}",
        status(plan, language),
        rounding(plan, language)
    ))?;
    if let Some(displaced) = plan
        .displaced
        .filter(|displaced| displaced.milli_euros != 0)
    {
        let label = language.pick(
            "dont perdu sur des échanges existants défaits",
            "of which lost on existing exchanges taken away",
        );
        data.line(&language.labelled(label, &language.euros(displaced.milli_euros)))?;
    }
    Ok(())
}

/// The name of a plan.
pub fn title(kind: PlanKind, language: Language) -> &'static str {
    match kind {
        PlanKind::Firm => language.pick("Plan ferme", "Firm plan"),
        PlanKind::Prospective => language.pick(
            "Plan prospectif (pistes à vérifier, valeur pondérée par leurs chances)",
            "Prospective plan (leads to check, value weighed by their odds)",
        ),
        PlanKind::Unspecified => "?",
    }
}

/// Proven or not, with the gap.
fn status(plan: &v1::PlanSummary, language: Language) -> String {
    let gap = language.measure(plan.relative_gap * 100.0);
    let word = match plan.status() {
        PlanStatus::Optimal => language.pick("optimum prouvé", "proven optimum"),
        PlanStatus::Feasible => {
            language.pick("vérifié, optimum non prouvé", "checked, optimum not proven")
        }
        PlanStatus::Unspecified => "?",
    };
    format!("{word} ({} {gap}{THIN}%)", language.pick("écart", "gap"))
}

/// What rounding to the scale changed, and what it could at most.
fn rounding(plan: &v1::PlanSummary, language: Language) -> String {
    let difference = plan.rounded_cost_euros.zip(plan.unrounded_cost_euros);
    let Some(((rounded, unrounded), bound)) = difference.zip(plan.rounding_bound) else {
        return language
            .pick("arrondi : réservé", "rounding: withheld")
            .to_owned();
    };
    let difference = language.number(rounded - unrounded, 3);
    let bound = language.number(bound.milli_euros as f64 / 1000.0, 3);
    match language {
        Language::Fr => format!("arrondi : {difference}{THIN}€ (au plus {bound}{THIN}€)"),
        Language::En => format!("rounding: {difference}{THIN}€ (at most {bound}{THIN}€)"),
    }
}
