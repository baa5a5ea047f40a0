//! One verb per file.

pub mod answer;
pub mod check;
pub mod code;
pub mod explain;
pub mod explain_pair;
pub mod export;
pub mod import;
pub mod matching;
pub mod open;
pub mod questions;
pub mod recognise;
pub mod rejections;
pub mod run;
pub mod runs;
pub mod serve;
pub mod show;
pub mod suggest;
pub mod synonym;
pub mod template;

use crate::args::{Command, Service};
use crate::failure::{Failure, Result};
use crate::text::Language;

/// Does what was asked.
///
/// # Errors
/// Why it could not be done, or that the sheet was refused.
pub async fn run(command: Command, language: Language) -> Result<()> {
    match command {
        Command::Match(args) => matching::run(&args, language).await,
        Command::Run(args) => run::run(&args, language).await,
        Command::Runs(args) => runs::run(&args, language).await,
        Command::Show(args) => show::run(&args, language).await,
        Command::Questions(args) => questions::run(&args, language).await,
        Command::Answer(args) => answer::run(&args, language).await,
        Command::Recognise(args) => recognise::run(&args, language).await,
        Command::Code(args) => code::run(&args, language).await,
        Command::Synonym(args) => synonym::run(&args, language).await,
        Command::Suggest(args) => suggest::run(&args, language).await,
        Command::Rejections(args) => rejections::run(&args, language).await,
        Command::ExplainPair(args) => explain_pair::run(&args, language).await,
        Command::Import(args) => import::run(&args, language).await,
        Command::Export(args) => export::run(&args, language).await,
        Command::Template(args) => template::run(&args, language).await,
        Command::Check(args) => check::run(&args, language).await,
        Command::Explain(args) => explain::run(&args, language).await,
        Command::Open(args) => open::run(&args, language).await,
        Command::Serve(args) => serve::run(&args, language).await,
    }
}

/// Fails unless what is read or written outlives the command.
fn must_last(service: &Service, language: Language) -> Result<()> {
    if service.lasts() {
        return Ok(());
    }
    Err(Failure::told(
        language,
        "dire où sont les données : --store FICHIER ou --server ADRESSE",
        "say where the data is: --store PATH or --server URL",
    ))
}
