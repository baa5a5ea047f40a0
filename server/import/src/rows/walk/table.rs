//! What holds for all rows of a table: marks, blocks of a firm, columns that contradict each other.

use boucle_domain::diagnostic::{Diagnostic, Place};
use boucle_domain::id::normalised;
use boucle_domain::validate::{Field, Group};

use super::{Slots, Walk};
use crate::headings::direction_of;
use crate::layout::{Content, Table};
use crate::rows::amounts::{Marks, is_number, marks};
use crate::rows::told;
use crate::sheet::letters;

impl Walk<'_, '_> {
    /// Two columns of one field that say different things on some row; whether there are any.
    pub(super) fn contested(
        &self,
        table: &Table,
        from: usize,
        findings: &mut Vec<Diagnostic>,
    ) -> bool {
        let before = findings.len();
        for &(field, first, second) in &table.contested {
            let differ = self.sheet.rows[from..].iter().find(|row| {
                let (a, b) = (row.text(first), row.text(second));
                !a.is_empty() && !b.is_empty() && normalised(a) != normalised(b)
            });
            if differ.is_some() {
                let heading = table.headings.iter().find(|(column, _)| *column == second);
                let heading = heading.map_or("", |(_, text)| text.as_str());
                let place = Place {
                    sheet: self.sheet.name.clone(),
                    row: self.sheet.rows.get(table.first).map_or(0, |row| row.number),
                    column: letters(second),
                    ..Place::default()
                };
                findings.push(told::contested(field, first, second, heading).at(place));
            }
        }
        findings.len() > before
    }

    pub(super) fn slots(&self, table: &Table, from: usize) -> Slots {
        let rows = &self.sheet.rows[from..];
        let width = table
            .columns
            .iter()
            .map(|column| column.column as usize + 1)
            .max()
            .unwrap_or(0);
        let mut of = vec![Vec::new(); width];
        for (at, column) in table.columns.iter().enumerate() {
            of[column.column as usize].push(at);
        }
        let of_column: Vec<Marks> = table
            .columns
            .iter()
            .map(|column| match is_number(column.field) {
                true => marks(rows, column.column),
                false => Marks::default(),
            })
            .collect();
        // A column that does not tell follows the others of its sheet.
        let of_sheet = of_column.iter().copied().fold(Marks::default(), Marks::and);
        let given = self.mapping.and_then(|mapping| mapping.decimal);
        // Who separates cells by commas does not use it as the decimal mark, unless the sheet shows it.
        let of_text = self
            .sheet
            .is_comma_separated
            .then_some('.')
            .filter(|_| of_sheet.is_silent());
        let marks = of_column
            .iter()
            .map(|marks| given.or(marks.decided()).or(of_sheet.decided()).or(of_text))
            .collect();
        let last_full = rows
            .iter()
            .rev()
            .find(|row| row.cells.len() >= 3 || row.cells.len() * 2 >= table.columns.len())
            .map_or(0, |row| row.number);
        Slots {
            of,
            marks,
            last_full,
        }
    }

    /// Whether the firm is written at the head of a block of rows only: several rows lack it, and no
    /// two neighbours repeat it.
    pub(super) fn carries(&self, table: &Table, from: usize) -> bool {
        let naming = [Field::Firm, Field::SiteId, Field::FirmId, Field::Site];
        let Some(column) = naming
            .into_iter()
            .find_map(|field| table.column_of(field, 0))
        else {
            return false;
        };
        let flow = table
            .columns
            .iter()
            .filter(|column| column.field.group() == Group::Flow);
        let flow: Vec<u32> = flow.map(|column| column.column).collect();
        let (mut blank, mut filled, mut repeats, mut before, mut first) = (0, 0, 0, "", true);
        for row in &self.sheet.rows[from..] {
            if flow
                .iter()
                .filter(|&&column| !row.text(column).is_empty())
                .count()
                < 2
            {
                if !row.text(column).is_empty() {
                    before = row.text(column);
                    first = false;
                }
                continue;
            }
            let text = row.text(column);
            if text.is_empty() && !self.joined.contains_key(&(row.number, column)) {
                if first {
                    return false;
                }
                blank += 1;
            } else if !text.is_empty() {
                filled += 1;
                repeats +=
                    usize::from(!before.is_empty() && normalised(text) == normalised(before));
                before = text;
            }
            first = false;
        }
        blank >= 2 && repeats == 0 && blank * 3 >= blank + filled
    }

    /// The name of the sheet, where it must stand for the firm.
    pub(super) fn firm_of_sheet(&self, table: &Table, from: usize) -> Option<String> {
        let named = [Field::Firm, Field::FirmId, Field::SiteId, Field::Site]
            .into_iter()
            .any(|field| table.has(field) || self.constants.has(field));
        let name = self.sheet.own_name().trim();
        let generic = [
            "feuil",
            "sheet",
            "tableau",
            "flux",
            "flow",
            "donnee",
            "data",
            "inventaire",
            "page",
            "tab",
            "export",
            "saisie",
            "base",
            "liste",
            "matiere",
            "energie",
            "eau",
            "total",
            "synthese",
            "material",
            "energy",
            "water",
            "inventory",
        ];
        let key = normalised(name);
        let is_generic = key.is_empty()
            || key.chars().all(|character| character.is_ascii_digit())
            || generic.iter().any(|word| key.starts_with(word));
        let usable = !named
            && table.content == Content::Flows
            && !self.sheet.is_text
            && self.sheets > 1
            && !is_generic
            && direction_of(name).is_none()
            && self.sheet.rows.len() > from;
        usable.then(|| name.to_owned())
    }
}
