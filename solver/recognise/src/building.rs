//! The lexicon made from the tables: terms of each direction, by their words.

use std::collections::{BTreeMap, HashMap};

use boucle_domain::flow::Identity;
use boucle_domain::id::{Direction, ResourceKey};
use boucle_domain::knowledge::{Kind, Knowledge};
use boucle_domain::text::Text;

use crate::kinship::Kinship;
use crate::lexicon::{Key, Lexicon, Side, Term};
use crate::spelling::Spelling;
use crate::words::WordTable;

/// Rarest words weigh no more than this.
const HEAVIEST: f32 = 6.0;
/// Weight of a weak word beside its own.
const WEAK: f32 = 0.35;

/// What a term of one direction names so far.
struct Named {
    text: String,
    words: Vec<u32>,
    keys: Vec<u32>,
    trust: f32,
    form: bool,
    of_catalogue: bool,
}

/// The lexicon while its terms are gathered.
pub(crate) struct Building {
    table: WordTable,
    keys: Vec<Key>,
    key_numbers: HashMap<String, u32>,
    numbers: HashMap<String, u32>,
    words: Vec<String>,
    weak: Vec<bool>,
    container: Vec<bool>,
    named: [BTreeMap<String, Named>; 2],
    /// What is added now are the catalogue's own names.
    of_catalogue: bool,
}

impl Building {
    /// Every term of the catalogue, under its words.
    pub(crate) fn of(knowledge: &Knowledge) -> Building {
        let mut building = Building {
            table: WordTable::new(knowledge),
            keys: Vec::new(),
            key_numbers: HashMap::new(),
            numbers: HashMap::new(),
            words: Vec::new(),
            weak: Vec::new(),
            container: Vec::new(),
            named: [BTreeMap::new(), BTreeMap::new()],
            of_catalogue: true,
        };
        building.donors(knowledge);
        building.resources(knowledge);
        building.of_catalogue = false;
        building.terms(knowledge);
        building.needs_of_donors(knowledge);
        building
    }

    fn key(&mut self, identity: Identity, label: Text) -> u32 {
        let text = identity.key().to_owned();
        let next = self.keys.len() as u32;
        let number = *self.key_numbers.entry(text).or_insert(next);
        if number == next {
            self.keys.push(Key { identity, label });
        }
        number
    }

    fn donors(&mut self, knowledge: &Knowledge) {
        for donor in knowledge.donors() {
            let key = self.key(Identity::Donor(donor.key.clone()), donor.label.clone());
            let label = [donor.label.fr.as_str(), donor.label.en.as_str()];
            for text in label
                .into_iter()
                .chain(donor.synonyms.iter().map(String::as_str))
            {
                self.term(0, text, &[key], 1.0);
            }
        }
    }

    fn resources(&mut self, knowledge: &Knowledge) {
        for resource in knowledge.resources() {
            self.key(
                Identity::Resource(resource.key.clone()),
                resource.label.clone(),
            );
        }
        for resource in knowledge.resources() {
            let keys = self.parts(&resource.key, knowledge);
            let labels = [resource.label.fr.clone(), resource.label.en.clone()];
            let names = labels
                .into_iter()
                .chain(resource.synonyms_fr.iter().cloned())
                .chain(resource.synonyms_en.iter().cloned());
            let trust = as_output(&resource.key, resource.kind, knowledge);
            for text in names {
                self.term(1, &text, &keys, 1.0);
                if let Some(trust) = trust {
                    self.term(0, &text, &keys, trust);
                }
            }
        }
    }

    /// The resource, or, of one too wide to be an answer, what lies right under it.
    fn parts(&self, key: &ResourceKey, knowledge: &Knowledge) -> Vec<u32> {
        let number = |key: &ResourceKey| self.key_numbers.get(key.as_str()).copied();
        if !is_family(key, knowledge) {
            return number(key).into_iter().collect();
        }
        knowledge
            .resources()
            .iter()
            .filter(|other| other.parent.as_ref() == Some(key))
            .filter_map(|other| number(&other.key))
            .collect()
    }

    fn terms(&mut self, knowledge: &Knowledge) {
        for term in knowledge.lexicon_terms() {
            let keys: Vec<u32> = term
                .keys
                .iter()
                .filter_map(|identity| self.key_numbers.get(identity.key()).copied())
                .collect();
            if term.keys.len() > 1 {
                if term.direction != Some(Direction::Input) {
                    self.formed(0, &term.text, &keys, 1.0, term.form);
                }
                if term.direction != Some(Direction::Output) {
                    self.formed(1, &term.text, &keys, 1.0, term.form);
                }
                continue;
            }
            match term.keys.first() {
                Some(Identity::Donor(_)) => self.term(0, &term.text, &keys, 1.0),
                Some(Identity::Resource(key)) => {
                    let keys = self.parts(key, knowledge);
                    self.term(1, &term.text, &keys, 1.0);
                    let kind = knowledge.resource(key).map(|resource| resource.kind);
                    let trust = kind.and_then(|kind| as_output(key, kind, knowledge));
                    if let Some(trust) = trust {
                        self.term(0, &term.text, &keys, trust);
                    }
                }
                _ => {}
            }
        }
    }

    /// A need named by the word of a waste: what the rules make of that waste.
    fn needs_of_donors(&mut self, knowledge: &Knowledge) {
        let mut needs: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for donor in knowledge.donors() {
            let Some(&number) = self.key_numbers.get(donor.key.as_str()) else {
                continue;
            };
            for rule in knowledge.rules_of_donor(&donor.key) {
                if let Some(&need) = self.key_numbers.get(rule.need.as_str()) {
                    let list = needs.entry(number).or_default();
                    if !list.contains(&need) {
                        list.push(need);
                    }
                }
            }
        }
        let borrowed: Vec<(String, Vec<u32>)> = self.named[0]
            .values()
            .filter(|named| named.keys.len() == 1)
            .filter_map(|named| {
                let needs = needs.get(named.keys.first()?)?;
                Some((named.text.clone(), needs.iter().copied().take(6).collect()))
            })
            .collect();
        for (text, needs) in borrowed {
            let words = self.numbered(&text);
            let id = signature(&words);
            if !words.is_empty() && !self.named[1].contains_key(&id) {
                self.term(1, &text, &needs, BORROWED);
            }
        }
    }

    /// Adds a term; several keys under the same words make it ambiguous.
    fn term(&mut self, side: usize, text: &str, keys: &[u32], trust: f32) {
        self.formed(side, text, keys, trust, false);
    }

    fn formed(&mut self, side: usize, text: &str, keys: &[u32], trust: f32, form: bool) {
        let words = self.numbered(text);
        let weak = |&word: &u32| self.weak.get(word as usize).copied().unwrap_or(false);
        // Words that say little name nothing, however many.
        if words.iter().all(weak) {
            return;
        }
        let id = signature(&words);
        match self.named[side].get_mut(&id) {
            None => {
                let named = Named {
                    text: text.to_owned(),
                    words,
                    keys: keys.to_vec(),
                    trust,
                    form,
                    of_catalogue: self.of_catalogue,
                };
                self.named[side].insert(id, named);
            }
            // What is trusted more speaks alone; equals make a question.
            Some(known) if trust > known.trust => {
                known.text = text.to_owned();
                known.keys = keys.to_vec();
                known.trust = trust;
            }
            Some(known) if trust == known.trust => {
                for key in keys {
                    if !known.keys.contains(key) {
                        known.keys.push(*key);
                    }
                }
            }
            Some(_) => {}
        }
    }

    fn numbered(&mut self, text: &str) -> Vec<u32> {
        let cut = self.table.cut(text);
        let mut numbers = Vec::new();
        for word in cut.words {
            let next = self.words.len() as u32;
            let number = *self.numbers.entry(word.stem.clone()).or_insert(next);
            if number == next {
                self.words.push(word.stem);
                self.weak.push(word.weak);
                self.container.push(word.container);
            }
            numbers.push(number);
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// The lexicon, its words weighed.
    pub(crate) fn finished(self) -> Lexicon {
        let Building {
            table,
            keys,
            key_numbers,
            numbers,
            words,
            weak,
            container,
            named,
            of_catalogue: _,
        } = self;
        let mut frequency = vec![0_u32; words.len()];
        let [output, input] = named.map(|named| side(named, &weak, &container, &mut frequency));
        let spelling = Spelling::new(
            words
                .iter()
                .enumerate()
                .map(|(at, word)| (at as u32, word.as_str())),
        );
        Lexicon {
            table,
            keys,
            key_numbers,
            numbers,
            words,
            frequency,
            spelling,
            output,
            input,
        }
    }
}

/// Trust in the name of a waste when a need bears it.
const BORROWED: f32 = 0.86;
/// Trust in the name of a product when an output bears it: a waste of it is likelier.
const PRODUCT_AS_OUTPUT: f32 = 0.88;

fn signature(words: &[u32]) -> String {
    let texts: Vec<String> = words.iter().map(u32::to_string).collect();
    texts.join("-")
}

fn side(
    named: BTreeMap<String, Named>,
    weak: &[bool],
    container: &[bool],
    frequency: &mut [u32],
) -> Side {
    let mut counts = vec![0_u32; weak.len()];
    for term in named.values() {
        for &word in &term.words {
            counts[word as usize] += 1;
            frequency[word as usize] += 1;
        }
    }
    let total = named.len().max(1) as f32;
    let weights: Vec<f32> = counts
        .iter()
        .zip(weak)
        .map(|(&count, &weak)| {
            if count == 0 {
                return 0.0;
            }
            let weight = (1.0 + total / count as f32).ln().clamp(1.0, HEAVIEST);
            if weak { weight * WEAK } else { weight }
        })
        .collect();
    let mut side = Side {
        by_word: vec![Vec::new(); weak.len()],
        weights,
        weak: weak.to_vec(),
        ..Side::default()
    };
    for named in named.into_values() {
        let at = side.terms.len() as u32;
        for &word in &named.words {
            side.by_word[word as usize].push(at);
        }
        let weight = named.words.iter().map(|&word| side.weight(word)).sum();
        let of_matter = named.words.iter().filter(|&&word| !side.is_weak(word));
        let core = of_matter.map(|&word| side.weight(word)).sum();
        let packaging = named.words.iter().all(|&word| {
            container.get(word as usize).copied().unwrap_or(false) || side.is_weak(word)
        });
        side.terms.push(Term {
            text: named.text,
            words: named.words,
            keys: named.keys,
            trust: named.trust,
            weight,
            core,
            packaging,
            form: named.form,
            of_catalogue: named.of_catalogue,
        });
    }
    side.kinship = Kinship::new(&side.terms, &side.by_word);
    side
}

/// A resource too wide to be an answer: which of its parts is a question.
fn is_family(key: &ResourceKey, knowledge: &Knowledge) -> bool {
    let text = key.as_str();
    let near_root = text.matches('.').count() <= 1;
    let wide = matches!(
        text,
        "mat.mineral.aggregate" | "en.heat.steam" | "mat.bio.feed"
    );
    let answers = matches!(
        text,
        "equip" | "service" | "water.industrial" | "water.effluent" | "en.elec" | "mat.carbon"
    );
    (wide || near_root && !answers)
        && knowledge
            .resources()
            .iter()
            .any(|other| other.parent.as_ref() == Some(key))
}

/// How far the name of a resource is trusted on an output; `None`: it is only ever a need.
fn as_output(key: &ResourceKey, kind: Kind, knowledge: &Knowledge) -> Option<f32> {
    let text = key.as_str();
    let goods =
        text.starts_with("en.fuel") || text.starts_with("equip") || text.starts_with("pack");
    match kind {
        Kind::Water => Some(0.97),
        Kind::Energy if goods => Some(PRODUCT_AS_OUTPUT),
        Kind::Energy => Some(1.0),
        Kind::Asset if goods => Some(PRODUCT_AS_OUTPUT).filter(|_| text.starts_with("equip")),
        Kind::Asset => Some(1.0),
        Kind::Material if text.starts_with("mat.gas") => Some(1.0),
        Kind::Material => knowledge
            .rules_of_resource(key)
            .next()
            .map(|_| PRODUCT_AS_OUTPUT),
    }
}
