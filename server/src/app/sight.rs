//! What a reader sees of one run: the viewer, with who owns which flow in its snapshot.

use std::sync::Arc;

use boucle_domain::flow::Flow;
use boucle_domain::id::{FirmKey, FlowKey, PairKey, SiteKey};
use boucle_domain::organisation::{Firm, Site};
use boucle_domain::snapshot::Snapshot;
use boucle_store::RunInput;

use crate::auth::Viewer;

/// A viewer before the snapshot of a run.
#[derive(Clone)]
pub struct Reader {
    viewer: Viewer,
    input: Arc<RunInput>,
}

impl Reader {
    /// A viewer before a run.
    pub fn new(viewer: Viewer, input: Arc<RunInput>) -> Reader {
        Reader { viewer, input }
    }

    /// The viewer.
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// The snapshot of the run.
    pub fn snapshot(&self) -> &Snapshot {
        &self.input.snapshot
    }

    /// What the run read.
    pub fn input(&self) -> &RunInput {
        &self.input
    }

    /// A flow with its site and firm.
    pub fn flow(&self, key: &FlowKey) -> Option<(&Flow, &Site, &Firm)> {
        let flow = self.snapshot().flow(key)?;
        let site = self.snapshot().site(&key.site)?;
        Some((flow, site, self.snapshot().firm(&site.firm)?))
    }

    /// The firm that owns a site.
    pub fn owner(&self, site: &SiteKey) -> Option<&FirmKey> {
        self.snapshot().site(site).map(|site| &site.firm)
    }

    /// Whether the reader may know of a flow.
    pub fn sees(&self, key: &FlowKey) -> bool {
        match (self.owner(&key.site), self.snapshot().flow(key)) {
            (Some(owner), Some(flow)) => self.viewer.sees_flow(owner, flow.visibility),
            _ => false,
        }
    }

    /// Whether the reader may know of a pair: both its ends, and for a firm one of them its own.
    pub fn sees_pair(&self, pair: &PairKey) -> bool {
        self.sees(&pair.output)
            && self.sees(&pair.input)
            && (self.viewer.sees_both_sides() || self.takes_part(pair))
    }

    /// Whether what was found of a flow concerns the reader: all of it those who see both sides, a
    /// firm what was found of its own flows.
    pub fn answers_for(&self, key: &FlowKey) -> bool {
        let own = self
            .owner(&key.site)
            .is_some_and(|owner| self.viewer.is(owner));
        self.sees(key) && (own || self.viewer.sees_both_sides())
    }

    /// Whether the reader may know the prices of the owner of a flow.
    pub fn sees_money_of(&self, key: &FlowKey) -> bool {
        self.owner(&key.site)
            .is_some_and(|owner| self.viewer.sees_money_of(owner))
    }

    fn takes_part(&self, pair: &PairKey) -> bool {
        [&pair.output, &pair.input].into_iter().any(|end| {
            self.owner(&end.site)
                .is_some_and(|firm| self.viewer.is(firm))
        })
    }
}
