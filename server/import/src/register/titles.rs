//! The headings of waste registers: which column is what.
//!
//! Titles are facts of the public code of MTES-MCT/trackdechets: the model sheet in
//! `libs/back/registry/src/outgoingWaste/constants.ts` (21d39cb), the registry's own export in
//! `back/src/registryV2/columns.ts` (0c660a6). Only those that are read stand in the table.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use boucle_domain::id::normalised;

const TABLE: &str = include_str!("../../data/register_titles.csv");

/// Which sheet it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Layout {
    /// The model sheet of outgoing waste, one line per shipment.
    Model,
    /// The registry's own export, one line per movement.
    Export,
}

/// Columns that are read, by the word of the table.
const COLUMNS: [&str; COUNT] = [
    "reason",
    "id",
    "slip",
    "site",
    "firm",
    "postcode",
    "town",
    "name",
    "code",
    "pop",
    "hazardous",
    "date",
    "weight",
    "estimated",
    "accepted",
    "received",
    "destination",
    "destination_name",
    "operation",
    "mode",
    "operation_done",
    "mode_done",
];
/// How many there are.
pub(crate) const COUNT: usize = 22;

/// A column that is read; its number is its place in [`COLUMNS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Reason,
    Id,
    Slip,
    Site,
    Firm,
    Postcode,
    Town,
    Name,
    Code,
    Pop,
    Hazardous,
    Date,
    Weight,
    Estimated,
    Accepted,
    Received,
    Destination,
    DestinationName,
    Operation,
    Mode,
    OperationDone,
    ModeDone,
}

/// Without these a table is no register of shipments.
const NEEDED: [Column; 4] = [Column::Site, Column::Code, Column::Date, Column::Weight];

/// The headings of a register.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Titles {
    pub layout: Layout,
    at: [Option<u32>; COUNT],
    /// Headed columns that are not read.
    pub unread: usize,
}

impl Titles {
    /// The place of a column in the sheet.
    pub fn at(&self, column: Column) -> Option<u32> {
        self.at[column as usize]
    }

    /// The titles of a row of headings, in any order, case and accents; `None` if it is none.
    pub fn of<'t>(cells: impl Iterator<Item = (u32, &'t str)>) -> Option<Titles> {
        let mut places: BTreeMap<Layout, [Option<u32>; COUNT]> = BTreeMap::new();
        let mut headed = 0;
        for (place, cell) in cells.filter(|(_, cell)| !cell.trim().is_empty()) {
            headed += 1;
            for &(layout, column) in known().get(&normalised(cell)).into_iter().flatten() {
                places.entry(layout).or_insert([None; COUNT])[column].get_or_insert(place);
            }
        }
        let read = |at: &[Option<u32>; COUNT]| at.iter().flatten().count();
        places
            .into_iter()
            .filter(|(_, at)| NEEDED.iter().all(|&column| at[column as usize].is_some()))
            .max_by_key(|(_, at)| read(at))
            .map(|(layout, at)| Titles {
                layout,
                at,
                unread: headed - read(&at),
            })
    }
}

/// Layouts and columns of each title, by the title reduced to letters and figures.
fn known() -> &'static HashMap<String, Vec<(Layout, usize)>> {
    static KNOWN: OnceLock<HashMap<String, Vec<(Layout, usize)>>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut known: HashMap<String, Vec<(Layout, usize)>> = HashMap::new();
        for line in TABLE.lines().skip(1) {
            let mut parts = line.splitn(3, ',');
            let layout = match parts.next() {
                Some("model") => Layout::Model,
                _ => Layout::Export,
            };
            let column = parts.next().unwrap_or_default();
            let title = normalised(parts.next().unwrap_or_default());
            if let Some(at) = COLUMNS.iter().position(|name| *name == column) {
                known.entry(title).or_default().push((layout, at));
            }
        }
        known
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_names_a_column_and_every_column_has_a_title() {
        let named: Vec<&str> = TABLE
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').nth(1))
            .collect();
        for name in &named {
            assert!(COLUMNS.contains(name), "{name}");
        }
        for name in COLUMNS {
            assert!(named.contains(&name), "{name}");
        }
        assert_eq!(COLUMNS[Column::ModeDone as usize], "mode_done");
        assert_eq!(COLUMNS[Column::Weight as usize], "weight");
    }

    #[test]
    fn headings_are_known_in_any_order_case_and_accents() {
        let row = [
            "POIDS EN TONNES",
            "Couleur",
            "Code dechet",
            "DATE D’EXPEDITION",
            "Siret de l'Expediteur ou du detenteur",
        ];
        let titles = Titles::of((0..).zip(row)).unwrap();
        assert_eq!(titles.layout, Layout::Model);
        assert_eq!(titles.at(Column::Weight), Some(0));
        assert_eq!(titles.at(Column::Site), Some(4));
        assert_eq!(titles.unread, 1);
        assert!(Titles::of((0..).zip(&row[..4]).map(|(at, cell)| (at, *cell))).is_none());
    }
}
