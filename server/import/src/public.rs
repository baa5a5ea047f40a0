//! Tables of public files: known by the very names of their columns, wherever they stand.

use std::collections::BTreeMap;

use boucle_domain::id::normalised;
use boucle_domain::validate::Field;

use crate::sheet::Sheet;

/// Rows from the top in which the headings are looked for.
const ROWS_LOOKED_AT: usize = 10;

/// Where the columns of a public file stand in a sheet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table<const N: usize> {
    /// Row of the headings, as the spreadsheet counts.
    pub row: u32,
    /// Index of the first row below them.
    pub below: usize,
    /// The columns, in the order of their names.
    pub columns: [u32; N],
    /// Headings of the columns that are not read.
    pub unread: Vec<String>,
}

/// The table of a sheet that has all the columns of these names.
pub(crate) fn headed<const N: usize>(sheet: &Sheet, names: [&str; N]) -> Option<Table<N>> {
    let names = names.map(normalised);
    let rows = sheet.rows.iter().take(ROWS_LOOKED_AT).enumerate();
    rows.into_iter().find_map(|(at, row)| {
        let headed: BTreeMap<String, u32> = row
            .cells
            .iter()
            .map(|(column, cell)| (normalised(cell), *column))
            .collect();
        let mut columns = [0; N];
        for (column, name) in columns.iter_mut().zip(&names) {
            *column = *headed.get(name)?;
        }
        let unread = row
            .cells
            .iter()
            .filter(|(column, _)| !columns.contains(column))
            .map(|(_, heading)| heading.clone())
            .collect();
        Some(Table {
            row: row.number,
            below: at + 1,
            columns,
            unread,
        })
    })
}

impl<const N: usize> Table<N> {
    /// The column of each field, given the place of its column among the names.
    pub fn fields(&self, fields: &[(Field, usize)]) -> BTreeMap<Field, u32> {
        fields
            .iter()
            .filter_map(|&(field, at)| Some((field, *self.columns.get(at)?)))
            .collect()
    }
}
