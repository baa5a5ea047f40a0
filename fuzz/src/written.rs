//! What is written to a sheet is read back the same, and no spreadsheet runs any of it.

use boucle_domain::text::Language;
use boucle_import::{Format, Mode, changes, export, read};

use crate::context;

/// Cells of a flow that the words of the bytes fill in, in this order.
const HEADINGS: &str =
    "firm;site;name;comment;counterpart;source;direction;resource;quantity;unit;period;waste_code";

/// Declares flows whose texts are the lines of the bytes, writes them in every form and language, and
/// reads them back.
///
/// # Panics
/// When something does not hold.
pub fn write(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut sheet = String::from(HEADINGS);
    for (row, words) in text.split('\n').take(64).enumerate() {
        let mut cells: Vec<String> = words.split('\t').take(6).map(quoted).collect();
        cells.resize(6, String::from("x"));
        let direction = if row % 2 == 0 { "output" } else { "input" };
        let quantity = words.len();
        sheet.push_str(&format!(
            "\n{};{direction};;{quantity},{row:03}5;t;an;{}",
            cells.join(";"),
            if row % 3 == 0 { "15 01 01" } else { "" }
        ));
    }
    let first = read(sheet.as_bytes(), "fuzz.csv", &context());
    if first.is_refused() {
        return;
    }
    for language in [Language::Fr, Language::En] {
        for format in [Format::Csv, Format::Xlsx] {
            let file = export(&first.declaration, language, format);
            let file = file.expect("what was declared can be written");
            if format == Format::Csv {
                nothing_runs(&file, language);
            }
            let again = read(&file, "fuzz", &context());
            assert!(
                again.declaration == first.declaration,
                "not read back as written: {:?}",
                changes(&first.declaration, &again.declaration, Mode::Replace)
            );
        }
    }
}

/// A cell of the text, whatever it holds.
fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

/// No cell begins as a formula does, unless it is a number.
fn nothing_runs(file: &[u8], language: Language) {
    let text = String::from_utf8_lossy(file);
    let mark = if language == Language::Fr { ';' } else { ',' };
    let mut quoted = false;
    let mut cell = String::new();
    for character in text.trim_start_matches('\u{feff}').chars() {
        match character {
            '"' => quoted = !quoted,
            end if !quoted && (end == mark || end == '\n' || end == '\r') => {
                may_stand(&cell);
                cell.clear();
            }
            other => cell.push(other),
        }
    }
    may_stand(&cell);
}

fn may_stand(cell: &str) {
    let number = cell.replace(',', ".").parse::<f64>().is_ok();
    let runs = cell.starts_with(['=', '+', '-', '@', '\t']) && !number;
    assert!(!runs, "a spreadsheet would run {cell:?}");
}
