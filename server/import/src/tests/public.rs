//! Files that the public and registers hand out, together and beside other sheets: IREP's two files,
//! the CNIG standard, workbooks of several layouts. Quantities are invented.

use boucle_domain::text::Language;

use super::*;

const IREP: &str = include_str!("../../../../testdata/irep/prod_dechets_non_dangereux.csv");
const ESTABLISHMENTS: &str = include_str!("../../../../testdata/irep/etablissements.csv");
const CNIG: &str = include_str!("../../../../testdata/sheets/cnig-etablissement.csv");
const ZONES: &str = include_str!("../../../../testdata/sheets/cnig-site-eco.csv");
const PLOTS: &str = include_str!("../../../../testdata/sheets/cnig-terrain-eco.csv");

fn file<'b>(name: &'b str, bytes: &'b [u8]) -> File<'b> {
    File { name, bytes }
}

/// Texts read together, the first with those that accompany it.
fn together(texts: &[(&str, &str)]) -> Reading {
    let files: Vec<File> = texts
        .iter()
        .map(|(name, text)| file(name, text.as_bytes()))
        .collect();
    read_files(files[0], &files[1..], &context(), &Mappings::default())
}

fn of_code(reading: &Reading, code: Code) -> Vec<&Diagnostic> {
    let findings = reading.findings.iter();
    findings.filter(|finding| finding.code == code).collect()
}

/// Codes that only these files give rise to.
pub(super) fn told() -> Vec<Code> {
    let unlisted: Vec<&str> = ESTABLISHMENTS
        .lines()
        .filter(|line| !line.contains("REVAGA"))
        .collect();
    let mut found = codes(
        &together(&[
            ("flux.csv", IREP),
            ("etablissements.csv", &unlisted.join("\n")),
        ])
        .findings,
    );
    found.extend(codes(
        &together(&[("e.csv", CNIG), ("s.csv", ZONES)]).findings,
    ));
    let bytes: &[u8] = include_bytes!("../../../../testdata/sheets/register-with-legend.xlsx");
    found.extend(codes(&read(bytes, "registre.xlsx", &context()).findings));
    found
}

/// A workbook of texts, a sheet each.
fn workbook(texts: &[(&str, &str)]) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for (name, text) in texts {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        let separator = if text.lines().next().is_some_and(|line| line.contains(';')) {
            b';'
        } else {
            b','
        };
        let mut reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(text.as_bytes());
        for (row, record) in (0..).zip(reader.records()) {
            for (column, cell) in (0..).zip(record.unwrap().iter()) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn yearly_declarations_of_irep_give_the_latest_year_and_ask_for_the_establishments() {
    let reading = read_text(IREP);
    assert!(!reading.is_refused(), "{:?}", reading.findings);
    let flows = &reading.declaration.flows;
    let amounts: Vec<i64> = flows
        .iter()
        .map(|flow| flow.quantity.amount().mid().milli())
        .collect();
    assert_eq!(amounts, [2_000, 14_125]);
    assert_eq!(flows[1].provenance.source_year, Some(2021));
    assert_eq!(reading.rows_of(&flows[1].key), [3, 4]);
    let asked = of_code(&reading, Code::W2803);
    assert!(asked[0].fix.fr.contains("--with etablissements.csv"));
    assert!(read_text(&IREP.replace("12.5,", "beaucoup,")).is_refused());
}

#[test]
fn the_two_files_of_irep_are_joined_in_either_order_and_like_one_workbook() {
    let flows = ("prod_dechets.csv", IREP);
    let sites = ("etablissements.csv", ESTABLISHMENTS);
    let reading = together(&[flows, sites]);
    assert!(!reading.is_refused(), "{:?}", reading.findings);
    let declaration = &reading.declaration;
    assert_eq!((declaration.sites.len(), declaration.flows.len()), (2, 2));
    assert!(declaration.sites.iter().all(|site| site.position.is_some()));
    let listed = reading.listed(&|_, _| None);
    assert_eq!(listed[0].sheet, "prod_dechets.csv");
    assert!(listed.iter().all(|flow| flow.siret.is_some()), "{listed:?}");
    assert!(of_code(&reading, Code::W2803).is_empty());
    // Seven of the nine establishments declare nothing here, and each is told.
    assert_eq!(of_code(&reading, Code::I3011)[0].value, "7");
    let silent = |row: &&Skipped| row.reason == SkipReason::NothingDeclared;
    assert_eq!(reading.skipped.iter().filter(silent).count(), 7);
    assert_eq!(together(&[sites, flows]).declaration, *declaration);
    let bytes = workbook(&[("dechets", IREP), ("etablissements", ESTABLISHMENTS)]);
    assert_eq!(
        read(&bytes, "irep.xlsx", &context()).declaration,
        *declaration
    );
    // A spreadsheet made a number of the identifier.
    let spoiled = ESTABLISHMENTS
        .replace("066.00374", "66.00374")
        .replace("061.10406", "61.10406");
    assert_ne!(spoiled, ESTABLISHMENTS);
    let joined = together(&[flows, (sites.0, &spoiled)]);
    assert_eq!(joined.declaration, *declaration);
}

#[test]
fn establishments_of_irep_alone_are_all_read_near_their_communes() {
    let reading = read_text(ESTABLISHMENTS);
    assert!(!reading.is_refused(), "{:?}", reading.findings);
    assert_eq!(reading.declaration.sites.len(), 9);
    // None is far from its commune.
    assert!(of_code(&reading, Code::W2203).is_empty());
    let mut compared = 0;
    for site in &reading.declaration.sites {
        // A commune that has been joined with another since is no longer in the list.
        let Some(code) = &site.commune else { continue };
        let commune = knowledge().commune_by_code(code).unwrap();
        let (at, of) = (site.position.unwrap().point, commune.point.unwrap());
        let near = (at.latitude() - of.latitude()).abs() < 0.1
            && (at.longitude() - of.longitude()).abs() < 0.1;
        assert!(near, "{}: {at:?} {of:?}", commune.name);
        compared += 1;
    }
    assert!(compared >= 6, "{compared}");
}

#[test]
fn a_finding_names_the_file_it_is_in() {
    let wrong = ESTABLISHMENTS.replace("51058711600037", "5.1E+13");
    let broken = IREP.replace("12.5,", "beaucoup,");
    let reading = together(&[("flux.csv", &broken), ("sites.csv", &wrong)]);
    let places: Vec<(&str, u32, &str)> = reading
        .findings
        .iter()
        .filter(|finding| finding.severity == boucle_domain::diagnostic::Severity::Error)
        .map(|finding| {
            let place = &finding.place;
            (place.sheet.as_str(), place.row, place.column.as_str())
        })
        .collect();
    assert_eq!(places, [("flux.csv", 2, "J"), ("sites.csv", 3, "C")]);
    // Of a workbook, the file and the sheet; its own name still speaks of the direction.
    let sheet =
        "Entreprise;Désignation;Quantité;Unité;Période\nUsine A (fictif);Soude;douze;t;an\n";
    let bytes = workbook(&[("Entrants", sheet)]);
    let files = [file("b.xlsx", &bytes)];
    let reading = read_files(
        file("flux.csv", IREP.as_bytes()),
        &files,
        &context(),
        &Mappings::default(),
    );
    let wrong = of_code(&reading, Code::E1103);
    assert_eq!(wrong[0].place.sheet, "[b.xlsx] Entrants");
    assert_eq!(of_code(&reading, Code::W2006)[0].value, "Entrants");
    let copy = annotate(IREP.as_bytes(), "flux.csv", &reading.findings, Language::Fr).unwrap();
    assert!(super::files::comments(&copy)["A1"].contains("[b.xlsx] Entrants C2 E1103"));
}

#[test]
fn files_of_the_same_name_are_told_apart_and_the_limits_hold_for_all_together() {
    let sheet = |name: &str| {
        format!(
            "Entreprise;Sens;Désignation;Quantité;Unité;Période\n{name} (fictif);sortant;Bois;1;t;an\n"
        )
    };
    let (a, b) = (sheet("A"), sheet("B"));
    let reading = together(&[("flux.csv", &a), ("flux.csv", &b)]);
    assert_eq!(reading.declaration.flows.len(), 2);
    let sheets: Vec<String> = reading
        .listed(&|_, _| None)
        .into_iter()
        .map(|flow| flow.sheet)
        .collect();
    assert_eq!(sheets, ["flux.csv", "flux.csv (2)"]);
    let half = vec![b'a'; limits::FILE_BYTES / 2 + 1];
    let halves = [file("b", &half)];
    let large = read_files(file("a", &half), &halves, &context(), &Mappings::default());
    assert_eq!(codes(&large.findings), [Code::E1002]);
    let many = vec![file("b", b"x;y"); limits::FILES];
    let many = read_files(file("a", b"x;y"), &many, &context(), &Mappings::default());
    assert_eq!(codes(&many.findings), [Code::E1002]);
}

#[test]
fn a_mapping_speaks_of_the_first_file_only() {
    let mapping = Mapping {
        columns: [("name".to_owned(), vec!["machin".to_owned()])].into(),
        ..Mapping::default()
    };
    let mappings = Mappings {
        given: Some(mapping),
        ..Mappings::default()
    };
    let text = b"firm;direction;machin;quantity;unit;period\nA;output;x;1;t;an\n";
    let files = [file("irep.csv", IREP.as_bytes())];
    let reading = read_files(file("f.csv", text), &files, &context(), &mappings);
    assert!(!reading.is_refused(), "{:?}", reading.findings);
    assert_eq!(reading.declaration.flows.len(), 3);
}

#[test]
fn sheets_beside_a_register_are_read_or_told_and_never_left_in_silence() {
    let bytes: &[u8] = include_bytes!("../../../../testdata/sheets/register-with-legend.xlsx");
    let reading = read(bytes, "registre.xlsx", &context());
    assert!(!reading.is_refused(), "{:?}", reading.findings);
    let names: Vec<&str> = reading
        .declaration
        .flows
        .iter()
        .map(|flow| flow.name.as_str())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.contains(&"Vieux papiers"));
    let left: Vec<&str> = of_code(&reading, Code::I3010)
        .iter()
        .map(|finding| finding.place.sheet.as_str())
        .collect();
    assert_eq!(left, ["Légende", "Codes"]);
}

#[test]
fn establishments_of_the_cnig_standard_become_sites_and_what_does_not_is_told() {
    let reading = read(CNIG.as_bytes(), "etablissement.csv", &context());
    let told = of_code(&reading, Code::I3803)[0];
    for part in [
        "3 read",
        "1 closed",
        "1 without a point",
        "1 with several points",
    ] {
        assert!(told.cause.en.contains(part), "{part}: {}", told.cause.en);
    }
    assert!(told.cause.fr.contains("etab_effectif_code"));
    // The activity of the last row is in no list.
    assert_eq!(of_code(&reading, Code::E1202)[0].place.row, 5);
    let site = reading
        .declaration
        .sites
        .iter()
        .find(|site| site.name == "Atelier")
        .unwrap();
    assert_eq!(site.commune.as_deref(), Some("80024"));
    let point = site.position.unwrap().point;
    assert_eq!((point.latitude(), point.longitude()), (49.9294, 2.2306));
    assert_eq!(site.headcount, None);
    let mail = format!("{:?}", reading.declaration);
    assert!(!mail.contains("contact@"), "persons are not read");
}

#[test]
fn plots_join_establishments_to_their_activity_zone() {
    let with = together(&[("e.csv", CNIG), ("t.csv", PLOTS), ("s.csv", ZONES)]);
    let zone = of_code(&with, Code::I3804);
    let told = zone
        .iter()
        .find(|finding| finding.value == "ZAC Les Bornes du Temps")
        .unwrap();
    assert!(
        told.cause.en.contains("1 of the establishments"),
        "{}",
        told.cause.en
    );
    // Alone, a file of zones declares nothing, says so, and is no error.
    let alone = read_text(ZONES);
    assert!(!alone.is_refused(), "{:?}", alone.findings);
    assert!(alone.declaration.sites.is_empty());
    assert_eq!(codes(&alone.findings), [Code::I3804]);
}
