//! One component written down as a mixed-integer program, one function per constraint family.
//!
//! Columns are numbered in the order in which variables are added here, which is the canonical
//! order of the model: the same component always gives the same arrays.

use std::collections::BTreeMap;
use std::ops::Range;

use boucle_domain::profile::MONTHS;
use boucle_domain::units::Amount;
use boucle_kernel::slope_scaling::Charge;
use good_lp::solvers::highs::{HighsProblem, highs};
use good_lp::{Expression, ProblemVariables, SolverModel, Variable, constraint, variable};

use super::component::Component;
use super::model::{Link, Model, MonthSet, Terminal, WHOLE_YEAR};
use super::{period, season};

/// A component as a program, with the meaning of its columns.
pub(crate) struct Formulation {
    /// The program, ready to be handed over.
    pub problem: HighsProblem,
    /// Periods.
    pub periods: Vec<MonthSet>,
    /// By link of the component: its columns.
    pub links: Vec<LinkColumns>,
    /// By source of the component: stock columns by period, empty without storage.
    pub source_stocks: Vec<Vec<usize>>,
    /// By sink of the component: the same.
    pub sink_stocks: Vec<Vec<usize>>,
}

/// Columns of a link.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LinkColumns {
    /// By period: the column of what is sent; `None` where the ends never meet.
    pub sent: Vec<Option<usize>>,
    /// The column that opens the link; `None` when nothing depends on it.
    pub open: Option<usize>,
    /// For slope scaling.
    pub charge: Option<Charge>,
}

/// The variables of a component while it is being written.
struct Writer<'a> {
    model: &'a Model,
    component: &'a Component,
    periods: Vec<MonthSet>,
    variables: ProblemVariables,
    added: usize,
    objective: Expression,
    constraints: Vec<good_lp::Constraint>,
}

/// Writes a component down.
pub(crate) fn formulate(model: &Model, component: &Component) -> Formulation {
    let periods = period::refine(model, &component.sources, &component.sinks);
    written(model, component, periods)
}

/// Writes a component down with its year as one period: a relaxation, as each of its rows is a sum of
/// rows of [`formulate`] or follows from some.
pub(crate) fn formulate_year(model: &Model, component: &Component) -> Formulation {
    written(model, component, vec![WHOLE_YEAR])
}

fn written(model: &Model, component: &Component, periods: Vec<MonthSet>) -> Formulation {
    let mut writer = Writer {
        model,
        component,
        periods,
        variables: ProblemVariables::new(),
        added: 0,
        objective: Expression::from(0.0),
        constraints: Vec::new(),
    };
    let links: Vec<WrittenLink> = component
        .links
        .iter()
        .map(|&link| writer.link(&model.links[link]))
        .collect();
    let mut leaving: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
    let mut arriving: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
    for (at, &position) in component.links.iter().enumerate() {
        let link = &model.links[position];
        leaving.entry(link.source).or_default().push((at, 1.0));
        arriving
            .entry(link.sink)
            .or_default()
            .push((at, link.ratio.value()));
    }
    let none = Vec::new();
    let source_stocks: Vec<Vec<(usize, Variable)>> = component
        .sources
        .iter()
        .map(|o| writer.source(&model.sources[*o], leaving.get(o).unwrap_or(&none), &links))
        .collect();
    let sink_stocks: Vec<Vec<(usize, Variable)>> = component
        .sinks
        .iter()
        .map(|i| writer.sink(&model.sinks[*i], arriving.get(i).unwrap_or(&none), &links))
        .collect();
    for &group in &component.groups {
        writer.group(group, &links);
    }
    let columns = |stocks: Vec<Vec<(usize, Variable)>>| {
        stocks
            .into_iter()
            .map(|stock| stock.into_iter().map(|(column, _)| column).collect())
            .collect()
    };
    let Writer {
        periods,
        variables,
        objective,
        constraints,
        ..
    } = writer;
    let mut problem = variables.minimise(objective).using(highs);
    for constraint in constraints {
        problem.add_constraint(constraint);
    }
    Formulation {
        problem,
        periods,
        links: links.into_iter().map(|link| link.columns).collect(),
        source_stocks: columns(source_stocks),
        sink_stocks: columns(sink_stocks),
    }
}

/// A link with its variables, for the rows that follow.
struct WrittenLink {
    columns: LinkColumns,
    sent: Vec<Option<Variable>>,
    /// Months in which both ends can move.
    months: MonthSet,
    /// Most it can carry per year, in source units.
    most: f64,
}

impl WrittenLink {
    fn yearly(&self) -> Expression {
        self.sent
            .iter()
            .flatten()
            .map(|&x| Expression::from(x))
            .sum()
    }
}

impl Writer<'_> {
    fn add(&mut self, lower: f64, upper: f64, whole: bool) -> (usize, Variable) {
        let mut definition = variable().min(lower).max(upper);
        if whole {
            definition = definition.integer();
        }
        let column = self.added;
        self.added += 1;
        (column, self.variables.add(definition))
    }

    /// *A closed link carries nothing; an open one is worth a lorry.*
    /// `Σ_p x ≤ U·y`, `Σ_p x ≥ L·y`, `Σ_p x ≥ forced`.
    fn link(&mut self, link: &Link) -> WrittenLink {
        let (source, sink) = (
            &self.model.sources[link.source],
            &self.model.sinks[link.sink],
        );
        let common = source.reachable_months() & sink.reachable_months();
        let most = self.model.most(link).units();
        // Candidates that can never carry their lot are left out before; a model written by hand in
        // a test may still hold one, and then it stays closed.
        let closed = link.forced <= Amount::ZERO && (most <= 0.0 || link.lot.units() > most);
        let mut sent = Vec::with_capacity(self.periods.len());
        let mut sent_columns = Vec::with_capacity(self.periods.len());
        for at in 0..self.periods.len() {
            let months = self.periods[at];
            let moves = !closed && common & months != 0;
            let bounds = moves.then(|| (0.0, self.upper(link, source, sink, months, most)));
            let Some((lower, upper)) = bounds else {
                sent.push(None);
                sent_columns.push(None);
                continue;
            };
            let (column, x) = self.add(lower, upper, false);
            self.objective.add_mul(unit_cost(link, source, sink), x);
            sent.push(Some(x));
            sent_columns.push(Some(column));
        }
        let columns = LinkColumns {
            sent: sent_columns,
            open: None,
            charge: None,
        };
        let mut written = WrittenLink {
            columns,
            sent,
            months: common,
            most,
        };
        if link.existing || closed {
            return written;
        }
        let forced = link.forced.units();
        let charge = link.odds * link.charge.euros();
        let lot = link.lot.units();
        if charge > 0.0 || lot > 0.0 {
            let (column, y) = self.add(if forced > 0.0 { 1.0 } else { 0.0 }, 1.0, true);
            self.objective.add_mul(charge, y);
            self.constraints
                .push(constraint!(written.yearly() <= most * y));
            if lot > 0.0 {
                self.constraints
                    .push(constraint!(written.yearly() >= lot * y));
            }
            written.columns.open = Some(column);
            written.columns.charge = Some(Charge {
                flow_cols: written.columns.sent.iter().flatten().copied().collect(),
                binary_col: column,
                upper: most,
                charge,
                minimum_lot: lot,
            });
        }
        if forced > 0.0 {
            self.constraints
                .push(constraint!(written.yearly() >= forced));
        }
        written
    }

    /// Most a link can carry in a period: what both ends have in it when neither can wait.
    fn upper(
        &self,
        link: &Link,
        source: &Terminal,
        sink: &Terminal,
        months: MonthSet,
        most: f64,
    ) -> f64 {
        if link.existing {
            let by_month = (0..MONTHS).filter(|m| months & (1 << m) != 0).map(|m| {
                source.monthly[m]
                    .units()
                    .min(sink.monthly[m].units() / link.ratio.value())
            });
            return by_month.sum();
        }
        let within = |terminal: &Terminal| {
            if terminal.open_storage().is_some() || terminal.window.is_some() {
                terminal.open_yearly().units()
            } else {
                period::within(&terminal.open(), months).units()
            }
        };
        within(source)
            .min(within(sink) / link.ratio.value())
            .min(most)
    }

    /// *Nothing vanishes at a source.* `Σ_a x + w + k[p] - k[p-1] = s[p]`.
    fn source(
        &mut self,
        terminal: &Terminal,
        flows: &[(usize, f64)],
        links: &[WrittenLink],
    ) -> Vec<(usize, Variable)> {
        self.balance(terminal, flows, links, 1.0)
    }

    /// *Nothing vanishes at a sink.* `Σ_a r·x + z + k[p-1] - k[p] = d[p]`.
    fn sink(
        &mut self,
        terminal: &Terminal,
        flows: &[(usize, f64)],
        links: &[WrittenLink],
    ) -> Vec<(usize, Variable)> {
        self.balance(terminal, flows, links, -1.0)
    }

    /// One terminal: its links, today's outlet or supply, its stock. `gain` is the sign of the stock
    /// at the end of a period: +1 where what is stored leaves later, -1 where it came earlier.
    fn balance(
        &mut self,
        terminal: &Terminal,
        flows: &[(usize, f64)],
        links: &[WrittenLink],
        gain: f64,
    ) -> Vec<(usize, Variable)> {
        let price = terminal.price.euros();
        let sent = |periods: Range<usize>| -> Expression {
            let mut sum = Expression::from(0.0);
            for &(link, weight) in flows {
                for x in links[link].sent[periods.clone()].iter().flatten() {
                    sum.add_mul(weight, *x);
                }
            }
            sum
        };
        let count = self.periods.len();
        let mut rests: Vec<Variable> = Vec::new();
        let mut stocks: Vec<(usize, Variable)> = Vec::new();
        if terminal.window.is_some() {
            // A lot moves once, whenever its window allows: one balance for all of it.
            let total = terminal.open_yearly().units();
            let (_, rest) = self.add(0.0, f64::INFINITY, false);
            self.objective.add_mul(price, rest);
            self.constraints
                .push(constraint!(sent(0..count) + rest == total));
            rests.push(rest);
        } else {
            let amounts: Vec<Amount> = self
                .periods
                .iter()
                .map(|&p| period::within(&terminal.open(), p))
                .collect();
            if let Some(store) = terminal.open_storage().filter(|_| count == MONTHS) {
                let capacity = store.capacity.units();
                stocks = (0..count).map(|_| self.add(0.0, capacity, false)).collect();
            }
            for p in 0..count {
                let (_, rest) = self.add(0.0, f64::INFINITY, false);
                self.objective.add_mul(price, rest);
                let mut left = sent(p..p + 1) + rest;
                if !stocks.is_empty() {
                    left.add_mul(gain, stocks[p].1);
                    left.add_mul(-gain, stocks[(p + count - 1) % count].1);
                }
                self.constraints
                    .push(constraint!(left == amounts[p].units()));
                rests.push(rest);
            }
            if let Some(months) = terminal.open_storage().and_then(|store| store.shelf_months) {
                self.spoilage(&stocks, months, gain, &amounts, |p| {
                    sent(p..p + 1) + rests[p]
                });
            }
        }
        if *self.periods == [WHOLE_YEAR] {
            self.seasons(terminal, flows, links);
        }
        self.paid_anyway(terminal, price, &rests);
        stocks
    }

    /// *A year is made of months.* `Σ_{a within M} x ≤ Σ_{m in M} s[m] + K`, where the months of the
    /// links differ and the year is one period: see [`season`].
    fn seasons(&mut self, terminal: &Terminal, flows: &[(usize, f64)], links: &[WrittenLink]) {
        let spans: Vec<(MonthSet, f64)> = flows
            .iter()
            .map(|&(link, weight)| (links[link].months, weight * links[link].most))
            .collect();
        for limit in season::limits(terminal, &spans) {
            let mut sum = Expression::from(0.0);
            for &(link, weight) in flows {
                if links[link].months & !limit.months == 0 {
                    for x in links[link].sent.iter().flatten() {
                        sum.add_mul(weight, *x);
                    }
                }
            }
            self.constraints.push(constraint!(sum <= limit.most));
        }
    }

    /// *What is kept spoils.* The stock at the end of a period is at most what came in during the
    /// shelf life (first in, first out). At a source that is what was produced, at a sink what arrived.
    fn spoilage(
        &mut self,
        stocks: &[(usize, Variable)],
        months: usize,
        gain: f64,
        produced: &[Amount],
        arrived: impl Fn(usize) -> Expression,
    ) {
        let count = stocks.len();
        if months >= count {
            return;
        }
        for (p, &(_, stock)) in stocks.iter().enumerate() {
            let recent = (0..months).map(|back| (p + count - back) % count);
            let limit: Expression = if gain > 0.0 {
                Expression::from(recent.map(|q| produced[q].units()).sum::<f64>())
            } else {
                recent.map(&arrived).sum()
            };
            self.constraints
                .push(constraint!(Expression::from(stock) <= limit));
        }
    }

    /// *What is paid anyway was used.* `0 ≤ f ≤ m`, `f ≤ Σ_p w`, and `f` takes its price off.
    fn paid_anyway(&mut self, terminal: &Terminal, price: f64, rests: &[Variable]) {
        if terminal.sunk <= Amount::ZERO || price <= 0.0 {
            return;
        }
        let (_, free) = self.add(0.0, terminal.sunk.units(), false);
        self.objective.add_mul(-price, free);
        let used: Expression = rests.iter().map(|&w| Expression::from(w)).sum();
        self.constraints
            .push(constraint!(Expression::from(free) <= used));
    }

    /// *An acceptor takes no more than it may; a supplier covers its share.*
    fn group(&mut self, position: usize, links: &[WrittenLink]) {
        let group = &self.model.groups[position];
        let mut sum = Expression::from(0.0);
        let mut settled = 0.0;
        for &(link, weight) in &group.members {
            if let Some(kept) = &self.model.links[link].kept {
                settled += weight * kept.iter().copied().sum::<Amount>().units();
            }
            let Ok(at) = self.component.links.binary_search(&link) else {
                continue;
            };
            for x in links[at].sent.iter().flatten() {
                sum.add_mul(weight, *x);
            }
        }
        if let Some(high) = group.high {
            self.constraints.push(constraint!(
                sum.clone() <= (high.units() - settled).max(0.0)
            ));
        }
        if let Some(low) = group.low {
            self.constraints
                .push(constraint!(sum >= (low.units() - settled).max(0.0)));
        }
    }
}

/// Cost of a link in the objective, EUR per source unit.
///
/// With odds below 1 the value of the link, not its cost, is discounted: what it would save at the
/// two ends, less its own cost, counts for `odds` of itself.
pub(crate) fn unit_cost(link: &Link, source: &Terminal, sink: &Terminal) -> f64 {
    let cost = link.cost.euros() + link.carbon_cost.euros();
    let avoided = source.price.euros() + link.ratio.value() * sink.price.euros();
    if link.kept.is_some() {
        cost
    } else {
        link.odds * cost + (1.0 - link.odds) * avoided
    }
}
