//! Create, read, replace and delete, the same for zones, firms, sites and flows.

use boucle_domain::flow::Flow;
use boucle_domain::organisation::{Firm, Site, Zone};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::row::{Column, StoredRow, encoded, stored};
use crate::{Entity, Micros, Result, Scope, StoreError, Stored};

/// Rows written by one statement of an import; a statement takes 32 766 parameters at most.
const CHUNK: usize = 500;

/// A value with a table of its own. Statements number their parameters alike: `$1` the territory,
/// then the columns of the key, then the others, then JSON, version and time.
pub(super) trait Record: Serialize + DeserializeOwned + Send + Sync {
    /// Kind.
    const ENTITY: Entity;
    /// Key in words, JSON, version, time of a key.
    const SELECT: &'static str;
    /// A new row.
    const INSERT: &'static str;
    /// The same row with new content.
    const UPDATE: &'static str;
    /// The row no longer.
    const DELETE: &'static str;
    /// Start of a statement that writes many rows.
    const UPSERT: &'static str;
    /// Its end. A row that is the same already is left alone, version included.
    const ON_CONFLICT: &'static str;
}

impl Record for Zone {
    const ENTITY: Entity = Entity::Zone;
    const SELECT: &'static str = "SELECT zone_id, data, version, updated_at FROM zones WHERE territory_id = $1 AND zone_id = $2";
    const INSERT: &'static str = "INSERT INTO zones (territory_id, zone_id, parent_id, data, version, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    const UPDATE: &'static str = "UPDATE zones SET parent_id = $3, data = $4, version = $5, updated_at = $6 \
         WHERE territory_id = $1 AND zone_id = $2";
    const DELETE: &'static str = "DELETE FROM zones WHERE territory_id = $1 AND zone_id = $2";
    const UPSERT: &'static str =
        "INSERT INTO zones (territory_id, zone_id, parent_id, data, version, updated_at) ";
    const ON_CONFLICT: &'static str = " ON CONFLICT (territory_id, zone_id) DO UPDATE SET \
         parent_id = excluded.parent_id, data = excluded.data, version = excluded.version, \
         updated_at = excluded.updated_at WHERE zones.data <> excluded.data";
}

impl Record for Firm {
    const ENTITY: Entity = Entity::Firm;
    const SELECT: &'static str = "SELECT firm_key, data, version, updated_at FROM firms WHERE territory_id = $1 AND firm_key = $2";
    const INSERT: &'static str = "INSERT INTO firms (territory_id, firm_key, data, version, updated_at) VALUES ($1, $2, $3, $4, $5)";
    const UPDATE: &'static str = "UPDATE firms SET data = $3, version = $4, updated_at = $5 \
         WHERE territory_id = $1 AND firm_key = $2";
    const DELETE: &'static str = "DELETE FROM firms WHERE territory_id = $1 AND firm_key = $2";
    const UPSERT: &'static str =
        "INSERT INTO firms (territory_id, firm_key, data, version, updated_at) ";
    const ON_CONFLICT: &'static str = " ON CONFLICT (territory_id, firm_key) DO UPDATE SET data = excluded.data, \
         version = excluded.version, updated_at = excluded.updated_at WHERE firms.data <> excluded.data";
}

impl Record for Site {
    const ENTITY: Entity = Entity::Site;
    const SELECT: &'static str = "SELECT site_key, data, version, updated_at FROM sites WHERE territory_id = $1 AND site_key = $2";
    const INSERT: &'static str = "INSERT INTO sites (territory_id, site_key, firm_key, zone_id, data, version, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    const UPDATE: &'static str = "UPDATE sites SET firm_key = $3, zone_id = $4, data = $5, version = $6, \
         updated_at = $7 WHERE territory_id = $1 AND site_key = $2";
    const DELETE: &'static str = "DELETE FROM sites WHERE territory_id = $1 AND site_key = $2";
    const UPSERT: &'static str =
        "INSERT INTO sites (territory_id, site_key, firm_key, zone_id, data, version, updated_at) ";
    const ON_CONFLICT: &'static str = " ON CONFLICT (territory_id, site_key) DO UPDATE SET \
         firm_key = excluded.firm_key, zone_id = excluded.zone_id, data = excluded.data, \
         version = excluded.version, updated_at = excluded.updated_at WHERE sites.data <> excluded.data";
}

impl Record for Flow {
    const ENTITY: Entity = Entity::Flow;
    const SELECT: &'static str = "SELECT site_key || '/' || reference, data, version, updated_at FROM flows \
         WHERE territory_id = $1 AND site_key = $2 AND direction = $3 AND reference = $4";
    const INSERT: &'static str = "INSERT INTO flows (territory_id, site_key, direction, reference, zone_id, data, version, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    const UPDATE: &'static str = "UPDATE flows SET zone_id = $5, data = $6, version = $7, updated_at = $8 \
         WHERE territory_id = $1 AND site_key = $2 AND direction = $3 AND reference = $4";
    const DELETE: &'static str = "DELETE FROM flows WHERE territory_id = $1 AND site_key = $2 AND direction = $3 AND reference = $4";
    const UPSERT: &'static str = "INSERT INTO flows (territory_id, site_key, direction, reference, zone_id, data, version, updated_at) ";
    const ON_CONFLICT: &'static str = " ON CONFLICT (territory_id, site_key, direction, reference) DO UPDATE SET \
         zone_id = excluded.zone_id, data = excluded.data, version = excluded.version, \
         updated_at = excluded.updated_at WHERE flows.data <> excluded.data";
}

/// A statement with the territory and some columns.
fn statement<'q>(
    sql: &'static str,
    scope: &'q Scope,
    columns: &[Column<'q>],
) -> super::row::Statement<'q> {
    columns
        .iter()
        .fold(sqlx::query(sql).bind(scope.id()), |statement, column| {
            column.bind(statement)
        })
}

/// The row of a key.
///
/// # Errors
/// `NotFound`, `Corrupt`.
pub(super) async fn get<R: Record>(
    connection: &mut SqliteConnection,
    scope: &Scope,
    key: &[Column<'_>],
    words: &str,
) -> Result<Stored<R>> {
    use sqlx::FromRow;
    let row = statement(R::SELECT, scope, key)
        .fetch_optional(connection)
        .await?
        .ok_or_else(|| StoreError::not_found(R::ENTITY, words))?;
    stored(R::ENTITY, StoredRow::from_row(&row)?)
}

/// A row at its place in the history of the territory.
pub(super) struct At {
    /// Revision that writes it.
    pub(super) revision: i64,
    /// Time of it.
    pub(super) now: Micros,
}

/// Writes a new row; `columns` are those of the key and the others.
///
/// # Errors
/// `AlreadyExists`.
pub(super) async fn create<R: Record + Clone>(
    connection: &mut SqliteConnection,
    scope: &Scope,
    value: &R,
    columns: &[Column<'_>],
    words: &str,
    at: At,
) -> Result<Stored<R>> {
    let json = encoded(R::ENTITY, value)?;
    let insert = statement(R::INSERT, scope, columns)
        .bind(&json)
        .bind(at.revision)
        .bind(at.now);
    match insert.execute(connection).await {
        Ok(_) => Ok(Stored {
            value: value.clone(),
            version: at.revision,
            updated_at: at.now,
        }),
        Err(error)
            if error
                .as_database_error()
                .is_some_and(|failure| failure.is_unique_violation()) =>
        {
            Err(StoreError::already_exists(R::ENTITY, words))
        }
        Err(error) => Err(error.into()),
    }
}

/// Replaces a row of a known version; the first `key` of the `columns` are those of the key.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub(super) async fn update<R: Record + Clone>(
    connection: &mut SqliteConnection,
    scope: &Scope,
    value: &R,
    (columns, key): (&[Column<'_>], usize),
    words: &str,
    expected: i64,
    at: At,
) -> Result<Stored<R>> {
    expect::<R>(connection, scope, &columns[..key], words, Some(expected)).await?;
    let json = encoded(R::ENTITY, value)?;
    let update = statement(R::UPDATE, scope, columns)
        .bind(&json)
        .bind(at.revision)
        .bind(at.now);
    update.execute(connection).await?;
    Ok(Stored {
        value: value.clone(),
        version: at.revision,
        updated_at: at.now,
    })
}

/// Deletes a row; what hangs on it is gone already.
///
/// # Errors
/// `NotFound`.
pub(super) async fn delete<R: Record>(
    connection: &mut SqliteConnection,
    scope: &Scope,
    key: &[Column<'_>],
    words: &str,
) -> Result<()> {
    match statement(R::DELETE, scope, key)
        .execute(connection)
        .await?
        .rows_affected()
    {
        0 => Err(StoreError::not_found(R::ENTITY, words)),
        _ => Ok(()),
    }
}

/// Makes sure that a row is there and, if a version is expected, has it.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub(super) async fn expect<R: Record>(
    connection: &mut SqliteConnection,
    scope: &Scope,
    key: &[Column<'_>],
    words: &str,
    expected: Option<i64>,
) -> Result<()> {
    use sqlx::Row;
    let row = statement(R::SELECT, scope, key)
        .fetch_optional(connection)
        .await?
        .ok_or_else(|| StoreError::not_found(R::ENTITY, words))?;
    let found = row.try_get("version")?;
    match expected {
        Some(expected) if expected != found => Err(StoreError::Conflict { expected, found }),
        _ => Ok(()),
    }
}

/// Creates or replaces many rows; answers how many are new or have another content.
pub(super) async fn upsert<'r, R: Record + 'r>(
    connection: &mut SqliteConnection,
    scope: &Scope,
    rows: &[(&'r R, Vec<Column<'r>>)],
    at: &At,
) -> Result<u64> {
    let mut written = 0;
    for chunk in rows.chunks(CHUNK) {
        let json = chunk
            .iter()
            .map(|(value, _)| encoded(R::ENTITY, value))
            .collect::<Result<Vec<_>>>()?;
        let mut statement = QueryBuilder::<Sqlite>::new(R::UPSERT);
        statement.push_values(
            chunk.iter().zip(json),
            |mut values, ((_, columns), json)| {
                values.push_bind(scope.id().to_owned());
                columns.iter().for_each(|column| column.push(&mut values));
                values
                    .push_bind(json)
                    .push_bind(at.revision)
                    .push_bind(at.now);
            },
        );
        statement.push(R::ON_CONFLICT);
        written += statement
            .build()
            .execute(&mut *connection)
            .await?
            .rows_affected();
    }
    Ok(written)
}
