//! `boucle import`: a sheet into a store, all or nothing.

use std::path::PathBuf;

use boucle_proto::v1;
use clap::Args;

use crate::args::Service;
use crate::client::Client;
use crate::failure::{Failure, Result};
use crate::files::{Sheet, With};
use crate::findings;
use crate::mapping_file;
use crate::output::{self, Data, Form};
use crate::text::Language;

/// What to do with flows already declared in the zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// Add and change; keep what the sheet does not name
    #[default]
    Merge,
    /// Add, change, and remove what the sheet does not name
    Replace,
    /// Add; a flow already declared is an error
    Append,
}

impl Mode {
    /// The mode on the wire.
    pub fn wire(self) -> i32 {
        match self {
            Mode::Merge => v1::ImportMode::Merge.into(),
            Mode::Replace => v1::ImportMode::Replace.into(),
            Mode::Append => v1::ImportMode::Append.into(),
        }
    }
}

/// What to import, and where.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Sheet: xlsx, xls, ods, csv or tab text
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    with: With,
    /// Which column is which, as a file (docs/mapping.md); kept for the next sheet of the same shape
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Zone its sites stand in; opened if it is new
    #[arg(long, value_name = "NAME")]
    zone: String,
    /// What to do with flows already declared in the zone
    #[arg(long, value_enum, default_value_t)]
    mode: Mode,
    /// Say what would change; write nothing
    #[arg(long)]
    dry_run: bool,
    /// Day at which codes are judged [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    valid_on: Option<String>,
    /// Form of the report
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

/// Imports a sheet.
pub async fn run(args: &ImportArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let sheet = Sheet::read(&args.file, &args.with, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let header = v1::ImportHeader {
        zone: client.open_zone(&args.zone).await?,
        mode: args.mode.wire(),
        dry_run: args.dry_run,
        mapping: mapping_file::read(args.map.as_deref(), language)?,
        valid_on: args.valid_on.clone().unwrap_or_default(),
        ..v1::ImportHeader::default()
    };
    let report = sheet.import(&client, header).await?;
    client.close().await;
    let mut data = Data::open();
    findings::write(&report, args.output, language, &mut data)?;
    data.close()?;
    if findings::refused(&report) {
        output::say(language.pick(
            "boucle : feuille refusée, rien n'a été écrit",
            "boucle: sheet refused, nothing was written",
        ));
        return Err(Failure::Findings);
    }
    if args.dry_run {
        output::say(language.pick(
            "à blanc : rien n'a été écrit",
            "dry run: nothing was written",
        ));
    }
    Ok(())
}
