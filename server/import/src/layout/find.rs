//! Finding the row, or the two rows, of headings.

use std::collections::BTreeSet;

use boucle_domain::id::normalised;
use boucle_domain::validate::{Field, Group};

use super::assign::assigned;
use super::sample::Sample;
use super::{Content, Head, Table, declares};
use crate::columns::AGREEMENT_COLUMNS;
use crate::headings::{Meaning, Role, direction_of, meaning, meaning_under};
use crate::mapping::Mapping;
use crate::sheet::{Sheet, SheetRow, column_of_letters};

/// Fewest headings by which a row is taken for the row of headings.
const FEWEST_HEADINGS: usize = 2;
/// Rows in which headings are looked for.
const ROWS_LOOKED_AT: usize = 60;

/// Stands for the number of the row among the columns of a mapping.
const ROW_NUMBER: &str = "#";

/// The table of a sheet, looked for from a row on.
pub(crate) fn find(sheet: &Sheet, from: usize) -> Option<Table> {
    let mut best: Option<(usize, usize, usize, Content, Vec<Head>)> = None;
    let until = sheet.rows.len().min(from + ROWS_LOOKED_AT);
    for at in from..until {
        for (lines, content, heads) in readings(sheet, at) {
            let Some(content) = declares(&heads, content) else {
                continue;
            };
            let score = known(&heads);
            let enough = score >= FEWEST_HEADINGS;
            // Of equal readings of one row, the one that takes in the line below.
            let better = |(most, row, ..): &(usize, usize, usize, Content, Vec<Head>)| {
                score > *most || (score == *most && lines == 2 && *row == at)
            };
            if enough && best.as_ref().is_none_or(better) {
                best = Some((score, at, lines, content, heads));
            }
        }
    }
    let (_, at, mut lines, content, mut heads) = best?;
    if let Some(units) = sheet.rows.get(at + lines).filter(|row| is_units(row)) {
        take_units(&mut heads, units);
        lines += 1;
    }
    let sample = Sample::of(&sheet.rows, at + lines);
    Some(assigned(heads, content, at, at + lines, &sample, None))
}

/// The table that a mapping describes.
pub(crate) fn mapped(sheet: &Sheet, mapping: &Mapping) -> Option<Table> {
    let named: Vec<&String> = mapping.columns.values().flatten().collect();
    let at = match mapping.heading_row {
        Some(0) => None,
        Some(number) => Some(sheet.rows.iter().position(|row| row.number == number)?),
        None => {
            let found = |row: &SheetRow| {
                let texts: BTreeSet<String> =
                    row.cells.iter().map(|(_, text)| normalised(text)).collect();
                named
                    .iter()
                    .filter(|name| texts.contains(&normalised(name)))
                    .count()
            };
            let rows = sheet.rows.iter().take(ROWS_LOOKED_AT).enumerate();
            let best = rows.max_by_key(|(at, row)| (found(row), usize::MAX - at));
            match best {
                Some((at, row)) if found(row) > 0 => Some(at),
                _ => find(sheet, 0).map(|table| table.first),
            }
        }
    };
    let below = at.map_or(0, |at| at + 1);
    let empty = SheetRow::default();
    let row = at.map_or(&empty, |at| &sheet.rows[at]);
    let mut heads = single(row, Content::Flows);
    let sample = Sample::of(&sheet.rows, below);
    let mut found_any = false;
    let mut numbered = Vec::new();
    for (code, columns) in &mapping.columns {
        let Some(field) = Field::from_code(code) else {
            continue;
        };
        for wanted in columns {
            if wanted.trim() == ROW_NUMBER {
                numbered.push(field);
                found_any = true;
                continue;
            }
            let key = normalised(wanted);
            let by_name = row.cells.iter().find(|(_, text)| normalised(text) == key);
            let column = by_name
                .map(|(column, _)| *column)
                .or_else(|| column_of_letters(wanted.trim()));
            let Some(column) = column else { continue };
            found_any |= by_name.is_some() || sample.holds(column);
            let at = match heads.iter().position(|head| head.column == column) {
                Some(at) => at,
                None => {
                    heads.push(Head {
                        column,
                        text: String::new(),
                        meaning: None,
                        group: None,
                        mapped: Vec::new(),
                    });
                    heads.len() - 1
                }
            };
            heads[at].mapped.push((field, columns.len() > 1));
        }
    }
    if !found_any && !mapping.columns.is_empty() {
        return None;
    }
    heads.sort_by_key(|head| head.column);
    let ignored: BTreeSet<String> = mapping
        .ignored
        .iter()
        .map(|text| normalised(text))
        .collect();
    let given = |field: Field| {
        mapping.columns.contains_key(field.code()) || mapping.constants.contains_key(field.code())
    };
    for head in &mut heads {
        let field = head.meaning.as_ref().and_then(Meaning::field);
        if !head.mapped.is_empty()
            || ignored.contains(&normalised(&head.text))
            || field.is_some_and(given)
        {
            head.meaning = Some(silent());
        }
    }
    let at = at.unwrap_or(0);
    // A list of sites may be mapped as well: it speaks of no flow, neither by itself nor by the mapping.
    let of_flow = |field: Field| field.group() == Group::Flow;
    let mut given = mapping.columns.keys().chain(mapping.constants.keys());
    let speaks_of_flows = given.any(|code| Field::from_code(code).is_some_and(of_flow))
        || heads
            .iter()
            .filter_map(|head| head.meaning.as_ref())
            .filter_map(Meaning::field)
            .any(of_flow);
    let content = match speaks_of_flows {
        true => Content::Flows,
        false => Content::Sites,
    };
    let table = assigned(heads, content, at, below, &sample, Some(mapping));
    Some(Table { numbered, ..table })
}

/// The meaning of a heading that is known and not read.
fn silent() -> Meaning {
    Meaning {
        role: Role::Known,
        otherwise: None,
        direction: None,
        unit: None,
        period: None,
        year: None,
        weak: false,
    }
}

/// Whether a row below the headings could be headings again: no number, and several cells.
pub(crate) fn is_heading_like(row: &SheetRow) -> bool {
    row.cells.len() >= 3
        && row.cells.iter().all(|(_, text)| {
            !text.starts_with(|first: char| first.is_ascii_digit()) && text.len() < 80
        })
        && row
            .cells
            .iter()
            .filter(|(_, text)| meaning(text).is_some())
            .count()
            * 3
            >= row.cells.len() * 2
}

/// Distinct fields among the heads; an unknown heading among them counts for nothing.
fn known(heads: &[Head]) -> usize {
    let fields: BTreeSet<(Field, Option<u32>)> = heads
        .iter()
        .filter_map(|head| {
            let meaning = head.meaning.as_ref()?;
            let group = head
                .group
                .filter(|(_, way)| way.is_some())
                .map(|(first, _)| first);
            Some((meaning.field()?, group))
        })
        .collect();
    fields.len()
}

/// The ways to read headings at a row: alone, with the joined headings above, under short names.
fn readings(sheet: &Sheet, at: usize) -> Vec<(usize, Content, Vec<Head>)> {
    let row = &sheet.rows[at];
    if row.cells.len() < FEWEST_HEADINGS {
        return Vec::new();
    }
    let mut readings = vec![
        (1, Content::Flows, single(row, Content::Flows)),
        (1, Content::Agreements, single(row, Content::Agreements)),
    ];
    if let Some(below) = sheet.rows.get(at + 1)
        && below.number == row.number + 1
        && let Some(heads) = double(sheet, row, below)
    {
        readings.push((2, Content::Flows, heads));
    }
    readings
}

/// The heads of one row.
fn single(row: &SheetRow, content: Content) -> Vec<Head> {
    let heads = row.cells.iter().map(|(column, text)| Head {
        column: *column,
        text: text.clone(),
        meaning: match content {
            Content::Agreements => short(text).or_else(|| meaning(text)),
            _ => meaning(text),
        },
        group: None,
        mapped: Vec::new(),
    });
    heads.collect()
}

/// The field of a heading of the sheet of agreements.
fn short(heading: &str) -> Option<Meaning> {
    let heading = normalised(heading);
    let (field, ..) = AGREEMENT_COLUMNS.iter().find(|(_, code, fr, en)| {
        [code, fr, en]
            .into_iter()
            .any(|name| normalised(name) == heading)
    })?;
    Some(Meaning {
        role: Role::Field(*field),
        ..silent()
    })
}

/// The heads of two rows, joined headings over their own; `None` when the lower row is none.
fn double(sheet: &Sheet, upper: &SheetRow, lower: &SheetRow) -> Option<Vec<Head>> {
    let is_word = |text: &str| {
        let number = text.starts_with(|first: char| first.is_ascii_digit());
        text.chars().count() < 60 && (!number || is_year(text))
    };
    if !lower.cells.iter().all(|(_, text)| is_word(text)) {
        return None;
    }
    let spans = spans(sheet, upper, lower);
    let over = |column: u32| {
        spans
            .iter()
            .find(|(first, last, _)| (*first..=*last).contains(&column))
    };
    let mut heads = Vec::new();
    let mut grouped = 0;
    let mut recognised = 0;
    for (column, text) in &lower.cells {
        let group = over(*column).filter(|(first, last, _)| last > first);
        let beside = over(*column);
        let meaning = match (group.or(beside), text) {
            (Some((_, _, above)), text) => meaning_under(above, text),
            (None, text) => meaning(text),
        };
        grouped += usize::from(group.is_some());
        recognised += usize::from(meaning.is_some());
        heads.push(Head {
            column: *column,
            text: match group.or(beside) {
                Some((_, _, above)) => format!("{above} {text}"),
                None => text.clone(),
            },
            meaning,
            group: group.map(|(first, _, above)| (*first, direction_of(above))),
            mapped: Vec::new(),
        });
    }
    // The lower row must look like headings: most of it known, and something joined above or a unit.
    let units = lower
        .cells
        .iter()
        .filter(|(column, text)| {
            over(*column).is_some() && crate::headings::unit_of(text).is_some()
        })
        .count();
    if recognised * 3 < lower.cells.len() * 2 || (grouped == 0 && units == 0) {
        return None;
    }
    for (first, _, text) in &spans {
        if lower.text(*first).is_empty() && !heads.iter().any(|head| head.column == *first) {
            heads.push(Head {
                column: *first,
                text: text.clone(),
                meaning: meaning(text),
                group: None,
                mapped: Vec::new(),
            });
        }
    }
    heads.sort_by_key(|head| head.column);
    Some(heads)
}

/// What each heading of the upper row stands over: the cells joined with it, else the cells to its
/// right that are empty above and filled below.
fn spans(sheet: &Sheet, upper: &SheetRow, lower: &SheetRow) -> Vec<(u32, u32, String)> {
    let mut spans: Vec<(u32, u32, String)> = Vec::with_capacity(upper.cells.len());
    for (at, (column, text)) in upper.cells.iter().enumerate() {
        let merged = sheet
            .merged
            .iter()
            .find(|area| area.left == *column && (area.top..=area.bottom).contains(&upper.number));
        let last = match merged {
            Some(area) => area.right,
            None if sheet.merged.is_empty() => {
                let next = upper.cells.get(at + 1).map_or(u32::MAX, |(next, _)| *next);
                let mut last = *column;
                while last + 1 < next && !lower.text(last + 1).is_empty() {
                    last += 1;
                }
                last
            }
            None => *column,
        };
        spans.push((*column, last, text.clone()));
    }
    spans
}

/// Whether a row below the headings holds units and nothing else.
fn is_units(row: &SheetRow) -> bool {
    row.cells
        .iter()
        .all(|(_, text)| crate::headings::unit_of(text).is_some_and(|(unit, _)| unit.is_some()))
}

/// Gives the quantities their units of the line below the headings.
fn take_units(heads: &mut [Head], units: &SheetRow) {
    for head in heads {
        let said = crate::headings::unit_of(units.text(head.column));
        if let (Some(meaning), Some((unit, period))) = (&mut head.meaning, said)
            && meaning.field() == Some(Field::Quantity)
        {
            meaning.unit = unit.or(meaning.unit.take());
            meaning.period = period.or(meaning.period.take());
        }
    }
}

fn is_year(text: &str) -> bool {
    text.parse::<f64>()
        .is_ok_and(|year| (1990.0..=2100.0).contains(&year) && year.fract() == 0.0)
}
