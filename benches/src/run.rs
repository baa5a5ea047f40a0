//! A run with a clock: how long each stage takes, and how much memory all of it.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use boucle_domain::knowledge::Knowledge;
use boucle_domain::settings::Settings;
use boucle_domain::snapshot::Snapshot;
use boucle_solver::answer::Answer;
use boucle_solver::control::ModelText;
use boucle_solver::{Control, Progress, SolveError, Stage};

/// An answer with what it took.
#[derive(Debug)]
pub struct Timed {
    /// The answer.
    pub answer: Answer,
    /// Stages in the order in which they began, each until the next began.
    pub stages: Vec<(Stage, Duration)>,
    /// All of it.
    pub total: Duration,
}

/// Solves a snapshot, watching the clock. `watch` is told of each model that was solved; writing
/// them down takes time of its own.
///
/// # Errors
/// Those of [`boucle_solver::solve`].
pub fn timed(
    snapshot: &Snapshot,
    knowledge: &Knowledge,
    settings: &Settings,
    watch: Option<&(dyn Fn(ModelText<'_>) + Sync)>,
) -> Result<Timed, SolveError> {
    let began: Mutex<Vec<(Stage, Instant)>> = Mutex::new(Vec::new());
    let progress = |progress: Progress| {
        if let Ok(mut began) = began.lock()
            && began.iter().all(|(stage, _)| *stage != progress.stage)
        {
            began.push((progress.stage, Instant::now()));
        }
    };
    let cancel = AtomicBool::new(false);
    let control = Control {
        cancel: &cancel,
        progress: &progress,
        models: watch,
    };
    let start = Instant::now();
    let answer = boucle_solver::solve(snapshot, knowledge, settings, &control)?;
    let end = Instant::now();
    let began = began.into_inner().unwrap_or_default();
    let stages = began
        .iter()
        .enumerate()
        .map(|(at, &(stage, from))| {
            let until = began.get(at + 1).map_or(end, |next| next.1);
            (stage, until - from)
        })
        .collect();
    Ok(Timed {
        answer,
        stages,
        total: end - start,
    })
}

/// Most memory the process held since [`forget_peak`], in MB of 2^20 bytes; `None` where the system
/// does not tell.
pub fn peak_megabytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}

/// Sets the peak back to what is held now, where the system allows.
pub fn forget_peak() {
    // Where it is refused the peak is that of the largest run so far, which is no smaller.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Columns, rows and integer columns of a model in MPS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Columns.
    pub columns: usize,
    /// Rows, the objective left out.
    pub rows: usize,
    /// Integer columns.
    pub integers: usize,
}

impl Shape {
    /// The shape of a model written in free-format MPS.
    pub fn of(mps: &str) -> Shape {
        let mut shape = Shape::default();
        let (mut section, mut integer, mut last) = ("", false, "");
        for line in mps.lines().filter(|line| !line.starts_with('*')) {
            let mut words = line.split_whitespace();
            let Some(first) = words.next() else { continue };
            if !line.starts_with(' ') {
                section = first;
            } else if section == "ROWS" {
                shape.rows += usize::from(first != "N");
            } else if section == "COLUMNS" {
                if line.contains("'MARKER'") {
                    integer = line.contains("'INTORG'");
                } else if first != last {
                    shape.columns += 1;
                    shape.integers += usize::from(integer);
                    last = first;
                }
            }
        }
        shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_counts_columns_rows_and_integers() {
        let mps = "NAME m\nROWS\n N cost\n L r1\n E r2\nCOLUMNS\n x cost 1 r1 1\n x r2 1\n \
                   M 'MARKER' 'INTORG'\n y cost 5\n y r1 -3\n M 'MARKER' 'INTEND'\n z r2 1\nRHS\n \
                   RHS r2 4\nENDATA\n";
        let shape = Shape {
            columns: 3,
            rows: 2,
            integers: 1,
        };
        assert_eq!(Shape::of(mps), shape);
    }

    #[test]
    fn a_timed_run_names_its_stages_in_their_order() {
        let knowledge = Knowledge::embedded().expect("the embedded catalogue is read");
        let snapshot = crate::Instance::generate(30, 1, &knowledge).snapshot();
        let timed = timed(&snapshot, &knowledge, &Settings::default(), None).unwrap();
        let stages: Vec<Stage> = timed.stages.iter().map(|(stage, _)| *stage).collect();
        assert_eq!(stages[..3], Stage::ALL[..3]);
        assert_eq!(stages.len(), Stage::ALL.len());
        assert!(timed.stages.iter().map(|s| s.1).sum::<Duration>() <= timed.total);
    }
}
