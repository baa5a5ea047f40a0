//! Sheets: checked, imported, exported, explained.

mod harness;

use harness::{BAD_SHEET, Folder, SHEET, boucle};

#[test]
fn a_good_sheet_passes_its_check_and_says_what_it_holds() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", SHEET);
    let checked = boucle(&["check", &sheet]);
    assert_eq!(checked.code, 0, "{}", checked.err);
    assert!(
        checked.out.contains("3 firms, 3 sites, 3 flows"),
        "{}",
        checked.out
    );
    assert!(checked.out.contains("0 error(s)"));
}

#[test]
fn a_bad_sheet_ends_with_one_and_every_finding_names_its_cell() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", BAD_SHEET);
    let checked = boucle(&["check", &sheet]);
    assert_eq!(checked.code, 1);
    for told in [
        "flows.csv:2:F quantity",
        "twelve",
        "flows.csv:3:G unit",
        "furlongs",
        "→",
    ] {
        assert!(checked.out.contains(told), "{told}: {}", checked.out);
    }
}

#[test]
fn findings_are_told_in_french_where_the_environment_is_french() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", BAD_SHEET);
    let mut command = harness::command();
    let checked = command.env("LANG", "fr_FR.UTF-8").args(["check", &sheet]);
    let checked = harness::ended(checked.output().unwrap());
    assert!(checked.out.contains("erreur"), "{}", checked.out);
    let asked = boucle(&["check", &sheet, "--lang", "fr"]);
    assert_eq!(asked.out, checked.out);
}

#[test]
fn a_report_is_json_for_programs() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", BAD_SHEET);
    let checked = boucle(&["check", &sheet, "--output", "json"]);
    assert_eq!(checked.code, 1);
    let report: serde_json::Value = serde_json::from_str(&checked.out).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert!(
        findings
            .iter()
            .any(|one| one["code"] == "E1103" && one["severity"] == "error")
    );
    let csv = boucle(&["check", &sheet, "--output", "csv"]);
    assert!(csv.out.starts_with("sheet,row,column,field,code"));
    assert!(csv.out.lines().count() > findings.len());
}

#[test]
fn a_missing_file_ends_with_two_and_is_named() {
    for verb in ["check", "match"] {
        let ended = boucle(&[verb, "nowhere/flows.xlsx"]);
        assert_eq!(ended.code, 2);
        assert!(ended.err.contains("nowhere/flows.xlsx"), "{}", ended.err);
        assert!(ended.out.is_empty());
    }
}

#[test]
fn an_import_needs_a_place_that_lasts() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", SHEET);
    let ended = boucle(&["import", &sheet, "--zone", "Park"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("--store"), "{}", ended.err);
}

#[test]
fn a_dry_run_tells_the_changes_and_writes_none() {
    let folder = Folder::new();
    let (sheet, store) = (folder.with("flows.csv", SHEET), folder.path("boucle.db"));
    let arguments = ["import", &sheet, "--zone", "Park", "--store", &store];
    let dry = boucle(&[&arguments[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, 0, "{}", dry.err);
    assert!(dry.out.contains("3 added"), "{}", dry.out);
    assert!(dry.err.contains("nothing was written"));
    // Had it been written, nothing would be added now.
    let real = boucle(&arguments);
    assert!(real.out.contains("3 added"), "{}", real.out);
    let again = boucle(&arguments);
    assert!(
        again
            .out
            .contains("0 added, 0 changed, 0 removed, 3 unchanged"),
        "{}",
        again.out
    );
}

#[test]
fn replace_removes_what_the_sheet_no_longer_names_and_append_refuses_what_is_there() {
    let folder = Folder::new();
    let (sheet, store) = (folder.with("flows.csv", SHEET), folder.path("boucle.db"));
    let without_last: Vec<&str> = SHEET.lines().take(3).collect();
    let shorter = folder.with("shorter.csv", &without_last.join("\n"));
    let import = |sheet: &str, mode: &str| {
        boucle(&[
            "import", sheet, "--zone", "Park", "--store", &store, "--mode", mode,
        ])
    };
    assert_eq!(import(&sheet, "append").code, 0);
    let refused = import(&sheet, "append");
    assert_eq!(refused.code, 1, "{}", refused.out);
    assert!(refused.err.contains("nothing was written"));
    let replaced = import(&shorter, "replace");
    assert_eq!(replaced.code, 0);
    assert!(
        replaced.out.contains("1 removed, 2 unchanged"),
        "{}",
        replaced.out
    );
}

#[test]
fn a_refused_sheet_leaves_the_store_as_it_was() {
    let folder = Folder::new();
    let (bad, store) = (folder.with("bad.csv", BAD_SHEET), folder.path("boucle.db"));
    let refused = boucle(&["import", &bad, "--zone", "Park", "--store", &store]);
    assert_eq!(refused.code, 1);
    let out = folder.path("out.csv");
    let exported = boucle(&["export", "--zone", "Park", "--store", &store, "-o", &out]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    let written = std::fs::read_to_string(&out).unwrap();
    assert!(!written.contains("Acme"), "{written}");
}

#[test]
fn what_is_exported_is_read_back_the_same() {
    let folder = Folder::new();
    let (sheet, store) = (folder.with("flows.csv", SHEET), folder.path("boucle.db"));
    boucle(&["import", &sheet, "--zone", "Park", "--store", &store]);
    for name in ["out.xlsx", "out.csv"] {
        let out = folder.path(name);
        let arguments = ["export", "--zone", "Park", "--store", &store, "-o", &out];
        assert_eq!(boucle(&arguments).code, 0);
        let back = boucle(&[
            "import", &out, "--zone", "Park", "--store", &store, "--mode", "replace",
        ]);
        assert!(
            back.out
                .contains("0 added, 0 changed, 0 removed, 3 unchanged"),
            "{name}: {}",
            back.out
        );
        // A file that is there is not overwritten unless that is asked.
        assert_eq!(boucle(&arguments).code, 2);
        assert_eq!(boucle(&[&arguments[..], &["--force"]].concat()).code, 0);
    }
}

#[test]
fn a_template_is_written_in_both_languages_and_is_a_sheet_without_errors() {
    let folder = Folder::new();
    for lang in ["fr", "en"] {
        let out = folder.path(&format!("{lang}.xlsx"));
        let ended = boucle(&["template", "--lang", lang, "-o", &out]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert!(std::fs::read(&out).unwrap().starts_with(b"PK"));
        let checked = boucle(&["check", &out]);
        assert!(
            checked.out.contains("0 error(s)") || checked.code == 1,
            "{}",
            checked.out
        );
    }
}

#[test]
fn a_code_has_a_page_in_both_languages_and_an_unknown_one_is_an_error() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", BAD_SHEET);
    let report = boucle(&["check", &sheet, "--output", "json"]).out;
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let code = report["findings"][0]["code"].as_str().unwrap().to_owned();
    let english = boucle(&["explain", &code.to_lowercase()]);
    assert_eq!(english.code, 0, "{}", english.err);
    assert!(english.out.contains(&code));
    let french = boucle(&["explain", &code, "--lang", "fr"]);
    assert!(french.out.len() > 100 && french.out != english.out);
    let unknown = boucle(&["explain", "E0000"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.out.is_empty() && !unknown.err.is_empty());
}

#[test]
fn every_verb_has_an_example_in_its_help() {
    let verbs = [
        "match",
        "run",
        "runs",
        "show",
        "rejections",
        "explain-pair",
        "import",
        "export",
        "template",
        "check",
        "explain",
        "open",
        "serve",
    ];
    for verb in verbs {
        let help = boucle(&[verb, "--help"]);
        assert_eq!(help.code, 0);
        assert!(
            help.out.contains(&format!("  boucle {verb}")),
            "{verb}: {}",
            help.out
        );
    }
    assert_eq!(boucle(&["no-such-verb"]).code, 2);
}

#[test]
fn columns_that_cannot_be_told_apart_are_read_by_a_mapping_that_is_kept() {
    let folder = Folder::new();
    let sheet = folder.with(
        "odd.csv",
        "Machin;Truc;Bidule\nFirme A (fictif);Cartons;12\n",
    );
    let proposed = folder.path("proposed.toml");
    let asked = boucle(&["check", &sheet, "--propose-map", &proposed]);
    assert_eq!(asked.code, 1, "{}", asked.err);
    let text = std::fs::read_to_string(&proposed).unwrap();
    assert!(
        text.contains("Machin") && text.contains("unit = \"?\""),
        "{text}"
    );
    let map = folder.with(
        "map.toml",
        "[columns]\nfirm = \"Machin\"\nname = \"Truc\"\nquantity = \"C\"\n\
         [constants]\ndirection = \"output\"\nunit = \"t\"\nperiod = \"year\"\n",
    );
    let checked = boucle(&["check", &sheet, "--map", &map, "--output", "json"]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    let report: serde_json::Value = serde_json::from_str(&checked.out).unwrap();
    let flow = &report["flows"][0];
    assert_eq!(
        (&flow["row"], &flow["quantity"]["mid"]),
        (&2.into(), &12.0.into())
    );
    assert_eq!(
        (&flow["siret"], &flow["direction"]),
        (&serde_json::Value::Null, &"output".into())
    );
    let store = folder.path("zone.db");
    let imported = boucle(&[
        "import", &sheet, "--map", &map, "--zone", "z", "--store", &store,
    ]);
    assert_eq!(imported.code, 0, "{}{}", imported.out, imported.err);
    let again = boucle(&["import", &sheet, "--zone", "z", "--store", &store]);
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
    assert!(again.out.contains("I3004"), "{}", again.out);
    assert_eq!(boucle(&["import", &sheet, "--zone", "z"]).code, 2);
}

#[test]
fn a_commented_copy_of_a_sheet_is_written_once() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", BAD_SHEET);
    let copy = folder.path("commented.xlsx");
    let checked = boucle(&["check", &sheet, "--annotate", &copy]);
    assert_eq!(checked.code, 1, "{}", checked.err);
    assert!(std::fs::read(&copy).unwrap().starts_with(b"PK"));
    assert_eq!(boucle(&["check", &sheet, "--annotate", &copy]).code, 2);
    assert_eq!(
        boucle(&["check", &sheet, "--annotate", &copy, "--force"]).code,
        1
    );
}

/// Grams a year and number of flows that an export holds, summed from the cells of the file itself.
fn exported(store: &str, zone: &str, folder: &Folder) -> (i64, usize) {
    let file = folder.path("export.csv");
    let exported = boucle(&[
        "export", "--zone", zone, "--store", store, "--file", &file, "--lang", "en",
    ]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    let checked = boucle(&["check", &file, "--output", "json"]);
    assert_eq!(checked.code, 0, "{}", checked.err);
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(b',')
        .has_headers(false)
        .flexible(true)
        .from_path(&file)
        .unwrap();
    let mut columns = None;
    let (mut grams, mut flows) = (0, 0);
    for row in rows.records() {
        let row = row.unwrap();
        let at = |name: &str| row.iter().position(|cell| cell == name);
        match columns {
            None => {
                columns = at("Quantity").zip(at("Unit"));
            }
            Some((quantity, unit)) if !row[quantity].is_empty() => {
                assert_eq!(&row[unit], "t");
                let middle = row[quantity].split("..").nth(1).unwrap_or(&row[quantity]);
                grams += of_tonnes(middle);
                flows += 1;
            }
            Some(_) => {}
        }
    }
    (grams, flows)
}

/// Tonnes as written, in grams.
fn of_tonnes(text: &str) -> i64 {
    let text = text.replace(',', ".");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let rest = format!("{rest:0<6}");
    assert_eq!(rest.len(), 6, "{text}");
    whole.parse::<i64>().unwrap() * 1_000_000 + rest.parse::<i64>().unwrap()
}

#[test]
fn the_declarations_of_finland_keep_their_tonnes_and_each_is_a_question() {
    let data = |name: &str| {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = root.join("../testdata/finland").join(name);
        path.to_str().unwrap().to_owned()
    };
    let folder = Folder::new();
    let store = folder.path("zone.db");
    for name in ["facilities", "waste_transfers"] {
        let (sheet, map) = (data(&format!("{name}.csv")), data(&format!("{name}.toml")));
        let imported = boucle(&[
            "import", &sheet, "--map", &map, "--zone", "Finland", "--store", &store,
        ]);
        assert_eq!(imported.code, 0, "{} {}", imported.out, imported.err);
    }
    // 74 231 799.1885 t, to the gram.
    assert_eq!(
        exported(&store, "Finland", &folder),
        (74_231_799_188_500, 8_564)
    );
    let solved = boucle(&["run", "--store", &store, "--output", "json"]);
    assert_eq!(solved.code, 0, "{}", solved.err);
    let answer: serde_json::Value = serde_json::from_str(&solved.out).unwrap();
    assert_eq!(answer["proposals"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_register_is_imported_with_the_rows_of_each_flow_and_its_total() {
    let folder = Folder::new();
    let mut register = String::from(
        "Identifiant unique;SIRET de l'expéditeur ou du détenteur;Dénomination du déchet;Code déchet;POP;Dangereux;Date d'expédition;Poids en tonnes;Type de poids;Code de traitement prévu\n",
    );
    for at in 0..240 {
        let (month, grams) = (at % 12 + 1, 1_000_001 + at);
        register += &format!(
            "F{at};12002701600563;Cartons (fictif);15 01 01;NON;NON;2025-{month:02}-05;{},{:06};REEL;R{}\n",
            grams / 1_000_000,
            grams % 1_000_000,
            3 + at % 2
        );
    }
    let sheet = folder.with("register.csv", &register);
    let checked = boucle(&["check", &sheet, "--output", "json"]);
    assert_eq!(checked.code, 0, "{}", checked.out);
    let report: serde_json::Value = serde_json::from_str(&checked.out).unwrap();
    assert_eq!(report["flows"][0]["rows"].as_array().unwrap().len(), 120);
    let store = folder.path("zone.db");
    let imported = boucle(&["import", &sheet, "--zone", "Z", "--store", &store]);
    assert_eq!(imported.code, 0, "{}", imported.err);
    let declared: i64 = (0..240).map(|at| 1_000_001 + at).sum();
    assert_eq!(exported(&store, "Z", &folder), (declared, 2));
}

#[test]
fn texts_are_read_one_line_each_and_what_cannot_be_read_is_no_error() {
    let folder = Folder::new();
    let texts = folder.with(
        "texts.csv",
        "id,text,waste_code,nace,direction\n\
         a,drêches de brasserie,,1105Z,output\n\
         b,,02 03 04,,output\n\
         c,divers,99 99 99,nonsense,sideways\n\
         d\n",
    );
    let read = boucle(&["recognise", &texts, "--lang", "fr"]);
    assert_eq!(read.code, 0, "{}", read.err);
    let lines: Vec<serde_json::Value> = read
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let outcomes: Vec<_> = lines.iter().map(|line| line["outcome"].as_str()).collect();
    assert_eq!(
        outcomes,
        [
            Some("recognise"),
            Some("ask"),
            Some("unknown"),
            Some("unknown")
        ]
    );
    assert_eq!(lines[0]["key"], "DON:brewer_grains");
    assert!(lines[0]["confidence"].as_f64().unwrap() > 0.5);
    let question = lines[1]["question"].as_str().unwrap();
    assert!(question.contains("02 03 04"), "{question}");
    assert!(lines[1]["candidates"].as_array().unwrap().len() > 3);
    assert_eq!(lines[3]["id"], "d");
    assert_eq!(boucle(&["recognise", "no-such-file.csv"]).code, 2);
}

#[test]
fn check_names_what_a_flow_is_by_its_words() {
    let folder = Folder::new();
    let sheet = folder.with(
        "flows.csv",
        "Entreprise;Sens;Désignation;Quantité;Unité;Période\n\
         Firme A (fictif);sortant;drêches de brasserie humides;12;t;an\n\
         Firme A (fictif);sortant;boues;3;t;an\n",
    );
    let checked = boucle(&["check", &sheet, "--output", "json"]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    let report: serde_json::Value = serde_json::from_str(&checked.out).unwrap();
    assert_eq!(report["flows"][0]["key"], "DON:brewer_grains");
    assert_eq!(report["flows"][1]["key"], serde_json::Value::Null);
    let told: Vec<(&str, &str)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let text = |name: &str| finding[name].as_str().unwrap_or_default();
            (text("code"), text("fix"))
        })
        .collect();
    let [(read, key), (asked, keys)] = told[..] else {
        panic!("{told:?}");
    };
    assert_eq!((read, asked), ("I3304", "I3301"));
    assert!(
        key.contains("DON:brewer_grains") && keys.contains("DON:"),
        "{told:?}"
    );
}

#[test]
fn a_heading_of_two_meanings_is_told_by_what_stands_under_it() {
    let folder = Folder::new();
    let sheet = folder.with(
        "finds.csv",
        "Acteur;Gisement;Volume;Devenir actuel\nMairie (fictif);Déchets verts;2 000 m3/an;compostage\n",
    );
    let checked = boucle(&["check", &sheet, "--output", "json"]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    let report: serde_json::Value = serde_json::from_str(&checked.out).unwrap();
    let flow = &report["flows"][0];
    assert_eq!(flow["text"], "Déchets verts");
    assert_eq!(flow["quantity"]["mid"], 2000.0);

    // A column of activities is read where codes stand in it, and left where words do.
    for activity in ["11.05Z", "Brasserie"] {
        let sheet = folder.with(
            "activity.csv",
            &format!(
                "Entreprise;Activité;Flux;Sens;Quantité (t/an)\nA (fictif);{activity};drêches humides;sortant;9\n"
            ),
        );
        let checked = boucle(&["check", &sheet, "--output", "json"]);
        assert_eq!(checked.code, 0, "{}", checked.out);
        let report: serde_json::Value = serde_json::from_str(&checked.out).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let told = |code: &str| findings.iter().any(|finding| finding["code"] == code);
        assert!(
            !told("W2001") && !told("E1302"),
            "{activity}: {findings:#?}"
        );
    }
}

#[test]
fn a_file_is_read_together_with_those_given_beside_it() {
    let folder = Folder::new();
    let flows = folder.with(
        "prod_dechets.csv",
        include_str!("../../testdata/irep/prod_dechets_non_dangereux.csv"),
    );
    let sites = folder.with(
        "etablissements.csv",
        include_str!("../../testdata/irep/etablissements.csv"),
    );
    let alone = boucle(&["check", &flows]);
    assert!(
        alone.out.contains("--with etablissements.csv"),
        "{}",
        alone.out
    );
    let checked = boucle(&["check", &flows, "--with", &sites, "--output", "json"]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    let report: serde_json::Value = serde_json::from_str(&checked.out).unwrap();
    let read = report["flows"].as_array().unwrap();
    assert_eq!(read.len(), 2);
    assert!(
        read.iter().all(|flow| flow["siret"].is_string()),
        "{report}"
    );
    let named = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .any(|finding| finding["code"] == "I3011" && finding["sheet"] == "etablissements.csv");
    assert!(named, "{report}");
    let store = folder.path("zone.db");
    let into = ["--zone", "z", "--store", &store];
    let imported = boucle(&[&["import", &flows, "--with", &sites][..], &into[..]].concat());
    assert_eq!(imported.code, 0, "{}{}", imported.out, imported.err);
    // The same again changes nothing.
    let again = boucle(
        &[
            &[
                "import",
                &flows,
                "--with",
                &sites,
                "--dry-run",
                "--output",
                "json",
            ][..],
            &into[..],
        ]
        .concat(),
    );
    let report: serde_json::Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!(report["unchanged"], 2, "{report}");
    assert_eq!(boucle(&["check", &flows, "--with", "none.csv"]).code, 2);
}

#[test]
fn what_was_read_by_its_words_is_a_comment_on_the_name_itself() {
    let folder = Folder::new();
    let sheet = folder.with(
        "flows.csv",
        "Entreprise;Sens;Désignation;Quantité;Unité;Période\n\
         Firme A (fictif);sortant;drêches de brasserie humides;12;t;an\n",
    );
    let copy = folder.path("commented.xlsx");
    let checked = boucle(&["check", &sheet, "--annotate", &copy]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&copy).unwrap()).unwrap();
    let mut part = archive.by_name("xl/comments1.xml").unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut part, &mut xml).unwrap();
    let comment = xml
        .split("<comment ")
        .find(|comment| comment.contains("I3304"))
        .unwrap();
    assert!(comment.contains("ref=\"C2\""), "{comment}");
    assert!(comment.contains("DON:brewer_grains"), "{comment}");
}
