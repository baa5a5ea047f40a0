//! What a file is, by its content and never by its name.

use boucle_domain::diagnostic::Code;
use boucle_domain::text::Text;
use boucle_domain::validate::Finding;

use crate::encoding::utf16_without_mark;
use crate::limits;
use crate::sheet::Sheet;
use crate::{csv, packed, xls};

/// Signature of the old binary Office formats.
const OLE2: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Whether files of so many bytes may be read together.
pub(crate) fn within_limits(sizes: impl Iterator<Item = usize>) -> Result<(), Box<Finding>> {
    let (files, bytes) = sizes.fold((0, 0usize), |(files, bytes), size| {
        (files + 1, bytes.saturating_add(size))
    });
    let (limit, size) = (limits::FILE_BYTES >> 20, bytes >> 20);
    if files > limits::FILES {
        return Err(too_large(
            format!(
                "{files} fichiers sont donnés, la limite est de {}",
                limits::FILES
            ),
            format!("{files} files are given, the limit is {}", limits::FILES),
        ));
    }
    if bytes <= limits::FILE_BYTES {
        return Ok(());
    }
    Err(match files {
        1 => too_large(
            format!("le fichier fait {size} Mio, la limite est de {limit}"),
            format!("the file has {size} MiB, the limit is {limit}"),
        ),
        _ => too_large(
            format!("les {files} fichiers font {size} Mio ensemble, la limite est de {limit}"),
            format!("the {files} files have {size} MiB together, the limit is {limit}"),
        ),
    })
}

/// The cells of all files together are too many.
pub(crate) fn too_many_cells(filled: usize) -> Box<Finding> {
    let limit = limits::CELLS;
    too_large(
        format!("{filled} cellules remplies en tout, la limite est de {limit}"),
        format!("{filled} filled cells in all, the limit is {limit}"),
    )
}

/// The name of a file, told apart from those that bear it already.
pub(crate) fn free_name(name: &str, taken: &[String]) -> String {
    let free = |name: &String| !taken.contains(name);
    let numbered = (2..).map(|number| format!("{name} ({number})"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(free)
        .unwrap_or_default()
}

/// The sheets of a file, or why it cannot be read; `unpacked`: bytes that workbooks may still unpack to.
pub(crate) fn sheets(
    bytes: &[u8],
    file_name: &str,
    unpacked: &mut u64,
) -> Result<Vec<Sheet>, Box<Finding>> {
    if bytes.starts_with(b"PK\x03\x04") {
        return packed::sheets(bytes, unpacked);
    }
    if bytes.starts_with(&OLE2) {
        return xls::sheets(bytes);
    }
    if bytes.is_empty() {
        return Err(unreadable("le fichier est vide", "the file is empty"));
    }
    let marked = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    if bytes.contains(&0) && !marked && utf16_without_mark(bytes).is_none() {
        return Err(unreadable(
            "ce n'est ni un classeur xlsx, xls ou ods, ni un texte",
            "this is neither a workbook (xlsx, xls, ods) nor text",
        ));
    }
    if is_markup(bytes) {
        return Err(unreadable(
            "c'est une page HTML ou XML, quel que soit son nom : ouvrez-la dans le tableur",
            "this is an HTML or XML page, whatever its name: open it in the spreadsheet",
        ));
    }
    Ok(vec![csv::sheet(bytes, file_name)?])
}

/// The bytes, if they are no workbook.
pub(crate) fn text(bytes: &[u8]) -> Option<&[u8]> {
    let is_workbook = bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&OLE2);
    (!is_workbook).then_some(bytes)
}

/// Whether the text is a page of markup: exports of management software are often such pages under
/// the name of a workbook.
fn is_markup(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let start: Vec<u8> = start
        .iter()
        .skip_while(|byte| byte.is_ascii_whitespace())
        .take(16)
        .map(u8::to_ascii_lowercase)
        .collect();
    [
        "<html",
        "<!doctype",
        "<?xml",
        "<table",
        "<meta",
        "<head",
        "<div",
    ]
    .iter()
    .any(|mark| start.starts_with(mark.as_bytes()))
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
