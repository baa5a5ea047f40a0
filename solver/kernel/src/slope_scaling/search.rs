//! The linear programs solved on the way, and what is kept of them.

use std::cmp::Ordering;
use std::sync::atomic::AtomicBool;

use super::links::Links;
use super::{Settings, Start};
use crate::KernelError;
use crate::highs::{Control, Instance, Options};
use crate::lp::{Lp, Solution, Status};
use crate::tolerances::IMPROVEMENT;

/// Sets of open links kept from the rounds: the one that looks cheapest is often not the best once
/// settled. On two invented instances of 120 links, keeping twelve in place of three brought the start
/// from 1.0 % to 0.4 %, and from 0.6 % to 0.5 %, above the optimum; on three larger ones it changed nothing.
const KEPT: usize = 12;

/// Rounds after each barring: the slopes are near their end by then.
const ROUNDS_AFTER_BARRING: usize = 5;

/// One of this many links below their lots is closed at once, the smallest first; a set of fewer
/// closes them singly. Each closing lifts others over their lots.
const CLOSED_AT_ONCE: usize = 8;

pub(super) struct Search<'a> {
    lp: &'a Lp,
    links: &'a Links<'a>,
    settings: &'a Settings,
    interrupt: Option<&'a AtomicBool>,
    instance: Instance,
    options: Options,
    /// The model's costs without those of the binaries.
    flow_cost: Vec<f64>,
}

/// A set of open links seen in a round, and what it would cost as it stands.
struct Candidate {
    open: Vec<bool>,
    /// Whether a link is below its lot, so that the cost is not yet true.
    short: bool,
    cost: f64,
}

impl Candidate {
    /// Sets that respect the lots first, then the cheaper.
    fn before(&self, other: &Self) -> Ordering {
        self.short
            .cmp(&other.short)
            .then(self.cost.total_cmp(&other.cost))
    }
}

/// A feasible point of the mixed-integer model.
struct Settled {
    values: Vec<f64>,
    objective: f64,
    open: Vec<bool>,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        lp: &'a Lp,
        links: &'a Links<'a>,
        settings: &'a Settings,
        interrupt: Option<&'a AtomicBool>,
    ) -> Result<Self, KernelError> {
        let mut instance = Instance::from_lp(lp)?;
        instance.relax_integrality()?;
        let mut flow_cost = lp.cost.clone();
        for link in 0..links.count() {
            flow_cost[links.charge(link).binary_col] = 0.0;
        }
        Ok(Self {
            lp,
            links,
            settings,
            interrupt,
            instance,
            options: Options {
                warm: true,
                ..settings.options.clone()
            },
            flow_cost,
        })
    }

    pub(super) fn run(mut self) -> Result<Option<Start>, KernelError> {
        let (candidates, relaxation, rounds) = self.scale_slopes()?;
        self.instance.set_costs(&self.flow_cost)?;
        let mut best: Option<Settled> = None;
        for candidate in candidates {
            if let Some(settled) = self.settle(candidate.open)?
                && best
                    .as_ref()
                    .is_none_or(|b| settled.objective < b.objective)
            {
                best = Some(settled);
            }
        }
        let Some(best) = best else {
            return Ok(None);
        };
        let (best, trials) = self.drop_links(best)?;
        Ok(Some(Start {
            values: best.values,
            objective: best.objective,
            open: best.open,
            relaxation,
            rounds,
            trials,
        }))
    }

    /// The rounds: the cheapest sets seen, the optimum of the first round, the number of rounds.
    ///
    /// When the flows repeat, links below their lots are barred, the smallest first, and the rounds go
    /// on with all the others: what they carried may find a link that was not in use before.
    fn scale_slopes(&mut self) -> Result<(Vec<Candidate>, f64, usize), KernelError> {
        let links = self.links;
        let forced = (0..links.count()).filter(|&link| links.forced(link));
        let sunk: f64 = forced.map(|link| links.charge(link).charge).sum();
        let mut slope: Vec<f64> = (0..links.count()).map(|l| links.first_slope(l)).collect();
        let mut candidates: Vec<Candidate> = Vec::new();
        let (mut relaxation, mut rounds, mut since_barred) = (f64::NEG_INFINITY, 0, 0);
        let mut open = vec![true; links.count()];
        let mut held = self.forced();
        let mut barred_last: Vec<usize> = Vec::new();
        loop {
            self.instance.set_costs(&self.sloped_cost(&slope))?;
            let Some(solution) = self.solve()? else {
                if barred_last.is_empty() {
                    break;
                }
                // Not without these: they stay, and their lots are left to `settle`.
                for link in barred_last.drain(..) {
                    open[link] = true;
                    held[link] = true;
                }
                self.set_open(&open, &self.forced())?;
                continue;
            };
            if rounds == 0 {
                relaxation = solution.objective + sunk;
            }
            rounds += 1;
            since_barred += 1;
            keep(&mut candidates, self.candidate(&solution.values));
            let moved = self.rescale(&mut slope, &solution.values);
            let allowed = if open.contains(&false) {
                self.settings.rounds.min(ROUNDS_AFTER_BARRING)
            } else {
                self.settings.rounds
            };
            if moved && since_barred < allowed {
                continue;
            }
            barred_last = self.worth_barring(&open, &held, &solution.values);
            if barred_last.is_empty() {
                break;
            }
            for &link in &barred_last {
                open[link] = false;
            }
            self.set_open(&open, &self.forced())?;
            since_barred = 0;
        }
        Ok((candidates, relaxation, rounds))
    }

    fn forced(&self) -> Vec<bool> {
        (0..self.links.count())
            .map(|l| self.links.forced(l))
            .collect()
    }

    fn sloped_cost(&self, slope: &[f64]) -> Vec<f64> {
        let mut cost = self.flow_cost.clone();
        for (link, slope) in slope.iter().enumerate() {
            for &j in &self.links.charge(link).flow_cols {
                cost[j] += slope;
            }
        }
        cost
    }

    /// Charge over flow for links in use, the last slope for the others; whether any changed.
    fn rescale(&self, slope: &mut [f64], values: &[f64]) -> bool {
        let mut moved = false;
        for (link, slope) in slope.iter_mut().enumerate() {
            let flow = self.links.flow(link, values);
            if self.links.forced(link) || !self.links.in_use(link, flow) {
                continue;
            }
            // A lot will have to be filled: its charge is never spread over less.
            let charge = self.links.charge(link);
            let next = charge.charge / flow.max(charge.minimum_lot);
            moved |= (next - *slope).abs() > IMPROVEMENT * slope.abs().max(1.0);
            *slope = next;
        }
        moved
    }

    fn candidate(&self, values: &[f64]) -> Candidate {
        let open = self.links.open_at(values);
        let flows = self.flow_cost.iter().zip(values).map(|(c, x)| c * x);
        let charges = (0..open.len()).filter(|&link| open[link]);
        let charges = charges.map(|link| self.links.charge(link).charge);
        let short = |link| open[link] && self.links.below_lot(link, self.links.flow(link, values));
        Candidate {
            short: (0..open.len()).any(short),
            cost: flows.sum::<f64>() + charges.sum::<f64>(),
            open,
        }
    }

    /// Closes what a set does not use and what stays below its lot, until every open link is worth
    /// its name; then solves with every binary fixed. `None` when that leads nowhere.
    fn settle(&mut self, mut open: Vec<bool>) -> Result<Option<Settled>, KernelError> {
        // A link whose closing was infeasible is held open, its lot enforced by the model's rows.
        let mut pinned = self.forced();
        let mut closed_last: Vec<usize> = Vec::new();
        loop {
            self.set_open(&open, &pinned)?;
            let Some(solution) = self.solve()? else {
                if closed_last.is_empty() {
                    return Ok(None);
                }
                for link in closed_last.drain(..) {
                    open[link] = true;
                    pinned[link] = true;
                }
                continue;
            };
            closed_last = self.worth_closing(&open, &pinned, &solution.values);
            if closed_last.is_empty() {
                break;
            }
            for &link in &closed_last {
                open[link] = false;
            }
        }
        self.set_open(&open, &open)?;
        let Some(solution) = self.solve()? else {
            return Ok(None);
        };
        let mut values = solution.values;
        // Only a model whose rows do not hold a lot that its charge declares.
        let short = |&link: &usize| {
            open[link] && self.links.below_lot(link, self.links.flow(link, &values))
        };
        if (0..open.len()).any(|link| short(&link)) {
            return Ok(None);
        }
        for (link, open) in open.iter().enumerate() {
            values[self.links.charge(link).binary_col] = f64::from(u8::from(*open));
        }
        let objective = self.lp.objective(&values)?;
        Ok(Some(Settled {
            values,
            objective,
            open,
        }))
    }

    /// All unused links; or else the smallest of those below their lots.
    fn worth_closing(&self, open: &[bool], pinned: &[bool], values: &[f64]) -> Vec<usize> {
        let links = self.links;
        let unused: Vec<usize> = (0..open.len())
            .filter(|&l| open[l] && !pinned[l] && !links.in_use(l, links.flow(l, values)))
            .collect();
        if unused.is_empty() {
            self.worth_barring(open, pinned, values)
        } else {
            unused
        }
    }

    /// The smallest, relative to their lots, of the links in use below their lots.
    fn worth_barring(&self, open: &[bool], held: &[bool], values: &[f64]) -> Vec<usize> {
        let links = self.links;
        let mut below: Vec<(f64, usize)> = (0..open.len())
            .filter(|&link| open[link] && !held[link])
            .map(|link| (links.flow(link, values), link))
            .filter(|&(flow, link)| links.in_use(link, flow) && links.below_lot(link, flow))
            .map(|(flow, link)| (flow / links.charge(link).minimum_lot, link))
            .collect();
        below.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        below.truncate(below.len().div_ceil(CLOSED_AT_ONCE));
        below.into_iter().map(|(_, link)| link).collect()
    }

    /// Tries to close each open link, the dearest per unit first, and goes on from what is better.
    fn drop_links(&mut self, mut best: Settled) -> Result<(Settled, usize), KernelError> {
        let mut trials = 0;
        let mut tried = vec![false; self.links.count()];
        while trials < self.settings.trials && !self.is_interrupted() {
            let Some(link) = self.dearest(&best, &tried) else {
                break;
            };
            tried[link] = true;
            trials += 1;
            let mut open = best.open.clone();
            open[link] = false;
            let Some(settled) = self.settle(open)? else {
                continue;
            };
            let needed = IMPROVEMENT * best.objective.abs().max(1.0);
            if settled.objective < best.objective - needed {
                best = settled;
                // The other links carry other flows now.
                tried.fill(false);
            }
        }
        Ok((best, trials))
    }

    fn dearest(&self, best: &Settled, tried: &[bool]) -> Option<usize> {
        let links = self.links;
        let dearness = |link: usize| {
            let flow = links.flow(link, &best.values).max(f64::MIN_POSITIVE);
            links.charge(link).charge / flow
        };
        (0..links.count())
            .filter(|&link| best.open[link] && !tried[link])
            .filter(|&link| !links.forced(link) && links.charge(link).charge > 0.0)
            .max_by(|&a, &b| dearness(a).total_cmp(&dearness(b)).then(b.cmp(&a)))
    }

    /// Bounds under which closed links carry nothing and held ones have their binary at 1.
    fn set_open(&mut self, open: &[bool], held: &[bool]) -> Result<(), KernelError> {
        let (mut lower, mut upper) = (self.lp.lower.clone(), self.lp.upper.clone());
        for (link, &open) in open.iter().enumerate() {
            let charge = self.links.charge(link);
            let y = charge.binary_col;
            if open && held[link] {
                lower[y] = 1.0;
            } else if !open {
                upper[y] = 0.0;
                for &j in &charge.flow_cols {
                    upper[j] = 0.0;
                }
            }
        }
        self.instance.set_all_bounds(&lower, &upper)
    }

    /// A best point of the linear program as it stands; `None` without one or when interrupted.
    fn solve(&mut self) -> Result<Option<Solution>, KernelError> {
        let control = Control {
            interrupt: self.interrupt,
            progress: None,
        };
        let solution = self.instance.solve(&self.options, None, control)?;
        Ok(Some(solution).filter(|s| s.status == Status::Optimal))
    }

    fn is_interrupted(&self) -> bool {
        Control {
            interrupt: self.interrupt,
            progress: None,
        }
        .is_interrupted()
    }
}

/// Keeps the cheapest few sets, each once, cheapest first; the earlier of two equals stays first.
fn keep(candidates: &mut Vec<Candidate>, new: Candidate) {
    match candidates.iter_mut().find(|c| c.open == new.open) {
        Some(same) if new.before(same).is_lt() => *same = new,
        Some(_) => {}
        None => candidates.push(new),
    }
    candidates.sort_by(Candidate::before);
    candidates.truncate(KEPT);
}
