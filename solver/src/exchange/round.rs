//! From the solver's reals to integers of the scale, without losing or inventing a unit.
//!
//! Donor quantities are rounded, the other end is recomputed from them, and what is left goes to
//! the outlet or is bought as today. A quantity that would overdraw a source, a need or a shared
//! limit by its rounding is lowered by that much.

use boucle_domain::profile::{MONTHS, Profile};
use boucle_domain::units::Amount;

use super::model::{Model, MonthSet, Terminal};
use super::plan::Plan;

/// Real quantities of a component's answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Reals {
    /// Position of a link and what it sends in each period.
    pub sent: Vec<(usize, Vec<(MonthSet, f64)>)>,
    /// Position of a source and its stocks by month.
    pub source_stock: Vec<(usize, [f64; MONTHS])>,
    /// Position of a sink and its stocks by month.
    pub sink_stock: Vec<(usize, [f64; MONTHS])>,
}

/// Rounds an answer into `plan`, whose terminals of this component are still untouched.
pub(crate) fn round_into(plan: &mut Plan, model: &Model, reals: &Reals) {
    for (position, stock) in &reals.source_stock {
        let terminal = &model.sources[*position];
        plan.source_stock[*position] = stocks(terminal, stock, Way::Leaving);
    }
    for (position, stock) in &reals.sink_stock {
        let terminal = &model.sinks[*position];
        plan.sink_stock[*position] = stocks(terminal, stock, Way::Arriving);
    }
    let mut budgets = Budgets::of(plan, model, reals);
    for (position, sent) in &reals.sent {
        let link = &model.links[*position];
        let mut monthly = [Amount::ZERO; MONTHS];
        for &(months, value) in sent {
            let wanted = Amount::from_units(value).unwrap_or(Amount::ZERO);
            let mut left = wanted;
            for (month, part) in over(months, wanted) {
                // What rounding kept out of one month may fit in the next.
                let taken = budgets.take(model, *position, month, monthly[month], part.min(left));
                monthly[month] += taken;
                left -= taken;
            }
            for (month, _) in over(months, wanted) {
                let taken = budgets.take(model, *position, month, monthly[month], left);
                monthly[month] += taken;
                left -= taken;
            }
        }
        plan.sent[*position] = monthly;
        plan.received[*position] = monthly.map(|sent| link.ratio.of(sent));
    }
    budgets.rest_into(plan, model, reals);
}

/// Splits an amount evenly over the months of a period, exactly.
fn over(months: MonthSet, amount: Amount) -> Vec<(usize, Amount)> {
    let weights: [u32; MONTHS] = std::array::from_fn(|m| u32::from(months & (1 << m) != 0));
    let parts = Profile::Monthly(weights).split(amount);
    (0..MONTHS)
        .filter(|m| months & (1 << m) != 0)
        .map(|m| (m, parts[m]))
        .collect()
}

/// Which side of a stock the links stand on.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Leaving,
    Arriving,
}

/// Rounded stocks that leave no month with less than nothing to give (or to take).
fn stocks(terminal: &Terminal, reals: &[f64; MONTHS], way: Way) -> [Amount; MONTHS] {
    let capacity = terminal
        .storage
        .map_or(Amount::ZERO, |store| store.capacity);
    let mut stock: [Amount; MONTHS] = reals.map(|value| {
        Amount::from_units(value)
            .unwrap_or(Amount::ZERO)
            .clamp(Amount::ZERO, capacity)
    });
    // Lowering a stock may leave the next month short in turn: at most one round of the year.
    for step in 0..2 * MONTHS {
        let (month, before) = (step % MONTHS, (step + MONTHS - 1) % MONTHS);
        match way {
            Way::Leaving => {
                stock[month] = stock[month].min(stock[before] + terminal.monthly[month])
            }
            Way::Arriving => {
                stock[before] = stock[before].min(stock[month] + terminal.monthly[month])
            }
        }
    }
    stock
}

/// What each terminal and each shared limit can still carry.
struct Budgets {
    source: Vec<(usize, [Amount; MONTHS])>,
    sink: Vec<(usize, [Amount; MONTHS])>,
    source_place: std::collections::BTreeMap<usize, usize>,
    sink_place: std::collections::BTreeMap<usize, usize>,
    groups: std::collections::BTreeMap<usize, Vec<(usize, f64)>>,
    group_left: std::collections::BTreeMap<usize, f64>,
}

impl Budgets {
    fn of(plan: &Plan, model: &Model, reals: &Reals) -> Budgets {
        let mut budgets = Budgets {
            source: Vec::new(),
            sink: Vec::new(),
            source_place: Default::default(),
            sink_place: Default::default(),
            groups: Default::default(),
            group_left: Default::default(),
        };
        for (position, _) in &reals.sent {
            let link = &model.links[*position];
            budgets.source_place.entry(link.source).or_insert_with(|| {
                let available = available(
                    &model.sources[link.source],
                    &plan.source_stock[link.source],
                    Way::Leaving,
                );
                budgets.source.push((link.source, available));
                budgets.source.len() - 1
            });
            budgets.sink_place.entry(link.sink).or_insert_with(|| {
                let available = available(
                    &model.sinks[link.sink],
                    &plan.sink_stock[link.sink],
                    Way::Arriving,
                );
                budgets.sink.push((link.sink, available));
                budgets.sink.len() - 1
            });
        }
        for (position, group) in model.groups.iter().enumerate() {
            let Some(high) = group.high else { continue };
            let settled = group.members.iter().filter_map(|&(link, weight)| {
                let kept = model.links[link].kept?;
                Some(weight * kept.iter().copied().sum::<Amount>().units())
            });
            budgets
                .group_left
                .insert(position, high.units() - settled.sum::<f64>());
            for &(link, weight) in &group.members {
                budgets
                    .groups
                    .entry(link)
                    .or_default()
                    .push((position, weight));
            }
        }
        budgets
    }

    /// Takes as much of `wanted` as the budgets hold, `already` having been taken for the same link
    /// and month: what is received is rounded once, on their sum.
    fn take(
        &mut self,
        model: &Model,
        position: usize,
        month: usize,
        already: Amount,
        wanted: Amount,
    ) -> Amount {
        let link = &model.links[position];
        let source = &mut self.source[self.source_place[&link.source]].1;
        let sink = &mut self.sink[self.sink_place[&link.sink]].1;
        // A lot holds all of its amount in one place, whatever the month it moves in.
        let from = lot_month(&model.sources[link.source]).unwrap_or(month);
        let to = lot_month(&model.sinks[link.sink]).unwrap_or(month);
        let mut sent = wanted.clamp(Amount::ZERO, source[from].max(Amount::ZERO));
        for (group, weight) in self.groups.get(&position).into_iter().flatten() {
            let left = self.group_left.get(group).copied().unwrap_or(f64::INFINITY);
            if *weight > 0.0 && sent.units() * weight > left {
                let fitting = ((left / weight) * 1000.0).floor().max(0.0) as i64;
                sent = Amount::from_milli(fitting).min(sent);
            }
        }
        let received = |sent: Amount| link.ratio.of(already + sent) - link.ratio.of(already);
        if received(sent) > sink[to] {
            let fitting = (sink[to].milli() as f64 / link.ratio.value())
                .floor()
                .max(0.0) as i64;
            let step = Amount::from_milli(1);
            sent = sent.min(Amount::from_milli(fitting) + step);
            while sent > Amount::ZERO && received(sent) > sink[to] {
                sent -= step;
            }
        }
        source[from] -= sent;
        sink[to] -= received(sent);
        for (group, weight) in self.groups.get(&position).into_iter().flatten() {
            if let Some(left) = self.group_left.get_mut(group) {
                *left -= sent.units() * weight;
            }
        }
        sent
    }

    /// What is left becomes outlet and supply.
    fn rest_into(self, plan: &mut Plan, model: &Model, reals: &Reals) {
        for (position, left) in self.source {
            plan.source_rest[position] = left;
        }
        for (position, left) in self.sink {
            plan.sink_rest[position] = left;
        }
        // A stocked terminal without links still stocks nothing: its rest is its declaration.
        for (position, _) in &reals.source_stock {
            if !self.source_place.contains_key(position) {
                plan.source_stock[*position] = [Amount::ZERO; MONTHS];
                plan.source_rest[*position] = model.sources[*position].monthly;
            }
        }
        for (position, _) in &reals.sink_stock {
            if !self.sink_place.contains_key(position) {
                plan.sink_stock[*position] = [Amount::ZERO; MONTHS];
                plan.sink_rest[*position] = model.sinks[*position].monthly;
            }
        }
    }
}

/// What a terminal can give or take in each month, its stocks being set.
fn available(terminal: &Terminal, stock: &[Amount; MONTHS], way: Way) -> [Amount; MONTHS] {
    std::array::from_fn(|month| {
        let before = stock[(month + MONTHS - 1) % MONTHS];
        match way {
            _ if terminal.held.is_some() => terminal.open()[month],
            Way::Leaving => terminal.monthly[month] + before - stock[month],
            Way::Arriving => terminal.monthly[month] + stock[month] - before,
        }
    })
}

/// The month that holds a lot's amount.
fn lot_month(terminal: &Terminal) -> Option<usize> {
    terminal
        .window
        .map(|window| (window.trailing_zeros() as usize).min(MONTHS - 1))
}
