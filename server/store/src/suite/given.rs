//! Answers given to the questions of runs.

use boucle_domain::answer::{AnswerValue, GivenAnswer, QuestionId};
use boucle_domain::flow::Identity;
use boucle_domain::id::{DonorKey, FlowKey};
use jiff::civil::date;

use super::sample::{NOW, furnish, output, scope};
use crate::{Entity, Removal, Store, StoreError};

fn identity(flow: FlowKey, donor: &str) -> GivenAnswer {
    GivenAnswer {
        question: QuestionId::Identity(flow),
        value: AnswerValue::Identity(Identity::Donor(DonorKey::new(donor))),
        by: "animateur".to_owned(),
        on: date(2026, 12, 10),
        evidence: "visite".to_owned(),
    }
}

pub async fn an_answer_is_kept_replaced_withdrawn_and_stays_in_its_territory(store: &dyn Store) {
    let (t, other) = (scope("t"), scope("u"));
    furnish(store, &t).await;
    furnish(store, &other).await;
    let first = identity(output("a", "gypse").key, "DON:fgd_gypsum");
    let second = identity(output("a", "gypse").key, "DON:phosphogypsum");
    store.give_answer(&t, &first, NOW).await.unwrap();
    store.give_answer(&t, &second, NOW + 1).await.unwrap();
    assert_eq!(store.given_answers(&t).await.unwrap(), [second]);
    assert_eq!(store.given_answers(&other).await.unwrap(), []);
    assert!(
        !store
            .withdraw_answer(&other, &first.question)
            .await
            .unwrap()
    );
    assert!(store.withdraw_answer(&t, &first.question).await.unwrap());
    assert!(!store.withdraw_answer(&t, &first.question).await.unwrap());
    let nowhere = store.give_answer(&scope("nowhere"), &first, NOW).await;
    assert!(matches!(
        nowhere,
        Err(StoreError::NotFound {
            what: Entity::Territory,
            ..
        })
    ));
    store.give_answer(&t, &first, NOW).await.unwrap();
    store
        .delete_territory(&t, None, Removal::Cascade)
        .await
        .unwrap();
}

pub async fn an_answer_outlives_the_import_of_its_flow_and_enters_the_snapshot(store: &dyn Store) {
    let t = scope("t");
    furnish(store, &t).await;
    let day = date(2026, 12, 10);
    let flow = output("a", "gypse");
    let snapshot = async || {
        store
            .snapshot_parts(&t, &[])
            .await
            .unwrap()
            .into_snapshot(day)
    };
    let answer = identity(flow.key.clone(), "DON:fgd_gypsum");
    store.give_answer(&t, &answer, NOW).await.unwrap();
    let before = snapshot().await;
    assert_eq!(before.answers(), [], "there is no such flow yet");
    store.create_flow(&t, &flow, NOW).await.unwrap();
    let after = snapshot().await;
    assert_eq!(after.answers(), std::slice::from_ref(&answer));
    let donor = Identity::Donor(DonorKey::new("DON:fgd_gypsum"));
    assert_eq!(after.flow(&flow.key).unwrap().identity, donor);
    // The declared row is as it was declared.
    assert_eq!(store.flow(&t, &flow.key).await.unwrap().value, flow);
    let digest = after.digest();
    store.withdraw_answer(&t, &answer.question).await.unwrap();
    assert_ne!(snapshot().await.digest(), digest);
}
