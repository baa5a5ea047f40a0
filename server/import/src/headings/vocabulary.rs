//! The words of `data/headings.csv`, compared folded, and what they mean.

use std::collections::HashMap;
use std::sync::OnceLock;

use boucle_domain::id::{Direction, normalised};
use boucle_domain::text::Language;
use boucle_domain::validate::Field;

use super::{Meaning, Role};

/// Words that do not count in a heading.
const SMALL: [&str; 12] = [
    "de", "du", "des", "d", "la", "le", "les", "l", "en", "of", "the", "s",
];

/// A heading reduced to the words that count: lower case, no accents, no plural.
pub(crate) fn folded_words(text: &str) -> Vec<String> {
    let text = text
        .replace('³', "3")
        .replace('²', "2")
        .replace('€', " eur ");
    normalised(&text)
        .split('-')
        .filter(|word| !word.is_empty() && !SMALL.contains(word))
        .map(|word| {
            let singular = word.strip_suffix(['s', 'x']).filter(|rest| rest.len() > 3);
            singular.unwrap_or(word).to_owned()
        })
        .collect()
}

type Key = (String, &'static str);

/// The vocabulary: folded heading and the group it stands under, to its meaning.
fn vocabulary() -> &'static HashMap<Key, Meaning> {
    static VOCABULARY: OnceLock<HashMap<Key, Meaning>> = OnceLock::new();
    VOCABULARY.get_or_init(|| {
        let mut known = HashMap::new();
        for &field in Field::ALL {
            for name in [
                field.code(),
                field.heading(Language::Fr),
                field.heading(Language::En),
            ] {
                let key = (folded_words(name).join(" "), "");
                known.insert(key, Meaning::of(Role::Field(field)));
            }
        }
        let mut table =
            ::csv::Reader::from_reader(include_bytes!("../../data/headings.csv").as_slice());
        for row in table.records().flatten() {
            let cell = |at: usize| row.get(at).unwrap_or_default();
            let mut roles = cell(1).split('|').filter_map(role);
            let (Some(first), otherwise) = (roles.next(), roles.next()) else {
                continue;
            };
            let text = |at: usize| (!cell(at).is_empty()).then(|| cell(at).to_owned());
            let meaning = Meaning {
                otherwise,
                direction: match cell(2) {
                    "output" => Some(Direction::Output),
                    "input" => Some(Direction::Input),
                    _ => None,
                },
                unit: text(3),
                period: text(4),
                weak: !cell(6).is_empty(),
                ..Meaning::of(first)
            };
            let group = GROUPS
                .iter()
                .find(|(name, _)| *name == cell(5))
                .map_or("", |(name, _)| name);
            let key = (folded_words(cell(0)).join(" "), group);
            // A site may stand for the firm, the template's own heading included.
            if first == Role::Field(Field::Site) {
                known.insert(key, meaning);
            } else {
                known.entry(key).or_insert(meaning);
            }
        }
        known
    })
}

/// The groups that joined headings make, and the field that tells them.
pub(super) const GROUPS: [(&str, Option<Field>); 6] = [
    ("firm", Some(Field::Firm)),
    ("site", Some(Field::Site)),
    ("quantity", Some(Field::Quantity)),
    ("counterpart", Some(Field::Counterpart)),
    ("price", Some(Field::Price)),
    ("waste", None),
];

fn role(code: &str) -> Option<Role> {
    match code {
        "frequency" => Some(Role::Frequency),
        "none" => Some(Role::Known),
        "contact" => Some(Role::Contact),
        code => Field::from_code(code).map(Role::Field),
    }
}

/// What these words mean below a joined heading of a group.
pub(super) fn look_up(words: &[String], group: &'static str) -> Option<Meaning> {
    if words.is_empty() {
        return None;
    }
    vocabulary().get(&(words.join(" "), group)).cloned()
}
