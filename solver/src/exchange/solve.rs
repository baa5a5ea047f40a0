//! Components solved in parallel, each exactly or with its gap known.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use boucle_domain::profile::MONTHS;
use boucle_domain::settings::Settings;
use boucle_kernel::certificate::{self, Certificate};
use boucle_kernel::highs::{Control as Watch, Instance, Options, relaxation};
use boucle_kernel::lp::{Lp, Solution, Status};
use boucle_kernel::slope_scaling;
use good_lp::solvers::highs::HighsProblem;
use rayon::prelude::*;

use super::component::{Component, components};
use super::formulate::{Formulation, LinkColumns, formulate};
use super::model::{Model, MonthSet};
use super::plan::{Plan, Proof};
use super::round::{Reals, round_into};
use super::{conflict, narrow};
use crate::SolveError;
use crate::control::{Control, ModelText, Stage};

/// Our own lower bound of each component, without any search: what its linear relaxation proves.
///
/// # Errors
/// [`SolveError::Kernel`] and [`SolveError::Model`], faults of ours.
pub(crate) fn own_bounds(model: &Model) -> Result<Vec<f64>, SolveError> {
    let one = |component: &Component| {
        if narrow::concerns(model, component) {
            return narrow::own_bound(model, component);
        }
        let lp = handed_over(formulate(model, component).problem)?.lp()?;
        relaxed_bound(&lp)
    };
    components(model).par_iter().map(one).collect()
}

/// Our own lower bound of a model: that of its linear relaxation.
pub(super) fn relaxed_bound(lp: &Lp) -> Result<f64, SolveError> {
    let relaxed = relaxation(lp, &Options::default(), Watch::default())?;
    Ok(certificate::lower_bound(lp, &relaxed.row_duals)?.value)
}

/// A component with its answer, before rounding.
pub(super) struct Solved {
    /// Quantities.
    pub reals: Reals,
    /// What is proven of them.
    pub proof: Proof,
}

/// Solves `model`, component by component, largest first, and rounds the answer to the scale.
///
/// The components are independent and the result is assembled in their canonical order, so the
/// number of threads changes nothing.
///
/// # Errors
/// [`SolveError::Conflict`] when forced links or shares contradict each other, each named;
/// [`SolveError::Cancelled`]; [`SolveError::Kernel`] and [`SolveError::Certificate`] are ours.
pub(crate) fn solve(
    model: &Model,
    settings: &Settings,
    control: &Control<'_>,
    stage: Stage,
    label: &str,
) -> Result<Plan, SolveError> {
    let components = components(model);
    let mut order: Vec<usize> = (0..components.len()).collect();
    order.sort_by_key(|&c| (std::cmp::Reverse(components[c].links.len()), c));
    let done = AtomicUsize::new(0);
    control.report(stage, 0, components.len());
    let slots: Vec<Mutex<Option<Result<Solved, SolveError>>>> =
        components.iter().map(|_| Mutex::new(None)).collect();
    order.par_iter().with_max_len(1).for_each(|&position| {
        let name = format!("{label}-{:04}", position + 1);
        let solved = if control.is_cancelled() {
            Err(SolveError::Cancelled)
        } else {
            solve_component(model, &components[position], settings, control, &name)
        };
        if let Ok(mut slot) = slots[position].lock() {
            *slot = Some(solved);
        }
        control.report(
            stage,
            done.fetch_add(1, Ordering::Relaxed) + 1,
            components.len(),
        );
    });
    let mut plan = Plan::empty(model);
    for slot in slots {
        let solved = slot
            .into_inner()
            .ok()
            .flatten()
            .ok_or(SolveError::Cancelled)??;
        round_into(&mut plan, model, &solved.reals);
        plan.proofs.push(solved.proof);
    }
    Ok(plan)
}

/// Solves one component, and hands its model to who wants it.
fn solve_component(
    model: &Model,
    component: &Component,
    settings: &Settings,
    control: &Control<'_>,
    name: &str,
) -> Result<Solved, SolveError> {
    let task = Task {
        model,
        settings,
        control,
        name,
        work: WORK,
    };
    let solved = if narrow::concerns(model, component) {
        narrow::solve(&task, component, &narrow::SIZES)?
    } else {
        answer(&task, component, formulate(model, component))?.solved(component)
    };
    if let Some(write) = control.models {
        let lp = handed_over(formulate(model, component).problem)?.lp()?;
        write(ModelText {
            name,
            mps: &boucle_kernel::mps::write(&lp, None)?,
            objective: solved.proof.objective,
        });
    }
    Ok(solved)
}

/// What every step towards the answer of a component needs.
pub(super) struct Task<'a> {
    /// The whole model.
    pub model: &'a Model,
    /// What the user decides.
    pub settings: &'a Settings,
    /// How the caller watches.
    pub control: &'a Control<'a>,
    /// Plan and component: `firm-0001`.
    pub name: &'a str,
    /// Rows times simplex iterations of a search at most.
    pub work: usize,
}

/// A component as it was written down, with its certified answer.
pub(super) struct Answered {
    periods: Vec<MonthSet>,
    links: Vec<LinkColumns>,
    source_stocks: Vec<Vec<usize>>,
    sink_stocks: Vec<Vec<usize>>,
    values: Vec<f64>,
    /// What is proven of it.
    pub proof: Proof,
}

/// Solves a component as it is written down, and certifies the answer.
pub(super) fn answer(
    task: &Task<'_>,
    component: &Component,
    formulation: Formulation,
) -> Result<Answered, SolveError> {
    let Formulation {
        problem,
        periods,
        links,
        source_stocks,
        sink_stocks,
    } = formulation;
    let control = task.control;
    let mut instance = handed_over(problem)?;
    let lp = instance.lp()?;
    let charges = charges(&links);
    let answer = if charges.is_empty() {
        let solution = instance.solve(
            &Options::default(),
            None,
            Watch::interrupted_by(control.cancel),
        )?;
        Answer {
            solution,
            duals: None,
        }
    } else {
        charged(&lp, &charges, task)?
    };
    if control.is_cancelled() {
        return Err(SolveError::Cancelled);
    }
    let Answer { solution, duals } = answer;
    if !solution.status.has_point() {
        return Err(no_answer(task, component, solution.status));
    }
    let certificate = certificate::certify(&lp, &solution, duals.as_deref())?;
    certificate::verify(&certificate, &certificate::Tolerances::default()).map_err(|breaches| {
        SolveError::Certificate {
            component: task.name.to_owned(),
            breaches: format!("{breaches:?}"),
        }
    })?;
    Ok(Answered {
        periods,
        links,
        source_stocks,
        sink_stocks,
        proof: proof(&solution, &certificate),
        values: solution.values,
    })
}

impl Answered {
    /// Whether the link at a place in the component may carry anything.
    fn opened(&self, at: usize) -> bool {
        self.links[at]
            .open
            .is_none_or(|column| self.values[column] > 0.5)
    }

    /// Positions in the model of the links that may carry anything, ascending.
    pub fn open_links(&self, component: &Component) -> Vec<usize> {
        let open = (0..self.links.len()).filter(|&at| self.opened(at));
        open.map(|at| component.links[at]).collect()
    }

    /// Quantities, with what is proven of them.
    pub fn solved(&self, component: &Component) -> Solved {
        let stock = |columns: &[usize]| {
            std::array::from_fn(|m| columns.get(m).map_or(0.0, |&c| self.values[c]))
        };
        let sent = |at: usize| by_period(&self.periods, &self.links[at].sent, &self.values);
        let reals = Reals {
            sent: (0..self.links.len())
                .filter(|&at| self.opened(at))
                .map(|at| (component.links[at], sent(at)))
                .collect(),
            source_stock: stocked(&component.sources, &self.source_stocks, stock),
            sink_stock: stocked(&component.sinks, &self.sink_stocks, stock),
        };
        Solved {
            reals,
            proof: self.proof,
        }
    }
}

/// Why a component has no answer: limits of the user's that contradict each other, or a fault of ours.
pub(super) fn no_answer(task: &Task<'_>, component: &Component, status: Status) -> SolveError {
    if status == Status::Infeasible {
        let conflicts = conflict::find(task.model, component);
        if !conflicts.is_empty() {
            return SolveError::Conflict(conflicts);
        }
    }
    SolveError::NoAnswer {
        component: task.name.to_owned(),
        status: format!("{status:?}"),
    }
}

/// A written problem in the hands of the solver.
pub(super) fn handed_over(problem: HighsProblem) -> Result<Instance, SolveError> {
    let handed = problem
        .try_into_inner()
        .map_err(|error| SolveError::Model(error.to_string()))?;
    Ok(Instance::from_model(handed)?)
}

/// The charges of the links that have one.
pub(super) fn charges(links: &[LinkColumns]) -> Vec<slope_scaling::Charge> {
    links
        .iter()
        .filter_map(|link| link.charge.clone())
        .collect()
}

/// A solution with the duals of its relaxation, when it is a mixed-integer one.
struct Answer {
    solution: Solution,
    duals: Option<Vec<f64>>,
}

/// A good answer by slope scaling, reduction by reduced costs, then branch and bound from there.
///
/// The reduction is exact, so a search that ends within its limits has proven its answer; one that
/// does not keeps the best answer it has, with its gap.
fn charged(
    lp: &Lp,
    charges: &[slope_scaling::Charge],
    task: &Task<'_>,
) -> Result<Answer, SolveError> {
    let cancel = task.control.cancel;
    let watch = || Watch::interrupted_by(cancel);
    let relaxed = relaxation(lp, &Options::default(), watch())?;
    if !relaxed.status.has_point() {
        return Ok(Answer {
            solution: relaxed,
            duals: None,
        });
    }
    let every = slope_scaling::Settings::default();
    let search = slope_scaling::Settings {
        trials: every.trials.min(TRIAL_ROWS / lp.rows().max(1)),
        ..every
    };
    let start = slope_scaling::search(lp, charges, &search, Some(cancel))?;
    let mut instance = Instance::from_lp(lp)?;
    if let Some(start) = &start {
        // Opening a link whose reduced cost alone exceeds what is left to gain cannot be better.
        let room = start.objective - relaxed.objective + ROOM_MARGIN;
        for charge in charges {
            let column = charge.binary_col;
            if relaxed.reduced_costs[column] > room && lp.lower[column] < 0.5 {
                instance.set_bounds(column, 0.0, 0.0)?;
                for &flow in &charge.flow_cols {
                    instance.set_bounds(flow, 0.0, 0.0)?;
                }
            }
        }
    }
    let values = start.as_ref().map(|start| start.values.as_slice());
    let mut solution = instance.solve(&limited(task, lp), values, watch())?;
    // A limit that comes before the search has taken up its start leaves the start as the answer.
    if let Some(start) = start.filter(|start| start.objective < solution.objective)
        && matches!(solution.status, Status::Limit | Status::Feasible)
    {
        solution.status = Status::Feasible;
        solution.objective = start.objective;
        solution.values = start.values;
    }
    Ok(Answer {
        solution,
        duals: Some(relaxed.row_duals),
    })
}

/// The scale of money: a gap below it cannot be told from none.
pub(super) const MONEY_SCALE: f64 = 0.001;

/// Rows times simplex iterations of a search at most: some ten seconds on one core of 2026.
pub(super) const WORK: usize = 100_000_000;

/// Rows times links tried for closing at most: each trial is a few linear programs.
const TRIAL_ROWS: usize = 400_000;

/// Euros added to the room of a reduction, so that rounding never closes a link of an optimum.
const ROOM_MARGIN: f64 = 0.01;

/// Options of a mixed-integer search. Linear programs are solved to their end: they are polynomial,
/// and a bound needs their optimum.
fn limited(task: &Task<'_>, lp: &Lp) -> Options {
    let settings = task.settings;
    // An iteration costs about as much as the model has rows.
    let affordable = u32::try_from(task.work / lp.rows().max(1)).unwrap_or(u32::MAX);
    Options {
        mip_rel_gap: settings.relative_gap.max(0.0),
        mip_abs_gap: MONEY_SCALE,
        node_limit: Some(settings.node_limit),
        simplex_iteration_limit: Some(settings.iteration_limit.min(affordable)),
        ..Options::default()
    }
}

fn proof(solution: &Solution, certificate: &Certificate) -> Proof {
    // Without duals there is no bound of ours; the lowest number is one, and can be written down.
    let own_bound = certificate.lower_bound.value.max(f64::MIN);
    Proof {
        objective: certificate.objective,
        bound: own_bound.max(solution.bound.value.min(solution.objective)),
        own_bound,
        closed: solution.status == Status::Optimal,
    }
}

/// Quantities of a link by period.
fn by_period(
    periods: &[MonthSet],
    columns: &[Option<usize>],
    values: &[f64],
) -> Vec<(MonthSet, f64)> {
    let sent = periods.iter().zip(columns);
    sent.filter_map(|(&months, column)| column.map(|column| (months, values[column].max(0.0))))
        .collect()
}

fn stocked(
    positions: &[usize],
    columns: &[Vec<usize>],
    stock: impl Fn(&[usize]) -> [f64; MONTHS],
) -> Vec<(usize, [f64; MONTHS])> {
    let with_stock = positions
        .iter()
        .zip(columns)
        .filter(|(_, columns)| !columns.is_empty());
    with_stock
        .map(|(&position, columns)| (position, stock(columns)))
        .collect()
}
