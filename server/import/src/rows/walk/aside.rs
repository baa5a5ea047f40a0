//! Rows that are no flows: titles between rows, totals, remarks.

use boucle_domain::id::Direction;
use boucle_domain::units::written::read_number;
use boucle_domain::validate::{Field, Group};

use crate::headings::{direction_of, folded_words, meaning, unit_of};
use crate::layout::Table;
use crate::sheet::{Area, SheetRow};

/// What a row is when it is no flow.
#[derive(Debug, PartialEq)]
pub(super) enum Aside {
    /// A title that says the way of the rows below.
    Section(Direction),
    /// A line that names the firm of the rows below, as `Entreprise : X`.
    Constants(Vec<(Field, String)>),
    /// The bare name of the firm of the rows below.
    Firm(String),
    /// A total or subtotal.
    Total,
    /// A remark.
    Note,
}

/// Fewest columns of a table in which a lone cell means something of its own.
const FEWEST_COLUMNS: usize = 4;
/// Beyond this many characters a lone cell is a remark.
const LONGEST_NAME: usize = 60;

/// What a row is, if it is no flow; `sums` are those of the quantities above it, by block.
pub(super) fn aside(
    row: &SheetRow,
    table: &Table,
    merged: &[Area],
    sums: &[f64],
    last_full: u32,
) -> Option<Aside> {
    // Rows as full as the table are by far the most frequent.
    if row.cells.len() > 6 && !row.cells.iter().any(|(_, text)| has_total(text)) {
        return None;
    }
    if is_total(row, table, sums) {
        return Some(Aside::Total);
    }
    if table.columns.len() < FEWEST_COLUMNS {
        return None;
    }
    let (column, text) = match &row.cells[..] {
        [(column, text)] => (*column, text.as_str()),
        [_, ..] if row.cells.len() <= 4 => {
            let is_label = row.cells[0].1.trim_end().ends_with(':');
            let constants = constants_of(row);
            return (is_label && !constants.is_empty()).then_some(Aside::Constants(constants));
        }
        _ => return None,
    };
    let is_across = merged.iter().any(|area| {
        area.top <= row.number
            && row.number <= area.bottom
            && area.left <= column
            && column < area.right
    });
    let constants = constants_of(row);
    if !constants.is_empty() {
        return Some(Aside::Constants(constants));
    }
    let words = folded_words(text);
    if let Some(way) = direction_of(text)
        && words.len() <= 6
        && !text.ends_with('.')
        && !is_remark(text)
        && (is_across
            || !of_field(table, column, Field::Name)
            || is_capital(text)
            || words.len() <= 2)
    {
        return Some(Aside::Section(way));
    }
    if is_remark(text) || text.chars().count() > LONGEST_NAME {
        return Some(Aside::Note);
    }
    let naming = [Field::Firm, Field::FirmId, Field::Site, Field::SiteId];
    let named = naming.iter().any(|&field| of_field(table, column, field));
    let has_firm = naming.iter().any(|&field| table.has(field));
    let trailing = row.number > last_full;
    if trailing && words.len() >= 2 && !of_field(table, column, Field::Quantity) {
        return Some(Aside::Note);
    }
    if named
        || (!has_firm
            && !trailing
            && (is_across || column == table.columns.first().map_or(0, |first| first.column))
            && read_number(text).is_err())
    {
        return Some(Aside::Firm(text.to_owned()));
    }
    let flow = table.columns.iter().any(|other| {
        other.column == column
            && other.field.group() == Group::Flow
            && other.field != Field::Comment
    });
    (!flow || is_across).then_some(Aside::Note)
}

fn of_field(table: &Table, column: u32, field: Field) -> bool {
    table
        .columns
        .iter()
        .any(|other| other.column == column && other.field == field)
}

fn is_capital(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_lowercase)
}

/// Whether a text opens like a footnote or remark, or is a sentence.
fn is_remark(text: &str) -> bool {
    let text = text.trim();
    let lower = text.to_lowercase();
    let opens = [
        "*",
        "(1)",
        "(2)",
        "(3)",
        "(*)",
        "1)",
        "2)",
        "¹",
        "²",
        "nb",
        "n.b",
        "nota",
        "note",
        "source",
        "remarque",
        "légende",
        "legende",
        "attention",
        "commentaire",
        "†",
        "->",
        "→",
        "•",
        "legend",
        "remark",
        "comment",
        "voir ",
        "see ",
        "(a)",
        "a)",
        "données ",
        "data ",
        "mis à jour",
        "date ",
    ];
    opens.iter().any(|opening| lower.starts_with(opening))
        || (text.ends_with('.') && text.split_whitespace().count() > 3)
}

/// A quick look: whether a text holds a word of a total at all.
fn has_total(text: &str) -> bool {
    let Some(first) = text.as_bytes().first() else {
        return false;
    };
    if first.is_ascii_digit() {
        return false;
    }
    let lower = text.to_lowercase();
    ["total", "totaux", "somme", "sum", "cumul"]
        .iter()
        .any(|word| lower.contains(word))
}

/// Words that may stand in the label of a total.
const OF_TOTAL: [&str; 40] = [
    "total",
    "totaux",
    "subtotal",
    "sou",
    "sous",
    "grand",
    "general",
    "generale",
    "somme",
    "sum",
    "cumul",
    "annuel",
    "annuelle",
    "an",
    "sortant",
    "sortante",
    "entrant",
    "entrante",
    "dechet",
    "flux",
    "output",
    "input",
    "waste",
    "dangereux",
    "dangereuse",
    "non",
    "tonne",
    "t",
    "par",
    "entreprise",
    "site",
    "zone",
    "tout",
    "et",
    "all",
    "overall",
    "estime",
    "firm",
    "per",
    "année",
];

/// Whether a row sums up those above: by its label, or by its number alone.
fn is_total(row: &SheetRow, table: &Table, sums: &[f64]) -> bool {
    let numbers = row
        .cells
        .iter()
        .filter(|(_, text)| read_number(text).is_ok())
        .count();
    let label = row.cells.iter().find(|(_, text)| has_total(text));
    let Some((column, text)) = label else {
        // A number alone, or a number for each block, that is the sum of what stands above.
        let alone = numbers > 0 && numbers == row.cells.len();
        return alone
            && row.cells.iter().all(|(column, text)| {
                let of_quantity = table
                    .columns
                    .iter()
                    .find(|other| other.column == *column && other.field == Field::Quantity);
                let sum = of_quantity
                    .map(|column| sums.get(column.block.unwrap_or(0)).copied().unwrap_or(0.0));
                match (sum, read_number(text)) {
                    (Some(sum), Ok(number)) => {
                        sum > 0.0 && (number.value.mid() - sum).abs() <= sum * 1e-6 + 1e-9
                    }
                    _ => false,
                }
            });
    };
    let words = folded_words(text);
    let all_of_total = words.iter().all(|word| {
        OF_TOTAL.contains(&word.as_str()) || word.bytes().all(|byte| byte.is_ascii_digit())
    });
    let opens = words.first().is_some_and(|word| {
        matches!(
            word.as_str(),
            "total" | "totaux" | "subtotal" | "somme" | "sum" | "cumul"
        )
    }) || words.len() > 1
        && matches!(words[0].as_str(), "sou" | "sous" | "grand")
        && words[1] == "total";
    if !opens {
        return false;
    }
    // A firm or a thing may well be called Total: what else a flow needs then stands beside it.
    let names = |field: Field| {
        table.columns.iter().any(|other| {
            other.field == field && other.column != *column && !row.text(other.column).is_empty()
        })
    };
    let beside = [Field::Name, Field::Direction, Field::WasteCode]
        .into_iter()
        .filter(|&field| names(field))
        .count();
    if of_field(table, *column, Field::Firm) || of_field(table, *column, Field::Site) {
        return beside == 0;
    }
    beside == 0 || all_of_total && beside <= 1 && !names(Field::WasteCode)
}

/// What a row above or between says of firm and site: `Entreprise : X`, `SIRET | 123…`, or of the
/// unit and period of all quantities.
pub(super) fn constants_of(row: &SheetRow) -> Vec<(Field, String)> {
    let mut constants = Vec::new();
    let mut at = 0;
    while let Some((column, text)) = row.cells.get(at) {
        at += 1;
        if let Some((unit, period)) = said_unit(text) {
            constants.extend(unit.map(|unit| (Field::Unit, unit)));
            constants.extend(period.map(|period| (Field::Period, period)));
            continue;
        }
        let (label, value) = text.split_once(':').unwrap_or((text, ""));
        let Some(field) =
            meaning(label).and_then(|meaning| match (meaning.field()?, meaning.otherwise) {
                (Field::Site, Some(_)) => Some(Field::Firm),
                (field, None) => Some(field),
                _ => None,
            })
        else {
            continue;
        };
        let wanted = field.group() == Group::Site
            || matches!(field, Field::Unit | Field::Period | Field::SourceYear);
        let mut value = value.trim().to_owned();
        let next = row.cells.get(at);
        if value.is_empty()
            && let Some((beside, text)) = next
            && (*beside == column + 1 || text_is_label(&row.cells[at - 1].1))
            && meaning(text).is_none()
        {
            value.clone_from(text);
            at += 1;
        }
        let spoilt = value.is_empty()
            || (!text.contains(':') && field == Field::Firm && row.cells.len() > 2);
        if wanted && !spoilt {
            constants.push((field, value));
        }
    }
    constants
}

fn text_is_label(text: &str) -> bool {
    text.trim_end().ends_with(':')
}

/// `Quantités en tonnes par an`: unit and period of all quantities.
fn said_unit(text: &str) -> Option<(Option<String>, Option<String>)> {
    let lower = text.trim().trim_matches(['(', ')', '.']).to_lowercase();
    let speaks = [
        "quantité",
        "quantite",
        "tonnage",
        "chiffres",
        "données",
        "valeurs",
        "unité",
        "quantities",
        "figures",
        "volumes",
    ]
    .iter()
    .any(|word| {
        lower.starts_with(word)
            || lower.starts_with(&format!("toutes les {word}"))
            || lower.starts_with(&format!("tous les {word}"))
            || lower.starts_with(&format!("all {word}"))
    });
    let (_, unit) = lower
        .rsplit_once(" en ")
        .or_else(|| lower.rsplit_once(" in "))?;
    if !speaks {
        return None;
    }
    unit_of(unit)
}
