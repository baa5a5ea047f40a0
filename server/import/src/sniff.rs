//! What a file is, by its content and never by its name.

use boucle_domain::diagnostic::Code;
use boucle_domain::text::Text;
use boucle_domain::validate::Finding;

use crate::csv;
use crate::limits;
use crate::sheet::Sheet;
use crate::xlsx;

/// Signature of the old binary Office formats.
const OLE2: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// The sheets of a file, or why it cannot be read.
pub(crate) fn sheets(bytes: &[u8], file_name: &str) -> Result<Vec<Sheet>, Box<Finding>> {
    if bytes.len() > limits::FILE_BYTES {
        return Err(too_large(
            format!(
                "le fichier fait {} Mio, la limite est de {}",
                bytes.len() >> 20,
                limits::FILE_BYTES >> 20
            ),
            format!(
                "the file has {} MiB, the limit is {}",
                bytes.len() >> 20,
                limits::FILE_BYTES >> 20
            ),
        ));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return xlsx::sheets(bytes);
    }
    if bytes.starts_with(&OLE2) {
        return Err(unreadable(
            "c'est un classeur de l'ancien format binaire (xls) ou protégé par un mot de passe",
            "this is a workbook of the old binary format (xls) or protected by a password",
        ));
    }
    if bytes.is_empty() {
        return Err(unreadable("le fichier est vide", "the file is empty"));
    }
    if bytes.contains(&0) && !bytes.starts_with(&[0xFF, 0xFE]) && !bytes.starts_with(&[0xFE, 0xFF])
    {
        return Err(unreadable(
            "ce n'est ni un classeur xlsx, ni un texte",
            "this is neither an xlsx workbook nor text",
        ));
    }
    Ok(vec![csv::sheet(bytes, file_name)?])
}

/// The file is not one that can be read.
pub(crate) fn unreadable(fr: &str, en: &str) -> Box<Finding> {
    let fix = Text::new(
        "enregistrez-le en xlsx ou en csv (UTF-8)",
        "save it as xlsx or csv (UTF-8)",
    );
    Box::new(Finding::new(Code::E1001, None, "", Text::new(fr, en), fix))
}

/// The file, or what it unpacks to, is beyond the limits.
pub(crate) fn too_large(fr: String, en: String) -> Box<Finding> {
    let fix = Text::new(
        "ôtez images et feuilles inutiles, ou déclarez en plusieurs fichiers",
        "remove pictures and sheets that are not needed, or declare in several files",
    );
    Box::new(Finding::new(Code::E1002, None, "", Text::new(fr, en), fix))
}
