//! Workbooks of LibreOffice, streamed: repeated rows and cells are never unrolled beyond what holds
//! something.

use std::collections::BTreeSet;

use boucle_domain::units::written::format_number;
use quick_xml::events::{BytesStart, Event};

use crate::limits;
use crate::packed::Archive;
use crate::sheet::{Area, Sheet};
use crate::xml::{Broken, attribute, reader};

/// Most times a filled row or cell that is said to repeat is repeated.
const REPEATED: u32 = 1000;

/// The sheets of a workbook.
pub(crate) fn opened(archive: &mut Archive) -> Result<Vec<Sheet>, Broken> {
    let mut reader = reader(archive.by_name("content.xml")?);
    let mut buffer = Vec::new();
    let mut sheets = Vec::new();
    let mut table: Option<Table> = None;
    let (mut style, mut undisplayed) = (String::new(), BTreeSet::new());
    let mut filled = 0;
    loop {
        let event = reader.read_event_into(&mut buffer)?;
        match &event {
            Event::Start(element) => match element.local_name().as_ref() {
                "style" => style = attribute(element, "name").unwrap_or_default(),
                "table-properties" if attribute(element, "display").as_deref() == Some("false") => {
                    undisplayed.insert(std::mem::take(&mut style));
                }
                "encryption-data" => return Err(Broken),
                "table" if table.is_none() => {
                    let name = attribute(element, "name").unwrap_or_default();
                    let of_style = attribute(element, "style-name").unwrap_or_default();
                    let mut new = Table::new(&name);
                    new.sheet.hidden = undisplayed.contains(&of_style);
                    table = Some(new);
                }
                _ => {
                    if let Some(table) = &mut table {
                        table.start(element);
                    }
                }
            },
            Event::End(element) => {
                let name = element.local_name();
                match (name.as_ref(), table.as_mut()) {
                    ("table", Some(open)) if open.sub_tables == 0 => {
                        sheets.extend(table.take().map(|table| table.sheet));
                    }
                    (name, Some(open)) => open.end(name, &mut filled),
                    _ => {}
                }
            }
            Event::Text(text) => table.iter_mut().for_each(|table| table.text(text)),
            Event::CData(text) => table.iter_mut().for_each(|table| table.text(text)),
            Event::GeneralRef(reference) => {
                let character = match reference.as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref()?,
                };
                if let (Some(table), Some(character)) = (&mut table, character) {
                    table.text(character.encode_utf8(&mut [0; 4]));
                }
            }
            Event::Eof => {
                return if table.is_none() {
                    Ok(sheets)
                } else {
                    Err(Broken)
                };
            }
            _ => {}
        }
        buffer.clear();
    }
}

/// A table being read.
struct Table {
    sheet: Sheet,
    sub_tables: usize,
    row: u32,
    row_repeats: u32,
    row_is_hidden: bool,
    cells: Vec<(u32, String)>,
    column: u32,
    columns_declared: u32,
    cell_repeats: u32,
    cell: Option<String>,
    value: Option<String>,
    paragraphs: usize,
    in_annotation: bool,
}

impl Table {
    fn new(name: &str) -> Table {
        Table {
            sheet: Sheet::named(name),
            sub_tables: 0,
            row: 0,
            row_repeats: 1,
            row_is_hidden: false,
            cells: Vec::new(),
            column: 0,
            columns_declared: 0,
            cell_repeats: 1,
            cell: None,
            value: None,
            paragraphs: 0,
            in_annotation: false,
        }
    }

    fn start(&mut self, element: &BytesStart) {
        let number =
            |name: &str| attribute(element, name).and_then(|text| text.parse::<u32>().ok());
        let hidden = || {
            matches!(
                attribute(element, "visibility").as_deref(),
                Some("collapse" | "filter")
            )
        };
        match element.local_name().as_ref() {
            "table" => self.sub_tables += 1,
            "table-column" => {
                let first = self.columns_declared;
                let repeats = number("number-columns-repeated").unwrap_or(1).max(1);
                self.columns_declared = first.saturating_add(repeats);
                if hidden() && first < limits::COLUMNS {
                    let last = self.columns_declared.min(limits::COLUMNS) - 1;
                    self.sheet.hidden_columns.push((first, last));
                }
            }
            "table-row" => {
                self.row_repeats = number("number-rows-repeated").unwrap_or(1).max(1);
                self.row_is_hidden = hidden();
                self.column = 0;
                self.cells.clear();
            }
            "table-cell" | "covered-table-cell" => {
                self.cell_repeats = number("number-columns-repeated").unwrap_or(1).max(1);
                self.cell = Some(String::new());
                self.paragraphs = 0;
                self.value = typed_value(element);
                let (across, down) = (
                    number("number-columns-spanned").unwrap_or(1),
                    number("number-rows-spanned").unwrap_or(1),
                );
                if (across > 1 || down > 1) && self.sheet.merged.len() < limits::MERGED_AREAS {
                    self.sheet.merged.push(Area {
                        top: self.row.saturating_add(1),
                        bottom: self.row.saturating_add(down.max(1)),
                        left: self.column,
                        right: self.column.saturating_add(across.max(1) - 1),
                    });
                }
            }
            "annotation" => self.in_annotation = true,
            "p" => {
                if self.paragraphs > 0 {
                    self.text("\n");
                }
                self.paragraphs += usize::from(!self.in_annotation);
            }
            "s" => self.text(" "),
            "tab" => self.text("\t"),
            "line-break" => self.text("\n"),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_annotation || self.paragraphs == 0 {
            return;
        }
        if let Some(cell) = &mut self.cell {
            cell.push_str(text);
        }
    }

    fn end(&mut self, name: &str, filled: &mut usize) {
        match name {
            "table" => self.sub_tables = self.sub_tables.saturating_sub(1),
            "annotation" => self.in_annotation = false,
            "table-cell" | "covered-table-cell" => {
                let shown = self.cell.take().unwrap_or_default();
                let failed = shown.starts_with('#') || shown.starts_with("Err:");
                let text = match self.value.take() {
                    Some(value) if !failed => value,
                    _ => shown,
                };
                if !text.trim().is_empty() {
                    for at in 0..self.cell_repeats.min(REPEATED) {
                        let column = self.column.saturating_add(at);
                        if column < limits::COLUMNS {
                            self.cells.push((column, text.clone()));
                        }
                    }
                }
                self.column = self.column.saturating_add(self.cell_repeats);
            }
            "table-row" => {
                if !self.cells.is_empty() {
                    for at in 0..self.row_repeats.min(REPEATED) {
                        let number = self.row.saturating_add(at + 1);
                        if number > limits::ROWS || *filled >= limits::CELLS {
                            self.sheet.cut = true;
                            break;
                        }
                        *filled += self.cells.len();
                        for (column, text) in &self.cells {
                            self.sheet.push(number, *column, text);
                        }
                        if self.row_is_hidden {
                            self.sheet.hidden_rows.push(number);
                        }
                    }
                }
                self.row = self.row.saturating_add(self.row_repeats);
            }
            _ => {}
        }
    }
}

/// The value of a cell, where its text is only how it is shown.
fn typed_value(element: &BytesStart) -> Option<String> {
    match attribute(element, "value-type")?.as_str() {
        "float" | "currency" | "percentage" => {
            let value = attribute(element, "value")?.parse::<f64>().ok()?;
            value.is_finite().then(|| format_number(value))
        }
        "date" => attribute(element, "date-value").map(|day| day.chars().take(10).collect()),
        "boolean" => attribute(element, "boolean-value"),
        _ => None,
    }
}
