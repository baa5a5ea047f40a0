//! What fuzzing kept is tried again.

use std::path::Path;

fn every(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    let mut tried = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus stands beside the tests") {
        let path = entry.expect("a readable folder").path();
        check(&std::fs::read(&path).expect("a readable file"));
        tried += 1;
    }
    assert!(tried > 20, "{tried} files of {target}");
}

#[test]
fn nothing_that_was_kept_of_sheets_makes_the_importer_fail() {
    every("import", boucle_fuzz::import);
}

#[test]
fn nothing_that_was_kept_of_words_makes_the_recogniser_fail() {
    every("recognise", boucle_fuzz::recognise);
}

#[test]
fn nothing_that_was_kept_of_cells_makes_the_writer_fail() {
    every("write", boucle_fuzz::write);
}
