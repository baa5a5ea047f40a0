//! What stands below the headings: some of the cells, and what kind of thing they are.

use boucle_domain::units::written::read_measure;
use boucle_domain::validate::{Field, word_list};

use crate::sheet::SheetRow;

/// Rows whose cells are looked at to tell what a column holds.
const ROWS_SAMPLED: usize = 60;

/// Some of the cells below the headings.
pub(in crate::layout) struct Sample<'s> {
    rows: &'s [SheetRow],
}

impl<'s> Sample<'s> {
    /// The first rows below the headings.
    pub fn of(rows: &'s [SheetRow], below: usize) -> Sample<'s> {
        let rows = rows.get(below..).unwrap_or_default();
        Sample {
            rows: &rows[..rows.len().min(ROWS_SAMPLED)],
        }
    }

    /// Whether a column holds anything.
    pub fn holds(&self, column: u32) -> bool {
        self.rows.iter().any(|row| !row.text(column).is_empty())
    }

    /// Whether at least half of the filled cells of a column are such.
    pub fn mostly(&self, column: u32, such: impl Fn(&str) -> bool) -> bool {
        let cells = || {
            self.rows
                .iter()
                .map(|row| row.text(column))
                .filter(|text| !text.is_empty())
        };
        let (filled, found) = (cells().count(), cells().filter(|text| such(text)).count());
        filled > 0 && found * 2 >= filled
    }
}

pub(super) fn is_direction(text: &str) -> bool {
    word_list(Field::Direction).is_some_and(|list| list.code(text).is_some())
}

pub(super) fn is_cross(text: &str) -> bool {
    let yes = word_list(Field::Hazardous).is_some_and(|list| list.code(text).is_some());
    yes || ["✓", "✔", "•", "☑"].contains(&text)
}

pub(super) fn is_waste_code(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let other = text.chars().any(char::is_alphabetic);
    (5..=6).contains(&digits) && !other
}

/// `1623Z`, `16.23`, `C16.23`: a class or sub-class of activities.
pub(super) fn is_activity(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    (3..=4).contains(&digits) && letters <= 2 && text.chars().count() <= digits + letters + 2
}

pub(super) fn is_measure(text: &str) -> bool {
    read_measure(text).is_ok()
}
