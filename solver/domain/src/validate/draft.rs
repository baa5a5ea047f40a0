//! The words of one row, by field.

use std::collections::BTreeMap;

use super::field::{Field, Group};

/// What was written, field by field; a field that is absent is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    words: BTreeMap<Field, String>,
    decimal: Option<char>,
}

impl Draft {
    /// A draft with nothing written.
    pub fn new() -> Draft {
        Draft::default()
    }

    /// Writes a field; blanks around the text are dropped, and blank text erases the field.
    pub fn set(&mut self, field: Field, text: impl AsRef<str>) {
        let text = text.as_ref().trim();
        if text.is_empty() {
            self.words.remove(&field);
        } else {
            self.words.insert(field, text.to_owned());
        }
    }

    /// Says which mark is the decimal one, where the other numbers of the same column tell it.
    pub fn set_decimal(&mut self, mark: Option<char>) {
        self.decimal = mark;
    }

    /// The decimal mark, where it is known.
    pub fn decimal(&self) -> Option<char> {
        self.decimal
    }

    /// The same draft with one more field.
    pub fn with(mut self, field: Field, text: impl AsRef<str>) -> Draft {
        self.set(field, text);
        self
    }

    /// What a field says; empty when nothing.
    pub fn get(&self, field: Field) -> &str {
        self.words.get(&field).map_or("", String::as_str)
    }

    /// Whether anything is written in a field.
    pub fn has(&self, field: Field) -> bool {
        self.words.contains_key(&field)
    }

    /// Whether nothing at all is written.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether any field of a group is written.
    pub fn speaks_of(&self, group: Group) -> bool {
        self.words.keys().any(|field| field.group() == group)
    }

    /// The written fields, in the order of the template.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        self.words
            .iter()
            .map(|(&field, text)| (field, text.as_str()))
    }
}

impl FromIterator<(Field, String)> for Draft {
    fn from_iter<I: IntoIterator<Item = (Field, String)>>(fields: I) -> Draft {
        let mut draft = Draft::new();
        for (field, text) in fields {
            draft.set(field, text);
        }
        draft
    }
}
