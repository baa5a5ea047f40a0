//! Mappings of columns.

use super::sample::{NOW, furnish, scope};
use crate::Store;

pub async fn a_mapping_is_kept_by_shape_replaced_and_seen_by_its_territory_only(store: &dyn Store) {
    let (t, u) = (scope("t"), scope("u"));
    furnish(store, &t).await;
    furnish(store, &u).await;
    assert_eq!(store.mappings(&t).await.unwrap(), []);
    store.keep_mapping(&t, "b", "{}", NOW).await.unwrap();
    store.keep_mapping(&t, "a", "{\"x\":1}", NOW).await.unwrap();
    store
        .keep_mapping(&t, "b", "{\"y\":2}", NOW + 1)
        .await
        .unwrap();
    let kept = store.mappings(&t).await.unwrap();
    let kept: Vec<(&str, &str)> = kept
        .iter()
        .map(|(shape, data)| (shape.as_str(), data.as_str()))
        .collect();
    assert_eq!(kept, [("a", "{\"x\":1}"), ("b", "{\"y\":2}")]);
    assert_eq!(store.mappings(&u).await.unwrap(), []);
}
