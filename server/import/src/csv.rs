//! Text with separators: UTF-8, with or without its mark; `;`, comma or tab.

use boucle_domain::diagnostic::Code;
use boucle_domain::text::Text;
use boucle_domain::validate::Finding;

use crate::limits;
use crate::sheet::{Sheet, SheetRow};
use crate::sniff::unreadable;

/// The sheet of a csv.
pub(crate) fn sheet(bytes: &[u8], file_name: &str) -> Result<Sheet, Box<Finding>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut sheet = Sheet {
        name: file_name.to_owned(),
        ..Sheet::default()
    };
    // Spreadsheets count rows; the text has lines, of which a quoted cell may hold several.
    let mut lines = Lines {
        text: text.as_bytes(),
        until: 0,
        ended: 0,
    };
    let mut extra_lines = 0;
    let mut filled = 0;
    for record in reader.records() {
        let record = record.map_err(|_| {
            unreadable(
                "le texte n'est pas un csv régulier",
                "the text is no regular csv",
            )
        })?;
        let start = record.position().map_or(0, |position| position.byte());
        let line = lines.before(usize::try_from(start).unwrap_or(usize::MAX)) + 1;
        let number = u32::try_from(line.saturating_sub(extra_lines)).unwrap_or(u32::MAX);
        extra_lines += record
            .iter()
            .map(|cell| cell.matches('\n').count())
            .sum::<usize>();
        if number > limits::ROWS || filled > limits::CELLS {
            sheet.cut = true;
            break;
        }
        let cells: Vec<(u32, String)> = (0..limits::COLUMNS)
            .zip(record.iter())
            .map(|(column, cell)| (column, cell.trim()))
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(column, cell)| (column, cell.to_owned()))
            .collect();
        filled += cells.len();
        if !cells.is_empty() {
            sheet.rows.push(SheetRow { number, cells });
        }
    }
    Ok(sheet)
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

/// The separator that stands most often in the first line that holds any, outside quotes.
fn delimiter(text: &str) -> u8 {
    for line in text.lines().take(10) {
        let mut counts = [(b';', 0), (b'\t', 0), (b',', 0)];
        let mut quoted = false;
        for byte in line.bytes() {
            if byte == b'"' {
                quoted = !quoted;
            }
            for (mark, count) in &mut counts {
                if byte == *mark && !quoted {
                    *count += 1;
                }
            }
        }
        // Of equal counts the first of the list: the separator of French spreadsheets.
        let mut best = counts[0];
        for candidate in &counts[1..] {
            if candidate.1 > best.1 {
                best = *candidate;
            }
        }
        if best.1 > 0 {
            return best.0;
        }
    }
    b';'
}

fn not_utf8(bytes: &[u8], valid: usize) -> Box<Finding> {
    let line = bytes[..valid].iter().filter(|&&byte| byte == b'\n').count() + 1;
    let cause = if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        Text::new("le texte est en UTF-16", "the text is in UTF-16")
    } else {
        Text::new(
            format!("la ligne {line} contient des octets qui ne sont pas de l'UTF-8"),
            format!("line {line} holds bytes that are not UTF-8"),
        )
    };
    let fix = Text::new(
        "enregistrez en « CSV UTF-8 » ou en xlsx",
        "save as \"CSV UTF-8\" or as xlsx",
    );
    Box::new(Finding::new(Code::E1008, None, "", cause, fix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_row(text: &str) -> Vec<String> {
        sheet(text.as_bytes(), "f").unwrap().rows[0]
            .cells
            .iter()
            .map(|(_, cell)| cell.clone())
            .collect()
    }

    #[test]
    fn the_separator_is_the_most_frequent_of_the_headings() {
        assert_eq!(first_row("a;b;c\n1,5;2;3"), ["a", "b", "c"]);
        assert_eq!(first_row("a,b\n1,2"), ["a", "b"]);
        assert_eq!(first_row("a\tb, c\n"), ["a", "b, c"]);
        assert_eq!(first_row("\"a;b\",c\n"), ["a;b", "c"]);
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

    #[test]
    fn text_that_is_not_utf8_is_told_with_its_line() {
        let finding = sheet(b"a;b\n\xE9t\xE9;1\n", "f").unwrap_err();
        assert_eq!(finding.code, Code::E1008);
        assert!(finding.cause.fr.contains("ligne 2"));
    }
}
