//! A csv file of the template read, joined and validated.

use std::hint::black_box;

use boucle_benches::Instance;
use boucle_benches::instance::{DAY, ZONE};
use boucle_benches::register::Register;
use boucle_domain::id::ZoneId;
use boucle_domain::knowledge::Knowledge;
use boucle_import::{Context, read};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn imports(criterion: &mut Criterion) {
    let knowledge = Knowledge::embedded().expect("the embedded catalogue is read");
    let mut group = criterion.benchmark_group("import");
    group.sample_size(20);
    for firms in [100, 1_000] {
        let instance = Instance::generate(firms, 1, &knowledge);
        let csv = instance.csv().expect("a csv file");
        let context = Context::new(&knowledge, DAY, ZoneId::new(ZONE));
        assert!(!read(&csv, "zone.csv", &context).is_refused());
        group.throughput(Throughput::Bytes(csv.len() as u64));
        group.bench_with_input(BenchmarkId::new("firms", firms), &csv, |bench, csv| {
            bench.iter(|| read(black_box(csv), "zone.csv", &context));
        });
    }
    group.finish();
}

fn registers(criterion: &mut Criterion) {
    let knowledge = Knowledge::embedded().expect("the embedded catalogue is read");
    let context = Context::new(&knowledge, DAY, ZoneId::new(ZONE));
    let mut group = criterion.benchmark_group("register");
    group.sample_size(10);
    let register = Register::generate(200_000, 1);
    assert!(!read(register.csv.as_bytes(), "register.csv", &context).is_refused());
    group.throughput(Throughput::Elements(register.lines as u64));
    group.bench_function("200000 shipments", |bench| {
        bench.iter(|| read(black_box(register.csv.as_bytes()), "register.csv", &context));
    });
    group.finish();
}

criterion_group!(benches, imports, registers);
criterion_main!(benches);
