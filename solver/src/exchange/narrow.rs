//! Components that are large, or whose months differ: which links to open is chosen on the year, how
//! much each carries is solved by month on those alone.
//!
//! The year as one period is a relaxation of the months, so what bounds it bounds them. With few
//! links left open the component falls into small pieces, each solved exactly.

use boucle_kernel::lp::Status;
use boucle_kernel::spread::{self, Spread};
use boucle_kernel::{certificate, highs};
use rayon::prelude::*;

use super::component::{Component, held_together};
use super::formulate::{formulate, formulate_year};
use super::leftover::{extract, left_over, localised, worthwhile};
use super::model::Model;
use super::period;
use super::plan::Proof;
use super::round::Reals;
use super::solve::{
    MONEY_SCALE, Solved, Task, answer, charges, handed_over, no_answer, relaxed_bound,
};
use crate::SolveError;

/// Numbers of links at which the way of solving a component changes.
pub(super) struct Sizes {
    /// Above it the year is settled by slope scaling alone.
    pub large: usize,
    /// Up to it a component that its year has not settled is solved with all its months and links.
    pub small: usize,
}

/// Measured on generated zones of 100 to 10 000 firms: a search over a year of a thousand links ends
/// within seconds, one over all the months of four hundred too.
pub(super) const SIZES: Sizes = Sizes {
    large: 1_000,
    small: 400,
};

/// Rounds of slope scaling of a large year: the flows seldom move after thirty.
const ROUNDS: usize = 40;

/// Times that what an answer leaves is looked at again.
const IMPROVEMENTS: usize = 4;

/// Rows times simplex iterations of a piece at most, about a second: its gap is told by the year, not
/// by its own proof.
const WORK_OF_PIECE: usize = 10_000_000;

/// Whether a component is solved this way.
pub(super) fn concerns(model: &Model, component: &Component) -> bool {
    let free = |&link: &usize| !model.links[link].existing;
    component.links.iter().any(free)
        && (component.links.len() > SIZES.large
            || period::refine(model, &component.sources, &component.sinks).len() > 1)
}

/// Our own lower bound of a component that is solved this way, without any search.
pub(super) fn own_bound(model: &Model, component: &Component) -> Result<f64, SolveError> {
    let year = formulate_year(model, component);
    let charges = charges(&year.links);
    let lp = handed_over(year.problem)?.lp()?;
    if component.links.len() <= SIZES.large {
        return relaxed_bound(&lp);
    }
    let spread = Spread::new(&lp, &charges)?.lp;
    let mut instance = highs::Instance::from_lp(&spread)?;
    let solution = instance.solve(&highs::Options::default(), None, highs::Control::default())?;
    Ok(certificate::lower_bound(&spread, &solution.row_duals)?.value)
}

/// Links chosen on the year, and its bounds.
struct Year {
    /// Positions in the model, ascending.
    open: Vec<usize>,
    bound: f64,
    own_bound: f64,
}

/// Solves a component by its year, then by its months.
pub(super) fn solve(
    task: &Task<'_>,
    component: &Component,
    sizes: &Sizes,
) -> Result<Solved, SolveError> {
    let year = year(task, component, sizes)?;
    let solved = match by_months(task, component, &year.open) {
        // The year may promise what the months cannot hold: a forced quantity, a share.
        Err(SolveError::Conflict(_)) => whole(task, component)?,
        other => other?,
    };
    let mut solved = bounded(task, solved, &year);
    if !solved.proof.closed {
        solved = bounded(task, improved(task, component, solved, sizes)?, &year);
    }
    if solved.proof.closed || component.links.len() > sizes.small {
        return Ok(solved);
    }
    let whole = whole(task, component)?;
    let year = Year {
        bound: whole.proof.bound.max(year.bound),
        ..year
    };
    let better = whole.proof.closed || whole.proof.objective < solved.proof.objective;
    let closed = whole.proof.closed;
    let mut solved = bounded(task, if better { whole } else { solved }, &year);
    solved.proof.closed |= closed;
    Ok(solved)
}

/// Adds links that what is left of the months still pays for, and solves the months again.
fn improved(
    task: &Task<'_>,
    component: &Component,
    mut best: Solved,
    sizes: &Sizes,
) -> Result<Solved, SolveError> {
    let model = extract(task.model, component);
    for _ in 0..IMPROVEMENTS {
        let rest = left_over(&model, &localised(&best.reals, component));
        let of_rest = Task {
            model: &rest,
            work: task.work.min(WORK_OF_PIECE),
            ..*task
        };
        let pieces = held_together(&rest, &worthwhile(&rest));
        let added: Vec<Vec<usize>> = pieces
            .par_iter()
            .with_max_len(1)
            .map(|piece| match year(&of_rest, piece, sizes) {
                Ok(year) => Ok(year.open),
                // A limit of the user's that the best answer holds already.
                Err(SolveError::Conflict(_)) => Ok(Vec::new()),
                Err(error) => Err(error),
            })
            .collect::<Result<_, SolveError>>()?;
        let mut open: Vec<usize> = best.reals.sent.iter().map(|(link, _)| *link).collect();
        let in_use = open.len();
        open.extend(added.iter().flatten().map(|&at| component.links[at]));
        open.sort_unstable();
        open.dedup();
        if open.len() == in_use {
            break;
        }
        let again = by_months(task, component, &open)?;
        if again.proof.objective > best.proof.objective - MONEY_SCALE {
            break;
        }
        best = again;
    }
    Ok(best)
}

/// The component with all its months and links at once.
fn whole(task: &Task<'_>, component: &Component) -> Result<Solved, SolveError> {
    let formulation = formulate(task.model, component);
    Ok(answer(task, component, formulation)?.solved(component))
}

/// An answer with the bounds of its year, closed if it meets them.
fn bounded(task: &Task<'_>, solved: Solved, year: &Year) -> Solved {
    let objective = solved.proof.objective;
    let allowed = (task.settings.relative_gap * objective.abs()).max(MONEY_SCALE);
    let proof = Proof {
        objective,
        bound: year.bound.min(objective),
        own_bound: year.own_bound,
        closed: objective - year.bound <= allowed,
    };
    Solved { proof, ..solved }
}

/// Chooses links on the year.
fn year(task: &Task<'_>, component: &Component, sizes: &Sizes) -> Result<Year, SolveError> {
    let formulation = formulate_year(task.model, component);
    if component.links.len() <= sizes.large {
        let answered = answer(task, component, formulation)?;
        return Ok(Year {
            open: answered.open_links(component),
            bound: answered.proof.bound,
            own_bound: answered.proof.own_bound,
        });
    }
    let columns = formulation.links;
    let charges = charges(&columns);
    let lp = handed_over(formulation.problem)?.lp()?;
    let choice = spread::choose(&lp, &charges, ROUNDS, Some(task.control.cancel))?;
    if task.control.is_cancelled() {
        return Err(SolveError::Cancelled);
    }
    if choice.status != Status::Optimal {
        return Err(no_answer(task, component, choice.status));
    }
    let mut chosen = choice.open.into_iter();
    let open = (0..columns.len())
        .filter(|&at| columns[at].charge.is_none() || chosen.next() == Some(true))
        .map(|at| component.links[at])
        .collect();
    Ok(Year {
        open,
        bound: choice.bound.value,
        own_bound: choice.bound.value,
    })
}

/// The component with some of its links alone, by month, piece by piece.
fn by_months(task: &Task<'_>, component: &Component, open: &[usize]) -> Result<Solved, SolveError> {
    let of_piece = Task {
        work: task.work.min(WORK_OF_PIECE),
        ..*task
    };
    let mut pieces = held_together(task.model, open);
    pieces.push(idle(component, &pieces));
    let solved: Vec<Solved> = pieces
        .par_iter()
        .with_max_len(1)
        .map(|piece| whole(&of_piece, piece))
        .collect::<Result<_, SolveError>>()?;
    let mut all = Solved {
        reals: Reals::default(),
        proof: Proof {
            objective: 0.0,
            bound: 0.0,
            own_bound: 0.0,
            closed: true,
        },
    };
    for Solved { reals, proof } in solved {
        all.reals.sent.extend(reals.sent);
        all.reals.source_stock.extend(reals.source_stock);
        all.reals.sink_stock.extend(reals.sink_stock);
        all.proof.objective += proof.objective;
    }
    // The order of the model, as in any other answer.
    all.reals.sent.sort_by_key(|(link, _)| *link);
    all.reals.source_stock.sort_by_key(|(source, _)| *source);
    all.reals.sink_stock.sort_by_key(|(sink, _)| *sink);
    Ok(all)
}

/// The terminals of a component that stand in none of its pieces.
fn idle(component: &Component, pieces: &[Component]) -> Component {
    let without = |all: &[usize], of: fn(&Component) -> &Vec<usize>| {
        let mut taken: Vec<usize> = pieces.iter().flat_map(of).copied().collect();
        taken.sort_unstable();
        let alone = all.iter().copied();
        alone
            .filter(|terminal| taken.binary_search(terminal).is_err())
            .collect()
    };
    Component {
        sources: without(&component.sources, |piece| &piece.sources),
        sinks: without(&component.sinks, |piece| &piece.sinks),
        links: Vec::new(),
        groups: Vec::new(),
    }
}
