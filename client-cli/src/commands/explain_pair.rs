//! `boucle explain-pair`: why two flows are joined or not.

use boucle_proto::v1;
use boucle_proto::v1::{Outcome, PairState};
use clap::Args;

use crate::args::Service;
use crate::client::Client;
use crate::directory::Directory;
use crate::failure::Result;
use crate::output::Data;
use crate::plan::{flows_of, learn, reason, state_word};
use crate::roads::Resolver;
use crate::text::Language;

/// Which pair to explain.
#[derive(Debug, Args)]
pub struct ExplainPairArgs {
    /// Run on whose data to look
    #[arg(value_name = "RUN")]
    run: String,
    /// Flow that would be given, as site/output/reference
    #[arg(long, value_name = "FLOW")]
    giver: String,
    /// Flow that would be replaced, as site/input/reference
    #[arg(long, value_name = "FLOW")]
    taker: String,
    #[command(flatten)]
    service: Service,
}

/// Explains a pair rule by rule.
pub async fn run(args: &ExplainPairArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let client = Client::open(&args.service, 0, language).await?;
    let mut directory = Directory::read(&client).await?;
    let mut names = Resolver::new(&directory, language);
    let (output, input) = (names.flow(&args.giver), names.flow(&args.taker));
    names.finish()?;
    let ask = v1::ExplainPairRequest {
        territory: client.territory.clone(),
        run: args.run.clone(),
        output: Some(output.clone()),
        input: Some(input.clone()),
    };
    let answer = client.runs().explain_pair(ask).await?.into_inner();
    for site in [&output.site, &input.site] {
        learn(&mut directory, &flows_of(&client, &args.run, site).await?);
    }
    client.close().await;
    let mut data = Data::open();
    let (giver, taker) = (directory.flow(&output), directory.flow(&input));
    data.line(&format!("{giver} → {taker}"))?;
    if answer.explanations.is_empty() {
        data.line(language.pick(
            "aucune règle ne joint ces deux flux",
            "no rule joins these two flows",
        ))?;
    }
    for explanation in &answer.explanations {
        write(explanation, language, &mut data)?;
    }
    data.close()
}

/// Writes what one rule says.
fn write(explanation: &v1::PairExplanation, language: Language, data: &mut Data) -> Result<()> {
    data.line("")?;
    if explanation.state() != PairState::Unspecified {
        let state = state_word(explanation.state(), language);
        data.line(&language.labelled(&explanation.rule, state))?;
    }
    for left_out in &explanation.reasons {
        let kind = left_out.reason.as_ref().map(v1::Reason::kind);
        let why = match language.of(&left_out.text) {
            "" => reason(kind.unwrap_or_default(), language),
            text => text,
        };
        data.line(&format!("  × {why}"))?;
    }
    for condition in &explanation.conditions {
        let outcome = match condition.outcome() {
            Outcome::Pass => language.pick("tenue", "holds"),
            Outcome::Fail => language.pick("non tenue", "fails"),
            Outcome::Unknown | Outcome::Unspecified => language.pick("inconnue", "unknown"),
        };
        let declared = condition.declared.as_ref().and_then(|v| v.value.as_ref());
        let declared = declared.map(|value| value_text(value, language));
        let declared = declared.map(|value| format!(" [{value}]"));
        let line = language.labelled(&condition.condition, outcome);
        data.line(&format!("  - {line}{}", declared.unwrap_or_default()))?;
    }
    if let Some(km) = explanation.distance.as_ref().and_then(|d| d.distance_km) {
        let break_even = explanation.distance.as_ref().and_then(|d| d.break_even_km);
        let limit = match break_even {
            Some(limit) => format!(
                " ({} {} km)",
                language.pick("point mort", "break-even"),
                language.measure(limit)
            ),
            None => String::new(),
        };
        data.line(&format!("  - {} km{limit}", language.measure(km.mid)))?;
    }
    if let Some(possible) = &explanation.possible {
        let label = language.pick("au plus", "at most");
        let possible = language.labelled(label, &language.yearly(possible));
        data.line(&format!("  - {possible}"))?;
    }
    if let Some(gain) = explanation.economics.as_ref().and_then(|e| e.gain) {
        let label = language.pick("gain au mieux", "gain at best");
        let gain = language.labelled(label, &language.euro_interval(&gain));
        data.line(&format!("  - {gain}"))?;
    }
    for flag in &explanation.flags {
        let act = language.of(&flag.next_act);
        data.line(&format!("  - {} → {act}", language.of(&flag.label)))?;
    }
    Ok(())
}

/// A declared value.
fn value_text(value: &v1::property_value::Value, language: Language) -> String {
    match value {
        v1::property_value::Value::Class(class) => class.clone(),
        v1::property_value::Value::Number(number) if number.low == number.high => {
            language.measure(number.mid)
        }
        v1::property_value::Value::Number(number) => format!(
            "{} … {}",
            language.measure(number.low),
            language.measure(number.high)
        ),
    }
}
