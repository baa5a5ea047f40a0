//! What the documents say, held against the code.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The words of a text between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Rows of the tolerance tables: what is bounded, its value, its file.
fn tolerances(architecture: &str) -> Vec<(String, String, String)> {
    let section = architecture.split("\n## ").find(|s| s.starts_with("4."));
    let rows = section.expect("a section on tolerances").lines();
    rows.filter(|line| line.ends_with('|') && line.contains(".rs` |"))
        .map(|line| {
            let cells: Vec<&str> = line
                .split('|')
                .map(|c| c.trim().trim_matches('`'))
                .collect();
            (
                cells[1].to_owned(),
                cells[2].to_owned(),
                cells[3].to_owned(),
            )
        })
        .collect()
}

#[test]
fn every_tolerance_of_the_architecture_stands_in_the_code_with_its_value() {
    let rows = tolerances(&text("ARCHITECTURE.md"));
    assert!(rows.len() > 30, "only {} rows are read", rows.len());
    for (name, value, file) in rows {
        let code = text(&file);
        let constant = format!("const {name}: ");
        let stands = match name.contains(' ') {
            true => code.contains(&value),
            false => code
                .lines()
                .any(|line| line.contains(&constant) && line.contains(&value)),
        };
        assert!(stands, "{file} has no {name} of {value}");
    }
}

#[test]
fn every_tolerance_of_the_kernel_stands_in_the_architecture() {
    let rows = tolerances(&text("ARCHITECTURE.md"));
    let code = text("solver/kernel/src/tolerances.rs");
    let names = code.lines().filter_map(|line| {
        let named = line.strip_prefix("pub const ")?;
        named.split(':').next()
    });
    for name in names {
        assert!(rows.iter().any(|row| row.0 == name), "{name} is not told");
    }
}

#[test]
fn every_file_the_documents_name_is_there() {
    let folders = [
        "client-cli",
        "docs",
        "proto",
        "server",
        "solver",
        "testdata",
    ];
    for document in ["README.md", "ARCHITECTURE.md", "testdata/README.md"] {
        let document_text = text(document);
        let paths = quoted(&document_text).filter(|word| {
            let first = word.split('/').next().unwrap_or_default();
            folders.contains(&first) && word.contains('/') && !word.contains(['*', ' ', '\n'])
        });
        for path in paths {
            assert!(root().join(path).exists(), "{document} names {path}");
        }
    }
}

#[test]
fn every_verb_the_readme_shows_is_known() {
    let readme = text("README.md");
    let verbs = readme.lines().filter_map(|line| {
        let (_, after) = line.split_once("boucle ")?;
        (line.starts_with("target/debug/boucle ")).then(|| after.split(' ').next())?
    });
    let mut seen = 0;
    for verb in verbs {
        let help = std::process::Command::new(env!("CARGO_BIN_EXE_boucle"))
            .args([verb, "--help"])
            .output()
            .expect("the command runs");
        assert!(help.status.success(), "boucle {verb}");
        seen += 1;
    }
    assert!(seen >= 3, "the README shows {seen} commands");
}
