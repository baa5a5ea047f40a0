//! Codes of a territory's own: what a collector writes in the column of waste codes, and what becomes
//! of it. Firms, codes and figures are invented.

mod harness;

use harness::{Ended, Folder, boucle};
use serde_json::Value;

const SHEET: &str = "\
firm,direction,ref,name,resource,waste_code,quantity,unit,period,activity,valid_from,valid_to
Acme (invented),output,card,Cardboard,,CART-01,12,t,year,BTP,,
Acme (invented),output,rest,Mixed rest,,dib,3,t,year,BTP,,
Acme (invented),output,old,Old pallets,,A12,2,t,year,BTP,2026-01-01,2026-12-31
Acme (invented),output,ref,Cardboard of the list,,15 01 01,2,t,year,BTP,,
";

const CODES: &str = "\
list,code,label,codes,valid_from,valid_to,source
waste_codes,DIB,Banal,20 03 01; 15 01 06,,,invented list
waste_codes,A12,,15 01 03,,2024-12-31,invented list
activities,BTP,,41.20,,,invented list
";

struct Held {
    folder: Folder,
    store: String,
    sheet: String,
}

impl Held {
    fn new() -> Held {
        let folder = Folder::new();
        let (sheet, store) = (folder.with("flows.csv", SHEET), folder.path("boucle.db"));
        let held = Held {
            folder,
            store,
            sheet,
        };
        let first =
            "firm,direction,ref,name,quantity,unit,period\nBolt (invented),input,a,Sand,1,t,year\n";
        let first = held.folder.with("first.csv", first);
        for territory in ["here", "there"] {
            held.done(territory, &["import", &first, "--zone", "Park"]);
        }
        held
    }

    fn ask(&self, territory: &str, arguments: &[&str]) -> Ended {
        let place = ["--store", &self.store, "--territory", territory];
        boucle(&[arguments, &place].concat())
    }

    fn done(&self, territory: &str, arguments: &[&str]) -> String {
        let ended = self.ask(territory, arguments);
        assert_eq!(ended.code, 0, "{arguments:?}: {}{}", ended.out, ended.err);
        ended.out
    }

    /// Findings about waste codes and activities, each as code, row and column.
    fn findings(&self, territory: &str) -> Vec<String> {
        let ask = [
            "check",
            &self.sheet,
            "--output",
            "json",
            "--valid-on",
            "2026-12-01",
        ];
        let report: Value = serde_json::from_str(&self.ask(territory, &ask).out).unwrap();
        let findings = report["findings"].as_array().unwrap().iter();
        let told = findings.filter_map(|one| {
            let field = match one["column"].as_str()? {
                "F" => "waste_code",
                "J" => "activity",
                _ => return None,
            };
            let code = one["code"].as_str()?;
            Some(format!("{code} {} {field}", one["row"]))
        });
        told.collect()
    }
}

#[test]
fn a_code_of_the_territory_is_added_read_by_check_and_import_and_removed() {
    let held = Held::new();
    let refused = held.findings("here");
    assert!(
        refused.contains(&"E1301 2 waste_code".to_owned()),
        "{refused:?}"
    );

    let source = ["--source", "invented list"];
    let add = [&["code", "add", "CART-01", "150101"], &source[..]].concat();
    let added = held.done("here", &add);
    assert_eq!(
        added.trim(),
        "CART-01 = 15 01 01, waste_codes (invented list)"
    );
    assert_eq!(held.done("here", &add), added, "done once");
    let file = held.folder.with("codes.csv", CODES);
    let import = held.done("here", &["code", "import", &file]);
    assert_eq!(import.trim(), "3 code(s) added, 0 there already");
    let import = held.done("here", &["code", "import", &file]);
    assert_eq!(import.trim(), "0 code(s) added, 3 there already");

    let found = held.findings("here");
    for told in [
        "I3306 2 waste_code",
        "I3306 2 activity",
        "W2310 3 waste_code",
        "E1309 4 waste_code",
    ] {
        assert!(found.contains(&told.to_owned()), "{told}: {found:?}");
    }
    assert!(
        !found.iter().any(|told| told.contains("5 waste_code")),
        "{found:?}"
    );
    let told = held.ask("here", &["check", &held.sheet]).out;
    assert!(
        told.contains("\"20 03 01\"") && told.contains("\"15 01 06\""),
        "{told}"
    );
    // Another territory knows nothing of it.
    assert_eq!(held.findings("there"), refused);
    assert_eq!(
        held.done("there", &["code", "list"]).trim(),
        "no code of its own"
    );

    // With the code out of its days corrected, the sheet enters, and comes out with the codes read.
    let mended = held
        .folder
        .with("mended.csv", &SHEET.replace("A12", "15 01 03"));
    let into = ["import", &mended, "--zone", "Park", "--mode", "merge"];
    // What it would do elsewhere: the findings refuse it.
    assert_eq!(held.ask("there", &into).code, 1);
    held.done("here", &into);
    let out = held.folder.path("out.csv");
    held.done("here", &["export", "--zone", "Park", "-o", &out]);
    let out = std::fs::read_to_string(&out).unwrap();
    assert!(
        out.contains("15 01 01") && !out.contains("CART-01") && out.contains("F41.20"),
        "{out}"
    );

    // What is listed is read back.
    let list = held.done("here", &["code", "list", "--output", "csv"]);
    let list = held.folder.with("list.csv", &list);
    let again = held.done("there", &["code", "import", &list]);
    assert_eq!(again.trim(), "4 code(s) added, 0 there already");

    let removed = held.done("here", &["code", "remove", "Dib."]);
    assert!(
        removed.starts_with("- DIB (Banal) = 15 01 06 or 20 03 01"),
        "{removed}"
    );
    assert!(
        held.findings("here")
            .contains(&"E1301 3 waste_code".to_owned())
    );
    assert_eq!(held.ask("here", &["code", "remove", "DIB"]).code, 2);
}

#[test]
fn a_file_of_codes_with_faults_is_refused_as_a_whole_with_line_and_column_of_each() {
    let held = Held::new();
    let faulty = format!(
        "{CODES}waste,X,,15 01 01,,,s\nwaste_codes,15 01 01,,99 99 99,2026,,\nactivities,Y,,41.20,,,s\n"
    );
    let file = held.folder.with("codes.csv", &faulty);
    let ended = held.ask("here", &["code", "import", &file, "--lang", "fr"]);
    assert_eq!(ended.code, 2);
    for told in [
        "rien n'a été ajouté",
        "ligne 5, colonne list : liste inconnue",
        "ligne 6, colonne code : se lit déjà",
        "ligne 6, colonne codes : « 99 99 99 »",
        "ligne 6, colonne valid_from",
        "ligne 6, colonne source",
    ] {
        assert!(ended.err.contains(told), "{told}: {}", ended.err);
    }
    assert!(!ended.err.contains("ligne 7"), "{}", ended.err);
    assert_eq!(
        held.done("here", &["code", "list"]).trim(),
        "no code of its own"
    );
}
