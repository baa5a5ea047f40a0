//! Territories and zones.

use boucle_domain::id::ZoneId;

use super::sample::{NOW, firm, furnish, output, scope, site, territory, zone};
use crate::{Entity, Page, Removal, Store, StoreError};

pub async fn a_territory_is_created_read_replaced_and_deleted(store: &dyn Store) {
    let t = scope("t");
    assert!(matches!(
        store.territory(&t).await,
        Err(StoreError::NotFound {
            what: Entity::Territory,
            ..
        })
    ));
    let created = store
        .create_territory(&t, &territory("t"), NOW)
        .await
        .unwrap();
    assert_eq!(store.territory(&t).await.unwrap(), created);
    assert_eq!(created.updated_at, NOW);
    let again = store.create_territory(&t, &territory("t"), NOW).await;
    assert!(matches!(
        again,
        Err(StoreError::AlreadyExists {
            what: Entity::Territory,
            ..
        })
    ));

    let mut renamed = territory("t");
    renamed.name = "Autre nom".to_owned();
    let updated = store
        .update_territory(&t, &renamed, created.version, NOW + 1)
        .await
        .unwrap();
    assert_eq!((&updated.value, updated.updated_at), (&renamed, NOW + 1));
    let stale = store
        .update_territory(&t, &territory("t"), created.version, NOW)
        .await;
    assert!(
        matches!(stale, Err(StoreError::Conflict { expected, found })
        if expected == created.version && found == updated.version)
    );

    store
        .create_territory(&scope("u"), &territory("u"), NOW)
        .await
        .unwrap();
    let first = store.territories(&Page::first(1)).await.unwrap();
    assert!(first.more && first.items == [updated.clone()]);
    let rest = store
        .territories(&Page::after(t.territory().clone(), 9))
        .await
        .unwrap();
    assert!(!rest.more && rest.items[0].value == territory("u"));

    store
        .delete_territory(&t, Some(updated.version), Removal::OnlyUnused)
        .await
        .unwrap();
    assert!(matches!(
        store.territory(&t).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(matches!(
        store.revision(&t).await,
        Err(StoreError::NotFound { .. })
    ));
}

pub async fn the_territory_of_another_scope_does_not_exist(store: &dyn Store) {
    let t = scope("t");
    let other = store.create_territory(&t, &territory("u"), NOW).await;
    assert!(matches!(other, Err(StoreError::NotFound { .. })));
    assert!(matches!(
        store.territory(&scope("u")).await,
        Err(StoreError::NotFound { .. })
    ));
    store
        .create_territory(&t, &territory("t"), NOW)
        .await
        .unwrap();
    assert!(
        store
            .update_territory(&t, &territory("u"), 1, NOW)
            .await
            .is_err()
    );
    assert_eq!(store.territory(&t).await.unwrap().value, territory("t"));
}

pub async fn a_territory_in_use_is_deleted_only_with_all_it_holds(store: &dyn Store) {
    let (t, u) = (scope("t"), scope("u"));
    for scope in [&t, &u] {
        furnish(store, scope).await;
        store
            .create_flow(scope, &output("a", "gypse"), NOW)
            .await
            .unwrap();
    }
    let refused = store.delete_territory(&t, None, Removal::OnlyUnused).await;
    assert!(matches!(
        refused,
        Err(StoreError::InUse {
            what: Entity::Territory,
            by: Entity::Zone
        })
    ));
    store
        .delete_territory(&t, None, Removal::Cascade)
        .await
        .unwrap();
    assert!(matches!(
        store.snapshot_parts(&t, &[]).await,
        Err(StoreError::NotFound { .. })
    ));
    assert_eq!(store.snapshot_parts(&u, &[]).await.unwrap().flows.len(), 1);
}

pub async fn a_zone_is_created_read_replaced_and_deleted(store: &dyn Store) {
    let t = scope("t");
    let orphan = store.create_zone(&t, &zone("park", None), NOW).await;
    assert!(matches!(
        orphan,
        Err(StoreError::NotFound {
            what: Entity::Territory,
            ..
        })
    ));
    store
        .create_territory(&t, &territory("t"), NOW)
        .await
        .unwrap();
    let created = store
        .create_zone(&t, &zone("park", None), NOW)
        .await
        .unwrap();
    assert_eq!(store.zone(&t, &ZoneId::new("park")).await.unwrap(), created);
    let again = store.create_zone(&t, &zone("park", None), NOW).await;
    assert!(matches!(
        again,
        Err(StoreError::AlreadyExists {
            what: Entity::Zone,
            ..
        })
    ));

    let basin = store
        .create_zone(&t, &zone("basin", None), NOW)
        .await
        .unwrap();
    let moved = store
        .update_zone(&t, &zone("park", Some("basin")), created.version, NOW + 1)
        .await
        .unwrap();
    assert_eq!(store.zone(&t, &ZoneId::new("park")).await.unwrap(), moved);
    assert!(moved.version > basin.version);
    let all = store.zones(&t, &Page::first(10)).await.unwrap();
    assert_eq!(all.items, [basin, moved]);
    let after = store
        .zones(&t, &Page::after(ZoneId::new("basin"), 10))
        .await
        .unwrap();
    assert_eq!(after.items.len(), 1);

    store
        .delete_zone(&t, &ZoneId::new("park"), None, Removal::OnlyUnused)
        .await
        .unwrap();
    let gone = store
        .delete_zone(&t, &ZoneId::new("park"), None, Removal::Cascade)
        .await;
    assert!(matches!(
        gone,
        Err(StoreError::NotFound {
            what: Entity::Zone,
            ..
        })
    ));
}

pub async fn a_zone_cannot_stand_below_itself(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let basin = store.zone(&t, &ZoneId::new("basin")).await.unwrap();
    for parent in ["basin", "park"] {
        let turned = store
            .update_zone(&t, &zone("basin", Some(parent)), basin.version, NOW)
            .await;
        assert!(
            matches!(
                turned,
                Err(StoreError::Invalid {
                    what: Entity::Zone,
                    ..
                })
            ),
            "{parent}"
        );
    }
    let alone = store.create_zone(&t, &zone("new", Some("new")), NOW).await;
    assert!(matches!(alone, Err(StoreError::Invalid { .. })));
    let unknown = store
        .create_zone(&t, &zone("new", Some("nowhere")), NOW)
        .await;
    assert!(matches!(
        unknown,
        Err(StoreError::NotFound {
            what: Entity::Zone,
            ..
        })
    ));
    assert_eq!(store.zone(&t, &ZoneId::new("basin")).await.unwrap(), basin);
}

pub async fn a_zone_in_use_is_deleted_only_with_all_it_holds(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    store
        .create_flow(&t, &output("a", "gypse"), NOW)
        .await
        .unwrap();
    store
        .create_site(&t, &site("elsewhere", "g", "port"), NOW)
        .await
        .unwrap();
    let (park, basin) = (ZoneId::new("park"), ZoneId::new("basin"));
    let refused = store
        .delete_zone(&t, &park, None, Removal::OnlyUnused)
        .await;
    assert!(matches!(
        refused,
        Err(StoreError::InUse {
            what: Entity::Zone,
            by: Entity::Site
        })
    ));
    let refused = store
        .delete_zone(&t, &basin, None, Removal::OnlyUnused)
        .await;
    assert!(matches!(
        refused,
        Err(StoreError::InUse {
            what: Entity::Zone,
            by: Entity::Zone
        })
    ));
    let stale = store
        .delete_zone(&t, &basin, Some(-1), Removal::Cascade)
        .await;
    assert!(matches!(
        stale,
        Err(StoreError::Conflict { expected: -1, .. })
    ));

    store
        .delete_zone(&t, &basin, None, Removal::Cascade)
        .await
        .unwrap();
    let left = store.snapshot_parts(&t, &[]).await.unwrap();
    assert_eq!(left.zones, [zone("port", None)]);
    assert_eq!(left.sites, [site("elsewhere", "g", "port")]);
    assert!(left.flows.is_empty());
    // The firm that lost its only site is still known.
    assert_eq!(
        store.firm(&t, &firm("f").key).await.unwrap().value,
        firm("f")
    );
}
