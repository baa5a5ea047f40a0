//! Every name of the catalogue with its key: labels, synonyms, terms of the lexicon.

use boucle_domain::flow::Identity;
use boucle_domain::id::{Direction, ResourceKey};
use boucle_domain::knowledge::{Kind, Knowledge};

/// A name of a key, on the sides where it is one.
pub struct Name {
    pub key: String,
    pub text: String,
    pub output: bool,
    pub input: bool,
}

impl Name {
    /// Whether the key may be an answer in this direction.
    pub fn is_on(&self, direction: Direction) -> bool {
        match direction {
            Direction::Output => self.output,
            Direction::Input => self.input,
        }
    }
}

/// A term of several keys is a name of each.
pub fn of(knowledge: &Knowledge) -> Vec<Name> {
    let mut names = Vec::new();
    for donor in knowledge.donors() {
        let labels = [&donor.label.fr, &donor.label.en];
        for text in labels.into_iter().chain(&donor.synonyms) {
            names.push(Name {
                key: donor.key.as_str().to_owned(),
                text: text.clone(),
                output: true,
                input: false,
            });
        }
    }
    for resource in knowledge.resources() {
        let labels = [&resource.label.fr, &resource.label.en];
        let synonyms = resource.synonyms_fr.iter().chain(&resource.synonyms_en);
        for text in labels.into_iter().chain(synonyms) {
            names.push(Name {
                key: resource.key.as_str().to_owned(),
                text: text.clone(),
                output: may_leave(&resource.key, knowledge),
                input: true,
            });
        }
    }
    for term in knowledge.lexicon_terms() {
        for key in &term.keys {
            let (output, input) = match key {
                Identity::Donor(_) => (true, false),
                Identity::Resource(key) => (may_leave(key, knowledge), true),
                Identity::Unrecognised => continue,
            };
            names.push(Name {
                key: key.key().to_owned(),
                text: term.text.clone(),
                output: output && term.direction != Some(Direction::Input),
                input: input && term.direction != Some(Direction::Output),
            });
        }
    }
    names
}

/// An output is a waste, or what has no waste to stand for it: energy, water, gases, assets.
fn may_leave(key: &ResourceKey, knowledge: &Knowledge) -> bool {
    knowledge.resource(key).is_some_and(|resource| {
        resource.kind != Kind::Material || resource.key.as_str().starts_with("mat.gas")
    })
}
