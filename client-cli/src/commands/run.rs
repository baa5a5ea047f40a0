//! `boucle run`: a plan for what is already declared.

use std::path::PathBuf;

use boucle_proto::v1;
use clap::Args;

use crate::args::Service;
use crate::client::{Client, identifier};
use crate::directory::Directory;
use crate::failure::Result;
use crate::model_files;
use crate::output;
use crate::plan;
use crate::progress;
use crate::roads::{self, Resolver, WrittenRoad};
use crate::settings_file::SettingsFile;
use crate::text::Language;

/// What decides about a run.
#[derive(Debug, Args)]
pub struct RunOptions {
    /// Ways that replace straight lines: csv of site, site, km, and vehicle where it is no road
    #[arg(long, value_name = "FILE")]
    pub distances: Option<PathBuf>,
    /// Settings: costs, odds, weights, forced and forbidden links, shares
    #[arg(long, value_name = "FILE.toml|json")]
    pub settings: Option<PathBuf>,
    /// Day at which codes, contracts and validities are judged [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub valid_on: Option<String>,
    /// Take flows that sites probably have by their sector profile into the prospective plan
    #[arg(long)]
    pub with_suggestions: bool,
    /// Threads, 0 for one on each core; the answer does not depend on it
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "server")]
    pub threads: usize,
    /// Write each model as .mps, and what was found for it in objectives.csv
    #[arg(long, value_name = "DIR")]
    pub write_mps: Option<PathBuf>,
}

/// Files of a run, read before anything is started.
pub struct Wanted {
    settings: SettingsFile,
    roads: Vec<WrittenRoad>,
}

impl RunOptions {
    /// Reads the files the options name.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(&self, language: Language) -> Result<Wanted> {
        Ok(Wanted {
            settings: match &self.settings {
                Some(path) => SettingsFile::read(path, language)?,
                None => SettingsFile::default(),
            },
            roads: match &self.distances {
                Some(path) => roads::read(path, language)?,
                None => Vec::new(),
            },
        })
    }
}

/// What to compute.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Zone; may be repeated [default: the whole territory]
    #[arg(long, value_name = "ZONE")]
    zone: Vec<String>,
    #[command(flatten)]
    options: RunOptions,
    #[command(flatten)]
    show: plan::Show,
    #[command(flatten)]
    service: Service,
}

/// Solves what is declared, prints the plan.
pub async fn run(args: &RunArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let wanted = args.options.read(language)?;
    let client = Client::open(&args.service, args.options.threads, language).await?;
    let zones = args.zone.iter().map(|zone| identifier(zone)).collect();
    let run = compute(&client, zones, &wanted, &args.options).await?;
    plan::write(&client, run, &args.show).await?;
    client.close().await;
    Ok(())
}

/// Starts a run and waits for its answer; writes its models down if that was asked.
///
/// # Errors
/// What the service answers, or why the run failed.
pub async fn compute(
    client: &Client,
    zones: Vec<String>,
    wanted: &Wanted,
    options: &RunOptions,
) -> Result<v1::Run> {
    let language = client.language;
    let directory = Directory::read(client).await?;
    let mut names = Resolver::new(&directory, language);
    let mut settings = wanted.settings.wire(&wanted.roads, &mut names);
    settings.with_suggestions |= options.with_suggestions;
    names.finish()?;
    let ask = v1::CreateRunRequest {
        territory: client.territory.clone(),
        zones,
        valid_on: options.valid_on.clone().unwrap_or_default(),
        settings: Some(settings),
        ..v1::CreateRunRequest::default()
    };
    let run = client.runs().create_run(ask).await?.into_inner();
    if run.private_flows_left_out > 0 {
        let count = run.private_flows_left_out;
        output::say(&match language {
            Language::Fr => format!("{count} flux privés laissés de côté"),
            Language::En => format!("{count} private flows left out"),
        });
    }
    let run = progress::watch(client, &run.id).await?;
    if let Some(folder) = &options.write_mps {
        let count = model_files::write(client, &run.id, folder, language).await?;
        output::say(&match language {
            Language::Fr => format!("{count} modèle(s) écrit(s) dans {}", folder.display()),
            Language::En => format!("{count} model(s) written to {}", folder.display()),
        });
    }
    Ok(run)
}
