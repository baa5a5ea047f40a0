//! A territory's own codes: what its collectors, its observatory or an older list write where a code
//! of the reference list stands.

use serde::{Deserialize, Serialize};

use crate::id::normalised;
use crate::validity::Validity;

/// The reference list that an own code stands beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnList {
    /// The European list of waste.
    WasteCodes,
    /// The classification of activities.
    Activities,
}

impl OwnList {
    /// Every list.
    pub const ALL: [OwnList; 2] = [OwnList::WasteCodes, OwnList::Activities];

    /// Its name in files and commands.
    pub fn code(self) -> &'static str {
        match self {
            OwnList::WasteCodes => "waste_codes",
            OwnList::Activities => "activities",
        }
    }
}

/// A code of a territory, with what it stands for in the reference list while it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnCode {
    /// The list it stands beside.
    pub list: OwnList,
    /// As it is written in sheets; compared without case and accents, any sign as a space.
    pub code: String,
    /// What it is called; may be empty.
    pub label: String,
    /// Codes of the reference list, as that list writes them, in its order. Several only narrow: none
    /// of them is taken for the flow.
    pub stands_for: Vec<String>,
    /// When it holds. One code may mean one thing until a day and another after it.
    pub validity: Validity,
    /// Where this is written down.
    pub source: String,
}

impl OwnCode {
    /// Characters of the longest code.
    pub const LONGEST_CODE: usize = 60;

    /// Characters of the longest label or source.
    pub const LONGEST_TEXT: usize = 300;

    /// Reference codes that one own code may stand for.
    pub const MOST_CODES: usize = 30;

    /// Own codes that one territory may hold.
    pub const MOST: usize = 5_000;

    /// The code without case and accents, any sign as a hyphen: what a cell is compared with.
    pub fn name(&self) -> String {
        normalised(&self.code)
    }

    /// Whether both hold on one day under one name of one list.
    pub fn meets(&self, other: &OwnCode) -> bool {
        let (a, b) = (&self.validity, &other.validity);
        // An open end of either side reaches as far as any day.
        let begins = |from: Option<_>, to: Option<_>| match (from, to) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        self.list == other.list
            && self.name() == other.name()
            && begins(a.from, b.to)
            && begins(b.from, a.to)
    }

    /// Whether both say the same of one code; labels and sources may differ.
    pub fn says_the_same(&self, other: &OwnCode) -> bool {
        self.validity == other.validity && self.stands_for == other.stands_for && self.meets(other)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;

    fn own(code: &str, from: Option<Date>, to: Option<Date>) -> OwnCode {
        OwnCode {
            list: OwnList::WasteCodes,
            code: code.to_owned(),
            label: String::new(),
            stands_for: vec!["20 03 01".to_owned()],
            validity: Validity { from, to },
            source: "invented".to_owned(),
        }
    }

    #[test]
    fn two_own_codes_meet_where_name_list_and_days_do() {
        let old = own("D.I.B", None, Some(date(2020, 12, 31)));
        let new = own("d i b", Some(date(2021, 1, 1)), None);
        assert!(!old.meets(&new) && !new.meets(&old));
        let always = own("D-I-B", None, None);
        assert!(always.meets(&old) && new.meets(&always));
        assert!(!always.meets(&own("DIC", None, None)));
        let activity = OwnCode {
            list: OwnList::Activities,
            ..always.clone()
        };
        assert!(!activity.meets(&always));
        assert!(old.says_the_same(&old.clone()) && !old.says_the_same(&always));
    }
}
