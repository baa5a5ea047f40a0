//! An answer as the store keeps it: whole, and in rows to be read page by page.

use boucle_solver::Answer;
use boucle_solver::answer::PlanKind;
use boucle_store::{FlowRejectionRow, ProposalRow, RunAnswer};

/// The word of a plan in the store.
pub fn plan_code(plan: PlanKind) -> &'static str {
    match plan {
        PlanKind::Firm => "firm",
        PlanKind::Prospective => "prospective",
    }
}

/// The answer in rows. The whole is canonical: the same answer gives the same bytes.
pub fn rows(answer: &Answer) -> Result<RunAnswer, serde_json::Error> {
    let proposals = answer.proposals.iter().map(|proposal| {
        Ok(ProposalRow {
            rank: proposal.rank,
            pair: proposal.pair.clone(),
            plan: plan_code(proposal.plan).to_owned(),
            score: proposal.score.value,
            sent: proposal.sent,
            json: serde_json::to_string(proposal)?,
        })
    });
    let rejections = answer.rejections.iter().map(|rejections| {
        Ok(FlowRejectionRow {
            flow: rejections.flow.clone(),
            json: serde_json::to_string(rejections)?,
        })
    });
    Ok(RunAnswer {
        bytes: serde_json::to_vec(answer)?,
        proposals: proposals.collect::<Result<_, serde_json::Error>>()?,
        rejections: rejections.collect::<Result<_, serde_json::Error>>()?,
    })
}
