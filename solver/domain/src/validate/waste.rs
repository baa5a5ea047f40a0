//! The waste code of a flow, and whether it is hazardous.

use super::field::Field;
use super::reader::Reader;
use crate::diagnostic::Code;
use crate::id::WasteCode;
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
        let entry = if plain && digits.len() == 6 {
            self.context.knowledge.waste_code(&digits)
        } else {
            None
        };
        let Some(entry) = entry else {
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
        if starred && !code.is_hazardous() {
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
