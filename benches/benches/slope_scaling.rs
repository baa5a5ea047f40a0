//! First answers to fixed-charge transport problems: slope scaling with its local search, and the
//! choice of links on charges spread over the flow.

use std::hint::black_box;

use boucle_benches::transport::transport;
use boucle_kernel::{slope_scaling, spread};
use criterion::{BenchmarkId, Criterion, SamplingMode, criterion_group, criterion_main};

fn slopes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("slope_scaling");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    let (lp, charges) = transport(60, 1);
    let settings = slope_scaling::Settings::default();
    group.bench_function(BenchmarkId::new("search", "60 sources"), |bench| {
        bench.iter(|| slope_scaling::search(black_box(&lp), &charges, &settings, None));
    });
    for sources in [60, 600] {
        let (lp, charges) = transport(sources, 1);
        let name = BenchmarkId::new("choose", format!("{sources} sources"));
        group.bench_function(name, |bench| {
            bench.iter(|| spread::choose(black_box(&lp), &charges, 40, None));
        });
    }
    group.finish();
}

criterion_group!(benches, slopes);
criterion_main!(benches);
