//! Settling which field each column gives, when several headings could mean one.

use std::collections::BTreeSet;

use boucle_domain::id::Direction;
use boucle_domain::units::written::read_measure;
use boucle_domain::validate::{Field, word_list};

use super::{Block, Column, Content, Head, Table, Use};
use crate::headings::{Meaning, Role, meaning_under};
use crate::mapping::Mapping;
use crate::sheet::SheetRow;

/// Rows whose cells are looked at to tell what a column holds.
const ROWS_SAMPLED: usize = 60;

/// Some of the cells below the headings.
pub(super) struct Sample<'s> {
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
    fn mostly(&self, column: u32, such: impl Fn(&str) -> bool) -> bool {
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

fn is_direction(text: &str) -> bool {
    word_list(Field::Direction).is_some_and(|list| list.code(text).is_some())
}

fn is_cross(text: &str) -> bool {
    let yes = word_list(Field::Hazardous).is_some_and(|list| list.code(text).is_some());
    yes || ["✓", "✔", "•", "☑"].contains(&text)
}

fn is_waste_code(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let other = text.chars().any(char::is_alphabetic);
    (5..=6).contains(&digits) && !other
}

fn is_measure(text: &str) -> bool {
    read_measure(text).is_ok()
}

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

/// The blocks of the table, the block of each head, and how it is used.
fn blocks(heads: &mut [Head], sample: &Sample) -> (Vec<Block>, Vec<Option<usize>>, Vec<Use>) {
    let mut of = vec![None; heads.len()];
    let mut uses = vec![Use::First; heads.len()];
    // Joined headings that speak of a way: one block each.
    let mut groups: Vec<(u32, Direction)> = Vec::new();
    for head in heads.iter() {
        if let Some((first, Some(way))) = head.group
            && !groups.iter().any(|(other, _)| *other == first)
        {
            groups.push((first, way));
        }
    }
    // Only what names or counts flows is a block: an outlet speaks of a way, and belongs to all.
    groups.retain(|(first, _)| {
        heads.iter().any(|head| {
            let counts = head.meaning.as_ref().and_then(Meaning::field);
            head.group.is_some_and(|(other, _)| other == *first)
                && matches!(counts, Some(Field::Name | Field::Quantity))
        })
    });
    if let [(_, way)] = groups[..] {
        let block = Block {
            direction: Some(way),
        };
        return (vec![block], of, uses);
    }
    if !groups.is_empty() {
        let only = |way: Direction| {
            let mut of_way = (0..groups.len()).filter(|&at| groups[at].1 == way);
            of_way.next().filter(|_| of_way.next().is_none())
        };
        for (at, head) in heads.iter().enumerate() {
            let own = head
                .group
                .and_then(|(first, _)| groups.iter().position(|(other, _)| *other == first));
            // An outlet concerns what leaves, a supplier what enters.
            let said = head.meaning.as_ref().and_then(|meaning| meaning.direction);
            let way = head.group.and_then(|(_, way)| way).or(said);
            of[at] = own.or_else(|| way.and_then(only));
        }
        let blocks = groups.iter().map(|(_, way)| Block {
            direction: Some(*way),
        });
        return (blocks.collect(), of, uses);
    }
    let is_name = |head: &Head| {
        head.meaning
            .as_ref()
            .is_some_and(|meaning| meaning.field() == Some(Field::Name))
    };
    let way = |head: &Head| head.meaning.as_ref().and_then(|meaning| meaning.direction);
    let directed: Vec<usize> = (0..heads.len())
        .filter(|&at| is_name(&heads[at]) && way(&heads[at]).is_some())
        .collect();
    let plain = heads
        .iter()
        .any(|head| is_name(head) && way(head).is_none());
    let ways: BTreeSet<Option<Direction>> = directed.iter().map(|&at| way(&heads[at])).collect();
    if ways.len() < 2 {
        return (vec![Block::default()], of, uses);
    }
    let mut blocks = Vec::new();
    if plain {
        // `Désignation | Entrant | Sortant`: crosses, or a quantity for each way.
        for &at in &directed {
            let column = heads[at].column;
            let crosses = sample.mostly(column, is_cross)
                && !sample.mostly(column, |text| text.len() > 1 && is_measure(text));
            let measures = sample.mostly(column, is_measure);
            if !crosses && !measures && sample.holds(column) {
                continue;
            }
            of[at] = Some(blocks.len());
            blocks.push(Block {
                direction: way(&heads[at]),
            });
            uses[at] = if crosses { Use::Mark } else { Use::First };
            if let Some(meaning) = &mut heads[at].meaning {
                meaning.role = Role::Field(if crosses {
                    Field::Direction
                } else {
                    Field::Quantity
                });
            }
        }
        if blocks.is_empty() {
            blocks.push(Block::default());
        }
        return (blocks, of, uses);
    }
    // `Flux entrants | Quantité | Flux sortants | Quantité`: a block from each name to the next.
    for (number, &at) in directed.iter().enumerate() {
        let until = directed.get(number + 1).copied().unwrap_or(heads.len());
        for place in of.iter_mut().take(until).skip(at) {
            *place = Some(number);
        }
        blocks.push(Block {
            direction: way(&heads[at]),
        });
    }
    (blocks, of, uses)
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
