//! The waste code of a flow, and whether it is hazardous.

use jiff::civil::Date;

use super::field::Field;
use super::own::OwnReading;
use super::reader::{Reader, read_date};
use crate::diagnostic::Code;
use crate::id::WasteCode;
use crate::knowledge::{CodeChange, CodeOn, Knowledge, WasteEntry};
use crate::own_code::OwnList;
use crate::text::Text;

impl Reader<'_> {
    /// The waste code of the flow.
    pub(super) fn waste_code(&mut self) -> Option<WasteCode> {
        let text = self.get(Field::WasteCode);
        if text.is_empty() {
            return None;
        }
        let parts = several_codes(text);
        if parts.len() > 1 {
            let first = parts.first().map_or("", |part| part.as_ref());
            let list = parts[1..].join(" » et « ");
            let list_en = parts[1..].join("\" and \"");
            self.push(
                Code::E1305,
                Field::WasteCode,
                Text::new(
                    format!(
                        "un flux porte un seul code déchet, {} sont écrits",
                        parts.len()
                    ),
                    format!("a flow bears one waste code, {} are written", parts.len()),
                ),
                Text::new(
                    format!(
                        "écrivez « {first} » ici, et faites une ligne de plus, avec sa quantité, pour « {list} »"
                    ),
                    format!(
                        "write \"{first}\" here, and a further row, with its quantity, for \"{list_en}\""
                    ),
                ),
            );
            return None;
        }
        self.one_waste_code(Field::WasteCode, text)
    }

    /// One code of a cell: of the list, else of the territory, then judged against the list.
    pub(super) fn one_waste_code(&mut self, field: Field, text: &str) -> Option<WasteCode> {
        let day = self.day_of_codes();
        match self.own_code(OwnList::WasteCodes, field, text, day) {
            OwnReading::Other => self.listed_waste_code(field, text, day),
            OwnReading::Code(code) => self.listed_waste_code(field, &code, day),
            OwnReading::Told => None,
        }
    }

    /// One code, judged against the list on a day.
    fn listed_waste_code(&mut self, field: Field, text: &str, day: Date) -> Option<WasteCode> {
        let starred = text.contains('*');
        let Written {
            digits,
            plain,
            padded,
        } = Written::of(text);
        let found = (plain && digits.len() == 6)
            .then(|| self.context.knowledge.waste_code_on(&digits, day))
            .flatten();
        if found.is_none()
            && let Some(parts) = as_date(text)
        {
            return self.code_of_date(field, parts);
        }
        let Some(found) = found else {
            let chapter = plain && (digits.len() == 2 || digits.len() == 4);
            let cause = if chapter {
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
                    "écrivez les six chiffres, en texte, avec une étoile si dangereux, comme 15 01 01 ; si le code n'est pas connu, laissez vide : « »",
                    "write the six digits, as text, with a star when hazardous, as in 15 01 01; if the code is not known, leave it empty: \"\"",
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
                    format!(
                        "mettez la colonne au format texte et écrivez « {} »",
                        code.spaced()
                    ),
                    format!("set the column to text and write \"{}\"", code.spaced()),
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
                    format!(
                        "écrivez « {} » sans étoile, ou prenez l'entrée miroir dangereuse",
                        code.spaced()
                    ),
                    format!(
                        "write \"{}\" without a star, or take the hazardous mirror entry",
                        code.spaced()
                    ),
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
                Text::new(
                    format!("écrivez l'étoile : « {} »", code.spaced()),
                    format!("write the star: \"{}\"", code.spaced()),
                ),
            );
        }
        Some(code)
    }

    /// A code that the spreadsheet took for a day. Read back only where one order of day and month
    /// gives a code of the list and the other does not.
    fn code_of_date(&mut self, field: Field, [day, month, year]: [u32; 3]) -> Option<WasteCode> {
        let year = year % 100;
        let mut readings: Vec<WasteCode> = [[day, month, year], [month, day, year]]
            .iter()
            .map(|[a, b, c]| format!("{a:02}{b:02}{c:02}"))
            .filter_map(|digits| Some(self.context.knowledge.waste_code(&digits)?.code.clone()))
            .collect();
        readings.dedup();
        let names: Vec<String> = readings.iter().map(WasteCode::spaced).collect();
        if let [code] = &readings[..] {
            let name = &names[0];
            self.push(
                Code::W2307,
                field,
                Text::new(
                    format!("le tableur a changé le code en date : lu {name}, seul code de la liste qui peut l'avoir donnée"),
                    format!("the spreadsheet turned the code into a date: read as {name}, the only code of the list that can have given it"),
                ),
                Text::new(
                    format!("mettez la colonne au format texte et écrivez « {name} »"),
                    format!("set the column to text and write \"{name}\""),
                ),
            );
            return Some(code.clone());
        }
        let fix = if names.is_empty() {
            Text::new(
                "mettez la colonne au format texte et ressaisissez le code, ou laissez vide : « »",
                "set the column to text and type the code again, or leave it empty: \"\"",
            )
        } else {
            Text::new(
                format!(
                    "mettez la colonne au format texte et écrivez « {} »",
                    names.join(" » ou « ")
                ),
                format!(
                    "set the column to text and write \"{}\"",
                    names.join("\" or \"")
                ),
            )
        };
        self.push(
            Code::E1301,
            field,
            Text::new(
                "le tableur a sans doute changé le code en date",
                "the spreadsheet probably turned the code into a date",
            ),
            fix,
        );
        None
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
                Text::new("écrivez « oui », ou corrigez le code", "write \"yes\", or correct the code"),
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

/// A code as it is written.
struct Written {
    /// Its digits, or whatever stands in their place.
    digits: String,
    /// Whether these are digits and nothing else.
    plain: bool,
    /// Whether a leading zero was put back.
    padded: bool,
}

impl Written {
    fn of(text: &str) -> Written {
        let digits = digits_of(text);
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        let padded = plain && digits.len() == 5;
        let digits = match padded {
            true => format!("0{digits}"),
            false => digits,
        };
        Written {
            digits,
            plain,
            padded,
        }
    }
}

/// Whether a cell may be read as codes of the list, of whatever edition, as it is or spoilt by a
/// spreadsheet.
pub(super) fn could_be_waste_code(knowledge: &Knowledge, text: &str) -> bool {
    let written = Written::of(text);
    several_codes(text).len() > 1
        || as_date(text).is_some()
        || written.plain && knowledge.waste_code(&written.digits).is_some()
}

/// The digits of a code, whatever stands around them: `CED 15-01-01`, `15.01.01*`, `150101.0`.
fn digits_of(text: &str) -> String {
    // A choice of the list reads `15 01 01 — label`; a number of the spreadsheet ends with `.0`.
    let code = text
        .split(['—', '|', ':', '('])
        .find(|part| part.contains(|c: char| c.is_ascii_digit()));
    let code = code.unwrap_or(text).trim();
    let code = code
        .strip_suffix(".0")
        .or_else(|| code.strip_suffix(",0"))
        .filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        .unwrap_or(code);
    let upper = code.to_uppercase();
    let mut rest = upper.as_str();
    for prefix in ["CODE", "CED", "EWC", "LOW", "CER", "N°", "DÉCHET", "DECHET"] {
        rest = rest
            .strip_prefix(prefix)
            .unwrap_or(rest)
            .trim_start_matches([' ', '-', '_', '.']);
    }
    // Words after the six digits, `15 01 01 emballages carton`, are the label of the code.
    let label = rest.find(char::is_alphabetic).filter(|&at| {
        rest[..at].bytes().filter(u8::is_ascii_digit).count() >= 5
            && rest[..at].ends_with([' ', '-'])
    });
    let rest = &rest[..label.unwrap_or(rest.len())];
    rest.chars()
        .filter(|character| !(character.is_whitespace() || "*.-–_'".contains(*character)))
        .collect()
}

/// The codes of a cell that holds several, each as it stands there.
fn several_codes(text: &str) -> Vec<&str> {
    let has_digits = |part: &&str| part.bytes().filter(u8::is_ascii_digit).count() >= 5;
    let mut parts: Vec<&str> = text
        .split([';', ',', '\n', '+', '&'])
        .flat_map(|part| part.split(" et "))
        .flat_map(|part| part.split(" / "))
        .flat_map(|part| part.split(" ou "))
        .map(str::trim)
        .filter(has_digits)
        .collect();
    // `150101/150102`: a stroke between two whole codes, not between the parts of a day.
    if let [only] = parts[..] {
        let of_stroke: Vec<&str> = only.split('/').map(str::trim).collect();
        if of_stroke.len() > 1 && of_stroke.iter().all(has_digits) {
            parts = of_stroke;
        }
    }
    parts
}

/// Day, month and year of a text that is a date, `10/01/2002` or `2002-01-10`, with or without a time.
fn as_date(text: &str) -> Option<[u32; 3]> {
    let day = text.trim().trim_end_matches('*').split([' ', 'T']).next()?;
    let parts: Vec<&str> = day.split(['/', '-', '.']).collect();
    let [a, b, c] = parts[..] else { return None };
    if parts.iter().any(|part| {
        part.is_empty() || part.len() > 4 || !part.bytes().all(|byte| byte.is_ascii_digit())
    }) {
        return None;
    }
    let number = |text: &str| text.parse::<u32>().ok();
    let [a_number, b_number, c_number] = [number(a)?, number(b)?, number(c)?];
    match (a.len(), c.len()) {
        (4, _) => Some([c_number, b_number, a_number]),
        (_, 4) => Some([a_number, b_number, c_number]),
        (1..=2, 1..=2) if text.contains('/') => Some([a_number, b_number, c_number]),
        _ => None,
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
