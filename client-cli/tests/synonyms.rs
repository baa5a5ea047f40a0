//! Words of a territory: a name nobody knows, what its animator decides, and what that changes.

mod harness;

use harness::{Ended, Folder, boucle};
use serde_json::Value;

/// An output under words that no catalogue knows, a need that it could serve, and a need under the
/// same words. Firms and figures are invented.
const SHEET: &str = "\
firm,direction,ref,name,resource,waste_code,quantity,unit,period,latitude,longitude,price,price_year
Acme (invented),output,dust,Trucmuche gris,,10 01 05,1000,t,year,55.66,11.08,40,2026
Acme (invented),output,bag,TRUCMUCHES GRIS,,,3,t,year,55.66,11.08,40,2026
Bolt (invented),input,plaster,Gypsum,mat.mineral.gypsum,,5000,t,year,55.67,11.09,30,2026
Cogs (invented),input,filler,Trucmuche gris,,,40,t,year,55.68,11.07,30,2026
";

/// A store with the sheet in two territories.
struct Declared {
    folder: Folder,
    store: String,
}

impl Declared {
    fn new() -> Declared {
        let folder = Folder::new();
        let (sheet, store) = (folder.with("flows.csv", SHEET), folder.path("boucle.db"));
        let declared = Declared { folder, store };
        for territory in ["here", "there"] {
            declared.done(territory, &["import", &sheet, "--zone", "Park"]);
        }
        declared
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

    fn json(&self, territory: &str, arguments: &[&str]) -> Value {
        let out = self.done(territory, &[arguments, &["--output", "json"]].concat());
        serde_json::from_str(&out).unwrap()
    }

    /// Names nobody knows, with their side.
    fn unknown(&self, territory: &str) -> Vec<(String, String)> {
        let found = self.json(territory, &["synonym", "unknown"]);
        let words = found["words"].as_array().unwrap();
        let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
        words
            .iter()
            .map(|one| (text(one, "words"), text(one, "direction")))
            .collect()
    }

    fn plan(&self, territory: &str) -> String {
        self.done(territory, &["run", "--valid-on", "2026-12-01"])
    }

    /// Digest of what the latest run of a territory read.
    fn digest(&self, territory: &str) -> String {
        let runs = self.json(territory, &["runs"]);
        runs[0]["input_digest"].as_str().unwrap().to_owned()
    }
}

const ADD: [&str; 6] = [
    "synonym",
    "add",
    "trucmuches gris",
    "DON:fgd_gypsum",
    "--by",
    "animateur",
];

#[test]
fn an_unknown_word_is_listed_decided_used_by_the_run_and_forgotten() {
    let declared = Declared::new();
    let found = declared.json("here", &["synonym", "unknown"]);
    let first = &found["words"][0];
    assert_eq!(first["direction"], "output");
    assert_eq!((&first["flows"], &first["firms"]), (&2.into(), &1.into()));
    let candidates: Vec<&str> = first["candidates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["key"].as_str().unwrap())
        .collect();
    assert!(candidates.contains(&"DON:fgd_gypsum"), "{candidates:?}");
    assert!(first.get("quantity").is_none());
    let told = declared.done("here", &["synonym", "unknown"]);
    assert!(told.contains("(output, 2 flow(s), 1 firm(s))"), "{told}");
    assert!(told.contains("boucle synonym add 'T"), "{told}");

    let pair = "Acme (invented) → Bolt (invented)";
    assert!(!declared.plan("here").contains(pair));
    let before = declared.digest("here");

    let added = declared.done("here", &ADD);
    assert!(added.contains("(output) = DON:fgd_gypsum, "), "{added}");
    assert_eq!(declared.done("here", &ADD), added, "done once");
    // The need under the same words is nobody's to decide by the way.
    let left = declared.unknown("here");
    assert_eq!(left, [("Trucmuche gris".to_owned(), "input".to_owned())]);
    let plan = declared.plan("here");
    assert!(plan.contains(pair), "{plan}");
    assert!(
        plan.contains("Output read: DON:fgd_gypsum (word of the territory"),
        "{plan}"
    );
    assert!(!plan.contains("Is “Trucmuche gris”"), "{plan}");
    assert_ne!(declared.digest("here"), before);

    // Another territory knows nothing of it.
    assert_eq!(
        declared.done("there", &["synonym", "list"]).trim(),
        "no synonym"
    );
    assert_eq!(declared.unknown("there").len(), 2);
    assert!(!declared.plan("there").contains(pair));

    let removed = declared.done("here", &["synonym", "remove", "TRUCMUCHE GRIS"]);
    assert!(removed.starts_with("- trucmuches gris"), "{removed}");
    assert_eq!(declared.unknown("here").len(), 2);
    assert!(!declared.plan("here").contains(pair));
    assert_eq!(declared.digest("here"), before);
    let nothing = declared.ask("here", &["synonym", "remove", "TRUCMUCHE GRIS"]);
    assert_eq!(nothing.code, 2);
}

#[test]
fn check_and_recognise_read_the_words_of_the_territory_they_are_told_of() {
    let declared = Declared::new();
    declared.done("here", &ADD);
    let sheet = declared.folder.path("flows.csv");
    let keys = |territory: &str| {
        let report = declared.json(territory, &["check", &sheet]);
        let key = |at: usize| report["flows"][at]["key"].clone();
        (key(0), key(3), report["findings"].to_string())
    };
    let (output, input, findings) = keys("here");
    assert_eq!((output, input), ("DON:fgd_gypsum".into(), Value::Null));
    assert!(findings.contains("I3305"), "{findings}");
    let (output, _, findings) = keys("there");
    assert_eq!(output, Value::Null);
    assert!(!findings.contains("I3305"), "{findings}");
    let told = declared.done("here", &["check", &sheet]);
    assert!(
        told.contains("read by their words: 2")
            && told.contains("Trucmuche gris → DON:fgd_gypsum")
            && told.contains("word of the territory: “Trucmuche gris”"),
        "{told}"
    );

    let texts = declared.folder.with(
        "texts.csv",
        "id,text,direction\na,trucmuche gris,output\nb,trucmuche gris,input\n",
    );
    let outcomes = |out: &str| -> Vec<String> {
        out.lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["outcome"].to_string())
            .collect()
    };
    let here = declared.done("here", &["recognise", &texts]);
    assert_eq!(outcomes(&here), ["\"recognise\"", "\"unknown\""], "{here}");
    let there = declared.done("there", &["recognise", &texts]);
    assert_eq!(outcomes(&there), ["\"unknown\"", "\"unknown\""], "{there}");
    // Without a territory the catalogue alone reads.
    let alone = boucle(&["recognise", &texts, "--store", &declared.store]);
    assert_eq!(outcomes(&alone.out), outcomes(&there), "{}", alone.err);
    assert_eq!(declared.ask("nowhere", &["recognise", &texts]).code, 2);
}

#[test]
fn a_synonym_that_cannot_be_is_refused_with_its_reason_in_the_language_of_the_user() {
    let declared = Declared::new();
    declared.done("here", &ADD);
    let refused = |arguments: &[&str]| {
        let ended = declared.ask("here", &[&["synonym", "add"], arguments].concat());
        assert_eq!(ended.code, 2, "{arguments:?}: {}", ended.out);
        ended.err
    };
    for (arguments, reason) in [
        (&["bidule", "DON:nothing"][..], "not in the catalogue"),
        (
            &["bidule", "DON:fgd_gypsum", "--direction", "input"],
            "names outputs only",
        ),
        (&["", "DON:fgd_gypsum"], "a letter or a digit"),
        (&["Sciure", "DON:fgd_gypsum"], "is already the name of"),
        (
            &["Trucmuche gris", "DON:phosphogypsum"],
            "names DON:fgd_gypsum in this territory already",
        ),
    ] {
        let told = refused(arguments);
        assert!(told.contains(reason), "{arguments:?}: {told}");
    }
    let told = refused(&["Trucmuche gris", "DON:phosphogypsum", "--lang", "fr"]);
    assert!(
        told.contains("désigne déjà DON:fgd_gypsum sur ce territoire"),
        "{told}"
    );
    let list = declared.json("here", &["synonym", "list"]);
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["key"], "DON:fgd_gypsum");
    assert_eq!(list[0]["by"], "animateur");
}
