//! Workbooks of the old binary format. Its records are looked through first, so that what the file
//! claims to hold cannot reserve more than it holds.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use boucle_domain::units::written::format_number;
use boucle_domain::validate::Finding;
use calamine::{Data, Reader, SheetVisible, Xls};

use crate::limits;
use crate::packed::broken;
use crate::sheet::{Area, Sheet};
use crate::sniff::{too_large, unreadable};

/// The sheets of a workbook.
///
/// # Errors
/// Why it cannot be read, as a finding.
pub(crate) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Box<Finding>> {
    let stream = stream(bytes)?;
    let layouts = layouts(&stream)?;
    let read = catch_unwind(AssertUnwindSafe(|| opened(bytes, layouts)));
    match read {
        Ok(Some(mut sheets)) => {
            sheets.iter_mut().for_each(Sheet::in_order);
            Ok(sheets)
        }
        Ok(None) | Err(_) => Err(broken()),
    }
}

/// The stream of records.
fn stream(bytes: &[u8]) -> Result<Vec<u8>, Box<Finding>> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| broken())?;
    if file.is_stream("/EncryptedPackage") {
        return Err(unreadable(
            "le classeur est protégé par un mot de passe",
            "the workbook is protected by a password",
        ));
    }
    let name = ["/Workbook", "/Book"]
        .into_iter()
        .find(|name| file.is_stream(name))
        .ok_or_else(|| {
            unreadable(
                "c'est un document de l'ancien Office, mais pas un classeur",
                "this is a document of the old Office, but no workbook",
            )
        })?;
    let mut stream = Vec::new();
    file.open_stream(name)
        .and_then(|opened| {
            opened
                .take(limits::FILE_BYTES as u64)
                .read_to_end(&mut stream)
        })
        .map_err(|_| broken())?;
    Ok(stream)
}

/// What is hidden in a sheet, by where its records start.
#[derive(Default)]
struct Layout {
    hidden_rows: Vec<u32>,
    hidden_columns: Vec<(u32, u32)>,
}

/// Looks through the records: sheets in the order of their names, each with what it hides.
fn layouts(stream: &[u8]) -> Result<Vec<Layout>, Box<Finding>> {
    let mut offsets: Vec<usize> = Vec::new();
    let mut found: Vec<(usize, Layout)> = Vec::new();
    let mut at = 0;
    let mut depth = 0;
    let mut extent = (0u32, 0u32);
    while let Some(header) = stream.get(at..at + 4) {
        let kind = u16::from_le_bytes([header[0], header[1]]);
        let length = usize::from(u16::from_le_bytes([header[2], header[3]]));
        let Some(data) = stream.get(at + 4..at + 4 + length) else {
            return Err(broken());
        };
        let word = |place: usize| {
            data.get(place..place + 2).map_or(0, |bytes| {
                u32::from(u16::from_le_bytes([bytes[0], bytes[1]]))
            })
        };
        match kind {
            // A sheet begins, or ends.
            0x0809 | 0x0009 | 0x0209 | 0x0409 => {
                if depth == 0 {
                    found.push((at, Layout::default()));
                    extent = (0, 0);
                }
                depth += 1;
            }
            0x000A => depth = usize::max(depth, 1) - 1,
            // Protected by a password.
            0x002F => {
                return Err(unreadable(
                    "le classeur est protégé par un mot de passe",
                    "the workbook is protected by a password",
                ));
            }
            0x0085 => {
                let bytes = data.get(..4).unwrap_or(&[0; 4]);
                offsets.push(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize);
            }
            // The extent that the sheet claims: the reading library reserves it.
            0x0200 => {
                let rows = match data.len() {
                    14 => word(4) | word(6) << 16,
                    _ => word(2),
                };
                let columns = if data.len() == 14 { word(10) } else { word(6) };
                within(rows, columns)?;
            }
            // Cells, by row and column.
            0x0203 | 0x0204 | 0x0205 | 0x00FD | 0x027E | 0x0006 | 0x00D6 | 0x00BD | 0x0201
            | 0x00BE => {
                extent = (extent.0.max(word(0) + 1), extent.1.max(word(2) + 1));
                within(extent.0, extent.1)?;
            }
            0x0208 if word(12) & 0x20 != 0 => {
                if let Some((_, layout)) = found.last_mut() {
                    layout.hidden_rows.push(word(0) + 1);
                }
            }
            0x007D if word(8) & 1 != 0 => {
                if let Some((_, layout)) = found.last_mut()
                    && word(0) <= word(2)
                {
                    layout
                        .hidden_columns
                        .push((word(0), word(2).min(limits::COLUMNS - 1)));
                }
            }
            _ => {}
        }
        at += 4 + length;
    }
    if depth > 0 {
        // The last sheet has no end: the file was cut off.
        return Err(broken());
    }
    Ok(offsets
        .into_iter()
        .map(|offset| {
            let at = found.iter().position(|(start, _)| *start == offset);
            at.map_or_else(Layout::default, |at| std::mem::take(&mut found[at].1))
        })
        .collect())
}

/// Whether the rectangle up to a cell may be held in memory.
fn within(rows: u32, columns: u32) -> Result<(), Box<Finding>> {
    if (rows as usize).saturating_mul(columns as usize) <= limits::CELLS {
        return Ok(());
    }
    Err(too_large(
        format!(
            "la feuille s'étend sur {rows} lignes et {columns} colonnes, trop pour un classeur xls"
        ),
        format!("the sheet spans {rows} rows and {columns} columns, too much for an xls workbook"),
    ))
}

fn opened(bytes: &[u8], layouts: Vec<Layout>) -> Option<Vec<Sheet>> {
    let mut workbook: Xls<_> = Xls::new(Cursor::new(bytes)).ok()?;
    let named: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    let mut layouts = layouts.into_iter();
    let mut sheets = Vec::with_capacity(named.len());
    for (name, hidden) in named {
        let layout = layouts.next().unwrap_or_default();
        let Ok(range) = workbook.worksheet_range(&name) else {
            continue;
        };
        let mut sheet = Sheet {
            hidden,
            hidden_rows: layout.hidden_rows,
            hidden_columns: layout.hidden_columns,
            ..Sheet::named(&name)
        };
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let row = top.saturating_add(u32::try_from(row).unwrap_or(u32::MAX));
            let column = left.saturating_add(u32::try_from(column).unwrap_or(u32::MAX));
            if column < limits::COLUMNS {
                sheet.push(row.saturating_add(1), column, &text(value));
            }
        }
        for merged in workbook
            .merge_cells_by_sheet_name(&name)
            .unwrap_or_default()
        {
            if sheet.merged.len() < limits::MERGED_AREAS {
                sheet.merged.push(Area {
                    top: merged.start.0.saturating_add(1),
                    bottom: merged.end.0.saturating_add(1),
                    left: merged.start.1,
                    right: merged.end.1,
                });
            }
        }
        sheets.push(sheet);
    }
    Some(sheets)
}

/// A cell as text: numbers with a point and no exponent, days year first.
fn text(cell: &Data) -> String {
    match cell {
        Data::Int(value) => value.to_string(),
        Data::Float(value) => format_number(*value),
        Data::String(value) => value.clone(),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(value) => {
            let (year, month, day, ..) = value.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTimeIso(value) | Data::DurationIso(value) => value.clone(),
        Data::Error(error) => error.to_string(),
        _ => String::new(),
    }
}
