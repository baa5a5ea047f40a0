//! `boucle template`: an empty sheet to fill in.

use boucle_proto::v1;
use clap::Args;

use crate::args::Service;
use crate::client::Client;
use crate::failure::Result;
use crate::files::{Destination, whole};
use crate::text::Language;

/// Where to write the template.
#[derive(Debug, Args)]
pub struct TemplateArgs {
    #[command(flatten)]
    destination: Destination,
    #[command(flatten)]
    service: Service,
}

/// Writes the empty template.
pub async fn run(args: &TemplateArgs, language: Language) -> Result<()> {
    args.destination.free(language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let ask = v1::GetTemplateRequest {
        language: language.wire().into(),
    };
    let chunks = client.declarations().get_template(ask).await?;
    let bytes = whole(chunks.into_inner(), |chunk| chunk.data).await?;
    client.close().await;
    args.destination.write(&bytes, language)
}
