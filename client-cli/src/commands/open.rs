//! `boucle open`: a territory on a service that asks for tokens.

use boucle_proto::v1;
use clap::Args;

use crate::args::Service;
use crate::client::Client;
use crate::failure::Result;
use crate::output;
use crate::text::Language;

/// Which territory to open.
#[derive(Debug, Args)]
pub struct OpenArgs {
    /// Identifier: lower-case letters, digits and hyphens, beginning with a letter
    #[arg(value_name = "ID")]
    id: String,
    /// Name shown to people [default: the identifier]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    service: Service,
}

/// Opens a territory. Only an operator needs to: elsewhere the first import does it.
pub async fn run(args: &OpenArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let territory = v1::Territory {
        id: args.id.clone(),
        name: args.name.clone().unwrap_or_else(|| args.id.clone()),
    };
    let ask = v1::CreateTerritoryRequest {
        territory: Some(territory),
        allow_existing: false,
    };
    client.territories().create_territory(ask).await?;
    client.close().await;
    output::say(&language.labelled(
        language.pick("territoire ouvert", "territory opened"),
        &args.id,
    ));
    Ok(())
}
