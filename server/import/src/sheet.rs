//! A sheet as rows of text, whatever file it came from.

/// A sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sheet {
    /// Its name as findings give it: the name of the file for a csv, `[file] sheet` in a workbook that
    /// accompanies another file.
    pub name: String,
    /// It is of a file that accompanies another: bytes of its name before its own.
    pub accompanies: Option<usize>,
    /// Its rows, empty ones left out, in the order of their numbers.
    pub rows: Vec<SheetRow>,
    /// More rows than are read stand in it.
    pub cut: bool,
    /// The whole sheet is hidden.
    pub hidden: bool,
    /// Numbers of the rows that are hidden and hold something.
    pub hidden_rows: Vec<u32>,
    /// Columns (from 0) that are hidden, first and last of each run.
    pub hidden_columns: Vec<(u32, u32)>,
    /// Cells joined into one; the text stands in the first.
    pub merged: Vec<Area>,
    /// It is a text: its name is that of the file, and decides nothing.
    pub is_text: bool,
    /// It is a text whose cells are separated by commas.
    pub is_comma_separated: bool,
    /// The encoding of a text that had to be told from its letters.
    pub told_by_letters: Option<&'static str>,
}

/// A row that holds something.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SheetRow {
    /// As the spreadsheet counts, from 1.
    pub number: u32,
    /// Column (from 0) and text of the cells that are not empty, from left to right.
    pub cells: Vec<(u32, String)>,
}

impl SheetRow {
    /// The text of a column; empty when nothing stands there.
    pub fn text(&self, column: u32) -> &str {
        self.cells
            .binary_search_by_key(&column, |(column, _)| *column)
            .map_or("", |at| self.cells[at].1.as_str())
    }
}

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Area {
    /// First row, as the spreadsheet counts.
    pub top: u32,
    /// Last row.
    pub bottom: u32,
    /// First column, from 0.
    pub left: u32,
    /// Last column.
    pub right: u32,
}

impl Sheet {
    /// A sheet that holds nothing yet.
    pub fn named(name: &str) -> Sheet {
        Sheet {
            name: name.to_owned(),
            ..Sheet::default()
        }
    }

    /// Marks the sheet as one of a file that accompanies another, and names the file in its name.
    pub fn accompany(&mut self, file: &str) {
        let before = match self.is_text {
            true => String::new(),
            false => format!("[{file}] "),
        };
        self.accompanies = Some(before.len());
        self.name.insert_str(0, &before);
    }

    /// Whether it is of a file that accompanies another.
    pub fn accompanies_a_file(&self) -> bool {
        self.accompanies.is_some()
    }

    /// Its name in its own file.
    pub fn own_name(&self) -> &str {
        self.name
            .get(self.accompanies.unwrap_or(0)..)
            .unwrap_or_default()
    }

    /// Filled cells.
    pub fn filled(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).sum()
    }

    /// Adds a cell; rows usually come in order, and [`Sheet::in_order`] sees to it when they do not.
    pub fn push(&mut self, number: u32, column: u32, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        match self.rows.last_mut() {
            Some(last) if last.number == number => last.cells.push((column, text.to_owned())),
            _ => self.rows.push(SheetRow {
                number,
                cells: vec![(column, text.to_owned())],
            }),
        }
    }

    /// Sets rows and cells in order, whatever order a hostile file gave them in.
    pub fn in_order(&mut self) {
        if !self.rows.is_sorted_by(|a, b| a.number < b.number) {
            self.rows.sort_by_key(|row| row.number);
            self.rows.dedup_by(|later, kept| {
                let same = later.number == kept.number;
                if same {
                    kept.cells.append(&mut later.cells);
                }
                same
            });
        }
        for row in &mut self.rows {
            if !row.cells.is_sorted_by(|a, b| a.0 < b.0) {
                row.cells.sort_by_key(|(column, _)| *column);
                row.cells.dedup_by_key(|(column, _)| *column);
            }
        }
        let rows = &self.rows;
        self.hidden_rows
            .retain(|number| rows.binary_search_by_key(number, |row| row.number).is_ok());
    }
}

/// The letters of a column counted from 0: `A`, `Z`, `AA`.
pub(crate) fn letters(column: u32) -> String {
    let mut rest = column + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// The column of letters; `None` when they are none.
pub(crate) fn column_of_letters(letters: &str) -> Option<u32> {
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    letters
        .bytes()
        .try_fold(0u32, |column, byte| {
            let letter = byte.to_ascii_uppercase();
            letter
                .is_ascii_uppercase()
                .then(|| column * 26 + u32::from(letter - b'A') + 1)
        })
        .map(|column| column - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_do() {
        for (column, expected) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
        ] {
            assert_eq!(letters(column), expected);
            assert_eq!(column_of_letters(&expected.to_lowercase()), Some(column));
        }
        assert_eq!(column_of_letters("A1"), None);
        assert_eq!(column_of_letters(""), None);
    }

    #[test]
    fn rows_and_cells_given_in_any_order_end_in_order() {
        let mut sheet = Sheet::named("f");
        for (row, column, text) in [
            (2, 1, "d"),
            (1, 1, "b"),
            (2, 0, "c"),
            (1, 0, "a"),
            (1, 0, "x"),
        ] {
            sheet.push(row, column, text);
        }
        sheet.in_order();
        let texts: Vec<&str> = sheet
            .rows
            .iter()
            .flat_map(|row| row.cells.iter().map(|(_, text)| text.as_str()))
            .collect();
        assert_eq!(texts, ["a", "b", "c", "d"]);
        assert_eq!(sheet.rows[0].text(1), "b");
        assert_eq!(sheet.rows[0].text(9), "");
    }
}
