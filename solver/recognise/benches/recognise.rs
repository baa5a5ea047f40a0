//! Texts a second on one core. Figures: `benches/README.md` of the workspace.

use std::hint::black_box;

use boucle_domain::id::Direction;
use boucle_domain::knowledge::Knowledge;
use boucle_recognise::{Asked, Recogniser};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Invented texts, of the length people write.
const TEXTS: [&str; 8] = [
    "Huile moteur usagée (garage), fûts 200 L",
    "boues d'hydroxydes métalliques",
    "cartons / plastiques en mélange",
    "GRV de soude 30%",
    "chutes de bois de menuiserie env. 30 t/an",
    "Polystirène expansé propre",
    "divers voir remarque",
    "waste isopropanol from cleaning",
];

fn texts(criterion: &mut Criterion) {
    let knowledge = Knowledge::embedded().expect("the tables are read");
    let mut group = criterion.benchmark_group("recognise");
    group.bench_function("build", |b| {
        b.iter(|| black_box(Recogniser::new(&knowledge, &[])));
    });
    let recogniser = Recogniser::new(&knowledge, &[]);
    group.throughput(Throughput::Elements(TEXTS.len() as u64));
    group.bench_function("texts", |b| {
        b.iter(|| {
            for text in TEXTS {
                black_box(recogniser.recognise(&Asked {
                    text,
                    waste_code: None,
                    activity: None,
                    direction: Some(Direction::Output),
                }));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, texts);
criterion_main!(benches);
