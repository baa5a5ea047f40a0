//! The parts of an answer that are read as a whole, kept for the runs looked at last.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use boucle_domain::id::{FirmKey, TerritoryId};
use boucle_domain::units::Money;
use boucle_solver::answer::{Account, NetworkSummary, PlanKind, PlanSummary, Proposal, Question};
use boucle_store::{RunId, RunInput};
use serde::Deserialize;

/// Runs kept.
const KEPT: usize = 4;

/// An answer without its proposals and rejections, which are read page by page.
#[derive(Debug, Deserialize)]
pub struct Outline {
    /// Firm plan, then prospective plan.
    pub plans: [PlanSummary; 2],
    /// Flows that need a word from their firm.
    pub questions: Vec<Question>,
    /// Where the units go, by flow and plan.
    pub accounts: Vec<Account>,
    /// Who holds the zone together.
    pub network: NetworkSummary,
}

/// A run that was answered.
#[derive(Debug)]
pub struct Answered {
    /// What it read.
    pub input: Arc<RunInput>,
    /// What it found, in short.
    pub outline: Outline,
    /// Gain of each firm in each plan, before any price between the two.
    pub gains: [BTreeMap<FirmKey, Money>; 2],
}

impl Answered {
    /// Reads an answer with its input.
    pub fn read(input: RunInput, answer: &[u8]) -> serde_json::Result<Answered> {
        #[derive(Deserialize)]
        struct Gains {
            proposals: Vec<Proposal>,
        }
        let outline: Outline = serde_json::from_slice(answer)?;
        let whole: Gains = serde_json::from_slice(answer)?;
        let mut gains = [BTreeMap::new(), BTreeMap::new()];
        for proposal in &whole.proposals {
            let plan = match proposal.plan {
                PlanKind::Firm => 0,
                PlanKind::Prospective => 1,
            };
            let parts = [
                (
                    &proposal.pair.output.site,
                    proposal.economics.giver_gain.mid(),
                ),
                (
                    &proposal.pair.input.site,
                    proposal.economics.taker_gain.mid(),
                ),
            ];
            for (site, gain) in parts {
                if let Some(site) = input.snapshot.site(site) {
                    *gains[plan].entry(site.firm.clone()).or_insert(Money::ZERO) += gain;
                }
            }
        }
        Ok(Answered {
            input: Arc::new(input),
            outline,
            gains,
        })
    }
}

/// Name of a run in its territory, and the run.
type Kept = ((TerritoryId, RunId), Arc<Answered>);

/// The runs looked at last. An answer never changes, so nothing here goes stale.
#[derive(Default)]
pub struct Outlines {
    kept: Mutex<VecDeque<Kept>>,
}

impl Outlines {
    /// A run, if it is kept.
    pub fn get(&self, key: &(TerritoryId, RunId)) -> Option<Arc<Answered>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(name, _)| name == key)?;
        let found = kept.remove(at)?;
        let answered = Arc::clone(&found.1);
        kept.push_back(found);
        Some(answered)
    }

    /// Keeps a run, and forgets the one not looked at for longest.
    pub fn keep(&self, key: (TerritoryId, RunId), answered: Arc<Answered>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(name, _)| *name != key);
        kept.push_back((key, answered));
        while kept.len() > KEPT {
            kept.pop_front();
        }
    }
}
