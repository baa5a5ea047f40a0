//! How long each stage of a run takes, and how much memory, on generated zones.
//!
//! usage: stages [--seed N] [--shapes] [--gap G] [--nodes N] [--iterations N] [--nearest N] [FIRMS ...]     (100 1000 10000 firms without any)

use std::process::ExitCode;
use std::sync::Mutex;

use boucle_benches::Instance;
use boucle_benches::run::{Shape, Timed, forget_peak, peak_megabytes, timed};
use boucle_domain::knowledge::Knowledge;
use boucle_domain::settings::Settings;
use boucle_solver::control::ModelText;

struct Arguments {
    firms: Vec<usize>,
    seed: u64,
    shapes: bool,
    settings: Settings,
}

fn main() -> ExitCode {
    let measured = arguments().and_then(|arguments| measure(&arguments));
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn arguments() -> Result<Arguments, String> {
    let mut arguments = Arguments {
        firms: Vec::new(),
        seed: 1,
        shapes: false,
        settings: Settings::default(),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || {
            let value = words.next().and_then(|value| value.parse::<f64>().ok());
            value.ok_or_else(|| format!("{word} takes a number"))
        };
        match word.as_str() {
            "--shapes" => arguments.shapes = true,
            "--seed" => arguments.seed = number()? as u64,
            "--gap" => arguments.settings.relative_gap = number()?,
            "--nodes" => arguments.settings.node_limit = number()? as u32,
            "--large" => arguments.settings.iteration_limit = number()? as u32,
            "--nearest" => arguments.settings.nearest = number()? as u32,
            _ => arguments.firms.push(
                word.parse()
                    .map_err(|_| format!("'{word}' is no number of firms"))?,
            ),
        }
    }
    if arguments.firms.is_empty() {
        arguments.firms = vec![100, 1_000, 10_000];
    }
    Ok(arguments)
}

fn measure(arguments: &Arguments) -> Result<(), String> {
    let knowledge = Knowledge::embedded().map_err(|error| error.to_string())?;
    for &firms in &arguments.firms {
        forget_peak();
        let snapshot = Instance::generate(firms, arguments.seed, &knowledge).snapshot();
        let shapes: Mutex<Vec<(String, Shape)>> = Mutex::new(Vec::new());
        let watch = |model: ModelText<'_>| {
            if let Ok(mut shapes) = shapes.lock() {
                shapes.push((model.name.to_owned(), Shape::of(model.mps)));
            }
        };
        let timed = timed(
            &snapshot,
            &knowledge,
            &arguments.settings,
            arguments.shapes.then_some(&watch),
        )
        .map_err(|error| error.to_string())?;
        report(firms, snapshot.flows().len(), &timed);
        let mut shapes = shapes.into_inner().unwrap_or_default();
        shapes.sort_by(|a, b| b.1.columns.cmp(&a.1.columns).then(a.0.cmp(&b.0)));
        for (name, shape) in shapes.iter().take(5) {
            println!(
                "  {name}: {} columns ({} integer), {} rows",
                shape.columns, shape.integers, shape.rows
            );
        }
    }
    Ok(())
}

fn report(firms: usize, flows: usize, timed: &Timed) {
    println!(
        "{firms} firms, {flows} flows: {:.2} s, peak {} MB",
        timed.total.as_secs_f64(),
        peak_megabytes().map_or("?".to_owned(), |peak| peak.to_string())
    );
    for (stage, took) in &timed.stages {
        println!(
            "  {:<16} {:>9.3} s",
            format!("{stage:?}"),
            took.as_secs_f64()
        );
    }
    for plan in &timed.answer.plans {
        println!(
            "  {:?}: {:?}, gap {:.4} %, {} links out of {} arcs in {} components, gain {:.0} EUR",
            plan.kind,
            plan.status,
            100.0 * plan.relative_gap,
            plan.links,
            plan.arcs,
            plan.components,
            plan.gain.mid().euros()
        );
    }
}
