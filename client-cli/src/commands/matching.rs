//! `boucle match`: from a sheet to a plan in one command.

use std::path::PathBuf;

use boucle_proto::v1;
use clap::Args;

use super::import::Mode;
use super::run::{RunOptions, compute};
use crate::args::Service;
use crate::client::Client;
use crate::failure::{Failure, Result};
use crate::files::{Sheet, With};
use crate::findings;
use crate::mapping_file;
use crate::output;
use crate::plan;
use crate::text::Language;

/// Warnings told before a plan; `boucle check` tells them all.
const WARNINGS: usize = 10;

/// What to match.
#[derive(Debug, Args)]
pub struct MatchArgs {
    /// Sheet: xlsx, xls, ods, csv or tab text
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    with: With,
    /// Which column is which, as a file (docs/mapping.md); kept for the next sheet of the same shape
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Zone its sites stand in [default: the name of the file]
    #[arg(long, value_name = "NAME")]
    zone: Option<String>,
    #[command(flatten)]
    options: RunOptions,
    #[command(flatten)]
    show: plan::Show,
    #[command(flatten)]
    service: Service,
}

/// Imports, solves, prints. With a store or a service, flows already declared in the zone are kept.
pub async fn run(args: &MatchArgs, language: Language) -> Result<()> {
    let sheet = Sheet::read(&args.file, &args.with, language)?;
    let wanted = args.options.read(language)?;
    let client = Client::open(&args.service, args.options.threads, language).await?;
    let named = args.zone.clone().unwrap_or_else(|| {
        let stem = args.file.file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    });
    let zone = client.open_zone(&named).await?;
    let header = v1::ImportHeader {
        zone: zone.clone(),
        mode: Mode::Merge.wire(),
        mapping: mapping_file::read(args.map.as_deref(), language)?,
        valid_on: args.options.valid_on.clone().unwrap_or_default(),
        ..v1::ImportHeader::default()
    };
    let report = sheet.import(&client, header).await?;
    tell(&report, &sheet.name, language);
    if findings::refused(&report) {
        client.close().await;
        return Err(Failure::Findings);
    }
    let run = compute(&client, vec![zone], &wanted, &args.options).await?;
    plan::write(&client, run, &args.show).await?;
    client.close().await;
    Ok(())
}

/// Tells what was found: everything when the sheet is refused, else the first warnings.
fn tell(report: &v1::ImportReport, name: &str, language: Language) {
    let refused = findings::refused(report);
    let told = report
        .findings
        .iter()
        .filter(|finding| refused || finding.severity() == v1::Severity::Warning);
    for finding in told.take(if refused { usize::MAX } else { WARNINGS }) {
        output::say(&findings::line(finding, language));
    }
    output::say(&format!(
        "{} — {}",
        language.labelled(name, &findings::contents(report, language)),
        findings::count(report, language)
    ));
    if refused {
        output::say(language.pick(
            "boucle : feuille refusée, rien n'a été écrit ; « boucle explain CODE » en dit plus",
            "boucle: sheet refused, nothing was written; 'boucle explain CODE' says more",
        ));
    }
}
