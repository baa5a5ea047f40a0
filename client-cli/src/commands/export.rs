//! `boucle export`: the flows of a zone as a sheet.

use boucle_proto::v1;
use clap::Args;

use crate::args::Service;
use crate::client::{Client, identifier};
use crate::failure::Result;
use crate::files::{Destination, whole};
use crate::text::Language;

/// Format of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Workbook
    Xlsx,
    /// Text separated by semicolons
    Csv,
}

/// What to export.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Zone
    #[arg(long, value_name = "ZONE")]
    zone: String,
    /// Format [default: that of the file name, else xlsx]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    destination: Destination,
    #[command(flatten)]
    service: Service,
}

/// Writes the flows of a zone.
pub async fn run(args: &ExportArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    args.destination.free(language)?;
    let named_csv = || {
        let extension = args.destination.output.extension();
        extension.is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
    };
    let format = match args.format {
        Some(Format::Csv) => v1::FileFormat::Csv,
        None if named_csv() => v1::FileFormat::Csv,
        Some(Format::Xlsx) | None => v1::FileFormat::Xlsx,
    };
    let client = Client::open(&args.service, 1, language).await?;
    let ask = v1::ExportDeclarationsRequest {
        territory: client.territory.clone(),
        zone: identifier(&args.zone),
        format: format.into(),
        language: language.wire().into(),
    };
    let chunks = client.declarations().export_declarations(ask).await?;
    let bytes = whole(chunks.into_inner(), |chunk| chunk.data).await?;
    client.close().await;
    args.destination.write(&bytes, language)
}
