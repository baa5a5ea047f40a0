//! What must hold of any bytes a stranger sends: no panic, no growth beyond the limits, and no answer
//! that contradicts itself. [`import`], [`recognise`] and [`write()`] each take bytes and panic when it
//! does not hold; `libfuzzer` looks for such bytes, and the tests try again what it kept in `corpus`.

mod packed;
mod texts;
mod written;

use std::sync::LazyLock;

use boucle_domain::id::ZoneId;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::text::Language;
use boucle_import::{Context, annotate, limits};
use jiff::civil::{Date, date};

pub use texts::recognise;
pub use written::write;

/// The embedded catalogue.
pub(crate) static KNOWLEDGE: LazyLock<Knowledge> =
    LazyLock::new(|| Knowledge::embedded().expect("the embedded tables hold together"));

/// Day on which everything is read, so that the same bytes do the same on any day.
const DAY: Date = date(2026, 11, 30);

pub(crate) fn context() -> Context<'static> {
    Context::new(&KNOWLEDGE, DAY, ZoneId::new("fuzz"))
}

/// Reads a file of any kind, and marks it up.
///
/// The first byte says how the rest becomes a file: as it stands, or as the text of a sheet inside
/// a workbook, since no change of packed bytes would ever reach what is inside; and what is done
/// beside reading it once.
///
/// # Panics
/// When something does not hold.
pub fn import(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else {
        return;
    };
    let (file, name) = match kind % 4 {
        0 => (rest.to_vec(), "fuzz.csv"),
        1 => (packed::xlsx(rest), "fuzz.xlsx"),
        2 => (packed::ods(rest), "fuzz.ods"),
        _ => (rest.to_vec(), "fuzz.xls"),
    };
    let reading = boucle_import::read(&file, name, &context());
    for finding in &reading.findings {
        let longest = finding.value.chars().count();
        assert!(longest <= 1_000, "a finding repeats {longest} characters");
        assert!(!finding.cause.fr.is_empty() && !finding.cause.en.is_empty());
    }
    assert!(reading.rows <= limits::LINES as usize);
    // Now and then, for each takes as long as the reading.
    match kind >> 6 {
        2 => {
            let marked = annotate(&file, name, &reading.findings, Language::Fr);
            assert!(marked.is_ok(), "a copy could not be marked up");
        }
        3 => {
            let again = boucle_import::read(&file, name, &context());
            let same = again.findings == reading.findings;
            assert!(same, "read twice, told twice differently");
        }
        _ => {}
    }
}
