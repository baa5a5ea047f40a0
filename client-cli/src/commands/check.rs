//! `boucle check`: what is wrong with a sheet.

use std::path::PathBuf;

use clap::Args;

use crate::args::Service;
use crate::client::Client;
use crate::failure::{Failure, Result};
use crate::files::Sheet;
use crate::findings;
use crate::output::{Data, Form};
use crate::text::Language;

/// What to check.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Sheet, xlsx or csv
    #[arg(value_name = "FILE")]
    file: PathBuf,
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

/// Checks a sheet; writes nothing.
pub async fn run(args: &CheckArgs, language: Language) -> Result<()> {
    let sheet = Sheet::read(&args.file, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let valid_on = args.valid_on.clone().unwrap_or_default();
    let report = sheet.check(&client, valid_on).await?;
    client.close().await;
    let mut data = Data::open();
    findings::write(&report, args.output, language, &mut data)?;
    data.close()?;
    match findings::refused(&report) {
        true => Err(Failure::Findings),
        false => Ok(()),
    }
}
