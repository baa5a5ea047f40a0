//! Text with separators: `;`, comma, tab or `|`, told by which cuts the lines most evenly.

use boucle_domain::validate::Finding;

use crate::encoding::decoded;
use crate::limits;
use crate::sheet::{Sheet, SheetRow};
use crate::sniff::unreadable;

/// Separators, the one of French spreadsheets first.
const SEPARATORS: [u8; 4] = [b';', b'\t', b',', b'|'];
/// Lines looked at to tell the separator.
const LINES_LOOKED_AT: usize = 40;

/// The sheet of a text.
pub(crate) fn sheet(bytes: &[u8], file_name: &str) -> Result<Sheet, Box<Finding>> {
    let decoded = decoded(bytes)?;
    let text = decoded.text.as_ref();
    let mut sheet = Sheet {
        is_text: true,
        is_comma_separated: separator_of(text).0 == b',',
        told_by_letters: decoded.told_by_letters,
        ..Sheet::named(file_name)
    };
    let mut filled = 0;
    walk(text, &mut |number, record| {
        let cells: Vec<(u32, String)> = (0..limits::COLUMNS)
            .zip(record.iter())
            .map(|(column, cell)| (column, cell.trim()))
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(column, cell)| (column, cell.to_owned()))
            .collect();
        if number > limits::ROWS || filled > limits::CELLS {
            sheet.cut = true;
            return false;
        }
        filled += cells.len();
        if !cells.is_empty() {
            sheet.rows.push(SheetRow { number, cells });
        }
        true
    })?;
    Ok(sheet)
}

/// Gives each record of a text with the number of its row, until `visit` says that it is enough.
pub(crate) fn walk(
    text: &str,
    visit: &mut dyn FnMut(u32, &::csv::StringRecord) -> bool,
) -> Result<(), Box<Finding>> {
    let (separator, before) = separator_of(text);
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(&text.as_bytes()[before..]);
    // Spreadsheets count rows; the text has lines, of which a quoted cell may hold several.
    let mut lines = Lines {
        text: &text.as_bytes()[before..],
        until: 0,
        ended: 0,
    };
    let mut extra_lines = 0;
    let mut record = ::csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(_) => {
                return Err(unreadable(
                    "le texte n'est pas un csv régulier",
                    "the text is no regular csv",
                ));
            }
        }
        let start = record.position().map_or(0, |position| position.byte());
        let line = lines.before(usize::try_from(start).unwrap_or(usize::MAX)) + 1;
        let number = u32::try_from(line.saturating_sub(extra_lines)).unwrap_or(u32::MAX);
        // The cells of a record stand one behind the other: a search through all of them at once.
        extra_lines += record
            .as_slice()
            .bytes()
            .filter(|byte| *byte == b'\n')
            .count();
        if !visit(number, &record) {
            return Ok(());
        }
    }
}

/// Counts the lines that ended before a place of the text; asked from left to right.
struct Lines<'t> {
    text: &'t [u8],
    until: usize,
    ended: usize,
}

impl Lines<'_> {
    /// Lines ended before the first cell at or after byte `start`, blank lines included.
    fn before(&mut self, start: usize) -> usize {
        while let Some(&byte) = self.text.get(self.until) {
            if self.until >= start && byte != b'\n' && byte != b'\r' {
                break;
            }
            let alone = byte == b'\r' && self.text.get(self.until + 1) != Some(&b'\n');
            self.ended += usize::from(byte == b'\n' || alone);
            self.until += 1;
        }
        self.ended
    }
}

/// The separator of a text, and the bytes before its first row: Excel's own first line `sep=;` says
/// the separator, and is no row of the sheet.
fn separator_of(text: &str) -> (u8, usize) {
    let (said, before) = said_separator(text);
    (said.unwrap_or_else(|| separator(text)), before)
}

/// The separator of a first line `sep=;`, and the bytes of that line.
fn said_separator(text: &str) -> (Option<u8>, usize) {
    let line = text.lines().next().unwrap_or_default();
    let said = line
        .trim_matches('"')
        .to_ascii_lowercase()
        .strip_prefix("sep=")
        .and_then(|rest| rest.bytes().next());
    match said {
        Some(separator) if SEPARATORS.contains(&separator) => {
            let rest = text[line.len()..].trim_start_matches('\r');
            let rest = rest.strip_prefix('\n').unwrap_or(rest);
            (Some(separator), text.len() - rest.len())
        }
        _ => (None, 0),
    }
}

/// The separator that cuts most lines into the same number of cells. A decimal comma or a comma of a
/// sentence cuts them unevenly.
fn separator(text: &str) -> u8 {
    let mut counts = [const { Vec::<usize>::new() }; SEPARATORS.len()];
    for line in text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(LINES_LOOKED_AT)
    {
        let mut of_line = [0usize; SEPARATORS.len()];
        let mut quoted = false;
        for byte in line.bytes() {
            if byte == b'"' {
                quoted = !quoted;
            } else if !quoted && let Some(at) = SEPARATORS.iter().position(|mark| *mark == byte) {
                of_line[at] += 1;
            }
        }
        for (all, count) in counts.iter_mut().zip(of_line) {
            all.push(count);
        }
    }
    let score = |counts: &[usize]| {
        let widest = counts.iter().copied().max().unwrap_or(0);
        let of_modes = counts.iter().filter(|count| **count > 0).map(|mode| {
            let lines = counts.iter().filter(|count| *count == mode).count();
            lines * lines * (*mode).min(widest)
        });
        of_modes.max().unwrap_or(0)
    };
    let mut best = (0, SEPARATORS[0]);
    for (mark, counts) in SEPARATORS.into_iter().zip(&counts) {
        let score = score(counts);
        if score > best.0 {
            best = (score, mark);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_row(text: &str) -> Vec<String> {
        row(text, 0)
    }

    fn row(text: &str, at: usize) -> Vec<String> {
        sheet(text.as_bytes(), "f").unwrap().rows[at]
            .cells
            .iter()
            .map(|(_, cell)| cell.clone())
            .collect()
    }

    #[test]
    fn the_separator_is_the_one_that_cuts_the_lines_evenly() {
        assert_eq!(first_row("a;b;c\n1,5;2;3"), ["a", "b", "c"]);
        assert_eq!(first_row("a,b\n1,2"), ["a", "b"]);
        assert_eq!(first_row("a\tb, c\n"), ["a", "b, c"]);
        assert_eq!(first_row("\"a;b\",c\n"), ["a;b", "c"]);
        assert_eq!(first_row("a|b|c\n1|2|3"), ["a", "b", "c"]);
        // A title with commas above, decimal commas below.
        let text = "Zone nord, ouest, sud, est, centre\na;b\n1,5;2,5\n3,5;4,5\n";
        assert_eq!(row(text, 1), ["a", "b"]);
    }

    #[test]
    fn the_separator_that_excel_states_is_believed_and_its_line_is_no_row() {
        let sheet = sheet(b"sep=,\r\na,b;c\r\n1,2\r\n", "f").unwrap();
        let numbers: Vec<u32> = sheet.rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [1, 2]);
        assert_eq!(sheet.rows[0].text(1), "b;c");
    }

    #[test]
    fn rows_are_counted_as_the_spreadsheet_does() {
        let text = "\u{feff}a;b\n\n\"deux\nlignes\";x\n;\nc;d";
        for end in ["\n", "\r\n"] {
            let text = text.replace('\n', end);
            let sheet = sheet(text.as_bytes(), "f").unwrap();
            let numbers: Vec<u32> = sheet.rows.iter().map(|row| row.number).collect();
            assert_eq!(numbers, [1, 3, 5], "{end:?}");
        }
    }
}
