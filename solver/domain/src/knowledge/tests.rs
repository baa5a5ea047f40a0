//! Promises of the catalogue.

use super::*;

#[test]
fn the_embedded_catalogue_is_read_without_a_fault() {
    let knowledge = Knowledge::embedded().unwrap();
    assert_eq!(knowledge.version().len(), 64);
    assert_eq!(knowledge.rules().len(), 700);
}
