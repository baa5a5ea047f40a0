//! Territories and the tree of their zones.

use async_trait::async_trait;
use boucle_domain::id::{TerritoryId, ZoneId};
use boucle_domain::organisation::{Territory, Zone};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::listing::listing;
use super::record::{self, At};
use super::row::{Column, StoredRow, encoded, stored};
use super::{SqliteStore, advance, revision};
use crate::{
    Entity, Micros, Page, Removal, Result, Rows, Scope, StoreError, Stored, TerritoryStore,
};

/// The start of a statement that uses `below`: the zone `$2` of the territory `$1` and all zones under it.
macro_rules! with_zones_below {
    () => {
        "WITH RECURSIVE below (id) AS (SELECT zone_id FROM zones WHERE territory_id = $1 AND zone_id = $2 \
         UNION SELECT zones.zone_id FROM zones JOIN below ON zones.territory_id = $1 AND zones.parent_id = below.id) "
    };
}

#[async_trait]
impl TerritoryStore for SqliteStore {
    async fn create_territory(
        &self,
        scope: &Scope,
        territory: &Territory,
        now: Micros,
    ) -> Result<Stored<Territory>> {
        within(scope, territory)?;
        const SQL: &str = "INSERT INTO territories (territory_id, revision, data, version, updated_at) \
             VALUES ($1, 1, $2, 1, $3) ON CONFLICT (territory_id) DO NOTHING";
        let json = encoded(Entity::Territory, territory)?;
        let mut transaction = self.write().await?;
        let insert = sqlx::query(SQL).bind(scope.id()).bind(&json).bind(now);
        if insert.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Err(StoreError::already_exists(
                Entity::Territory,
                scope.territory(),
            ));
        }
        transaction.commit().await?;
        Ok(Stored {
            value: territory.clone(),
            version: 1,
            updated_at: now,
        })
    }

    async fn territory(&self, scope: &Scope) -> Result<Stored<Territory>> {
        territory(&mut *self.read().await?, scope).await
    }

    async fn territories(&self, page: &Page<TerritoryId>) -> Result<Rows<Stored<Territory>>> {
        let mut select = QueryBuilder::<Sqlite>::new(
            "SELECT territory_id, data, version, updated_at FROM territories",
        );
        if let Some(after) = &page.after {
            select
                .push(" WHERE territory_id > ")
                .push_bind(after.as_str().to_owned());
        }
        select
            .push(" ORDER BY territory_id LIMIT ")
            .push_bind(page.fetch());
        let rows: Vec<StoredRow> = select
            .build_query_as()
            .fetch_all(&mut *self.read().await?)
            .await?;
        let items = rows
            .into_iter()
            .map(|row| stored(Entity::Territory, row))
            .collect::<Result<_>>()?;
        Ok(Rows::of(items, page))
    }

    async fn update_territory(
        &self,
        scope: &Scope,
        territory: &Territory,
        expected: i64,
        now: Micros,
    ) -> Result<Stored<Territory>> {
        within(scope, territory)?;
        let json = encoded(Entity::Territory, territory)?;
        let mut transaction = self.write().await?;
        let version = advance(&mut transaction, scope).await?;
        expect(&mut transaction, scope, Some(expected)).await?;
        sqlx::query("UPDATE territories SET data = $2, version = $3, updated_at = $4 WHERE territory_id = $1")
            .bind(scope.id())
            .bind(&json)
            .bind(version)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Stored {
            value: territory.clone(),
            version,
            updated_at: now,
        })
    }

    async fn delete_territory(
        &self,
        scope: &Scope,
        expected: Option<i64>,
        removal: Removal,
    ) -> Result<()> {
        const USES: [(&str, Entity); 3] = [
            (
                "SELECT 1 FROM zones WHERE territory_id = $1 LIMIT 1",
                Entity::Zone,
            ),
            (
                "SELECT 1 FROM firms WHERE territory_id = $1 LIMIT 1",
                Entity::Firm,
            ),
            (
                "SELECT 1 FROM runs WHERE territory_id = $1 LIMIT 1",
                Entity::Run,
            ),
        ];
        // What hangs on something goes before it; inputs and answers go with their run.
        const DELETES: [&str; 8] = [
            "DELETE FROM runs WHERE territory_id = $1",
            "DELETE FROM mappings WHERE territory_id = $1",
            "DELETE FROM requests WHERE territory_id = $1",
            "DELETE FROM flows WHERE territory_id = $1",
            "DELETE FROM sites WHERE territory_id = $1",
            "DELETE FROM firms WHERE territory_id = $1",
            "DELETE FROM zones WHERE territory_id = $1",
            "DELETE FROM territories WHERE territory_id = $1",
        ];
        let mut transaction = self.write().await?;
        expect(&mut transaction, scope, expected).await?;
        if removal == Removal::OnlyUnused {
            for (sql, by) in USES {
                if sqlx::query(sql)
                    .bind(scope.id())
                    .fetch_optional(&mut *transaction)
                    .await?
                    .is_some()
                {
                    return Err(StoreError::InUse {
                        what: Entity::Territory,
                        by,
                    });
                }
            }
        }
        for sql in DELETES {
            sqlx::query(sql)
                .bind(scope.id())
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    async fn revision(&self, scope: &Scope) -> Result<i64> {
        revision(&mut *self.read().await?, scope).await
    }

    async fn create_zone(&self, scope: &Scope, zone: &Zone, now: Micros) -> Result<Stored<Zone>> {
        let mut transaction = self.write().await?;
        let revision = advance(&mut transaction, scope).await?;
        check_parent(&mut transaction, scope, zone).await?;
        let at = At { revision, now };
        let words = zone.id.as_str();
        let created =
            record::create(&mut transaction, scope, zone, &columns(zone), words, at).await?;
        transaction.commit().await?;
        Ok(created)
    }

    async fn zone(&self, scope: &Scope, zone: &ZoneId) -> Result<Stored<Zone>> {
        record::get(
            &mut *self.read().await?,
            scope,
            &[Column::Text(zone.as_str())],
            zone.as_str(),
        )
        .await
    }

    async fn zones(&self, scope: &Scope, page: &Page<ZoneId>) -> Result<Rows<Stored<Zone>>> {
        let mut select = listing(
            "SELECT zone_id, data, version, updated_at FROM zones",
            scope,
        );
        if let Some(after) = &page.after {
            select
                .push(" AND zone_id > ")
                .push_bind(after.as_str().to_owned());
        }
        select.push(" ORDER BY zone_id");
        self.listed(select, page).await
    }

    async fn update_zone(
        &self,
        scope: &Scope,
        zone: &Zone,
        expected: i64,
        now: Micros,
    ) -> Result<Stored<Zone>> {
        let mut transaction = self.write().await?;
        let revision = advance(&mut transaction, scope).await?;
        check_parent(&mut transaction, scope, zone).await?;
        let at = At { revision, now };
        let words = zone.id.as_str();
        let updated = record::update(
            &mut transaction,
            scope,
            zone,
            (&columns(zone), 1),
            words,
            expected,
            at,
        )
        .await?;
        transaction.commit().await?;
        Ok(updated)
    }

    async fn delete_zone(
        &self,
        scope: &Scope,
        zone: &ZoneId,
        expected: Option<i64>,
        removal: Removal,
    ) -> Result<()> {
        const USES: [(&str, Entity); 2] = [
            (
                "SELECT 1 FROM zones WHERE territory_id = $1 AND parent_id = $2 LIMIT 1",
                Entity::Zone,
            ),
            (
                "SELECT 1 FROM sites WHERE territory_id = $1 AND zone_id = $2 LIMIT 1",
                Entity::Site,
            ),
        ];
        // The zones of a tree go in one statement: their references are checked when it ends.
        const DELETES: [&str; 3] = [
            concat!(
                with_zones_below!(),
                "DELETE FROM flows WHERE territory_id = $1 AND zone_id IN (SELECT id FROM below)"
            ),
            concat!(
                with_zones_below!(),
                "DELETE FROM sites WHERE territory_id = $1 AND zone_id IN (SELECT id FROM below)"
            ),
            concat!(
                with_zones_below!(),
                "DELETE FROM zones WHERE territory_id = $1 AND zone_id IN (SELECT id FROM below)"
            ),
        ];
        let mut transaction = self.write().await?;
        advance(&mut transaction, scope).await?;
        let key = [Column::Text(zone.as_str())];
        record::expect::<Zone>(&mut transaction, scope, &key, zone.as_str(), expected).await?;
        if removal == Removal::OnlyUnused {
            for (sql, by) in USES {
                let use_of = sqlx::query(sql).bind(scope.id()).bind(zone.as_str());
                if use_of.fetch_optional(&mut *transaction).await?.is_some() {
                    return Err(StoreError::InUse {
                        what: Entity::Zone,
                        by,
                    });
                }
            }
        }
        for sql in DELETES {
            sqlx::query(sql)
                .bind(scope.id())
                .bind(zone.as_str())
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// The zone and all zones below it; empty if there is no such zone.
pub(super) async fn zones_below(
    connection: &mut SqliteConnection,
    scope: &Scope,
    zone: &ZoneId,
) -> Result<Vec<String>> {
    const SQL: &str = concat!(with_zones_below!(), "SELECT id FROM below ORDER BY id");
    Ok(sqlx::query_scalar(SQL)
        .bind(scope.id())
        .bind(zone.as_str())
        .fetch_all(connection)
        .await?)
}

/// The territory of the scope.
pub(super) async fn territory(
    connection: &mut SqliteConnection,
    scope: &Scope,
) -> Result<Stored<Territory>> {
    const SQL: &str =
        "SELECT territory_id, data, version, updated_at FROM territories WHERE territory_id = $1";
    let row: Option<StoredRow> = sqlx::query_as(SQL)
        .bind(scope.id())
        .fetch_optional(connection)
        .await?;
    stored(
        Entity::Territory,
        row.ok_or_else(|| StoreError::not_found(Entity::Territory, scope.territory()))?,
    )
}

/// The columns of a zone.
fn columns(zone: &Zone) -> [Column<'_>; 2] {
    [
        Column::Text(zone.id.as_str()),
        Column::Maybe(zone.parent.as_ref().map(ZoneId::as_str)),
    ]
}

/// Makes sure that a territory is that of the scope: another one does not exist for this caller.
fn within(scope: &Scope, territory: &Territory) -> Result<()> {
    match territory.id == *scope.territory() {
        true => Ok(()),
        false => Err(StoreError::not_found(Entity::Territory, &territory.id)),
    }
}

/// Makes sure that the territory is there and has the version expected of it.
async fn expect(
    connection: &mut SqliteConnection,
    scope: &Scope,
    expected: Option<i64>,
) -> Result<()> {
    let found = territory(connection, scope).await?.version;
    match expected {
        Some(expected) if expected != found => Err(StoreError::Conflict { expected, found }),
        _ => Ok(()),
    }
}

/// Makes sure that the parent of a zone exists and does not stand below the zone itself.
async fn check_parent(connection: &mut SqliteConnection, scope: &Scope, zone: &Zone) -> Result<()> {
    let Some(parent) = &zone.parent else {
        return Ok(());
    };
    let below = zones_below(&mut *connection, scope, &zone.id).await?;
    if *parent == zone.id || below.iter().any(|id| id == parent.as_str()) {
        return Err(StoreError::Invalid {
            what: Entity::Zone,
            why: "it would stand below itself",
        });
    }
    record::expect::<Zone>(
        connection,
        scope,
        &[Column::Text(parent.as_str())],
        parent.as_str(),
        None,
    )
    .await
}
