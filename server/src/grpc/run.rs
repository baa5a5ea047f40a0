//! Runs and what they found, on the wire.

use boucle_domain::id::{SiteKey, ZoneId};
use boucle_domain::settings::Settings;
use boucle_proto::v1;
use boucle_proto::v1::run_service_server::RunService;
use boucle_solver::answer::PlanKind;
use boucle_store::{RunId, RunState};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::chunk::{Answers, answers, cut, send};
use super::convert::flow::{read_flow_key, read_pair_key};
use super::convert::proposal::proposal;
use super::convert::quantity::day;
use super::convert::rejection::{flow_rejections, network, pair_explanation};
use super::convert::run::run;
use super::convert::settings::read_settings;
use super::convert::zone::missing;
use super::{Call, Services, page, refuse};
use crate::app::error::{Result as AppResult, ServiceError};
use crate::app::run::RunRequest;
use crate::auth::Action;

/// A site to filter by, unless it is empty.
fn filter(site: String) -> Option<SiteKey> {
    Some(site).filter(|site| !site.is_empty()).map(SiteKey::new)
}

/// A plan to filter by, unless it is not said.
fn plan(plan: i32) -> AppResult<Option<PlanKind>> {
    match v1::PlanKind::try_from(plan) {
        Ok(v1::PlanKind::Unspecified) => Ok(None),
        Ok(v1::PlanKind::Firm) => Ok(Some(PlanKind::Firm)),
        Ok(v1::PlanKind::Prospective) => Ok(Some(PlanKind::Prospective)),
        Err(_) => Err(ServiceError::field("plan", "plan inconnu", "unknown plan")),
    }
}

/// What is asked of a run.
fn run_request(request: v1::CreateRunRequest) -> AppResult<RunRequest> {
    let mut violations = Vec::new();
    let settings = match request.settings {
        Some(settings) => read_settings(settings, &mut violations),
        None => Settings::default(),
    };
    let valid_on = day("valid_on", &request.valid_on, &mut violations);
    refuse(violations)?;
    Ok(RunRequest {
        zones: request.zones.into_iter().map(ZoneId::new).collect(),
        valid_on,
        settings,
        request_id: request.request_id,
        validate_only: request.validate_only,
    })
}

#[tonic::async_trait]
impl RunService for Services {
    async fn create_run(
        &self,
        request: Request<v1::CreateRunRequest>,
    ) -> Result<Response<v1::Run>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let created = async {
            let access = call.access(&request.territory, Action::Solve)?;
            let view = self.app.create_run(&access, run_request(request)?).await?;
            Ok(run(&access, &view))
        };
        created
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn get_run(
        &self,
        request: Request<v1::GetRunRequest>,
    ) -> Result<Response<v1::Run>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadRuns)?;
            let view = self.app.run(&access, &RunId::new(request.run)).await?;
            Ok(run(&access, &view))
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn list_runs(
        &self,
        request: Request<v1::ListRunsRequest>,
    ) -> Result<Response<v1::ListRunsResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadRuns)?;
            let found = self
                .app
                .runs(&access, &page(request.page_size, request.page_token))
                .await?;
            let runs = found.items.iter().map(|view| run(&access, view));
            Ok(v1::ListRunsResponse {
                runs: runs.collect(),
                next_page_token: found.next,
            })
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn cancel_run(
        &self,
        request: Request<v1::CancelRunRequest>,
    ) -> Result<Response<v1::Run>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let cancelled = async {
            let access = call.access(&request.territory, Action::Solve)?;
            let view = self
                .app
                .cancel_run(&access, &RunId::new(request.run))
                .await?;
            Ok(run(&access, &view))
        };
        cancelled
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    type WatchRunStream = Answers<v1::WatchRunResponse>;

    async fn watch_run(
        &self,
        request: Request<v1::WatchRunRequest>,
    ) -> Result<Response<Answers<v1::WatchRunResponse>>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let id = RunId::new(request.run);
        let started = async {
            let access = call.access(&request.territory, Action::ReadRuns)?;
            let watched = self.app.watch_run(&access, &id).await?;
            Ok((access, watched))
        };
        let (access, watched) = started.await.map_err(|error| call.refuse(error))?;
        let (send, receive) = mpsc::channel(1);
        let app = self.app.clone();
        tokio::spawn(async move {
            let mut sequence = 0;
            let first = v1::WatchRunResponse {
                sequence,
                run: Some(run(&access, &watched.present)),
            };
            if send.send(Ok(first)).await.is_err() {
                return;
            }
            let Some(mut ticks) = watched.ticks else {
                if !watched.present.run.state.is_final() {
                    // Not in hand and not over: the server is stopping.
                    let _ = send.send(Err(call.refuse(ServiceError::Unavailable))).await;
                }
                return;
            };
            // The channel holds one message: while the reader is slow, states are skipped. The store is
            // asked until the run is seen running; from then on only its progress changes.
            let mut passing = None;
            while ticks.changed().await.is_ok() {
                let tick = *ticks.borrow_and_update();
                sequence = tick.sequence.max(sequence + 1);
                let view = match passing.take() {
                    Some(view) => Ok(view),
                    None => app.run_in_passing(&access, &id).await,
                };
                let message = match view {
                    Ok(view) if view.run.state.is_final() => break,
                    Ok(mut view) => {
                        view.progress = tick.progress;
                        let state = run(&access, &view);
                        passing = Some(view).filter(|view| view.run.state == RunState::Running);
                        Ok(v1::WatchRunResponse {
                            sequence,
                            run: Some(state),
                        })
                    }
                    Err(error) => Err(call.refuse(error)),
                };
                let failed = message.is_err();
                if send.send(message).await.is_err() || failed {
                    return;
                }
            }
            // The run is no longer in hand: its end is in the store.
            let last = match app.run(&access, &id).await {
                Ok(view) if view.run.state.is_final() => Ok(v1::WatchRunResponse {
                    sequence: sequence + 1,
                    run: Some(run(&access, &view)),
                }),
                Ok(_) => Err(call.refuse(ServiceError::Unavailable)),
                Err(error) => Err(call.refuse(error)),
            };
            let _ = send.send(last).await;
        });
        Ok(Response::new(answers(ReceiverStream::new(receive))))
    }

    async fn list_proposals(
        &self,
        request: Request<v1::ListProposalsRequest>,
    ) -> Result<Response<v1::ListProposalsResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadResults)?;
            let (plan, site) = (plan(request.plan)?, filter(request.site));
            let page = page(request.page_size, request.page_token);
            let seen = self
                .app
                .proposals(
                    &access,
                    &RunId::new(request.run),
                    plan,
                    site.as_ref(),
                    &page,
                )
                .await?;
            let proposals = seen
                .found
                .items
                .iter()
                .map(|one| proposal(&seen.reader, one));
            Ok(v1::ListProposalsResponse {
                proposals: proposals.collect(),
                next_page_token: seen.found.next,
            })
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn get_proposal(
        &self,
        request: Request<v1::GetProposalRequest>,
    ) -> Result<Response<v1::Proposal>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadResults)?;
            let mut violations = Vec::new();
            let pair = read_pair_key("pair", request.pair, &mut violations);
            refuse(violations)?;
            let pair = pair.ok_or_else(|| missing("pair"))?;
            let seen = self
                .app
                .proposal(&access, &RunId::new(request.run), &pair)
                .await?;
            Ok(proposal(&seen.reader, &seen.found))
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn list_rejections(
        &self,
        request: Request<v1::ListRejectionsRequest>,
    ) -> Result<Response<v1::ListRejectionsResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadResults)?;
            let site = filter(request.site);
            let page = page(request.page_size, request.page_token);
            let seen = self
                .app
                .rejections(&access, &RunId::new(request.run), site.as_ref(), &page)
                .await?;
            let flows = seen
                .found
                .items
                .iter()
                .map(|one| flow_rejections(&seen.reader, one));
            Ok(v1::ListRejectionsResponse {
                flows: flows.collect(),
                next_page_token: seen.found.next,
            })
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn get_network(
        &self,
        request: Request<v1::GetNetworkRequest>,
    ) -> Result<Response<v1::Network>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadResults)?;
            let seen = self.app.network(&access, &RunId::new(request.run)).await?;
            Ok(network(&seen.reader, &seen.found))
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn explain_pair(
        &self,
        request: Request<v1::ExplainPairRequest>,
    ) -> Result<Response<v1::ExplainPairResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadResults)?;
            let mut violations = Vec::new();
            let output = read_flow_key("output", request.output, &mut violations);
            let input = read_flow_key("input", request.input, &mut violations);
            refuse(violations)?;
            let (output, input) = (
                output.ok_or_else(|| missing("output"))?,
                input.ok_or_else(|| missing("input"))?,
            );
            let run = RunId::new(request.run);
            let seen = self
                .app
                .explain_pair(&access, &run, output.clone(), input.clone())
                .await?;
            let explanations = seen
                .found
                .iter()
                .map(|one| pair_explanation(&seen.reader, &output, &input, one));
            Ok(v1::ExplainPairResponse {
                explanations: explanations.collect(),
            })
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    type GetAnswerStream = Answers<v1::GetAnswerResponse>;

    async fn get_answer(
        &self,
        request: Request<v1::GetAnswerRequest>,
    ) -> Result<Response<Answers<v1::GetAnswerResponse>>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadEverything)?;
            self.app.answer(&access, &RunId::new(request.run)).await
        };
        let bytes = found.await.map_err(|error| call.refuse(error))?;
        Ok(Response::new(send(bytes, |data| v1::GetAnswerResponse {
            data,
        })))
    }

    type StreamModelsStream = Answers<v1::ModelChunk>;

    async fn stream_models(
        &self,
        request: Request<v1::StreamModelsRequest>,
    ) -> Result<Response<Answers<v1::ModelChunk>>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadEverything)?;
            self.app.models(&access, &RunId::new(request.run)).await
        };
        let mut models = found.await.map_err(|error| call.refuse(error))?;
        let (send, receive) = mpsc::channel(4);
        tokio::spawn(async move {
            while let Some(model) = models.recv().await {
                let model = match model {
                    Ok(model) => model,
                    Err(error) => {
                        let _ = send.send(Err(call.refuse(error))).await;
                        return;
                    }
                };
                for (mps, last) in cut(model.mps.as_bytes()) {
                    let (name, objective_euros) = (model.name.clone(), model.objective);
                    let chunk = v1::ModelChunk {
                        name,
                        mps,
                        last,
                        objective_euros,
                    };
                    if send.send(Ok(chunk)).await.is_err() {
                        return;
                    }
                }
            }
        });
        Ok(Response::new(answers(ReceiverStream::new(receive))))
    }
}
