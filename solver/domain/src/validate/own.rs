//! Cells that hold a code of the territory where a code of the reference list is asked for.

use jiff::civil::Date;

use super::field::Field;
use super::reader::Reader;
use super::waste::could_be_waste_code;
use crate::diagnostic::Code;
use crate::knowledge::Knowledge;
use crate::own_code::{OwnCode, OwnList};
use crate::text::Text;
use crate::validity::Validity;

/// What a cell is, held against the codes of the territory.
pub(super) enum OwnReading {
    /// None of them.
    Other,
    /// One that stands for this code of the reference list.
    Code(String),
    /// One that gives no code on that day; the finding is told.
    Told,
}

/// A code of a reference list as that list writes it, whatever its edition.
pub fn reference_code(knowledge: &Knowledge, list: OwnList, text: &str) -> Option<String> {
    match list {
        OwnList::WasteCodes => knowledge.waste_code(text).map(|entry| entry.code.spaced()),
        OwnList::Activities => knowledge
            .activity(text)
            .map(|entry| entry.code.to_string())
            .or_else(|| {
                knowledge
                    .new_activity(text)
                    .map(|new| new.sub_class.clone())
            }),
    }
}

/// Whether a cell of a list may be read without any own code: such a text cannot be one.
pub fn is_read_without_own_codes(knowledge: &Knowledge, list: OwnList, text: &str) -> bool {
    match list {
        OwnList::WasteCodes => could_be_waste_code(knowledge, text),
        OwnList::Activities => {
            let first = text.split_whitespace().next().unwrap_or(text);
            [first, text]
                .iter()
                .any(|text| reference_code(knowledge, list, text).is_some())
        }
    }
}

impl Reader<'_> {
    /// What a cell is on a day, unless the reference list reads it.
    pub(super) fn own_code(
        &mut self,
        list: OwnList,
        field: Field,
        text: &str,
        day: Date,
    ) -> OwnReading {
        let context = self.context;
        let rows = context.own_codes(list, text);
        if rows.is_empty() || is_read_without_own_codes(context.knowledge, list, text) {
            return OwnReading::Other;
        }
        let Some(own) = rows.iter().find(|own| own.validity.contains(day)) else {
            self.out_of_time(list, field, rows, day);
            return OwnReading::Told;
        };
        match &own.stands_for[..] {
            [code] => {
                let (name, source) = (named(own), &own.source);
                self.push(
                    Code::I3306,
                    field,
                    Text::new(
                        format!("code du territoire {name} : lu {code} ; source : {source}"),
                        format!(
                            "own code of the territory {name}: read as {code}; source: {source}"
                        ),
                    ),
                    Text::new(
                        "rien, si c'est bien cela ; sinon écrivez le code de la liste de référence",
                        "nothing, if that is right; else write the code of the reference list",
                    ),
                );
                OwnReading::Code(code.clone())
            }
            several => {
                let (name, source, number) = (named(own), &own.source, several.len());
                let choice = self.choice(list, several);
                self.push(
                    Code::W2310,
                    field,
                    Text::new(
                        format!("code du territoire {name}, qui recouvre {number} codes de la liste de référence : aucun n'est pris ; source : {source}"),
                        format!("own code of the territory {name}, which covers {number} codes of the reference list: none is taken; source: {source}"),
                    ),
                    Text::new(
                        format!("écrivez celui qui convient : {}", choice.fr),
                        format!("write the one that fits: {}", choice.en),
                    ),
                );
                OwnReading::Told
            }
        }
    }

    /// Says until when, or from when, a code of the territory holds.
    fn out_of_time(&mut self, list: OwnList, field: Field, rows: &[OwnCode], day: Date) {
        // By their first day: the last that had begun, else the first to come.
        let begun = |own: &&OwnCode| own.validity.from.is_none_or(|from| from <= day);
        let Some(own) = rows.iter().rfind(begun).or(rows.first()) else {
            return;
        };
        let (name, span) = (named(own), span(own.validity));
        let choice = self.choice(list, &own.stands_for);
        self.push(
            Code::E1309,
            field,
            Text::new(
                format!("code du territoire {name}, valable {}, pas le {day}", span.fr),
                format!("own code of the territory {name}, which holds {}, not on {day}", span.en),
            ),
            Text::new(
                format!("écrivez le code de la liste de référence, {} s'il tient encore ; s'il n'est pas connu, laissez vide", choice.fr),
                format!("write the code of the reference list, {} if it still holds; if it is not known, leave it empty", choice.en),
            ),
        );
    }

    /// Reference codes to choose from, each as it is to be written, with its wording.
    fn choice(&self, list: OwnList, codes: &[String]) -> Text {
        let knowledge = self.context.knowledge;
        let label = |code: &String| match list {
            OwnList::WasteCodes => knowledge.waste_code(code).map(|entry| entry.label.clone()),
            OwnList::Activities => knowledge.activity(code).map(|entry| entry.label.clone()),
        };
        let short = |label: &str| -> String { label.chars().take(60).collect() };
        let (mut fr, mut en) = (Vec::new(), Vec::new());
        for code in codes {
            let label = label(code).unwrap_or_default();
            fr.push(
                format!("« {code} » {}", short(&label.fr))
                    .trim_end()
                    .to_owned(),
            );
            en.push(
                format!("\"{code}\" {}", short(&label.en))
                    .trim_end()
                    .to_owned(),
            );
        }
        Text::new(fr.join(" ; ou "), en.join("; or "))
    }
}

/// An own code with what it is called.
fn named(own: &OwnCode) -> String {
    match own.label.as_str() {
        "" => own.code.clone(),
        label => format!("{} ({label})", own.code),
    }
}

/// The days of a code, in words.
fn span(validity: Validity) -> Text {
    match (validity.from, validity.to) {
        (Some(from), Some(to)) => {
            Text::new(format!("du {from} au {to}"), format!("from {from} to {to}"))
        }
        (Some(from), None) => Text::new(format!("à partir du {from}"), format!("from {from} on")),
        (None, Some(to)) => Text::new(format!("jusqu'au {to}"), format!("until {to}")),
        (None, None) => Text::new("toujours", "always"),
    }
}
