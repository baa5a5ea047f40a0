//! The service as a process, and the same verbs spoken to it.

mod harness;

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use harness::{Folder, SHEET, boucle};

/// Tokens, invented.
const ANIMATOR: &str = "an-invented-token-for-tests";
const OPERATOR: &str = "an-invented-operator-token";

/// A service that ends with the test.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(arguments: &[&str]) -> Serving {
        let mut child = harness::command()
            .args([&["serve", "--listen", "127.0.0.1:0"], arguments].concat())
            .env("BOUCLE_LOG", "error")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap();
        Serving {
            address: address.to_owned(),
            child,
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_public_address_without_tokens_is_refused() {
    for address in ["0.0.0.0:0", "[::]:0"] {
        let ended = boucle(&["serve", "--listen", address]);
        assert_eq!(ended.code, 2);
        assert!(ended.err.contains("token"), "{}", ended.err);
        assert!(ended.out.is_empty());
    }
    let unreadable = boucle(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--tokens",
        "nowhere.tsv",
    ]);
    assert_eq!(unreadable.code, 2);
    assert!(unreadable.err.contains("nowhere.tsv"), "{}", unreadable.err);
}

#[test]
fn a_running_service_answers_as_the_embedded_one() {
    let folder = Folder::new();
    let (sheet, store) = (folder.with("flows.csv", SHEET), folder.path("boucle.db"));
    let serving = Serving::start(&["--store", &store]);
    let day = [
        "--zone",
        "Park",
        "--valid-on",
        "2026-12-01",
        "--output",
        "json",
    ];
    let there = boucle(&[&["match", &sheet, "--server", &serving.address], &day[..]].concat());
    assert_eq!(there.code, 0, "{}", there.err);
    let here = boucle(&[&["match", &sheet], &day[..]].concat());
    assert_eq!(there.out, here.out);
    // Kept by the service, and readable without the scheme.
    let plain = serving.address.strip_prefix("http://").unwrap();
    let runs = boucle(&["runs", "--server", plain]);
    assert!(runs.out.contains("answered"), "{}", runs.out);
}

#[test]
fn a_service_with_tokens_answers_who_holds_one_in_its_own_territory() {
    let folder = Folder::new();
    let tokens =
        format!("token\trole\tterritory\n{ANIMATOR}\tanimator\tflandre\n{OPERATOR}\toperator\t*\n");
    let tokens = folder.with("tokens.tsv", &tokens);
    let sheet = folder.with("flows.csv", SHEET);
    let serving = Serving::start(&["--tokens", &tokens]);
    let ask = |token: &str, arguments: &[&str]| {
        let mut command = harness::command();
        command.args(arguments).args(["--server", &serving.address]);
        harness::ended(command.env("BOUCLE_TOKEN", token).output().unwrap())
    };
    let nobody = ask("", &["check", &sheet]);
    assert_eq!(nobody.code, 2);
    assert!(
        nobody.err.to_lowercase().contains("token"),
        "{}",
        nobody.err
    );

    let import = ["import", &sheet, "--zone", "Park"];
    assert_eq!(
        ask(ANIMATOR, &import).code,
        2,
        "the territory is not open yet"
    );
    assert_eq!(
        ask(ANIMATOR, &["open", "flandre"]).code,
        2,
        "that is for the operator"
    );
    let opened = ask(OPERATOR, &["open", "flandre", "--name", "Flandre"]);
    assert_eq!(opened.code, 0, "{}", opened.err);
    let imported = ask(ANIMATOR, &import);
    assert_eq!(imported.code, 0, "{}", imported.err);
    let run = ask(ANIMATOR, &["run", "--zone", "Park"]);
    assert_eq!(run.code, 0, "{}", run.err);
    // An operator opens territories and reads none.
    assert_eq!(ask(OPERATOR, &["runs", "--territory", "flandre"]).code, 2);
}

#[test]
fn a_service_that_is_not_there_is_named() {
    let ended = boucle(&["runs", "--server", "127.0.0.1:1"]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains("no service at http://127.0.0.1:1"),
        "{}",
        ended.err
    );
    let secure = boucle(&["runs", "--server", "https://127.0.0.1:1"]);
    assert!(secure.err.contains("https"), "{}", secure.err);
}

#[cfg(unix)]
#[test]
fn a_service_asked_to_end_ends_well() {
    let mut serving = Serving::start(&[]);
    let id = serving.child.id().to_string();
    let killed = std::process::Command::new("kill")
        .args(["-TERM", &id])
        .status();
    assert!(killed.unwrap().success());
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
}
