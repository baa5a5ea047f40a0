//! What a run reads, as of one moment.

use std::collections::{BTreeMap, BTreeSet};

use boucle_domain::flow::Flow;
use boucle_domain::id::{FirmKey, ZoneId};
use boucle_domain::organisation::{Firm, Site, Zone};
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;

use super::revision;
use super::row::decoded;
use super::territory::{territory, zones_below};
use crate::{Entity, Result, Scope, SnapshotParts, StoreError};

const ZONES: &str = "SELECT zone_id, data FROM zones WHERE territory_id = $1 AND zone_id = $2";
const ALL_ZONES: &str = "SELECT zone_id FROM zones WHERE territory_id = $1";
const FIRMS: &str = "SELECT firm_key, data FROM firms WHERE territory_id = $1 \
     AND firm_key IN (SELECT firm_key FROM sites WHERE territory_id = $1 AND zone_id = $2)";
const SITES: &str = "SELECT site_key, data FROM sites WHERE territory_id = $1 AND zone_id = $2";
const FLOWS: &str =
    "SELECT site_key || '/' || reference, data FROM flows WHERE territory_id = $1 AND zone_id = $2";

/// Reads the parts inside a transaction of the caller.
pub(super) async fn parts(
    connection: &mut SqliteConnection,
    scope: &Scope,
    zones: &[ZoneId],
) -> Result<SnapshotParts> {
    let revision = revision(connection, scope).await?;
    let territory = territory(connection, scope).await?.value;
    let chosen = chosen(connection, scope, zones).await?;

    let (mut zones, mut firms, mut sites, mut flows) =
        (Vec::new(), BTreeMap::new(), Vec::new(), Vec::new());
    for zone in &chosen {
        zones.extend(values::<Zone>(connection, scope, zone, Entity::Zone, ZONES).await?);
        // A firm with sites in several zones comes once for each.
        let found = values::<Firm>(connection, scope, zone, Entity::Firm, FIRMS).await?;
        firms.extend(found.into_iter().map(|firm| (firm.key.clone(), firm)));
        sites.extend(values::<Site>(connection, scope, zone, Entity::Site, SITES).await?);
        flows.extend(values::<Flow>(connection, scope, zone, Entity::Flow, FLOWS).await?);
    }
    sites.sort_by(|a: &Site, b| a.key.cmp(&b.key));
    flows.sort_by(|a: &Flow, b| a.key.cmp(&b.key));
    let firms = BTreeMap::<FirmKey, Firm>::into_values(firms).collect();
    Ok(SnapshotParts {
        revision,
        territory,
        zones,
        firms,
        sites,
        flows,
        answers: super::given::answers(connection, scope).await?,
        synonyms: super::synonym::synonyms(connection, scope).await?,
    })
}

/// The zones asked for and those below them, by identifier; all of them if none was asked for.
async fn chosen(
    connection: &mut SqliteConnection,
    scope: &Scope,
    zones: &[ZoneId],
) -> Result<BTreeSet<String>> {
    if zones.is_empty() {
        let all: Vec<String> = sqlx::query_scalar(ALL_ZONES)
            .bind(scope.id())
            .fetch_all(connection)
            .await?;
        return Ok(all.into_iter().collect());
    }
    let mut chosen = BTreeSet::new();
    for zone in zones {
        let below = zones_below(&mut *connection, scope, zone).await?;
        if below.is_empty() {
            return Err(StoreError::not_found(Entity::Zone, zone));
        }
        chosen.extend(below);
    }
    Ok(chosen)
}

/// The values a statement finds for one zone.
async fn values<T: DeserializeOwned>(
    connection: &mut SqliteConnection,
    scope: &Scope,
    zone: &str,
    what: Entity,
    sql: &'static str,
) -> Result<Vec<T>> {
    let rows: Vec<(String, String)> = sqlx::query_as(sql)
        .bind(scope.id())
        .bind(zone)
        .fetch_all(connection)
        .await?;
    rows.into_iter()
        .map(|(key, json)| decoded(what, &key, &json))
        .collect()
}
