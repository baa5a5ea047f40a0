//! An import, applied inside one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use boucle_domain::flow::Flow;
use boucle_domain::id::{FirmKey, SiteKey, ZoneId};
use boucle_domain::organisation::Site;
use sqlx::SqliteConnection;

use super::advance;
use super::declaration::{placed_columns, site_columns};
use super::record::{self, At};
use super::row::{Column, flow_columns};
use super::territory::zones_below;
use crate::{Applied, Changes, Entity, Micros, Result, Scope, StoreError};

/// Applies the changes; the caller commits, or drops the transaction on an error.
pub(super) async fn apply(
    connection: &mut SqliteConnection,
    scope: &Scope,
    zone: &ZoneId,
    changes: &Changes,
    now: Micros,
) -> Result<Applied> {
    let revision = advance(connection, scope).await?;
    if let Some(expected) = changes.expected_revision
        && expected != revision - 1
    {
        return Err(StoreError::Conflict {
            expected,
            found: revision - 1,
        });
    }
    each_once(changes)?;
    let mut ground = Ground::read(connection, scope, zone).await?;
    let at = At { revision, now };

    let removed_flows = remove_flows(connection, scope, &ground, changes).await?;
    let firms: Vec<_> = changes
        .firms
        .iter()
        .map(|firm| (firm, vec![Column::Text(firm.key.as_str())]))
        .collect();
    let firms = record::upsert(connection, scope, &firms, &at).await?;

    check_firms(connection, scope, changes).await?;
    for site in &changes.sites {
        ground.place(site)?;
    }
    let sites: Vec<_> = changes
        .sites
        .iter()
        .map(|site| (site, site_columns(site).to_vec()))
        .collect();
    let sites = record::upsert(connection, scope, &sites, &at).await?;

    let mut flows = Vec::with_capacity(changes.flows.len());
    for flow in &changes.flows {
        let zone = ground.zone_of(&flow.key.site, Entity::Flow, &flow.key)?;
        flows.push((flow, placed_columns(flow, zone).to_vec()));
    }
    let flows = record::upsert(connection, scope, &flows, &at).await?;

    let removed_sites = remove_sites(connection, scope, &ground, changes).await?;
    Ok(Applied {
        revision,
        firms,
        sites,
        flows,
        removed: removed_flows + removed_sites,
    })
}

/// Makes sure that no key is given twice: which of the two was meant is not for the store to guess.
fn each_once(changes: &Changes) -> Result<()> {
    fn once<'a, K: Ord + Display + 'a>(
        what: Entity,
        keys: impl Iterator<Item = &'a K>,
    ) -> Result<()> {
        let mut seen = BTreeSet::new();
        for key in keys {
            if !seen.insert(key) {
                return Err(StoreError::already_exists(what, key));
            }
        }
        Ok(())
    }
    once(Entity::Firm, changes.firms.iter().map(|firm| &firm.key))?;
    once(Entity::Site, changes.sites.iter().map(|site| &site.key))?;
    once(Entity::Flow, changes.flows.iter().map(|flow| &flow.key))?;
    once(Entity::Flow, changes.removed_flows.iter())?;
    once(Entity::Site, changes.removed_sites.iter())
}

/// What stands where before the import, and what the import may touch.
struct Ground {
    /// The zone of the import and those below it.
    zones: BTreeSet<String>,
    /// Zone of every site of the territory.
    sites: BTreeMap<String, String>,
}

impl Ground {
    /// Reads the zones and sites of the territory.
    async fn read(
        connection: &mut SqliteConnection,
        scope: &Scope,
        zone: &ZoneId,
    ) -> Result<Ground> {
        let zones: BTreeSet<String> = zones_below(&mut *connection, scope, zone)
            .await?
            .into_iter()
            .collect();
        if zones.is_empty() {
            return Err(StoreError::not_found(Entity::Zone, zone));
        }
        let sites: Vec<(String, String)> =
            sqlx::query_as("SELECT site_key, zone_id FROM sites WHERE territory_id = $1")
                .bind(scope.id())
                .fetch_all(connection)
                .await?;
        Ok(Ground {
            zones,
            sites: sites.into_iter().collect(),
        })
    }

    /// Puts a site of the import in its zone. It must not be taken from a zone outside the import.
    fn place(&mut self, site: &Site) -> Result<()> {
        let stays_outside = self
            .sites
            .get(site.key.as_str())
            .is_some_and(|zone| !self.zones.contains(zone));
        if stays_outside || !self.zones.contains(site.zone.as_str()) {
            return Err(StoreError::OutsideZone {
                what: Entity::Site,
                key: site.key.to_string(),
            });
        }
        self.sites
            .insert(site.key.as_str().to_owned(), site.zone.as_str().to_owned());
        Ok(())
    }

    /// The zone of a site, for a thing of that site.
    fn zone_of(&self, site: &SiteKey, what: Entity, key: &impl Display) -> Result<&str> {
        match self.sites.get(site.as_str()) {
            Some(zone) if self.zones.contains(zone) => Ok(zone),
            Some(_) => Err(StoreError::OutsideZone {
                what,
                key: key.to_string(),
            }),
            None => Err(StoreError::not_found(Entity::Site, site)),
        }
    }
}

/// Makes sure that the firms of the sites are known.
async fn check_firms(
    connection: &mut SqliteConnection,
    scope: &Scope,
    changes: &Changes,
) -> Result<()> {
    let given: BTreeSet<&FirmKey> = changes.firms.iter().map(|firm| &firm.key).collect();
    let wanted: BTreeSet<&FirmKey> = changes.sites.iter().map(|site| &site.firm).collect();
    for firm in wanted.difference(&given) {
        let known = sqlx::query("SELECT 1 FROM firms WHERE territory_id = $1 AND firm_key = $2")
            .bind(scope.id())
            .bind(firm.as_str())
            .fetch_optional(&mut *connection)
            .await?;
        if known.is_none() {
            return Err(StoreError::not_found(Entity::Firm, firm));
        }
    }
    Ok(())
}

/// Deletes flows of the zone; one that is not there means that the changes were worked out on
/// something else.
async fn remove_flows(
    connection: &mut SqliteConnection,
    scope: &Scope,
    ground: &Ground,
    changes: &Changes,
) -> Result<u64> {
    for flow in &changes.removed_flows {
        ground.zone_of(&flow.site, Entity::Flow, flow)?;
        record::delete::<Flow>(connection, scope, &flow_columns(flow), &flow.to_string()).await?;
    }
    Ok(changes.removed_flows.len() as u64)
}

/// Deletes sites of the zone that have no flow left.
async fn remove_sites(
    connection: &mut SqliteConnection,
    scope: &Scope,
    ground: &Ground,
    changes: &Changes,
) -> Result<u64> {
    const USED: &str = "SELECT 1 FROM flows WHERE territory_id = $1 AND site_key = $2 LIMIT 1";
    for site in &changes.removed_sites {
        ground.zone_of(site, Entity::Site, site)?;
        let used = sqlx::query(USED)
            .bind(scope.id())
            .bind(site.as_str())
            .fetch_optional(&mut *connection)
            .await?;
        if used.is_some() {
            return Err(StoreError::InUse {
                what: Entity::Site,
                by: Entity::Flow,
            });
        }
        record::delete::<Site>(
            connection,
            scope,
            &[Column::Text(site.as_str())],
            site.as_str(),
        )
        .await?;
    }
    Ok(changes.removed_sites.len() as u64)
}
