//! Editions of the code lists: which one is embedded, and until when it is in force.

use jiff::civil::Date;

use super::Knowledge;
use super::fault::Fault;
use super::table::Tables;
use crate::validity::Validity;

/// A code list.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum CodeList {
    /// European list of waste.
    WasteCodes,
    /// Disposal and recovery operations.
    TreatmentOperations,
    /// NACE and NAF.
    Activities,
    /// French communes.
    Communes,
}

impl CodeList {
    /// Every list.
    pub const ALL: [CodeList; 4] = [
        CodeList::WasteCodes,
        CodeList::TreatmentOperations,
        CodeList::Activities,
        CodeList::Communes,
    ];

    /// The word of the table.
    pub fn code(self) -> &'static str {
        match self {
            CodeList::WasteCodes => "waste_codes",
            CodeList::TreatmentOperations => "treatment_operations",
            CodeList::Activities => "activities",
            CodeList::Communes => "communes",
        }
    }
}

/// An edition of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// The list.
    pub list: CodeList,
    /// Its official name.
    pub name: String,
    /// When it is in force.
    pub validity: Validity,
    /// First day as first published, when a corrigendum moved it: from then on, and until the edition
    /// is in force for certain, both editions are heard.
    pub announced_from: Option<Date>,
    /// Whether its codes are in this catalogue.
    pub embedded: bool,
    /// Where it is published.
    pub source: String,
}

/// What can be said of a code of the catalogue on a given day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'k> {
    /// An embedded edition is in force: the code is certain.
    InForce(&'k Edition),
    /// The code is known in the embedded edition; another one is in force: to be checked there.
    Amended {
        /// The edition the code was read in.
        known: &'k Edition,
        /// The edition in force, whose text is not embedded.
        current: &'k Edition,
    },
    /// The day lies before every edition known.
    Unknown,
}

/// The editions, in the order of the table.
pub(super) struct Editions {
    editions: Vec<Edition>,
}

impl Editions {
    pub(super) fn read(tables: &Tables, faults: &mut Vec<Fault>) -> Editions {
        let mut editions = Vec::new();
        for record in tables.records("editions.csv") {
            let Some(list) = CodeList::ALL
                .into_iter()
                .find(|list| list.code() == record.text("list"))
            else {
                faults.push(record.fault(format!("list '{}'", record.text("list"))));
                continue;
            };
            let validity = Validity {
                from: record.date("valid_from", faults),
                to: record.date("valid_to", faults),
            };
            if validity.is_empty() {
                faults.push(record.fault("valid_to before valid_from"));
            }
            editions.push(Edition {
                list,
                name: record.text("edition").to_owned(),
                validity,
                announced_from: record.date("announced_from", faults),
                embedded: record.text("embedded") == "1",
                source: record.text("source").to_owned(),
            });
        }
        Editions { editions }
    }
}

impl Knowledge {
    /// The edition of a list in force on a day, embedded or not.
    pub fn edition_of(&self, list: CodeList, day: Date) -> Option<&Edition> {
        self.editions
            .editions
            .iter()
            .find(|edition| edition.list == list && edition.validity.contains(day))
    }

    /// The latest edition of a list whose codes are in this catalogue.
    pub fn embedded_edition(&self, list: CodeList) -> Option<&Edition> {
        self.editions
            .editions
            .iter()
            .rfind(|edition| edition.list == list && edition.embedded)
    }

    /// The latest edition of a list that amends another one of this catalogue.
    pub fn amending_edition(&self, list: CodeList) -> Option<&Edition> {
        let of_list = |edition: &&Edition| edition.list == list && edition.embedded;
        let mut embedded = self.editions.editions.iter().filter(of_list);
        embedded.next()?;
        embedded.next_back()
    }

    /// Whether a code found in a list is certain on a day.
    pub fn standing(&self, list: CodeList, day: Date) -> Standing<'_> {
        match (self.edition_of(list, day), self.embedded_edition(list)) {
            (Some(current), _) if current.embedded => Standing::InForce(current),
            (Some(current), Some(known)) => Standing::Amended { known, current },
            _ => Standing::Unknown,
        }
    }

    /// The edition whose first day is in doubt on that day: published for it, corrected to a later one.
    pub fn announced_edition(&self, list: CodeList, day: Date) -> Option<&Edition> {
        self.editions.editions.iter().find(|edition| {
            edition.list == list
                && edition.announced_from.is_some_and(|from| from <= day)
                && edition.validity.from.is_some_and(|from| day < from)
        })
    }
}
