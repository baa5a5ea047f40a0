//! What every step of the search reads.

use std::collections::HashMap;

use boucle_domain::id::FlowKey;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::settings::{ForbiddenLink, Settings};
use boucle_domain::snapshot::Snapshot;

use crate::distance::Distances;
use crate::reading::{self, Reading};
use crate::recognise::Read;

/// A snapshot read once, with the catalogue and the settings of the run.
pub(crate) struct Context<'a> {
    pub read: &'a Read<'a>,
    pub snapshot: &'a Snapshot,
    pub knowledge: &'a Knowledge,
    pub settings: &'a Settings,
    /// By position in the snapshot; `None` for a flow whose site is missing.
    pub readings: Vec<Option<Reading<'a>>>,
    pub distances: Distances,
    forbidden: HashMap<(&'a FlowKey, &'a FlowKey), Vec<&'a ForbiddenLink>>,
}

impl<'a> Context<'a> {
    /// Reads a snapshot.
    pub fn new(
        read: &'a Read<'a>,
        knowledge: &'a Knowledge,
        settings: &'a Settings,
    ) -> Context<'a> {
        let snapshot: &Snapshot = &read.snapshot;
        let mut forbidden: HashMap<_, Vec<_>> = HashMap::new();
        for link in &settings.forbidden {
            forbidden
                .entry((&link.output, &link.input))
                .or_default()
                .push(link);
        }
        Context {
            read,
            snapshot,
            knowledge,
            settings,
            readings: reading::read(read, knowledge),
            distances: Distances::new(settings),
            forbidden,
        }
    }

    /// The reading of a flow.
    pub fn reading(&self, flow: usize) -> Option<&Reading<'a>> {
        self.readings.get(flow)?.as_ref()
    }

    /// Why the user keeps a pair out, if he does.
    pub fn forbidden(
        &self,
        output: &FlowKey,
        input: &FlowKey,
        rule: &boucle_domain::id::RuleId,
    ) -> Option<&'a str> {
        let links = self.forbidden.get(&(output, input))?;
        let of_rule = |link: &&&ForbiddenLink| link.rule.as_ref().is_none_or(|id| id == rule);
        links.iter().find(of_rule).map(|link| link.reason.as_str())
    }

    /// Year in whose money prices are expressed.
    pub fn year(&self) -> i16 {
        self.snapshot.valid_on().year()
    }
}
