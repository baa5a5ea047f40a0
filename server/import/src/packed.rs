//! Archives of XML: workbooks of Excel and of LibreOffice. Nothing in the file is trusted: what it
//! unpacks to is counted before any of it is read.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use boucle_domain::validate::Finding;

use crate::limits;
use crate::sheet::Sheet;
use crate::sniff::{too_large, unreadable};
use crate::xml::Broken;
use crate::{ods, xlsx};

/// An archive in memory.
pub(crate) type Archive<'b> = zip::ZipArchive<Cursor<&'b [u8]>>;

/// The sheets of a workbook; `unpacked`: bytes that it may unpack to, less those it did.
///
/// # Errors
/// Why it cannot be read, as a finding.
pub(crate) fn sheets(bytes: &[u8], unpacked: &mut u64) -> Result<Vec<Sheet>, Box<Finding>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let has = |name: &str| archive.index_for_name(name).is_some();
    let (is_excel, is_open) = (has("xl/workbook.xml"), has("content.xml"));
    if !is_excel && has("xl/workbook.bin") {
        return Err(unreadable(
            "c'est un classeur binaire d'Excel (xlsb)",
            "this is a binary workbook of Excel (xlsb)",
        ));
    }
    unpacked_within_limits(&mut archive, unpacked)?;
    if !is_excel && !is_open {
        return Err(broken());
    }
    let read = catch_unwind(AssertUnwindSafe(|| {
        if is_excel {
            xlsx::opened(bytes, &mut archive)
        } else {
            ods::opened(&mut archive)
        }
    }));
    match read {
        Ok(Ok(mut sheets)) => {
            sheets.iter_mut().for_each(Sheet::in_order);
            Ok(sheets)
        }
        Ok(Err(Broken)) | Err(_) => Err(broken()),
    }
}

/// The workbook cannot be read at all.
pub(crate) fn broken() -> Box<Finding> {
    unreadable(
        "le classeur est abîmé, tronqué ou protégé par un mot de passe, ou n'est pas un classeur",
        "the workbook is damaged, truncated or protected by a password, or is no workbook",
    )
}

/// Unpacks everything into nothing, counting; sizes written in the file may lie, this does not.
fn unpacked_within_limits(archive: &mut Archive, left: &mut u64) -> Result<(), Box<Finding>> {
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|_| broken())?;
        let mut counted = entry.take(*left + 1);
        let unpacked = std::io::copy(&mut counted, &mut std::io::sink()).map_err(|_| broken())?;
        *left = left.checked_sub(unpacked).ok_or_else(|| {
            let limit = limits::UNPACKED_BYTES >> 20;
            too_large(
                format!("décompressé, le classeur dépasse {limit} Mio"),
                format!("unpacked, the workbook exceeds {limit} MiB"),
            )
        })?;
    }
    Ok(())
}
