//! The European list of waste and the treatment operations.

use std::collections::HashMap;

use jiff::civil::Date;

use super::Knowledge;
use super::editions::CodeList;
use super::fault::Fault;
use super::table::Tables;
use crate::id::WasteCode;
use crate::text::Text;

/// How an entry of the list decides hazard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryType {
    /// By itself.
    Absolute,
    /// By the substances present: a twin entry says the contrary, so the waste is characterised.
    Mirror,
}

impl EntryType {
    /// The word of the table.
    pub fn code(self) -> &'static str {
        match self {
            EntryType::Absolute => "absolute",
            EntryType::Mirror => "mirror",
        }
    }
}

/// A six-digit entry of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WasteEntry {
    /// Code, with its star when hazardous.
    pub code: WasteCode,
    /// Official wording.
    pub label: Text,
    /// Whether the list marks it hazardous.
    pub hazardous: bool,
    /// Absolute or mirror, as the agencies of the United Kingdom read it.
    pub entry_type: EntryType,
    /// First two digits.
    pub chapter: String,
}

/// A code as it stands on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeOn<'k> {
    /// It is in the edition in force, which says what the entry is.
    InForce(&'k WasteEntry),
    /// It is in one of two editions, or differs between them, on a day on which both are heard; the
    /// more hazardous of the two entries.
    Disputed {
        /// The entry.
        entry: &'k WasteEntry,
        /// What becomes of the code once the amended edition is in force for certain.
        change: CodeChange,
    },
    /// It was in the edition before, and is no longer: other codes stand for it.
    Removed {
        /// The entry it had.
        entry: &'k WasteEntry,
        /// Codes that the wording of the amended list puts in its place: one to be chosen.
        successors: &'k [WasteCode],
        /// Last day on which it stood.
        until: Option<Date>,
    },
    /// It is only in a later edition.
    NotYet {
        /// The entry.
        entry: &'k WasteEntry,
        /// First day on which it stands.
        from: Option<Date>,
    },
}

/// What an amending edition does to a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeChange {
    /// A new code.
    Added,
    /// The same waste in other words.
    Reworded,
    /// Its hazard changes.
    Hazard,
    /// No longer in the list.
    Removed,
}

/// A line of the amendment.
struct Amendment {
    change: CodeChange,
    entry: Option<WasteEntry>,
    successors: Vec<WasteCode>,
}

/// An operation of annexes I and II of the waste directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// `D10`, `R1`.
    pub code: String,
    /// Official wording, in French.
    pub label: String,
    /// Headings of the French classified installations under which it is usually carried out.
    pub headings: Vec<String>,
}

/// The list, by its digits.
pub(super) struct WasteCodes {
    entries: Vec<WasteEntry>,
    index: HashMap<String, usize>,
    amendments: HashMap<String, Amendment>,
    headings: HashMap<String, Text>,
    operations: HashMap<String, Operation>,
}

impl WasteCodes {
    pub(super) fn read(tables: &Tables, faults: &mut Vec<Fault>) -> WasteCodes {
        let (mut entries, mut headings) = (Vec::new(), HashMap::new());
        for record in tables.records("waste_codes.csv") {
            let code = record.text("code");
            let label = Text::new(record.text("label_fr"), record.text("label_en"));
            let length = match record.text("level") {
                "1" => 2,
                "2" => 4,
                _ => 6,
            };
            if code.len() != length || !code.bytes().all(|byte| byte.is_ascii_digit()) {
                faults.push(record.fault(format!("form of code '{code}'")));
                continue;
            }
            if length < 6 {
                headings.insert(code.to_owned(), label);
                continue;
            }
            let hazardous = record.text("hazardous") == "1";
            let entry_type = match record.text("entry_type") {
                "absolute" => EntryType::Absolute,
                "mirror" => EntryType::Mirror,
                other => {
                    faults.push(record.fault(format!("entry_type '{other}'")));
                    continue;
                }
            };
            let star = if hazardous { "*" } else { "" };
            entries.push(WasteEntry {
                code: WasteCode::new(format!("{code}{star}")),
                label,
                hazardous,
                entry_type,
                chapter: code[..2].to_owned(),
            });
        }
        let index = entries
            .iter()
            .enumerate()
            .map(|(at, entry)| (entry.code.digits().to_owned(), at))
            .collect();
        let amendments = amendments(tables, faults);
        let mut operations: HashMap<String, Operation> = HashMap::new();
        for record in tables.records("treatment_operations.csv") {
            let code = record.text("operation").to_owned();
            let label = record.text("label_fr").to_owned();
            operations.insert(
                code.clone(),
                Operation {
                    code,
                    label,
                    headings: Vec::new(),
                },
            );
        }
        for record in tables.records("operation_headings.csv") {
            if let Some(operation) = operations.get_mut(record.text("operation")) {
                operation.headings.push(record.text("heading").to_owned());
            } else {
                faults
                    .push(record.fault(format!("unknown operation {}", record.text("operation"))));
            }
        }
        WasteCodes {
            entries,
            index,
            amendments,
            headings,
            operations,
        }
    }
}

impl Knowledge {
    /// A waste code as people write it: `10 01 01`, `10.01.01`, `100101*`, `EWC 100101`, in whatever
    /// edition holds it, the earlier one first.
    ///
    /// The entry found carries the star of the list, whatever the text says: compare it with what
    /// was written. `None` if there are not six digits or no such entry.
    pub fn waste_code(&self, text: &str) -> Option<&WasteEntry> {
        let digits = six_digits(text)?;
        let amended = || self.codes.amendments.get(&digits)?.entry.as_ref();
        self.former(&digits).or_else(amended)
    }

    /// A waste code as it stands on a day.
    pub fn waste_code_on(&self, text: &str, day: Date) -> Option<CodeOn<'_>> {
        let digits = six_digits(text)?;
        let former = self.former(&digits);
        let Some(amendment) = self.codes.amendments.get(&digits) else {
            return former.map(CodeOn::InForce);
        };
        let amended = amendment.entry.as_ref();
        let Some(edition) = self.amending_edition(CodeList::WasteCodes) else {
            return former.map(CodeOn::InForce);
        };
        let from = edition.validity.from;
        if self.announced_edition(CodeList::WasteCodes, day).is_some() {
            let hazardous = |entry: &&WasteEntry| entry.hazardous;
            let entry = amended.filter(hazardous).or(former).or(amended)?;
            let change = amendment.change;
            return Some(match change {
                CodeChange::Reworded => CodeOn::InForce(entry),
                _ => CodeOn::Disputed { entry, change },
            });
        }
        let applies = from.is_none_or(|from| from <= day);
        match (applies, former, amended) {
            (true, _, Some(entry)) | (false, Some(entry), _) => Some(CodeOn::InForce(entry)),
            (true, Some(entry), None) => Some(CodeOn::Removed {
                entry,
                successors: &amendment.successors,
                until: from.and_then(|from| from.yesterday().ok()),
            }),
            (false, None, Some(entry)) => Some(CodeOn::NotYet { entry, from }),
            (_, None, None) => None,
        }
    }

    /// The codes that stand for a removed one in the amended list.
    pub fn successors(&self, code: &WasteCode) -> &[WasteCode] {
        let amendment = self.codes.amendments.get(code.digits());
        amendment.map_or(&[], |amendment| &amendment.successors)
    }

    fn former(&self, digits: &str) -> Option<&WasteEntry> {
        let at = self.codes.index.get(digits);
        at.and_then(|&at| self.codes.entries.get(at))
    }

    /// Every six-digit entry of the earlier edition, in the order of the list.
    pub fn waste_codes(&self) -> &[WasteEntry] {
        &self.codes.entries
    }

    /// Wording of a chapter (two digits) or a sub-chapter (four digits).
    pub fn waste_heading(&self, digits: &str) -> Option<&Text> {
        self.codes.headings.get(digits)
    }

    /// A treatment operation: `D10`, `R 1`, `r1`.
    pub fn operation(&self, text: &str) -> Option<&Operation> {
        let code: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_ascii_uppercase())
            .collect();
        self.codes.operations.get(&code)
    }
}

/// The six digits of a code as people write it.
fn six_digits(text: &str) -> Option<String> {
    let upper = text.trim().to_ascii_uppercase();
    let rest = ["EWC", "LOW", "CED", "LER"]
        .iter()
        .find_map(|prefix| upper.strip_prefix(prefix))
        .unwrap_or(&upper);
    if rest.chars().any(char::is_alphabetic) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 6).then_some(digits)
}

/// What the amending edition does, by code.
fn amendments(tables: &Tables, faults: &mut Vec<Fault>) -> HashMap<String, Amendment> {
    let mut amendments = HashMap::new();
    for record in tables.records("waste_code_changes.csv") {
        let code = record.text("code");
        let change = match record.text("change") {
            "added" => CodeChange::Added,
            "reworded" => CodeChange::Reworded,
            "hazard" => CodeChange::Hazard,
            "removed" => CodeChange::Removed,
            other => {
                faults.push(record.fault(format!("change '{other}'")));
                continue;
            }
        };
        let hazardous = record.text("hazardous") == "1";
        let star = if hazardous { "*" } else { "" };
        let entry = WasteEntry {
            code: WasteCode::new(format!("{code}{star}")),
            label: Text::new(record.text("label_fr"), record.text("label_en")),
            hazardous,
            entry_type: match record.text("entry_type") {
                "mirror" => EntryType::Mirror,
                _ => EntryType::Absolute,
            },
            chapter: code.chars().take(2).collect(),
        };
        amendments.insert(
            code.to_owned(),
            Amendment {
                change,
                entry: (change != CodeChange::Removed).then_some(entry),
                successors: record.items("successors").map(WasteCode::new).collect(),
            },
        );
    }
    amendments
}
