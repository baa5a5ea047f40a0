//! Workbooks of Excel: cells are streamed, so that no pair of distant cells reserves the rectangle
//! between them; what is merged or hidden is read beside.

mod layout;

use std::io::Cursor;

use boucle_domain::units::written::format_number;
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use crate::limits;
use crate::packed::Archive;
use crate::sheet::Sheet;
use crate::xml::Broken;

impl From<XlsxError> for Broken {
    fn from(_: XlsxError) -> Broken {
        Broken
    }
}

/// The sheets of a workbook, hidden ones without their cells.
pub(crate) fn opened(bytes: &[u8], archive: &mut Archive) -> Result<Vec<Sheet>, Broken> {
    let mut workbook = Xlsx::new(Cursor::new(bytes))?;
    let sheets: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    let parts = layout::parts(archive)?;
    let mut read = Vec::with_capacity(sheets.len());
    let mut filled = 0;
    for (name, hidden) in sheets {
        let mut sheet = Sheet {
            hidden,
            ..Sheet::named(&name)
        };
        let mut cells = workbook.worksheet_cells_reader(&name)?;
        while let Some(cell) = cells.next_cell()? {
            let (row, column) = cell.get_position();
            if row >= limits::ROWS || filled >= limits::CELLS {
                sheet.cut = true;
                break;
            }
            if column >= limits::COLUMNS {
                continue;
            }
            let text = text(cell.get_value());
            filled += usize::from(!text.is_empty());
            sheet.push(row + 1, column, &text);
        }
        drop(cells);
        if let Some(part) = parts.get(&name) {
            layout::read(archive, part, &mut sheet)?;
        }
        read.push(sheet);
    }
    Ok(read)
}

/// A cell as text: numbers with a point and no exponent, days year first.
fn text(cell: &DataRef) -> String {
    match cell {
        DataRef::Int(value) => value.to_string(),
        DataRef::Float(value) => format_number(*value),
        DataRef::String(value) => value.clone(),
        DataRef::SharedString(value) => (*value).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(value) => {
            let (year, month, day, ..) = value.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => value.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
