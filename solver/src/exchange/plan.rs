//! A plan: what flows on each link, rounded to the scale, with what the mathematics say of it.

use boucle_domain::profile::MONTHS;
use boucle_domain::units::{Amount, Money};

use super::model::Model;

/// Quantities of a plan, one entry per link or terminal of the model.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// Sent by link and month, in source units.
    pub sent: Vec<[Amount; MONTHS]>,
    /// Received by link and month, in sink units: the mid ratio of what is sent, rounded once.
    pub received: Vec<[Amount; MONTHS]>,
    /// Left to the outlet by source and month.
    pub source_rest: Vec<[Amount; MONTHS]>,
    /// Bought as today by sink and month.
    pub sink_rest: Vec<[Amount; MONTHS]>,
    /// Stock at the end of each month by source; zero without storage.
    pub source_stock: Vec<[Amount; MONTHS]>,
    /// Stock at the end of each month by sink.
    pub sink_stock: Vec<[Amount; MONTHS]>,
    /// How each component ended.
    pub proofs: Vec<Proof>,
}

/// What is proven of a component, in EUR of the objective.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Proof {
    /// Objective of the solver's answer, before rounding.
    pub objective: f64,
    /// Proven lower bound: the better of our own and the solver's.
    pub bound: f64,
    /// Whether the search closed the gap it was asked to close.
    pub closed: bool,
}

impl Plan {
    /// A plan in which nothing flows.
    pub fn empty(model: &Model) -> Plan {
        let zero = [Amount::ZERO; MONTHS];
        Plan {
            sent: vec![zero; model.links.len()],
            received: vec![zero; model.links.len()],
            source_rest: model.sources.iter().map(|t| t.monthly).collect(),
            sink_rest: model.sinks.iter().map(|t| t.monthly).collect(),
            source_stock: vec![zero; model.sources.len()],
            sink_stock: vec![zero; model.sinks.len()],
            proofs: Vec::new(),
        }
    }

    /// Sent on a link per year.
    pub fn yearly_sent(&self, link: usize) -> Amount {
        self.sent[link].iter().copied().sum()
    }

    /// Received over a link per year.
    pub fn yearly_received(&self, link: usize) -> Amount {
        self.received[link].iter().copied().sum()
    }

    /// Cost of the plan in private euros, existing links and charges included.
    pub fn cost(&self, model: &Model) -> Money {
        let links = model.links.iter().enumerate().map(|(position, link)| {
            let sent = self.yearly_sent(position);
            let charge = if sent > Amount::ZERO && !link.existing {
                link.charge
            } else {
                Money::ZERO
            };
            link.cost.of(sent) + charge
        });
        let year = |months: &[Amount; MONTHS]| months.iter().copied().sum::<Amount>();
        let sources = model.sources.iter().zip(&self.source_rest);
        let sinks = model.sinks.iter().zip(&self.sink_rest);
        let rests = sources
            .chain(sinks)
            .map(|(terminal, rest)| super::cost::of_rest(terminal, year(rest)));
        links.sum::<Money>() + rests.sum::<Money>()
    }
}
