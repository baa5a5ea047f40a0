//! What was left out: all counted, the nearest kept.

use std::collections::BTreeMap;

use boucle_domain::id::RuleId;

use crate::answer::Reason;
use crate::explain::rejection;

/// Rejections kept per flow; the others are counted.
pub(crate) const KEPT: usize = 5;

/// A pair left out, by positions in the snapshot.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    /// Flow at the other end; `None` when the reason is about the flow alone.
    pub other: Option<usize>,
    /// Rule that was tried.
    pub rule: Option<RuleId>,
    /// Why.
    pub reason: Reason,
}

/// Refusals of one flow.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfFlow {
    nearest: Vec<Refusal>,
    counts: BTreeMap<&'static str, u32>,
}

impl OfFlow {
    /// Adds one; beyond [`KEPT`] the farthest from acceptance is dropped.
    pub fn add(&mut self, refusal: Refusal) {
        *self
            .counts
            .entry(rejection::kind(&refusal.reason))
            .or_default() += 1;
        self.nearest.push(refusal);
        if self.nearest.len() > 4 * KEPT {
            self.trim();
        }
    }

    /// The nearest, nearest first, and the counts by kind.
    pub fn finish(mut self) -> (Vec<Refusal>, BTreeMap<String, u32>) {
        self.trim();
        (
            self.nearest,
            self.counts
                .into_iter()
                .map(|(kind, count)| (kind.to_owned(), count))
                .collect(),
        )
    }

    /// Whether nothing was refused.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    fn trim(&mut self) {
        self.nearest.sort_by(|a, b| {
            let nearness =
                rejection::nearness(&a.reason).partial_cmp(&rejection::nearness(&b.reason));
            nearness
                .unwrap_or(std::cmp::Ordering::Equal)
                .then_with(|| a.other.cmp(&b.other))
                .then_with(|| a.rule.cmp(&b.rule))
        });
        self.nearest.truncate(KEPT);
    }
}

/// Refusals of every flow of a snapshot.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    by_flow: Vec<OfFlow>,
}

impl Refused {
    /// Nothing refused yet among `flows` flows.
    pub fn new(flows: usize) -> Refused {
        Refused {
            by_flow: vec![OfFlow::default(); flows],
        }
    }

    /// A reason about one flow alone.
    pub fn alone(&mut self, flow: usize, reason: Reason) {
        self.by_flow[flow].add(Refusal {
            other: None,
            rule: None,
            reason,
        });
    }

    /// A pair refused, told to both ends.
    pub fn pair(&mut self, output: usize, input: usize, rule: &RuleId, reason: Reason) {
        let told = |other| Refusal {
            other: Some(other),
            rule: Some(rule.clone()),
            reason: reason.clone(),
        };
        self.by_flow[output].add(told(input));
        self.by_flow[input].add(told(output));
    }

    /// Whether nothing was refused to a flow.
    pub fn is_empty(&self, flow: usize) -> bool {
        self.by_flow[flow].is_empty()
    }

    /// By flow: the nearest refusals and the counts by kind.
    pub fn finish(self) -> Vec<(Vec<Refusal>, BTreeMap<String, u32>)> {
        self.by_flow.into_iter().map(OfFlow::finish).collect()
    }
}
