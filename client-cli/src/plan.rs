//! The plan of a run, gathered and written for people or for programs.

mod detail;
mod header;
mod network;
mod proposals;
mod rejections;
mod sheet;

use boucle_proto::v1;
use boucle_proto::v1::PlanKind;

use crate::client::{Client, PAGE};
use crate::directory::Directory;
use crate::failure::Result;
use crate::files::whole;
use crate::output::{Data, Form};

pub use proposals::state_word;
pub use rejections::{reason, write_flow, write_flows_json, write_flows_sheet};

/// Which of the two plans to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Plans {
    /// Nothing unknown, no unanswered block
    Firm,
    /// Leads to check
    Prospective,
    /// Both, apart
    #[default]
    Both,
}

/// How a plan is shown.
#[derive(Clone, Debug, clap::Args)]
pub struct Show {
    /// Which plan to show
    #[arg(long, value_enum, default_value_t)]
    pub plan: Plans,
    /// Proposals of each plan told in full
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub top: usize,
    /// Pairs the plan does better than, and flows without a proposal, that are told
    #[arg(long, value_name = "N", default_value_t = 12)]
    pub rejections: usize,
    /// Form of the result; json is the whole answer, the same bytes for the same input
    #[arg(
        long,
        value_enum,
        value_name = "table|json|csv",
        default_value_t,
        hide_possible_values = true
    )]
    pub output: Form,
}

impl Show {
    /// Whether a plan is shown.
    pub fn shows(&self, kind: PlanKind) -> bool {
        match self.plan {
            Plans::Both => true,
            Plans::Firm => kind == PlanKind::Firm,
            Plans::Prospective => kind == PlanKind::Prospective,
        }
    }
}

/// All that is shown of a run.
pub struct View {
    run: v1::Run,
    proposals: Vec<v1::Proposal>,
    flows: Vec<v1::FlowRejections>,
    network: v1::Network,
    directory: Directory,
}

/// Writes the plan of a run that has answered.
///
/// # Errors
/// What the service answers.
pub async fn write(client: &Client, run: v1::Run, show: &Show) -> Result<()> {
    let mut data = Data::open();
    match show.output {
        Form::Json => {
            let ask = v1::GetAnswerRequest {
                territory: client.territory.clone(),
                run: run.id,
            };
            let answer = client.runs().get_answer(ask).await?.into_inner();
            let bytes = whole(answer, |chunk| chunk.data).await?;
            data.bytes(&bytes)?;
            if bytes.last() != Some(&b'\n') {
                data.line("")?;
            }
        }
        Form::Csv => {
            let proposals = proposals_of(client, &run.id).await?;
            data.bytes(&sheet::sheet(&proposals, show, client.language)?)?;
        }
        Form::Table => {
            let view = gather(client, run).await?;
            write_table(&view, client, show, &mut data)?;
        }
    }
    data.close()
}

/// Reads all that a table shows.
async fn gather(client: &Client, run: v1::Run) -> Result<View> {
    let proposals = proposals_of(client, &run.id).await?;
    let flows = flows_of(client, &run.id, "").await?;
    let ask = v1::GetNetworkRequest {
        territory: client.territory.clone(),
        run: run.id.clone(),
    };
    let network = client.runs().get_network(ask).await?.into_inner();
    let mut directory = Directory::read(client).await?;
    learn(&mut directory, &flows);
    for proposal in &proposals {
        let pair = proposal.pair.clone().unwrap_or_default();
        for (key, party) in [
            (pair.output, &proposal.giver),
            (pair.input, &proposal.taker),
        ] {
            if let (Some(key), Some(party)) = (key, party) {
                directory.keep_flow(&key, &party.flow_name);
            }
        }
    }
    Ok(View {
        run,
        proposals,
        flows,
        network,
        directory,
    })
}

/// Learns the names of flows from what was left out.
pub fn learn(directory: &mut Directory, flows: &[v1::FlowRejections]) {
    for flow in flows {
        if let Some(key) = &flow.flow {
            directory.keep_flow(key, &flow.flow_name);
        }
    }
}

/// Every proposal of a run, by rank.
async fn proposals_of(client: &Client, run: &str) -> Result<Vec<v1::Proposal>> {
    let mut proposals = Vec::new();
    let mut page_token = String::new();
    loop {
        let ask = v1::ListProposalsRequest {
            territory: client.territory.clone(),
            run: run.to_owned(),
            page_size: PAGE,
            page_token,
            ..v1::ListProposalsRequest::default()
        };
        let page = client.runs().list_proposals(ask).await?.into_inner();
        proposals.extend(page.proposals);
        if page.next_page_token.is_empty() {
            return Ok(proposals);
        }
        page_token = page.next_page_token;
    }
}

/// What a run left out, flow by flow, of one site or of all.
///
/// # Errors
/// What the service answers.
pub async fn flows_of(client: &Client, run: &str, site: &str) -> Result<Vec<v1::FlowRejections>> {
    let mut flows = Vec::new();
    let mut page_token = String::new();
    loop {
        let ask = v1::ListRejectionsRequest {
            territory: client.territory.clone(),
            run: run.to_owned(),
            site: site.to_owned(),
            page_size: PAGE,
            page_token,
        };
        let page = client.runs().list_rejections(ask).await?.into_inner();
        flows.extend(page.flows);
        if page.next_page_token.is_empty() {
            return Ok(flows);
        }
        page_token = page.next_page_token;
    }
}

/// The plan for people.
fn write_table(view: &View, client: &Client, show: &Show, data: &mut Data) -> Result<()> {
    let language = client.language;
    header::write(view, language, data)?;
    for summary in view.run.plans.iter().filter(|plan| show.shows(plan.kind())) {
        data.line("")?;
        header::write_plan(summary, language, data)?;
        let of_plan = |proposal: &&v1::Proposal| proposal.plan() == summary.kind();
        let proposals: Vec<&v1::Proposal> = view.proposals.iter().filter(of_plan).collect();
        proposals::write(&proposals, language, data)?;
        for proposal in proposals.iter().take(show.top) {
            detail::write(proposal, &view.directory, language, data)?;
        }
    }
    network::write(view, language, data)?;
    rejections::write_questions(view, language, data)?;
    rejections::write(view, show.rejections, language, data)
}
