//! Sheets of suggestions: only what is confirmed is read.

use boucle_domain::diagnostic::Code;
use boucle_domain::validate::Field;

use super::*;

#[test]
fn only_confirmed_rows_are_read_and_the_others_are_counted() {
    let heading = [
        Field::Confirm,
        Field::Firm,
        Field::Direction,
        Field::Name,
        Field::Quantity,
        Field::Unit,
        Field::Period,
    ]
    .map(|field| field.heading(boucle_domain::text::Language::Fr))
    .join(";");
    let sheet = |word: &str| {
        format!(
            "{heading}\noui;Laiterie;sortant;Gypse;12;t;an\n{word};Laiterie;sortant;Sable;5;t;an\n"
        )
    };
    for word in ["", "non"] {
        let reading = read_text(&sheet(word));
        assert_eq!(reading.declaration.flows.len(), 1, "{word}");
        assert_eq!(reading.unconfirmed, 1);
        assert!(
            reading
                .findings
                .iter()
                .any(|finding| finding.code == Code::I3009)
        );
        assert!(!reading.is_refused());
        assert!(
            reading.denied.is_empty(),
            "only suggestions are denied, by their reference"
        );
    }
    assert_eq!(read_text(&sheet("Yes")).declaration.flows.len(), 2);
    let unclear = read_text(&sheet("peut-être"));
    assert!(
        unclear
            .findings
            .iter()
            .any(|finding| finding.code == Code::E1110)
    );
}

#[test]
fn a_suggestion_denied_is_told_apart_from_one_left_open() {
    let heading = [
        Field::Confirm,
        Field::Firm,
        Field::Direction,
        Field::Ref,
        Field::Name,
        Field::Quantity,
        Field::Unit,
        Field::Period,
    ]
    .map(|field| field.heading(boucle_domain::text::Language::Fr))
    .join(";");
    let reading = read_text(&format!(
        "{heading}\nnon;Laiterie;sortant;profil-a;Gypse;12;t;an\n;Laiterie;sortant;profil-b;Sable;5;t;an\n"
    ));
    let denied: Vec<&str> = reading
        .denied
        .iter()
        .map(|key| key.reference.as_str())
        .collect();
    assert_eq!(denied, ["profil-a"]);
    assert!(reading.declaration.flows.is_empty() && reading.declaration.sites.is_empty());
    let told = reading
        .findings
        .iter()
        .find(|finding| finding.code == Code::I3009)
        .unwrap();
    assert!(told.cause.fr.starts_with("2 ") && told.cause.fr.contains("1 démentie"));
}
