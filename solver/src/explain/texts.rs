//! The words people read: one table, French and English, with named places for values.
//!
//! A template writes `{place}` where a value goes. French templates are typed with plain spaces;
//! the no-break spaces that French wants before `: ; ? !` and inside « » are put in when the table
//! is read, so values keep the spaces of whoever wrote them.

use std::collections::HashMap;
use std::sync::LazyLock;

use boucle_domain::text::Text;

const TABLE: &str = include_str!("texts.csv");

static TEXTS: LazyLock<HashMap<String, Text>> = LazyLock::new(|| read(TABLE).collect());

/// The text of `key` with its places filled.
///
/// Keys and places are checked by the tests: every key written in this package is a row, and every
/// row is used. Out of tests a place without a value stays as written.
pub(crate) fn say(key: &str, values: &[(&str, Text)]) -> Text {
    let Some(template) = TEXTS.get(key) else {
        #[cfg(test)]
        panic!("no text has the key {key}");
        #[cfg(not(test))]
        return same(key);
    };
    #[cfg(test)]
    {
        let mut given: Vec<&str> = values.iter().map(|(place, _)| *place).collect();
        given.sort_unstable();
        assert_eq!(places(&template.fr), given, "places of {key}");
    }
    Text::new(
        filled(&template.fr, values, |text| &text.fr),
        filled(&template.en, values, |text| &text.en),
    )
}

/// The text of `key`, which has no place for a value.
pub(crate) fn word(key: &str) -> Text {
    say(key, &[])
}

/// The same characters in both languages: a name, a code, the user's own words.
pub(crate) fn same(text: impl Into<String>) -> Text {
    let text = text.into();
    Text::new(text.clone(), text)
}

/// Sentences one after the other; empty ones are left out.
pub(crate) fn sentences(texts: &[Text]) -> Text {
    joined(texts, |texts| texts.join(" "))
}

/// `a, b et c`.
pub(crate) fn all_of(texts: &[Text]) -> Text {
    enumerated(texts, " et ", " and ")
}

/// `a, puis b, puis c`.
pub(crate) fn in_turn(texts: &[Text]) -> Text {
    Text::new(
        joined(texts, |texts| texts.join(", puis ")).fr,
        joined(texts, |texts| texts.join(", then ")).en,
    )
}

/// `a, b ou c`.
pub(crate) fn any_of(texts: &[Text]) -> Text {
    enumerated(texts, " ou ", " or ")
}

/// The text with a capital at its start.
pub(crate) fn capitalised(text: Text) -> Text {
    let up = |text: String| {
        let mut letters = text.chars();
        match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => text,
        }
    };
    Text::new(up(text.fr), up(text.en))
}

/// The text without the capital at its start, unless that capital belongs to an acronym.
pub(crate) fn uncapitalised(text: &Text) -> Text {
    let down = |text: &str| {
        let mut letters = text.chars();
        match (letters.next(), letters.clone().next()) {
            (Some(first), Some(second)) if second.is_lowercase() || second == '\'' => {
                first.to_lowercase().chain(letters).collect()
            }
            _ => text.to_owned(),
        }
    };
    Text::new(down(&text.fr), down(&text.en))
}

/// The text without a dot at its end, to go on the sentence.
pub(crate) fn undotted(text: &Text) -> Text {
    let bare = |text: &str| text.trim_end().trim_end_matches('.').to_owned();
    Text::new(bare(&text.fr), bare(&text.en))
}

fn enumerated(texts: &[Text], last_fr: &str, last_en: &str) -> Text {
    let list = |texts: &[&str], last: &str| match texts {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., end] => format!("{}{last}{end}", first.join(", ")),
    };
    let french: Vec<&str> = texts.iter().map(|text| text.fr.as_str()).collect();
    let english: Vec<&str> = texts.iter().map(|text| text.en.as_str()).collect();
    Text::new(list(&french, last_fr), list(&english, last_en))
}

fn joined(texts: &[Text], join: impl Fn(&[&str]) -> String) -> Text {
    let present = |of: fn(&Text) -> &str| -> Vec<&str> {
        texts
            .iter()
            .map(of)
            .filter(|text| !text.is_empty())
            .collect()
    };
    Text::new(
        join(&present(|text| &text.fr)),
        join(&present(|text| &text.en)),
    )
}

fn read(table: &str) -> impl Iterator<Item = (String, Text)> {
    csv::Reader::from_reader(table.as_bytes())
        .into_records()
        .filter_map(|record| {
            let record = record.ok()?;
            let text = Text::new(spaced(record.get(1)?), record.get(2)?);
            Some((record.get(0)?.to_owned(), text))
        })
}

/// French spacing: a thin no-break space before `; ? !`, a full one before `:` and inside « ».
fn spaced(template: &str) -> String {
    template
        .replace(" :", "\u{a0}:")
        .replace(" ;", "\u{202f};")
        .replace(" ?", "\u{202f}?")
        .replace(" !", "\u{202f}!")
        .replace("« ", "«\u{a0}")
        .replace(" »", "\u{a0}»")
}

/// One pass over the template, so that braces inside a value stay what they are.
fn filled<'t>(
    template: &str,
    values: &'t [(&str, Text)],
    side: impl Fn(&'t Text) -> &'t str,
) -> String {
    let mut text = String::with_capacity(template.len() + 40);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((place, tail)) = after.split_once('}') else {
            text.push('{');
            rest = after;
            continue;
        };
        match values.iter().find(|(name, _)| *name == place) {
            Some((_, value)) => text.push_str(side(value)),
            None => {
                text.push('{');
                text.push_str(place);
                text.push('}');
            }
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}

/// Names of the places of a template, sorted.
#[cfg(test)]
fn places(template: &str) -> Vec<&str> {
    let mut names: Vec<&str> = template
        .split('{')
        .skip(1)
        .filter_map(|piece| piece.split_once('}').map(|(name, _)| name))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests;
