//! What firms write, read as resources of the catalogue.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use boucle_domain::diagnostic::Code;
use boucle_domain::flow::Flow;
use boucle_domain::id::Direction;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::organisation::Site;
use boucle_domain::synonym::Synonym;
use boucle_domain::text::Text;
use boucle_import::{ByWords, Reading};
use boucle_recognise::{Asked, Recogniser};

use super::App;
use super::error::{Result, ServiceError};
use crate::auth::Access;

pub use boucle_recognise::{Candidate, Outcome, Recognition};

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
pub(crate) struct Lexicon {
    recogniser: Arc<OnceLock<Recogniser>>,
}

impl Lexicon {
    /// What reads with the words of a territory. It takes a while the first time.
    pub(crate) fn reader(&self, knowledge: &Knowledge, own: &[Synonym]) -> Reader {
        let catalogue = self
            .recogniser
            .get_or_init(|| Recogniser::new(knowledge, &[]));
        Reader {
            recogniser: catalogue.with_own(own),
        }
    }
}

/// Reads what the firms of one territory write.
pub(crate) struct Reader {
    recogniser: Recogniser,
}

impl Reader {
    /// What the words of a declared flow were read as, where they leave no question.
    pub(crate) fn by_words(&self, flow: &Flow, site: Option<&Site>) -> Option<ByWords> {
        let read = self.read(flow, site);
        let label = read.candidates.first().map(|first| first.label.clone());
        let key = read.key.filter(|_| read.outcome == Outcome::Recognised)?;
        Some(ByWords {
            key,
            label: label.unwrap_or_default(),
            confidence: read.confidence,
            reasons: read.reasons.iter().map(|reason| reason.text()).collect(),
        })
    }

    /// How the words of a declared flow are read.
    pub(crate) fn read(&self, flow: &Flow, site: Option<&Site>) -> Recognition {
        self.recogniser.recognise(&Asked {
            text: &flow.name,
            waste_code: flow.waste_code.as_ref(),
            activity: site.and_then(|site| site.activity.as_ref()),
            direction: Some(flow.key.direction),
        })
    }

    /// The form in which words are compared: two texts of one form are one word.
    pub(crate) fn form(&self, words: &str) -> String {
        self.recogniser.form(words)
    }

    fn written(&self, knowledge: &Knowledge, flow: &WrittenFlow) -> Recognition {
        let code = knowledge.waste_code(&flow.waste_code);
        let activity = knowledge.activity(&flow.activity);
        self.recogniser.recognise(&Asked {
            text: &flow.text,
            waste_code: code.map(|entry| &entry.code),
            activity: activity.map(|entry| &entry.code),
            direction: flow.direction,
        })
    }

    /// Says of each flow that bears no known name what its words were read as, or what they leave
    /// open, where the sheet was told that its name is not known.
    pub(crate) fn tell(&self, reading: &mut Reading) {
        let mut told: BTreeMap<(String, u32, String), usize> = BTreeMap::new();
        for (at, finding) in reading.findings.iter().enumerate() {
            if finding.code == Code::I3301 {
                let place = &finding.place;
                told.insert((place.sheet.clone(), place.row, finding.value.clone()), at);
            }
        }
        if told.is_empty() {
            return;
        }
        let sites = &reading.declaration.sites;
        let mut changed = Vec::new();
        for flow in &reading.declaration.flows {
            let Some(place) = reading.place(&flow.key) else {
                continue;
            };
            let name: String = flow.name.chars().take(VALUE_CHARACTERS).collect();
            let Some(&at) = told.get(&(place.sheet.clone(), place.row, name)) else {
                continue;
            };
            let site = sites.iter().find(|site| site.key == flow.key.site);
            let read = self.read(flow, site);
            if let Some(finding) = finding(&read) {
                changed.push((at, finding));
            }
        }
        for (at, (code, cause, fix)) in changed {
            if let Some(finding) = reading.findings.get_mut(at) {
                finding.code = code;
                finding.severity = code.severity();
                finding.cause = cause;
                finding.fix = fix;
            }
        }
    }
}

/// Characters of a value that a finding keeps.
const VALUE_CHARACTERS: usize = 120;

/// What is told of a name that was read by its words; `None` when they say nothing.
fn finding(read: &Recognition) -> Option<(Code, Text, Text)> {
    match (read.outcome, read.candidates.first()) {
        (Outcome::Recognised, Some(first)) if read.is_decided() => {
            let key = first.key.key();
            Some((
                Code::I3305,
                Text::new(
                    format!("mot du territoire : {} ({key})", first.label.fr),
                    format!("word of the territory: {} ({key})", first.label.en),
                ),
                Text::new(
                    "si ce flux est autre chose, écrivez sa clé dans « Ressource (clé) »",
                    "if this flow is something else, write its key in \"Resource (key)\"",
                ),
            ))
        }
        (Outcome::Recognised, Some(first)) => {
            let key = first.key.key();
            Some((
                Code::I3304,
                Text::new(
                    format!("lu par ses mots : {} ({key}), à confirmer", first.label.fr),
                    format!(
                        "read by its words: {} ({key}), to be confirmed",
                        first.label.en
                    ),
                ),
                Text::new(
                    format!("pour confirmer, écrivez « {key} » dans « Ressource (clé) »"),
                    format!("to confirm, write \"{key}\" in \"Resource (key)\""),
                ),
            ))
        }
        (Outcome::Ask, Some(_)) => {
            let keys: Vec<&str> = read
                .candidates
                .iter()
                .map(|candidate| candidate.key.key())
                .collect();
            Some((
                Code::I3301,
                read.question.clone(),
                Text::new(
                    format!(
                        "écrivez dans « Ressource (clé) » : « {} »",
                        keys.join(" », ou « ")
                    ),
                    format!(
                        "write in \"Resource (key)\": \"{}\"",
                        keys.join("\", or \"")
                    ),
                ),
            ))
        }
        _ => None,
    }
}

impl App {
    /// Reads texts, with the words of a territory if the caller has leave for one. A code or activity
    /// that the lists do not hold does not count.
    ///
    /// # Errors
    /// More than [`TEXTS`] at once; not found if there is no such territory.
    pub async fn recognise(
        &self,
        access: Option<&Access>,
        flows: Vec<WrittenFlow>,
    ) -> Result<Vec<Recognition>> {
        if flows.len() > TEXTS {
            return Err(ServiceError::field(
                "flows",
                format!("{TEXTS} textes au plus par appel"),
                format!("{TEXTS} texts at most in a call"),
            ));
        }
        if let Some(access) = access {
            self.store.revision(&access.scope).await?;
        }
        let own = self.own_words(access).await?;
        let (knowledge, lexicon) = (Arc::clone(&self.knowledge), self.lexicon.clone());
        let read = tokio::task::spawn_blocking(move || {
            let reader = lexicon.reader(&knowledge, &own);
            flows
                .iter()
                .map(|flow| reader.written(&knowledge, flow))
                .collect()
        });
        read.await.map_err(ServiceError::internal)
    }

    /// The words of the territory of a call; none without one.
    pub(super) async fn own_words(&self, access: Option<&Access>) -> Result<Vec<Synonym>> {
        let Some(access) = access else {
            return Ok(Vec::new());
        };
        let kept = self.store.synonyms(&access.scope).await?;
        Ok(kept.into_iter().map(|kept| kept.synonym).collect())
    }
}
