//! Figures of the recogniser on labelled files:
//! `cargo run -p boucle-recognise --example evaluate -- [--tables DIR] [--quiet] FILE...`.
//!
//! Columns `id,text,waste_code,nace,direction,outcome,key,candidates,shares_label`. Precision is
//! over answers given, recall over texts with a key; over-asking is over texts with a key. With
//! `--tables` the tables of a folder stand in for the embedded ones.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use boucle_domain::knowledge::Knowledge;
use boucle_recognise::Recogniser;
use boucle_recognise::evaluation::{Figures, read};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (mut tables, mut quiet, mut files) = (BTreeMap::new(), false, Vec::new());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--tables" => tables = of_folder(&arguments.next().ok_or("--tables: which folder?")?)?,
            "--quiet" => quiet = true,
            _ => files.push(argument),
        }
    }
    if files.is_empty() {
        return Err("usage: evaluate [--tables DIR] [--quiet] FILE...".into());
    }
    let knowledge = Knowledge::from_tables(&tables)?;
    let recogniser = Recogniser::new(&knowledge, &[]);
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
        let rows = read(&text, &knowledge);
        let all = Figures::of(&recogniser, rows.iter());
        println!("{file}");
        println!("all              {all}");
        let apart = Figures::of(&recogniser, rows.iter().filter(|row| !row.shares_label));
        println!("shares no label  {apart}");
        if !quiet {
            for line in &all.confusions {
                println!("{line}");
            }
        }
    }
    Ok(())
}

/// The tables that stand in a folder.
fn of_folder(folder: &str) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut tables = BTreeMap::new();
    for name in Knowledge::table_names() {
        let path = Path::new(folder).join(name);
        if path.exists() {
            tables.insert(name.to_owned(), std::fs::read_to_string(path)?);
        }
    }
    Ok(tables)
}
