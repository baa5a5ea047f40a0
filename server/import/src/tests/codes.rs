//! Every code is reached by a sheet.

use std::collections::BTreeSet;

use boucle_domain::id::Direction;
use boucle_domain::own_code::{OwnCode, OwnList};
use boucle_domain::validate::{Draft, Field};
use boucle_domain::validity::Validity;

use super::*;

/// A row in which nothing is wrong.
const PLAIN: [(Field, &str); 8] = [
    (Field::Firm, "A"),
    (Field::Ref, "r"),
    (Field::Direction, "output"),
    (Field::Name, "gypse"),
    (Field::Resource, "DON:fgd_gypsum"),
    (Field::Quantity, "1200"),
    (Field::Unit, "t"),
    (Field::Period, "an"),
];

/// A csv with one row per list of changes to the plain row.
fn sheet(rows: &[&[(Field, &str)]]) -> String {
    let mut text = Field::of_template()
        .map(Field::code)
        .collect::<Vec<_>>()
        .join("\t");
    for changes in rows {
        let mut draft: Draft = PLAIN
            .iter()
            .map(|(field, word)| (*field, (*word).to_owned()))
            .collect();
        for (field, word) in *changes {
            draft.set(*field, word);
        }
        text.push('\n');
        text.push_str(
            &Field::of_template()
                .map(|field| draft.get(field))
                .collect::<Vec<_>>()
                .join("\t"),
        );
    }
    text
}

/// Rows, and the codes they must give.
type Case<'c> = (&'c [Code], Vec<&'c [(Field, &'c str)]>);

fn cases() -> Vec<Case<'static>> {
    use Code::*;
    use Field as F;
    let one =
        |code: &'static [Code], changes: &'static [(Field, &'static str)]| (code, vec![changes]);
    vec![
        one(&[E1007], &[(F::Quantity, "#REF!")]),
        one(&[E1101], &[(F::Unit, "to")]),
        one(&[E1112], &[(F::Quantity, "NC")]),
        one(&[E1113], &[(F::Quantity, "12 kg")]),
        one(&[I3104], &[(F::Quantity, "2 bennes de 8 t")]),
        one(&[W2204], &[(F::SiteId, "5520035400003")]),
        one(&[W2307], &[(F::WasteCode, "10/01/2002")]),
        one(&[E1102], &[(F::Period, "heure")]),
        one(&[E1103], &[(F::Quantity, "beaucoup")]),
        one(&[E1104], &[(F::Quantity, "-5")]),
        one(&[E1105], &[(F::Quantity, "9..3")]),
        one(&[E1106], &[(F::Unit, "palettes")]),
        one(
            &[E1107],
            &[
                (F::Direction, "input"),
                (F::Resource, "mat.mineral.gypsum"),
                (F::Unit, "m3"),
            ],
        ),
        one(
            &[E1108],
            &[(F::Direction, "input"), (F::Resource, "en.fuel.biomass")],
        ),
        one(
            &[W2308],
            &[
                (F::Direction, "input"),
                (F::Resource, ""),
                (F::Name, "énergie"),
            ],
        ),
        one(&[E1109], &[(F::Name, "")]),
        one(&[E1110], &[(F::Direction, "latéral")]),
        one(&[E1111], &[(F::Unit, "t/mois")]),
        one(&[E1201], &[(F::SiteId, "8,00123E+13")]),
        one(&[E1202], &[(F::Activity, "99.99Z")]),
        one(&[E1203], &[(F::Commune, "Atlantide")]),
        one(&[E1204], &[(F::Commune, "Saint-Denis")]),
        one(&[E1205], &[(F::Latitude, "51")]),
        (
            &[E1206],
            vec![
                &[(F::Headcount, "1")],
                &[(F::Ref, "s"), (F::Headcount, "2")],
            ],
        ),
        (
            &[E1207],
            vec![&[(F::Site, "un")], &[(F::Site, "deux")], &[(F::Ref, "s")]],
        ),
        one(&[E1301], &[(F::WasteCode, "99 99 99")]),
        one(
            &[E1302],
            &[(F::WasteCode, "06 01 01*"), (F::Hazardous, "non")],
        ),
        one(&[E1303], &[(F::Resource, "DON:nothing")]),
        one(&[E1304], &[(F::Direction, "input")]),
        one(&[E1305], &[(F::WasteCode, "15 01 01, 15 01 02")]),
        one(&[E1306], &[(F::Properties, "x")]),
        one(&[E1307], &[(F::WasteCode, "15 01 01*")]),
        one(&[E1401], &[(F::ContractEnd, "demain")]),
        one(
            &[E1402],
            &[(F::ValidFrom, "2027-01-01"), (F::ValidTo, "2026-11-01")],
        ),
        one(&[E1403], &[(F::M02, "1")]),
        one(&[E1502], &[(F::Price, "1"), (F::PriceUnit, "palette")]),
        one(&[E1503], &[(F::Partner, "Z")]),
        one(&[E1504], &[(F::Partner, "A")]),
        (
            &[E1505],
            vec![
                &[(F::Firm, "B"), (F::Site, "un")],
                &[(F::Firm, "B"), (F::Site, "deux")],
                &[(F::Partner, "B")],
            ],
        ),
        (&[E1701], vec![&[], &[]]),
        (&[E1702], vec![&[(F::Ref, "")], &[(F::Ref, "")]]),
        one(&[W2101], &[(F::Quantity, "1.234")]),
        one(&[W2102], &[(F::Quantity, "<5")]),
        one(&[W2103], &[(F::Quantity, "0")]),
        one(&[W2201], &[(F::FirmId, "123456789")]),
        one(
            &[W2202],
            &[(F::FirmId, "356000000"), (F::SiteId, "12002701600563")],
        ),
        one(
            &[W2203],
            &[
                (F::Commune, "59183"),
                (F::Latitude, "43.3"),
                (F::Longitude, "5.4"),
            ],
        ),
        one(
            &[W2302],
            &[(F::WasteCode, "15 01 01"), (F::Hazardous, "oui")],
        ),
        one(&[W2303], &[(F::WasteCode, "060101")]),
        one(&[W2305], &[(F::Properties, "chlorure_pct=2")]),
        one(&[W2306], &[(F::WasteCode, "60101")]),
        one(&[W2401], &[(F::Period, "lot")]),
        one(&[W2402], &[(F::ContractEnd, "2020-01-01")]),
        one(&[W2403], &[(F::AvailableFrom, "2027-01-01")]),
        one(&[W2404], &[(F::ValidTo, "2020-01-01")]),
        one(&[W2501, W2503], &[(F::TakeOrPay, "1300")]),
        one(&[W2502], &[(F::Price, "80")]),
        one(&[W2504], &[(F::MinimumLot, "1300")]),
        one(
            &[W2601],
            &[
                (F::AgreementReference, "x"),
                (F::AgreementWasteCodes, "13 02 05*"),
                (F::AgreementTo, "2020-01-01"),
            ],
        ),
        one(&[I3101], &[(F::Quantity, "env. 30")]),
        one(&[I3102], &[(F::Resource, "DON:bark"), (F::Unit, "m3")]),
        one(&[I3103], &[(F::Period, "jour ouvré")]),
        one(&[I3301], &[(F::Resource, ""), (F::Name, "bidule")]),
        one(&[I3302], &[(F::Resource, ""), (F::Name, "écorces")]),
    ]
}

/// Codes of a whole file.
fn of_text(text: &str) -> Vec<Code> {
    codes(&read_text(text).findings)
}

#[test]
fn every_code_is_reached() {
    let mut reached: BTreeSet<Code> = BTreeSet::new();
    for (wanted, rows) in cases() {
        let found = of_text(&sheet(&rows));
        for code in wanted {
            assert!(found.contains(code), "{code} wanted, found {found:?}");
            reached.insert(*code);
        }
    }
    let months = Field::MONTHS.map(|month| (month, "0"));
    reached.extend(of_text(&sheet(&[&months])));
    // A name that several resources bear, and a key no rule starts from, as the catalogue has them.
    let shared = knowledge()
        .resources()
        .iter()
        .flat_map(|resource| resource.synonyms_en.iter().chain(&resource.synonyms_fr));
    let mut shared =
        shared.filter(|word| knowledge().recognise_label(word, Direction::Input).len() > 1);
    let name = shared.next().expect("the catalogue has a shared name");
    reached.extend(of_text(&sheet(&[&[
        (Field::Direction, "input"),
        (Field::Resource, ""),
        (Field::Name, name),
    ]])));
    for resource in knowledge().resources() {
        if knowledge()
            .rules_of_resource(&resource.key)
            .next()
            .is_none()
        {
            reached.extend(of_text(&sheet(&[&[(
                Field::Resource,
                resource.key.as_str(),
            )]])));
        }
        if reached.contains(&Code::W2301) {
            break;
        }
    }
    // The later edition of the list of waste.
    // Codes of another edition of their list, on days before, between and after.
    for (day, field, word) in [
        (date(2026, 10, 1), Field::WasteCode, "19 14 02*"),
        (date(2026, 12, 1), Field::WasteCode, "16 06 05"),
        (date(2026, 12, 9), Field::WasteCode, "16 06 05"),
        (date(2026, 12, 9), Field::Activity, "01.63Y"),
        (date(2027, 1, 1), Field::Activity, "01.63Z"),
    ] {
        let context = Context::new(knowledge(), day, ZoneId::new("zone"));
        let text = sheet(&[&[(field, word)]]);
        reached.extend(codes(&read(text.as_bytes(), "f", &context).findings));
    }
    // Codes of a territory's own: of one, of several, of the past. They are invented.
    let own = |code: &str, stands_for: &[&str], to| OwnCode {
        list: OwnList::WasteCodes,
        code: code.to_owned(),
        label: String::new(),
        stands_for: stands_for.iter().map(|&code| code.to_owned()).collect(),
        validity: Validity { from: None, to },
        source: "invented".to_owned(),
    };
    let here = context().with_own_codes(vec![
        own("CART", &["15 01 01"], None),
        own("DIB", &["15 01 06", "20 03 01"], None),
        own("OLD", &["15 01 03"], Some(date(2020, 12, 31))),
    ]);
    for code in ["CART", "DIB", "OLD"] {
        let text = sheet(&[&[(Field::WasteCode, code)]]);
        reached.extend(codes(&read(text.as_bytes(), "f", &here).findings));
    }
    reached.extend(of_text("confirm;firm;name\nnon;A;b"));
    // The file itself.
    reached.extend(of_text(""));
    reached.extend(codes(
        &read(&vec![b'a'; limits::FILE_BYTES + 1], "f", &context()).findings,
    ));
    reached.extend(codes(&read(b"firm;name\n\xE9;x", "f", &context()).findings));
    reached.extend(codes(
        &read(b"\xC3\xA9;name\n\xE9;x", "f", &context()).findings,
    ));
    reached.extend(layouts());
    reached.extend(codes(&super::registers::faults().findings));
    reached.extend(of_text("a;b\n1;2"));
    reached.extend(of_text("firm;name;name;colour\nA;b;c;d;e"));
    reached.extend(of_text("firm;name;Catégorie\nA;b;c"));
    reached.extend(of_text("firm;direction;name;quantity;unit;period\n"));
    reached.extend(of_text(&format!(
        "firm;name\nA;{}",
        "x".repeat(limits::CELL_CHARACTERS + 1)
    )));
    reached.extend(of_text(&format!(
        "firm;name\n{}",
        "A;b\n".repeat(limits::ROWS as usize + 1)
    )));
    reached.extend(of_text("firm;ref;name\nA;EXEMPLE-1;b"));
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for (sheet, heading) in [("Flux", "name"), ("Divers", "?")] {
        let sheet = workbook.add_worksheet().set_name(sheet).unwrap();
        sheet.write_string(0, 0, "firm").unwrap();
        sheet.write_string(0, 1, heading).unwrap();
    }
    reached.extend(codes(
        &read(&workbook.save_to_buffer().unwrap(), "f.xlsx", &context()).findings,
    ));
    let reading = read_text(&sheet(&[&[]]));
    let again = changes(&reading.declaration, &reading.declaration, Mode::Append);
    reached.extend(codes(&reading.conflicts(&again.conflicts)));
    // Told by who reads the words of a flow, above this package.
    reached.extend([Code::I3304, Code::I3305]);
    reached.extend(super::public::told());
    let missing: Vec<&Code> = Code::ALL
        .iter()
        .filter(|code| !reached.contains(code))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The codes that sheets, not cells, give rise to.
fn layouts() -> Vec<Code> {
    let mut found = Vec::new();
    // Firms at the head of their block, a direction told by a heading, a frequency.
    found.extend(of_text(
        "Entreprise;Déchet;Code déchet;Quantité;Unité;Fréquence\nA;x;;1;t;mois\n;y;;2;t;mois\n;z;;3;t;mois\nB;w;;1;t;mois\n",
    ));
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let format = rust_xlsxwriter::Format::new();
    for name in ["Scierie A", "Scierie B"] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        let rows = [
            ["Déchet", "Code CED", "Quantité (t/an)"],
            ["x", "", "1"],
            ["y", "", ""],
        ];
        for (row, cells) in (0u32..).zip(rows) {
            for (column, cell) in (0u16..).zip(cells) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
        sheet.merge_range(1, 2, 2, 2, "30", &format).unwrap();
        sheet.set_row_hidden(2).unwrap();
    }
    workbook
        .add_worksheet()
        .set_name("Ancien")
        .unwrap()
        .set_hidden(true);
    let bytes = workbook.save_to_buffer().unwrap();
    found.extend(codes(&read(&bytes, "f.xlsx", &context()).findings));
    // Columns that a mapping confirmed before tells apart.
    let mapping = Mapping {
        columns: [("name".to_owned(), vec!["machin".to_owned()])].into(),
        ..Mapping::default()
    };
    let text = b"firm;direction;machin;quantity;unit;period\nA;output;x;1;t;an\n";
    let given = Mappings {
        given: Some(mapping.clone()),
        ..Mappings::default()
    };
    let first = read_with(text, "f", &context(), &given);
    let kept = first
        .mapped_shapes
        .iter()
        .map(|shape| (shape.clone(), mapping.clone()))
        .collect();
    let kept = Mappings { given: None, kept };
    found.extend(codes(&read_with(text, "f", &context(), &kept).findings));
    found
}

#[test]
fn a_missing_column_is_told_once_and_not_again_on_each_row() {
    let found = of_text("firm;name;quantity;unit\nA;b;1;t\nA;c;1;t\n");
    assert_eq!(found.iter().filter(|code| **code == Code::E1005).count(), 2);
    assert!(!found.contains(&Code::E1109), "{found:?}");
}

#[test]
fn a_failed_formula_is_told_once_and_not_also_as_an_empty_cell() {
    let found = of_text("firm;direction;name;quantity;unit;period\nA;output;#REF!;1;t;an\n");
    assert_eq!(found, [Code::E1007]);
}
