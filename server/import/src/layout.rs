//! Where the table of a sheet stands, and which column is which: headings on one line or two, joined
//! headings, tables side by side.

mod assign;
mod blocks;
mod find;
mod sample;

use std::collections::BTreeMap;

use boucle_domain::id::Direction;
use boucle_domain::validate::{Field, Group};

use crate::headings::{Meaning, Role};

pub(crate) use find::{find, is_heading_like, mapped};

/// What a sheet declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Content {
    /// Flows; in a csv, sites and agreements too.
    Flows,
    /// Sites.
    Sites,
    /// Agreements.
    Agreements,
    /// Flows proposed, to be confirmed line by line; read as a sheet of flows.
    Suggestions,
}

/// A heading over a column, before its field is settled.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// Column, from 0.
    pub column: u32,
    /// What is written, the joined heading above it included.
    pub text: String,
    /// What it means.
    pub meaning: Option<Meaning>,
    /// The joined heading above: its first column, and the way it speaks of.
    pub group: Option<(u32, Option<Direction>)>,
    /// Fields that a mapping gives it, whatever it says.
    pub mapped: Vec<(Field, bool)>,
}

/// How the cells of a column go into a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// The first column of a field that holds something gives it.
    First,
    /// Its text is added to that of the other columns of the field.
    Joined,
    /// A cross in it says that the row is of its block.
    Mark,
}

/// A column that is read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    /// Column, from 0.
    pub column: u32,
    /// The field its cells give.
    pub field: Field,
    /// The block it belongs to; `None`: all.
    pub block: Option<usize>,
    /// How its cells are used.
    pub used: Use,
    /// What its heading gives besides, when the column is used: unit, period, year.
    pub besides: Vec<(Field, String)>,
}

/// Columns that declare one flow per row. Most tables have one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Block {
    /// The way of its flows, if its headings say it.
    pub direction: Option<Direction>,
}

/// The table of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    /// What it declares.
    pub content: Content,
    /// Index of its first heading row among the rows of the sheet.
    pub first: usize,
    /// Index of the first row below its headings.
    pub below: usize,
    /// Its columns, from left to right.
    pub columns: Vec<Column>,
    /// Its blocks, one at least.
    pub blocks: Vec<Block>,
    /// Fields that the number of the row is added to.
    pub numbered: Vec<Field>,
    /// The column that may give the period.
    pub frequency: Option<u32>,
    /// The way its headings hint at, with the heading that does.
    pub hinted: Option<(Direction, String)>,
    /// Columns whose heading means nothing here.
    pub unknown: Vec<(u32, String)>,
    /// Columns whose field another column gives.
    pub repeated: Vec<(u32, String)>,
    /// Pairs of columns that claim one field with equal right: the field, first and second column.
    pub contested: Vec<(Field, u32, u32)>,
    /// Every heading, as it is written.
    pub headings: Vec<(u32, String)>,
    /// Last column with a heading.
    pub last: u32,
}

impl Table {
    /// The first column of a field, in a block or common to all.
    pub fn column_of(&self, field: Field, block: usize) -> Option<u32> {
        self.columns
            .iter()
            .find(|column| column.field == field && column.block.is_none_or(|of| of == block))
            .map(|column| column.column)
    }

    /// The first column of every field, in a block or common to all.
    pub fn columns_of(&self, block: usize) -> BTreeMap<Field, u32> {
        let mut columns = BTreeMap::new();
        for column in &self.columns {
            if column.block.is_none_or(|of| of == block) {
                columns.entry(column.field).or_insert(column.column);
            }
        }
        columns
    }

    /// Whether any column is of this field.
    pub fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|column| column.field == field)
    }

    /// Whether a column of this field, or what a heading says besides, gives it.
    pub fn gives(&self, field: Field) -> bool {
        self.has(field)
            || self
                .columns
                .iter()
                .any(|column| column.besides.iter().any(|(other, _)| *other == field))
    }

    /// Required fields of a table of flows that no column gives.
    pub fn missing(&self) -> Vec<Field> {
        let directed = self.blocks.iter().all(|block| block.direction.is_some());
        let monthly = Field::MONTHS.iter().all(|&month| self.has(month));
        Field::REQUIRED
            .into_iter()
            .filter(|&field| !self.gives(field))
            .filter(|field| match field {
                Field::Firm => !self.has(Field::SiteId) && !self.has(Field::FirmId),
                Field::Quantity => {
                    !(monthly || self.has(Field::QuantityLow) && self.has(Field::QuantityHigh))
                }
                Field::Direction => !directed,
                Field::Period => {
                    (self.has(Field::Quantity) || !monthly) && self.frequency.is_none()
                }
                // A waste code names what it is about; not well, but enough to be asked for.
                Field::Name => !self.has(Field::WasteCode) && !self.has(Field::Resource),
                _ => true,
            })
            .collect()
    }
}

/// What a table with these heads declares, read under the names of `names`.
fn declares(heads: &[Head], names: Content) -> Option<Content> {
    let roles = || heads.iter().filter_map(|head| head.meaning.as_ref());
    let fields = || {
        let said = roles().filter_map(Meaning::field);
        said.chain(
            heads
                .iter()
                .flat_map(|head| head.mapped.iter().map(|(field, _)| *field)),
        )
    };
    let of_group = |group: Group| fields().filter(|field| field.group() == group).count();
    let has = |field: Field| fields().any(|other| other == field);
    match names {
        // Short names are only believed where the codes stand, and no flow.
        Content::Agreements => (has(Field::AgreementWasteCodes)
            && has(Field::AgreementReference)
            && of_group(Group::Flow) == 0)
            .then_some(Content::Agreements),
        _ if of_group(Group::Flow) == 0 => (of_group(Group::Site) > 0).then_some(Content::Sites),
        _ => {
            let core = [
                Field::Direction,
                Field::Name,
                Field::Quantity,
                Field::QuantityLow,
                Field::WasteCode,
                Field::Unit,
                Field::Resource,
            ];
            let core = core.into_iter().filter(|&field| has(field)).count();
            let people = roles()
                .filter(|meaning| meaning.role == Role::Contact)
                .count();
            if core >= 2 || (core == 1 && people == 0) {
                Some(Content::Flows)
            } else {
                (of_group(Group::Site) > 1).then_some(Content::Sites)
            }
        }
    }
}
