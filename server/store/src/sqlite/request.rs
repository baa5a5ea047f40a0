//! Requests already done.

use sqlx::SqliteConnection;

use crate::{Micros, RequestKey, Result, Scope, StoreError};

/// The bytes kept for a request, `None` if it is new.
///
/// # Errors
/// `RequestReused` if it had another content.
pub(super) async fn recorded(
    connection: &mut SqliteConnection,
    scope: &Scope,
    request: &RequestKey,
) -> Result<Option<Vec<u8>>> {
    const SQL: &str = "SELECT hash, response FROM requests \
         WHERE territory_id = $1 AND principal = $2 AND request_id = $3";
    let found: Option<(Vec<u8>, Vec<u8>)> = sqlx::query_as(SQL)
        .bind(scope.id())
        .bind(&request.principal)
        .bind(&request.request_id)
        .fetch_optional(connection)
        .await?;
    match found {
        Some((hash, response)) if hash == request.hash => Ok(Some(response)),
        Some(_) => Err(StoreError::RequestReused {
            request_id: request.request_id.clone(),
        }),
        None => Ok(None),
    }
}

/// Keeps the bytes to answer a repetition with.
pub(super) async fn record(
    connection: &mut SqliteConnection,
    scope: &Scope,
    request: &RequestKey,
    response: &[u8],
    now: Micros,
) -> Result<()> {
    const SQL: &str = "INSERT INTO requests (territory_id, principal, request_id, hash, response, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    sqlx::query(SQL)
        .bind(scope.id())
        .bind(&request.principal)
        .bind(&request.request_id)
        .bind(&request.hash)
        .bind(response)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets the requests of a territory made before a moment.
pub(super) async fn prune(
    connection: &mut SqliteConnection,
    scope: &Scope,
    before: Micros,
) -> Result<u64> {
    let deleted = sqlx::query("DELETE FROM requests WHERE territory_id = $1 AND created_at < $2")
        .bind(scope.id())
        .bind(before)
        .execute(connection)
        .await?;
    Ok(deleted.rows_affected())
}
