//! `boucle explain`: the page of a code.

use boucle_proto::v1;
use clap::Args;

use crate::args::Service;
use crate::client::Client;
use crate::failure::Result;
use crate::output::Data;
use crate::text::Language;

/// What to explain.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Code of a finding, as E1101
    #[arg(value_name = "CODE")]
    code: String,
    #[command(flatten)]
    service: Service,
}

/// Prints the page of a code.
pub async fn run(args: &ExplainArgs, language: Language) -> Result<()> {
    let client = Client::open(&args.service, 1, language).await?;
    let ask = v1::ExplainCodeRequest {
        code: args.code.trim().to_uppercase(),
        language: language.wire().into(),
    };
    let page = client.reference().explain_code(ask).await?.into_inner();
    client.close().await;
    let mut data = Data::open();
    data.line(page.page.trim_end())?;
    data.close()
}
