//! Answers of runs.

use boucle_domain::id::{PairKey, RuleId};
use boucle_domain::units::Amount;

use super::runs::{new_run, queue};
use super::sample::{NOW, furnish, input, output, scope};
use crate::{
    Entity, FlowRejectionRow, Page, ProposalRow, RunAnswer, RunId, RunProgress, RunState, Store,
    StoreError,
};

/// The pair of an output and an input.
fn pair(number: u32) -> PairKey {
    PairKey {
        output: output("a", &number.to_string()).key,
        input: input("b", "need").key,
        rule: RuleId::new("R1"),
    }
}

/// An answer of five proposals, two of them firm, and three rejections.
fn answer() -> RunAnswer {
    let proposal = |rank: u32| ProposalRow {
        rank,
        pair: pair(rank),
        plan: if rank <= 2 { "firm" } else { "prospective" }.to_owned(),
        score: 90.5 - f64::from(rank),
        sent: Amount::from_milli(i64::from(rank) * 1_500),
        json: format!("{{\"rank\":{rank}}}"),
    };
    let rejection = |name: &str| FlowRejectionRow {
        flow: output("a", name).key,
        json: format!("[\"{name}\"]"),
    };
    RunAnswer {
        bytes: vec![0, 159, 146, 150],
        // In any order: the rank says which is first.
        proposals: [3, 1, 5, 2, 4].map(proposal).to_vec(),
        rejections: ["z", "x", "y"].map(rejection).to_vec(),
    }
}

pub async fn a_run_succeeds_with_an_answer_read_page_by_page(store: &dyn Store) {
    let (t, id) = (scope("t"), RunId::new("r"));
    queue(store, &t, &["r"]).await;
    assert!(matches!(
        store.answer(&t, &id).await,
        Err(StoreError::NotFound {
            what: Entity::Answer,
            ..
        })
    ));
    let started = store.start_run(&t, &id, NOW + 1).await.unwrap();
    assert_eq!(
        (started.state, started.attempts, started.started_at),
        (RunState::Running, 1, Some(NOW + 1))
    );
    let progress = RunProgress {
        stage: "candidates".to_owned(),
        done: 3,
        total: u64::MAX,
    };
    assert!(
        !store
            .report_progress(&t, &id, &progress, NOW + 2)
            .await
            .unwrap()
    );
    let shown = store.run(&t, &id).await.unwrap().progress.unwrap();
    assert_eq!(
        (shown.stage.as_str(), shown.done, shown.total),
        ("candidates", 3, i64::MAX.unsigned_abs())
    );

    let answer = answer();
    let done = store.succeed_run(&t, &id, &answer, NOW + 3).await.unwrap();
    assert_eq!(
        (done.state, done.finished_at),
        (RunState::Succeeded, Some(NOW + 3))
    );
    assert_eq!(store.answer(&t, &id).await.unwrap(), answer.bytes);

    let first = store
        .proposals(&t, &id, None, &Page::first(2))
        .await
        .unwrap();
    assert_eq!(
        first.items.iter().map(|row| row.rank).collect::<Vec<_>>(),
        [1, 2]
    );
    assert!(first.more);
    assert_eq!(first.items[1], answer.proposals[3]);
    let rest = store
        .proposals(&t, &id, None, &Page::after(2, 9))
        .await
        .unwrap();
    assert_eq!(
        rest.items.iter().map(|row| row.rank).collect::<Vec<_>>(),
        [3, 4, 5]
    );
    assert!(!rest.more);
    let firm = store
        .proposals(&t, &id, Some("firm"), &Page::first(9))
        .await
        .unwrap();
    assert_eq!(firm.items.len(), 2);
    assert_eq!(store.proposal(&t, &id, &pair(4)).await.unwrap().rank, 4);
    let none = store.proposal(&t, &id, &pair(6)).await;
    assert!(matches!(
        none,
        Err(StoreError::NotFound {
            what: Entity::Proposal,
            ..
        })
    ));

    let first = store.rejections(&t, &id, &Page::first(2)).await.unwrap();
    assert!(
        first.more
            && first.items[0] == answer.rejections[1]
            && first.items[1] == answer.rejections[2]
    );
    let rest = store
        .rejections(&t, &id, &Page::after(first.items[1].flow.clone(), 2))
        .await
        .unwrap();
    assert!(!rest.more && rest.items == answer.rejections[..1]);
    assert_eq!(
        store
            .rejection(&t, &id, &answer.rejections[0].flow)
            .await
            .unwrap(),
        answer.rejections[0]
    );
    let none = store.rejection(&t, &id, &output("a", "w").key).await;
    assert!(matches!(
        none,
        Err(StoreError::NotFound {
            what: Entity::Rejection,
            ..
        })
    ));
}

pub async fn an_answer_that_cannot_be_stored_leaves_the_run_running(store: &dyn Store) {
    let (t, id) = (scope("t"), RunId::new("r"));
    queue(store, &t, &["r"]).await;
    let running = store.start_run(&t, &id, NOW).await.unwrap();
    let mut twice = answer();
    twice.proposals[1].rank = twice.proposals[0].rank;
    let mut unscored = answer();
    unscored.proposals[4].score = f64::NAN;
    let mut repeated = answer();
    repeated.rejections.push(repeated.rejections[0].clone());
    for wrong in [twice, unscored, repeated] {
        let refused = store.succeed_run(&t, &id, &wrong, NOW).await;
        assert!(matches!(refused, Err(StoreError::Invalid { .. })));
    }
    assert_eq!(store.run(&t, &id).await.unwrap(), running);
    store.succeed_run(&t, &id, &answer(), NOW).await.unwrap();
}

pub async fn a_run_of_another_territory_does_not_exist(store: &dyn Store) {
    let (t, u, id) = (scope("t"), scope("u"), RunId::new("r"));
    queue(store, &t, &["r"]).await;
    furnish(store, &u).await;
    store.start_run(&t, &id, NOW).await.unwrap();
    store.succeed_run(&t, &id, &answer(), NOW).await.unwrap();
    let page = Page::first(9);
    let unseen = [
        store.run(&u, &id).await.map(drop),
        store.run_input(&u, &id).await.map(drop),
        store.answer(&u, &id).await.map(drop),
        store
            .proposals(&u, &id, None, &Page::first(9))
            .await
            .map(drop),
        store.proposal(&u, &id, &pair(1)).await.map(drop),
        store.rejections(&u, &id, &Page::first(9)).await.map(drop),
        store
            .rejection(&u, &id, &answer().rejections[0].flow)
            .await
            .map(drop),
        store.start_run(&u, &id, NOW).await.map(drop),
        store.request_cancel(&u, &id, NOW).await.map(drop),
        store.delete_run(&u, &id).await,
    ];
    for refusal in unseen {
        assert!(
            matches!(
                refusal,
                Err(StoreError::NotFound {
                    what: Entity::Run,
                    ..
                })
            ),
            "{refusal:?}"
        );
    }
    assert!(store.runs(&u, None, &page).await.unwrap().items.is_empty());
    // The same name can be taken there, and is another run.
    store
        .create_run(&u, &new_run(store, &u, "r").await, None, NOW)
        .await
        .unwrap();
    assert_eq!(store.run(&t, &id).await.unwrap().state, RunState::Succeeded);
}

pub async fn a_finished_run_can_be_deleted_with_its_answer(store: &dyn Store) {
    let (t, id) = (scope("t"), RunId::new("r"));
    queue(store, &t, &["r"]).await;
    let refused = store.delete_run(&t, &id).await;
    assert!(matches!(
        refused,
        Err(StoreError::InUse {
            what: Entity::Run,
            ..
        })
    ));
    store.start_run(&t, &id, NOW).await.unwrap();
    store.succeed_run(&t, &id, &answer(), NOW).await.unwrap();
    store.delete_run(&t, &id).await.unwrap();
    assert!(matches!(
        store.run(&t, &id).await,
        Err(StoreError::NotFound { .. })
    ));
    // Nothing of it is left to meet a run of the same name.
    store
        .create_run(&t, &new_run(store, &t, "r").await, None, NOW)
        .await
        .unwrap();
    store.start_run(&t, &id, NOW).await.unwrap();
    assert!(
        store
            .proposals(&t, &id, None, &Page::first(9))
            .await
            .unwrap()
            .items
            .is_empty()
    );
    store.succeed_run(&t, &id, &answer(), NOW).await.unwrap();
}
