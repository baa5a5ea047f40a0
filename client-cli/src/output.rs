//! Standard output for data, standard error for talk.

use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal, Write};

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use crate::failure::Result;

/// Columns of an output that is no terminal.
const FILE_WIDTH: u16 = 140;
/// Narrowest width a table is laid out for.
const NARROWEST: u16 = 60;

/// A line under the headings and one at each end, none between rows.
const LINES: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// Form in which results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// Tables for people
    #[default]
    Table,
    /// JSON
    Json,
    /// One row per result, separated by commas
    Csv,
}

/// Says something to the person at the terminal. If they are gone, nobody misses it.
pub fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", harmless(text));
}

/// Whether someone watches standard error.
pub fn watched() -> bool {
    io::stderr().is_terminal()
}

/// Standard output, buffered. Every write can find the reader gone.
pub struct Data(BufWriter<io::StdoutLock<'static>>);

impl Data {
    /// Takes standard output.
    pub fn open() -> Data {
        Data(BufWriter::new(io::stdout().lock()))
    }

    /// Writes a line.
    pub fn line(&mut self, text: &str) -> Result<()> {
        Ok(writeln!(self.0, "{}", harmless(text))?)
    }

    /// Writes bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.0.write_all(bytes)?)
    }

    /// Writes a table, unless it is empty.
    pub fn table(&mut self, table: &Table) -> Result<()> {
        // Trailing blanks are of no use to anybody, and a nuisance in files.
        for line in table.to_string().lines() {
            self.line(line.trim_end())?;
        }
        Ok(())
    }

    /// Ends the output.
    pub fn close(mut self) -> Result<()> {
        Ok(self.0.flush()?)
    }
}

/// Characters to a line.
pub fn width() -> u16 {
    let declared = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let terminal =
        || terminal_size::terminal_size_of(io::stdout()).map(|(terminal_size::Width(w), _)| w);
    declared
        .or_else(terminal)
        .unwrap_or(FILE_WIDTH)
        .max(NARROWEST)
}

/// An empty table with headings, laid out to the width of the terminal; columns named in `numbers`
/// are set flush right.
pub fn table(headings: &[&str], numbers: &[usize]) -> Table {
    let mut table = Table::new();
    table
        .load_style(LINES)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width())
        .set_header(headings);
    for &column in numbers {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// A text without control characters, so that a sheet cannot drive the terminal it is shown on.
fn harmless(text: &str) -> Cow<'_, str> {
    let harmful = |character: char| character.is_control() && !matches!(character, '\n' | '\t');
    match text.contains(harmful) {
        false => Cow::Borrowed(text),
        true => Cow::Owned(text.replace(harmful, "")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_sheet_cannot_drive_the_terminal() {
        assert_eq!(harmless("\u{1b}[2JAcme\r\n"), "[2JAcme\n");
        assert_eq!(harmless("Œufs"), "Œufs");
    }
}
