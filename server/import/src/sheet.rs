//! A sheet as rows of text, whatever file it came from.

/// A sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sheet {
    /// Its name; the name of the file for a csv.
    pub name: String,
    /// Its rows, empty ones left out.
    pub rows: Vec<SheetRow>,
    /// More rows than are read stand in it.
    pub cut: bool,
}

/// A row that holds something.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SheetRow {
    /// As the spreadsheet counts, from 1.
    pub number: u32,
    /// Column (from 0) and text of the cells that are not empty, from left to right.
    pub cells: Vec<(u32, String)>,
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
        }
    }
}
