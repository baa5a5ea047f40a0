//! The proposals of a plan, one line each.

use boucle_proto::v1;
use boucle_proto::v1::PairState;

use crate::directory::call;
use crate::failure::Result;
use crate::output::{Data, table};
use crate::text::Language;

/// Gain from which a table counts in thousands of euros, thousandths of a euro.
const THOUSANDS_FROM: i64 = 100_000_000;

/// Writes the table of a plan.
pub fn write(proposals: &[&v1::Proposal], language: Language, data: &mut Data) -> Result<()> {
    if proposals.is_empty() {
        return data.line(language.pick("aucune proposition", "no proposal"));
    }
    let gain = |proposal: &v1::Proposal| proposal.economics.as_ref().and_then(|e| e.gain);
    let largest = proposals
        .iter()
        .filter_map(|proposal| gain(proposal))
        .map(|gain| gain.mid_milli_euros.saturating_abs())
        .max();
    let thousands = largest.unwrap_or_default() >= THOUSANDS_FROM;
    let headings = match (language, thousands) {
        (Language::Fr, true) => "gain k€/an",
        (Language::Fr, false) => "gain €/an",
        (Language::En, true) => "gain k€/yr",
        (Language::En, false) => "gain €/yr",
    };
    let mut rows = table(
        &[
            "#",
            language.pick("cédant → preneur", "giver → taker"),
            language.pick("ressource", "resource"),
            language.pick("quantité/an", "quantity/yr"),
            "km",
            headings,
            language.pick("CO2 t/an", "CO2 t/yr"),
            language.pick("état", "state"),
            language.pick("note", "score"),
        ],
        &[0, 3, 4, 5, 6, 8],
    );
    for proposal in proposals {
        rows.add_row([
            proposal.rank.to_string(),
            parties(proposal),
            resource(proposal).to_owned(),
            quantity(proposal, language),
            distance(proposal, language),
            gain(proposal).map_or_else(dash, |gain| sum(&gain, thousands, language)),
            carbon(proposal, language),
            state(proposal, language),
            score(proposal, language),
        ]);
    }
    data.table(&rows)
}

/// Who gives to whom.
pub fn parties(proposal: &v1::Proposal) -> String {
    let name = |party: &Option<v1::Party>| {
        party
            .as_ref()
            .map(|party| call(&party.firm_name, &party.site_name))
            .unwrap_or_default()
    };
    format!("{} → {}", name(&proposal.giver), name(&proposal.taker))
}

/// What changes hands, in the giver's words.
pub fn resource(proposal: &v1::Proposal) -> &str {
    let giver = proposal.giver.as_ref();
    giver.map_or("", |party| party.flow_name.as_str())
}

/// How much is sent.
fn quantity(proposal: &v1::Proposal, language: Language) -> String {
    proposal.sent.as_ref().map_or_else(dash, |sent| {
        format!("{} {}", language.measure(sent.value), sent.unit)
    })
}

fn distance(proposal: &v1::Proposal, language: Language) -> String {
    let distance = proposal.distance.as_ref().and_then(|d| d.distance_km);
    distance.map_or_else(dash, |km| {
        language.number(km.mid, if km.mid < 10.0 { 1 } else { 0 })
    })
}

fn carbon(proposal: &v1::Proposal, language: Language) -> String {
    let avoided = proposal.carbon.as_ref().and_then(|c| c.avoided_kg);
    let text = avoided.map_or_else(dash, |kg| language.measure(kg.mid / 1000.0));
    // Without a factor for what is avoided, the number is a floor.
    match proposal.carbon.as_ref().is_some_and(|c| !c.complete) {
        true => format!("≥ {text}"),
        false => text,
    }
}

fn score(proposal: &v1::Proposal, language: Language) -> String {
    let score = proposal.score.as_ref();
    score.map_or_else(dash, |score| language.number(score.value, 0))
}

/// A sum with its bounds, in euros or thousands of them, without the sign.
fn sum(sum: &v1::MoneyInterval, thousands: bool, language: Language) -> String {
    let of = |milli: i64| match thousands {
        true => {
            let value = milli as f64 / 1e6;
            language.number(value, if value.abs() < 10.0 { 1 } else { 0 })
        }
        false => language.number(milli as f64 / 1e3, 0),
    };
    let mid = of(sum.mid_milli_euros);
    if sum.low_milli_euros == sum.high_milli_euros {
        return mid;
    }
    format!(
        "{mid} ({} … {})",
        of(sum.low_milli_euros),
        of(sum.high_milli_euros)
    )
}

/// The state of a proposal in words.
pub fn state(proposal: &v1::Proposal, language: Language) -> String {
    let state = state_word(proposal.state(), language);
    match proposal.existing {
        true => format!("{state}, {}", language.pick("en place", "in place")),
        false => state.to_owned(),
    }
}

/// A state in words.
pub fn state_word(state: PairState, language: Language) -> &'static str {
    match state {
        PairState::Feasible => language.pick("faisable", "feasible"),
        PairState::FeasibleWithTreatment => language.pick("avec traitement", "with treatment"),
        PairState::ToCheck => language.pick("à vérifier", "to check"),
        PairState::Blocked => language.pick("bloqué", "blocked"),
        PairState::Failed => language.pick("exclu", "failed"),
        PairState::Unspecified => "?",
    }
}

fn dash() -> String {
    "–".to_owned()
}
