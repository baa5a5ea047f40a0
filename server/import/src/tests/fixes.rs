//! What a fix says to write, written once, leaves no error. Firms and figures are invented.

use boucle_domain::diagnostic::Severity;
use boucle_domain::text::Language;

use super::sheets::to_write;
use super::*;

const HEAD: &str = "Entreprise;Établissement;SIRET ou identifiant;Commune (INSEE);Latitude;Longitude;Effectif;Réf.;Sens;Désignation;Quantité;Unité;Période;Code déchet;Partenaire (établissement)\n";

/// A row of those columns, some of them changed.
fn row(changed: &[(usize, &str)]) -> String {
    let mut cells = [
        "Usine A (fictif)",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "sortant",
        "Cartons",
        "12",
        "t",
        "an",
        "",
        "",
    ];
    for (at, text) in changed {
        cells[*at] = text;
    }
    cells.join(";")
}

fn errors(reading: &Reading) -> Vec<&Diagnostic> {
    let found = reading.findings.iter();
    found
        .filter(|finding| finding.severity == Severity::Error)
        .collect()
}

/// The sheet after the first text of each fix was written in its cell.
fn mended(text: &str, language: Language) -> String {
    let reading = read_text(text);
    let mut rows: Vec<Vec<String>> = text
        .lines()
        .map(|line| line.split(';').map(str::to_owned).collect())
        .collect();
    for finding in errors(&reading) {
        let fix = finding.fix.in_language(language);
        let write = to_write(fix, language)
            .unwrap_or_else(|| panic!("{}: nothing to copy in “{fix}”", finding.code));
        let column = crate::sheet::column_of_letters(&finding.place.column)
            .unwrap_or_else(|| panic!("{} names no column", finding.code));
        rows[finding.place.row as usize - 1][column as usize] = write;
    }
    let rows: Vec<String> = rows.iter().map(|row| row.join(";")).collect();
    rows.join("\n")
}

#[test]
fn what_contradicts_another_row_is_mended_by_what_its_fix_says_to_write() {
    let site = |name: &str, rest: &[(usize, &str)]| {
        let mut changed = vec![(2, "K-1"), (9, name)];
        changed.extend(rest);
        row(&changed)
    };
    let cases: [(Code, Vec<String>); 12] = [
        (Code::E1702, vec![row(&[]), row(&[]), row(&[])]),
        (
            Code::E1702,
            vec![row(&[]), row(&[]), row(&[(9, "Cartons (2)")])],
        ),
        (Code::E1701, vec![row(&[(7, "c")]), row(&[(7, "c")])]),
        (Code::E1204, vec![row(&[(3, "Saint-Denis")])]),
        (
            Code::E1206,
            vec![site("a", &[(6, "12")]), site("b", &[(6, "13")])],
        ),
        (
            Code::E1206,
            vec![site("a", &[(3, "59183")]), site("b", &[(3, "59350")])],
        ),
        (
            Code::E1206,
            vec![
                site("a", &[(4, "51,03"), (5, "2,37")]),
                site("b", &[(4, "51.04"), (5, "2.38")]),
            ],
        ),
        (
            Code::E1206,
            vec![site("a", &[]), site("b", &[(0, "Usine B (fictif)")])],
        ),
        (Code::E1305, vec![row(&[(13, "15 01 01, 15 01 02")])]),
        (Code::E1503, vec![row(&[(14, "Nulle part")])]),
        (
            Code::E1503,
            vec![
                row(&[(14, "Platrerie Bee (fictif)")]),
                row(&[(0, "Plâtrerie B (fictif)")]),
            ],
        ),
        (
            Code::E1505,
            vec![
                row(&[(14, "Usine B (fictif)")]),
                row(&[(0, "Usine B (fictif)"), (1, "Nord")]),
                row(&[(0, "Usine B (fictif)"), (1, "Sud")]),
            ],
        ),
    ];
    for (code, rows) in cases {
        let text = format!("{HEAD}{}", rows.join("\n"));
        for language in [Language::Fr, Language::En] {
            assert!(
                codes(&read_text(&text).findings).contains(&code),
                "{code}\n{text}"
            );
            let mended = mended(&text, language);
            let again = read_text(&mended);
            assert!(
                errors(&again).is_empty(),
                "{code}: {:?}\n{mended}",
                errors(&again)
            );
            assert_eq!(
                again.declaration.flows.len(),
                rows.len(),
                "{code}\n{mended}"
            );
        }
    }
}

#[test]
fn a_partner_written_with_a_slip_is_told_by_its_right_name() {
    let rows = [
        row(&[(14, "Platrerie Bee (fictif)")]),
        row(&[(0, "Plâtrerie B (fictif)")]),
    ];
    let text = mended(&format!("{HEAD}{}", rows.join("\n")), Language::Fr);
    assert!(text.contains("Plâtrerie B (fictif)\n"), "{text}");
}

#[test]
fn two_names_of_one_siret_are_both_told_and_each_flow_keeps_who_declared_it() {
    let of = |name: &str, flow: &str| row(&[(0, name), (2, "35600000000048"), (9, flow)]);
    let rows = [
        of("Usine D (fictif)", "Bois"),
        of("Usine B (fictif)", "Films"),
        row(&[
            (0, "Usine C (fictif)"),
            (9, "Palettes"),
            (14, "Usine D (fictif)"),
        ]),
    ];
    let reading = read_text(&format!("{HEAD}{}", rows.join("\n")));
    assert!(!reading.is_refused(), "{:?}", reading.findings);
    let told = reading
        .findings
        .iter()
        .find(|finding| finding.code == Code::W2202)
        .unwrap();
    for language in [Language::Fr, Language::En] {
        let cause = told.cause.in_language(language);
        assert!(
            cause.contains("Usine B (fictif)") && cause.contains("Usine D (fictif)"),
            "{cause}"
        );
    }
    let listed = reading.listed(&|_, _| None);
    let who: Vec<(&str, &str)> = listed
        .iter()
        .map(|flow| (flow.firm.as_str(), flow.text.as_str()))
        .collect();
    assert_eq!(
        who,
        [
            ("Usine D (fictif)", "Bois"),
            ("Usine B (fictif)", "Films"),
            ("Usine C (fictif)", "Palettes")
        ]
    );
    let flows = &reading.declaration.flows;
    let of = |name: &str| flows.iter().find(|flow| flow.name == name).unwrap();
    assert_eq!(
        of("Bois").provenance.source,
        "déclaré sous le nom « Usine D (fictif) »"
    );
    assert_eq!(of("Films").provenance.source, "");
    // The name that is not the site's is one to find it by all the same.
    assert!(of("Palettes").present.partner.is_some());
    // Kept in store and export: nothing changes when it comes back.
    let stored = reading.declaration.clone();
    let bytes = export(&stored, Language::Fr, Format::Csv).unwrap();
    let known = context().with_known(stored.firms.clone(), stored.sites.clone());
    let again = read(&bytes, "export.csv", &known);
    assert!(changes(&stored, &again.declaration, Mode::Replace).is_empty());
}
