//! A copy of a sheet with what was found as comments on its cells.

use std::collections::BTreeMap;

use boucle_domain::diagnostic::{Diagnostic, Severity};
use boucle_domain::text::Language;
use boucle_domain::units::written::format_number;
use rust_xlsxwriter::{Color, Format, Note, Workbook};

use crate::WriteError;
use crate::cells::guarded;
use crate::limits;
use crate::sheet::{Sheet, column_of_letters};
use crate::sniff;
use crate::workbook::new_workbook;

/// Characters of a name of a sheet, at most.
const NAME_CHARACTERS: usize = 31;
/// Characters of a comment, at most; a spreadsheet takes no more than twice that.
const NOTE_CHARACTERS: usize = 12_000;

/// Writes the cells of a file into a workbook, coloured and commented where something was found, in
/// a language. The text of the cells is kept, their looks are not. What concerns a whole row or sheet
/// is set on its first cell.
///
/// # Errors
/// Only if the workbook cannot be put together.
pub fn annotate(
    bytes: &[u8],
    file_name: &str,
    findings: &[Diagnostic],
    language: Language,
) -> Result<Vec<u8>, WriteError> {
    let mut unpacked = limits::UNPACKED_BYTES;
    let sheets = sniff::sheets(bytes, file_name, &mut unpacked).unwrap_or_default();
    let mut workbook = new_workbook("Boucle")?;
    let mut of_file: Vec<&Diagnostic> = findings
        .iter()
        .filter(|finding| !sheets.iter().any(|sheet| sheet.name == finding.place.sheet))
        .collect();
    let mut used: Vec<String> = Vec::new();
    for sheet in &sheets {
        let mut notes: BTreeMap<(u32, u16), Vec<&Diagnostic>> = BTreeMap::new();
        for finding in std::mem::take(&mut of_file) {
            notes.entry((0, 0)).or_default().push(finding);
        }
        for finding in findings
            .iter()
            .filter(|finding| finding.place.sheet == sheet.name)
        {
            let row = finding.place.row.saturating_sub(1);
            let column = column_of_letters(&finding.place.column)
                .or_else(|| first_column(sheet, finding.place.row))
                .and_then(|column| u16::try_from(column).ok())
                .unwrap_or(0);
            notes.entry((row, column)).or_default().push(finding);
        }
        write(&mut workbook, sheet, &notes, &mut used, language)?;
    }
    if sheets.is_empty() {
        let alone = Sheet::named("Boucle");
        let notes = BTreeMap::from([((0, 0), of_file)]);
        write(&mut workbook, &alone, &notes, &mut used, language)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// The first filled column of a row.
fn first_column(sheet: &Sheet, number: u32) -> Option<u32> {
    let at = sheet
        .rows
        .binary_search_by_key(&number, |row| row.number)
        .ok()?;
    sheet.rows[at].cells.first().map(|(column, _)| *column)
}

fn write(
    workbook: &mut Workbook,
    sheet: &Sheet,
    notes: &BTreeMap<(u32, u16), Vec<&Diagnostic>>,
    used: &mut Vec<String>,
    language: Language,
) -> Result<(), WriteError> {
    let worksheet = workbook.add_worksheet();
    worksheet.set_name(name(&sheet.name, used))?;
    if sheet.hidden {
        worksheet.set_hidden(true);
    }
    let plain = Format::new();
    for row in &sheet.rows {
        for (column, text) in &row.cells {
            let (Some(at), Ok(column)) = (row.number.checked_sub(1), u16::try_from(*column)) else {
                continue;
            };
            let format = notes.get(&(at, column)).map(|found| colour(found));
            let format = format.as_ref().unwrap_or(&plain);
            // A number of the file stays one, but no code of leading zeros becomes one.
            match text.parse::<f64>() {
                Ok(number) if format_number(number) == *text && text.len() < 16 => {
                    worksheet.write_number_with_format(at, column, number, format)?;
                }
                _ => {
                    worksheet.write_string_with_format(at, column, guarded(text), format)?;
                }
            }
        }
    }
    for (&(row, column), found) in notes {
        let empty = row
            .checked_add(1)
            .and_then(|number| {
                sheet
                    .rows
                    .binary_search_by_key(&number, |row| row.number)
                    .ok()
            })
            .is_none_or(|at| sheet.rows[at].text(u32::from(column)).is_empty());
        if empty {
            worksheet.write_blank(row, column, &colour(found))?;
        }
        let text: Vec<String> = found
            .iter()
            .map(|finding| match finding.place.sheet == sheet.name {
                true => comment(finding, language),
                false => format!("{}{}", elsewhere(finding), comment(finding, language)),
            })
            .collect();
        let text: String = text.join("\n\n").chars().take(NOTE_CHARACTERS).collect();
        let lines = text.chars().count() / 45 + text.matches('\n').count() + 1;
        let note = Note::new(text)
            .set_author("Boucle")
            .add_author_prefix(false)
            .set_width(340)
            .set_height(u32::try_from(lines.min(30)).unwrap_or(30) * 18 + 12);
        worksheet.insert_note(row, column, &note)?;
    }
    Ok(())
}

/// A name that a sheet may bear and none bears yet.
fn name(wanted: &str, used: &mut Vec<String>) -> String {
    let plain: String = wanted
        .chars()
        .map(|character| {
            if "[]:*?/\\".contains(character) {
                ' '
            } else {
                character
            }
        })
        .collect();
    let plain = plain.trim().trim_matches('\'');
    let plain = if plain.is_empty() { "Boucle" } else { plain };
    let mut number = 1;
    loop {
        let tail = if number == 1 {
            String::new()
        } else {
            format!(" ({number})")
        };
        let head: String = plain.chars().take(NAME_CHARACTERS - tail.len()).collect();
        let name = format!("{head}{tail}");
        if !used.iter().any(|other| other.eq_ignore_ascii_case(&name)) {
            used.push(name.clone());
            return name;
        }
        number += 1;
    }
}

/// Red for an error, orange for a warning, blue for a note.
fn colour(found: &[&Diagnostic]) -> Format {
    let worst = found.iter().map(|finding| finding.severity).max();
    Format::new().set_background_color(match worst {
        Some(Severity::Error) => Color::RGB(0x00F8_CBAD),
        Some(Severity::Warning) => Color::RGB(0x00FF_E699),
        _ => Color::RGB(0x00DD_EBF7),
    })
}

/// Where a finding of a file that accompanies this one stands: `etablissements.csv C3 `.
fn elsewhere(finding: &Diagnostic) -> String {
    let place = &finding.place;
    match place.row {
        0 => String::new(),
        row => format!("{} {}{row} ", place.sheet, place.column),
    }
}

/// `E1101 : unité non reconnue` and what to write instead.
fn comment(finding: &Diagnostic, language: Language) -> String {
    let cause = finding.cause.in_language(language);
    let fix = finding.fix.in_language(language);
    let mark = if language == Language::Fr { " :" } else { ":" };
    format!("{}{mark} {cause}\n→ {fix}", finding.code)
}
