//! What the caller may do while HiGHS runs: stop it, and see how far it is.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

/// How far a mixed-integer search is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Cost of the best point so far; +∞ before the first.
    pub incumbent: f64,
    /// Best lower bound so far, reported by the solver; -∞ before the first.
    pub bound: f64,
    /// Nodes explored.
    pub nodes: u64,
    /// Simplex iterations.
    pub simplex_iterations: u64,
}

/// Interrupt and progress of one solve; both are optional.
#[derive(Default)]
pub struct Control<'a> {
    /// The solve ends soon after this becomes true.
    pub interrupt: Option<&'a AtomicBool>,
    /// Called, on the solving thread, whenever incumbent, bound or node count has changed. The answer
    /// does not depend on whether anybody watches.
    pub progress: Option<&'a mut dyn FnMut(&Progress)>,
}

impl<'a> Control<'a> {
    /// Stoppable by `interrupt`, silent.
    pub fn interrupted_by(interrupt: &'a AtomicBool) -> Self {
        Self {
            interrupt: Some(interrupt),
            progress: None,
        }
    }

    /// Whether the caller has asked to stop.
    pub fn is_interrupted(&self) -> bool {
        self.interrupt.is_some_and(|i| i.load(Ordering::Relaxed))
    }

    /// The same control for one of several solves.
    pub fn reborrow(&mut self) -> Control<'_> {
        Control {
            interrupt: self.interrupt,
            progress: match &mut self.progress {
                Some(progress) => Some(&mut **progress),
                None => None,
            },
        }
    }
}

/// A control and the work limit HiGHS itself does not have for mixed-integer models.
pub(super) struct Watch<'a> {
    control: Control<'a>,
    iteration_limit: Option<u64>,
    last: Option<(u64, f64, f64)>,
    panic: Option<Box<dyn Any + Send>>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(control: Control<'a>, iteration_limit: Option<u64>) -> Self {
        Self {
            control,
            iteration_limit,
            last: None,
            panic: None,
        }
    }

    /// Whether the simplex method should stop.
    pub(super) fn check_simplex(&self) -> bool {
        self.panic.is_some() || self.control.is_interrupted()
    }

    /// Reports the figures when they changed, and answers whether the search should stop.
    ///
    /// The iteration limit counts work, not time, and one thread does the same work in the same
    /// order each time: the stop is reproducible.
    pub(super) fn check_mixed_integer(
        &mut self,
        nodes: i64,
        iterations: i64,
        incumbent: f64,
        bound: f64,
    ) -> bool {
        let nodes = u64::try_from(nodes).unwrap_or(0);
        let simplex_iterations = u64::try_from(iterations).unwrap_or(0);
        let figures = (nodes, incumbent, bound);
        if let Some(report) = &mut self.control.progress
            && self.panic.is_none()
            && self.last != Some(figures)
        {
            self.last = Some(figures);
            let progress = Progress {
                incumbent,
                bound,
                nodes,
                simplex_iterations,
            };
            // A panic must not cross the C++ frames: it is kept and resumed after the run.
            self.panic = catch_unwind(AssertUnwindSafe(|| report(&progress))).err();
        }
        let worked_out = self
            .iteration_limit
            .is_some_and(|limit| simplex_iterations >= limit);
        worked_out || self.check_simplex()
    }

    pub(super) fn resume_panic(&mut self) {
        if let Some(panic) = self.panic.take() {
            resume_unwind(panic);
        }
    }
}
