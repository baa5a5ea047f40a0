//! What firms write, read as resources of the catalogue.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use boucle_domain::diagnostic::Code;
use boucle_domain::flow::{Flow, Identity};
use boucle_domain::id::Direction;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::organisation::Site;
use boucle_domain::text::Text;
use boucle_import::Reading;
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
        let read = self.read(knowledge, flow, site);
        read.key.filter(|_| read.outcome == Outcome::Recognised)
    }

    /// How the words of a declared flow are read.
    fn read(&self, knowledge: &Knowledge, flow: &Flow, site: Option<&Site>) -> Recognition {
        let asked = Asked {
            text: &flow.name,
            waste_code: flow.waste_code.as_ref(),
            activity: site.and_then(|site| site.activity.as_ref()),
            direction: Some(flow.key.direction),
        };
        self.of(knowledge).recognise(&asked)
    }

    /// Says of each flow that bears no known name what its words were read as, or what they leave
    /// open, where the sheet was told that its name is not known.
    pub(crate) fn tell(&self, knowledge: &Knowledge, reading: &mut Reading) {
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
            let read = self.read(knowledge, flow, site);
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
        (Outcome::Recognised, Some(first)) => {
            let key = shown(&first.key);
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
                .map(|candidate| shown(&candidate.key))
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

fn shown(identity: &Identity) -> &str {
    match identity {
        Identity::Donor(key) => key.as_str(),
        Identity::Resource(key) => key.as_str(),
        Identity::Unrecognised => "",
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
