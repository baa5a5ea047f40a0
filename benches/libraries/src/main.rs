//! The recogniser beside libraries of fuzzy and full-text matching, on the same words and texts.
//!
//! `cargo run --release --manifest-path benches/libraries/Cargo.toml` from the root of the project
//! prints both tables; `-- spelling` or `-- matching` one of them. Seed 1.

mod clock;
mod matching;
mod misspelt;
mod names;
mod rankers;
mod spellers;
mod spelling;
mod together;

// The recogniser's own index is private to it and needs nothing of it: the very file is measured.
#[path = "../../../solver/recognise/src/spelling.rs"]
mod own_spelling;
// Not by a dependency on `boucle-benches`, which would build HiGHS.
#[allow(dead_code)]
#[path = "../../src/random.rs"]
mod random;

use boucle_domain::knowledge::Knowledge;
use boucle_recognise::Recogniser;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted = std::env::args().nth(1);
    let wants = |part: &str| wanted.as_deref().is_none_or(|wanted| wanted == part);
    let knowledge = Knowledge::embedded()?;
    let recogniser = Recogniser::new(&knowledge, &[]);
    let names = names::of(&knowledge);
    if wants("spelling") {
        spelling::measure(&knowledge, &recogniser, &names)?;
    }
    if wants("matching") {
        matching::measure(&knowledge, &recogniser, &names)?;
    }
    Ok(())
}
