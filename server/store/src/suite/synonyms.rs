//! Words of a territory.

use boucle_domain::flow::Identity;
use boucle_domain::id::Direction;
use boucle_domain::synonym::{KeptSynonym, Synonym};
use jiff::civil::date;

use super::sample::{NOW, furnish, scope};
use crate::{Entity, Removal, Store, StoreError};

fn word(words: &str, direction: Direction, key: &str) -> KeptSynonym {
    KeptSynonym {
        synonym: Synonym {
            words: words.to_owned(),
            direction,
            key: Identity::of_key(key),
        },
        by: "animateur".to_owned(),
        on: date(2026, 12, 10),
    }
}

pub async fn a_word_is_kept_once_for_one_side_removed_and_stays_in_its_territory(
    store: &dyn Store,
) {
    let (t, other) = (scope("t"), scope("u"));
    furnish(store, &t).await;
    furnish(store, &other).await;
    let output = word("Poussier gris", Direction::Output, "DON:fgd_gypsum");
    let input = word("Poussier gris", Direction::Input, "mat.mineral.gypsum");
    let before = word("Coproduit A", Direction::Input, "mat.mineral.gypsum");
    for one in [&output, &input, &before] {
        assert_eq!(store.add_synonym(&t, one, NOW).await.unwrap(), *one);
    }
    // A decision taken again is the first one, however it is written and whoever takes it.
    let again = KeptSynonym {
        by: "autre".to_owned(),
        ..word("POUSSIER, gris", Direction::Output, "DON:fgd_gypsum")
    };
    assert_eq!(
        store.add_synonym(&t, &again, NOW + 1).await.unwrap(),
        output
    );
    assert_eq!(
        store.synonyms(&t).await.unwrap(),
        [before, output.clone(), input.clone()]
    );
    assert_eq!(store.synonyms(&other).await.unwrap(), []);
    let name = output.synonym.name();
    let remove = async |scope, direction| {
        let removed = store.remove_synonym(scope, direction, &name).await;
        removed.unwrap()
    };
    assert!(!remove(&other, Direction::Output).await);
    assert!(remove(&t, Direction::Output).await);
    assert!(!remove(&t, Direction::Output).await);
    assert!(store.synonyms(&t).await.unwrap().contains(&input));
    let nowhere = store.add_synonym(&scope("nowhere"), &output, NOW).await;
    assert!(matches!(
        nowhere,
        Err(StoreError::NotFound {
            what: Entity::Territory,
            ..
        })
    ));
    store
        .delete_territory(&t, None, Removal::Cascade)
        .await
        .unwrap();
}

pub async fn a_word_that_names_something_else_is_refused_and_the_first_decision_stays(
    store: &dyn Store,
) {
    let t = scope("t");
    furnish(store, &t).await;
    let first = word("Poussier gris", Direction::Output, "DON:fgd_gypsum");
    store.add_synonym(&t, &first, NOW).await.unwrap();
    let revision = store.revision(&t).await.unwrap();
    let second = word("poussier gris", Direction::Output, "DON:phosphogypsum");
    let refused = store.add_synonym(&t, &second, NOW).await;
    assert!(matches!(
        refused,
        Err(StoreError::AlreadyExists {
            what: Entity::Synonym,
            ..
        })
    ));
    assert_eq!(store.synonyms(&t).await.unwrap(), [first]);
    assert_eq!(
        store.revision(&t).await.unwrap(),
        revision,
        "nothing written"
    );
}

pub async fn words_are_bounded_in_length_and_number(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let add = async |words: &str| {
        let one = word(words, Direction::Output, "DON:fgd_gypsum");
        store.add_synonym(&t, &one, NOW).await
    };
    for refused in ["", " … ", &"é".repeat(Synonym::LONGEST + 1)] {
        let refused = add(refused).await;
        assert!(
            matches!(
                refused,
                Err(StoreError::Invalid {
                    what: Entity::Synonym,
                    ..
                })
            ),
            "{refused:?}"
        );
    }
    add(&"é".repeat(Synonym::LONGEST)).await.unwrap();
    for number in 1..Synonym::MOST {
        add(&format!("mot {number}")).await.unwrap();
    }
    assert!(matches!(
        add("un de trop").await,
        Err(StoreError::Invalid { .. })
    ));
    // What is there is still answered, and room made is room.
    add("mot 1").await.unwrap();
    assert!(
        store
            .remove_synonym(&t, Direction::Output, "mot-1")
            .await
            .unwrap()
    );
    add("un de trop").await.unwrap();
    assert_eq!(store.synonyms(&t).await.unwrap().len(), Synonym::MOST);
}

pub async fn words_of_the_territory_enter_the_snapshot_and_its_digest(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let day = date(2026, 12, 10);
    let snapshot = async || {
        store
            .snapshot_parts(&t, &[])
            .await
            .unwrap()
            .into_snapshot(day)
    };
    let plain = snapshot().await;
    assert_eq!(plain.synonyms(), []);
    let kept = word("Poussier gris", Direction::Output, "DON:fgd_gypsum");
    store.add_synonym(&t, &kept, NOW).await.unwrap();
    let with = snapshot().await;
    assert_eq!(with.synonyms(), std::slice::from_ref(&kept.synonym));
    assert_ne!(with.digest(), plain.digest());
    store
        .remove_synonym(&t, Direction::Output, &kept.synonym.name())
        .await
        .unwrap();
    assert_eq!(snapshot().await.digest(), plain.digest());
}
