//! The life of a run.

use async_trait::async_trait;
use boucle_domain::id::{FlowKey, PairKey};
use boucle_domain::snapshot::Snapshot;
use sqlx::{QueryBuilder, Sqlite};

use super::row::{Statement, decoded, encoded};
use super::run_row::{get, moved, run_of, select_runs, statement};
use super::{SqliteStore, answer, request, revision};
use crate::{
    ATTEMPTS_EXHAUSTED, CreatedRun, Entity, Failure, FlowRejectionRow, MAX_ATTEMPTS, Micros,
    NewRun, Page, ProposalRow, RequestKey, Result, Rows, Run, RunAnswer, RunId, RunInput,
    RunPosition, RunProgress, RunState, RunStore, Scope, StoreError,
};

#[async_trait]
impl RunStore for SqliteStore {
    async fn create_run(
        &self,
        scope: &Scope,
        run: &NewRun,
        request: Option<&RequestKey>,
        now: Micros,
    ) -> Result<CreatedRun> {
        const RUN: &str = "INSERT INTO runs (territory_id, run_id, zones, state, attempts, cancel_requested, done, total, \
             input_digest, knowledge_version, solver_version, created_at, updated_at) \
             VALUES ($1, $2, $3, 'queued', 0, 0, 0, 0, $4, $5, $6, $7, $7) ON CONFLICT (territory_id, run_id) DO NOTHING";
        const INPUT: &str = "INSERT INTO run_inputs (territory_id, run_id, settings, snapshot) VALUES ($1, $2, $3, $4)";
        // Written down before the write lock is taken: a large snapshot takes a while.
        let zones = encoded(Entity::Run, &run.zones)?;
        let settings = encoded(Entity::RunInput, &run.settings)?;
        let snapshot = encoded(Entity::RunInput, &run.snapshot)?;
        let digest = run.snapshot.digest();

        let mut transaction = self.write().await?;
        // The request of another territory's caller is looked up nowhere else.
        revision(&mut transaction, scope).await?;
        if let Some(request) = request {
            if let Some(id) = request::recorded(&mut transaction, scope, request).await? {
                let id = RunId::new(String::from_utf8_lossy(&id));
                return Ok(CreatedRun::Existing(
                    get(&mut transaction, scope, &id).await?,
                ));
            }
            request::record(
                &mut transaction,
                scope,
                request,
                run.id.as_str().as_bytes(),
                now,
            )
            .await?;
        }
        let insert = sqlx::query(RUN)
            .bind(scope.id())
            .bind(run.id.as_str())
            .bind(&zones)
            .bind(&digest);
        let insert = insert
            .bind(&run.knowledge_version)
            .bind(&run.solver_version)
            .bind(now);
        if insert.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Err(StoreError::already_exists(Entity::Run, &run.id));
        }
        let insert = sqlx::query(INPUT)
            .bind(scope.id())
            .bind(run.id.as_str())
            .bind(&settings)
            .bind(&snapshot);
        insert.execute(&mut *transaction).await?;
        let created = get(&mut transaction, scope, &run.id).await?;
        transaction.commit().await?;
        Ok(CreatedRun::New(created))
    }

    async fn run(&self, scope: &Scope, run: &RunId) -> Result<Run> {
        get(&mut *self.read().await?, scope, run).await
    }

    async fn runs(
        &self,
        scope: &Scope,
        state: Option<RunState>,
        page: &Page<RunPosition>,
    ) -> Result<Rows<Run>> {
        let mut select = QueryBuilder::<Sqlite>::new(select_runs!());
        select
            .push("WHERE territory_id = ")
            .push_bind(scope.id().to_owned());
        if let Some(state) = state {
            select.push(" AND state = ").push_bind(state.code());
        }
        if let Some(RunPosition { created_at, id }) = &page.after {
            select
                .push(" AND (created_at, run_id) < (")
                .push_bind(*created_at);
            select
                .push(", ")
                .push_bind(id.as_str().to_owned())
                .push(")");
        }
        select
            .push(" ORDER BY created_at DESC, run_id DESC LIMIT ")
            .push_bind(page.fetch());
        let rows = select.build().fetch_all(&mut *self.read().await?).await?;
        let items = rows
            .iter()
            .map(|row| run_of(row).map(|(_, run)| run))
            .collect::<Result<_>>()?;
        Ok(Rows::of(items, page))
    }

    async fn delete_run(&self, scope: &Scope, run: &RunId) -> Result<()> {
        let mut transaction = self.write().await?;
        if !get(&mut transaction, scope, run).await?.state.is_final() {
            return Err(StoreError::InUse {
                what: Entity::Run,
                by: Entity::Run,
            });
        }
        sqlx::query("DELETE FROM runs WHERE territory_id = $1 AND run_id = $2")
            .bind(scope.id())
            .bind(run.as_str())
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn run_input(&self, scope: &Scope, run: &RunId) -> Result<RunInput> {
        const SQL: &str = "SELECT settings, snapshot, input_digest FROM run_inputs \
             JOIN runs ON runs.territory_id = run_inputs.territory_id AND runs.run_id = run_inputs.run_id \
             WHERE run_inputs.territory_id = $1 AND run_inputs.run_id = $2";
        let row: Option<(String, String, String)> = sqlx::query_as(SQL)
            .bind(scope.id())
            .bind(run.as_str())
            .fetch_optional(&mut *self.read().await?)
            .await?;
        let (settings, snapshot, digest) =
            row.ok_or_else(|| StoreError::not_found(Entity::Run, run))?;
        let settings = decoded(Entity::RunInput, run.as_str(), &settings)?;
        let snapshot: Snapshot = decoded(Entity::RunInput, run.as_str(), &snapshot)?;
        match snapshot.digest() == digest {
            true => Ok(RunInput { snapshot, settings }),
            false => Err(StoreError::corrupt(Entity::RunInput, run)),
        }
    }

    async fn start_run(&self, scope: &Scope, run: &RunId, now: Micros) -> Result<Run> {
        const SQL: &str = "UPDATE runs SET state = 'running', attempts = attempts + 1, stage = NULL, done = 0, total = 0, \
             started_at = $3, updated_at = $3 WHERE territory_id = $1 AND run_id = $2 AND state = 'queued'";
        self.step(
            scope,
            run,
            RunState::Running,
            statement(SQL, scope, run).bind(now),
        )
        .await
    }

    async fn report_progress(
        &self,
        scope: &Scope,
        run: &RunId,
        progress: &RunProgress,
        now: Micros,
    ) -> Result<bool> {
        const SQL: &str = "UPDATE runs SET stage = $3, done = $4, total = $5, updated_at = $6 \
             WHERE territory_id = $1 AND run_id = $2 AND state = 'running'";
        let count = |units: u64| i64::try_from(units).unwrap_or(i64::MAX);
        let update = statement(SQL, scope, run)
            .bind(&progress.stage)
            .bind(count(progress.done));
        let update = update.bind(count(progress.total)).bind(now);
        Ok(self
            .step(scope, run, RunState::Running, update)
            .await?
            .cancel_requested)
    }

    async fn succeed_run(
        &self,
        scope: &Scope,
        run: &RunId,
        answer: &RunAnswer,
        now: Micros,
    ) -> Result<Run> {
        const SQL: &str = "UPDATE runs SET state = 'succeeded', finished_at = $3, updated_at = $3 \
             WHERE territory_id = $1 AND run_id = $2 AND state = 'running'";
        answer::check(answer)?;
        let mut transaction = self.write().await?;
        let update = statement(SQL, scope, run).bind(now);
        let succeeded = moved(&mut transaction, scope, run, RunState::Succeeded, update).await?;
        answer::write(&mut transaction, scope, run, answer).await?;
        transaction.commit().await?;
        Ok(succeeded)
    }

    async fn fail_run(
        &self,
        scope: &Scope,
        run: &RunId,
        failure: &Failure,
        now: Micros,
    ) -> Result<Run> {
        const SQL: &str = "UPDATE runs SET state = 'failed', failure_code = $3, failure_detail = $4, finished_at = $5, \
             updated_at = $5 WHERE territory_id = $1 AND run_id = $2 AND state IN ('queued', 'running')";
        let update = statement(SQL, scope, run)
            .bind(&failure.code)
            .bind(&failure.detail)
            .bind(now);
        self.step(scope, run, RunState::Failed, update).await
    }

    async fn request_cancel(&self, scope: &Scope, run: &RunId, now: Micros) -> Result<Run> {
        const WAITING: &str = "UPDATE runs SET state = 'cancelled', cancel_requested = 1, finished_at = $3, \
             updated_at = $3 WHERE territory_id = $1 AND run_id = $2 AND state = 'queued'";
        const RUNNING: &str = "UPDATE runs SET cancel_requested = 1, updated_at = $3 \
             WHERE territory_id = $1 AND run_id = $2 AND state = 'running' AND cancel_requested = 0";
        let mut transaction = self.write().await?;
        for sql in [WAITING, RUNNING] {
            statement(sql, scope, run)
                .bind(now)
                .execute(&mut *transaction)
                .await?;
        }
        let run = get(&mut transaction, scope, run).await?;
        transaction.commit().await?;
        Ok(run)
    }

    async fn cancel_run(&self, scope: &Scope, run: &RunId, now: Micros) -> Result<Run> {
        const SQL: &str = "UPDATE runs SET state = 'cancelled', cancel_requested = 1, finished_at = $3, updated_at = $3 \
             WHERE territory_id = $1 AND run_id = $2 AND state IN ('queued', 'running')";
        self.step(
            scope,
            run,
            RunState::Cancelled,
            statement(SQL, scope, run).bind(now),
        )
        .await
    }

    async fn requeue_run(&self, scope: &Scope, run: &RunId, now: Micros) -> Result<Run> {
        const SQL: &str = "UPDATE runs SET state = 'queued', attempts = attempts - 1, stage = NULL, done = 0, total = 0, \
             updated_at = $3 WHERE territory_id = $1 AND run_id = $2 AND state = 'running'";
        self.step(
            scope,
            run,
            RunState::Queued,
            statement(SQL, scope, run).bind(now),
        )
        .await
    }

    async fn claim_unfinished(&self, now: Micros) -> Result<Vec<(Scope, Run)>> {
        const CANCELLED: &str = "UPDATE runs SET state = 'cancelled', finished_at = $1, updated_at = $1 \
             WHERE state IN ('queued', 'running') AND cancel_requested = 1";
        const FAILED: &str = "UPDATE runs SET state = 'failed', failure_code = $2, failure_detail = $3, \
             finished_at = $1, updated_at = $1 WHERE state = 'running' AND attempts >= $4";
        const QUEUED: &str = "UPDATE runs SET state = 'queued', stage = NULL, done = 0, total = 0, updated_at = $1 \
             WHERE state = 'running'";
        const TO_START: &str = concat!(
            select_runs!(),
            "WHERE state = 'queued' ORDER BY created_at, territory_id, run_id"
        );
        let mut transaction = self.write().await?;
        sqlx::query(CANCELLED)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(FAILED)
            .bind(now)
            .bind(ATTEMPTS_EXHAUSTED)
            .bind(format!(
                "the server stopped {MAX_ATTEMPTS} times while this run was being solved"
            ))
            .bind(MAX_ATTEMPTS)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(QUEUED)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        let rows = sqlx::query(TO_START).fetch_all(&mut *transaction).await?;
        let claimed = rows
            .iter()
            .map(|row| run_of(row).map(|(territory, run)| (Scope::authorised(territory), run)))
            .collect::<Result<_>>()?;
        transaction.commit().await?;
        Ok(claimed)
    }

    async fn answer(&self, scope: &Scope, run: &RunId) -> Result<Vec<u8>> {
        let mut moment = self.moment().await?;
        get(&mut moment, scope, run).await?;
        answer::bytes(&mut moment, scope, run).await
    }

    async fn proposals(
        &self,
        scope: &Scope,
        run: &RunId,
        plan: Option<&str>,
        page: &Page<u32>,
    ) -> Result<Rows<ProposalRow>> {
        let mut moment = self.moment().await?;
        get(&mut moment, scope, run).await?;
        answer::proposals(&mut moment, scope, run, plan, page).await
    }

    async fn proposal(&self, scope: &Scope, run: &RunId, pair: &PairKey) -> Result<ProposalRow> {
        let mut moment = self.moment().await?;
        get(&mut moment, scope, run).await?;
        answer::proposal(&mut moment, scope, run, pair).await
    }

    async fn rejections(
        &self,
        scope: &Scope,
        run: &RunId,
        page: &Page<FlowKey>,
    ) -> Result<Rows<FlowRejectionRow>> {
        let mut moment = self.moment().await?;
        get(&mut moment, scope, run).await?;
        answer::rejections(&mut moment, scope, run, page).await
    }

    async fn rejection(
        &self,
        scope: &Scope,
        run: &RunId,
        flow: &FlowKey,
    ) -> Result<FlowRejectionRow> {
        let mut moment = self.moment().await?;
        get(&mut moment, scope, run).await?;
        answer::rejection(&mut moment, scope, run, flow).await
    }
}

impl SqliteStore {
    /// Takes one step in the life of a run, in a transaction of its own.
    async fn step(
        &self,
        scope: &Scope,
        run: &RunId,
        to: RunState,
        update: Statement<'_>,
    ) -> Result<Run> {
        let mut transaction = self.write().await?;
        let run = moved(&mut transaction, scope, run, to, update).await?;
        transaction.commit().await?;
        Ok(run)
    }
}
