//! `boucle rejections`: what a run left out, and why.

use clap::Args;

use crate::args::Service;
use crate::client::Client;
use crate::directory::Directory;
use crate::failure::Result;
use crate::output::{Data, Form};
use crate::plan;
use crate::roads::Resolver;
use crate::text::Language;

/// Of which run, and which site.
#[derive(Debug, Args)]
pub struct RejectionsArgs {
    /// Run
    #[arg(value_name = "RUN")]
    run: String,
    /// Only the flows of this site: key, identifier or name
    #[arg(long, value_name = "SITE")]
    site: Option<String>,
    /// Form of the list
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

/// Lists what was left out.
pub async fn run(args: &RejectionsArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let mut directory = Directory::read(&client).await?;
    let mut names = Resolver::new(&directory, language);
    let site = args.site.as_deref().map(|site| names.site(site));
    names.finish()?;
    let flows = plan::flows_of(&client, &args.run, &site.unwrap_or_default()).await?;
    plan::learn(
        &mut directory,
        &plan::flows_of(&client, &args.run, "").await?,
    );
    client.close().await;
    let mut data = Data::open();
    match args.output {
        Form::Json => plan::write_flows_json(&flows, &mut data)?,
        Form::Csv => plan::write_flows_sheet(&flows, language, &mut data)?,
        Form::Table => {
            for flow in &flows {
                plan::write_flow(flow, &directory, language, &mut data)?;
            }
        }
    }
    data.close()
}
