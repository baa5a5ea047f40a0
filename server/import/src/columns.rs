//! Which column is which field.

use std::collections::BTreeMap;

use boucle_domain::id::normalised;
use boucle_domain::text::Language;
use boucle_domain::validate::{Field, Group};

use crate::sheet::SheetRow;

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

/// In the sheet of agreements the fields go by shorter names.
pub(crate) const AGREEMENT_COLUMNS: [(Field, &str, &str, &str); 6] = [
    (
        Field::AgreementReference,
        "reference",
        "Référence",
        "Reference",
    ),
    (
        Field::AgreementWasteCodes,
        "waste_codes",
        "Codes acceptés",
        "Accepted codes",
    ),
    (
        Field::AgreementQuantity,
        "quantity",
        "Quantité par an",
        "Quantity per year",
    ),
    (Field::AgreementUnit, "unit", "Unité", "Unit"),
    (
        Field::AgreementFrom,
        "valid_from",
        "Valable du",
        "Valid from",
    ),
    (Field::AgreementTo, "valid_to", "Valable au", "Valid to"),
];

/// The headings of a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Columns {
    /// Field of each column that has one.
    pub fields: BTreeMap<u32, Field>,
    /// Columns whose heading means nothing here.
    pub unknown: Vec<(u32, String)>,
    /// Columns whose heading another has already.
    pub repeated: Vec<(u32, String)>,
    /// Last column with a heading.
    pub last: u32,
}

impl Columns {
    /// The first column of a field.
    pub fn column_of(&self, field: Field) -> Option<u32> {
        self.fields
            .iter()
            .find(|(_, other)| **other == field)
            .map(|(&column, _)| column)
    }

    /// Whether any column is of this field.
    pub fn has(&self, field: Field) -> bool {
        self.fields.values().any(|&other| other == field)
    }

    /// Required fields of a sheet of flows that no column gives.
    pub fn missing(&self) -> Vec<Field> {
        Field::REQUIRED
            .into_iter()
            .filter(|&field| !self.has(field))
            .filter(|field| match field {
                Field::Firm => !self.has(Field::SiteId) && !self.has(Field::FirmId),
                Field::Quantity => !(self.has(Field::QuantityLow) && self.has(Field::QuantityHigh)),
                _ => true,
            })
            .collect()
    }
}

/// Fewest headings by which a row is taken for the row of headings.
const FEWEST_HEADINGS: usize = 2;
/// Rows from the top in which headings are looked for.
const ROWS_LOOKED_AT: usize = 10;

/// The row of headings (its index), what the sheet declares, and its columns.
pub(crate) fn headings(rows: &[SheetRow]) -> Option<(usize, Content, Columns)> {
    let mut best: Option<(usize, usize, Content, Columns)> = None;
    for (at, row) in rows.iter().take(ROWS_LOOKED_AT).enumerate() {
        for content in [Content::Flows, Content::Agreements] {
            let columns = columns(row, content);
            let known = columns.fields.len();
            let Some(content) = declares(&columns, content) else {
                continue;
            };
            if known >= FEWEST_HEADINGS && best.as_ref().is_none_or(|(most, ..)| known > *most) {
                best = Some((known, at, content, columns));
            }
        }
    }
    best.map(|(_, at, content, columns)| (at, content, columns))
}

/// What a sheet with these columns declares, read under the names of `names`.
fn declares(columns: &Columns, names: Content) -> Option<Content> {
    let speaks_of = |group: Group| {
        columns
            .fields
            .values()
            .filter(|field| field.group() == group)
            .count()
    };
    match names {
        // Short names are only believed where the codes stand, and no flow.
        Content::Agreements => (columns.has(Field::AgreementWasteCodes)
            && columns.has(Field::AgreementReference)
            && speaks_of(Group::Flow) == 0)
            .then_some(Content::Agreements),
        _ if speaks_of(Group::Flow) > 0 => Some(Content::Flows),
        _ if speaks_of(Group::Site) > 0 => Some(Content::Sites),
        _ => None,
    }
}

/// The fields of a row of headings, under the names of a content.
fn columns(row: &SheetRow, content: Content) -> Columns {
    let mut columns = Columns::default();
    for (column, heading) in &row.cells {
        columns.last = columns.last.max(*column);
        match field_of(heading, content) {
            Some(field) => {
                if columns.has(field) {
                    columns.repeated.push((*column, heading.clone()));
                }
                columns.fields.insert(*column, field);
            }
            None => columns.unknown.push((*column, heading.clone())),
        }
    }
    columns
}

/// The field of a heading: its code, or its French or English name, whatever case and accents.
fn field_of(heading: &str, content: Content) -> Option<Field> {
    let heading = normalised(heading);
    if content == Content::Agreements {
        let short = AGREEMENT_COLUMNS.iter().find(|(_, code, fr, en)| {
            [code, fr, en]
                .into_iter()
                .any(|name| normalised(name) == heading)
        });
        if let Some((field, ..)) = short {
            return Some(*field);
        }
    }
    Field::ALL.iter().copied().find(|field| {
        let names = [
            field.code(),
            field.heading(Language::Fr),
            field.heading(Language::En),
        ];
        names.into_iter().any(|name| normalised(name) == heading)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(headings: &[&str]) -> SheetRow {
        SheetRow {
            number: 1,
            cells: (0..)
                .zip(headings.iter().map(|text| text.to_string()))
                .collect(),
        }
    }

    #[test]
    fn headings_are_codes_or_names_in_any_case_and_order() {
        let (at, content, columns) = headings(&[
            row(&["Zone de test"]),
            row(&["UNITE", "quantity", "Désignation", "Direction", "Couleur"]),
        ])
        .unwrap();
        assert_eq!((at, content), (1, Content::Flows));
        assert_eq!(columns.column_of(Field::Unit), Some(0));
        assert_eq!(columns.column_of(Field::Direction), Some(3));
        assert_eq!(columns.unknown, vec![(4, "Couleur".to_owned())]);
        assert_eq!(columns.missing(), vec![Field::Firm, Field::Period]);
    }

    #[test]
    fn a_sheet_is_told_by_its_columns() {
        let content = |names: &[&str]| headings(&[row(names)]).map(|(_, content, _)| content);
        assert_eq!(content(&["firm", "site", "commune"]), Some(Content::Sites));
        assert_eq!(
            content(&["firm", "reference", "waste_codes", "quantity", "unit"]),
            Some(Content::Agreements)
        );
        assert_eq!(
            content(&["firm", "direction", "name", "agreement_reference"]),
            Some(Content::Flows)
        );
        assert_eq!(content(&["clé", "libellé"]), None);
        assert_eq!(content(&["firm"]), None);
    }
}
