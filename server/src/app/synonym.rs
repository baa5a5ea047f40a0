//! Words of a territory: what its operator decided that names mean, on one side each.

use std::sync::Arc;

use boucle_domain::flow::Identity;
use boucle_domain::id::Direction;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::synonym::{KeptSynonym, Synonym};
use boucle_domain::text::Text;

use super::App;
use super::error::{Result, ServiceError, Violation};
use super::recognise::Reader;
use crate::auth::Access;
use crate::clock::{now, today};

/// What a caller decides.
#[derive(Clone, Debug, Default)]
pub struct SynonymRequest {
    /// The words, as firms write them.
    pub words: String,
    /// Key of the donor or resource.
    pub key: String,
    /// The side; `None`: outputs for a donor, needs for a resource.
    pub direction: Option<Direction>,
    /// Who decides, in a word; empty: the caller.
    pub by: String,
}

/// A decision with the label of what it names.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// The decision.
    pub kept: KeptSynonym,
    /// Label of its key; empty where the catalogue no longer holds it.
    pub label: Text,
}

impl App {
    /// Decides what words mean. Taken again, a decision is answered as it was taken.
    ///
    /// # Errors
    /// A violation of each field that refuses it: words that name something else in the catalogue or
    /// in the territory, a key that is none or that this side does not know.
    pub async fn add_synonym(&self, access: &Access, ask: SynonymRequest) -> Result<Word> {
        let by = match ask.by.trim() {
            "" => access.principal.clone(),
            named => named.to_owned(),
        };
        let wanted = read(&ask, &by, &self.knowledge)?;
        let kept = self.store.synonyms(&access.scope).await?;
        let (knowledge, lexicon) = (Arc::clone(&self.knowledge), self.lexicon.clone());
        let judged = tokio::task::spawn_blocking(move || {
            let reader = lexicon.reader(&knowledge, &[]);
            judged(wanted, kept, &reader, &knowledge)
        });
        let synonym = match judged.await.map_err(ServiceError::internal)?? {
            Judged::Taken(before) => return Ok(self.word(before)),
            Judged::New(synonym) => synonym,
        };
        let decision = KeptSynonym {
            synonym,
            by,
            on: today(),
        };
        let kept = self.store.add_synonym(&access.scope, &decision, now());
        Ok(self.word(kept.await?))
    }

    /// Forgets what words mean, on one side or on both; answers what was decided.
    pub async fn remove_synonym(
        &self,
        access: &Access,
        words: &str,
        direction: Option<Direction>,
    ) -> Result<Vec<Word>> {
        let mut kept = self.store.synonyms(&access.scope).await?;
        kept.retain(|one| direction.is_none_or(|wanted| one.synonym.direction == wanted));
        let (knowledge, lexicon) = (Arc::clone(&self.knowledge), self.lexicon.clone());
        let words = words.to_owned();
        let found = tokio::task::spawn_blocking(move || {
            let reader = lexicon.reader(&knowledge, &[]);
            let form = reader.form(&words);
            kept.retain(|one| reader.form(&one.synonym.words) == form);
            kept
        });
        let mut removed = Vec::new();
        for one in found.await.map_err(ServiceError::internal)? {
            let (direction, name) = (one.synonym.direction, one.synonym.name());
            let store = &self.store;
            if store
                .remove_synonym(&access.scope, direction, &name)
                .await?
            {
                removed.push(self.word(one));
            }
        }
        Ok(removed)
    }

    /// The words of the territory, by name, outputs before needs.
    pub async fn synonyms(&self, access: &Access) -> Result<Vec<Word>> {
        self.store.revision(&access.scope).await?;
        let kept = self.store.synonyms(&access.scope).await?;
        Ok(kept.into_iter().map(|one| self.word(one)).collect())
    }

    fn word(&self, kept: KeptSynonym) -> Word {
        let label = label(&self.knowledge, &kept.synonym.key).unwrap_or_default();
        Word { kept, label }
    }
}

/// What becomes of a decision.
#[derive(Debug)]
enum Judged {
    /// It was taken before.
    Taken(KeptSynonym),
    /// It is to be kept.
    New(Synonym),
}

/// The decision asked for, as far as it can be read by itself.
fn read(ask: &SynonymRequest, by: &str, knowledge: &Knowledge) -> Result<Synonym> {
    let words = ask.words.trim().to_owned();
    let key = Identity::of_key(&ask.key);
    let direction = ask.direction.unwrap_or(match key {
        Identity::Donor(_) => Direction::Output,
        Identity::Resource(_) | Identity::Unrecognised => Direction::Input,
    });
    let synonym = Synonym {
        words,
        direction,
        key,
    };
    let mut violations: Vec<Violation> = Vec::new();
    violations.extend(unreadable("words", &synonym.words));
    violations.extend(unreadable("by", by));
    violations.extend(unfit(&synonym, knowledge));
    match violations.is_empty() {
        true => Ok(synonym),
        false => Err(ServiceError::Fields(violations)),
    }
}

/// What is wrong with a text shown to people.
fn unreadable(field: &str, text: &str) -> Option<Violation> {
    let letters = text.chars().any(char::is_alphanumeric);
    let plain = !text.chars().any(char::is_control);
    if letters && plain && text.chars().count() <= Synonym::LONGEST {
        return None;
    }
    let longest = Synonym::LONGEST;
    Some(Violation::new(
        field,
        format!("écrire de 1 à {longest} caractères, dont une lettre ou un chiffre"),
        format!("write 1 to {longest} characters, with a letter or a digit among them"),
    ))
}

/// Why a key cannot be the meaning of words on a side.
fn unfit(synonym: &Synonym, knowledge: &Knowledge) -> Option<Violation> {
    if !knowledge.holds(&synonym.key) {
        return Some(Violation::new(
            "key",
            "cette clé n'est pas dans le catalogue : écrire DON:… pour un sortant, une ressource sinon",
            "this key is not in the catalogue: write DON:… for an output, else a resource",
        ));
    }
    let known = knowledge.recognise_label(synonym.key.key(), synonym.direction);
    if known.contains(&synonym.key) {
        return None;
    }
    Some(match synonym.direction {
        Direction::Input => Violation::new(
            "key",
            "un gisement DON:… ne nomme que des sortants : donner une ressource pour un besoin",
            "a donor DON:… names outputs only: give a resource for a need",
        ),
        Direction::Output => Violation::new(
            "key",
            "aucune règle ne part de cette ressource : donner un gisement DON:… pour un sortant",
            "no rule starts from this resource: give a donor DON:… for an output",
        ),
    })
}

/// Holds a decision against the labels of the catalogue and the words of the territory.
fn judged(
    wanted: Synonym,
    kept: Vec<KeptSynonym>,
    reader: &Reader,
    knowledge: &Knowledge,
) -> Result<Judged> {
    let form = reader.form(&wanted.words);
    let number = kept.len();
    let before = kept.into_iter().find(|one| {
        one.synonym.direction == wanted.direction && reader.form(&one.synonym.words) == form
    });
    if let Some(before) = before {
        if before.synonym.key == wanted.key {
            return Ok(Judged::Taken(before));
        }
        let (words, key) = (&before.synonym.words, before.synonym.key.key());
        return Err(ServiceError::field(
            "words",
            format!(
                "« {words} » désigne déjà {key} sur ce territoire : retirer d'abord ce synonyme"
            ),
            format!("“{words}” names {key} in this territory already: remove that synonym first"),
        ));
    }
    // A name that several keys share may be settled by the territory; one that is another's may not.
    let named = knowledge.recognise_label(&wanted.words, wanted.direction);
    if let Some(other) = named.first().filter(|_| !named.contains(&wanted.key)) {
        let label = label(knowledge, other).unwrap_or_default();
        let (words, key) = (&wanted.words, other.key());
        return Err(ServiceError::field(
            "words",
            format!(
                "« {words} » est déjà, dans le catalogue, le nom de {} ({key})",
                label.fr
            ),
            format!(
                "“{words}” is already the name of {} ({key}) in the catalogue",
                label.en
            ),
        ));
    }
    if number >= Synonym::MOST {
        let most = Synonym::MOST;
        return Err(ServiceError::field(
            "words",
            format!("un territoire garde {most} synonymes au plus"),
            format!("a territory keeps {most} synonyms at most"),
        ));
    }
    Ok(Judged::New(wanted))
}

/// The label of a key, if the catalogue holds it.
pub(super) fn label(knowledge: &Knowledge, key: &Identity) -> Option<Text> {
    match key {
        Identity::Donor(key) => knowledge.donor(key).map(|donor| donor.label.clone()),
        Identity::Resource(key) => knowledge
            .resource(key)
            .map(|resource| resource.label.clone()),
        Identity::Unrecognised => None,
    }
}
