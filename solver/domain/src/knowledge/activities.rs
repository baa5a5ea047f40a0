//! Activities: NACE Rev. 2 with its French sub-classes (NAF rév. 2).

use std::collections::HashMap;

use super::Knowledge;
use super::fault::Fault;
use super::table::Tables;
use crate::id::ActivityCode;
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

/// The activities, by their code without points.
pub(super) struct Activities {
    entries: Vec<(char, ActivityEntry)>,
    index: HashMap<String, usize>,
}

impl Activities {
    pub(super) fn read(tables: &Tables, faults: &mut Vec<Fault>) -> Activities {
        let mut activities = Activities {
            entries: Vec::new(),
            index: HashMap::new(),
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

impl Knowledge {
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
