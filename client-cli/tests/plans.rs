//! Plans: for people, for programs, from a sheet and from a store.

mod harness;

use std::io::Read;
use std::process::Stdio;

use harness::{BAD_SHEET, Folder, SHEET, boucle, testdata};

#[test]
fn a_sheet_becomes_a_plan_told_to_people() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", SHEET);
    let matched = boucle(&["match", &sheet, "--zone", "Invented park"]);
    assert_eq!(matched.code, 0, "{}", matched.err);
    for told in [
        "invented-park: 3 flows",
        "Firm plan",
        "Prospective plan",
        "cost today",
        "proven optimum (gap 0",
        "rounding:",
        "Acme (invented) → Bolt (invented)",
        "- Law: ",
        "- To ask: ",
        "Left out",
        "beet pulp",
    ] {
        assert!(
            matched.out.to_lowercase().contains(&told.to_lowercase()),
            "{told}: {}",
            matched.out
        );
    }
    assert!(
        matched.err.contains("3 flows"),
        "talk goes to standard error: {}",
        matched.err
    );
}

#[test]
fn the_plan_is_told_in_french_with_thin_spaces() {
    let folder = Folder::new();
    let sheet = folder.with("flux.csv", SHEET);
    let matched = boucle(&["match", &sheet, "--lang", "fr"]);
    assert_eq!(matched.code, 0, "{}", matched.err);
    assert!(matched.out.contains("Plan ferme") && matched.out.contains("1\u{202f}000 t"));
}

#[test]
fn an_empty_plan_is_done_and_not_an_error() {
    let folder = Folder::new();
    let alone: Vec<&str> = SHEET.lines().take(2).collect();
    let sheet = folder.with("flows.csv", &alone.join("\n"));
    let matched = boucle(&["match", &sheet]);
    assert_eq!(matched.code, 0, "{}", matched.err);
    assert!(matched.out.contains("no proposal"), "{}", matched.out);
}

#[test]
fn a_refused_sheet_gives_no_plan_and_tells_every_finding() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", BAD_SHEET);
    let matched = boucle(&["match", &sheet]);
    assert_eq!(matched.code, 1);
    assert!(matched.out.is_empty());
    assert!(
        matched.err.contains("twelve") && matched.err.contains("furlongs"),
        "{}",
        matched.err
    );
    assert!(matched.err.contains("nothing was written"));
}

#[test]
fn the_json_answer_parses_and_its_bytes_depend_on_neither_threads_nor_order() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", SHEET);
    let mut lines: Vec<&str> = SHEET.lines().collect();
    lines[1..].reverse();
    let reversed = folder.with("reversed.csv", &lines.join("\n"));
    let answer = |sheet: &str, threads: &str| {
        let day = [
            "--valid-on",
            "2026-12-01",
            "--zone",
            "Park",
            "--output",
            "json",
        ];
        let ended = boucle(&[&["match", sheet, "--threads", threads], &day[..]].concat());
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended.out
    };
    let one = answer(&sheet, "1");
    let parsed: serde_json::Value = serde_json::from_str(&one).unwrap();
    assert!(parsed.is_object());
    assert_eq!(one, answer(&sheet, "2"));
    assert_eq!(one, answer(&sheet, "8"));
    assert_eq!(one, answer(&reversed, "2"));
}

#[test]
fn csv_has_one_row_per_proposal_of_the_plans_asked_for() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", SHEET);
    let rows = |plan: &str| {
        let ended = boucle(&["match", &sheet, "--output", "csv", "--plan", plan]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended.out
    };
    let both = rows("both");
    assert!(both.starts_with("rank,plan,state,"));
    assert!(
        both.contains("\n1,prospective,to_check,false,0.25,Acme (invented),"),
        "{both}"
    );
    assert_eq!(rows("firm").lines().count(), 1);
    assert_eq!(rows("prospective"), both);
}

#[test]
fn a_road_replaces_the_straight_line_and_an_unknown_site_is_told() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", SHEET);
    let roads = folder.with(
        "roads.csv",
        "from;to;km\nAcme (invented);Bolt (invented);42,5\n",
    );
    let matched = boucle(&["match", &sheet, "--distances", &roads, "--output", "csv"]);
    assert_eq!(matched.code, 0, "{}", matched.err);
    assert!(matched.out.contains(",42.5,"), "{}", matched.out);
    let wrong = folder.with("wrong.csv", "Acme (invented);Nowhere;42,5\n");
    let refused = boucle(&["match", &sheet, "--distances", &wrong]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("'Nowhere': no such site"),
        "{}",
        refused.err
    );
}

#[test]
fn settings_are_read_and_a_bad_one_is_told_with_its_field() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", SHEET);
    let dear = folder.with("dear.toml", "link_cost_eur = 10000000\n");
    let matched = boucle(&["match", &sheet, "--settings", &dear, "--output", "csv"]);
    assert_eq!(matched.code, 0, "{}", matched.err);
    assert_eq!(
        matched.out.lines().count(),
        1,
        "no link is worth ten million: {}",
        matched.out
    );
    let wrong = folder.with(
        "wrong.json",
        r#"{"tortuosity": 0.2, "odds_one_unknown": 3}"#,
    );
    let refused = boucle(&["match", &sheet, "--settings", &wrong]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("settings.tortuosity"),
        "{}",
        refused.err
    );
    assert!(refused.err.contains("settings.odds_one_unknown"));
    let misspelt = folder.with("misspelt.toml", "link_costs = 1\n");
    let refused = boucle(&["match", &sheet, "--settings", &misspelt]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("link_costs"), "{}", refused.err);
}

#[test]
fn a_forbidden_link_stays_out() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", SHEET);
    let forbidden = "[[forbidden]]\noutput = \"Acme (invented)/output/gyp\"\n\
        input = \"Bolt (invented)/input/plaster\"\nreason = \"refused in 2025\"\n";
    let settings = folder.with("settings.toml", forbidden);
    let matched = boucle(&["match", &sheet, "--settings", &settings]);
    assert_eq!(matched.code, 0, "{}", matched.err);
    assert!(!matched.out.contains("Acme (invented) → Bolt (invented)"));
    assert!(matched.out.contains("refused in 2025"), "{}", matched.out);
}

#[test]
fn models_are_written_down_with_what_was_found_for_each() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", SHEET);
    let models = folder.path("models");
    let matched = boucle(&["match", &sheet, "--write-mps", &models, "--output", "csv"]);
    assert_eq!(matched.code, 0, "{}", matched.err);
    let objectives = std::fs::read_to_string(format!("{models}/objectives.csv")).unwrap();
    let mut names = objectives.lines();
    assert_eq!(names.next(), Some("name,objective_eur"));
    let mut count = 0;
    for line in names {
        let (name, objective) = line.split_once(',').unwrap();
        assert!(objective.parse::<f64>().unwrap() > 0.0, "{line}");
        let model = std::fs::read_to_string(format!("{models}/{name}.mps")).unwrap();
        assert!(model.contains("ROWS") && model.trim_end().ends_with("ENDATA"));
        count += 1;
    }
    assert!(count > 0);
}

#[test]
fn a_stored_zone_is_run_listed_shown_and_questioned() {
    let folder = Folder::new();
    let (sheet, store) = (folder.with("flows.csv", SHEET), folder.path("boucle.db"));
    let in_store = ["--store", store.as_str()];
    let ask = |arguments: &[&str]| {
        let ended = boucle(&[arguments, &in_store].concat());
        assert_eq!(ended.code, 0, "{arguments:?}: {}", ended.err);
        ended.out
    };
    ask(&["import", &sheet, "--zone", "Park"]);
    assert_eq!(ask(&["runs"]).trim(), "no run");
    let plan = ask(&["run", "--zone", "Park"]);
    assert!(plan.contains("Acme (invented) → Bolt (invented)"));

    let runs: serde_json::Value =
        serde_json::from_str(&ask(&["runs", "--output", "json"])).unwrap();
    let run = runs[0]["run"].as_str().unwrap();
    assert_eq!(runs[0]["state"], "succeeded");
    assert!(ask(&["runs"]).contains(run));
    assert_eq!(ask(&["show", run]), plan);

    let rejections = ask(&["rejections", run, "--site", "Cogs (invented)"]);
    assert!(
        rejections.contains("Beet pulp") && !rejections.contains("/output/gyp"),
        "{rejections}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&ask(&["rejections", run, "--output", "json"])).unwrap();
    assert!(
        json.as_array()
            .unwrap()
            .iter()
            .any(|flow| flow["name"] == "Beet pulp")
    );

    let taker = "Bolt (invented)/input/plaster";
    let pair = [
        "explain-pair",
        run,
        "--giver",
        "Acme (invented)/output/gyp",
        "--taker",
        taker,
    ];
    let explained = ask(&pair);
    assert!(
        explained.contains("unknown") && explained.contains(" km"),
        "{explained}"
    );
    let none = [
        "explain-pair",
        run,
        "--giver",
        "Cogs (invented)/output/pulp",
        "--taker",
        taker,
    ];
    assert!(!ask(&none).contains("holds"));

    let unknown = boucle(&["show", "no-such-run", "--store", &store]);
    assert_eq!(unknown.code, 2);
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let folder = Folder::new();
    let sheet = folder.with("flows.csv", SHEET);
    let mut child = harness::command()
        .args(["match", &sheet])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{err}");
    assert!(!err.contains("panic"), "{err}");
}

#[test]
fn the_park_of_kalundborg_is_matched() {
    let (sheet, roads) = (
        testdata("zones/kalundborg/flows.xlsx"),
        testdata("zones/kalundborg/distances.csv"),
    );
    let arguments = [
        "match",
        &sheet,
        "--zone",
        "Kalundborg",
        "--distances",
        &roads,
    ];
    let matched = boucle(&arguments);
    assert_eq!(matched.code, 0, "{}", matched.err);
    assert!(matched.out.contains("Gyproc"), "{}", matched.out);
    assert_eq!(matched.out.matches("proven optimum (gap 0").count(), 2);
}
