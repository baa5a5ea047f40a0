//! What is told of the yearly declarations of IREP.

use std::collections::BTreeMap;

use boucle_domain::diagnostic::{Code, Diagnostic, Place};
use boucle_domain::text::Text;
use boucle_domain::units::written::format_number;
use boucle_domain::validate::Finding;

use super::{Declared, Key};
use crate::public::Table;
use crate::reading::Reading;
use crate::sheet::{Sheet, letters};

/// Identifiers that are named.
const NAMED: usize = 5;

fn at_head<const N: usize>(sheet: &Sheet, table: &Table<N>) -> Place {
    Place {
        sheet: sheet.name.clone(),
        row: table.row,
        ..Place::default()
    }
}

/// What the declarations were read as.
pub(super) fn summary(
    sheet: &Sheet,
    table: &Table<9>,
    declared: &BTreeMap<Key, Declared>,
) -> Diagnostic {
    let flows = declared.len();
    let latest: f64 = declared
        .values()
        .filter_map(|flow| flow.years.last_key_value())
        .map(|(_, (quantity, _))| quantity)
        .sum();
    let total = format_number((latest * 1e3).round() / 1e3);
    let older: usize = declared
        .values()
        .flat_map(|flow| flow.years.values().rev().skip(1))
        .map(|(_, rows)| rows.len())
        .sum();
    let lines = sheet.rows.len().saturating_sub(table.below);
    let cause = Text::new(
        format!(
            "déclarations annuelles IREP reconnues : {lines} ligne(s), {flows} flux pris à leur dernière année ({total} en tout, dans l'unité du fichier) ; {older} ligne(s) d'années antérieures ne sont citées que dans la source"
        ),
        format!(
            "yearly declarations of IREP recognised: {lines} line(s), {flows} flows taken at their latest year ({total} in all, in the unit of the file); {older} line(s) of years before stand in the source only"
        ),
    );
    let fix = Text::new(
        "rien à faire ; ni prix, ni mois, ni besoins n'y sont : complétez les flux qui comptent",
        "nothing to do; it has no prices, months or needs: complete the flows that matter",
    );
    Finding::new(Code::I3802, None, &lines.to_string(), cause, fix).at(at_head(sheet, table))
}

/// Establishments that declare and are in no list that was given.
pub(super) fn not_listed(sheet: &Sheet, table: &Table<9>, lost: &[&str]) -> Diagnostic {
    let count = lost.len();
    let more = if count > NAMED { ", …" } else { "" };
    let named = lost[..count.min(NAMED)].join(", ");
    let cause = Text::new(
        format!(
            "{count} établissement(s) déclarant ne sont pas dans la liste des établissements : {named}{more}"
        ),
        format!("{count} declaring site(s) are not in the list of establishments: {named}{more}"),
    );
    let fix = Text::new(
        "prenez la liste de la même année, ou ajoutez-y ces lignes",
        "take the list of the same year, or add these rows to it",
    );
    Finding::new(Code::W2804, None, &named, cause, fix).at(at_head(sheet, table))
}

/// Establishments of the list that declare nothing here.
pub(super) fn silent(count: usize, sheet: &str) -> Diagnostic {
    let cause = Text::new(
        format!(
            "{count} établissement(s) de la liste ne déclarent rien dans ces fichiers : laissés de côté"
        ),
        format!("{count} establishment(s) of the list declare nothing in these files: left out"),
    );
    let fix = Text::new(
        "rien à faire ; pour les avoir tous, importez la liste seule",
        "nothing to do; to have them all, import the list alone",
    );
    Finding::new(Code::I3011, None, &count.to_string(), cause, fix).at(Place {
        sheet: sheet.to_owned(),
        ..Place::default()
    })
}

/// A year or a quantity that is no number.
pub(super) fn no_number(value: &str, sheet: &Sheet, row: u32, column: u32) -> Diagnostic {
    let cause = Text::new(
        "ce n'est pas un nombre positif",
        "this is no positive number",
    );
    let fix = Text::new("écrivez 12 ou 12,5", "write 12 or 12.5");
    Finding::new(Code::E1103, None, value, cause, fix).at(Place {
        sheet: sheet.name.clone(),
        row,
        column: letters(column),
        field: String::new(),
    })
}

/// Flows whose site no list places.
pub(crate) fn tell_places(file_name: &str, reading: &mut Reading) {
    let placeless = |flow: &&boucle_domain::flow::Flow| {
        let sites = &reading.declaration.sites;
        let found = sites.binary_search_by(|site| site.key.cmp(&flow.key.site));
        found.is_ok_and(|at| sites[at].position.is_none())
    };
    let flows = reading.declaration.flows.iter().filter(placeless).count();
    if flows == 0 {
        return;
    }
    let cause = Text::new(
        format!("{flows} flux d'établissements sans position : ils seront hors des propositions"),
        format!("{flows} flows of sites without position: they will be left out of proposals"),
    );
    let fix = Text::new(
        "donnez aussi le fichier des établissements de l'IREP : --with etablissements.csv (ou une deuxième feuille du classeur)",
        "give IREP's file of establishments as well: --with etablissements.csv (or a second sheet of the workbook)",
    );
    let place = Place {
        sheet: file_name.to_owned(),
        ..Place::default()
    };
    reading
        .findings
        .push(Finding::new(Code::W2803, None, &flows.to_string(), cause, fix).at(place));
}
