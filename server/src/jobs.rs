//! The only bridge between tokio, which waits, and rayon, which computes.
//!
//! A run is stored before it comes here. Here it waits for a place, is solved on threads that no
//! request waits on, tells how far it is, can be stopped, and ends in the store. What a stop of the
//! server leaves behind is started again from its snapshot by [`Jobs::recover`].

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use boucle_domain::id::TerritoryId;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::settings::Settings;
use boucle_domain::snapshot::Snapshot;
use boucle_solver::{Answer, Control, Progress, SolveError};
use boucle_store::{
    Failure, Run, RunId, RunInput, RunProgress, RunState, Scope, Store, StoreError,
};
use tokio::sync::{Semaphore, mpsc, watch};

use crate::app::error::{Result, ServiceError};
use crate::clock::now;

pub mod answer;
mod attempt;
#[cfg(test)]
mod tests;

pub use attempt::FailureKind;

/// What computes an answer. Injected so that the life of a run can be tested by itself.
pub type Solver = dyn Fn(&Snapshot, &Knowledge, &Settings, &Control<'_>) -> std::result::Result<Answer, SolveError>
    + Send
    + Sync;

/// How much is computed at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Runs solved at the same time.
    pub running: usize,
    /// Threads they share; 0: one for each core. The answers do not depend on it.
    pub threads: usize,
    /// Runs that may wait or run, in all.
    pub accepted: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            running: 1,
            threads: 0,
            accepted: 256,
        }
    }
}

/// A state of a run while it waits or runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// Number of the state, growing.
    pub sequence: u64,
    /// Where the run stands; `None` while it waits.
    pub progress: Option<Progress>,
}

/// A model as it was handed to the solver.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Plan and component: `firm-0001`.
    pub name: String,
    /// Free-format MPS.
    pub mps: String,
    /// Objective of the answer, before rounding, EUR.
    pub objective: f64,
}

/// The runs in hand.
#[derive(Clone)]
pub struct Jobs(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    knowledge: Arc<Knowledge>,
    solver: Arc<Solver>,
    limits: Limits,
    places: Arc<Semaphore>,
    pool: rayon::ThreadPool,
    active: Mutex<HashMap<(TerritoryId, RunId), Arc<Active>>>,
    stopping: AtomicBool,
    /// Counts the active runs, for those who wait for the last to end.
    count: watch::Sender<usize>,
}

/// A run that waits or runs.
struct Active {
    cancel: AtomicBool,
    ticks: watch::Sender<Tick>,
}

impl Jobs {
    /// No run in hand yet.
    ///
    /// # Errors
    /// If the system gives no threads.
    pub fn new(
        store: Arc<dyn Store>,
        knowledge: Arc<Knowledge>,
        solver: Arc<Solver>,
        limits: Limits,
    ) -> std::result::Result<Jobs, rayon::ThreadPoolBuildError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(limits.threads);
        let pool = pool.thread_name(|at| format!("solve-{at}")).build()?;
        Ok(Jobs(Arc::new(Inner {
            pool,
            store,
            knowledge,
            solver,
            limits,
            places: Arc::new(Semaphore::new(limits.running.max(1))),
            active: Mutex::new(HashMap::new()),
            stopping: AtomicBool::new(false),
            count: watch::Sender::new(0),
        })))
    }

    /// Takes up the runs that a stop left unfinished; answers how many.
    pub async fn recover(&self) -> Result<usize> {
        let unfinished = self.0.store.claim_unfinished(now()).await?;
        let count = unfinished.len();
        for (scope, run) in unfinished {
            tracing::info!(run = %run.id, attempts = run.attempts, "run taken up again");
            self.take(scope, run.id);
        }
        Ok(count)
    }

    /// Whether another run can be taken.
    ///
    /// # Errors
    /// `TooManyRuns`, or `Unavailable` once the server is stopping.
    pub fn room(&self) -> Result<()> {
        if self.0.stopping.load(Ordering::SeqCst) {
            return Err(ServiceError::Unavailable);
        }
        let limit = self.0.limits.accepted;
        if self.0.active().len() >= limit {
            Err(ServiceError::TooManyRuns { limit })
        } else {
            Ok(())
        }
    }

    /// Takes a stored, queued run. One that is in hand already is left alone.
    pub fn take(&self, scope: Scope, run: RunId) {
        let key = (scope.territory().clone(), run.clone());
        let active = Arc::new(Active {
            cancel: AtomicBool::new(false),
            ticks: watch::Sender::new(Tick::default()),
        });
        {
            let mut runs = self.0.active();
            if runs.contains_key(&key) {
                return;
            }
            runs.insert(key.clone(), Arc::clone(&active));
            self.0.count.send_replace(runs.len());
        }
        let inner = Arc::clone(&self.0);
        tokio::spawn(async move {
            let _entry = Entry {
                inner: Arc::clone(&inner),
                key,
            };
            inner.carry(&scope, &run, &active).await;
        });
    }

    /// Asks a run to stop. It ends as soon as its solver notices.
    pub async fn cancel(&self, scope: &Scope, run: &RunId) -> Result<Run> {
        let stored = self.0.store.request_cancel(scope, run, now()).await?;
        if let Some(active) = self.0.find(scope, run) {
            active.cancel.store(true, Ordering::SeqCst);
        }
        Ok(stored)
    }

    /// The states of a run in hand; `None` when it is not (any more).
    pub fn watch(&self, scope: &Scope, run: &RunId) -> Option<watch::Receiver<Tick>> {
        self.0
            .find(scope, run)
            .map(|active| active.ticks.subscribe())
    }

    /// Computes an input again and sends its models, as they are made. Ends early when the receiver
    /// is gone.
    ///
    /// # Errors
    /// What the solver says; `Unavailable` once the server is stopping.
    pub async fn models(&self, input: Arc<RunInput>, models: mpsc::Sender<Model>) -> Result<()> {
        let place = Arc::clone(&self.0.places)
            .acquire_owned()
            .await
            .map_err(|_| ServiceError::Unavailable)?;
        let inner = Arc::clone(&self.0);
        let solved = tokio::task::spawn_blocking(move || {
            let _place = place;
            let cancel = AtomicBool::new(false);
            let send = |text: boucle_solver::control::ModelText<'_>| {
                let (name, mps) = (text.name.to_owned(), text.mps.to_owned());
                let model = Model {
                    name,
                    mps,
                    objective: text.objective,
                };
                if models.blocking_send(model).is_err() {
                    cancel.store(true, Ordering::SeqCst);
                }
            };
            let progress = |_: Progress| {
                if inner.stopping.load(Ordering::SeqCst) {
                    cancel.store(true, Ordering::SeqCst);
                }
            };
            let control = Control {
                cancel: &cancel,
                progress: &progress,
                models: Some(&send),
            };
            inner.compute(&input, &control).map(|_| ())
        });
        solved
            .await
            .map_err(ServiceError::internal)?
            .map_err(ServiceError::from)
    }

    /// Stops in good order: no run is taken any more, those that run are put back in the queue for
    /// the next start. Waits until all are, or until `patience` is over.
    pub async fn stop(&self, patience: Duration) {
        self.interrupt();
        let mut count = self.0.count.subscribe();
        if tokio::time::timeout(patience, count.wait_for(|&runs| runs == 0))
            .await
            .is_err()
        {
            tracing::warn!(
                runs = *count.borrow(),
                "runs did not stop in time; they start again at the next start"
            );
        }
    }

    /// Tells every run to stop and takes no more, without waiting.
    pub fn interrupt(&self) {
        self.0.stopping.store(true, Ordering::SeqCst);
        self.0.places.close();
        for active in self.0.active().values() {
            active.cancel.store(true, Ordering::SeqCst);
        }
    }
}

impl Inner {
    /// Solves on the pool; the calling thread waits.
    fn compute(
        &self,
        input: &RunInput,
        control: &Control<'_>,
    ) -> std::result::Result<Answer, SolveError> {
        self.pool
            .install(|| (self.solver)(&input.snapshot, &self.knowledge, &input.settings, control))
    }

    fn active(&self) -> std::sync::MutexGuard<'_, HashMap<(TerritoryId, RunId), Arc<Active>>> {
        // The map is never left half changed, so a panic elsewhere does not spoil it.
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, scope: &Scope, run: &RunId) -> Option<Arc<Active>> {
        self.active()
            .get(&(scope.territory().clone(), run.clone()))
            .cloned()
    }
}

/// A place in the table of active runs, given up whatever happens to the run.
struct Entry {
    inner: Arc<Inner>,
    key: (TerritoryId, RunId),
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut runs = self.inner.active();
        runs.remove(&self.key);
        self.inner.count.send_replace(runs.len());
    }
}

/// Whether the store says that the run ended, or was taken back, by another way.
fn ended_elsewhere(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::IllegalTransition {
            from: RunState::Cancelled | RunState::Succeeded | RunState::Failed,
            ..
        }
    )
}

/// Progress as the store holds it.
fn stored_progress(progress: Progress) -> RunProgress {
    let stage = serde_json::to_value(progress.stage).ok();
    RunProgress {
        stage: stage
            .as_ref()
            .and_then(|stage| stage.as_str())
            .unwrap_or_default()
            .to_owned(),
        done: progress.done,
        total: progress.total,
    }
}

/// A failure as the store holds it.
fn stored_failure(kind: FailureKind, detail: impl Into<String>) -> Failure {
    Failure {
        code: kind.code().to_owned(),
        detail: detail.into(),
    }
}
