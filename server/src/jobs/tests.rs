use std::sync::atomic::AtomicU32;

use boucle_domain::id::ZoneId;
use boucle_domain::interval::Interval;
use boucle_domain::organisation::Territory;
use boucle_domain::units::{Carbon, Money};
use boucle_solver::Stage;
use boucle_solver::answer::{NetworkSummary, PlanKind, PlanStatus, PlanSummary};
use boucle_store::{NewRun, SqliteStore};

use super::*;

/// An answer that finds nothing.
fn nothing_found() -> Answer {
    let plan = |kind| PlanSummary {
        kind,
        status: PlanStatus::Optimal,
        cost_today: Money::ZERO,
        cost: Money::ZERO,
        unrounded_cost_euros: 0.0,
        rounded_cost_euros: 0.0,
        rounding_bound: Money::ZERO,
        bound_euros: 0.0,
        own_bound_euros: 0.0,
        relative_gap: 0.0,
        gain: Interval::exact(Money::ZERO),
        displaced: Money::ZERO,
        carbon_avoided: Interval::exact(Carbon::ZERO),
        links: 0,
        components: 0,
        arcs: 0,
    };
    Answer {
        input_digest: String::new(),
        knowledge_version: String::new(),
        solver_version: String::new(),
        settings: Settings::default(),
        plans: [plan(PlanKind::Firm), plan(PlanKind::Prospective)],
        proposals: Vec::new(),
        rejections: Vec::new(),
        questions: Vec::new(),
        accounts: Vec::new(),
        network: NetworkSummary {
            linked_sites: 0,
            groups: 0,
            largest_group: 0,
            keystones: Vec::new(),
        },
    }
}

/// A solver that works until it is stopped, and counts how often it was started.
fn endless(started: Arc<AtomicU32>) -> Arc<Solver> {
    Arc::new(move |_, _, _, control| {
        started.fetch_add(1, Ordering::SeqCst);
        control.report(Stage::FirmPlan, 1, 10);
        while !control.is_cancelled() {
            std::thread::sleep(Duration::from_millis(2));
        }
        Err(SolveError::Cancelled)
    })
}

fn instant() -> Arc<Solver> {
    Arc::new(|_, _, _, _| Ok(nothing_found()))
}

fn knowledge() -> Arc<Knowledge> {
    Arc::new(Knowledge::embedded().unwrap())
}

fn jobs(store: &Arc<dyn Store>, solver: Arc<Solver>) -> Jobs {
    let limits = Limits {
        running: 1,
        threads: 1,
        accepted: 3,
    };
    Jobs::new(Arc::clone(store), knowledge(), solver, limits).unwrap()
}

fn scope() -> Scope {
    Scope::authorised(TerritoryId::new("t"))
}

/// Stores a run over an empty territory.
async fn stored_run(store: &Arc<dyn Store>, id: &str, knowledge_version: &str) -> RunId {
    let territory = Territory {
        id: TerritoryId::new("t"),
        name: "T".to_owned(),
    };
    let _ = store.create_territory(&scope(), &territory, now()).await;
    let parts = store.snapshot_parts(&scope(), &[]).await.unwrap();
    let new = NewRun {
        id: RunId::new(id),
        zones: Vec::<ZoneId>::new(),
        snapshot: parts.into_snapshot(jiff::civil::date(2027, 1, 1)),
        settings: Settings::default(),
        knowledge_version: knowledge_version.to_owned(),
        solver_version: "test".to_owned(),
    };
    store
        .create_run(&scope(), &new, None, now())
        .await
        .unwrap()
        .into_run()
        .id
}

async fn temporary() -> Arc<dyn Store> {
    Arc::new(SqliteStore::temporary().await.unwrap())
}

/// Waits until no run is in hand.
async fn all_ended(jobs: &Jobs) {
    let mut count = jobs.0.count.subscribe();
    tokio::time::timeout(Duration::from_secs(20), count.wait_for(|&runs| runs == 0))
        .await
        .unwrap()
        .unwrap();
}

async fn state(store: &Arc<dyn Store>, run: &RunId) -> RunState {
    store.run(&scope(), run).await.unwrap().state
}

/// Waits until a solver was started so many times.
async fn started(count: &AtomicU32, times: u32) {
    let wait = async {
        while count.load(Ordering::SeqCst) < times {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_solved_ends_answered() {
    let store = temporary().await;
    let jobs = jobs(&store, instant());
    let run = stored_run(&store, "r", knowledge().version()).await;
    jobs.take(scope(), run.clone());
    all_ended(&jobs).await;
    assert_eq!(state(&store, &run).await, RunState::Succeeded);
    assert!(!store.answer(&scope(), &run).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_run_stops_when_its_owner_asks() {
    let store = temporary().await;
    let count = Arc::new(AtomicU32::new(0));
    let jobs = jobs(&store, endless(Arc::clone(&count)));
    let run = stored_run(&store, "r", knowledge().version()).await;
    jobs.take(scope(), run.clone());
    started(&count, 1).await;
    let mut ticks = jobs.watch(&scope(), &run).unwrap();
    let progress = ticks
        .wait_for(|tick| tick.progress.is_some())
        .await
        .unwrap()
        .progress;
    assert_eq!(progress.unwrap().stage, Stage::FirmPlan);
    drop(ticks);
    jobs.cancel(&scope(), &run).await.unwrap();
    all_ended(&jobs).await;
    assert_eq!(state(&store, &run).await, RunState::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queued_run_that_is_cancelled_is_never_started() {
    let store = temporary().await;
    let count = Arc::new(AtomicU32::new(0));
    let jobs = jobs(&store, endless(Arc::clone(&count)));
    let version = knowledge().version().to_owned();
    let (first, second) = (
        stored_run(&store, "1", &version).await,
        stored_run(&store, "2", &version).await,
    );
    jobs.take(scope(), first.clone());
    started(&count, 1).await;
    jobs.take(scope(), second.clone());
    jobs.cancel(&scope(), &second).await.unwrap();
    jobs.cancel(&scope(), &first).await.unwrap();
    all_ended(&jobs).await;
    assert_eq!(count.load(Ordering::SeqCst), 1);
    assert_eq!(state(&store, &second).await, RunState::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_puts_its_runs_back_without_counting_the_attempt() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("boucle.db");
    let version = knowledge().version().to_owned();
    let run = {
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path).await.unwrap());
        let count = Arc::new(AtomicU32::new(0));
        let jobs = jobs(&store, endless(Arc::clone(&count)));
        let run = stored_run(&store, "r", &version).await;
        jobs.take(scope(), run.clone());
        started(&count, 1).await;
        jobs.stop(Duration::from_secs(20)).await;
        assert!(matches!(jobs.room(), Err(ServiceError::Unavailable)));
        assert_eq!(state(&store, &run).await, RunState::Queued);
        store.close().await;
        run
    };
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path).await.unwrap());
    let jobs = jobs(&store, instant());
    assert_eq!(jobs.recover().await.unwrap(), 1);
    all_ended(&jobs).await;
    let run = store.run(&scope(), &run).await.unwrap();
    assert_eq!((run.state, run.attempts), (RunState::Succeeded, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_found_running_after_a_crash_is_solved_again_from_its_snapshot() {
    let store = temporary().await;
    let run = stored_run(&store, "r", knowledge().version()).await;
    // Started by a server that is no more.
    store.start_run(&scope(), &run, now()).await.unwrap();
    let jobs = jobs(&store, instant());
    assert_eq!(jobs.recover().await.unwrap(), 1);
    all_ended(&jobs).await;
    let run = store.run(&scope(), &run).await.unwrap();
    assert_eq!((run.state, run.attempts), (RunState::Succeeded, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_asked_with_other_tables_fails_and_says_so() {
    let store = temporary().await;
    let jobs = jobs(&store, instant());
    let run = stored_run(&store, "r", "other tables").await;
    jobs.take(scope(), run.clone());
    all_ended(&jobs).await;
    let failure = store.run(&scope(), &run).await.unwrap().failure.unwrap();
    assert_eq!(
        FailureKind::from_code(&failure.code),
        FailureKind::KnowledgeChanged
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_solver_that_panics_fails_its_run_and_nothing_else() {
    let store = temporary().await;
    let jobs = jobs(&store, Arc::new(|_, _, _, _| panic!("a declared value")));
    let run = stored_run(&store, "r", knowledge().version()).await;
    jobs.take(scope(), run.clone());
    all_ended(&jobs).await;
    let failure = store.run(&scope(), &run).await.unwrap().failure.unwrap();
    assert_eq!(FailureKind::from_code(&failure.code), FailureKind::Internal);
    assert!(!failure.detail.contains("declared value"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_runs_are_taken_than_accepted() {
    let store = temporary().await;
    let count = Arc::new(AtomicU32::new(0));
    let jobs = jobs(&store, endless(Arc::clone(&count)));
    let version = knowledge().version().to_owned();
    for id in ["1", "2", "3"] {
        jobs.room().unwrap();
        jobs.take(scope(), stored_run(&store, id, &version).await);
    }
    assert!(matches!(
        jobs.room(),
        Err(ServiceError::TooManyRuns { limit: 3 })
    ));
    jobs.stop(Duration::from_secs(20)).await;
}
