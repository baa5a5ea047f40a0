//! Templates, formats, round trips, the demo zones.

use boucle_domain::diagnostic::Severity;
use boucle_domain::organisation::{Firm, Site};
use boucle_domain::text::Language;
use boucle_domain::validate::Field;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Formula, Workbook};

use super::*;

/// The French sheet with the last cell quoted, since it holds the separator.
fn french() -> String {
    FRENCH.replace("10 01 05; 10 01 02\n", "\"10 01 05; 10 01 02\"\n")
}

#[test]
fn the_template_is_read_back_without_findings_and_its_examples_are_left_out() {
    for language in [Language::Fr, Language::En] {
        let bytes = template(language, knowledge()).unwrap();
        let reading = read(&bytes, "template.xlsx", &context());
        assert_eq!(
            codes(&reading.findings),
            vec![Code::I3001],
            "{:?}",
            reading.findings
        );
        assert_eq!((reading.rows, reading.examples), (0, 5));
        assert_eq!(
            bytes,
            template(language, knowledge()).unwrap(),
            "the bytes are the same every time"
        );
    }
}

#[test]
fn the_examples_of_the_template_are_right() {
    for language in [Language::Fr, Language::En] {
        let bytes = template(language, knowledge()).unwrap();
        let sheets =
            crate::sniff::sheets(&bytes, "t", &mut limits::UNPACKED_BYTES.clone()).unwrap();
        let mut text = String::new();
        let rows = sheets[0].rows.iter().map(|row| {
            let mut cells = vec![String::new(); 80];
            for (column, cell) in &row.cells {
                cells[*column as usize] = cell.replace("EXEMPLE-", "X-").replace("EXAMPLE-", "X-");
            }
            cells.join("\t")
        });
        for row in rows {
            text.push_str(&row);
            text.push('\n');
        }
        let reading = read_text(&text);
        assert_eq!(reading.rows, 3);
        let serious: Vec<_> = reading
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Info)
            .collect();
        assert!(serious.is_empty(), "{serious:?}");
    }
}

#[test]
fn a_filled_template_is_read_as_a_csv_of_the_same_content() {
    let csv = read_text(&french());
    assert_eq!(codes(&csv.findings), vec![]);
    assert_eq!(
        (csv.declaration.flows.len(), csv.declaration.sites.len()),
        (3, 2)
    );
    for language in [Language::Fr, Language::En] {
        for format in [Format::Csv, Format::Xlsx] {
            let bytes = export(&csv.declaration, language, format).unwrap();
            let again = read(&bytes, "export", &context());
            assert_eq!(codes(&again.findings), vec![], "{:?}", again.findings);
            assert_eq!(
                again.declaration, csv.declaration,
                "{language:?} {format:?}"
            );
            assert_eq!(bytes, export(&again.declaration, language, format).unwrap());
        }
    }
    let gypsum = csv
        .declaration
        .flows
        .iter()
        .find(|flow| flow.key.reference == "gypse")
        .unwrap();
    assert_eq!(gypsum.entered.quantity, "1 200,5");
    assert_eq!(gypsum.quantity.amount().mid().units(), 14406.0);
    assert_eq!(
        gypsum.present.partner.as_ref().unwrap().as_str(),
        "local:P-1"
    );
    let ash = csv
        .declaration
        .flows
        .iter()
        .find(|flow| flow.key.reference == "cendres")
        .unwrap();
    assert_eq!(ash.comment, "=1+1");
}

#[test]
fn text_that_could_run_is_guarded_in_what_is_exported() {
    let declaration = read_text(&french()).declaration;
    let text = String::from_utf8(export(&declaration, Language::Fr, Format::Csv).unwrap()).unwrap();
    assert!(text.contains(";'=1+1;"), "{text}");
    assert!(!text.contains(";=1+1"));
}

#[test]
fn the_order_of_rows_and_columns_changes_nothing() {
    let text = french();
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    assert_eq!(
        read_text(&lines.join("\n")).declaration,
        read_text(&text).declaration
    );
    let turned: Vec<String> = [
        "quantity,unit,period,direction,name,firm",
        "12.5,t,year,output,bark,Sawmill C",
    ]
    .map(|line| line.split(',').rev().collect::<Vec<_>>().join(","))
    .into();
    let straight = "quantity,unit,period,direction,name,firm\n12.5,t,year,output,bark,Sawmill C\n";
    assert_eq!(
        read_text(&turned.join("\n")).declaration,
        read_text(straight).declaration
    );
}

#[test]
fn numbers_days_and_booleans_of_cells_are_read() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let headings = [
        "firm",
        "site_id",
        "direction",
        "name",
        "quantity",
        "unit",
        "period",
        "contract_end",
        "hazardous",
        "waste_code",
        "latitude",
        "longitude",
        "source_year",
    ];
    for (column, heading) in (0u16..).zip(headings) {
        sheet.write_string(0, column, heading).unwrap();
    }
    let day = CellFormat::new().set_num_format("dd/mm/yyyy");
    sheet.write_string(1, 0, "Firme D").unwrap();
    sheet.write_number(1, 1, 35_600_000_000_048.0).unwrap();
    sheet.write_string(1, 2, "output").unwrap();
    sheet.write_string(1, 3, "écorces").unwrap();
    sheet.write_number(1, 4, 1.234).unwrap();
    sheet.write_string(1, 5, "t").unwrap();
    sheet.write_string(1, 6, "an").unwrap();
    sheet
        .write_datetime_with_format(1, 7, ExcelDateTime::from_ymd(2027, 3, 1).unwrap(), &day)
        .unwrap();
    sheet.write_boolean(1, 8, false).unwrap();
    sheet.write_number(1, 9, 30_101.0).unwrap();
    sheet.write_number(1, 10, 51.034).unwrap();
    sheet.write_number(1, 11, 2.377).unwrap();
    sheet
        .write_formula(1, 12, Formula::new("=2000+25").set_result("2025"))
        .unwrap();
    let reading = read(&workbook.save_to_buffer().unwrap(), "f.xlsx", &context());
    assert_eq!(
        codes(&reading.findings),
        vec![Code::I3302, Code::W2306],
        "{:?}",
        reading.findings
    );
    let flow = &reading.declaration.flows[0];
    assert_eq!(flow.quantity.amount().mid().milli(), 1234);
    assert_eq!(flow.present.contract_end, Some(date(2027, 3, 1)));
    assert_eq!(flow.hazardous, Some(false));
    assert_eq!(flow.waste_code.as_ref().unwrap().as_str(), "030101");
    assert_eq!(flow.provenance.source_year, Some(2025));
    let site = &reading.declaration.sites[0];
    assert_eq!(site.key.as_str(), "siret:35600000000048");
    assert_eq!(site.position.unwrap().point.latitude(), 51.034);
}

#[test]
fn every_finding_of_a_sheet_stands_at_its_row_and_column() {
    let reading = read_text(
        "firm;direction;name;quantity;unit;period\nA;output;x;beaucoup;to;an\n\nB;sideways;y;12;t;heure\n",
    );
    let places: Vec<(Code, u32, &str)> = reading
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| {
            (
                finding.code,
                finding.place.row,
                finding.place.column.as_str(),
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            (Code::E1103, 2, "D"),
            (Code::E1101, 2, "E"),
            (Code::E1110, 4, "B"),
            (Code::E1102, 4, "F"),
        ]
    );
    assert!(reading.is_refused());
}

#[test]
fn the_demo_zones_are_read_without_errors() {
    let zones = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/zones");
    let mut read_files = 0;
    for zone in std::fs::read_dir(zones).unwrap() {
        for file in ["flows.csv", "flows.xlsx"] {
            let path = zone.as_ref().unwrap().path().join(file);
            let Ok(bytes) = std::fs::read(&path) else {
                continue;
            };
            read_files += 1;
            let reading = read(&bytes, file, &context());
            let errors: Vec<_> = reading
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
            for format in [Format::Csv, Format::Xlsx] {
                let again = read(
                    &export(&reading.declaration, Language::Fr, format).unwrap(),
                    file,
                    &context(),
                );
                assert_eq!(
                    again.declaration,
                    reading.declaration,
                    "{} {format:?}",
                    path.display()
                );
            }
        }
    }
    assert!(read_files >= 2, "{read_files} files read");
}

#[test]
fn the_sheets_of_the_test_data_declare_the_same() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/sheets");
    let load = |name: &str| {
        read(
            &std::fs::read(format!("{folder}/{name}")).unwrap(),
            name,
            &context(),
        )
    };
    let french = load("three-flows.fr.csv");
    assert_eq!(codes(&french.findings), vec![]);
    for name in ["three-flows.en.csv", "three-flows.fr.xlsx"] {
        let other = load(name);
        assert_eq!(codes(&other.findings), vec![], "{name}");
        let keys = |reading: &Reading| -> Vec<_> {
            reading
                .declaration
                .flows
                .iter()
                .map(|flow| (flow.key.clone(), flow.quantity))
                .collect()
        };
        assert_eq!(keys(&other), keys(&french), "{name}");
    }
    let faulty = load("faults.fr.csv");
    let found: Vec<(Code, u32)> = faulty
        .findings
        .iter()
        .map(|finding| (finding.code, finding.place.row))
        .collect();
    for expected in [
        (Code::W2001, 1),
        (Code::E1101, 2),
        (Code::E1113, 3),
        (Code::W2307, 4),
        (Code::E1701, 6),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
}

#[test]
fn a_firm_or_site_of_any_text_survives_the_round_trip() {
    let text = "firm;site_id;direction;name;quantity;unit;period;comment\n\
        \"=cmd|' /C calc'!A0\";LOCAL:2026;output;\"'=x\";5;t;year;\"a;b \"\"c\"\"\"\n";
    let first = read_text(text);
    assert!(!first.is_refused(), "{:?}", first.findings);
    let Firm { name, .. } = &first.declaration.firms[0];
    assert_eq!(name, "=cmd|' /C calc'!A0");
    for format in [Format::Csv, Format::Xlsx] {
        let again = read(
            &export(&first.declaration, Language::En, format).unwrap(),
            "f",
            &context(),
        );
        assert_eq!(again.declaration, first.declaration);
    }
    let Site { external, .. } = &first.declaration.sites[0];
    assert_eq!(external.as_ref().unwrap().value, "2026");
    assert_eq!(Field::from_code("site_id"), Some(Field::SiteId));
}

/// The comments of the first sheet of a workbook, by their cell.
pub(super) fn comments(bytes: &[u8]) -> std::collections::BTreeMap<String, String> {
    use quick_xml::events::Event;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    let mut part = archive.by_name("xl/comments1.xml").unwrap();
    std::io::Read::read_to_string(&mut part, &mut xml).unwrap();
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut found = std::collections::BTreeMap::new();
    let mut cell = String::new();
    let mut is_text = false;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if tag.name().as_ref() == "comment" => {
                let at = tag.try_get_attribute("ref").unwrap().unwrap();
                cell = at.value.into_owned();
            }
            Event::Start(tag) => is_text = tag.name().as_ref() == "t",
            Event::End(_) => is_text = false,
            Event::Text(text) if is_text => {
                let text = text.as_ref().to_owned();
                found
                    .entry(cell.clone())
                    .or_insert(String::new())
                    .push_str(&text);
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn every_finding_is_a_comment_in_the_very_cell_it_speaks_of() {
    let text = "Inventaire 2024 (fictif)\n\nEntreprise;Sens;Désignation;Quantité;Unité;Période;Code déchet\n\
        Usine A (fictif);sortant;drêches humides;12;t;an;\n\
        ;;;;;;\n\
        Usine A (fictif);sortant;Cartons;beaucoup;tonnnes;an;99 99 99\n";
    let mut reading = read_text(text);
    // What reads the words of a flow, above this package, changes the code in place.
    let asked = reading
        .findings
        .iter_mut()
        .find(|finding| finding.code == Code::I3301)
        .unwrap();
    (asked.code, asked.severity) = (Code::I3304, Severity::Info);
    for language in [Language::Fr, Language::En] {
        let copy = annotate(text.as_bytes(), "flux.csv", &reading.findings, language).unwrap();
        let comments = comments(&copy);
        assert!(comments["C4"].contains("I3304"), "{comments:?}");
        assert!(comments["D6"].contains("E1103") && comments["G6"].contains("E1301"));
        for finding in &reading.findings {
            let place = &finding.place;
            if place.column.is_empty() {
                continue;
            }
            let cell = format!("{}{}", place.column, place.row);
            let cause = finding.cause.in_language(language);
            let there = comments.get(&cell).map_or("", String::as_str);
            assert!(
                there.contains(finding.code.as_str()) && there.contains(cause),
                "{cell}: {there}"
            );
        }
        // The cells themselves stay where they were.
        let again = crate::sniff::sheets(&copy, "c.xlsx", &mut limits::UNPACKED_BYTES.clone());
        let again = again.unwrap();
        let row = again[0].rows.iter().find(|row| row.number == 6).unwrap();
        assert_eq!((row.text(3), row.text(6)), ("beaucoup", "99 99 99"));
    }
}
