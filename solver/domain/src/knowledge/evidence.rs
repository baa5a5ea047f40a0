//! Sources of the rules, the factors and the prices.

use std::collections::HashMap;

use super::Knowledge;
use super::fault::Fault;
use super::table::Tables;
use crate::id::EvidenceId;

/// A source, and what it supports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// `S` and a number for pathways, `P` and a number for prices, `BG` for trade knowledge.
    pub id: EvidenceId,
    /// Title.
    pub title: String,
    /// Address; empty for trade knowledge.
    pub url: String,
    /// What was read there, in French.
    pub supports: String,
    /// Case, study, law, press and so on.
    pub kind: String,
}

/// The sources by id.
pub(super) struct Sources {
    sources: HashMap<EvidenceId, Evidence>,
}

impl Sources {
    pub(super) fn read(tables: &Tables, _faults: &mut Vec<Fault>) -> Sources {
        let mut sources = HashMap::new();
        // `BG` is in both tables; the wording of the first is kept.
        for record in tables
            .records("evidence.csv")
            .chain(tables.records("prices_evidence.csv"))
        {
            let id = EvidenceId::new(record.text("evidence_id"));
            sources.entry(id.clone()).or_insert_with(|| Evidence {
                id,
                title: record.text("title").to_owned(),
                url: record.text("url").to_owned(),
                supports: record.text("supports").to_owned(),
                kind: record.text("type").to_owned(),
            });
        }
        Sources { sources }
    }
}

impl Knowledge {
    /// A source by its id.
    pub fn evidence(&self, id: &EvidenceId) -> Option<&Evidence> {
        self.evidence.sources.get(id)
    }
}
