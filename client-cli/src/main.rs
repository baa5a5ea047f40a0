//! The `boucle` command: one program for the service and for those who talk to it.
//!
//! Data goes to standard output, talk and progress to standard error. Exit codes: 0 done (warnings
//! and an empty plan included), 1 findings of severity error and nothing written, 2 error.

mod args;
mod client;
mod commands;
mod directory;
mod failure;
mod files;
mod findings;
mod mapping_file;
mod model_files;
mod output;
mod plan;
mod progress;
mod roads;
mod settings_file;
mod text;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Boucle;

fn main() -> ExitCode {
    let arguments = Boucle::parse();
    let language = arguments.language();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output::say(&format!("boucle: {error}"));
            return ExitCode::from(failure::ERROR);
        }
    };
    let done = runtime.block_on(commands::run(arguments.command, language));
    // Whatever still runs in the background must not hold the command back.
    runtime.shutdown_background();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.end(language),
    }
}
