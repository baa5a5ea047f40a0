//! Each way a sheet goes wrong, told as a person reads it: one small file of `testdata/sheets` each.

use std::fmt::Write;

use boucle_domain::diagnostic::Severity;
use boucle_domain::text::Language;

use super::*;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/sheets");

/// What was read of a file, as prose.
fn told(reading: &Reading) -> String {
    let mut text = String::new();
    for flow in reading.listed(&|_, _| None) {
        let number = |value: f64| boucle_domain::units::written::format_number(value);
        let quantity = match flow.low == flow.high {
            true => number(flow.mid),
            false => format!(
                "{} ({} to {})",
                number(flow.mid),
                number(flow.low),
                number(flow.high)
            ),
        };
        let mut line = format!(
            "{} {:?}: {}{} {} “{}”, {quantity} {}",
            flow.sheet,
            flow.rows,
            flow.firm,
            flow.siret
                .map_or(String::new(), |siret| format!(" ({siret})")),
            flow.direction.code(),
            flow.text,
            flow.unit
        );
        if !flow.profile.is_empty() {
            let _ = write!(line, ", months {:?}", flow.profile);
        }
        if let Some(code) = flow.waste_code {
            let _ = write!(line, ", {code}");
        }
        if let Some(hazardous) = flow.hazardous {
            line.push_str(if hazardous {
                ", hazardous"
            } else {
                ", not hazardous"
            });
        }
        text.push_str(&line);
        text.push('\n');
    }
    text.push('\n');
    for finding in &reading.findings {
        // How a name is recognised is told elsewhere.
        if matches!(finding.code, Code::I3301 | Code::I3302) {
            continue;
        }
        let place = &finding.place;
        let _ = writeln!(
            text,
            "{} at {} {}{}{}",
            finding.code,
            place.sheet,
            place.row,
            place.column,
            match finding.value.as_str() {
                "" => String::new(),
                value => format!(" “{value}”"),
            }
        );
        for language in [Language::Fr, Language::En] {
            let _ = writeln!(
                text,
                "    {} → {}",
                finding.cause.in_language(language),
                finding.fix.in_language(language)
            );
        }
    }
    for refused in &reading.refused {
        let _ = writeln!(text, "refused: {} {}", refused.sheet, refused.row);
    }
    for skipped in &reading.skipped {
        let reason = skipped.reason.text().en;
        let _ = writeln!(
            text,
            "skipped: {} {}, {reason}",
            skipped.place.sheet, skipped.place.row
        );
    }
    if let Some(mapping) = &reading.proposal {
        let _ = writeln!(text, "proposed: {mapping:#?}");
    }
    text
}

#[test]
fn each_way_a_sheet_goes_wrong_is_told_as_expected() {
    let mut names: Vec<String> = std::fs::read_dir(FOLDER)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".md") && !name.ends_with(".py"))
        .filter(|name| !name.starts_with("three-flows") && !name.starts_with("faults"))
        .collect();
    names.sort();
    assert!(names.len() >= 30, "{} files", names.len());
    for name in names {
        let bytes = std::fs::read(format!("{FOLDER}/{name}")).unwrap();
        let reading = read(&bytes, &name, &context());
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name.clone(), told(&reading));
        });
    }
}

#[test]
fn no_row_of_any_sheet_is_lost() {
    for entry in std::fs::read_dir(FOLDER).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".md") || name.ends_with(".py") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let reading = read(&bytes, &name, &context());
        if reading.listed(&|_, _| None).is_empty() {
            continue;
        }
        for sheet in
            crate::sniff::sheets(&bytes, &name, &mut limits::UNPACKED_BYTES.clone()).unwrap()
        {
            let unread = |finding: &Diagnostic| {
                finding.place.sheet == sheet.name
                    && matches!(finding.code, Code::W2003 | Code::W2007 | Code::I3010)
            };
            let own = crate::template::is_own_page(&sheet.name);
            if own || reading.findings.iter().any(unread) {
                continue;
            }
            for row in &sheet.rows {
                let at = |other: &str, number: u32| other == sheet.name && number == row.number;
                let drafts = reading
                    .listed(&|_, _| None)
                    .iter()
                    .any(|flow| flow.rows.iter().any(|&number| at(&flow.sheet, number)))
                    || reading
                        .refused
                        .iter()
                        .any(|place| at(&place.sheet, place.row))
                    || reading
                        .skipped
                        .iter()
                        .any(|row| at(&row.place.sheet, row.place.row));
                // Sheets of sites and agreements declare no flow.
                let of_sites = ["Établissements", "Sites", "Agréments", "Agreements"];
                assert!(
                    drafts || of_sites.contains(&sheet.name.as_str()),
                    "{name}: {} {}",
                    sheet.name,
                    row.number
                );
            }
        }
    }
}

/// The first text in quotes of a fix: what it says to write.
pub(super) fn to_write(fix: &str, language: Language) -> Option<String> {
    let (open, close) = match language {
        Language::Fr => ("«", "»"),
        Language::En => ("\"", "\""),
    };
    let (_, rest) = fix.split_once(open)?;
    let (text, _) = rest.split_once(close)?;
    Some(text.trim().to_owned())
}

#[test]
fn the_fixes_of_a_sheet_of_twenty_faults_applied_once_leave_no_error() {
    let text = std::fs::read_to_string(format!("{FOLDER}/twenty-faults.csv")).unwrap();
    for language in [Language::Fr, Language::En] {
        let reading = read_text(&text);
        let errors: Vec<&Diagnostic> = reading
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .collect();
        assert!(errors.len() >= 20, "{} errors", errors.len());
        assert!(
            reading.listed(&|_, _| None).is_empty(),
            "every row bears a fault"
        );
        let mut rows: Vec<Vec<String>> = text
            .lines()
            .map(|line| line.split(';').map(str::to_owned).collect())
            .collect();
        for finding in &errors {
            let fix = finding.fix.in_language(language);
            let write = to_write(fix, language)
                .unwrap_or_else(|| panic!("{}: nothing to copy in “{fix}”", finding.code));
            let column = crate::sheet::column_of_letters(&finding.place.column)
                .unwrap_or_else(|| panic!("{} names no column", finding.code));
            rows[finding.place.row as usize - 1][column as usize] = write;
        }
        let mended: Vec<String> = rows.iter().map(|row| row.join(";")).collect();
        let again = read_text(&mended.join("\n"));
        let left: Vec<String> = again
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| {
                format!(
                    "{} row {}: {}",
                    finding.code, finding.place.row, finding.cause.en
                )
            })
            .collect();
        assert!(left.is_empty(), "{left:#?}\n{}", mended.join("\n"));
        assert_eq!(again.listed(&|_, _| None).len(), rows.len() - 1);
    }
}
