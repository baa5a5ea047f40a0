//! `boucle check`: what is wrong with a sheet.

use std::path::PathBuf;

use boucle_proto::v1;
use clap::Args;

use crate::args::Service;
use crate::client::Client;
use crate::failure::{Failure, Result};
use crate::files::{Destination, Sheet, With};
use crate::findings;
use crate::mapping_file;
use crate::output::{self, Data, Form};
use crate::text::Language;

/// What to check.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Sheet: xlsx, xls, ods, csv or tab text
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    with: With,
    /// Which column is which, as a file (docs/mapping.md)
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// File to write what was understood of the columns to, to be completed
    #[arg(long, value_name = "FILE")]
    propose_map: Option<PathBuf>,
    /// Copy of the sheet to write, xlsx, with what was found as comments on its cells
    #[arg(long, value_name = "FILE")]
    annotate: Option<PathBuf>,
    /// Overwrite the files if they are there
    #[arg(long)]
    force: bool,
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

impl CheckArgs {
    fn destination(&self, path: &Option<PathBuf>) -> Option<Destination> {
        path.as_ref().map(|path| Destination {
            output: path.clone(),
            force: self.force,
        })
    }
}

/// Checks a sheet; writes nothing but the files asked for.
pub async fn run(args: &CheckArgs, language: Language) -> Result<()> {
    let annotated = args.destination(&args.annotate);
    let proposed = args.destination(&args.propose_map);
    for destination in annotated.iter().chain(&proposed) {
        destination.free(language)?;
    }
    let sheet = Sheet::read(&args.file, &args.with, language)?;
    let mapping = mapping_file::read(args.map.as_deref(), language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let header = v1::CheckHeader {
        valid_on: args.valid_on.clone().unwrap_or_default(),
        mapping,
        territory: match args.service.lasts() {
            true => client.territory.clone(),
            false => String::new(),
        },
        ..v1::CheckHeader::default()
    };
    let report = sheet.check(&client, header.clone()).await?;
    if let Some(destination) = &annotated {
        let bytes = sheet.annotate(&client, header, language).await?;
        destination.write(&bytes, language)?;
    }
    client.close().await;
    let mut data = Data::open();
    findings::write_check(&report, args.output, language, &mut data)?;
    data.close()?;
    match (&report.proposed_mapping, &proposed) {
        (Some(mapping), Some(destination)) => {
            destination.write(
                mapping_file::written(mapping, language).as_bytes(),
                language,
            )?;
        }
        (Some(mapping), None) if args.output == Form::Table => {
            output::say(language.pick(
                "\ncorrespondance proposée, à compléter et à donner avec --map (--propose-map FICHIER l'écrit) :\n",
                "\nproposed mapping, to be completed and given with --map (--propose-map FILE writes it):\n",
            ));
            output::say(&mapping_file::written(mapping, language));
        }
        (None, Some(_)) => output::say(language.pick(
            "toutes les colonnes sont comprises : aucune correspondance à proposer",
            "every column is understood: no mapping to propose",
        )),
        _ => {}
    }
    match findings::refused(&report) {
        true => Err(Failure::Findings),
        false => Ok(()),
    }
}
