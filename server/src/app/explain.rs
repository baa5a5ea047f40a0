//! What a run found, pair by pair, and why.

use std::sync::Arc;

use boucle_domain::id::{FlowKey, PairKey, SiteKey};
use boucle_solver::PairExplanation;
use boucle_solver::answer::{Account, FlowRejections, PlanKind, Proposal};
use boucle_store::{Page, RunId, StoreError};
use serde::de::DeserializeOwned;

use super::App;
use super::error::{Result, ServiceError};
use super::outline::Answered;
use super::page::{PageRequest, Paged, token};
use super::sight::Reader;
use crate::auth::Access;
use crate::jobs::answer::plan_code;

/// A page of something, with the reader it is for.
pub struct Seen<T> {
    /// What was found.
    pub found: T,
    /// Who reads it.
    pub reader: Reader,
}

/// Rejections of a flow, with where its units go.
pub struct LeftOut {
    /// Rejections.
    pub rejections: FlowRejections,
    /// Accounts, by plan.
    pub accounts: Vec<Account>,
}

/// A link of the network.
pub struct Link {
    /// The proposal, which names both ends.
    pub proposal: Proposal,
}

/// The network of a run.
pub struct Network {
    /// Links the reader may see.
    pub links: Vec<Link>,
    /// The run they come from.
    pub answered: Arc<Answered>,
}

impl App {
    /// Proposals by rank, of one plan or both, of one site or all.
    pub async fn proposals(
        &self,
        access: &Access,
        run: &RunId,
        plan: Option<PlanKind>,
        site: Option<&SiteKey>,
        page: &PageRequest,
    ) -> Result<Seen<Paged<Proposal>>> {
        let reader = self.reader(access, Arc::clone(&self.answered(access, run).await?.input));
        let filter = (access.scope.territory(), run.as_str(), plan, site);
        let mut after = page.after::<u32>("proposals", &filter)?;
        let wanted = page.rows() as usize;
        let mut items = Vec::new();
        // Rows this reader may not see are passed over, so a page may take several from the store.
        let more = 'filled: loop {
            let rows = Page {
                after,
                limit: page.rows(),
            };
            let rows = self
                .store
                .proposals(&access.scope, run, plan.map(plan_code), &rows)
                .await?;
            for row in rows.items {
                let here = site.is_none_or(|site| {
                    row.pair.output.site == *site || row.pair.input.site == *site
                });
                if here && reader.sees_pair(&row.pair) {
                    if items.len() == wanted {
                        break 'filled true;
                    }
                    items.push(read::<Proposal>(&row.json)?);
                }
                // Only what was passed over or sent moves the token on.
                after = Some(row.rank);
            }
            if !rows.more {
                break false;
            }
        };
        let next = match after {
            Some(after) if more => token("proposals", &filter, after)?,
            _ => String::new(),
        };
        Ok(Seen {
            found: Paged { items, next },
            reader,
        })
    }

    /// The best ranked proposal of a pair.
    pub async fn proposal(
        &self,
        access: &Access,
        run: &RunId,
        pair: &PairKey,
    ) -> Result<Seen<Proposal>> {
        let reader = self.reader(access, Arc::clone(&self.answered(access, run).await?.input));
        if !reader.sees_pair(pair) {
            return Err(ServiceError::NotFound("proposal"));
        }
        let row = self.store.proposal(&access.scope, run, pair).await?;
        Ok(Seen {
            found: read(&row.json)?,
            reader,
        })
    }

    /// What was left out, flow by flow.
    pub async fn rejections(
        &self,
        access: &Access,
        run: &RunId,
        site: Option<&SiteKey>,
        page: &PageRequest,
    ) -> Result<Seen<Paged<LeftOut>>> {
        let answered = self.answered(access, run).await?;
        let reader = self.reader(access, Arc::clone(&answered.input));
        let filter = (access.scope.territory(), run.as_str(), site);
        let mut after = page.after::<FlowKey>("rejections", &filter)?;
        let wanted = page.rows() as usize;
        let mut items = Vec::new();
        let more = 'filled: loop {
            let rows = Page {
                after: after.clone(),
                limit: page.rows(),
            };
            let rows = self.store.rejections(&access.scope, run, &rows).await?;
            for row in rows.items {
                if site.is_none_or(|site| row.flow.site == *site) && reader.answers_for(&row.flow) {
                    if items.len() == wanted {
                        break 'filled true;
                    }
                    let of_flow = |account: &&Account| account.flow == row.flow;
                    items.push(LeftOut {
                        rejections: read(&row.json)?,
                        accounts: answered
                            .outline
                            .accounts
                            .iter()
                            .filter(of_flow)
                            .cloned()
                            .collect(),
                    });
                }
                after = Some(row.flow);
            }
            if !rows.more {
                break false;
            }
        };
        let next = match after {
            Some(after) if more => token("rejections", &filter, after)?,
            _ => String::new(),
        };
        Ok(Seen {
            found: Paged { items, next },
            reader,
        })
    }

    /// Who is linked to whom, as far as the reader may see.
    pub async fn network(&self, access: &Access, run: &RunId) -> Result<Seen<Network>> {
        let answered = self.answered(access, run).await?;
        let reader = self.reader(access, Arc::clone(&answered.input));
        let mut links = Vec::new();
        let mut after = None;
        loop {
            let page = Page {
                after,
                limit: boucle_store::MAX_PAGE,
            };
            let rows = self
                .store
                .proposals(&access.scope, run, None, &page)
                .await?;
            for row in rows.items {
                after = Some(row.rank);
                if reader.sees_pair(&row.pair) {
                    links.push(Link {
                        proposal: read(&row.json)?,
                    });
                }
            }
            if !rows.more {
                break;
            }
        }
        Ok(Seen {
            found: Network { links, answered },
            reader,
        })
    }

    /// Why two flows are joined or not, rule by rule, on the snapshot of a run.
    pub async fn explain_pair(
        &self,
        access: &Access,
        run: &RunId,
        output: FlowKey,
        input: FlowKey,
    ) -> Result<Seen<Vec<PairExplanation>>> {
        let stored = self.store.run(&access.scope, run).await?;
        if stored.knowledge_version != self.knowledge.version() {
            return Err(ServiceError::KnowledgeChanged);
        }
        let read = Arc::new(self.store.run_input(&access.scope, run).await?);
        let reader = self.reader(access, Arc::clone(&read));
        let own = |key: &FlowKey| {
            reader
                .owner(&key.site)
                .is_some_and(|owner| reader.viewer().is(owner))
        };
        let seen = reader.sees(&output) && reader.sees(&input);
        if !seen || !(reader.viewer().sees_both_sides() || own(&output) || own(&input)) {
            return Err(StoreError::NotFound {
                what: boucle_store::Entity::Flow,
                key: String::new(),
            }
            .into());
        }
        let knowledge = Arc::clone(&self.knowledge);
        let explained = tokio::task::spawn_blocking(move || {
            boucle_solver::explain_pair(&read.snapshot, &knowledge, &read.settings, &output, &input)
        });
        Ok(Seen {
            found: explained.await.map_err(ServiceError::internal)??,
            reader,
        })
    }
}

/// A stored value as it was written.
fn read<T: DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json)
        .map_err(|_| ServiceError::Internal("stored answer is damaged".to_owned()))
}
