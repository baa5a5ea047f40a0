//! The lists to choose from, one column each.

use boucle_domain::knowledge::Knowledge;
use boucle_domain::text::Language;
use boucle_domain::units::written::{Period, UNITS};
use boucle_domain::validate::{Field, word_list};
use rust_xlsxwriter::{Format, Worksheet};

use crate::WriteError;
use crate::sheet::letters;

/// Longest label shown beside a code.
const LABEL_CHARACTERS: usize = 80;

/// The lists, each with its heading and the fields it serves.
pub(super) struct Lists {
    lists: Vec<List>,
}

struct List {
    heading: String,
    fields: Vec<Field>,
    words: Vec<String>,
}

impl Lists {
    /// The lists of a catalogue in a language.
    pub fn of(knowledge: &Knowledge, language: Language) -> Lists {
        let list = |fields: &[Field], words: Vec<String>| List {
            heading: fields
                .first()
                .map_or(String::new(), |field| field.heading(language).to_owned()),
            fields: fields.to_vec(),
            words,
        };
        let closed = |field: Field| {
            let words = word_list(field).map_or(Vec::new(), |list| list.words(language));
            list(&[field], words.into_iter().map(str::to_owned).collect())
        };
        let english = language == Language::En;
        let units = UNITS
            .iter()
            .map(|row| (if english { row.english } else { row.code }).to_owned())
            .collect();
        let periods = Period::ALL.into_iter().map(|period| {
            let (fr, en) = period.words();
            (if english { en } else { fr }).to_owned()
        });
        let profiles: &[&str] = if english {
            &["constant", "monthly", "09-12"]
        } else {
            &["constant", "mensuel", "09-12"]
        };
        let donors = knowledge
            .donors()
            .iter()
            .map(|donor| labelled(donor.key.as_str(), donor.label.in_language(language)));
        let resources = knowledge
            .resources()
            .iter()
            .map(|resource| labelled(resource.key.as_str(), resource.label.in_language(language)));
        let codes = knowledge.waste_codes().iter().map(|entry| {
            let code = entry.code.as_str();
            let spaced = format!("{} {} {}", &code[..2], &code[2..4], &code[4..]);
            labelled(&spaced, entry.label.in_language(language))
        });
        // Classes only: four digits are what the rules know.
        let activities = knowledge
            .activities()
            .filter(|entry| entry.level == 4)
            .map(|entry| labelled(entry.code.as_str(), entry.label.in_language(language)));
        Lists {
            lists: vec![
                closed(Field::Direction),
                list(
                    &[Field::Unit, Field::PriceUnit, Field::AgreementUnit],
                    units,
                ),
                list(&[Field::Period], periods.collect()),
                list(
                    &[Field::Profile],
                    profiles.iter().map(|word| (*word).to_owned()).collect(),
                ),
                closed(Field::Hazardous),
                closed(Field::Method),
                closed(Field::Visibility),
                list(&[Field::Resource], donors.chain(resources).collect()),
                list(&[Field::WasteCode], codes.collect()),
                list(&[Field::Activity], activities.collect()),
            ],
        }
    }

    /// The range of the list of a field, as a formula.
    pub fn range(&self, field: Field, sheet: &str) -> Option<String> {
        let at = self
            .lists
            .iter()
            .position(|list| list.fields.contains(&field))?;
        let column = letters(u32::try_from(at).ok()?);
        Some(format!(
            "='{sheet}'!${column}$2:${column}${}",
            self.lists[at].words.len() + 1
        ))
    }

    /// Writes every list in its column.
    pub fn write(&self, sheet: &mut Worksheet) -> Result<(), WriteError> {
        let bold = Format::new().set_bold();
        for (column, list) in (0u16..).zip(&self.lists) {
            sheet.write_string_with_format(0, column, &list.heading, &bold)?;
            for (row, word) in (1u32..).zip(&list.words) {
                sheet.write_string(row, column, word)?;
            }
            let widest = list
                .words
                .iter()
                .map(|word| word.chars().count())
                .max()
                .unwrap_or(0);
            sheet.set_column_width(column, (widest as f64).clamp(12.0, 60.0))?;
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(())
    }
}

/// `key — label`: the importer reads the key.
fn labelled(key: &str, label: &str) -> String {
    let label: String = label.chars().take(LABEL_CHARACTERS).collect();
    format!("{key} — {label}")
}
