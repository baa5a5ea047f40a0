//! Firms, sites and flows.

use async_trait::async_trait;
use boucle_domain::flow::Flow;
use boucle_domain::id::{FirmKey, FlowKey, SiteKey, ZoneId};
use boucle_domain::organisation::{Firm, Site, Zone};
use sqlx::SqliteConnection;

use super::listing::{listing, push_flow_key, push_in_zone};
use super::record::{self, At};
use super::row::{Column, direction_code, flow_columns};
use super::{SqliteStore, advance, import, mapping, request, snapshot};
use crate::{
    Applied, Changes, DeclarationStore, Entity, FlowFilter, Micros, Page, Removal, RequestKey,
    Result, Rows, Scope, SiteFilter, SnapshotParts, StoreError, Stored, Written,
};

#[async_trait]
impl DeclarationStore for SqliteStore {
    async fn create_firm(&self, scope: &Scope, firm: &Firm, now: Micros) -> Result<Stored<Firm>> {
        let mut transaction = self.write().await?;
        let revision = advance(&mut transaction, scope).await?;
        let (key, at) = (firm.key.as_str(), At { revision, now });
        let created =
            record::create(&mut transaction, scope, firm, &[Column::Text(key)], key, at).await?;
        transaction.commit().await?;
        Ok(created)
    }

    async fn firm(&self, scope: &Scope, firm: &FirmKey) -> Result<Stored<Firm>> {
        record::get(
            &mut *self.read().await?,
            scope,
            &[Column::Text(firm.as_str())],
            firm.as_str(),
        )
        .await
    }

    async fn firms(
        &self,
        scope: &Scope,
        zone: Option<&ZoneId>,
        page: &Page<FirmKey>,
    ) -> Result<Rows<Stored<Firm>>> {
        let mut select = listing(
            "SELECT firm_key, data, version, updated_at FROM firms",
            scope,
        );
        if let Some(zone) = zone {
            select.push(
                " AND EXISTS (SELECT 1 FROM sites WHERE sites.territory_id = firms.territory_id",
            );
            select.push(" AND sites.firm_key = firms.firm_key AND sites.zone_id");
            push_in_zone(&mut select, scope, zone);
            select.push(")");
        }
        if let Some(after) = &page.after {
            select
                .push(" AND firm_key > ")
                .push_bind(after.as_str().to_owned());
        }
        select.push(" ORDER BY firm_key");
        self.listed(select, page).await
    }

    async fn update_firm(
        &self,
        scope: &Scope,
        firm: &Firm,
        expected: i64,
        now: Micros,
    ) -> Result<Stored<Firm>> {
        let mut transaction = self.write().await?;
        let revision = advance(&mut transaction, scope).await?;
        let (key, at) = (firm.key.as_str(), At { revision, now });
        let columns = [Column::Text(key)];
        let updated = record::update(
            &mut transaction,
            scope,
            firm,
            (&columns, 1),
            key,
            expected,
            at,
        )
        .await?;
        transaction.commit().await?;
        Ok(updated)
    }

    async fn delete_firm(
        &self,
        scope: &Scope,
        firm: &FirmKey,
        expected: Option<i64>,
        removal: Removal,
    ) -> Result<()> {
        const USED: &str = "SELECT 1 FROM sites WHERE territory_id = $1 AND firm_key = $2 LIMIT 1";
        const FLOWS: &str = "DELETE FROM flows WHERE territory_id = $1 \
             AND site_key IN (SELECT site_key FROM sites WHERE territory_id = $1 AND firm_key = $2)";
        const SITES: &str = "DELETE FROM sites WHERE territory_id = $1 AND firm_key = $2";
        let mut transaction = self.write().await?;
        advance(&mut transaction, scope).await?;
        let key = firm.as_str();
        record::expect::<Firm>(&mut transaction, scope, &[Column::Text(key)], key, expected)
            .await?;
        let used = Use {
            what: Entity::Firm,
            by: Entity::Site,
            sql: USED,
        };
        used.settle(&mut transaction, scope, key, removal, &[FLOWS, SITES])
            .await?;
        record::delete::<Firm>(&mut transaction, scope, &[Column::Text(key)], key).await?;
        Ok(transaction.commit().await?)
    }

    async fn create_site(&self, scope: &Scope, site: &Site, now: Micros) -> Result<Stored<Site>> {
        let mut transaction = self.write().await?;
        let revision = advance(&mut transaction, scope).await?;
        check_place(&mut transaction, scope, site).await?;
        let (key, at) = (site.key.as_str(), At { revision, now });
        let created =
            record::create(&mut transaction, scope, site, &site_columns(site), key, at).await?;
        transaction.commit().await?;
        Ok(created)
    }

    async fn site(&self, scope: &Scope, site: &SiteKey) -> Result<Stored<Site>> {
        record::get(
            &mut *self.read().await?,
            scope,
            &[Column::Text(site.as_str())],
            site.as_str(),
        )
        .await
    }

    async fn sites(
        &self,
        scope: &Scope,
        filter: &SiteFilter,
        page: &Page<SiteKey>,
    ) -> Result<Rows<Stored<Site>>> {
        let mut select = listing(
            "SELECT site_key, data, version, updated_at FROM sites",
            scope,
        );
        if let Some(zone) = &filter.zone {
            select.push(" AND zone_id");
            push_in_zone(&mut select, scope, zone);
        }
        if let Some(firm) = &filter.firm {
            select
                .push(" AND firm_key = ")
                .push_bind(firm.as_str().to_owned());
        }
        if let Some(after) = &page.after {
            select
                .push(" AND site_key > ")
                .push_bind(after.as_str().to_owned());
        }
        select.push(" ORDER BY site_key");
        self.listed(select, page).await
    }

    async fn update_site(
        &self,
        scope: &Scope,
        site: &Site,
        expected: i64,
        now: Micros,
    ) -> Result<Stored<Site>> {
        let mut transaction = self.write().await?;
        let revision = advance(&mut transaction, scope).await?;
        check_place(&mut transaction, scope, site).await?;
        let (key, at) = (site.key.as_str(), At { revision, now });
        let columns = site_columns(site);
        let updated = record::update(
            &mut transaction,
            scope,
            site,
            (&columns, 1),
            key,
            expected,
            at,
        )
        .await?;
        transaction.commit().await?;
        Ok(updated)
    }

    async fn delete_site(
        &self,
        scope: &Scope,
        site: &SiteKey,
        expected: Option<i64>,
        removal: Removal,
    ) -> Result<()> {
        const USED: &str = "SELECT 1 FROM flows WHERE territory_id = $1 AND site_key = $2 LIMIT 1";
        const FLOWS: &str = "DELETE FROM flows WHERE territory_id = $1 AND site_key = $2";
        let mut transaction = self.write().await?;
        advance(&mut transaction, scope).await?;
        let key = site.as_str();
        record::expect::<Site>(&mut transaction, scope, &[Column::Text(key)], key, expected)
            .await?;
        let used = Use {
            what: Entity::Site,
            by: Entity::Flow,
            sql: USED,
        };
        used.settle(&mut transaction, scope, key, removal, &[FLOWS])
            .await?;
        record::delete::<Site>(&mut transaction, scope, &[Column::Text(key)], key).await?;
        Ok(transaction.commit().await?)
    }

    async fn create_flow(&self, scope: &Scope, flow: &Flow, now: Micros) -> Result<Stored<Flow>> {
        let mut transaction = self.write().await?;
        let revision = advance(&mut transaction, scope).await?;
        let zone = zone_of(&mut transaction, scope, &flow.key.site).await?;
        let (words, at) = (flow.key.to_string(), At { revision, now });
        let columns = placed_columns(flow, &zone);
        let created = record::create(&mut transaction, scope, flow, &columns, &words, at).await?;
        transaction.commit().await?;
        Ok(created)
    }

    async fn flow(&self, scope: &Scope, flow: &FlowKey) -> Result<Stored<Flow>> {
        record::get(
            &mut *self.read().await?,
            scope,
            &flow_columns(flow),
            &flow.to_string(),
        )
        .await
    }

    async fn flows(
        &self,
        scope: &Scope,
        filter: &FlowFilter,
        page: &Page<FlowKey>,
    ) -> Result<Rows<Stored<Flow>>> {
        let mut select = listing(
            "SELECT site_key || '/' || reference, data, version, updated_at FROM flows",
            scope,
        );
        if let Some(zone) = &filter.zone {
            select.push(" AND zone_id");
            push_in_zone(&mut select, scope, zone);
        }
        if let Some(site) = &filter.site {
            select
                .push(" AND site_key = ")
                .push_bind(site.as_str().to_owned());
        }
        if let Some(direction) = filter.direction {
            select
                .push(" AND direction = ")
                .push_bind(direction_code(direction));
        }
        if let Some(after) = &page.after {
            select.push(" AND (site_key, direction, reference) > ");
            push_flow_key(&mut select, after);
        }
        select.push(" ORDER BY site_key, direction, reference");
        self.listed(select, page).await
    }

    async fn update_flow(
        &self,
        scope: &Scope,
        flow: &Flow,
        expected: i64,
        now: Micros,
    ) -> Result<Stored<Flow>> {
        let mut transaction = self.write().await?;
        let revision = advance(&mut transaction, scope).await?;
        let words = flow.key.to_string();
        record::expect::<Flow>(
            &mut transaction,
            scope,
            &flow_columns(&flow.key),
            &words,
            Some(expected),
        )
        .await?;
        let zone = zone_of(&mut transaction, scope, &flow.key.site).await?;
        let columns = placed_columns(flow, &zone);
        let at = At { revision, now };
        let updated = record::update(
            &mut transaction,
            scope,
            flow,
            (&columns, 3),
            &words,
            expected,
            at,
        )
        .await?;
        transaction.commit().await?;
        Ok(updated)
    }

    async fn delete_flow(
        &self,
        scope: &Scope,
        flow: &FlowKey,
        expected: Option<i64>,
    ) -> Result<()> {
        let mut transaction = self.write().await?;
        advance(&mut transaction, scope).await?;
        let (key, words) = (flow_columns(flow), flow.to_string());
        record::expect::<Flow>(&mut transaction, scope, &key, &words, expected).await?;
        record::delete::<Flow>(&mut transaction, scope, &key, &words).await?;
        Ok(transaction.commit().await?)
    }

    async fn replace_declaration(
        &self,
        scope: &Scope,
        zone: &ZoneId,
        changes: &Changes,
        request: Option<(&RequestKey, &[u8])>,
        now: Micros,
    ) -> Result<Written<Applied>> {
        let mut transaction = self.write().await?;
        if let Some((request, _)) = request
            && let Some(response) = request::recorded(&mut transaction, scope, request).await?
        {
            return Ok(Written::Replayed(response));
        }
        let applied = import::apply(&mut transaction, scope, zone, changes, now).await?;
        if let Some((request, response)) = request {
            request::record(&mut transaction, scope, request, response, now).await?;
        }
        transaction.commit().await?;
        Ok(Written::Done(applied))
    }

    async fn recorded_response(
        &self,
        scope: &Scope,
        request: &RequestKey,
    ) -> Result<Option<Vec<u8>>> {
        request::recorded(&mut *self.read().await?, scope, request).await
    }

    async fn keep_mapping(
        &self,
        scope: &Scope,
        shape: &str,
        data: &str,
        now: Micros,
    ) -> Result<()> {
        let mut transaction = self.write().await?;
        super::revision(&mut transaction, scope).await?;
        mapping::keep(&mut transaction, scope, shape, data, now).await?;
        Ok(transaction.commit().await?)
    }

    async fn mappings(&self, scope: &Scope) -> Result<Vec<(String, String)>> {
        mapping::all(&mut *self.read().await?, scope).await
    }

    async fn prune_requests(&self, scope: &Scope, before: Micros) -> Result<u64> {
        let mut transaction = self.write().await?;
        let pruned = request::prune(&mut transaction, scope, before).await?;
        transaction.commit().await?;
        Ok(pruned)
    }

    async fn snapshot_parts(&self, scope: &Scope, zones: &[ZoneId]) -> Result<SnapshotParts> {
        snapshot::parts(&mut *self.moment().await?, scope, zones).await
    }
}

/// What may hang on a thing to be deleted.
struct Use {
    /// The thing.
    what: Entity,
    /// What hangs on it.
    by: Entity,
    /// Finds one of them, by territory and key.
    sql: &'static str,
}

impl Use {
    /// Refuses the deletion, or runs the statements that delete what hangs on the key.
    async fn settle(
        &self,
        connection: &mut SqliteConnection,
        scope: &Scope,
        key: &str,
        removal: Removal,
        deletes: &[&'static str],
    ) -> Result<()> {
        match removal {
            Removal::OnlyUnused => {
                let used = sqlx::query(self.sql)
                    .bind(scope.id())
                    .bind(key)
                    .fetch_optional(connection)
                    .await?;
                match used {
                    Some(_) => Err(StoreError::InUse {
                        what: self.what,
                        by: self.by,
                    }),
                    None => Ok(()),
                }
            }
            Removal::Cascade => {
                for sql in deletes {
                    sqlx::query(*sql)
                        .bind(scope.id())
                        .bind(key)
                        .execute(&mut *connection)
                        .await?;
                }
                Ok(())
            }
        }
    }
}

/// The columns of a site.
pub(super) fn site_columns(site: &Site) -> [Column<'_>; 3] {
    [
        Column::Text(site.key.as_str()),
        Column::Text(site.firm.as_str()),
        Column::Text(site.zone.as_str()),
    ]
}

/// The columns of a flow, with the zone of its site.
pub(super) fn placed_columns<'a>(flow: &'a Flow, zone: &'a str) -> [Column<'a>; 4] {
    let [site, direction, reference] = flow_columns(&flow.key);
    [site, direction, reference, Column::Text(zone)]
}

/// The zone a site stands in.
async fn zone_of(
    connection: &mut SqliteConnection,
    scope: &Scope,
    site: &SiteKey,
) -> Result<String> {
    sqlx::query_scalar("SELECT zone_id FROM sites WHERE territory_id = $1 AND site_key = $2")
        .bind(scope.id())
        .bind(site.as_str())
        .fetch_optional(connection)
        .await?
        .ok_or_else(|| StoreError::not_found(Entity::Site, site))
}

/// Makes sure that the firm and the zone of a site are known.
async fn check_place(connection: &mut SqliteConnection, scope: &Scope, site: &Site) -> Result<()> {
    let (firm, zone) = (site.firm.as_str(), site.zone.as_str());
    record::expect::<Firm>(&mut *connection, scope, &[Column::Text(firm)], firm, None).await?;
    record::expect::<Zone>(connection, scope, &[Column::Text(zone)], zone, None).await
}
