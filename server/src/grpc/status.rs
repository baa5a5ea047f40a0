//! From a failed use case to the wire: one match, with a machine-readable reason beside the words.

use std::collections::HashMap;

use boucle_domain::text::{Language, Text};
use boucle_proto::v1::ErrorReason;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::app::error::{ServiceError, Violation};

/// The `domain` of every reason.
pub const DOMAIN: &str = "boucle";

/// Bytes of field violations in an answer. Details travel in one trailer, and clients give up on
/// trailers from 8 KiB on once they are in base 64; 4 KiB in all leave room for the rest.
const VIOLATION_BYTES: usize = 3_000;

/// What goes into a status.
struct Parts {
    code: Code,
    reason: ErrorReason,
    text: Text,
    metadata: HashMap<String, String>,
}

/// The status of an error, in a language.
pub fn of(error: ServiceError, language: Language) -> Status {
    if let ServiceError::Internal(cause) = &error {
        let incident = uuid::Uuid::new_v4().to_string();
        tracing::error!(incident, cause, "internal error");
        return with_details(parts(&error, &incident), &[], language);
    }
    let violations = match &error {
        ServiceError::Fields(violations) => violations.as_slice(),
        _ => &[],
    };
    with_details(parts(&error, ""), violations, language)
}

/// The one match.
fn parts(error: &ServiceError, incident: &str) -> Parts {
    let mut metadata = HashMap::new();
    let mut with = |key: &str, value: String| {
        metadata.insert(key.to_owned(), value);
    };
    let (code, reason, text) = match error {
        ServiceError::Fields(violations) => {
            with("violations", violations.len().to_string());
            (
                Code::InvalidArgument,
                ErrorReason::InvalidFields,
                Text::new(
                    format!("{} champ(s) à corriger", violations.len()),
                    format!("{} field(s) to put right", violations.len()),
                ),
            )
        }
        // Findings are put under the paths of their message before they come here; without a
        // message they are told by their number.
        ServiceError::Findings(findings) => {
            with("violations", findings.len().to_string());
            (
                Code::InvalidArgument,
                ErrorReason::InvalidFields,
                Text::new(
                    format!("{} constat(s) à corriger", findings.len()),
                    format!("{} finding(s) to put right", findings.len()),
                ),
            )
        }
        ServiceError::PageToken => (
            Code::InvalidArgument,
            ErrorReason::PageToken,
            Text::new(
                "Ce jeton de page n'est pas celui de cette liste et de ce filtre : repartir de la première page",
                "This page token is not one of this list and filter: start again from the first page",
            ),
        ),
        ServiceError::Token => (
            Code::Unauthenticated,
            ErrorReason::Token,
            Text::new(
                "Jeton absent ou inconnu : envoyer « authorization: Bearer … »",
                "Token missing or unknown: send \"authorization: Bearer …\"",
            ),
        ),
        ServiceError::Role(role) => {
            with("role", role.code().to_owned());
            (
                Code::PermissionDenied,
                ErrorReason::Role,
                Text::new(
                    format!("Le rôle {} ne permet pas cela", role.code()),
                    format!("The role {} does not allow this", role.code()),
                ),
            )
        }
        ServiceError::NotFound(what) => {
            with("what", (*what).to_owned());
            (
                Code::NotFound,
                ErrorReason::NotFound,
                Text::new(
                    format!("Introuvable : {}", french(what)),
                    format!("Not found: {what}"),
                ),
            )
        }
        ServiceError::AlreadyExists(what) => {
            with("what", (*what).to_owned());
            (
                Code::AlreadyExists,
                ErrorReason::AlreadyExists,
                Text::new(
                    format!("Existe déjà : {}", french(what)),
                    format!("Already exists: {what}"),
                ),
            )
        }
        ServiceError::RequestReused => (
            Code::AlreadyExists,
            ErrorReason::RequestIdReused,
            Text::new(
                "Cet identifiant de requête a déjà servi à une autre demande : en prendre un nouveau",
                "This request id was used for another request: take a new one",
            ),
        ),
        ServiceError::Stale => (
            Code::Aborted,
            ErrorReason::Stale,
            Text::new(
                "Modifié entre-temps : relire, puis décider",
                "Changed in between: read it again, then decide",
            ),
        ),
        ServiceError::InUse { what, by } => {
            with("what", (*what).to_owned());
            with("by", (*by).to_owned());
            (
                Code::FailedPrecondition,
                ErrorReason::InUse,
                Text::new(
                    format!(
                        "Reste rattaché à cet objet ({}) : {}",
                        french(what),
                        french(by)
                    ),
                    format!("This {what} still holds: {by}"),
                ),
            )
        }
        ServiceError::NotAnswered(state) => {
            with("state", state.code().to_owned());
            (
                Code::FailedPrecondition,
                ErrorReason::RunNotAnswered,
                Text::new(
                    "Le calcul n'a pas de réponse",
                    format!("The run has no answer: it is {}", state.code()),
                ),
            )
        }
        ServiceError::KnowledgeChanged => (
            Code::FailedPrecondition,
            ErrorReason::KnowledgeChanged,
            Text::new(
                "Le calcul a été fait avec d'autres tables de connaissances : en relancer un",
                "The run was made with other tables of knowledge: ask for a new one",
            ),
        ),
        ServiceError::Contradiction(which) => (
            Code::FailedPrecondition,
            ErrorReason::Contradiction,
            Text::new(
                format!("Les limites demandées se contredisent : {which}"),
                which.clone(),
            ),
        ),
        ServiceError::TooLarge { limit } => {
            with("limit_bytes", limit.to_string());
            (
                Code::ResourceExhausted,
                ErrorReason::TooLarge,
                Text::new(
                    format!("Fichier trop grand : {} Mio au plus", limit >> 20),
                    format!("File too large: {} MiB at most", limit >> 20),
                ),
            )
        }
        ServiceError::TooManyRuns { limit } => {
            with("limit", limit.to_string());
            (
                Code::ResourceExhausted,
                ErrorReason::TooManyRuns,
                Text::new(
                    format!("{limit} calculs attendent déjà : réessayer plus tard"),
                    format!("{limit} runs are waiting already: try again later"),
                ),
            )
        }
        ServiceError::Unavailable => (
            Code::Unavailable,
            ErrorReason::Unavailable,
            Text::new(
                "Service momentanément indisponible : réessayer",
                "Not available for the moment: try again",
            ),
        ),
        ServiceError::Cancelled => (
            Code::Cancelled,
            ErrorReason::Cancelled,
            Text::new("Demande interrompue", "Request cancelled"),
        ),
        ServiceError::Internal(_) => {
            with("incident", incident.to_owned());
            (
                Code::Internal,
                ErrorReason::Internal,
                Text::new(
                    format!("Erreur de notre part, incident {incident}"),
                    format!("The fault is ours, incident {incident}"),
                ),
            )
        }
    };
    Parts {
        code,
        reason,
        text,
        metadata,
    }
}

/// Puts the details together, as many violations as fit.
fn with_details(mut parts: Parts, violations: &[Violation], language: Language) -> Status {
    let mut details = ErrorDetails::new();
    let (mut bytes, mut shown) = (0, 0);
    for violation in violations {
        let text = violation.text.in_language(language);
        let description = if violation.code.is_empty() {
            text.to_owned()
        } else {
            format!("{} {text}", violation.code)
        };
        bytes += violation.field.len() + description.len() + 8;
        if bytes > VIOLATION_BYTES {
            break;
        }
        details.add_bad_request_violation(violation.field.as_str(), description);
        shown += 1;
    }
    let mut message = parts.text.in_language(language).to_owned();
    if !violations.is_empty() {
        parts.metadata.insert("shown".to_owned(), shown.to_string());
    }
    if shown < violations.len() {
        let left = violations.len() - shown;
        message.push_str(&match language {
            Language::Fr => format!(", dont {left} non montré(s) ici"),
            Language::En => format!(", {left} of them not shown here"),
        });
    }
    let reason = parts
        .reason
        .as_str_name()
        .trim_start_matches("ERROR_REASON_");
    details.set_error_info(reason, DOMAIN, parts.metadata);
    let tag = match language {
        Language::Fr => "fr",
        Language::En => "en",
    };
    details.set_localized_message(tag, message.as_str());
    // The message itself is for developers and stays short: the localised one is for people.
    Status::with_error_details(parts.code, format!("{reason}: {message}"), details)
}

/// The French word of a kind of thing.
fn french(what: &str) -> &str {
    match what {
        "territory" => "territoire",
        "firm" => "entreprise",
        "site" => "établissement",
        "flow" => "flux",
        "run" => "calcul",
        "run input" => "données du calcul",
        "answer" => "réponse",
        "proposal" => "proposition",
        "rejection" => "rejet",
        "rule" => "règle",
        "resource" => "ressource",
        "donor" => "gisement",
        "waste code" => "code déchet",
        "synonym" => "synonyme",
        "own code" => "code du territoire",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_violations_stay_under_four_kibibytes_and_say_how_many_more() {
        let many = (0..1_000).map(|at| {
            Violation::new(
                format!("rows[{at}].quantity"),
                "écrire un nombre",
                "write a number",
            )
        });
        let status = of(ServiceError::Fields(many.collect()), Language::En);
        assert_eq!(status.code(), Code::InvalidArgument);
        assert!(
            status.details().len() <= 4_096,
            "{} bytes",
            status.details().len()
        );
        let details = status.get_error_details();
        let shown = details.bad_request().unwrap().field_violations.len();
        assert!(shown > 10);
        assert!(
            status
                .message()
                .contains(&format!("{} of them not shown here", 1_000 - shown))
        );
        assert_eq!(details.error_info().unwrap().metadata["violations"], "1000");
    }

    #[test]
    fn an_internal_error_tells_an_incident_and_not_its_cause() {
        let status = of(
            ServiceError::Internal("disk /dev/secret".to_owned()),
            Language::Fr,
        );
        assert_eq!(status.code(), Code::Internal);
        assert!(!status.message().contains("secret"));
        let details = status.get_error_details();
        assert_eq!(details.error_info().unwrap().reason, "INTERNAL");
        assert_eq!(details.localized_message().unwrap().locale, "fr");
    }
}
