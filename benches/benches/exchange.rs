//! A whole run, from snapshot to answer: candidates, both plans, explanation, check.

use std::hint::black_box;

use boucle_benches::Instance;
use boucle_benches::run::timed;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::settings::Settings;
use criterion::{BenchmarkId, Criterion, SamplingMode, criterion_group, criterion_main};

fn runs(criterion: &mut Criterion) {
    let knowledge = Knowledge::embedded().expect("the embedded catalogue is read");
    let settings = Settings::default();
    let mut group = criterion.benchmark_group("run");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for firms in [100, 1_000] {
        let snapshot = Instance::generate(firms, 1, &knowledge).snapshot();
        group.bench_with_input(
            BenchmarkId::new("firms", firms),
            &snapshot,
            |bench, zone| {
                bench.iter(|| {
                    timed(black_box(zone), &knowledge, &settings, None).expect("an answer")
                });
            },
        );
    }
    group.finish();
}

criterion_group!(benches, runs);
criterion_main!(benches);
