//! The page that explains the workbook.

use boucle_domain::text::Language;
use boucle_domain::validate::Field;
use rust_xlsxwriter::{Format, FormatAlign, Worksheet};

use super::flows_name;
use crate::WriteError;

const FRENCH: &[&str] = &[
    "Une ligne de la feuille Flux par ressource qui sort de l'établissement ou qui y entre.",
    "Six colonnes suffisent pour un premier résultat : entreprise, sens, désignation, quantité, unité, période (en jaune).",
    "Chaque case du plan gagne à être juste : densité, propriétés mesurées, coût évité, fin de contrat.",
    "Les nombres s'écrivent 12,5 ou 12.5 ; un intervalle 10..15 ; une estimation env. 30.",
    "Le coût évitable est ce qui cesse quand une unité de moins circule : ni location, ni abonnement.",
    "Les lignes dont la référence commence par EXEMPLE- ne sont pas lues.",
    "Vérifiez avant d'importer : boucle check fichier.xlsx (n'écrit rien).",
];

const ENGLISH: &[&str] = &[
    "One row of the sheet Flows per resource that leaves the site or enters it.",
    "Six columns are enough for a first result: firm, direction, name, quantity, unit, period (in yellow).",
    "The plan gains from each cell that is right: density, measured properties, avoided cost, end of contract.",
    "Numbers are written 12.5 or 12,5; an interval 10..15; an estimate about 30.",
    "The avoidable cost is what stops when one unit less flows: no rental, no standing charge.",
    "Rows whose reference starts with EXAMPLE- are not read.",
    "Check before you import: boucle check file.xlsx (writes nothing).",
];

/// Writes the explanations, then every column with what to write in it.
pub(super) fn write(sheet: &mut Worksheet, language: Language) -> Result<(), WriteError> {
    let bold = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let lines = match language {
        Language::Fr => FRENCH,
        Language::En => ENGLISH,
    };
    let mut row = 0;
    sheet.write_string_with_format(row, 0, format!("Boucle : {}", flows_name(language)), &bold)?;
    for line in lines {
        row += 1;
        sheet.write_string(row, 0, *line)?;
    }
    row += 2;
    for (column, title) in (0u16..).zip(match language {
        Language::Fr => ["Colonne", "Code", "Que mettre"],
        Language::En => ["Column", "Key", "What to put"],
    }) {
        sheet.write_string_with_format(row, column, title, &bold)?;
    }
    for field in Field::of_template() {
        row += 1;
        sheet.write_string(row, 0, field.heading(language))?;
        sheet.write_string(row, 1, field.code())?;
        sheet.write_string_with_format(row, 2, field.hint(language), &wrapped)?;
    }
    sheet.set_column_width(0, 34)?;
    sheet.set_column_width(1, 24)?;
    sheet.set_column_width(2, 90)?;
    Ok(())
}
