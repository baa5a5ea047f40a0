//! A plan: what flows on each link, rounded to the scale, with what the mathematics say of it.

use boucle_domain::profile::MONTHS;
use boucle_domain::units::{Amount, Money};

use super::model::{Model, Terminal};

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
    /// Lower bound: the better of our own and the one the solver reports.
    pub bound: f64,
    /// Our own lower bound, from the duals of the linear relaxation.
    pub own_bound: f64,
    /// Whether the search closed the gap it was asked to close.
    pub closed: bool,
}

impl Plan {
    /// A plan in which nothing flows but what is kept from an earlier one.
    pub fn empty(model: &Model) -> Plan {
        let zero = [Amount::ZERO; MONTHS];
        let stock = |terminal: &Terminal| terminal.held.map_or(zero, |held| held.stock);
        let kept: Vec<_> = model
            .links
            .iter()
            .map(|link| link.kept.unwrap_or(zero))
            .collect();
        let received = model.links.iter().zip(&kept);
        Plan {
            received: received
                .map(|(link, kept)| kept.map(|sent| link.ratio.of(sent)))
                .collect(),
            sent: kept,
            source_rest: model.sources.iter().map(Terminal::open).collect(),
            sink_rest: model.sinks.iter().map(Terminal::open).collect(),
            source_stock: model.sources.iter().map(stock).collect(),
            sink_stock: model.sinks.iter().map(stock).collect(),
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

    /// The objective the solver minimised, at the rounded quantities, EUR.
    pub fn objective(&self, model: &Model) -> f64 {
        let year = |months: &[Amount; MONTHS]| months.iter().copied().sum::<Amount>();
        let links = model.links.iter().enumerate().map(|(position, link)| {
            let sent = self.yearly_sent(position);
            let (source, sink) = (&model.sources[link.source], &model.sinks[link.sink]);
            let opened = sent > Amount::ZERO && !link.existing && link.kept.is_none();
            let charge = if opened {
                link.odds * link.charge.euros()
            } else {
                0.0
            };
            super::formulate::unit_cost(link, source, sink) * sent.units() + charge
        });
        let sources = model.sources.iter().zip(&self.source_rest);
        let sinks = model.sinks.iter().zip(&self.sink_rest);
        let rests = sources
            .chain(sinks)
            .map(|(terminal, rest)| super::cost::of_rest(terminal, year(rest)).euros());
        links.sum::<f64>() + rests.sum::<f64>()
    }

    /// The objective before rounding: that of the components, of the terminals in none, and of the
    /// links kept from an earlier plan.
    pub fn unrounded(&self, model: &Model) -> f64 {
        let (mut sources, mut sinks) = (
            vec![false; model.sources.len()],
            vec![false; model.sinks.len()],
        );
        let mut kept = 0.0;
        for (position, link) in model.links.iter().enumerate() {
            if link.kept.is_some() {
                let (source, sink) = (&model.sources[link.source], &model.sinks[link.sink]);
                let unit = super::formulate::unit_cost(link, source, sink);
                kept += unit * self.yearly_sent(position).units();
            } else {
                sources[link.source] = true;
                sinks[link.sink] = true;
            }
        }
        let idle = |terminals: &[Terminal], linked: &[bool]| -> f64 {
            let alone = terminals.iter().zip(linked).filter(|(_, linked)| !**linked);
            let rest = |terminal: &Terminal| super::cost::of_rest(terminal, terminal.open_yearly());
            alone.map(|(terminal, _)| rest(terminal).euros()).sum()
        };
        let solved: f64 = self.proofs.iter().map(|proof| proof.objective).sum();
        solved + kept + idle(&model.sources, &sources) + idle(&model.sinks, &sinks)
    }

    /// Greatest difference that rounding to the scale can make to the objective.
    ///
    /// Each quantity moves by at most [`STEPS`] thousandths in each month, at the price of its link
    /// and of both ends; each sum of money is rounded once.
    pub fn rounding_bound(&self, model: &Model) -> Money {
        let links = model.links.iter().map(|link| {
            let (source, sink) = (&model.sources[link.source], &model.sinks[link.sink]);
            let price = link.cost.euros().abs()
                + link.carbon_cost.euros().abs()
                + source.price.euros().abs()
                + (link.ratio.value() + 1.0) * sink.price.euros().abs();
            price * STEPS * MONTHS as f64 / 1000.0
        });
        let sums = (model.sources.len() + model.sinks.len() + model.links.len()) as f64 * 0.001;
        Money::from_euros(links.sum::<f64>() + sums).unwrap_or(Money::from_milli(i64::MAX))
    }
}

/// Thousandths by which rounding may move one quantity: its own rounding, and what a shared source,
/// need or limit may take off it.
const STEPS: f64 = 3.0;
