//! What is told of files, sheets and headings.

mod cells;
mod columns;

use boucle_domain::diagnostic::{Code, Diagnostic, Place};
use boucle_domain::text::Language::{En, Fr};
use boucle_domain::text::Text;
use boucle_domain::validate::{Field, Finding};

use super::whole;
use crate::layout::Table;
use crate::limits;
use crate::reading::Reading;
use crate::sheet::{Sheet, letters};
pub(super) use cells::{beyond_headings, failed_formula, not_yes_or_no, shared_quantity, too_long};
pub(super) use columns::{
    carried_down, contested, firm_of_sheet, frequency_as_period, inferred_direction, kept_mapping,
    mapping_elsewhere, unknown_fields,
};

/// Told once for the whole file: examples, nothing declared.
pub(super) fn once(file_name: &str, known: bool, reading: &mut Reading) {
    if reading.examples > 0 {
        let count = reading.examples;
        let cause = Text::new(
            format!("{count} ligne(s) d'exemple laissée(s) de côté"),
            format!("{count} example row(s) left out"),
        );
        let fix = Text::new("rien à faire", "nothing to do");
        reading
            .findings
            .push(Finding::new(Code::I3001, None, "", cause, fix).at(whole(file_name)));
    }
    if reading.unconfirmed > 0 {
        let count = reading.unconfirmed;
        let denied = match reading.denied.len() {
            0 => Text::default(),
            number => Text::new(
                format!(", dont {number} démentie(s) : plus suggérée(s) après import"),
                format!(", {number} of them denied: not suggested again once imported"),
            ),
        };
        let cause = Text::new(
            format!(
                "{count} suggestion(s) non confirmée(s), laissée(s) de côté{}",
                denied.fr
            ),
            format!("{count} suggestion(s) not confirmed, left out{}", denied.en),
        );
        let fix = Text::new(
            "écrivez « oui » dans « Confirmer » pour celles que l'établissement a",
            "write \"yes\" in \"Confirm\" for those the site has",
        );
        reading
            .findings
            .push(Finding::new(Code::I3009, None, "", cause, fix).at(whole(file_name)));
    }
    if reading.rows == 0 && reading.examples == 0 && reading.unconfirmed == 0 && !known {
        let cause = Text::new(
            "aucune ligne ne déclare quoi que ce soit",
            "no row declares anything",
        );
        let fix = Text::new(
            "remplissez au moins une ligne sous les en-têtes",
            "fill in at least one row below the headings",
        );
        reading
            .findings
            .push(Finding::new(Code::E1009, None, "", cause, fix).at(whole(file_name)));
    }
}

/// A required column that nothing gives.
pub(super) fn missing(field: Field) -> Finding {
    let cause = Text::new(
        format!("la colonne « {} » manque", field.heading(Fr)),
        format!("the column \"{}\" is missing", field.heading(En)),
    );
    let fix = Text::new(
        format!(
            "ajoutez une colonne « {} » ({}), ou dites quelle colonne c'est : boucle check --propose-map",
            field.heading(Fr),
            field.hint(Fr).trim_end_matches('.')
        ),
        format!(
            "add a column \"{}\" ({}), or say which column it is: boucle check --propose-map",
            field.heading(En),
            field.hint(En).trim_end_matches('.')
        ),
    );
    Finding::new(Code::E1005, field, "", cause, fix)
}

/// What the headings of a table leave to be said; `differing`: columns of one field that say different
/// things are told elsewhere.
pub(super) fn headings(
    sheet: &Sheet,
    table: &Table,
    differing: bool,
    findings: &mut Vec<Diagnostic>,
) {
    let number = sheet.rows.get(table.first).map_or(0, |row| row.number);
    let place = |column: Option<u32>| Place {
        sheet: sheet.name.clone(),
        row: number,
        column: column.map_or(String::new(), letters),
        field: String::new(),
    };
    for (column, heading) in &table.unknown {
        let cause = Text::new(
            "cet en-tête n'est pas connu : la colonne n'est pas lue",
            "this heading is not known: the column is not read",
        );
        let fix = Text::new(
            "n'en tenez pas compte, ou prenez un en-tête du modèle (boucle template)",
            "pay no heed, or take a heading of the template (boucle template)",
        );
        findings
            .push(Finding::new(Code::W2001, None, heading, cause, fix).at(place(Some(*column))));
    }
    let contested = |column: u32| table.contested.iter().any(|(.., second)| *second == column);
    let repeated = table.repeated.iter();
    for (column, heading) in repeated.filter(|(column, _)| !differing || !contested(*column)) {
        let cause = Text::new(
            "une autre colonne a déjà ce sens : elle passe d'abord",
            "another column means this already: it goes first",
        );
        let fix = Text::new("gardez une seule des deux", "keep one of the two");
        findings
            .push(Finding::new(Code::W2002, None, heading, cause, fix).at(place(Some(*column))));
    }
}

/// What the file hides or leaves out of a sheet, and how its text was decoded.
pub(super) fn of_sheet(sheet: &Sheet, findings: &mut Vec<Diagnostic>) {
    let place = Place {
        sheet: sheet.name.clone(),
        ..Place::default()
    };
    if sheet.cut {
        let cause = Text::new(
            format!(
                "la feuille dépasse {} lignes ou {} cellules",
                limits::ROWS,
                limits::CELLS
            ),
            format!(
                "the sheet exceeds {} rows or {} cells",
                limits::ROWS,
                limits::CELLS
            ),
        );
        let fix = Text::new(
            "agrégez les lignes, ou coupez le fichier",
            "sum up the rows, or split the file",
        );
        findings.push(Finding::new(Code::E1003, None, "", cause, fix).at(place.clone()));
    }
    if let Some(encoding) = sheet.told_by_letters {
        let cause = Text::new(
            format!(
                "le texte n'est pas en UTF-8 : lu en {encoding}, d'après ses lettres accentuées"
            ),
            format!("the text is not UTF-8: read as {encoding}, by its accented letters"),
        );
        let fix = Text::new(
            "vérifiez un nom accentué, ou enregistrez en « CSV UTF-8 »",
            "check a name with accents, or save as \"CSV UTF-8\"",
        );
        findings.push(Finding::new(Code::I3002, None, "", cause, fix).at(place.clone()));
    }
    if sheet.hidden_rows.is_empty() && sheet.hidden_columns.is_empty() {
        return;
    }
    let rows = ranges(&sheet.hidden_rows);
    let columns: Vec<String> = sheet
        .hidden_columns
        .iter()
        .map(|(first, last)| match first == last {
            true => letters(*first),
            false => format!("{}-{}", letters(*first), letters(*last)),
        })
        .collect();
    let columns = columns.join(", ");
    let part = |rows_word: &str, columns_word: &str| {
        let mut parts = Vec::new();
        if !rows.is_empty() {
            parts.push(format!("{rows_word} {rows}"));
        }
        if !columns.is_empty() {
            parts.push(format!("{columns_word} {columns}"));
        }
        parts.join(", ")
    };
    let cause = Text::new(
        format!(
            "masqué dans le tableur et lu tout de même : {}",
            part("lignes", "colonnes")
        ),
        format!(
            "hidden in the spreadsheet and read all the same: {}",
            part("rows", "columns")
        ),
    );
    let fix = Text::new(
        "affichez-les et vérifiez, ou supprimez-les",
        "unhide and check them, or delete them",
    );
    findings.push(Finding::new(Code::W2008, None, "", cause, fix).at(place));
}

/// `4-9, 12`: at most five runs.
fn ranges(numbers: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let more = if runs.len() > 5 { "…" } else { "" };
    let runs: Vec<String> = runs
        .iter()
        .take(5)
        .map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        })
        .collect();
    format!("{}{more}", runs.join(", "))
}

/// A hidden sheet.
pub(super) fn hidden_sheet(sheet: &Sheet) -> Diagnostic {
    let cause = Text::new(
        "cette feuille est masquée : elle n'est pas lue",
        "this sheet is hidden: it is not read",
    );
    let fix = Text::new(
        "affichez-la si elle doit l'être",
        "unhide it if it is to be",
    );
    let place = Place {
        sheet: sheet.name.clone(),
        ..Place::default()
    };
    Finding::new(Code::W2007, None, &sheet.name, cause, fix).at(place)
}

pub(super) fn unknown_sheet(sheet: &Sheet) -> Diagnostic {
    let cause = Text::new(
        "aucune ligne de cette feuille ne ressemble à des en-têtes : elle n'est pas lue",
        "no row of this sheet looks like headings: it is not read",
    );
    let fix = Text::new(
        "donnez-lui les en-têtes du modèle, ou n'en tenez pas compte",
        "give it the headings of the template, or pay no heed",
    );
    let place = Place {
        sheet: sheet.name.clone(),
        ..Place::default()
    };
    Finding::new(Code::W2003, None, &sheet.name, cause, fix).at(place)
}

/// A sheet beside one of a layout that is read as it is.
pub(super) fn left_beside(sheet: &Sheet) -> Diagnostic {
    let cause = Text::new(
        "cette feuille est à côté d'un registre ou d'un fichier public reconnu, et n'a pas les colonnes d'une feuille de flux ou d'établissements : elle n'est pas lue",
        "this sheet stands beside a register or public file that was recognised, and has not the columns of a sheet of flows or sites: it is not read",
    );
    let fix = Text::new(
        "rien à faire si c'est une légende ou un bilan ; sinon enregistrez-la dans un fichier à part et donnez-le avec --with",
        "nothing to do if it is a legend or a summary; else save it as a file of its own and give that with --with",
    );
    let place = Place {
        sheet: sheet.name.clone(),
        ..Place::default()
    };
    Finding::new(Code::I3010, None, sheet.own_name(), cause, fix).at(place)
}

pub(super) fn no_headings(file_name: &str) -> Diagnostic {
    let cause = Text::new(
        "aucune ligne d'aucune feuille ne ressemble à des en-têtes",
        "no row of any sheet looks like headings",
    );
    let fix = Text::new(
        "première ligne : Entreprise, Sens, Désignation, Quantité, Unité, Période ; ou dites quelle colonne est laquelle : boucle check --propose-map",
        "first row: Firm, Direction, Name, Quantity, Unit, Period; or say which column is which: boucle check --propose-map",
    );
    Finding::new(Code::E1004, None, "", cause, fix).at(whole(file_name))
}
