//! Lists, and who sees what.

use std::collections::BTreeSet;

use boucle_domain::id::{Direction, FirmKey, SiteKey, ZoneId};

use super::sample::{NOW, flow_key, furnish, input, output, references, scope, site};
use crate::{FlowFilter, Page, Removal, SiteFilter, Store, StoreError};

pub async fn lists_are_filtered_by_zone_tree_firm_site_and_direction(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    store
        .create_site(&t, &site("b", "g", "port"), NOW)
        .await
        .unwrap();
    store
        .create_site(&t, &site("c", "g", "basin"), NOW)
        .await
        .unwrap();
    for flow in [
        input("a", "eau"),
        output("a", "gypse"),
        output("b", "boues"),
        output("c", "bois"),
    ] {
        store.create_flow(&t, &flow, NOW).await.unwrap();
    }
    let (page, basin) = (Page::first(10), ZoneId::new("basin"));
    let firms = store.firms(&t, Some(&basin), &page).await.unwrap();
    assert_eq!(
        firms
            .items
            .iter()
            .map(|firm| firm.value.key.as_str())
            .collect::<Vec<_>>(),
        ["f", "g"]
    );
    let firms = store
        .firms(&t, Some(&ZoneId::new("park")), &Page::first(10))
        .await
        .unwrap();
    assert_eq!(
        firms
            .items
            .iter()
            .map(|firm| firm.value.key.as_str())
            .collect::<Vec<_>>(),
        ["f"]
    );
    assert_eq!(
        store
            .firms(&t, None, &Page::after(FirmKey::new("f"), 10))
            .await
            .unwrap()
            .items
            .len(),
        1
    );

    let filtered = async |filter: SiteFilter| -> Vec<String> {
        let sites = store.sites(&t, &filter, &Page::first(10)).await.unwrap();
        sites
            .items
            .into_iter()
            .map(|site| site.value.key.to_string())
            .collect()
    };
    let zone = Some(basin.clone());
    assert_eq!(filtered(SiteFilter::default()).await, ["a", "b", "c"]);
    assert_eq!(
        filtered(SiteFilter {
            zone: zone.clone(),
            firm: None
        })
        .await,
        ["a", "c"]
    );
    assert_eq!(
        filtered(SiteFilter {
            zone: zone.clone(),
            firm: Some(FirmKey::new("g"))
        })
        .await,
        ["c"]
    );

    let filtered = async |filter: FlowFilter| -> Vec<String> {
        let flows = store.flows(&t, &filter, &Page::first(10)).await.unwrap();
        flows
            .items
            .into_iter()
            .map(|flow| flow.value.key.reference)
            .collect()
    };
    // Outputs come before inputs, as everywhere in the domain.
    assert_eq!(
        filtered(FlowFilter::default()).await,
        ["gypse", "eau", "boues", "bois"]
    );
    assert_eq!(
        filtered(FlowFilter {
            zone,
            ..FlowFilter::default()
        })
        .await,
        ["gypse", "eau", "bois"]
    );
    let site = Some(SiteKey::new("a"));
    let direction = Some(Direction::Input);
    assert_eq!(
        filtered(FlowFilter {
            site: site.clone(),
            ..FlowFilter::default()
        })
        .await,
        ["gypse", "eau"]
    );
    assert_eq!(
        filtered(FlowFilter {
            site,
            direction,
            zone: None
        })
        .await,
        ["eau"]
    );
    let nowhere = FlowFilter {
        zone: Some(ZoneId::new("nowhere")),
        ..FlowFilter::default()
    };
    assert!(filtered(nowhere).await.is_empty());
}

pub async fn pages_neither_repeat_nor_skip_a_row_while_others_are_inserted(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let reference = |i: u32| format!("r{i:03}");
    for i in (0..60).step_by(2) {
        store
            .create_flow(&t, &output("a", &reference(i)), NOW)
            .await
            .unwrap();
    }
    let inserting = async {
        for i in (1..60).step_by(2) {
            store
                .create_flow(&t, &output("a", &reference(i)), NOW)
                .await
                .unwrap();
            tokio::task::yield_now().await;
        }
    };
    let reading = async {
        let (mut seen, mut page) = (Vec::new(), Page::first(4));
        loop {
            let rows = store
                .flows(&t, &FlowFilter::default(), &page)
                .await
                .unwrap();
            assert!(rows.items.len() <= 4);
            seen.extend(rows.items.into_iter().map(|row| row.value.key));
            match (rows.more, seen.last()) {
                (true, Some(last)) => page = Page::after(last.clone(), 4),
                _ => return seen,
            }
        }
    };
    let (_, seen) = tokio::join!(inserting, reading);
    assert!(seen.is_sorted(), "pages follow the order of keys");
    let distinct: BTreeSet<_> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "no row comes twice");
    for i in (0..60).step_by(2) {
        assert!(
            distinct.contains(&flow_key("a", Direction::Output, &reference(i))),
            "{i} was there all the time"
        );
    }
    // Limits outside the bounds are brought within them.
    let least = store
        .flows(&t, &FlowFilter::default(), &Page::first(0))
        .await
        .unwrap();
    assert!(least.more && least.items.len() == 1);
    let all = store
        .flows(&t, &FlowFilter::default(), &Page::first(u32::MAX))
        .await
        .unwrap();
    assert!(!all.more && all.items.len() == 60);
}

pub async fn territories_with_the_same_keys_never_see_each_other(store: &dyn Store) {
    let (t, u) = (scope("t"), scope("u"));
    furnish(store, &t).await;
    furnish(store, &u).await;
    let mut mine = output("a", "gypse");
    mine.comment = "t".to_owned();
    store.create_flow(&t, &mine, NOW).await.unwrap();
    let revision = store.revision(&u).await.unwrap();
    assert!(matches!(
        store.flow(&u, &mine.key).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(
        store
            .flows(&u, &FlowFilter::default(), &Page::first(9))
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert!(matches!(
        store.update_flow(&u, &mine, 1, NOW).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(matches!(
        store.delete_flow(&u, &mine.key, None).await,
        Err(StoreError::NotFound { .. })
    ));
    assert_eq!(
        store.revision(&u).await.unwrap(),
        revision,
        "a refused write leaves no trace"
    );

    let mut theirs = output("a", "gypse");
    theirs.comment = "u".to_owned();
    store.create_flow(&u, &theirs, NOW).await.unwrap();
    assert_eq!(store.flow(&t, &mine.key).await.unwrap().value, mine);
    assert_eq!(
        store.snapshot_parts(&u, &[]).await.unwrap().flows,
        [theirs.clone()]
    );

    let removal = Removal::Cascade;
    store
        .delete_site(&t, &SiteKey::new("a"), None, removal)
        .await
        .unwrap();
    store
        .delete_firm(&t, &FirmKey::new("f"), None, removal)
        .await
        .unwrap();
    store
        .delete_zone(&t, &ZoneId::new("basin"), None, removal)
        .await
        .unwrap();
    let untouched = store.snapshot_parts(&u, &[]).await.unwrap();
    assert_eq!((untouched.zones.len(), untouched.sites.len()), (3, 1));
    assert_eq!(untouched.flows, [theirs]);
}

pub async fn any_text_can_be_a_key(store: &dyn Store) {
    let t = scope("d'ici; DROP TABLE flows --");
    furnish(store, &t).await;
    let keys = [
        "",
        "%",
        "a/b",
        "é",
        "x' OR 'x'='x",
        "\u{1F33F}",
        "back\\slash",
        "tab\t",
    ];
    for key in keys {
        store.create_flow(&t, &output("a", key), NOW).await.unwrap();
    }
    for key in keys {
        let found = store
            .flow(&t, &flow_key("a", Direction::Output, key))
            .await
            .unwrap();
        assert_eq!(found.value.key.reference, key);
    }
    let mut sorted = keys.map(str::to_owned).to_vec();
    sorted.sort();
    assert_eq!(
        references(store, &t).await,
        sorted,
        "keys are compared as the domain compares them"
    );
}
