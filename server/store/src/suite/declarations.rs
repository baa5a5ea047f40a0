//! Firms, sites, flows.

use boucle_domain::id::{FirmKey, SiteKey, ZoneId};

use super::sample::{NOW, firm, furnish, input, output, references, scope, site, zone};
use crate::{Entity, FlowFilter, Page, Removal, Store, StoreError};

pub async fn a_firm_is_created_read_replaced_and_deleted(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let key = FirmKey::new("new");
    assert!(matches!(
        store.firm(&t, &key).await,
        Err(StoreError::NotFound {
            what: Entity::Firm,
            ..
        })
    ));
    let created = store.create_firm(&t, &firm("new"), NOW).await.unwrap();
    assert_eq!(store.firm(&t, &key).await.unwrap(), created);
    let again = store.create_firm(&t, &firm("new"), NOW).await;
    assert!(
        matches!(again, Err(StoreError::AlreadyExists { what: Entity::Firm, key }) if key == "new")
    );
    let mut renamed = firm("new");
    renamed.name = "Autre".to_owned();
    let updated = store
        .update_firm(&t, &renamed, created.version, NOW + 5)
        .await
        .unwrap();
    assert_eq!(store.firm(&t, &key).await.unwrap(), updated);
    assert_eq!((&updated.value, updated.updated_at), (&renamed, NOW + 5));
    store
        .delete_firm(&t, &key, Some(updated.version), Removal::OnlyUnused)
        .await
        .unwrap();
    assert!(matches!(
        store.firm(&t, &key).await,
        Err(StoreError::NotFound { .. })
    ));
    let absent = store.update_firm(&t, &renamed, 1, NOW).await;
    assert!(matches!(
        absent,
        Err(StoreError::NotFound {
            what: Entity::Firm,
            ..
        })
    ));
}

pub async fn a_site_is_created_read_replaced_and_deleted(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let key = SiteKey::new("b");
    let created = store
        .create_site(&t, &site("b", "f", "park"), NOW)
        .await
        .unwrap();
    assert_eq!(store.site(&t, &key).await.unwrap(), created);
    let again = store.create_site(&t, &site("b", "f", "park"), NOW).await;
    assert!(matches!(
        again,
        Err(StoreError::AlreadyExists {
            what: Entity::Site,
            ..
        })
    ));
    let updated = store
        .update_site(&t, &site("b", "g", "port"), created.version, NOW + 1)
        .await
        .unwrap();
    assert_eq!(store.site(&t, &key).await.unwrap(), updated);
    assert_eq!(updated.value, site("b", "g", "port"));
    store
        .delete_site(&t, &key, Some(updated.version), Removal::OnlyUnused)
        .await
        .unwrap();
    assert!(matches!(
        store.site(&t, &key).await,
        Err(StoreError::NotFound {
            what: Entity::Site,
            ..
        })
    ));
}

pub async fn a_flow_is_created_read_replaced_and_deleted(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let flow = output("a", "gypse");
    let created = store.create_flow(&t, &flow, NOW).await.unwrap();
    assert_eq!(store.flow(&t, &flow.key).await.unwrap(), created);
    assert_eq!(created.value, flow);
    let again = store.create_flow(&t, &flow, NOW).await;
    assert!(matches!(
        again,
        Err(StoreError::AlreadyExists {
            what: Entity::Flow,
            ..
        })
    ));
    // The input of the same name is another flow.
    store
        .create_flow(&t, &input("a", "gypse"), NOW)
        .await
        .unwrap();
    let mut told = flow.clone();
    told.comment = "vu sur place".to_owned();
    let updated = store
        .update_flow(&t, &told, created.version, NOW + 1)
        .await
        .unwrap();
    assert_eq!(store.flow(&t, &flow.key).await.unwrap(), updated);
    store
        .delete_flow(&t, &flow.key, Some(updated.version))
        .await
        .unwrap();
    assert!(matches!(
        store.flow(&t, &flow.key).await,
        Err(StoreError::NotFound {
            what: Entity::Flow,
            ..
        })
    ));
    assert!(matches!(
        store.delete_flow(&t, &flow.key, None).await,
        Err(StoreError::NotFound { .. })
    ));
    assert_eq!(references(store, &t).await, ["gypse"]);
}

pub async fn a_firm_with_sites_and_a_site_with_flows_are_deleted_only_with_them(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    store
        .create_site(&t, &site("b", "f", "port"), NOW)
        .await
        .unwrap();
    store
        .create_site(&t, &site("c", "g", "port"), NOW)
        .await
        .unwrap();
    for site in ["a", "b", "c"] {
        store
            .create_flow(&t, &output(site, site), NOW)
            .await
            .unwrap();
    }
    let refused = store
        .delete_site(&t, &SiteKey::new("a"), None, Removal::OnlyUnused)
        .await;
    assert!(matches!(
        refused,
        Err(StoreError::InUse {
            what: Entity::Site,
            by: Entity::Flow
        })
    ));
    assert_eq!(references(store, &t).await, ["a", "b", "c"]);
    store
        .delete_site(&t, &SiteKey::new("a"), None, Removal::Cascade)
        .await
        .unwrap();
    assert_eq!(references(store, &t).await, ["b", "c"]);

    let refused = store
        .delete_firm(&t, &FirmKey::new("f"), None, Removal::OnlyUnused)
        .await;
    assert!(matches!(
        refused,
        Err(StoreError::InUse {
            what: Entity::Firm,
            by: Entity::Site
        })
    ));
    store
        .delete_firm(&t, &FirmKey::new("f"), None, Removal::Cascade)
        .await
        .unwrap();
    assert_eq!(references(store, &t).await, ["c"]);
    assert!(matches!(
        store.site(&t, &SiteKey::new("b")).await,
        Err(StoreError::NotFound { .. })
    ));
}

pub async fn a_site_needs_its_firm_and_zone_and_a_flow_its_site(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let before = store.revision(&t).await.unwrap();
    let no_firm = store
        .create_site(&t, &site("b", "nobody", "park"), NOW)
        .await;
    assert!(matches!(
        no_firm,
        Err(StoreError::NotFound {
            what: Entity::Firm,
            ..
        })
    ));
    let no_zone = store.create_site(&t, &site("b", "f", "nowhere"), NOW).await;
    assert!(matches!(
        no_zone,
        Err(StoreError::NotFound {
            what: Entity::Zone,
            ..
        })
    ));
    let no_site = store.create_flow(&t, &output("b", "gypse"), NOW).await;
    assert!(matches!(
        no_site,
        Err(StoreError::NotFound {
            what: Entity::Site,
            ..
        })
    ));
    assert_eq!(store.revision(&t).await.unwrap(), before);
}

pub async fn a_stale_version_changes_nothing_and_names_both_versions(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let old = store
        .create_flow(&t, &output("a", "gypse"), NOW)
        .await
        .unwrap();
    let new = store
        .update_flow(&t, &old.value, old.version, NOW)
        .await
        .unwrap();
    let mut other = old.value.clone();
    other.comment = "perdu".to_owned();
    let stale = store.update_flow(&t, &other, old.version, NOW).await;
    assert!(
        matches!(stale, Err(StoreError::Conflict { expected, found })
        if (expected, found) == (old.version, new.version))
    );
    let stale = store
        .delete_flow(&t, &old.value.key, Some(old.version))
        .await;
    assert!(matches!(stale, Err(StoreError::Conflict { .. })));
    assert_eq!(store.flow(&t, &old.value.key).await.unwrap(), new);

    let at_a = store.site(&t, &SiteKey::new("a")).await.unwrap();
    let stale = store
        .update_site(&t, &at_a.value, at_a.version - 1, NOW)
        .await;
    assert!(matches!(stale, Err(StoreError::Conflict { .. })));
    let stale = store
        .delete_site(&t, &at_a.value.key, Some(0), Removal::Cascade)
        .await;
    assert!(matches!(stale, Err(StoreError::Conflict { .. })));
    let stale = store.update_firm(&t, &firm("f"), 0, NOW).await;
    assert!(matches!(stale, Err(StoreError::Conflict { .. })));
    let stale = store
        .delete_firm(&t, &FirmKey::new("g"), Some(0), Removal::Cascade)
        .await;
    assert!(matches!(stale, Err(StoreError::Conflict { .. })));
    let stale = store.update_zone(&t, &zone("port", None), 0, NOW).await;
    assert!(matches!(stale, Err(StoreError::Conflict { .. })));
}

pub async fn a_key_deleted_and_created_again_has_a_new_version(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let flow = output("a", "gypse");
    let first = store.create_flow(&t, &flow, NOW).await.unwrap();
    store.delete_flow(&t, &flow.key, None).await.unwrap();
    let second = store.create_flow(&t, &flow, NOW).await.unwrap();
    assert!(second.version > first.version);
    assert!(matches!(
        store.update_flow(&t, &flow, first.version, NOW).await,
        Err(StoreError::Conflict { .. })
    ));
}

pub async fn flows_move_with_their_site(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let created = store
        .create_flow(&t, &output("a", "gypse"), NOW)
        .await
        .unwrap();
    let place = store.site(&t, &SiteKey::new("a")).await.unwrap();
    store
        .update_site(&t, &site("a", "f", "port"), place.version, NOW)
        .await
        .unwrap();
    let in_zone = |zone: &str| FlowFilter {
        zone: Some(ZoneId::new(zone)),
        ..FlowFilter::default()
    };
    assert!(
        store
            .flows(&t, &in_zone("park"), &Page::first(9))
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert_eq!(
        store
            .flows(&t, &in_zone("port"), &Page::first(9))
            .await
            .unwrap()
            .items,
        [created]
    );
}
