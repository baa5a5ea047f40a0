//! Legal flags: questions to raise, with their basis, their effect and the next act.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Knowledge;
use super::fault::Fault;
use super::table::Tables;
use crate::id::FlagId;
use crate::text::Text;

/// What a flag does to matching.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FlagEffect {
    /// Worth knowing.
    Info,
    /// An act to do; does not exclude.
    Warn,
    /// Excludes unless a declared authorised acceptor answers.
    BlockUnlessAccepted,
}

impl FlagEffect {
    /// The effect of a word of the table.
    pub fn from_code(code: &str) -> Option<FlagEffect> {
        match code {
            "INFO" => Some(FlagEffect::Info),
            "WARN" => Some(FlagEffect::Warn),
            "BLOCK_UNLESS_ACCEPTED" => Some(FlagEffect::BlockUnlessAccepted),
            _ => None,
        }
    }
}

/// A legal flag. A question, never a legal opinion; the absence of a flag proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Id.
    pub id: FlagId,
    /// What is asked.
    pub label: Text,
    /// Legal basis, as cited in French.
    pub basis: String,
    /// What it does to matching.
    pub effect: FlagEffect,
    /// Day of the last check against the legal text; `None`: never checked, to be said.
    pub checked_on: Option<Date>,
    /// One concrete act that answers it.
    pub next_act: Text,
}

/// The flags by id.
pub(super) struct Flags {
    flags: Vec<Flag>,
    index: HashMap<FlagId, usize>,
}

impl Flags {
    pub(super) fn read(tables: &Tables, faults: &mut Vec<Fault>) -> Flags {
        let mut flags = Vec::new();
        for record in tables.records("flags.csv") {
            let Some(effect) = FlagEffect::from_code(record.text("effect")) else {
                faults.push(record.fault(format!("effect '{}'", record.text("effect"))));
                continue;
            };
            flags.push(Flag {
                id: FlagId::new(record.text("flag")),
                label: Text::new(record.text("label_fr"), record.text("label_en")),
                basis: record.text("legal_basis").to_owned(),
                effect,
                checked_on: record.date("checked_on", faults),
                next_act: Text::new(record.text("next_act_fr"), record.text("next_act_en")),
            });
        }
        let index = flags
            .iter()
            .enumerate()
            .map(|(at, flag)| (flag.id.clone(), at))
            .collect();
        Flags { flags, index }
    }
}

impl Knowledge {
    /// A flag by its id.
    pub fn flag(&self, id: &FlagId) -> Option<&Flag> {
        self.flags
            .index
            .get(id)
            .and_then(|&at| self.flags.flags.get(at))
    }

    /// Every flag, in the order of the table.
    pub fn flags(&self) -> &[Flag] {
        &self.flags.flags
    }
}
