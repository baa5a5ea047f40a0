//! Components solved in parallel, each exactly or with its gap known.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use boucle_domain::profile::MONTHS;
use boucle_domain::settings::Settings;
use boucle_kernel::certificate::{self, Certificate};
use boucle_kernel::highs::{Control as Watch, Instance, Options, relaxation};
use boucle_kernel::lp::{Lp, Solution, Status};
use boucle_kernel::slope_scaling;
use rayon::prelude::*;

use super::component::{Component, components};
use super::conflict;
use super::formulate::{Formulation, formulate};
use super::model::{Model, MonthSet};
use super::plan::{Plan, Proof};
use super::round::{Reals, round_into};
use crate::SolveError;
use crate::control::{Control, ModelText, Stage};

/// Our own lower bound of each component, without any search: what its linear relaxation proves.
///
/// # Errors
/// [`SolveError::Kernel`] and [`SolveError::Model`], faults of ours.
pub(crate) fn own_bounds(model: &Model) -> Result<Vec<f64>, SolveError> {
    let one = |component: &Component| {
        let problem = formulate(model, component).problem;
        let handed = problem
            .try_into_inner()
            .map_err(|error| SolveError::Model(error.to_string()))?;
        let lp = Instance::from_model(handed)?.lp()?;
        let relaxed = relaxation(&lp, &Options::default(), Watch::default())?;
        Ok(certificate::lower_bound(&lp, &relaxed.row_duals)?.value)
    };
    components(model).par_iter().map(one).collect()
}

/// A component with its answer, before rounding.
struct Solved {
    reals: Reals,
    proof: Proof,
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

/// Solves one component.
fn solve_component(
    model: &Model,
    component: &Component,
    settings: &Settings,
    control: &Control<'_>,
    name: &str,
) -> Result<Solved, SolveError> {
    let Formulation {
        problem,
        periods,
        links,
        source_stocks,
        sink_stocks,
        ..
    } = formulate(model, component);
    let handed = problem
        .try_into_inner()
        .map_err(|error| SolveError::Model(error.to_string()))?;
    let mut instance = Instance::from_model(handed)?;
    let lp = instance.lp()?;
    let charges: Vec<slope_scaling::Charge> = links
        .iter()
        .filter_map(|link| link.charge.clone())
        .collect();
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
        charged(&lp, &charges, settings, control)?
    };
    if control.is_cancelled() {
        return Err(SolveError::Cancelled);
    }
    let Answer { solution, duals } = answer;
    match solution.status {
        Status::Optimal | Status::Feasible => {}
        Status::Infeasible => {
            let conflicts = conflict::find(model, component);
            // Without limits of the user's a model is feasible: then the fault is ours, not his.
            if !conflicts.is_empty() {
                return Err(SolveError::Conflict(conflicts));
            }
            return Err(SolveError::NoAnswer {
                component: name.to_owned(),
                status: format!("{:?}", solution.status),
            });
        }
        Status::Unbounded | Status::Limit => {
            return Err(SolveError::NoAnswer {
                component: name.to_owned(),
                status: format!("{:?}", solution.status),
            });
        }
    }
    let certificate = certificate::certify(&lp, &solution, duals.as_deref())?;
    certificate::verify(&certificate, &certificate::Tolerances::default()).map_err(|breaches| {
        SolveError::Certificate {
            component: name.to_owned(),
            breaches: format!("{breaches:?}"),
        }
    })?;
    let stock = |columns: &[usize]| {
        std::array::from_fn(|m| columns.get(m).map_or(0.0, |&c| solution.values[c]))
    };
    if let Some(write) = control.models {
        let mps = boucle_kernel::mps::write(&lp, None)?;
        write(ModelText {
            name,
            mps: &mps,
            objective: certificate.objective,
        });
    }
    let opened = |at: usize| {
        links[at]
            .open
            .is_none_or(|column| solution.values[column] > 0.5)
    };
    let reals = Reals {
        sent: (0..links.len())
            .filter(|&at| opened(at))
            .map(|at| {
                (
                    component.links[at],
                    by_period(&periods, &links[at].sent, &solution.values),
                )
            })
            .collect(),
        source_stock: stocked(&component.sources, &source_stocks, stock),
        sink_stock: stocked(&component.sinks, &sink_stocks, stock),
    };
    Ok(Solved {
        reals,
        proof: proof(&solution, &certificate),
    })
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
    settings: &Settings,
    control: &Control<'_>,
) -> Result<Answer, SolveError> {
    let watch = || Watch::interrupted_by(control.cancel);
    let relaxed = relaxation(lp, &Options::default(), watch())?;
    if !relaxed.status.has_point() {
        return Ok(Answer {
            solution: relaxed,
            duals: None,
        });
    }
    let search = slope_scaling::Settings::default();
    let start = slope_scaling::search(lp, charges, &search, Some(control.cancel))?;
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
    let mut solution = instance.solve(&limited(settings), values, watch())?;
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
const MONEY_SCALE: f64 = 0.001;

/// Euros added to the room of a reduction, so that rounding never closes a link of an optimum.
const ROOM_MARGIN: f64 = 0.01;

/// Options of a mixed-integer search. Linear programs are solved to their end: they are polynomial,
/// and a bound needs their optimum.
fn limited(settings: &Settings) -> Options {
    Options {
        mip_rel_gap: settings.relative_gap.max(0.0),
        mip_abs_gap: MONEY_SCALE,
        node_limit: Some(settings.node_limit),
        simplex_iteration_limit: Some(settings.iteration_limit),
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
