//! The arrows between the layers, kept by looking at what each file names.

use std::path::{Path, PathBuf};

/// Every Rust file below a folder of `src`, and the file of the module itself.
fn files(module: &str) -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![source.join(module)];
    let mut found = vec![source.join(format!("{module}.rs"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder of the module") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path)
            } else {
                found.push(path)
            }
        }
    }
    found
}

fn assert_never_names(module: &str, forbidden: &[&str]) {
    for file in files(module) {
        let text = std::fs::read_to_string(&file).expect("a source file");
        for word in forbidden {
            assert!(!text.contains(word), "{} names {word}", file.display());
        }
    }
}

#[test]
fn use_cases_know_nothing_of_the_wire() {
    assert_never_names("app", &["tonic", "boucle_proto", "prost", "crate::grpc"]);
    assert_never_names("jobs", &["tonic", "boucle_proto", "crate::grpc"]);
}

#[test]
fn the_wire_knows_nothing_of_sql_and_kernels() {
    assert_never_names(
        "grpc",
        &["boucle_kernel", "sqlx", "SqliteStore", "Scope::authorised"],
    );
}

#[test]
fn leave_is_given_in_one_place() {
    for module in ["app", "grpc", "jobs"] {
        let given = files(module).into_iter().filter(|file| {
            let text = std::fs::read_to_string(file).expect("a source file");
            text.contains("Scope::authorised") && !file.ends_with("jobs/tests.rs")
        });
        assert_eq!(given.count(), 0, "{module} makes scopes");
    }
}
