//! Writes a generated zone as a csv file of the template.
//!
//! usage: generate --firms N [--seed N] > zone.csv

use std::io::Write;
use std::process::ExitCode;

use boucle_benches::Instance;
use boucle_domain::knowledge::Knowledge;

fn main() -> ExitCode {
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn write() -> Result<(), String> {
    let (mut firms, mut seed) = (None, 1);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().and_then(|value| value.parse::<u64>().ok());
        let value = value.ok_or_else(|| format!("{word} takes a whole number"))?;
        match word.as_str() {
            "--firms" => firms = Some(value as usize),
            "--seed" => seed = value,
            _ => return Err(format!("unknown option {word}")),
        }
    }
    let firms = firms.ok_or("usage: generate --firms N [--seed N]")?;
    let knowledge = Knowledge::embedded().map_err(|error| error.to_string())?;
    let csv = Instance::generate(firms, seed, &knowledge).csv();
    let csv = csv.map_err(|error| error.to_string())?;
    std::io::stdout()
        .write_all(&csv)
        .map_err(|error| error.to_string())
}
