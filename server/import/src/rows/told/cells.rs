//! What is told of single cells and rows.

use boucle_domain::diagnostic::Code;
use boucle_domain::text::Text;
use boucle_domain::validate::{Field, Finding};

use crate::limits;

/// A quantity joined over several rows.
pub(in crate::rows) fn shared_quantity(text: &str) -> Finding {
    let cause = Text::new(
        format!("la quantité « {text} » est fusionnée sur plusieurs lignes"),
        format!("the quantity \"{text}\" is merged over several rows"),
    );
    let fix = Text::new(
        format!("défusionnez la case, gardez sa part à chaque ligne, par exemple « 0..{text} »"),
        format!("unmerge the cell and give each row its share, such as \"0..{text}\""),
    );
    Finding::new(Code::E1011, Field::Quantity, text, cause, fix)
}

pub(in crate::rows) fn too_long(field: Field, text: &str) -> Finding {
    let count = text.chars().count();
    let limit = limits::CELL_CHARACTERS;
    let cause = Text::new(
        format!("le texte a {count} caractères, la limite est de {limit}"),
        format!("the text has {count} characters, the limit is {limit}"),
    );
    let fix = Text::new(
        "raccourcissez-le ; cherchez un guillemet non fermé",
        "shorten it; look for a quote that is not closed",
    );
    Finding::new(Code::E1006, field, text, cause, fix)
}

pub(in crate::rows) fn failed_formula(field: Field, text: &str, has_unit: bool) -> Finding {
    let cause = Text::new(
        "la formule du tableur a échoué",
        "the formula of the spreadsheet failed",
    );
    let example = match (field, has_unit) {
        (Field::Quantity, false) => Text::new("écrivez « 12,5 t/an »", "write \"12.5 t/year\""),
        (Field::Quantity | Field::Direction | Field::Unit | Field::Period | Field::Name, _) => {
            field.example()
        }
        _ => Text::new("écrivez la valeur", "write the value"),
    };
    let empty = match field.is_required() {
        true => Text::default(),
        false => Text::new(", ou videz la case : « »", ", or empty the cell: \"\""),
    };
    let fix = Text::new(
        format!("{} à la place de la formule{}", example.fr, empty.fr),
        format!("{} in place of the formula{}", example.en, empty.en),
    );
    Finding::new(Code::E1007, field, text, cause, fix)
}

pub(in crate::rows) fn beyond_headings() -> Finding {
    let cause = Text::new(
        "des cellules dépassent le dernier en-tête : elles ne sont pas lues",
        "cells stand beyond the last heading: they are not read",
    );
    let fix = Text::new(
        "un séparateur de trop a peut-être décalé la ligne",
        "one separator too many may have shifted the row",
    );
    Finding::new(Code::W2004, None, "", cause, fix)
}

/// A line of suggestions that is neither confirmed nor refused.
pub(in crate::rows) fn not_yes_or_no(written: &str) -> Finding {
    let cause = Text::new(
        "ce mot ne confirme ni ne refuse la ligne",
        "this word neither confirms the row nor refuses it",
    );
    let fix = Text::new(
        "écrivez « oui » ou « non », ou rien",
        "write \"yes\" or \"no\", or nothing",
    );
    Finding::new(Code::E1110, Field::Confirm, written, cause, fix)
}
