//! Figures of the recogniser on a labelled file: `cargo run -p boucle-recognise --example evaluate -- FILE`.
//!
//! Columns `id,text,waste_code,nace,direction,outcome,key,candidates,shares_label`. Precision is
//! over answers given, recall over texts with a key; over-asking is over texts with a key.

use std::process::ExitCode;

use boucle_domain::knowledge::Knowledge;
use boucle_recognise::Recogniser;
use boucle_recognise::evaluation::{Figures, read};

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: recognise FILE.csv");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    let knowledge = match Knowledge::embedded() {
        Ok(knowledge) => knowledge,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let recogniser = Recogniser::new(&knowledge, &[]);
    let rows = read(&text, &knowledge);
    let all = Figures::of(&recogniser, rows.iter());
    println!("all              {all}");
    let apart = Figures::of(&recogniser, rows.iter().filter(|row| !row.shares_label));
    println!("shares no label  {apart}");
    for line in &all.confusions {
        println!("{line}");
    }
    ExitCode::SUCCESS
}
