//! How a command ends when it does not end well.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::output;
use crate::text::Language;

/// Findings of severity error; nothing was written.
pub const FINDINGS: u8 = 1;
/// Anything else that stopped the command.
pub const ERROR: u8 = 2;

/// Why a command stopped.
#[derive(Debug)]
pub enum Failure {
    /// The user's data was refused, and every finding has been told.
    Findings,
    /// Whoever read our output has gone; there is nobody left to tell.
    ReaderGone,
    /// What to tell, in the language of the command.
    Error(String),
    /// What the service answered.
    Service(Box<Status>),
}

/// Result of a command or of a step of one.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure in both languages.
    pub fn told(language: Language, fr: impl Into<String>, en: impl Into<String>) -> Failure {
        Failure::Error(match language {
            Language::Fr => fr.into(),
            Language::En => en.into(),
        })
    }

    /// A file that cannot be read.
    pub fn unreadable(language: Language, path: &Path, error: &io::Error) -> Failure {
        let path = path.display();
        Failure::told(
            language,
            format!("lecture impossible de {path} : {error}"),
            format!("{path} cannot be read: {error}"),
        )
    }

    /// A file that cannot be written.
    pub fn unwritable(language: Language, path: &Path, error: &io::Error) -> Failure {
        let path = path.display();
        Failure::told(
            language,
            format!("écriture impossible de {path} : {error}"),
            format!("{path} cannot be written: {error}"),
        )
    }

    /// Tells the failure and gives its exit code.
    pub fn end(self, language: Language) -> ExitCode {
        match self {
            Failure::ReaderGone => ExitCode::SUCCESS,
            Failure::Findings => ExitCode::from(FINDINGS),
            Failure::Error(message) => {
                output::say(&format!("boucle: {message}"));
                ExitCode::from(ERROR)
            }
            Failure::Service(status) => {
                output::say(&format!("boucle: {}", told(&status, language)));
                ExitCode::from(ERROR)
            }
        }
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Failure {
        Failure::Service(Box::new(status))
    }
}

impl From<io::Error> for Failure {
    /// Only for standard output: files name themselves.
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ReaderGone,
            _ => Failure::Error(error.to_string()),
        }
    }
}

/// A status in words: the message for people, then every field it names.
fn told(status: &Status, language: Language) -> String {
    let details = status.get_error_details();
    let mut text = match details.localized_message() {
        Some(localised) => localised.message.clone(),
        None if status.code() == Code::Unavailable => match language {
            Language::Fr => format!("le service ne répond pas ({})", cause(status)),
            Language::En => format!("the service does not answer ({})", cause(status)),
        },
        None => status.message().to_owned(),
    };
    let violations = details
        .bad_request()
        .map(|bad| bad.field_violations.as_slice());
    for violation in violations.unwrap_or_default() {
        text.push_str(&format!(
            "\n  {}: {}",
            violation.field, violation.description
        ));
    }
    text
}

/// The innermost cause of a status, else its message.
fn cause(status: &Status) -> String {
    let mut source = std::error::Error::source(status);
    let mut innermost = status.message().to_owned();
    while let Some(error) = source {
        innermost = error.to_string();
        source = error.source();
    }
    innermost
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::ErrorDetails;

    #[test]
    fn every_field_of_a_refused_request_is_told_in_the_callers_language() {
        let mut details = ErrorDetails::new();
        details.add_bad_request_violation("settings.tortuosity", "écrire un nombre de 1 à 10");
        details.set_localized_message("fr", "1 champ(s) à corriger");
        let status = Status::with_error_details(Code::InvalidArgument, "INVALID_FIELDS", details);
        assert_eq!(
            told(&status, Language::Fr),
            "1 champ(s) à corriger\n  settings.tortuosity: écrire un nombre de 1 à 10"
        );
    }

    #[test]
    fn a_reader_that_went_away_is_no_error() {
        let gone: Failure = io::Error::from(io::ErrorKind::BrokenPipe).into();
        assert!(matches!(gone, Failure::ReaderGone));
    }
}
