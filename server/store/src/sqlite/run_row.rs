//! A run as its row holds it.

use boucle_domain::id::TerritoryId;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row, SqliteConnection};

use super::row::{Statement, decoded};
use crate::{Entity, Failure, Result, Run, RunId, RunProgress, RunState, Scope, StoreError};

/// The columns [`run_of`] reads, in front of a condition.
macro_rules! select_runs {
    () => {
        "SELECT territory_id, run_id, zones, state, attempts, cancel_requested, stage, done, total, failure_code, \
         failure_detail, input_digest, knowledge_version, solver_version, created_at, started_at, finished_at, \
         updated_at FROM runs "
    };
}
pub(super) use select_runs;

/// A statement on one run: `$1` the territory, `$2` the run.
pub(super) fn statement<'q>(sql: &'static str, scope: &'q Scope, run: &'q RunId) -> Statement<'q> {
    sqlx::query(sql).bind(scope.id()).bind(run.as_str())
}

/// Runs an update that only holds for some states, and answers the run after it.
///
/// # Errors
/// `NotFound`, `IllegalTransition`.
pub(super) async fn moved(
    connection: &mut SqliteConnection,
    scope: &Scope,
    run: &RunId,
    to: RunState,
    update: Statement<'_>,
) -> Result<Run> {
    let done = update.execute(&mut *connection).await?.rows_affected() == 1;
    let run = get(connection, scope, run).await?;
    match done {
        true => Ok(run),
        false => Err(StoreError::IllegalTransition {
            from: run.state,
            to,
        }),
    }
}

/// The run of a name.
pub(super) async fn get(
    connection: &mut SqliteConnection,
    scope: &Scope,
    run: &RunId,
) -> Result<Run> {
    const SQL: &str = concat!(select_runs!(), "WHERE territory_id = $1 AND run_id = $2");
    let row = statement(SQL, scope, run)
        .fetch_optional(connection)
        .await?;
    let row = row.ok_or_else(|| StoreError::not_found(Entity::Run, run))?;
    run_of(&row).map(|(_, run)| run)
}

/// A run and its territory from the columns of [`select_runs`].
pub(super) fn run_of(row: &SqliteRow) -> Result<(TerritoryId, Run)> {
    let id: String = row.try_get("run_id")?;
    let (zones, state): (String, String) = (row.try_get("zones")?, row.try_get("state")?);
    let stage: Option<String> = row.try_get("stage")?;
    let count = |column| Ok::<_, StoreError>(row.try_get::<i64, _>(column)?.max(0).unsigned_abs());
    let progress = match stage {
        Some(stage) => Some(RunProgress {
            stage,
            done: count("done")?,
            total: count("total")?,
        }),
        None => None,
    };
    let failure: Option<String> = row.try_get("failure_code")?;
    let failure = match failure {
        Some(code) => Some(Failure {
            code,
            detail: row
                .try_get::<Option<_>, _>("failure_detail")?
                .unwrap_or_default(),
        }),
        None => None,
    };
    let run = Run {
        zones: decoded(Entity::Run, &id, &zones)?,
        state: RunState::from_code(&state).ok_or_else(|| StoreError::corrupt(Entity::Run, &id))?,
        attempts: row.try_get("attempts")?,
        cancel_requested: row.try_get("cancel_requested")?,
        progress,
        failure,
        input_digest: row.try_get("input_digest")?,
        knowledge_version: row.try_get("knowledge_version")?,
        solver_version: row.try_get("solver_version")?,
        created_at: row.try_get("created_at")?,
        started_at: row.try_get("started_at")?,
        finished_at: row.try_get("finished_at")?,
        updated_at: row.try_get("updated_at")?,
        id: RunId::new(id),
    };
    let (territory,): (String,) = FromRow::from_row(row)?;
    Ok((TerritoryId::new(territory), run))
}
