//! The areas of the standard: activity zones (SITE-ECO), plots (TERRAIN-ECO), poles (POLE-ECO).

use std::collections::BTreeMap;

use boucle_domain::geo::Point;

use super::{cell, geometry, told};
use crate::public::headed;
use crate::reading::{Reading, RowPlace, SkipReason, Skipped};
use crate::sheet::Sheet;

/// Columns of SITE-ECO that are read.
const ZONE: [&str; 5] = [
    "site_id",
    "site_nom",
    "site_comm_nom",
    "site_comm_insee",
    "site_geompoint",
];
/// Columns of TERRAIN-ECO that are read.
const PLOT: [&str; 3] = ["terr_id", "site_id", "terr_surf_brute"];
/// Columns by which POLE-ECO is known.
const POLE: [&str; 2] = ["pole_id", "pole_nom"];

/// An activity zone.
#[derive(Clone, Debug)]
pub(super) struct Zone {
    pub name: String,
    pub town: String,
    pub commune: String,
    pub point: Option<Point>,
    pub sheet: String,
    pub row: u32,
}

/// The areas of all files.
#[derive(Default)]
pub(super) struct Areas {
    zones: BTreeMap<String, Zone>,
    /// Zone of each plot.
    plots: BTreeMap<String, String>,
}

impl Areas {
    /// Enters the areas of a sheet; `false` when it holds none.
    pub fn enter(&mut self, sheet: &Sheet, reading: &mut Reading) -> bool {
        let below = if let Some(table) = headed(sheet, ZONE) {
            let [id, name, town, commune, point] = table.columns;
            for row in sheet.rows.iter().skip(table.below) {
                let zone = Zone {
                    name: cell(row, name).to_owned(),
                    town: cell(row, town).to_owned(),
                    commune: cell(row, commune).to_owned(),
                    point: geometry::points(cell(row, point)).into_iter().next(),
                    sheet: sheet.name.clone(),
                    row: row.number,
                };
                self.zones.insert(cell(row, id).to_owned(), zone);
            }
            table.below
        } else if let Some(table) = headed(sheet, PLOT) {
            let [plot, zone, _] = table.columns;
            for row in sheet.rows.iter().skip(table.below) {
                let (plot, zone) = (cell(row, plot), cell(row, zone));
                self.plots.insert(plot.to_owned(), zone.to_owned());
            }
            reading.findings.push(told::plots(sheet, table.row));
            table.below
        } else if let Some(table) = headed(sheet, POLE) {
            reading.findings.push(told::poles(sheet, table.row));
            table.below
        } else {
            return false;
        };
        reading.headings(sheet, below);
        let rows = sheet.rows.iter().skip(below);
        reading.skipped.extend(rows.map(|row| Skipped {
            place: RowPlace {
                sheet: sheet.name.clone(),
                row: row.number,
            },
            reason: SkipReason::Area,
        }));
        true
    }

    /// The zone a plot is in.
    pub fn zone_of_plot(&self, plot: &str) -> Option<&str> {
        self.plots.get(plot).map(String::as_str)
    }

    /// Tells each zone, with how many of the establishments read stand in it.
    pub fn tell(&self, of_zone: &BTreeMap<String, usize>, lists: bool, reading: &mut Reading) {
        for (id, zone) in &self.zones {
            let inside = of_zone.get(id).copied().unwrap_or(0);
            let joined = lists && !self.plots.is_empty();
            reading
                .findings
                .push(told::zone(zone, joined.then_some(inside), lists));
        }
    }
}
