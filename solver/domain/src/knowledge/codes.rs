//! The European list of waste and the treatment operations.

use std::collections::HashMap;

use super::Knowledge;
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
            headings,
            operations,
        }
    }
}

impl Knowledge {
    /// A waste code as people write it: `10 01 01`, `10.01.01`, `100101*`, `EWC 100101`.
    ///
    /// The entry found carries the star of the list, whatever the text says: compare it with what
    /// was written. `None` if there are not six digits or no such entry.
    pub fn waste_code(&self, text: &str) -> Option<&WasteEntry> {
        let text = text.trim();
        let upper = text.to_ascii_uppercase();
        let rest = ["EWC", "LOW", "CED", "LER"]
            .iter()
            .find_map(|prefix| upper.strip_prefix(prefix))
            .unwrap_or(&upper);
        if rest.chars().any(char::is_alphabetic) {
            return None;
        }
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        self.codes
            .index
            .get(&digits)
            .and_then(|&at| self.codes.entries.get(at))
    }

    /// Every six-digit entry, in the order of the list.
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
