//! `boucle show`: the plan of a run, once more.

use boucle_proto::v1;
use boucle_proto::v1::RunState;
use clap::Args;

use crate::args::Service;
use crate::client::Client;
use crate::failure::Result;
use crate::plan;
use crate::progress;
use crate::text::Language;

/// Which run to show.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Run
    #[arg(value_name = "RUN")]
    run: String,
    #[command(flatten)]
    show: plan::Show,
    #[command(flatten)]
    service: Service,
}

/// Prints the plan of a run; waits for one that is not over.
pub async fn run(args: &ShowArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let client = Client::open(&args.service, 0, language).await?;
    let ask = v1::GetRunRequest {
        territory: client.territory.clone(),
        run: args.run.clone(),
    };
    let mut run = client.runs().get_run(ask).await?.into_inner();
    if run.state() != RunState::Succeeded {
        run = progress::watch(&client, &args.run).await?;
    }
    plan::write(&client, run, &args.show).await?;
    client.close().await;
    Ok(())
}
