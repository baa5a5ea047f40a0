//! What firms write, read as resources of the catalogue.

use std::sync::{Arc, OnceLock};

use boucle_domain::flow::{Flow, Identity};
use boucle_domain::id::Direction;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::organisation::Site;
use boucle_recognise::{Asked, Recogniser};

use super::App;
use super::error::{Result, ServiceError};

pub use boucle_recognise::{Outcome, Recognition};

/// A flow as a firm writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenFlow {
    /// Its words.
    pub text: String,
    /// Its waste code.
    pub waste_code: String,
    /// The activity of the firm.
    pub activity: String,
    /// Which way it goes, if that is said.
    pub direction: Option<Direction>,
}

/// Texts read at once at most.
pub const TEXTS: usize = 1_000;

/// The recogniser of the catalogue, made when it is first needed.
#[derive(Clone, Default)]
pub(crate) struct Reader {
    recogniser: Arc<OnceLock<Recogniser>>,
}

impl Reader {
    fn of(&self, knowledge: &Knowledge) -> &Recogniser {
        self.recogniser
            .get_or_init(|| Recogniser::new(knowledge, &[]))
    }

    /// What a declared flow is by its words, where they leave no question.
    pub(crate) fn identity(
        &self,
        knowledge: &Knowledge,
        flow: &Flow,
        site: Option<&Site>,
    ) -> Option<Identity> {
        let asked = Asked {
            text: &flow.name,
            waste_code: flow.waste_code.as_ref(),
            activity: site.and_then(|site| site.activity.as_ref()),
            direction: Some(flow.key.direction),
        };
        let recognition = self.of(knowledge).recognise(&asked);
        recognition
            .key
            .filter(|_| recognition.outcome == Outcome::Recognised)
    }
}

impl App {
    /// Reads texts. A code or activity that the lists do not hold does not count.
    ///
    /// # Errors
    /// More than [`TEXTS`] at once.
    pub async fn recognise(&self, flows: Vec<WrittenFlow>) -> Result<Vec<Recognition>> {
        if flows.len() > TEXTS {
            return Err(ServiceError::field(
                "flows",
                format!("{TEXTS} textes au plus par appel"),
                format!("{TEXTS} texts at most in a call"),
            ));
        }
        let (knowledge, reader) = (Arc::clone(&self.knowledge), self.reader.clone());
        let read = tokio::task::spawn_blocking(move || {
            let recogniser = reader.of(&knowledge);
            let one = |flow: &WrittenFlow| {
                let code = knowledge.waste_code(&flow.waste_code);
                let activity = knowledge.activity(&flow.activity);
                recogniser.recognise(&Asked {
                    text: &flow.text,
                    waste_code: code.map(|entry| &entry.code),
                    activity: activity.map(|entry| &entry.code),
                    direction: flow.direction,
                })
            };
            flows.iter().map(one).collect()
        });
        read.await.map_err(ServiceError::internal)
    }
}
