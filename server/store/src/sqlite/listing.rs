//! Statements that list rows page by page, built from what the caller filters by.
//!
//! Their text depends on which filters are there, never on their values: every value is bound.

use boucle_domain::id::{FlowKey, ZoneId};
use sqlx::{QueryBuilder, Sqlite};

use super::SqliteStore;
use super::record::Record;
use super::row::{StoredRow, direction_code, stored};
use crate::{Page, Result, Rows, Scope, Stored};

impl SqliteStore {
    /// The page of a listing.
    pub(super) async fn listed<R: Record, K: Sync>(
        &self,
        mut select: QueryBuilder<Sqlite>,
        page: &Page<K>,
    ) -> Result<Rows<Stored<R>>> {
        select.push(" LIMIT ").push_bind(page.fetch());
        let rows: Vec<StoredRow> = select
            .build_query_as()
            .fetch_all(&mut *self.read().await?)
            .await?;
        let items = rows
            .into_iter()
            .map(|row| stored(R::ENTITY, row))
            .collect::<Result<_>>()?;
        Ok(Rows::of(items, page))
    }
}

/// The start of a listing of a territory.
pub(super) fn listing(select: &'static str, scope: &Scope) -> QueryBuilder<Sqlite> {
    let mut builder = QueryBuilder::new(select);
    builder
        .push(" WHERE territory_id = ")
        .push_bind(scope.id().to_owned());
    builder
}

/// Goes on after a column of zones: one of this zone and those below it.
pub(super) fn push_in_zone(select: &mut QueryBuilder<Sqlite>, scope: &Scope, zone: &ZoneId) {
    select
        .push(" IN (WITH RECURSIVE below (id) AS (SELECT zone_id FROM zones WHERE territory_id = ");
    select
        .push_bind(scope.id().to_owned())
        .push(" AND zone_id = ")
        .push_bind(zone.as_str().to_owned());
    select.push(" UNION SELECT zones.zone_id FROM zones JOIN below ON zones.territory_id = ");
    select
        .push_bind(scope.id().to_owned())
        .push(" AND zones.parent_id = below.id) SELECT id FROM below)");
}

/// The key of a flow as a row value.
pub(super) fn push_flow_key(select: &mut QueryBuilder<Sqlite>, key: &FlowKey) {
    select.push("(").push_bind(key.site.as_str().to_owned());
    select.push(", ").push_bind(direction_code(key.direction));
    select.push(", ").push_bind(key.reference.clone()).push(")");
}
