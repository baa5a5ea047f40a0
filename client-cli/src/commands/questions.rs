//! `boucle questions`: what a run leaves open, most valuable first.

use boucle_proto::v1;
use clap::Args;
use serde_json::json;

use crate::args::Service;
use crate::client::Client;
use crate::failure::Result;
use crate::findings::{finished, written};
use crate::output::{Data, Form};
use crate::text::Language;

/// Of which run.
#[derive(Debug, Args)]
pub struct QuestionsArgs {
    /// Run
    #[arg(value_name = "RUN")]
    run: String,
    /// How many to print; the others are counted
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,
    /// Form of the list; json and csv hold them all
    #[arg(
        long,
        value_enum,
        value_name = "table|json|csv",
        default_value_t,
        hide_possible_values = true
    )]
    output: Form,
    #[command(flatten)]
    service: Service,
}

/// Lists the questions nobody has answered.
pub async fn run(args: &QuestionsArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let ask = v1::ListQuestionsRequest {
        territory: client.territory.clone(),
        run: args.run.clone(),
    };
    let open = client.questions().list_questions(ask).await?.into_inner();
    client.close().await;
    let mut data = Data::open();
    match args.output {
        Form::Table => in_words(&open.questions, args.top, language, &mut data)?,
        Form::Json => {
            let questions: Vec<_> = open
                .questions
                .iter()
                .map(|one| as_json(one, language))
                .collect();
            data.line(&format!("{:#}", json!(questions)))?;
        }
        Form::Csv => {
            let mut rows = csv::Writer::from_writer(Vec::new());
            written(rows.write_record(["id", "question", "candidates", "worth"]))?;
            for question in &open.questions {
                let candidates: Vec<&str> = question
                    .candidates
                    .iter()
                    .map(|choice| choice.key.as_str())
                    .collect();
                written(rows.write_record([
                    question.id.as_str(),
                    language.of(&question.text),
                    &candidates.join(";"),
                    &points(question.worth),
                ]))?;
            }
            data.bytes(&finished(rows)?)?;
        }
    }
    data.close()
}

fn in_words(
    questions: &[v1::OpenQuestion],
    top: usize,
    language: Language,
    data: &mut Data,
) -> Result<()> {
    if questions.is_empty() {
        return data.line(language.pick("aucune question ouverte", "no open question"));
    }
    for question in questions.iter().take(top) {
        data.line(language.of(&question.text))?;
        for choice in question.candidates.iter().take(SHOWN) {
            data.line(&format!(
                "    {}  {}",
                choice.key,
                language.of(&choice.label)
            ))?;
        }
        if let Some(more) = question
            .candidates
            .len()
            .checked_sub(SHOWN)
            .filter(|&more| more > 0)
        {
            data.line(&format!(
                "    … {more} {}",
                language.pick("autres", "others")
            ))?;
        }
        let answer = match question.id.as_str() {
            "" => language
                .pick(
                    "à compléter dans la feuille",
                    "to be completed in the sheet",
                )
                .to_owned(),
            id => format!("boucle answer '{id}' …"),
        };
        data.line(&format!("    {answer}"))?;
    }
    if let Some(more) = questions.len().checked_sub(top).filter(|&more| more > 0) {
        data.line(&format!(
            "… {more} {}",
            language.pick("autres questions", "other questions")
        ))?;
    }
    Ok(())
}

/// Candidates printed per question.
const SHOWN: usize = 8;

fn as_json(question: &v1::OpenQuestion, language: Language) -> serde_json::Value {
    let candidates = question
        .candidates
        .iter()
        .map(|choice| json!({"key": choice.key, "label": language.of(&choice.label)}));
    json!({
        "id": question.id,
        "question": language.of(&question.text),
        "candidates": candidates.collect::<Vec<_>>(),
        "worth": question.worth as f64 / 100.0,
    })
}

fn points(worth: i64) -> String {
    format!("{:.2}", worth as f64 / 100.0)
}
