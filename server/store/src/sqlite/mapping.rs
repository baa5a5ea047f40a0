//! Mappings of columns, by the shape of a sheet.

use sqlx::SqliteConnection;

use crate::{Micros, Result, Scope};

/// Keeps a mapping in place of that of the same shape.
pub(super) async fn keep(
    connection: &mut SqliteConnection,
    scope: &Scope,
    shape: &str,
    data: &str,
    now: Micros,
) -> Result<()> {
    const SQL: &str = "INSERT INTO mappings (territory_id, shape, data, updated_at) \
         VALUES ($1, $2, $3, $4) \
         ON CONFLICT (territory_id, shape) DO UPDATE SET data = $3, updated_at = $4";
    sqlx::query(SQL)
        .bind(scope.id())
        .bind(shape)
        .bind(data)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Every mapping of a territory, by shape.
pub(super) async fn all(
    connection: &mut SqliteConnection,
    scope: &Scope,
) -> Result<Vec<(String, String)>> {
    const SQL: &str = "SELECT shape, data FROM mappings WHERE territory_id = $1 ORDER BY shape";
    let found = sqlx::query_as(SQL)
        .bind(scope.id())
        .fetch_all(connection)
        .await?;
    Ok(found)
}
