//! Codes of a territory's own.

use boucle_domain::own_code::{OwnCode, OwnList};
use boucle_domain::validity::Validity;
use jiff::civil::{Date, date};

use super::sample::{NOW, furnish, scope};
use crate::{Entity, Store, StoreError};

fn own(code: &str, stands_for: &str, from: Option<Date>, to: Option<Date>) -> OwnCode {
    OwnCode {
        list: OwnList::WasteCodes,
        code: code.to_owned(),
        label: "inventé".to_owned(),
        stands_for: vec![stands_for.to_owned()],
        validity: Validity { from, to },
        source: "liste inventée".to_owned(),
    }
}

fn always(code: &str, stands_for: &str) -> OwnCode {
    own(code, stands_for, None, None)
}

pub async fn own_codes_are_kept_once_removed_and_stay_in_their_territory(store: &dyn Store) {
    let (t, other) = (scope("t"), scope("u"));
    furnish(store, &t).await;
    furnish(store, &other).await;
    let dib = always("D.I.B", "20 03 01");
    let (end, start) = (date(2024, 12, 31), date(2025, 1, 1));
    let old = own("A12", "15 01 01", None, Some(end));
    let new = own("A12", "15 01 06", Some(start), None);
    let activity = OwnCode {
        list: OwnList::Activities,
        ..always("A12", "F41.20")
    };
    let all = [activity.clone(), dib.clone(), new.clone(), old.clone()];
    assert_eq!(store.add_own_codes(&t, &all, NOW).await.unwrap(), 4);
    let sorted = [old.clone(), new.clone(), dib.clone(), activity.clone()];
    assert_eq!(store.own_codes(&t).await.unwrap(), sorted);
    // Added again, however it is written, it is the first one, and nothing is written.
    let revision = store.revision(&t).await.unwrap();
    let again = [always("d-i-b", "20 03 01"), new.clone()];
    assert_eq!(store.add_own_codes(&t, &again, NOW).await.unwrap(), 0);
    assert_eq!(store.own_codes(&t).await.unwrap(), sorted);
    assert_eq!(store.revision(&t).await.unwrap(), revision);

    assert_eq!(store.own_codes(&other).await.unwrap(), []);
    let remove = async |scope, list| {
        let removed = store.remove_own_code(scope, list, "a12").await;
        removed.unwrap()
    };
    assert_eq!(remove(&other, OwnList::WasteCodes).await, []);
    assert_eq!(remove(&t, OwnList::WasteCodes).await, [old, new]);
    assert_eq!(remove(&t, OwnList::WasteCodes).await, []);
    assert_eq!(store.own_codes(&t).await.unwrap(), [dib.clone(), activity]);
    let nowhere = store.add_own_codes(&scope("nowhere"), &[dib], NOW).await;
    assert!(matches!(nowhere, Err(StoreError::NotFound { .. })));
}

pub async fn own_codes_that_contradict_each_other_are_refused_and_nothing_is_kept(
    store: &dyn Store,
) {
    let t = scope("t");
    furnish(store, &t).await;
    let first = own("DIB", "20 03 01", None, Some(date(2026, 6, 30)));
    store
        .add_own_codes(&t, std::slice::from_ref(&first), NOW)
        .await
        .unwrap();
    let meets = own("dib", "15 01 06", Some(date(2026, 6, 30)), None);
    let beside = always("CART-01", "15 01 01");
    for codes in [
        vec![beside.clone(), meets.clone()],
        vec![beside.clone(), always("cart 01", "20 03 01")],
    ] {
        let refused = store.add_own_codes(&t, &codes, NOW).await;
        assert!(
            matches!(
                refused,
                Err(StoreError::AlreadyExists {
                    what: Entity::OwnCode,
                    ..
                })
            ),
            "{refused:?}"
        );
    }
    assert_eq!(store.own_codes(&t).await.unwrap(), [first]);
}

pub async fn own_codes_are_bounded_in_length_and_number(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let base = always("DIB", "20 03 01");
    let long = |most: usize| "é".repeat(most + 1);
    for refused in [
        always(" … ", "20 03 01"),
        always(&long(OwnCode::LONGEST_CODE), "20 03 01"),
        OwnCode {
            source: long(OwnCode::LONGEST_TEXT),
            ..base.clone()
        },
        OwnCode {
            stands_for: Vec::new(),
            ..base.clone()
        },
        OwnCode {
            stands_for: vec!["20 03 01".to_owned(); OwnCode::MOST_CODES + 1],
            ..base.clone()
        },
        own(
            "DIB",
            "20 03 01",
            Some(date(2026, 2, 1)),
            Some(date(2026, 1, 1)),
        ),
    ] {
        let told = store.add_own_codes(&t, &[base.clone(), refused], NOW).await;
        assert!(
            matches!(
                told,
                Err(StoreError::Invalid {
                    what: Entity::OwnCode,
                    ..
                })
            ),
            "{told:?}"
        );
    }
    let full: Vec<OwnCode> = (0..OwnCode::MOST)
        .map(|number| always(&format!("code {number}"), "20 03 01"))
        .collect();
    let added = store.add_own_codes(&t, &full, NOW).await.unwrap();
    assert_eq!(added, OwnCode::MOST);
    let beyond = store
        .add_own_codes(&t, std::slice::from_ref(&base), NOW)
        .await;
    assert!(matches!(beyond, Err(StoreError::Invalid { .. })));
    // What is there is still answered, and room made is room.
    assert_eq!(store.add_own_codes(&t, &full[..3], NOW).await.unwrap(), 0);
    store
        .remove_own_code(&t, OwnList::WasteCodes, "code-1")
        .await
        .unwrap();
    assert_eq!(store.add_own_codes(&t, &[base], NOW).await.unwrap(), 1);
    assert_eq!(store.own_codes(&t).await.unwrap().len(), OwnCode::MOST);
}
