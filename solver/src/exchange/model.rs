//! The zone as a generalised network with link charges: what is solved, apart from who declared it.

use boucle_domain::profile::MONTHS;
use boucle_domain::units::{Amount, Money, Price, Ratio};

/// A set of months, January in bit 0.
pub(crate) type MonthSet = u16;

/// Every month.
pub(crate) const WHOLE_YEAR: MonthSet = (1 << MONTHS) - 1;

/// One end of links: a source or a sink.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Terminal {
    /// Position of the flow in the snapshot.
    pub flow: usize,
    /// Declared amounts by month; for a lot, all of it stands in the first month of its window.
    pub monthly: [Amount; MONTHS],
    /// Months in which a lot can move; `None` for a rate.
    pub window: Option<MonthSet>,
    /// Storage between months.
    pub storage: Option<Store>,
    /// Avoidable price of today's outlet or supply.
    pub price: Price,
    /// Part of the year's outlet or supply that is paid whether used or not.
    pub sunk: Amount,
    /// What links kept from an earlier plan leave of it; `None` when none touches it.
    pub held: Option<Held>,
}

/// A terminal that an earlier plan has already drawn on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// Left to the outlet, or still bought as today, by month.
    pub left: [Amount; MONTHS],
    /// Stock at the end of each month, which stays as it was planned.
    pub stock: [Amount; MONTHS],
}

impl Terminal {
    /// Declared per year.
    pub fn yearly(&self) -> Amount {
        self.monthly.iter().copied().sum()
    }

    /// What is open to new links by month: all of it, or what an earlier plan left.
    pub fn open(&self) -> [Amount; MONTHS] {
        self.held.map_or(self.monthly, |held| held.left)
    }

    /// The same per year.
    pub fn open_yearly(&self) -> Amount {
        self.open().iter().copied().sum()
    }

    /// Storage open to new links: none where an earlier plan has set the stock.
    pub fn open_storage(&self) -> Option<Store> {
        self.storage.filter(|_| self.held.is_none())
    }

    /// Months in which new links can move anything, storage included.
    pub fn reachable_months(&self) -> MonthSet {
        let open = self.open();
        if open.iter().all(|&amount| amount <= Amount::ZERO) {
            0
        } else if self.open_storage().is_some() {
            WHOLE_YEAR
        } else {
            self.window.unwrap_or_else(|| {
                (0..MONTHS)
                    .filter(|&m| open[m] > Amount::ZERO)
                    .fold(0, |set, m| set | 1 << m)
            })
        }
    }
}

/// Room to wait between months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Store {
    /// Greatest stock.
    pub capacity: Amount,
    /// Months a unit may wait; `None` when it does not spoil.
    pub shelf_months: Option<usize>,
}

/// A candidate link with its coefficients.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Link {
    /// Source position.
    pub source: usize,
    /// Sink position.
    pub sink: usize,
    /// Sink units per source unit.
    pub ratio: Ratio,
    /// Treatment, transport and residue per source unit, in private euros.
    pub cost: Price,
    /// What CO2 adds to (or, negative, takes off) the objective per source unit; zero by default.
    pub carbon_cost: Price,
    /// Yearly cost of the open link.
    pub charge: Money,
    /// Smallest yearly quantity of an open link.
    pub lot: Amount,
    /// Quantity per year the user demands.
    pub forced: Amount,
    /// What the link already carries today: it may carry no more, and costs nothing.
    pub existing: bool,
    /// Odds the value is discounted by; 1 counts it whole.
    pub odds: f64,
    /// Kept at these monthly quantities: a link of a plan solved before.
    pub kept: Option<[Amount; MONTHS]>,
}

/// Links that share a limit on a weighted yearly sum, in the unit of the limit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    /// What the limit is, for messages.
    pub origin: GroupOrigin,
    /// Positions of links with the units of the limit per source unit.
    pub members: Vec<(usize, f64)>,
    /// At least.
    pub low: Option<Amount>,
    /// At most.
    pub high: Option<Amount>,
}

/// Where a group comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GroupOrigin {
    /// The yearly limit of an agreement: position of the site, reference.
    Agreement(usize, String),
    /// A share the user set: position in the settings.
    SupplierShare(usize),
}

/// The whole model. Sources, sinks and links stand in the order of their stable keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Model {
    /// Outputs.
    pub sources: Vec<Terminal>,
    /// Needs.
    pub sinks: Vec<Terminal>,
    /// Links, by source, then sink, then rule.
    pub links: Vec<Link>,
    /// Shared limits.
    pub groups: Vec<Group>,
}

impl Model {
    /// Most that a link can ever carry per year, in source units.
    ///
    /// The yearly minimum of both ends; by month where neither can wait.
    pub fn most(&self, link: &Link) -> Amount {
        let (source, sink) = (&self.sources[link.source], &self.sinks[link.sink]);
        let ratio = link.ratio.value();
        let yearly = |source: Amount, sink: Amount| {
            let taken = Amount::from_units(sink.units() / ratio).unwrap_or(source);
            source.min(taken)
        };
        let common = source.reachable_months() & sink.reachable_months();
        if common == 0 {
            return Amount::ZERO;
        }
        let free =
            |terminal: &Terminal| terminal.open_storage().is_some() || terminal.window.is_some();
        if free(source) || free(sink) {
            return yearly(source.open_yearly(), sink.open_yearly());
        }
        let (offered, needed) = (source.open(), sink.open());
        let by_month: Amount = (0..MONTHS).map(|m| yearly(offered[m], needed[m])).sum();
        by_month.min(yearly(source.open_yearly(), sink.open_yearly()))
    }

    /// Euros saved per source unit, at best: both ends' avoidable prices less the link's own cost.
    pub fn unit_saving(&self, link: &Link) -> f64 {
        let (source, sink) = (&self.sources[link.source], &self.sinks[link.sink]);
        source.price.euros() + link.ratio.value() * sink.price.euros() - link.cost.euros()
    }
}
