//! Imports, repeated requests, snapshots.

use boucle_domain::id::ZoneId;
use jiff::civil::date;

use super::sample::{NOW, firm, furnish, input, output, references, scope, site, zone};
use crate::{Applied, Changes, Entity, RequestKey, Scope, Store, StoreError, Written};

/// Imports into the zone `park`.
async fn import(store: &dyn Store, scope: &Scope, changes: &Changes) -> crate::Result<Applied> {
    match store
        .replace_declaration(scope, &ZoneId::new("park"), changes, None, NOW)
        .await?
    {
        Written::Done(applied) => Ok(applied),
        Written::Replayed(_) => panic!("nothing was to be replayed"),
    }
}

/// A firm, a site and two flows that are new, and a flow of a site that is there.
fn changes() -> Changes {
    Changes {
        firms: vec![firm("h")],
        sites: vec![site("b", "h", "park")],
        flows: vec![
            output("b", "boues"),
            input("b", "sable"),
            output("a", "gypse"),
        ],
        ..Changes::default()
    }
}

pub async fn an_import_counts_only_what_differs(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let before = store.revision(&t).await.unwrap();
    let mut changes = changes();
    let applied = import(store, &t, &changes).await.unwrap();
    assert_eq!(
        applied,
        Applied {
            revision: before + 1,
            firms: 1,
            sites: 1,
            flows: 3,
            removed: 0
        }
    );

    changes.flows[0].comment = "corrigé".to_owned();
    let applied = import(store, &t, &changes).await.unwrap();
    assert_eq!(
        applied,
        Applied {
            revision: before + 2,
            firms: 0,
            sites: 0,
            flows: 1,
            removed: 0
        }
    );
    let changed = store.flow(&t, &changes.flows[0].key).await.unwrap();
    assert_eq!(
        (changed.version, changed.value.comment.as_str()),
        (before + 2, "corrigé")
    );
    let same = store.flow(&t, &changes.flows[1].key).await.unwrap();
    assert_eq!(
        same.version,
        before + 1,
        "what did not change keeps its version"
    );
}

pub async fn an_import_that_fails_leaves_nothing_behind(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    store
        .create_flow(&t, &output("a", "ancien"), NOW)
        .await
        .unwrap();
    let before = store.snapshot_parts(&t, &[]).await.unwrap();
    let removed = vec![output("a", "ancien").key];

    // The last flow hangs on a site that is not there.
    let mut wrong = Changes {
        removed_flows: removed.clone(),
        ..changes()
    };
    wrong.flows.push(output("nowhere", "boues"));
    let failed = import(store, &t, &wrong).await;
    assert!(matches!(
        failed,
        Err(StoreError::NotFound {
            what: Entity::Site,
            ..
        })
    ));

    let wrong = Changes {
        sites: vec![site("b", "nobody", "park")],
        removed_flows: removed.clone(),
        ..changes()
    };
    assert!(matches!(
        import(store, &t, &wrong).await,
        Err(StoreError::NotFound {
            what: Entity::Firm,
            ..
        })
    ));

    let mut wrong = changes();
    wrong.flows.push(output("b", "boues"));
    let failed = import(store, &t, &wrong).await;
    assert!(matches!(
        failed,
        Err(StoreError::AlreadyExists {
            what: Entity::Flow,
            ..
        })
    ));

    let wrong = Changes {
        removed_flows: vec![output("a", "jamais").key],
        ..changes()
    };
    assert!(matches!(
        import(store, &t, &wrong).await,
        Err(StoreError::NotFound {
            what: Entity::Flow,
            ..
        })
    ));

    // Refused at its very last step.
    let wrong = Changes {
        removed_sites: vec![site("a", "f", "park").key],
        ..changes()
    };
    assert!(matches!(
        import(store, &t, &wrong).await,
        Err(StoreError::InUse {
            what: Entity::Site,
            ..
        })
    ));

    assert_eq!(store.snapshot_parts(&t, &[]).await.unwrap(), before);
}

pub async fn an_import_stays_in_its_zone(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    store
        .create_site(&t, &site("quay", "g", "port"), NOW)
        .await
        .unwrap();
    store
        .create_flow(&t, &output("quay", "sel"), NOW)
        .await
        .unwrap();
    let before = store.snapshot_parts(&t, &[]).await.unwrap();
    let outside = [
        Changes {
            sites: vec![site("new", "g", "port")],
            ..Changes::default()
        },
        Changes {
            sites: vec![site("quay", "g", "park")],
            ..Changes::default()
        },
        Changes {
            flows: vec![output("quay", "eau")],
            ..Changes::default()
        },
        Changes {
            removed_flows: vec![output("quay", "sel").key],
            ..Changes::default()
        },
        Changes {
            removed_sites: vec![site("quay", "g", "port").key],
            ..Changes::default()
        },
    ];
    for changes in outside {
        let refused = import(store, &t, &changes).await;
        assert!(
            matches!(refused, Err(StoreError::OutsideZone { .. })),
            "{changes:?}"
        );
    }
    assert_eq!(store.snapshot_parts(&t, &[]).await.unwrap(), before);

    let nowhere = store
        .replace_declaration(&t, &ZoneId::new("nowhere"), &changes(), None, NOW)
        .await;
    assert!(matches!(
        nowhere,
        Err(StoreError::NotFound {
            what: Entity::Zone,
            ..
        })
    ));
    // A zone below that of the import belongs to it.
    let below = store
        .replace_declaration(&t, &ZoneId::new("basin"), &changes(), None, NOW)
        .await;
    assert!(matches!(below, Ok(Written::Done(_))));
}

pub async fn an_import_worked_out_on_an_older_revision_is_a_conflict(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let read = store.snapshot_parts(&t, &[]).await.unwrap().revision;
    store.create_firm(&t, &firm("between"), NOW).await.unwrap();
    let changes = Changes {
        expected_revision: Some(read),
        ..changes()
    };
    let refused = import(store, &t, &changes).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict { expected, found }) if (expected, found) == (read, read + 1))
    );
    assert!(references(store, &t).await.is_empty());
    import(
        store,
        &t,
        &Changes {
            expected_revision: Some(read + 1),
            ..changes
        },
    )
    .await
    .unwrap();
}

pub async fn an_import_removes_flows_and_emptied_sites(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    import(store, &t, &changes()).await.unwrap();
    let removal = Changes {
        removed_flows: vec![output("b", "boues").key, input("b", "sable").key],
        removed_sites: vec![site("b", "h", "park").key],
        ..Changes::default()
    };
    assert_eq!(import(store, &t, &removal).await.unwrap().removed, 3);
    assert_eq!(references(store, &t).await, ["gypse"]);
    assert!(store.site(&t, &site("b", "h", "park").key).await.is_err());
}

pub async fn an_import_may_be_larger_than_one_statement(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let flows = (0..1_201)
        .map(|i| output("a", &format!("{i:05}")))
        .collect();
    let changes = Changes {
        flows,
        ..Changes::default()
    };
    assert_eq!(import(store, &t, &changes).await.unwrap().flows, 1_201);
    assert_eq!(
        store.snapshot_parts(&t, &[]).await.unwrap().flows,
        changes.flows
    );
}

/// A request.
fn request(principal: &str, id: &str, hash: &[u8]) -> RequestKey {
    RequestKey {
        principal: principal.to_owned(),
        request_id: id.to_owned(),
        hash: hash.to_vec(),
    }
}

pub async fn a_repeated_request_is_done_once_and_answered_alike(store: &dyn Store) {
    let (t, park) = (scope("t"), ZoneId::new("park"));
    furnish(store, &t).await;
    let asked = request("animator", "1", b"content");
    let changes = changes();
    let apply = async |key: &RequestKey, response: &[u8]| {
        store
            .replace_declaration(&t, &park, &changes, Some((key, response)), NOW)
            .await
    };
    assert_eq!(store.recorded_response(&t, &asked).await.unwrap(), None);
    assert!(matches!(
        apply(&asked, b"first").await.unwrap(),
        Written::Done(_)
    ));
    let revision = store.revision(&t).await.unwrap();
    assert_eq!(
        apply(&asked, b"second").await.unwrap(),
        Written::Replayed(b"first".to_vec())
    );
    assert_eq!(
        store
            .recorded_response(&t, &asked)
            .await
            .unwrap()
            .as_deref(),
        Some(&b"first"[..])
    );
    assert_eq!(
        store.revision(&t).await.unwrap(),
        revision,
        "nothing was written again"
    );

    let other = request("animator", "1", b"other content");
    assert!(
        matches!(apply(&other, b"").await, Err(StoreError::RequestReused { request_id }) if request_id == "1")
    );
    assert!(matches!(
        store.recorded_response(&t, &other).await,
        Err(StoreError::RequestReused { .. })
    ));
    // Another caller may have chosen the same identifier, and so may another territory.
    assert!(matches!(
        apply(&request("firm", "1", b"x"), b"").await.unwrap(),
        Written::Done(_)
    ));
    assert_eq!(
        store.recorded_response(&scope("u"), &asked).await.unwrap(),
        None
    );

    assert_eq!(store.prune_requests(&t, NOW).await.unwrap(), 0);
    assert_eq!(store.prune_requests(&t, NOW + 1).await.unwrap(), 2);
    assert_eq!(store.recorded_response(&t, &asked).await.unwrap(), None);
}

pub async fn a_failed_import_does_not_use_up_its_request(store: &dyn Store) {
    let (t, park) = (scope("t"), ZoneId::new("park"));
    furnish(store, &t).await;
    let asked = request("animator", "1", b"content");
    let wrong = Changes {
        flows: vec![output("nowhere", "boues")],
        ..Changes::default()
    };
    assert!(
        store
            .replace_declaration(&t, &park, &wrong, Some((&asked, b"")), NOW)
            .await
            .is_err()
    );
    assert_eq!(store.recorded_response(&t, &asked).await.unwrap(), None);
    let retried = store
        .replace_declaration(&t, &park, &changes(), Some((&asked, b"done")), NOW)
        .await
        .unwrap();
    assert!(matches!(retried, Written::Done(_)));
}

pub async fn a_snapshot_holds_the_zone_tree_and_nothing_else(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    store
        .create_site(&t, &site("0", "f", "basin"), NOW)
        .await
        .unwrap();
    store
        .create_site(&t, &site("quay", "g", "port"), NOW)
        .await
        .unwrap();
    for flow in [
        output("quay", "sel"),
        output("a", "gypse"),
        output("0", "bois"),
    ] {
        store.create_flow(&t, &flow, NOW).await.unwrap();
    }
    let parts = store
        .snapshot_parts(&t, &[ZoneId::new("basin")])
        .await
        .unwrap();
    assert_eq!(parts.revision, store.revision(&t).await.unwrap());
    assert_eq!(
        parts.zones,
        [zone("basin", None), zone("park", Some("basin"))]
    );
    assert_eq!(parts.firms, [firm("f")], "once, though it has two sites");
    assert_eq!(
        parts.sites,
        [site("0", "f", "basin"), site("a", "f", "park")]
    );
    assert_eq!(parts.flows, [output("0", "bois"), output("a", "gypse")]);
    // A zone named twice, by itself and by its ancestor, is read once.
    let twice = [ZoneId::new("basin"), ZoneId::new("park")];
    assert_eq!(store.snapshot_parts(&t, &twice).await.unwrap(), parts);
    let all = store.snapshot_parts(&t, &[]).await.unwrap();
    assert_eq!(
        (all.zones.len(), all.sites.len(), all.flows.len()),
        (3, 3, 3)
    );
    let nowhere = store.snapshot_parts(&t, &[ZoneId::new("nowhere")]).await;
    assert!(matches!(
        nowhere,
        Err(StoreError::NotFound {
            what: Entity::Zone,
            ..
        })
    ));

    let snapshot = parts.into_snapshot(date(2026, 11, 21));
    assert_eq!(snapshot.flows().len(), 2);
}

pub async fn a_snapshot_never_shows_half_an_import(store: &dyn Store) {
    let (t, basin) = (scope("t"), ZoneId::new("basin"));
    furnish(store, &t).await;
    // Sites of two zones: their flows are not read in one statement.
    store
        .create_site(&t, &site("c", "g", "basin"), NOW)
        .await
        .unwrap();
    let says = |word: &str| {
        let flow = |i: u32| {
            let mut flow = output(["a", "c"][i as usize % 2], &format!("{i:02}"));
            flow.comment = word.to_owned();
            flow
        };
        Changes {
            flows: (0..40).map(flow).collect(),
            ..Changes::default()
        }
    };
    let apply = async |word: &str| {
        store
            .replace_declaration(&t, &basin, &says(word), None, NOW)
            .await
    };
    apply("0").await.unwrap();
    let writing = async {
        for turn in 1..40 {
            apply(&turn.to_string()).await.unwrap();
        }
    };
    let reading = async {
        for _ in 0..80 {
            let flows = store.snapshot_parts(&t, &[]).await.unwrap().flows;
            assert_eq!(flows.len(), 40);
            assert!(flows.iter().all(|flow| flow.comment == flows[0].comment));
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(writing, reading);
}
