//! The same declarations give the same bytes, whatever their order and the number of threads.

#[allow(dead_code, reason = "each test file uses its part of the builder")]
mod zone;

use boucle_solver::answer::Answer;
use zone::Park;

/// A zone with ties: three equal givers and three equal takers at one place.
fn tied() -> Park {
    let mut park = Park::default();
    for at in 0..3 {
        let (farm, plant) = (format!("ferme-{at}"), format!("usine-{at}"));
        park.site(&farm, 0.0);
        park.site(&plant, 4.0);
        park.output(&farm, "straw", 100.0, 40.0);
        park.output(&farm, "bark", 80.0, 40.0);
        park.output(&farm, "sawdust", 60.0, 80.0);
        park.input(&plant, 120.0, 50.0);
    }
    park
}

fn bytes(answer: &Answer) -> Vec<u8> {
    serde_json::to_vec(answer).unwrap()
}

#[test]
fn the_order_of_declaration_changes_nothing() {
    let park = tied();
    let expected = bytes(&park.solved());
    let mut shuffled = park.clone();
    for round in 0..5 {
        shuffled.flows.rotate_left(round + 1);
        shuffled.flows.swap(0, 4);
        shuffled.sites.reverse();
        shuffled.firms.rotate_right(round + 1);
        assert_eq!(bytes(&shuffled.solved()), expected);
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let park = tied();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        bytes(&pool.install(|| park.solved()))
    };
    let expected = with(1);
    assert_eq!(with(2), expected);
    assert_eq!(with(8), expected);
}
