//! Settling which field each column gives, when several headings could mean one.

use std::collections::BTreeSet;

use boucle_domain::id::Direction;
use boucle_domain::validate::Field;

use super::blocks::blocks;
use super::sample::{Sample, is_activity, is_direction, is_measure, is_waste_code};
use super::{Column, Content, Head, Table, Use};
use crate::headings::{Meaning, Role, meaning_under};
use crate::mapping::Mapping;

/// The table of settled heads.
pub(super) fn assigned(
    mut heads: Vec<Head>,
    content: Content,
    first: usize,
    below: usize,
    sample: &Sample,
    mapping: Option<&Mapping>,
) -> Table {
    years(&mut heads);
    settle_doubtful(&mut heads, sample, mapping);
    let (blocks, block_of, uses) = blocks(&mut heads, sample);
    let mut table = Table {
        content,
        first,
        below,
        columns: Vec::new(),
        blocks,
        numbered: Vec::new(),
        frequency: None,
        hinted: hinted(&heads),
        unknown: Vec::new(),
        repeated: Vec::new(),
        contested: Vec::new(),
        headings: heads
            .iter()
            .filter(|head| !head.text.is_empty())
            .map(|head| (head.column, head.text.clone()))
            .collect(),
        last: heads.iter().map(|head| head.column).max().unwrap_or(0),
    };
    let latest = heads
        .iter()
        .filter_map(|head| head.meaning.as_ref())
        .filter(|meaning| meaning.field() == Some(Field::Quantity))
        .filter_map(|meaning| meaning.year)
        .max();
    for (at, head) in heads.iter().enumerate() {
        for (field, joined) in &head.mapped {
            table.columns.push(Column {
                column: head.column,
                field: *field,
                block: None,
                used: if *joined { Use::Joined } else { Use::First },
                besides: Vec::new(),
            });
        }
        let Some(meaning) = &head.meaning else {
            table.unknown.push((head.column, head.text.clone()));
            continue;
        };
        let Some(field) = meaning.field() else {
            if meaning.role == Role::Frequency {
                table.frequency = table.frequency.or(Some(head.column));
            }
            continue;
        };
        let of_older_year =
            field == Field::Quantity && meaning.year.is_some() && meaning.year < latest;
        let block = block_of[at];
        let claimed = |columns: &[Column]| {
            columns
                .iter()
                .find(|column| {
                    column.field == field
                        && (column.block.is_none() || block.is_none() || column.block == block)
                })
                .map(|column| column.column)
        };
        if of_older_year {
            table.repeated.push((head.column, head.text.clone()));
            continue;
        }
        if let Some(other) = claimed(&table.columns) {
            table.repeated.push((head.column, head.text.clone()));
            if meaning.weak {
                continue;
            }
            let of_other = heads.iter().find(|head| head.column == other);
            let other_unit = of_other.and_then(|head| head.meaning.as_ref()?.unit.as_ref());
            if field != Field::Comment
                && (field != Field::Quantity || other_unit == meaning.unit.as_ref())
            {
                table.contested.push((field, other, head.column));
            }
        }
        table.columns.push(Column {
            column: head.column,
            field,
            block,
            used: uses[at],
            besides: besides(field, meaning),
        });
    }
    // Comments stand in several columns, and none is lost.
    let comments = table
        .columns
        .iter()
        .filter(|column| column.field == Field::Comment)
        .count();
    if comments > 1 {
        for column in table
            .columns
            .iter_mut()
            .filter(|column| column.field == Field::Comment)
        {
            column.used = Use::Joined;
        }
        let joined: BTreeSet<u32> = table
            .columns
            .iter()
            .filter(|column| column.field == Field::Comment)
            .map(|column| column.column)
            .collect();
        table
            .repeated
            .retain(|(column, _)| !joined.contains(column));
    }
    table
}

/// Bare years as headings are quantities of those years, where nothing else is a quantity.
fn years(heads: &mut [Head]) {
    let counted = |head: &Head| {
        let field = head.meaning.as_ref().and_then(Meaning::field);
        let mapped = head
            .mapped
            .iter()
            .any(|(field, _)| *field == Field::Quantity);
        mapped || matches!(field, Some(Field::Quantity | Field::QuantityLow))
    };
    if heads.iter().any(counted) {
        return;
    }
    for head in heads.iter_mut().filter(|head| head.meaning.is_none()) {
        head.meaning =
            meaning_under("Quantité", &head.text).filter(|meaning| meaning.year.is_some());
    }
}

/// What the heading of a column gives besides its cells.
fn besides(field: Field, meaning: &Meaning) -> Vec<(Field, String)> {
    let mut besides = Vec::new();
    let mut add = |field, text: &Option<String>| {
        if let Some(text) = text {
            besides.push((field, text.clone()));
        }
    };
    match field {
        Field::Quantity | Field::QuantityLow | Field::QuantityHigh => {
            add(Field::Unit, &meaning.unit);
            add(Field::Period, &meaning.period);
            add(
                Field::SourceYear,
                &meaning.year.map(|year| year.to_string()),
            );
        }
        // `Unité/an`: its cells give the unit, and it the period.
        Field::Unit => add(Field::Period, &meaning.period),
        Field::Price => add(Field::PriceUnit, &meaning.unit),
        _ => {}
    }
    besides
}

/// Headings that may mean one thing or another: by what stands under them, and what is taken.
fn settle_doubtful(heads: &mut [Head], sample: &Sample, mapping: Option<&Mapping>) {
    let sure = |heads: &[Head], field: Field| {
        heads.iter().any(|head| {
            head.mapped.iter().any(|(mapped, _)| *mapped == field)
                || head.meaning.as_ref().is_some_and(|meaning| {
                    meaning.field() == Some(field) && meaning.otherwise.is_none()
                })
        }) || mapping.is_some_and(|mapping| mapping.constants.contains_key(field.code()))
    };
    for weak in [false, true] {
        for at in 0..heads.len() {
            let Some(meaning) = heads[at].meaning.clone() else {
                continue;
            };
            let (Some(first), Some(second)) = (meaning.field(), meaning.otherwise) else {
                continue;
            };
            if meaning.weak != weak {
                continue;
            }
            let column = heads[at].column;
            let empty = !sample.holds(column);
            let first_fits = match first {
                Field::Direction => empty || sample.mostly(column, is_direction),
                Field::WasteCode => sample.mostly(column, is_waste_code),
                Field::Quantity => empty || sample.mostly(column, is_measure),
                Field::Activity => sample.mostly(column, is_activity),
                // A site without a firm is the firm.
                Field::Site => sure(heads, Field::Firm) || sure(heads, Field::FirmId),
                _ => true,
            };
            let second_free = match second {
                Role::Field(field) => !sure(heads, field),
                _ => true,
            };
            let role = if first_fits && !sure(heads, first) {
                Role::Field(first)
            } else if second_free {
                second
            } else {
                Role::Known
            };
            if let Some(meaning) = &mut heads[at].meaning {
                meaning.role = role;
                meaning.otherwise = None;
            }
        }
    }
}

/// The way that the headings hint at without saying it: an outlet, a supplier, a waste.
fn hinted(heads: &[Head]) -> Option<(Direction, String)> {
    let hints: Vec<(Direction, &String)> = heads
        .iter()
        .filter_map(|head| {
            let meaning = head.meaning.as_ref()?;
            let way = match meaning.field()? {
                Field::WasteCode => Some(Direction::Output),
                _ => meaning.direction,
            };
            Some((way?, &head.text))
        })
        .collect();
    let (way, heading) = *hints.first()?;
    hints
        .iter()
        .all(|(other, _)| *other == way)
        .then(|| (way, heading.clone()))
}
