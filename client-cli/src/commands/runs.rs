//! `boucle runs`: the runs of a territory.

use boucle_proto::v1;
use boucle_proto::v1::RunState;
use clap::Args;
use serde_json::json;

use crate::args::Service;
use crate::client::{Client, PAGE};
use crate::failure::Result;
use crate::findings::{finished, written};
use crate::output::{Data, Form, table};
use crate::text::Language;

/// Whose runs to list.
#[derive(Debug, Args)]
pub struct RunsArgs {
    /// Form of the list
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

/// Lists runs, newest first.
pub async fn run(args: &RunsArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let mut runs = Vec::new();
    let mut page_token = String::new();
    loop {
        let ask = v1::ListRunsRequest {
            territory: client.territory.clone(),
            page_size: PAGE,
            page_token,
        };
        let page = client.runs().list_runs(ask).await?.into_inner();
        runs.extend(page.runs);
        if page.next_page_token.is_empty() {
            break;
        }
        page_token = page.next_page_token;
    }
    client.close().await;
    let mut data = Data::open();
    match args.output {
        Form::Table if runs.is_empty() => data.line(language.pick("aucun calcul", "no run"))?,
        Form::Table => {
            let mut rows = table(
                &[
                    language.pick("calcul", "run"),
                    "zones",
                    language.pick("état", "state"),
                    language.pick("demandé", "asked"),
                    language.pick("données", "input"),
                ],
                &[],
            );
            for run in &runs {
                rows.add_row([
                    run.id.clone(),
                    run.zones.join(", "),
                    state(run.state(), language).to_owned(),
                    asked(run),
                    run.input_digest.chars().take(12).collect(),
                ]);
            }
            data.table(&rows)?;
        }
        Form::Json => {
            let runs = runs.iter().map(|run| {
                json!({
                    "run": run.id,
                    "zones": run.zones,
                    "state": code(run),
                    "asked": asked(run),
                    "input_digest": run.input_digest,
                    "knowledge_version": run.knowledge_version,
                })
            });
            data.line(&format!("{:#}", json!(runs.collect::<Vec<_>>())))?;
        }
        Form::Csv => {
            let mut rows = csv::Writer::from_writer(Vec::new());
            written(rows.write_record(["run", "zones", "state", "asked", "input_digest"]))?;
            for run in &runs {
                written(rows.write_record([
                    run.id.as_str(),
                    &run.zones.join(" "),
                    &code(run),
                    &asked(run),
                    &run.input_digest,
                ]))?;
            }
            data.bytes(&finished(rows)?)?;
        }
    }
    data.close()
}

/// The state of a run in programs' words.
fn code(run: &v1::Run) -> String {
    let name = run.state().as_str_name();
    name.trim_start_matches("RUN_STATE_").to_lowercase()
}

/// When it was asked for, to the second, UTC.
fn asked(run: &v1::Run) -> String {
    let Some(time) = run.create_time else {
        return String::new();
    };
    let text = time.to_string();
    match text.split_once('.') {
        Some((seconds, _)) => format!("{seconds}Z"),
        None => text,
    }
}

fn state(state: RunState, language: Language) -> &'static str {
    match state {
        RunState::Queued => language.pick("en attente", "queued"),
        RunState::Running => language.pick("en cours", "running"),
        RunState::Succeeded => language.pick("répondu", "answered"),
        RunState::Failed => language.pick("échoué", "failed"),
        RunState::Cancelled => language.pick("arrêté", "cancelled"),
        RunState::Unspecified => "?",
    }
}
