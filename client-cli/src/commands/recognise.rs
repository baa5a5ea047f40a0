//! `boucle recognise`: what firms write, read as resources of the catalogue; with `--territory` its own
//! words are read before all others.

use std::path::PathBuf;

use boucle_proto::v1;
use boucle_proto::v1::RecognitionOutcome as Outcome;
use clap::Args;
use serde_json::{Value, json};

use crate::args::Service;
use crate::client::Client;
use crate::failure::{Failure, Result};
use crate::output::Data;
use crate::text::Language;

/// Texts sent at once.
const BATCH: usize = 500;

/// What to read.
#[derive(Debug, Args)]
pub struct RecogniseArgs {
    /// Texts: csv with the columns id, text, waste_code, nace, direction (output or input); only text
    /// is needed
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    service: Service,
}

/// Reads texts; one JSON object a line, in the order of the file.
pub async fn run(args: &RecogniseArgs, language: Language) -> Result<()> {
    let bytes = std::fs::read(&args.file)
        .map_err(|error| Failure::unreadable(language, &args.file, &error))?;
    let texts = texts(&bytes, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let mut reference = client.reference();
    let mut data = Data::open();
    for batch in texts.chunks(BATCH) {
        let ask = v1::RecogniseRequest {
            territory: args.service.territory.clone().unwrap_or_default(),
            flows: batch.iter().map(|(_, flow)| flow.clone()).collect(),
        };
        let read = reference.recognise(ask).await?.into_inner().recognitions;
        for ((id, _), one) in batch.iter().zip(&read) {
            data.line(&as_json(id, one, language).to_string())?;
        }
    }
    client.close().await;
    data.close()
}

/// The texts of a file with their identifiers; a row without one has its number.
fn texts(bytes: &[u8], language: Language) -> Result<Vec<(String, v1::WrittenFlow)>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or(bytes);
    let counted = |mark: u8| first.iter().filter(|byte| **byte == mark).count();
    let delimiter = if counted(b';') > counted(b',') {
        b';'
    } else {
        b','
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(bytes);
    let irregular = |error: csv::Error| {
        Failure::told(
            language,
            format!("le fichier n'est pas un csv régulier : {error}"),
            format!("the file is no regular csv: {error}"),
        )
    };
    let headings = reader.byte_headers().map_err(irregular)?.clone();
    let column = |name: &str| {
        headings.iter().position(|heading| {
            String::from_utf8_lossy(heading)
                .trim()
                .eq_ignore_ascii_case(name)
        })
    };
    let Some(text) = column("text") else {
        return Err(Failure::told(
            language,
            "la colonne « text » manque".to_owned(),
            "the column \"text\" is missing".to_owned(),
        ));
    };
    let columns = ["id", "waste_code", "nace", "direction"].map(column);
    let mut texts = Vec::new();
    for (number, record) in (1..).zip(reader.byte_records()) {
        let record = record.map_err(irregular)?;
        let cell = |at: Option<usize>| {
            let bytes = at.and_then(|at| record.get(at)).unwrap_or_default();
            String::from_utf8_lossy(bytes).trim().to_owned()
        };
        let [id, waste_code, activity, direction] = columns.map(cell);
        let direction = match direction.to_lowercase().as_str() {
            "output" | "sortant" => v1::Direction::Output,
            "input" | "entrant" => v1::Direction::Input,
            _ => v1::Direction::Unspecified,
        };
        let id = if id.is_empty() {
            number.to_string()
        } else {
            id
        };
        let flow = v1::WrittenFlow {
            text: cell(Some(text)),
            waste_code,
            activity,
            direction: direction.into(),
        };
        texts.push((id, flow));
    }
    Ok(texts)
}

fn as_json(id: &str, one: &v1::RecognisedText, language: Language) -> Value {
    let outcome = match one.outcome() {
        Outcome::Recognised => "recognise",
        Outcome::Ask => "ask",
        Outcome::Unknown | Outcome::Unspecified => "unknown",
    };
    let candidates: Vec<Value> = one
        .candidates
        .iter()
        .map(|candidate| json!({"key": candidate.key, "confidence": candidate.confidence}))
        .collect();
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    json!({
        "id": id,
        "outcome": outcome,
        "key": said(&one.key),
        "confidence": one.confidence,
        "candidates": candidates,
        "question": said(language.of(&one.question)),
        "reasons": one.reasons.iter().map(|reason| language.pick(&reason.fr, &reason.en)).collect::<Vec<_>>(),
    })
}
