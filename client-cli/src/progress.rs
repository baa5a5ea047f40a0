//! Watching a run: a bar on standard error for whoever watches, silence for programs.

use std::time::Duration;

use boucle_proto::v1;
use boucle_proto::v1::{RunState, Stage};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio_stream::StreamExt;

use crate::client::Client;
use crate::failure::{Failure, Result};
use crate::output;
use crate::text::Language;

/// Watches a run to its end. An interruption from the keyboard asks it to stop.
///
/// # Errors
/// That the run failed or was stopped, or what the service answers.
pub async fn watch(client: &Client, run: &str) -> Result<v1::Run> {
    let language = client.language;
    let bar = bar();
    let ask = v1::WatchRunRequest {
        territory: client.territory.clone(),
        run: run.to_owned(),
    };
    let mut states = client.runs().watch_run(ask).await?.into_inner();
    let mut last = None;
    let mut stopping = false;
    loop {
        let state = tokio::select! {
            state = states.next() => state,
            _ = tokio::signal::ctrl_c() => {
                if stopping {
                    // Asked twice, the person does not want to wait for the answer.
                    return Err(stopped(language));
                }
                stopping = true;
                cancel(client, run).await?;
                continue;
            }
        };
        let Some(state) = state else { break };
        if let Some(run) = state?.run {
            show(&bar, &run, language);
            last = Some(run);
        }
    }
    bar.finish_and_clear();
    let last = last.ok_or_else(|| lost(language))?;
    match last.state() {
        RunState::Succeeded => Ok(last),
        RunState::Cancelled => Err(stopped(language)),
        RunState::Failed => {
            let why = last.failure.unwrap_or_default();
            Err(Failure::Error(language.of(&why.text).to_owned()))
        }
        RunState::Queued | RunState::Running | RunState::Unspecified => Err(lost(language)),
    }
}

/// Asks a run to stop.
async fn cancel(client: &Client, run: &str) -> Result<()> {
    let ask = v1::CancelRunRequest {
        territory: client.territory.clone(),
        run: run.to_owned(),
    };
    client.runs().cancel_run(ask).await?;
    Ok(())
}

fn stopped(language: Language) -> Failure {
    Failure::told(
        language,
        "calcul arrêté sur demande",
        "the run was stopped on request",
    )
}

fn lost(language: Language) -> Failure {
    Failure::told(
        language,
        "le service a cessé de suivre le calcul ; il sera repris à son redémarrage",
        "the service stopped following the run; it is taken up when the service starts again",
    )
}

/// A bar, hidden unless someone watches.
fn bar() -> ProgressBar {
    if !output::watched() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// Shows where a run stands.
fn show(bar: &ProgressBar, run: &v1::Run, language: Language) {
    let Some(progress) = &run.progress else {
        return;
    };
    let style = match progress.total {
        0 => ProgressStyle::with_template("{spinner} {msg}"),
        _ => ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len}"),
    };
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(stage(progress.stage(), language));
    bar.set_length(progress.total);
    bar.set_position(progress.done);
}

/// A step in words.
fn stage(stage: Stage, language: Language) -> &'static str {
    match stage {
        Stage::Unspecified => "",
        Stage::Recognise => language.pick("reconnaissance des flux", "recognising flows"),
        Stage::Candidates => language.pick("recherche des paires", "looking for pairs"),
        Stage::FirmPlan => language.pick("plan ferme", "firm plan"),
        Stage::ProspectivePlan => language.pick("plan prospectif", "prospective plan"),
        Stage::Check => language.pick("vérification", "checking"),
        Stage::Explain => language.pick("explication", "explaining"),
    }
}
