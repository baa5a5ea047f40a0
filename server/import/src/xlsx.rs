//! Workbooks. Nothing in the file is trusted: what it unpacks to is counted before it is opened, cells
//! are streamed so that no pair of distant cells reserves the rectangle between them, and a fault of
//! the reading library is a finding.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use boucle_domain::units::written::format_number;
use boucle_domain::validate::Finding;
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};

use crate::limits;
use crate::sheet::{Sheet, SheetRow};
use crate::sniff::{too_large, unreadable};

/// The visible sheets of a workbook.
pub(crate) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Box<Finding>> {
    unpacked_within_limits(bytes)?;
    let read = catch_unwind(AssertUnwindSafe(|| opened(bytes)));
    match read {
        Ok(Ok(sheets)) => Ok(sheets),
        Ok(Err(_)) | Err(_) => Err(broken()),
    }
}

fn broken() -> Box<Finding> {
    unreadable(
        "le classeur est abîmé, tronqué, ou n'est pas au format xlsx",
        "the workbook is damaged, truncated, or not in the xlsx format",
    )
}

/// Unpacks everything into nothing, counting; sizes written in the file may lie, this does not.
fn unpacked_within_limits(bytes: &[u8]) -> Result<(), Box<Finding>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let mut left = limits::UNPACKED_BYTES;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|_| broken())?;
        let mut counted = entry.take(left + 1);
        let unpacked = std::io::copy(&mut counted, &mut std::io::sink()).map_err(|_| broken())?;
        left = left.checked_sub(unpacked).ok_or_else(|| {
            let limit = limits::UNPACKED_BYTES >> 20;
            too_large(
                format!("décompressé, le classeur dépasse {limit} Mio"),
                format!("unpacked, the workbook exceeds {limit} MiB"),
            )
        })?;
    }
    Ok(())
}

fn opened(bytes: &[u8]) -> Result<Vec<Sheet>, calamine::XlsxError> {
    let mut workbook = Xlsx::new(Cursor::new(bytes))?;
    let names: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut sheets = Vec::with_capacity(names.len());
    let mut filled = 0;
    for name in names {
        let mut sheet = Sheet {
            name: name.clone(),
            ..Sheet::default()
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
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            filled += 1;
            let number = row + 1;
            match sheet.rows.last_mut() {
                Some(last) if last.number == number => last.cells.push((column, text.to_owned())),
                _ => sheet.rows.push(SheetRow {
                    number,
                    cells: vec![(column, text.to_owned())],
                }),
            }
        }
        // A hostile file may give its cells in any order.
        sheet.rows.sort_by_key(|row| row.number);
        for row in &mut sheet.rows {
            row.cells.sort_by_key(|(column, _)| *column);
        }
        sheets.push(sheet);
    }
    Ok(sheets)
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
