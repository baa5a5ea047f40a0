//! Proposals for programs: one row each, English headings, decimal points.

use boucle_proto::v1;

use super::Show;
use crate::failure::Result;
use crate::findings::{finished, flow_key, written};
use crate::text::Language;

/// Headings, in order.
const HEADINGS: [&str; 29] = [
    "rank",
    "plan",
    "state",
    "existing",
    "odds",
    "giver_firm",
    "giver_site",
    "giver_flow",
    "output",
    "taker_firm",
    "taker_site",
    "taker_flow",
    "input",
    "rule",
    "sent",
    "sent_unit",
    "received",
    "received_unit",
    "distance_km",
    "gain_low_eur",
    "gain_mid_eur",
    "gain_high_eur",
    "giver_gain_eur",
    "taker_gain_eur",
    "co2_avoided_low_t",
    "co2_avoided_mid_t",
    "co2_avoided_high_t",
    "score",
    "summary",
];

/// The proposals of the plans shown as csv.
pub fn sheet(proposals: &[v1::Proposal], show: &Show, language: Language) -> Result<Vec<u8>> {
    let mut rows = csv::Writer::from_writer(Vec::new());
    written(rows.write_record(HEADINGS))?;
    for proposal in proposals.iter().filter(|one| show.shows(one.plan())) {
        written(rows.write_record(row(proposal, language)))?;
    }
    finished(rows)
}

fn row(proposal: &v1::Proposal, language: Language) -> [String; 29] {
    let code = |name: &str, prefix: &str| name.trim_start_matches(prefix).to_lowercase();
    let giver = proposal.giver.clone().unwrap_or_default();
    let taker = proposal.taker.clone().unwrap_or_default();
    let pair = proposal.pair.clone().unwrap_or_default();
    let key = |key: &Option<v1::FlowKey>| key.as_ref().map(flow_key).unwrap_or_default();
    let economics = proposal.economics.clone().unwrap_or_default();
    let euros = |milli: Option<i64>| cell(milli.map(|milli| milli as f64 / 1000.0));
    let amount = |quantity: &Option<v1::Quantity>| cell(quantity.as_ref().map(|q| q.value));
    let unit = |quantity: &Option<v1::Quantity>| {
        quantity
            .as_ref()
            .map(|q| q.unit.clone())
            .unwrap_or_default()
    };
    let distance = proposal.distance.as_ref().and_then(|d| d.distance_km);
    let carbon = proposal.carbon.as_ref().and_then(|c| c.avoided_kg);
    let tonnes = |kilograms: Option<f64>| cell(kilograms.map(|kilograms| kilograms / 1000.0));
    [
        proposal.rank.to_string(),
        code(proposal.plan().as_str_name(), "PLAN_KIND_"),
        code(proposal.state().as_str_name(), "PAIR_STATE_"),
        proposal.existing.to_string(),
        cell(Some(proposal.odds)),
        giver.firm_name,
        giver.site_name,
        giver.flow_name,
        key(&pair.output),
        taker.firm_name,
        taker.site_name,
        taker.flow_name,
        key(&pair.input),
        pair.rule,
        amount(&proposal.sent),
        unit(&proposal.sent),
        amount(&proposal.received),
        unit(&proposal.received),
        cell(distance.map(|km| km.mid)),
        euros(economics.gain.map(|gain| gain.low_milli_euros)),
        euros(economics.gain.map(|gain| gain.mid_milli_euros)),
        euros(economics.gain.map(|gain| gain.high_milli_euros)),
        euros(economics.giver_gain.map(|gain| gain.mid_milli_euros)),
        euros(economics.taker_gain.map(|gain| gain.mid_milli_euros)),
        tonnes(carbon.map(|kg| kg.low)),
        tonnes(carbon.map(|kg| kg.mid)),
        tonnes(carbon.map(|kg| kg.high)),
        cell(proposal.score.as_ref().map(|score| score.value)),
        language.of(&proposal.summary).to_owned(),
    ]
}

/// A number as a program reads it; empty when it is not known.
fn cell(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
