//! Files of the CNIG standard "Sites économiques": establishments become firms and sites; activity
//! zones, plots and poles are told, and join establishments to their zone, but are not stored.
//!
//! Names of columns are those of the Table Schemas of cnigfr/schema-sites-economiques (2fb499e,
//! 2025-05-15, Licence Ouverte 2.0). A file is known by the columns that its schema requires and that
//! no other has. Persons to contact are in no type of ours, and are not read.

mod area;
mod geometry;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use boucle_domain::validate::{Context, Draft, Field};

use crate::entries::{Entries, Origin};
use crate::public::{Table, headed};
use crate::reading::{Reading, RowPlace, SkipReason, Skipped};
use crate::sheet::{Sheet, SheetRow};
use area::Areas;

/// Columns of ETABLISSEMENT that are read.
const ESTABLISHMENT: [&str; 9] = [
    "SIRET",
    "SIREN",
    "terr_id",
    "etab_raison_sociale",
    "etab_nom",
    "comm_insee",
    "etab_activite_code",
    "etab_geompoint",
    "etab_actif",
];
/// The fields they give, `etab_geompoint` two of them.
const FIELDS: [(Field, usize); 8] = [
    (Field::SiteId, 0),
    (Field::FirmId, 1),
    (Field::Firm, 3),
    (Field::Site, 4),
    (Field::Commune, 5),
    (Field::Activity, 6),
    (Field::Latitude, 7),
    (Field::Longitude, 7),
];
/// What the standard writes where nothing is known.
const MISSING: [&str; 3] = ["NA", "NaN", "N/A"];

/// What was read of one file of establishments.
#[derive(Default)]
struct Establishments {
    read: usize,
    closed: usize,
    /// Without a point that can be read.
    pointless: usize,
    /// With more points than one.
    several: usize,
}

/// Reads the sheets that are of the standard and gives their names.
pub(crate) fn of_sheets(
    sheets: &[&Sheet],
    context: &Context,
    entries: &mut Entries,
    reading: &mut Reading,
) -> Vec<String> {
    let mut known = Vec::new();
    let mut areas = Areas::default();
    let mut lists: Vec<(&Sheet, Table<9>)> = Vec::new();
    for sheet in sheets {
        if let Some(table) = headed(sheet, ESTABLISHMENT) {
            reading.headings(sheet, table.below);
            lists.push((sheet, table));
        } else if !areas.enter(sheet, reading) {
            continue;
        }
        known.push(sheet.name.clone());
    }
    // Establishments of each zone, by way of the plots they stand on.
    let mut of_zone: BTreeMap<String, usize> = BTreeMap::new();
    for (sheet, table) in &lists {
        let found = establishments(
            sheet,
            table,
            &areas,
            &mut of_zone,
            context,
            entries,
            reading,
        );
        reading.findings.push(told::summary(sheet, table, &found));
    }
    areas.tell(&of_zone, !lists.is_empty(), reading);
    known
}

/// A cell, empty where the standard says that nothing is known.
fn cell(row: &SheetRow, column: u32) -> &str {
    let text = row.text(column).trim();
    match MISSING.contains(&text) {
        true => "",
        false => text,
    }
}

fn establishments(
    sheet: &Sheet,
    table: &Table<9>,
    areas: &Areas,
    of_zone: &mut BTreeMap<String, usize>,
    context: &Context,
    entries: &mut Entries,
    reading: &mut Reading,
) -> Establishments {
    let mut found = Establishments::default();
    let (name, columns) = (
        Rc::from(sheet.name.as_str()),
        Rc::new(table.fields(&FIELDS)),
    );
    for row in sheet.rows.iter().skip(table.below) {
        let [_, _, plots, .., point, active] = table.columns;
        if cell(row, active).eq_ignore_ascii_case("non") {
            found.closed += 1;
            reading.skipped.push(Skipped {
                place: RowPlace {
                    sheet: sheet.name.clone(),
                    row: row.number,
                },
                reason: SkipReason::Closed,
            });
            continue;
        }
        found.read += 1;
        reading.rows += 1;
        let mut draft = Draft::new();
        for (field, at) in FIELDS.into_iter().take(6) {
            draft.set(field, cell(row, table.columns[at]));
        }
        let points = geometry::points(cell(row, point));
        found.several += usize::from(points.len() > 1);
        match points.first() {
            Some(point) => {
                draft.set(Field::Latitude, point.latitude().to_string());
                draft.set(Field::Longitude, point.longitude().to_string());
            }
            None => found.pointless += 1,
        }
        let zones: BTreeSet<&str> = cell(row, plots)
            .split('|')
            .filter_map(|plot| areas.zone_of_plot(plot.trim()))
            .collect();
        for zone in zones {
            *of_zone.entry(zone.to_owned()).or_default() += 1;
        }
        entries.draft(
            &draft,
            Origin::summed(&name, vec![row.number], &columns),
            context,
        );
    }
    found
}
