//! The waste code of a flow, and whether it is hazardous.

use jiff::civil::Date;

use super::field::Field;
use super::reader::{Reader, read_date};
use crate::diagnostic::Code;
use crate::id::WasteCode;
use crate::knowledge::{CodeChange, CodeOn, WasteEntry};
use crate::text::Text;

impl Reader<'_> {
    /// The waste code of the flow.
    pub(super) fn waste_code(&mut self) -> Option<WasteCode> {
        let text = self.get(Field::WasteCode);
        if text.is_empty() {
            return None;
        }
        if text
            .split([';', ',', '\n', '+'])
            .filter(|part| !part.trim().is_empty())
            .count()
            > 1
        {
            self.push(
                Code::E1305,
                Field::WasteCode,
                Text::new(
                    "un flux porte un seul code déchet",
                    "a flow bears one waste code",
                ),
                Text::new("faites une ligne par code", "write one row per code"),
            );
            return None;
        }
        self.one_waste_code(Field::WasteCode, text)
    }

    /// One code of a cell, judged against the list.
    pub(super) fn one_waste_code(&mut self, field: Field, text: &str) -> Option<WasteCode> {
        let starred = text.contains('*');
        // A choice of the list reads `15 01 01 — label`.
        let code = text.split(['—', '|']).next().unwrap_or(text);
        let digits: String = code
            .chars()
            .filter(|character| !(character.is_whitespace() || "*.-".contains(*character)))
            .collect();
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        let (digits, padded) = if plain && digits.len() == 5 {
            (format!("0{digits}"), true)
        } else {
            (digits, false)
        };
        let day = self.day_of_codes();
        let found = (plain && digits.len() == 6)
            .then(|| self.context.knowledge.waste_code_on(&digits, day))
            .flatten();
        let Some(found) = found else {
            let cause = if text.contains('/') {
                Text::new(
                    "le tableur a sans doute changé le code en date",
                    "the spreadsheet probably turned the code into a date",
                )
            } else if plain && (digits.len() == 2 || digits.len() == 4) {
                Text::new(
                    "c'est un chapitre, pas un code à six chiffres",
                    "this is a chapter, not a code of six digits",
                )
            } else {
                Text::new(
                    "ce code n'est pas dans la liste européenne des déchets",
                    "this code is not in the European list of waste",
                )
            };
            self.push(
                Code::E1301,
                field,
                cause,
                Text::new(
                    "écrivez six chiffres, en texte : 15 01 01 ; une étoile si dangereux",
                    "write six digits, as text: 15 01 01; a star when hazardous",
                ),
            );
            return None;
        };
        let (entry, disputed) = self.standing(field, &found)?;
        let code = entry.code.clone();
        if padded {
            self.push(
                Code::W2306,
                field,
                Text::new(
                    format!("lu {code} : le zéro de tête manquait"),
                    format!("read as {code}: the leading zero was missing"),
                ),
                Text::new(
                    "mettez la colonne au format texte",
                    "set the column to text",
                ),
            );
        }
        if starred && !code.is_hazardous() && !disputed {
            self.push(
                Code::E1307,
                field,
                Text::new(
                    format!(
                        "{code} n'est pas un code dangereux : l'étoile désigne une autre entrée"
                    ),
                    format!("{code} is not a hazardous code: the star belongs to another entry"),
                ),
                Text::new(
                    "ôtez l'étoile, ou prenez l'entrée miroir dangereuse",
                    "drop the star, or take the hazardous mirror entry",
                ),
            );
            return None;
        }
        if !starred && code.is_hazardous() {
            self.push(
                Code::W2303,
                field,
                Text::new(
                    format!("ce code est dangereux : lu {code}"),
                    format!("this code is hazardous: read as {code}"),
                ),
                Text::new("écrivez l'étoile", "write the star"),
            );
        }
        Some(code)
    }

    /// The day at which a code of this row is judged: that of the declaration, brought within the
    /// days for which the flow is declared.
    fn day_of_codes(&self) -> Date {
        let day = self.context.valid_on;
        let from = read_date(self.get(Field::ValidFrom));
        let to = read_date(self.get(Field::ValidTo));
        let day = from.map_or(day, |from| day.max(from));
        to.map_or(day, |to| day.min(to))
    }

    /// The entry of a code on its day, and whether two editions dispute it; `None` when the code
    /// does not stand any more.
    fn standing<'k>(&mut self, field: Field, found: &CodeOn<'k>) -> Option<(&'k WasteEntry, bool)> {
        match found {
            CodeOn::InForce(entry) => Some((entry, false)),
            CodeOn::Disputed { entry, change } => {
                self.push(Code::I3303, field, disputed(*change), disputed_fix());
                Some((entry, true))
            }
            CodeOn::NotYet { entry, from } => {
                let from = from.map_or_else(String::new, |day| day.to_string());
                self.push(
                    Code::W2309,
                    field,
                    Text::new(
                        format!("ce code n'existe qu'à partir du {from} (décision (UE) 2025/934)"),
                        format!("this code exists only from {from} (Decision (EU) 2025/934)"),
                    ),
                    Text::new(
                        "gardez-le si le flux part après ce jour ; sinon prenez le code d'avant",
                        "keep it if the flow leaves after that day; else take the code before it",
                    ),
                );
                Some((entry, false))
            }
            CodeOn::Removed {
                successors, until, ..
            } => {
                let until = until.map_or_else(String::new, |day| day.to_string());
                let named: Vec<Text> = successors.iter().map(|code| self.named(code)).collect();
                let fr: Vec<&str> = named.iter().map(|text| text.fr.as_str()).collect();
                let en: Vec<&str> = named.iter().map(|text| text.en.as_str()).collect();
                self.push(
                    Code::E1308,
                    field,
                    Text::new(
                        format!(
                            "ce code a quitté la liste après le {until} (décision (UE) 2025/934)"
                        ),
                        format!("this code left the list after {until} (Decision (EU) 2025/934)"),
                    ),
                    Text::new(
                        format!("prenez, selon le déchet : {}", fr.join(" ; ")),
                        format!("take, according to the waste: {}", en.join("; ")),
                    ),
                );
                None
            }
        }
    }

    /// A code with its wording, cut to be read in a cell.
    fn named(&self, code: &WasteCode) -> Text {
        let knowledge = self.context.knowledge;
        let entry = match knowledge.waste_code_on(code.digits(), Date::MAX) {
            Some(CodeOn::InForce(entry)) => Some(entry),
            _ => None,
        };
        let short = |label: &str| label.chars().take(60).collect::<String>();
        let label = entry.map_or_else(Text::default, |entry| entry.label.clone());
        Text::new(
            format!("{code} {}", short(&label.fr)),
            format!("{code} {}", short(&label.en)),
        )
    }

    /// The declared hazard, held against the star of the code.
    pub(super) fn hazardous(&mut self, code: Option<&WasteCode>) -> Option<bool> {
        let hazardous = self.word(Field::Hazardous).map(|word| word == "true");
        match (hazardous, code) {
            (Some(false), Some(code)) if code.is_hazardous() => self.push(
                Code::E1302,
                Field::Hazardous,
                Text::new(format!("le code {code} est dangereux"), format!("code {code} is hazardous")),
                Text::new("écrivez oui, ou corrigez le code", "write yes, or correct the code"),
            ),
            (Some(true), Some(code)) if !code.is_hazardous() => self.push(
                Code::W2302,
                Field::Hazardous,
                Text::new(
                    format!("déclaré dangereux, mais le code {code} n'a pas d'étoile ; traité comme dangereux"),
                    format!("declared hazardous, but code {code} has no star; treated as hazardous"),
                ),
                Text::new("prenez l'entrée miroir dangereuse si elle existe", "take the hazardous mirror entry if there is one"),
            ),
            _ => {}
        }
        hazardous
    }
}

/// What the amended edition does to a code, on a day on which both editions are heard.
fn disputed(change: CodeChange) -> Text {
    let (fr, en) = match change {
        CodeChange::Added => ("elle ajoute ce code", "it adds this code"),
        CodeChange::Reworded => ("elle change ses mots", "it changes its wording"),
        CodeChange::Hazard => (
            "elle change son danger ; lu dangereux",
            "it changes its hazard; read as hazardous",
        ),
        CodeChange::Removed => ("elle ôte ce code", "it removes this code"),
    };
    Text::new(
        format!(
            "la décision (UE) 2025/934 s'applique du 9 novembre 2026 selon sa publication, du \
             9 décembre selon son rectificatif : {fr}"
        ),
        format!(
            "Decision (EU) 2025/934 applies from 9 November 2026 as published, from 9 December by \
             its corrigendum: {en}"
        ),
    )
}

fn disputed_fix() -> Text {
    Text::new(
        "à vérifier : demandez le code au preneur du déchet",
        "to be checked: ask the taker of the waste which code he uses",
    )
}
