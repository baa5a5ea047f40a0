//! Waste registers. Firms, shipments and identifiers are invented; the SIRETs are those of public
//! bodies, taken for their check digits only.

use boucle_domain::flow::Quantity;
use boucle_domain::own_code::{OwnCode, OwnList};
use boucle_domain::profile::Profile;
use boucle_domain::text::Language;
use boucle_domain::validity::Validity;

use super::*;

pub(super) const MODEL: &str = "Identifiant unique;SIRET de l'expéditeur ou du détenteur;Dénomination du déchet;Code déchet;POP;Dangereux;Date d'expédition;Poids en tonnes;Type de poids;Volume en M3;Numéro d'identification du destinataire;Code postal du destinataire;Code de traitement prévu;Mode de traitement prévu\n";
pub(super) const SIRET: &str = "12002701600563";

fn register(lines: &[&str]) -> Reading {
    read_text(&format!("{MODEL}{}", lines.join("\n")))
}

fn line(id: u32, name: &str, code: &str, date: &str, weight: &str, operation: &str) -> String {
    format!(
        "E{id};{SIRET};{name};{code};NON;;{date};{weight};REEL;;35600000000048;59000;{operation};Recyclage"
    )
}

/// A shipment in each of twelve months.
fn year(lines: &mut Vec<String>) {
    for month in 1..=12 {
        lines.push(line(
            100 + month,
            "Cartons",
            "15 01 01",
            &format!("2025-{month:02}-10"),
            "1,001",
            "R3",
        ));
    }
}

/// Lines that are wrong in every way, each once.
pub(super) fn faults() -> Reading {
    let good = line(1, "Cartons", "15 01 01", "2025-03-11", "1", "R3");
    of(&[
        good.clone(),
        line(2, "Cartons", "15 01 01", "31/02/2025", "1", "R3"),
        line(3, "Cartons", "15 01 01", "2025-03-11", "1000,5", "R3"),
        line(4, "Cartons", "15 01 01", "2025-03-11", "1", "D99"),
        line(5, "Cartons", "15 01 01", "2025-03-11", "1", "R3").replace("NON", "bof"),
        line(6, "Cartons", "15 01 01", "2025-03-11", "1", "R3").replace("REEL", "à peu près"),
        good,
        line(8, "Cartons", "99 99 99", "2025-03-11", "1", "R3"),
        line(9, "Cartons", "15 01 01", "2025-03-11", "0,1234", "R3"),
    ])
}

fn of(lines: &[String]) -> Reading {
    register(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_year_of_shipments_becomes_one_flow_with_its_months_and_its_rows() {
    let mut lines = Vec::new();
    year(&mut lines);
    lines.push(line(1, "CARTONS", "150101", "10/03/2025", "2.5", "R 3"));
    let reading = of(&lines);
    assert!(!reading.is_refused(), "{:?}", reading.findings);
    let [flow] = &reading.declaration.flows[..] else {
        panic!("{:?}", reading.declaration.flows)
    };
    assert_eq!(flow.quantity.amount().mid().milli(), 12 * 1_001 + 2_500);
    assert!(flow.quantity.amount().is_exact());
    let Quantity::Rate {
        profile: Profile::Monthly(months),
        ..
    } = flow.quantity
    else {
        panic!("{:?}", flow.quantity)
    };
    assert_eq!((months[0], months[2]), (1_001, 3_501));
    assert_eq!(flow.present.label, "R3 Recyclage : 35600000000048");
    assert_eq!(flow.present.avoidable_price, None);
    assert_eq!(flow.provenance.source_year, Some(2025));
    assert_eq!(reading.rows_of(&flow.key), (2..=14).collect::<Vec<u32>>());
    assert_eq!(reading.listed(&|_, _| None)[0].rows.len(), 13);
    assert_eq!(reading.rows, 13);
    assert_eq!(
        codes(&reading.findings),
        [Code::W2803, Code::I3801, Code::I3302]
    );
}

#[test]
fn treatments_are_flows_apart_and_what_is_exported_comes_back_the_same() {
    let mut lines = Vec::new();
    year(&mut lines);
    lines.push(line(1, "Cartons", "15 01 01", "2025-03-11", "0,123", "D 5"));
    lines.push(line(2, "Boues", "10 01 22*", "2025-03-11", "999,999", "D5"));
    let reading = of(&lines);
    assert!(!reading.is_refused(), "{:?}", reading.findings);
    let stored = reading.declaration;
    let total: i64 = stored
        .flows
        .iter()
        .map(|flow| flow.quantity.amount().mid().milli())
        .sum();
    assert_eq!((stored.flows.len(), total), (3, 12 * 1_001 + 123 + 999_999));
    for format in [Format::Csv, Format::Xlsx] {
        let bytes = export(&stored, Language::Fr, format).unwrap();
        let known = context().with_known(stored.firms.clone(), stored.sites.clone());
        let again = read(&bytes, "export", &known);
        assert!(changes(&stored, &again.declaration, Mode::Replace).is_empty());
    }
}

#[test]
fn a_part_of_a_year_is_not_filled_up_and_says_so() {
    let lines: Vec<String> = (1..=7)
        .map(|month| {
            line(
                month,
                "Cartons",
                "15 01 01",
                &format!("2025-{month:02}-10"),
                "10",
                "R3",
            )
        })
        .collect();
    let reading = of(&lines);
    assert!(codes(&reading.findings).contains(&Code::W2801));
    let amount = reading.declaration.flows[0].quantity.amount();
    assert_eq!(
        (
            amount.low().milli(),
            amount.mid().milli(),
            amount.high().milli()
        ),
        (70_000, 70_000, 120_000)
    );
}

#[test]
fn the_codes_of_a_collector_are_read_by_those_of_the_territory() {
    let own = |code: &str, stands_for: &[&str]| OwnCode {
        list: OwnList::WasteCodes,
        code: code.to_owned(),
        label: String::new(),
        stands_for: stands_for.iter().map(|&code| code.to_owned()).collect(),
        validity: Validity::ALWAYS,
        source: "grille inventée".to_owned(),
    };
    let own = vec![
        own("CART-01", &["15 01 01"]),
        own("MIX-01", &["15 01 06"]),
        own("DIB", &["15 01 06", "20 03 01"]),
    ];
    let lines = [
        line(1, "Cartons", "CART-01", "2025-03-11", "1", "R3"),
        line(2, "Cartons", "cart 01", "2025-04-11", "2", "R3"),
        line(3, "Tout venant", "DIB", "2025-03-11", "1", "R12"),
        // Of the same name and the same digits, and yet another flow.
        line(4, "Cartons", "MIX-01", "2025-04-11", "2", "R3"),
    ];
    let text = format!("{MODEL}{}", lines.join("\n"));
    let reading = read(
        text.as_bytes(),
        "registre.csv",
        &context().with_own_codes(own),
    );
    assert!(!reading.is_refused(), "{:?}", reading.findings);
    let about = |code: Code| {
        let told = reading.findings.iter().filter(|told| told.code == code);
        told.map(|told| told.place.row).collect::<Vec<u32>>()
    };
    assert_eq!(
        (about(Code::I3306), about(Code::W2310)),
        (vec![2, 5], vec![4])
    );
    let flows = &reading.declaration.flows;
    let mut codes: Vec<Option<String>> = flows
        .iter()
        .map(|flow| flow.waste_code.as_ref().map(|code| code.spaced()))
        .collect();
    codes.sort();
    let read = |code: &str| Some(code.to_owned());
    assert_eq!(codes, [None, read("15 01 01"), read("15 01 06")]);
    // Without them each line is refused as before.
    assert!(read_text(&text).is_refused());
}

#[test]
fn every_bad_line_is_told_at_its_cell_and_nothing_is_declared_refused_in_silence() {
    let reading = faults();
    assert!(reading.is_refused());
    let at = |code: Code| {
        reading
            .findings
            .iter()
            .find(|finding| finding.code == code)
            .map(|finding| (finding.place.row, finding.place.column.as_str()))
    };
    assert_eq!(at(Code::E1801), Some((3, "G")));
    assert_eq!(at(Code::E1802), Some((4, "H")));
    assert_eq!(at(Code::E1805), Some((5, "M")));
    assert_eq!(at(Code::E1804), Some((8, "A")));
    assert_eq!(at(Code::E1301), Some((9, "D")));
    let words: Vec<u32> = reading
        .findings
        .iter()
        .filter(|finding| finding.code == Code::E1803)
        .map(|finding| finding.place.row)
        .collect();
    assert_eq!(words, [6, 7]);
    assert!(at(Code::W2802).is_some());
    let refused: Vec<u32> = reading.refused.iter().map(|place| place.row).collect();
    assert_eq!(refused, [3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn a_line_that_changes_or_cancels_another_counts_once_or_not_at_all() {
    let text = "Motif;".to_owned()
        + MODEL
        + &[
            ("", 1, "1"),
            ("", 2, "2"),
            ("Modifier", 1, "5"),
            ("Annuler", 2, ""),
        ]
        .map(|(reason, id, weight)| {
            format!(
                "{reason};{}",
                line(id, "Cartons", "15 01 01", "2025-03-11", weight, "R3")
            )
        })
        .join("\n");
    let reading = read_text(&text);
    assert!(!reading.is_refused(), "{:?}", reading.findings);
    assert_eq!(
        reading.declaration.flows[0].quantity.amount().mid().milli(),
        5_000
    );
}

#[test]
fn the_export_of_the_registry_is_read_by_its_own_titles() {
    let reading = read_text(&format!(
        "Source;identifiant unique;N° de bordereau;Date d'expédition;Dénomination usuelle;Code déchet;POP;Dangereux;Émetteur - Quantité de déchet ;Émetteur - Type de quantité;Expéditeur - N° d'identification;Expéditeur - Raison sociale;Expéditeur - Code postal;Expéditeur - Commune;Transporteur - Contact;Destination - N° d'identification;Destination - Raison sociale;Quantité acceptée / traitée nette (tonnes);Code opération prévu;Code(s) de traitement réalisé(s)\n\
        Tracé;;BSD-1;2025-01-02;Solvants usés;14 06 03*;N;O;1.25;REEL;{SIRET};Firme (fictif);59140;Dunkerque;;35600000000048;Centre (fictif);1.2;R2;R1\n\
        Tracé;;BSD-2;2025-02-02;Solvants usés;14 06 03*;N;O;;ESTIME;{SIRET};Firme (fictif);59140;Dunkerque;;35600000000048;Centre (fictif);0.5;R1;\n\
        Tracé;;BSD-3;;Solvants usés;14 06 03*;N;O;3;REEL;{SIRET};Firme (fictif);59140;Dunkerque;;;;;R2;\n"
    ));
    assert!(!reading.is_refused(), "{:?}", reading.findings);
    let [flow] = &reading.declaration.flows[..] else {
        panic!("{:?}", reading.declaration.flows)
    };
    assert_eq!(flow.quantity.amount().mid().milli(), 1_750);
    assert_eq!(flow.present.label, "R1 : Centre (fictif) 35600000000048");
    assert!(flow.is_hazardous());
    let site = &reading.declaration.sites[0];
    assert_eq!(site.commune.as_deref(), Some("59183"));
    assert!(!codes(&reading.findings).contains(&Code::W2803));
    assert_eq!(reading.left_aside(), 1);
}

#[test]
fn a_register_in_a_workbook_is_read_like_the_same_text() {
    let mut lines = Vec::new();
    year(&mut lines);
    let text = format!("{MODEL}{}", lines.join("\n"));
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, line) in (0..).zip(text.lines()) {
        for (column, cell) in (0..).zip(line.split(';')) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    let of_book = read(&workbook.save_to_buffer().unwrap(), "flux.csv", &context());
    assert_eq!(of_book.declaration, read_text(&text).declaration);
}
