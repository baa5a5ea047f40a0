//! What a cell must not hold, and how text is kept from becoming a formula.

use boucle_domain::units::written::read_number;

/// What spreadsheets show where a formula failed, in English and in French, without spaces.
const FAILED: [&str; 19] = [
    "#REF!",
    "#N/A",
    "#DIV/0!",
    "#VALUE!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
    "#VALEUR!",
    "#NOM?",
    "#NOMBRE!",
    "#NUL!",
    "#N/D",
    "#PROPAGATION!",
    "#EPARS!",
    "#CHAMP!",
    "#FIELD!",
];

/// Whether a formula failed in the cell, or the cell was too narrow to show its number.
pub(crate) fn is_failed_formula(text: &str) -> bool {
    let text = text.trim();
    if let Some(number) = text.strip_prefix("Err:") {
        return number.bytes().all(|byte| byte.is_ascii_digit());
    }
    if !text.starts_with('#') || text.len() > 24 {
        return false;
    }
    if text.len() > 2 && text.chars().all(|mark| mark == '#') {
        return true;
    }
    let compact: String = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .flat_map(char::to_uppercase)
        .map(|character| if character == 'É' { 'E' } else { character })
        .collect();
    FAILED.contains(&compact.as_str())
}

/// First characters that make a spreadsheet take text for a formula.
fn is_risky(first: char) -> bool {
    matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r')
}

/// Text as it may stand in a cell: an apostrophe before whatever a spreadsheet could run. Numbers
/// stay numbers, negative ones too.
pub(crate) fn guarded(text: &str) -> String {
    let mut characters = text.chars();
    let guard = match (characters.next(), characters.next()) {
        (Some(first), _) if is_risky(first) => read_number(text).is_err(),
        // Text that looks guarded already gets one more, so that reading takes one off.
        (Some('\''), Some(second)) => is_risky(second) || second == '\'',
        _ => false,
    };
    if guard {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The text without the apostrophe that guarded it.
pub(crate) fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(|second| is_risky(second) || second == '\'') => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_failed_formula_is_known_in_both_languages() {
        for text in [
            "#REF!", "#DIV/0 !", "#VALEUR!", "#NOM?", "#N/A", "########", "Err:502",
        ] {
            assert!(is_failed_formula(text), "{text}");
        }
        for text in ["#1", "# 12", "#palettes", "12", "", "#"] {
            assert!(!is_failed_formula(text), "{text}");
        }
    }

    #[test]
    fn only_text_that_could_run_is_guarded() {
        assert_eq!(guarded("=1+1"), "'=1+1");
        assert_eq!(guarded("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(guarded("-80"), "-80");
        assert_eq!(guarded("-20..-10"), "-20..-10");
        assert_eq!(guarded("-cmd"), "'-cmd");
        assert_eq!(guarded("l'eau"), "l'eau");
    }

    proptest! {
        #[test]
        fn what_is_guarded_is_read_back(text in "['=+@a1-]{0,8}|.{0,20}") {
            let guarded = guarded(&text);
            prop_assert_eq!(unguarded(&guarded), text.as_str());
            let runs = guarded.starts_with(['=', '@', '\t', '\r']);
            prop_assert!(!runs, "{}", guarded);
        }
    }
}
