//! What the recogniser promises, on texts written for it.

use std::sync::LazyLock;

use boucle_domain::flow::Identity;
use boucle_domain::id::{ActivityCode, Direction, WasteCode};
use boucle_domain::knowledge::Knowledge;
use boucle_domain::synonym::Synonym;
use proptest::prelude::*;

use super::*;
use crate::evaluation::{Figures, read};

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::embedded().unwrap());
static RECOGNISER: LazyLock<Recogniser> = LazyLock::new(|| Recogniser::new(&KNOWLEDGE, &[]));

fn ask(text: &str, code: &str, direction: Option<Direction>) -> Recognition {
    let code = WasteCode::new(code);
    RECOGNISER.recognise(&Asked {
        text,
        waste_code: Some(&code).filter(|code| !code.as_str().is_empty()),
        activity: None,
        direction,
    })
}

fn key(text: &str, direction: Direction) -> String {
    let read = ask(text, "", Some(direction));
    match read.key {
        Some(Identity::Donor(key)) => key.to_string(),
        Some(Identity::Resource(key)) => key.to_string(),
        _ => format!("{:?}", read.outcome),
    }
}

#[test]
fn packagings_and_measures_do_not_hide_what_they_hold() {
    assert_eq!(key("GRV de soude 30%", Direction::Input), "mat.chem.base");
    assert_eq!(
        key("Huile de vidange moteur, fûts 200 L", Direction::Output),
        "DON:waste_oil"
    );
    assert_eq!(
        key("balles de carton ondulé, 2 bennes", Direction::Output),
        "DON:cardboard"
    );
}

#[test]
fn formulas_abbreviations_and_spelling_errors_are_read() {
    assert_eq!(key("FeCl3 40%", Direction::Input), "mat.chem.coagulant");
    assert_eq!(key("REFIOM", Direction::Output), "DON:efw_fly_ash");
    assert_eq!(key("polystirène expansé", Direction::Output), "DON:eps");
}

#[test]
fn a_word_for_several_things_asks_with_its_candidates() {
    for text in [
        "déchets plastiques",
        "boues",
        "huiles",
        "bois",
        "solvants",
        "cartons/plastiques",
    ] {
        let read = ask(text, "", Some(Direction::Output));
        assert_eq!(read.outcome, Outcome::Ask, "{text}: {read:?}");
        assert!(read.candidates.len() >= 2, "{text}");
        assert!(!read.question.fr.is_empty() && !read.question.en.is_empty());
    }
}

#[test]
fn a_word_alone_that_most_often_belongs_to_other_keys_asks() {
    let read = ask("huile usagée", "", Some(Direction::Output));
    assert_eq!(read.outcome, Outcome::Ask, "{read:?}");
    assert!(read.candidates.len() >= 2);
}

#[test]
fn a_code_alone_always_asks() {
    for entry in KNOWLEDGE
        .donors()
        .iter()
        .flat_map(|donor| &donor.waste_codes)
    {
        for text in ["", "déchets", "voir code"] {
            let read = ask(text, entry.as_str(), Some(Direction::Output));
            assert_eq!(read.outcome, Outcome::Ask, "{entry} {text}");
        }
    }
}

#[test]
fn words_and_code_that_contradict_each_other_are_reported_and_ask() {
    let read = ask("drêches de brasserie", "130205*", Some(Direction::Output));
    assert_eq!(read.outcome, Outcome::Ask);
    assert!(
        read.reasons
            .iter()
            .any(|reason| matches!(reason, Reason::CodeDisagrees(_)))
    );
}

#[test]
fn what_is_denied_is_not_what_it_is() {
    assert_ne!(
        key("plaques fibrociment sans amiante", Direction::Output),
        "DON:asbestos_waste"
    );
}

#[test]
fn accounts_and_remarks_are_no_resource() {
    for text in [
        "divers",
        "RAS",
        "voir annexe",
        "honoraires comptables",
        "Total",
    ] {
        let read = ask(text, "", Some(Direction::Output));
        assert_eq!(read.outcome, Outcome::Unknown, "{text}");
    }
}

#[test]
fn a_direction_nobody_said_is_asked() {
    let read = ask("ferrailles", "", None);
    assert_eq!(read.outcome, Outcome::Ask);
    assert!(read.reasons.contains(&Reason::NoDirection));
}

/// Own words of outputs and needs, and how a text is read with them.
fn own(
    words: &[(Direction, &str, &str)],
    text: &str,
    code: &str,
    direction: Direction,
) -> Recognition {
    let own: Vec<Synonym> = words
        .iter()
        .map(|(direction, words, key)| Synonym {
            words: (*words).to_owned(),
            direction: *direction,
            key: Identity::of_key(key),
        })
        .collect();
    let code = WasteCode::new(code);
    RECOGNISER.with_own(&own).recognise(&Asked {
        text,
        waste_code: Some(&code).filter(|code| !code.as_str().is_empty()),
        activity: None,
        direction: Some(direction),
    })
}

#[test]
fn the_words_of_the_territory_go_before_all_others() {
    let words = [(Direction::Output, "boue jaune", "DON:sawdust")];
    for text in ["Boues jaunes", "boue jaune 12 t", "Bennes de boue jaune"] {
        let read = own(&words, text, "", Direction::Output);
        assert_eq!(read.key, Some(Identity::of_key("DON:sawdust")), "{text}");
        assert!(matches!(read.reasons[..], [Reason::OwnWords(_)]), "{text}");
    }
    for text in ["boue", "boue jaune et grise", "jaune"] {
        let read = own(&words, text, "", Direction::Output);
        assert!(!matches!(read.reasons[..], [Reason::OwnWords(_)]), "{text}");
    }
}

#[test]
fn a_word_of_the_territory_is_decided_for_one_side_and_leaves_the_other_as_it_was() {
    use Direction::{Input, Output};
    let donor = (Output, "trucmuche", "DON:fgd_gypsum");
    let need = (Input, "trucmuche", "mat.mineral.gypsum");
    let read =
        |words: &[(Direction, &str, &str)], direction| own(words, "Trucmuches", "", direction).key;
    let key = |key| Some(Identity::of_key(key));
    assert_eq!(read(&[donor], Output), key(donor.2));
    assert_eq!(read(&[donor], Input), None);
    assert_eq!(read(&[need], Input), key(need.2));
    assert_eq!(read(&[need], Output), None);
    for words in [[donor, need], [need, donor]] {
        assert_eq!(read(&words, Output), key(donor.2));
        assert_eq!(read(&words, Input), key(need.2));
    }
    let gone = (Output, "trucmuche", "DON:gone");
    assert_eq!(read(&[gone], Output), None);
}

#[test]
fn a_word_of_the_territory_and_a_code_that_disagree_ask() {
    let words = [(Direction::Output, "trucmuche", "DON:fgd_gypsum")];
    let read = own(&words, "trucmuche", "100105", Direction::Output);
    assert_eq!(read.outcome, Outcome::Recognised, "{read:?}");
    assert!(matches!(
        read.reasons[..],
        [Reason::OwnWords(_), Reason::CodeAgrees(_)]
    ));
    let read = own(&words, "trucmuche", "130205*", Direction::Output);
    assert_eq!(read.outcome, Outcome::Ask, "{read:?}");
    assert_eq!(read.candidates[0].key, Identity::of_key("DON:fgd_gypsum"));
    assert!(read.candidates.len() > 1);
}

/// Slightly under what is reached on the texts that may be read.
#[test]
fn the_tuning_set_is_read_as_well_as_before() {
    let text = include_str!("../../../testdata/recognise/tuning.csv");
    let figures = Figures::of(&RECOGNISER, read(text, &KNOWLEDGE).iter());
    assert!(figures.precision() >= 0.97, "{figures}");
    assert!(figures.recall() >= 0.93, "{figures}");
    assert!(figures.ask_accuracy() >= 0.95, "{figures}");
    assert!(figures.over_asking() <= 0.07, "{figures}");
}

proptest! {
    #[test]
    fn any_text_code_and_activity_gets_an_answer_between_nought_and_one(
        text in "\\PC{0,80}",
        code in "[0-9 *]{0,8}|\\PC{0,6}",
        activity in "[A-Z0-9.]{0,6}|\\PC{0,4}",
        side in 0_u8..3,
    ) {
        let (code, activity) = (WasteCode::new(code), ActivityCode::new(activity));
        let asked = Asked {
            text: &text,
            waste_code: Some(&code),
            activity: Some(&activity),
            direction: [None, Some(Direction::Output), Some(Direction::Input)][side as usize],
        };
        let read = RECOGNISER.recognise(&asked);
        prop_assert!((0.0..=1.0).contains(&read.confidence));
        prop_assert_eq!(read.key.is_some(), read.outcome == Outcome::Recognised);
        prop_assert_eq!(&read, &RECOGNISER.recognise(&asked));
    }
}
