//! What is told of columns: which was taken for what, and from where.

use boucle_domain::diagnostic::Code;
use boucle_domain::id::Direction;
use boucle_domain::text::Language::{En, Fr};
use boucle_domain::text::Text;
use boucle_domain::validate::{Field, Finding};

use super::ranges;
use crate::sheet::letters;

/// A mapping that names what is no field.
pub(in crate::rows) fn unknown_fields(unknown: &[&str]) -> Finding {
    let list = unknown.join(", ");
    let cause = Text::new(
        format!("la correspondance nomme ce qui n'est pas un champ : {list}"),
        format!("the mapping names what is no field: {list}"),
    );
    let fix = Text::new(
        "prenez les codes du modèle : firm, direction, name, quantity, unit, period…",
        "take the codes of the template: firm, direction, name, quantity, unit, period…",
    );
    Finding::new(Code::E1010, None, &list, cause, fix)
}

/// A mapping none of whose columns is there.
pub(in crate::rows) fn mapping_elsewhere() -> Finding {
    let cause = Text::new(
        "aucune colonne de la correspondance n'est dans cette feuille",
        "no column of the mapping is in this sheet",
    );
    let fix = Text::new(
        "vérifiez heading_row et les en-têtes de [columns]",
        "check heading_row and the headings of [columns]",
    );
    Finding::new(Code::E1010, None, "", cause, fix)
}

/// Two columns claim one field and say different things.
pub(in crate::rows) fn contested(field: Field, first: u32, second: u32, heading: &str) -> Finding {
    let (first, second) = (letters(first), letters(second));
    let cause = Text::new(
        format!(
            "les colonnes {first} et {second} se lisent toutes deux « {} » et ne disent pas la même chose",
            field.heading(Fr)
        ),
        format!(
            "columns {first} and {second} both read as \"{}\" and say different things",
            field.heading(En)
        ),
    );
    let fix = Text::new(
        format!(
            "dites laquelle compte : boucle check --propose-map, puis {} = \"{first}\" ou \"{second}\"",
            field.code()
        ),
        format!(
            "say which counts: boucle check --propose-map, then {} = \"{first}\" or \"{second}\"",
            field.code()
        ),
    );
    Finding::new(Code::E1010, field, heading, cause, fix)
}

/// The direction was told from something else than a column.
pub(in crate::rows) fn inferred_direction(way: Direction, from: &str) -> Finding {
    let (fr, en) = match way {
        Direction::Output => ("sortant", "output"),
        Direction::Input => ("entrant", "input"),
    };
    let cause = Text::new(
        format!("aucune colonne ne dit le sens : lu {fr} d'après « {from} »"),
        format!("no column says the direction: read as {en} by \"{from}\""),
    );
    let fix = Text::new(
        "si c'est faux, ajoutez une colonne « Sens »",
        "if this is wrong, add a column \"Direction\"",
    );
    Finding::new(Code::W2006, Field::Direction, from, cause, fix)
}

/// The firm was told from the name of the sheet.
pub(in crate::rows) fn firm_of_sheet(name: &str) -> Finding {
    let cause = Text::new(
        format!("aucune colonne ne dit l'entreprise : lu « {name} », le nom de la feuille"),
        format!("no column says the firm: read as \"{name}\", the name of the sheet"),
    );
    let fix = Text::new(
        "si c'est faux, ajoutez une colonne « Entreprise »",
        "if this is wrong, add a column \"Firm\"",
    );
    Finding::new(Code::W2010, Field::Firm, name, cause, fix)
}

/// The firm was carried down to rows that do not name it.
pub(in crate::rows) fn carried_down(rows: &[u32]) -> Finding {
    let list = ranges(rows);
    let cause = Text::new(
        format!("l'entreprise n'est écrite qu'en tête de son bloc : reprise aux lignes {list}"),
        format!("the firm is written at the head of its block only: carried down to rows {list}"),
    );
    let fix = Text::new(
        "vérifiez ces lignes, ou écrivez l'entreprise sur chacune",
        "check these rows, or write the firm on each",
    );
    Finding::new(Code::W2005, Field::Firm, "", cause, fix)
}

/// The frequency was read as the period.
pub(in crate::rows) fn frequency_as_period(heading: &str) -> Finding {
    let cause = Text::new(
        format!("rien d'autre ne dit la période : « {heading} » est lu comme celle de la quantité"),
        format!("nothing else says the period: \"{heading}\" is read as that of the quantity"),
    );
    let fix = Text::new(
        "si la quantité est annuelle, écrivez la période dans l'en-tête : « Quantité (t/an) »",
        "if the quantity is yearly, write the period in its heading: \"Quantity (t/year)\"",
    );
    Finding::new(Code::W2009, Field::Period, heading, cause, fix)
}

/// A mapping confirmed before was used.
pub(in crate::rows) fn kept_mapping() -> Finding {
    let cause = Text::new(
        "lu avec la correspondance confirmée pour un fichier de mêmes en-têtes",
        "read with the mapping confirmed for a file with the same headings",
    );
    let fix = Text::new(
        "rien à faire ; --map passe avant",
        "nothing to do; --map goes before it",
    );
    Finding::new(Code::I3004, None, "", cause, fix)
}
