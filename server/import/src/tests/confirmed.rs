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
