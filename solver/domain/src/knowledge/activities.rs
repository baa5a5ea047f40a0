//! Activities: NACE Rev. 2 with its French sub-classes (NAF rév. 2).

use std::collections::HashMap;

use super::Knowledge;
use super::fault::Fault;
use super::table::Tables;
use crate::id::{ActivityCode, normalised};
use crate::text::Text;

/// An activity, at the level at which it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityEntry {
    /// Code in the form of the rules: `C20.13`; of a sub-class, that of its class.
    pub code: ActivityCode,
    /// French sub-class, when that is what was written: `20.13B`.
    pub sub_class: Option<String>,
    /// 1 section, 2 division, 3 group, 4 class, 5 French sub-class.
    pub level: u8,
    /// Name; the English name of a sub-class is that of its class.
    pub label: Text,
}

/// A sub-class of NAF 2025.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewActivity {
    /// `01.11Y`: its last letter is none of NAF rév. 2.
    pub sub_class: String,
    /// Official name, in French.
    pub label: String,
    /// The class of NACE Rev. 2 that has the same number and the same wording. `None`: the classes
    /// were cut anew, and the official correspondence is not in this catalogue.
    pub former: Option<ActivityCode>,
}

/// The activities, by their code without points.
pub(super) struct Activities {
    entries: Vec<(char, ActivityEntry)>,
    index: HashMap<String, usize>,
    new: HashMap<String, NewActivity>,
}

impl Activities {
    pub(super) fn read(tables: &Tables, faults: &mut Vec<Fault>) -> Activities {
        let mut activities = Activities {
            entries: Vec::new(),
            index: HashMap::new(),
            new: HashMap::new(),
        };
        for record in tables.records("activities.csv") {
            let code = record.text("code");
            let level = record
                .text("level")
                .parse::<u8>()
                .ok()
                .filter(|level| (1..=5).contains(level));
            let section = record.text("section").chars().next();
            let (Some(level), Some(section)) = (level, section) else {
                faults.push(record.fault(format!("level or section of '{code}'")));
                continue;
            };
            let class = if level == 5 {
                code.trim_end_matches(|c: char| c.is_ascii_uppercase())
            } else {
                code
            };
            let mut label = Text::new(record.text("label_fr"), record.text("label_en"));
            if level == 5 {
                // A sub-class follows its class in the table.
                let Some(parent) = activities.get(class) else {
                    faults.push(record.fault(format!("sub-class '{code}' before its class")));
                    continue;
                };
                label.en = parent.label.en.clone();
            }
            let dotted = if level == 1 {
                code.to_owned()
            } else {
                format!("{section}{class}")
            };
            let entry = ActivityEntry {
                code: ActivityCode::new(dotted),
                sub_class: (level == 5).then(|| code.to_owned()),
                level,
                label,
            };
            activities
                .index
                .insert(code.replace('.', ""), activities.entries.len());
            activities.entries.push((section, entry));
        }
        for record in tables.records("activities_2025.csv") {
            let (code, label) = (record.text("code"), record.text("label_fr"));
            let class = code.trim_end_matches(|c: char| c.is_ascii_uppercase());
            let mut former = activities
                .entries
                .iter()
                .map(|(_, entry)| entry)
                .filter(|entry| entry.level >= 4 && same_class(entry, class));
            let former = former
                .find(|entry| normalised(&entry.label.fr) == normalised(label))
                .map(|entry| entry.code.clone());
            activities.new.insert(
                code.replace('.', ""),
                NewActivity {
                    sub_class: code.to_owned(),
                    label: label.to_owned(),
                    former,
                },
            );
        }
        activities
    }

    /// By digits and final letter, with or without section and points.
    fn get(&self, text: &str) -> Option<&ActivityEntry> {
        let plain: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '.')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let written = plain.chars().next().filter(char::is_ascii_uppercase);
        let digits = match written {
            Some(_) if plain.len() > 1 => &plain[1..],
            _ => plain.as_str(),
        };
        let (section, entry) = self
            .index
            .get(digits)
            .and_then(|&at| self.entries.get(at))?;
        written
            .is_none_or(|letter| letter == *section)
            .then_some(entry)
    }
}

/// Whether an entry is a class, or lies in it, by its number.
fn same_class(entry: &ActivityEntry, class: &str) -> bool {
    let code = entry.code.as_str();
    code.get(1..).is_some_and(|digits| digits == class)
}

impl Knowledge {
    /// A sub-class of NAF 2025 as people write it: `01.11Y`, `0111Y`.
    pub fn new_activity(&self, text: &str) -> Option<&NewActivity> {
        let plain: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '.')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        self.activities.new.get(&plain)
    }

    /// Whether the class of an activity has the same number and wording in NAF 2025.
    pub fn activity_is_kept(&self, code: &ActivityCode) -> bool {
        self.activities
            .new
            .values()
            .any(|new| new.former.as_ref() == Some(code))
    }

    /// An activity as people write it: `20.13B`, `2013B`, `C20.13`, `20.13`, `C20`, `C`.
    ///
    /// `None` if there is no such activity, or if its letter is not that of its section.
    pub fn activity(&self, text: &str) -> Option<&ActivityEntry> {
        self.activities.get(text)
    }

    /// Every activity, in the order of the nomenclature.
    pub fn activities(&self) -> impl Iterator<Item = &ActivityEntry> {
        self.activities.entries.iter().map(|(_, entry)| entry)
    }
}
