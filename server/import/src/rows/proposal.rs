//! The mapping that is proposed when the columns cannot all be told apart.

use boucle_domain::id::Direction;
use boucle_domain::validate::Field;

use super::Headed;
use crate::layout::Content;
use crate::mapping::Mapping;
use crate::sheet::{Sheet, letters};

/// Stands where a person must say what is meant; read as it stands, it is refused.
const TO_SAY: &str = "?";

/// Characters of a heading by which its column is named; a longer one is text, not a heading.
const HEADING_CHARACTERS: usize = 200;

/// A column by its heading, else by its letters.
fn named(column: u32, heading: Option<&str>) -> String {
    match heading {
        Some(text) if text.chars().nth(HEADING_CHARACTERS).is_none() => text.to_owned(),
        _ => letters(column),
    }
}

/// What was understood of the first table that leaves something open.
pub(super) fn of(headed: &[Headed]) -> Option<Mapping> {
    let flows = |headed: &&Headed| headed.table.content == Content::Flows;
    let open = |headed: &&Headed| !headed.missing.is_empty() || !headed.table.contested.is_empty();
    let headed = headed
        .iter()
        .filter(flows)
        .find(open)
        .or_else(|| headed.iter().find(flows))?;
    let table = &headed.table;
    let heading = |column: u32| {
        let found = table.headings.iter().find(|(other, _)| *other == column);
        named(column, found.map(|(_, text)| text.as_str()))
    };
    let mut mapping = Mapping {
        heading_row: headed.sheet.rows.get(table.first).map(|row| row.number),
        ignored: table
            .unknown
            .iter()
            .map(|(at, text)| named(*at, Some(text)))
            .collect(),
        ..Mapping::default()
    };
    for column in &table.columns {
        mapping
            .columns
            .entry(column.field.code().to_owned())
            .or_insert_with(|| vec![heading(column.column)]);
        for (field, text) in &column.besides {
            if !table.has(*field) {
                mapping
                    .constants
                    .entry(field.code().to_owned())
                    .or_insert_with(|| text.clone());
            }
        }
    }
    for field in &headed.missing {
        let said = match field {
            Field::Period => "an",
            Field::Direction => match &table.hinted {
                Some((Direction::Output, _)) => "output",
                Some((Direction::Input, _)) => "input",
                None => TO_SAY,
            },
            _ => TO_SAY,
        };
        mapping
            .constants
            .insert(field.code().to_owned(), said.to_owned());
    }
    Some(mapping)
}

/// Nothing was understood: the columns of the widest of the first rows, for a person to say.
pub(super) fn of_nothing(sheets: &[Sheet]) -> Option<Mapping> {
    let row = sheets
        .iter()
        .filter(|sheet| !sheet.hidden)
        .flat_map(|sheet| sheet.rows.iter().take(20))
        .max_by_key(|row| (row.cells.len(), u32::MAX - row.number))?;
    let mut mapping = Mapping {
        heading_row: Some(row.number),
        ignored: row
            .cells
            .iter()
            .map(|(at, text)| named(*at, Some(text)))
            .collect(),
        ..Mapping::default()
    };
    for field in Field::REQUIRED {
        mapping
            .constants
            .insert(field.code().to_owned(), TO_SAY.to_owned());
    }
    Some(mapping)
}
