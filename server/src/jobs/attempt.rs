//! One attempt at a run, from its place in the queue to its end in the store.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use boucle_solver::{Answer, Control, Progress, SolveError};
use boucle_store::{ATTEMPTS_EXHAUSTED, RunId, Scope, StoreError};

use super::{Active, Inner, answer, ended_elsewhere, stored_failure, stored_progress};
use crate::clock::now;

/// How often progress is written down. Those who watch see every step; the store only needs enough
/// to tell someone who comes later.
const NOTE_EVERY: Duration = Duration::from_millis(500);

/// Why a run was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The user's own limits contradict each other.
    Contradiction,
    /// A setting names what does not exist, or is out of range.
    Setting,
    /// Our fault.
    Internal,
    /// Interrupted too often.
    TooManyAttempts,
    /// The tables of knowledge are no longer those of the run.
    KnowledgeChanged,
}

impl FailureKind {
    /// Every kind.
    pub const ALL: [FailureKind; 5] = [
        FailureKind::Contradiction,
        FailureKind::Setting,
        FailureKind::Internal,
        FailureKind::TooManyAttempts,
        FailureKind::KnowledgeChanged,
    ];

    /// The word used in the store.
    pub fn code(self) -> &'static str {
        match self {
            FailureKind::Contradiction => "contradiction",
            FailureKind::Setting => "setting",
            FailureKind::Internal => "internal",
            FailureKind::TooManyAttempts => ATTEMPTS_EXHAUSTED,
            FailureKind::KnowledgeChanged => "knowledge_changed",
        }
    }

    /// The kind of a word; anything unknown is our fault.
    pub fn from_code(code: &str) -> FailureKind {
        FailureKind::ALL
            .into_iter()
            .find(|kind| kind.code() == code)
            .unwrap_or(FailureKind::Internal)
    }
}

/// How an attempt ended.
enum End {
    Answered(Box<Answer>),
    Stopped,
    Failed(FailureKind, String),
}

impl Inner {
    /// Waits for a place, then makes one attempt. What goes wrong with the store is logged: the run
    /// is then found unfinished at the next start.
    pub(super) async fn carry(self: &Arc<Self>, scope: &Scope, run: &RunId, active: &Arc<Active>) {
        // A closed semaphore means that the server is stopping: the run stays queued.
        let Ok(_place) = self.places.acquire().await else {
            return;
        };
        let started = std::time::Instant::now();
        match self.attempt(scope, run, active).await {
            Ok(outcome) => {
                tracing::info!(%run, outcome, seconds = started.elapsed().as_secs_f64(), "run ended")
            }
            Err(error) if ended_elsewhere(&error) => {}
            Err(error) => tracing::error!(%run, %error, "run could not be carried through"),
        }
    }

    async fn attempt(
        self: &Arc<Self>,
        scope: &Scope,
        run: &RunId,
        active: &Arc<Active>,
    ) -> Result<&'static str, StoreError> {
        let stored = self.store.start_run(scope, run, now()).await?;
        let end = if stored.knowledge_version == self.knowledge.version() {
            self.solve(scope, run, active).await?
        } else {
            End::Failed(FailureKind::KnowledgeChanged, String::new())
        };
        match end {
            End::Answered(answer) => {
                let rows = tokio::task::spawn_blocking(move || answer::rows(&answer)).await;
                match rows
                    .map_err(|error| error.to_string())
                    .and_then(|rows| rows.map_err(|error| error.to_string()))
                {
                    Ok(rows) => {
                        self.store.succeed_run(scope, run, &rows, now()).await?;
                        Ok("answered")
                    }
                    Err(error) => {
                        self.store
                            .fail_run(
                                scope,
                                run,
                                &stored_failure(FailureKind::Internal, error),
                                now(),
                            )
                            .await?;
                        Ok("failed")
                    }
                }
            }
            End::Stopped => {
                let wanted = self.store.run(scope, run).await?.cancel_requested;
                if self.stopping.load(Ordering::SeqCst) && !wanted {
                    self.store.requeue_run(scope, run, now()).await?;
                    Ok("put back in the queue")
                } else {
                    self.store.cancel_run(scope, run, now()).await?;
                    Ok("cancelled")
                }
            }
            End::Failed(kind, detail) => {
                tracing::warn!(%run, kind = kind.code(), "run failed");
                self.store
                    .fail_run(scope, run, &stored_failure(kind, detail), now())
                    .await?;
                Ok("failed")
            }
        }
    }

    /// Solves on threads of their own, and meanwhile notes progress and looks for a wish to stop.
    async fn solve(
        self: &Arc<Self>,
        scope: &Scope,
        run: &RunId,
        active: &Arc<Active>,
    ) -> Result<End, StoreError> {
        let input = self.store.run_input(scope, run).await?;
        let (inner, told) = (Arc::clone(self), Arc::clone(active));
        let mut solving = tokio::task::spawn_blocking(move || {
            let progress = |progress: Progress| {
                told.ticks.send_modify(|tick| {
                    tick.sequence += 1;
                    tick.progress = Some(progress);
                });
            };
            let control = Control {
                cancel: &told.cancel,
                progress: &progress,
                models: None,
            };
            inner.compute(&input, &control)
        });
        let mut noted = None;
        let solved = loop {
            match tokio::time::timeout(NOTE_EVERY, &mut solving).await {
                Ok(solved) => break solved,
                Err(_) => {
                    let progress = active.ticks.borrow().progress;
                    if let Some(progress) = progress.filter(|_| progress != noted) {
                        noted = Some(progress);
                        // A store too busy to note progress is no reason to lose the run.
                        match self
                            .store
                            .report_progress(scope, run, &stored_progress(progress), now())
                            .await
                        {
                            Ok(true) => active.cancel.store(true, Ordering::SeqCst),
                            Ok(false) => {}
                            Err(error) => tracing::warn!(%run, %error, "progress not noted"),
                        }
                    }
                }
            }
        };
        Ok(match solved {
            Ok(Ok(answer)) => End::Answered(Box::new(answer)),
            Ok(Err(SolveError::Cancelled)) => End::Stopped,
            Ok(Err(error @ SolveError::Contradiction(_))) => {
                End::Failed(FailureKind::Contradiction, error.to_string())
            }
            Ok(Err(error @ SolveError::Setting { .. })) => {
                End::Failed(FailureKind::Setting, error.to_string())
            }
            Ok(Err(error)) => End::Failed(FailureKind::Internal, error.to_string()),
            // The text of a panic may hold a declared value; it is not kept.
            Err(_) => End::Failed(
                FailureKind::Internal,
                "the solver stopped unexpectedly".to_owned(),
            ),
        })
    }
}
