//! Writes each model of a generated zone as a file that other solvers read, with what was found for it.
//!
//! `objectives.csv` holds the objective of each model, `run.csv` the seconds that both plans took.
//!
//! usage: models --firms N [--seed N] DIR

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;

use boucle_benches::Instance;
use boucle_benches::run::timed;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::settings::Settings;
use boucle_solver::Stage;
use boucle_solver::control::ModelText;

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
    let (mut firms, mut seed, mut folder) = (None, 1, None);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || {
            let value = words.next().and_then(|value| value.parse::<u64>().ok());
            value.ok_or_else(|| format!("{word} takes a whole number"))
        };
        match word.as_str() {
            "--firms" => firms = Some(number()? as usize),
            "--seed" => seed = number()?,
            _ => folder = Some(PathBuf::from(word)),
        }
    }
    let (Some(firms), Some(folder)) = (firms, folder) else {
        return Err("usage: models --firms N [--seed N] DIR".to_owned());
    };
    models(firms, seed, &folder)
}

fn models(firms: usize, seed: u64, folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let knowledge = Knowledge::embedded().map_err(|error| error.to_string())?;
    let snapshot = Instance::generate(firms, seed, &knowledge).snapshot();
    let settings = Settings::default();
    // Timed without writing, then once more with it.
    let run = timed(&snapshot, &knowledge, &settings, None).map_err(|error| error.to_string())?;
    let written: Mutex<Vec<Result<(String, f64), String>>> = Mutex::new(Vec::new());
    let watch = |model: ModelText<'_>| {
        let path = folder.join(format!("{}.mps", model.name));
        let one = std::fs::write(&path, model.mps)
            .map(|()| (model.name.to_owned(), model.objective))
            .map_err(|error| format!("{}: {error}", path.display()));
        if let Ok(mut written) = written.lock() {
            written.push(one);
        }
    };
    timed(&snapshot, &knowledge, &settings, Some(&watch)).map_err(|error| error.to_string())?;
    let written = written.into_inner().unwrap_or_default();
    let mut models = written.into_iter().collect::<Result<Vec<_>, _>>()?;
    models.sort_by(|a, b| a.0.cmp(&b.0));
    let mut objectives = String::from("name,objective_eur\n");
    for (name, objective) in &models {
        let _ = writeln!(objectives, "{name},{objective:?}");
    }
    let seconds: f64 = run
        .stages
        .iter()
        .filter(|(stage, _)| matches!(stage, Stage::FirmPlan | Stage::ProspectivePlan))
        .map(|(_, took)| took.as_secs_f64())
        .sum();
    let of_run = format!("firms,seed,plan_seconds\n{firms},{seed},{seconds:.3}\n");
    std::fs::write(folder.join("objectives.csv"), objectives).map_err(|error| error.to_string())?;
    std::fs::write(folder.join("run.csv"), of_run).map_err(|error| error.to_string())
}
