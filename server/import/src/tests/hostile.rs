//! No bytes make the importer panic, none exhausts the machine.

use std::io::{Cursor, Read, Write};

use boucle_domain::text::Language;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;

use super::*;

fn first_code(bytes: &[u8]) -> Option<Code> {
    read(bytes, "f", &context())
        .findings
        .first()
        .map(|finding| finding.code)
}

#[test]
fn what_is_no_sheet_is_told_as_such() {
    assert_eq!(first_code(b""), Some(Code::E1001));
    assert_eq!(
        first_code(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]),
        Some(Code::E1001)
    );
    assert_eq!(
        first_code(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        Some(Code::E1001)
    );
    assert_eq!(first_code(b"PK\x03\x04rest"), Some(Code::E1001));
    assert_eq!(first_code(b"\xFF\xFEa\0;"), Some(Code::E1008));
    assert_eq!(first_code(b"bonjour"), Some(Code::E1004));
    assert_eq!(
        first_code(&vec![b'a'; limits::FILE_BYTES + 1]),
        Some(Code::E1002)
    );
}

#[test]
fn a_text_without_end_is_not_told_back() {
    let reading = read(&vec![b'x'; 8 << 20], "f", &context());
    let mapping = reading.proposal.expect("a mapping to complete");
    assert_eq!(mapping.ignored, ["A"]);
    assert!(
        reading
            .findings
            .iter()
            .all(|finding| finding.value.len() < 1_000)
    );
}

#[test]
fn a_bomb_is_refused_before_it_is_opened() {
    let mut bomb = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let zeros = vec![0u8; 1 << 20];
    bomb.start_file("xl/workbook.xml", options).unwrap();
    for _ in 0..(limits::UNPACKED_BYTES >> 20) + 1 {
        bomb.write_all(&zeros).unwrap();
    }
    let bytes = bomb.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    assert_eq!(first_code(&bytes), Some(Code::E1002));
}

#[test]
fn two_distant_cells_do_not_reserve_the_rectangle_between_them() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "firm").unwrap();
    sheet.write_string(0, 1, "name").unwrap();
    sheet.write_string(1_048_575, 16_383, "loin").unwrap();
    let reading = read(&workbook.save_to_buffer().unwrap(), "f.xlsx", &context());
    assert!(codes(&reading.findings).contains(&Code::E1003));
}

#[test]
fn a_truncated_workbook_is_a_finding_at_every_length() {
    let bytes = template(Language::Fr, knowledge()).unwrap();
    for length in (0..bytes.len()).step_by(bytes.len() / 40 + 1) {
        let reading = read(&bytes[..length], "f.xlsx", &context());
        assert!(reading.is_refused(), "{length} bytes");
    }
}

/// A workbook of the test data.
fn sheet_of(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/sheets");
    std::fs::read(format!("{folder}/{name}")).unwrap()
}

#[test]
fn a_truncated_or_damaged_workbook_of_another_format_is_a_finding_and_never_panics() {
    for name in ["old.xls", "libre.ods"] {
        let bytes = sheet_of(name);
        assert!(!read(&bytes, name, &context()).is_refused());
        for length in (0..bytes.len()).step_by(bytes.len() / 40 + 1) {
            let reading = read(&bytes[..length], name, &context());
            assert!(reading.is_refused(), "{name}: {length} bytes");
        }
        for at in (0..bytes.len()).step_by(bytes.len() / 200 + 1) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0xFF;
            let _ = read(&damaged, name, &context());
        }
    }
}

#[test]
fn an_old_workbook_that_claims_a_vast_extent_is_refused_before_it_is_opened() {
    let mut bytes = sheet_of("old.xls");
    let mark = [0x00, 0x02, 0x0E, 0x00];
    let at = bytes.windows(4).position(|bytes| bytes == mark).unwrap();
    bytes[at + 8..at + 12].copy_from_slice(&[0xFF; 4]);
    bytes[at + 14..at + 16].copy_from_slice(&[0xFF; 2]);
    assert_eq!(first_code(&bytes), Some(Code::E1002));
}

#[test]
fn repeated_cells_and_rows_of_an_open_workbook_are_not_unrolled_beyond_the_limits() {
    let row = r#"<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>firm</text:p></table:table-cell></table:table-row>"#;
    let content = format!(
        "<d><table:table table:name=\"A\">{}</table:table></d>",
        row.repeat(200)
    );
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    packed
        .start_file("content.xml", SimpleFileOptions::default())
        .unwrap();
    packed.write_all(content.as_bytes()).unwrap();
    let reading = read(&packed.finish().unwrap().into_inner(), "f.ods", &context());
    assert!(reading.is_refused());
}

#[test]
fn a_damaged_workbook_never_panics() {
    let bytes = template(Language::En, knowledge()).unwrap();
    for at in (0..bytes.len()).step_by(bytes.len() / 60 + 1) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xFF;
        let _ = read(&damaged, "f.xlsx", &context());
    }
}

/// The workbook with some bytes of one of its parts changed, packed again without a fault.
fn with_changed_part(bytes: &[u8], part: usize, changes: &[(usize, u8)]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut changed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let chosen = part % archive.len();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if at == chosen {
            for (place, byte) in changes {
                let place = place % content.len().max(1);
                if let Some(target) = content.get_mut(place) {
                    *target = *byte;
                }
            }
        }
        changed
            .start_file(entry.name().unwrap(), SimpleFileOptions::default())
            .unwrap();
        changed.write_all(&content).unwrap();
    }
    changed.finish().unwrap().into_inner()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn no_content_of_a_workbook_panics(
        part in any::<usize>(),
        changes in prop::collection::vec((0usize..4000, prop::sample::select(b"<>/\"='0A9z\0\xff&;".to_vec())), 1..12),
    ) {
        static SAMPLE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
        let sample = SAMPLE.get_or_init(|| {
            let declaration = read_text(&FRENCH.replace("10 01 05; 10 01 02\n", "10 01 05\n")).declaration;
            export(&declaration, Language::Fr, Format::Xlsx).unwrap()
        });
        let _ = read(&with_changed_part(sample, part, &changes), "f.xlsx", &context());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes, "f", &context());
    }

    #[test]
    fn no_text_panics(text in "(firm;direction;name;quantity;unit;period;waste_code;profile\n)?[a-zé0-9;,\t\n\"'.=*:/ -]{0,200}") {
        let reading = read_text(&text);
        for format in [Format::Csv, Format::Xlsx] {
            prop_assert!(export(&reading.declaration, Language::Fr, format).is_ok());
        }
    }

    #[test]
    fn what_is_accepted_survives_the_round_trip(
        quantity in 0u32..100_000,
        unit in prop::sample::select(vec!["t", "kg", "m3", "kt", "q"]),
        period in prop::sample::select(vec!["an", "mois", "jour", "lot", "trimestre"]),
        density in 1u32..300,
        storage in 0u32..5_000,
        price in -500i32..500,
    ) {
        let text = format!(
            "firm;direction;name;resource;quantity;unit;period;density;storage_capacity;price;price_year\n\
             A;output;écorces;DON:bark;{quantity},25;{unit};{period};{},{:02};{storage};{price};2026\n",
            density / 100, density % 100
        );
        let first = read_text(&text);
        prop_assume!(!first.is_refused());
        for format in [Format::Csv, Format::Xlsx] {
            let again = read(&export(&first.declaration, Language::Fr, format).unwrap(), "f", &context());
            prop_assert_eq!(&again.declaration, &first.declaration);
        }
    }
}

#[test]
fn thousands_of_wrong_rows_are_told_in_reasonable_time() {
    let mut text = String::from("firm;direction;name;resource;quantity;unit;period\n");
    for row in 0..20_000 {
        text.push_str(&format!("F{row};output;n{row};DON:nope_at_all;12;to;an\n"));
    }
    let start = std::time::Instant::now();
    let reading = read_text(&text);
    assert_eq!(reading.findings.len(), 40_000);
    // A few seconds on a slow machine; a minute would mean that a cost grows with the square.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
