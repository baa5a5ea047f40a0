//! Runs: asked for, watched, stopped.

use std::sync::Arc;

use boucle_domain::flow::Visibility;
use boucle_domain::id::ZoneId;
use boucle_domain::settings::Settings;
use boucle_solver::Progress;
use boucle_store::{
    NewRun, Page, RequestKey, Run, RunId, RunInput, RunPosition, RunState, StoreError,
};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, watch};

use super::App;
use super::error::{Result, ServiceError};
use super::outline::Answered;
use super::page::{PageRequest, Paged, token};
use super::sight::Reader;
use crate::auth::Access;
use crate::clock::{now, today};
use crate::jobs::{Model, Tick};

/// What a caller asks of a run.
#[derive(Clone, Debug, Default)]
pub struct RunRequest {
    /// Zones; none: the whole territory.
    pub zones: Vec<ZoneId>,
    /// Day at which everything is judged; `None`: today.
    pub valid_on: Option<Date>,
    /// Settings.
    pub settings: Settings,
    /// Identifier of the request; empty: none.
    pub request_id: String,
    /// Read only, store nothing.
    pub validate_only: bool,
}

/// A run with what is known of it.
#[derive(Clone)]
pub struct RunView {
    /// The run.
    pub run: Run,
    /// Where it stands, when it runs here.
    pub progress: Option<Progress>,
    /// What it reads; absent from lists.
    pub input: Option<Arc<RunInput>>,
    /// Its answer in short, once there is one; absent from lists.
    pub answered: Option<Arc<Answered>>,
    /// Private flows left out, told once.
    pub left_out: u32,
}

/// A run being watched.
pub struct Watched {
    /// Its present state.
    pub present: RunView,
    /// Its later states; `None` when it is over.
    pub ticks: Option<watch::Receiver<Tick>>,
}

impl App {
    /// Stores a run with its snapshot, and starts it.
    pub async fn create_run(&self, access: &Access, ask: RunRequest) -> Result<RunView> {
        let request = request_key(access, &ask)?;
        let mut parts = self.store.snapshot_parts(&access.scope, &ask.zones).await?;
        let declared = parts.flows.len();
        let sees_private = access.viewer.sees_private();
        parts
            .flows
            .retain(|flow| sees_private || flow.visibility != Visibility::Private);
        let left_out = u32::try_from(declared - parts.flows.len()).unwrap_or(u32::MAX);
        let mut snapshot = parts.into_snapshot(ask.valid_on.unwrap_or_else(today));
        if ask.settings.with_suggestions {
            snapshot = snapshot.with_suggestions(&self.knowledge);
        }
        let new = NewRun {
            id: RunId::new(uuid::Uuid::new_v4().to_string()),
            zones: ask.zones,
            snapshot,
            settings: ask.settings,
            knowledge_version: self.knowledge.version().to_owned(),
            solver_version: boucle_solver::version(),
        };
        let view = |run, snapshot, settings| RunView {
            run,
            progress: None,
            input: Some(Arc::new(RunInput { snapshot, settings })),
            answered: None,
            left_out,
        };
        if ask.validate_only {
            return Ok(view(unstored(&new), new.snapshot, new.settings));
        }
        self.jobs.room()?;
        let run = self
            .store
            .create_run(&access.scope, &new, request.as_ref(), now())
            .await?
            .into_run();
        if run.id != new.id {
            // The same request made it before, perhaps under another snapshot.
            return self.run(access, &run.id).await;
        }
        tracing::info!(run = %run.id, flows = new.snapshot.flows().len(), "run queued");
        self.jobs.take(access.scope.clone(), run.id.clone());
        Ok(view(run, new.snapshot, new.settings))
    }

    /// A run with its input and, once answered, its outline.
    pub async fn run(&self, access: &Access, run: &RunId) -> Result<RunView> {
        // The states are asked for before the store, so that an end in between is not missed.
        let progress = self
            .jobs
            .watch(&access.scope, run)
            .and_then(|ticks| ticks.borrow().progress);
        let stored = self.store.run(&access.scope, run).await?;
        let progress = progress.filter(|_| stored.state == RunState::Running);
        if stored.state == RunState::Succeeded {
            let answered = self.answered(access, run).await?;
            let input = Some(Arc::clone(&answered.input));
            return Ok(RunView {
                run: stored,
                progress,
                input,
                answered: Some(answered),
                left_out: 0,
            });
        }
        let input = Arc::new(self.store.run_input(&access.scope, run).await?);
        Ok(RunView {
            run: stored,
            progress,
            input: Some(input),
            answered: None,
            left_out: 0,
        })
    }

    /// Runs, newest first, without input and outline.
    pub async fn runs(&self, access: &Access, page: &PageRequest) -> Result<Paged<RunView>> {
        let filter = access.scope.territory().clone();
        let after = page.after::<(i64, String)>("runs", &filter)?;
        let after = after.map(|(created_at, id)| RunPosition {
            created_at,
            id: RunId::new(id),
        });
        let rows = self
            .store
            .runs(
                &access.scope,
                None,
                &Page {
                    after,
                    limit: page.rows(),
                },
            )
            .await?;
        let next = match rows.items.last() {
            Some(last) if rows.more => token("runs", &filter, (last.created_at, last.id.as_str()))?,
            _ => String::new(),
        };
        let light = |run| RunView {
            run,
            progress: None,
            input: None,
            answered: None,
            left_out: 0,
        };
        Ok(Paged {
            items: rows.items.into_iter().map(light).collect(),
            next,
        })
    }

    /// Asks a run to stop; one that is over stays as it is.
    pub async fn cancel_run(&self, access: &Access, run: &RunId) -> Result<RunView> {
        self.jobs.cancel(&access.scope, run).await?;
        self.run(access, run).await
    }

    /// The present state of a run, and those to come.
    pub async fn watch_run(&self, access: &Access, run: &RunId) -> Result<Watched> {
        let ticks = self.jobs.watch(&access.scope, run);
        let present = self.run(access, run).await?;
        let ticks = ticks.filter(|_| !present.run.state.is_final());
        Ok(Watched { present, ticks })
    }

    /// A run between its first state and its last, without its input.
    pub async fn run_in_passing(&self, access: &Access, run: &RunId) -> Result<RunView> {
        let run = self.store.run(&access.scope, run).await?;
        Ok(RunView {
            run,
            progress: None,
            input: None,
            answered: None,
            left_out: 0,
        })
    }

    /// The whole answer of a run, as it was made.
    ///
    /// # Errors
    /// `Role` when it holds private flows that the caller may not see.
    pub async fn answer(&self, access: &Access, run: &RunId) -> Result<Vec<u8>> {
        let input = self.store.run_input(&access.scope, run).await?;
        whole_is_for(access, &input)?;
        match self.store.answer(&access.scope, run).await {
            Ok(bytes) => Ok(bytes),
            Err(StoreError::NotFound { .. }) => Err(ServiceError::NotAnswered(
                self.store.run(&access.scope, run).await?.state,
            )),
            Err(error) => Err(error.into()),
        }
    }

    /// Computes a run again and sends its models as they are made.
    pub async fn models(
        &self,
        access: &Access,
        run: &RunId,
    ) -> Result<mpsc::Receiver<Result<Model>>> {
        let stored = self.store.run(&access.scope, run).await?;
        if stored.knowledge_version != self.knowledge.version() {
            return Err(ServiceError::KnowledgeChanged);
        }
        let input = Arc::new(self.store.run_input(&access.scope, run).await?);
        whole_is_for(access, &input)?;
        let (made, mut models) = mpsc::channel(1);
        let (send, receive) = mpsc::channel(1);
        let jobs = self.jobs.clone();
        tokio::spawn(async move {
            let forward = async {
                while let Some(model) = models.recv().await {
                    if send.send(Ok(model)).await.is_err() {
                        break;
                    }
                }
                // Whoever listened is gone, or all is sent; either way the solver may stop.
                drop(models);
            };
            let (solved, ()) = tokio::join!(jobs.models(input, made), forward);
            if let Err(error) = solved {
                // Nobody listens when the error is that nobody listens.
                let _ = send.send(Err(error)).await;
            }
        });
        Ok(receive)
    }

    /// A run that was answered, from memory or from the store.
    pub(super) async fn answered(&self, access: &Access, run: &RunId) -> Result<Arc<Answered>> {
        let key = (access.scope.territory().clone(), run.clone());
        if let Some(answered) = self.outlines.get(&key) {
            return Ok(answered);
        }
        let bytes = match self.store.answer(&access.scope, run).await {
            Ok(bytes) => bytes,
            Err(StoreError::NotFound { .. }) => {
                return Err(ServiceError::NotAnswered(
                    self.store.run(&access.scope, run).await?.state,
                ));
            }
            Err(error) => return Err(error.into()),
        };
        let input = self.store.run_input(&access.scope, run).await?;
        let answered = tokio::task::spawn_blocking(move || Answered::read(input, &bytes))
            .await
            .map_err(ServiceError::internal)?
            .map_err(|_| ServiceError::Internal("stored answer is damaged".to_owned()))?;
        let answered = Arc::new(answered);
        self.outlines.keep(key, Arc::clone(&answered));
        Ok(answered)
    }

    /// The reader of a run.
    pub(super) fn reader(&self, access: &Access, input: Arc<RunInput>) -> Reader {
        Reader::new(access.viewer.clone(), input)
    }
}

/// Whether an answer or model may be handed over as a whole.
fn whole_is_for(access: &Access, input: &RunInput) -> Result<()> {
    let private = input
        .snapshot
        .flows()
        .iter()
        .any(|flow| flow.visibility == Visibility::Private);
    if private && !access.viewer.sees_private() {
        Err(ServiceError::Role(access.viewer.role()))
    } else {
        Ok(())
    }
}

/// The name of a request, when it has one.
fn request_key(access: &Access, ask: &RunRequest) -> Result<Option<RequestKey>> {
    let content = (&ask.zones, ask.valid_on, &ask.settings);
    let content = serde_json::to_vec(&content).map_err(ServiceError::internal)?;
    named_request(access, "run", &ask.request_id, &content)
}

/// The name of a request of one kind, from its identifier and content; `None` without identifier.
///
/// # Errors
/// A violation of `request_id` unless it is a UUID.
pub(super) fn named_request(
    access: &Access,
    kind: &str,
    request_id: &str,
    content: &[u8],
) -> Result<Option<RequestKey>> {
    if request_id.is_empty() {
        return Ok(None);
    }
    let id = uuid::Uuid::parse_str(request_id).map_err(|_| {
        ServiceError::field(
            "request_id",
            "écrire un UUID, ou rien",
            "write a UUID, or nothing",
        )
    })?;
    let mut hasher = Sha256::new();
    hasher.update(kind.as_bytes());
    hasher.update([0]);
    hasher.update(content);
    Ok(Some(RequestKey {
        principal: access.principal.clone(),
        request_id: id.to_string(),
        hash: hasher.finalize().to_vec(),
    }))
}

/// A run that was only validated: as stored, without a name.
fn unstored(new: &NewRun) -> Run {
    Run {
        id: RunId::new(""),
        zones: new.zones.clone(),
        state: RunState::Queued,
        attempts: 0,
        cancel_requested: false,
        progress: None,
        failure: None,
        input_digest: new.snapshot.digest(),
        knowledge_version: new.knowledge_version.clone(),
        solver_version: new.solver_version.clone(),
        created_at: now(),
        started_at: None,
        finished_at: None,
        updated_at: now(),
    }
}
