//! What a declaration is read against: the catalogue, a day, a zone, and what is known already.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::id::{FirmKey, SiteKey, ZoneId, normalised};
use crate::knowledge::{Knowledge, Test};
use crate::organisation::{Firm, Site};
use crate::own_code::{OwnCode, OwnList};
use crate::units::written::edits_within;

/// The ground on which rows are read. Build it once per request: it indexes the property names.
pub struct Context<'a> {
    /// The catalogue.
    pub knowledge: &'a Knowledge,
    /// The day at which codes, contracts and validities are judged.
    pub valid_on: Date,
    /// The zone that new sites stand in.
    pub zone: ZoneId,
    firms: BTreeMap<FirmKey, Firm>,
    sites: BTreeMap<SiteKey, Site>,
    /// Property names of the catalogue; `true` when a rule compares it with a number.
    properties: BTreeMap<String, bool>,
    /// Codes of the territory by list and name, each name by first day.
    own_codes: BTreeMap<(OwnList, String), Vec<OwnCode>>,
}

impl<'a> Context<'a> {
    /// A context in which nothing is declared yet.
    pub fn new(knowledge: &'a Knowledge, valid_on: Date, zone: ZoneId) -> Context<'a> {
        let mut properties = BTreeMap::new();
        for resource in knowledge.resources() {
            for name in &resource.properties {
                properties.entry(name.as_str().to_owned()).or_insert(false);
            }
        }
        for donor in knowledge.donors() {
            for typical in &donor.typical_properties {
                properties
                    .entry(typical.name.as_str().to_owned())
                    .or_insert(false);
            }
        }
        for rule in knowledge.rules() {
            for condition in &rule.conditions {
                let compared = matches!(condition.test, Test::AtMost(_) | Test::AtLeast(_));
                *properties
                    .entry(condition.property.as_str().to_owned())
                    .or_insert(false) |= compared;
            }
        }
        Context {
            knowledge,
            valid_on,
            zone,
            firms: BTreeMap::new(),
            sites: BTreeMap::new(),
            properties,
            own_codes: BTreeMap::new(),
        }
    }

    /// The same, with the firms and sites stored already: rows may name them without repeating what
    /// is known, and partners are looked for among them too.
    pub fn with_known(mut self, firms: Vec<Firm>, sites: Vec<Site>) -> Context<'a> {
        self.firms = firms
            .into_iter()
            .map(|firm| (firm.key.clone(), firm))
            .collect();
        self.sites = sites
            .into_iter()
            .map(|site| (site.key.clone(), site))
            .collect();
        self
    }

    /// The same, with the codes of the territory: where a cell holds no code of the reference list,
    /// it is read by them.
    pub fn with_own_codes(mut self, own_codes: Vec<OwnCode>) -> Context<'a> {
        self.own_codes = BTreeMap::new();
        for own in own_codes {
            let name = (own.list, own.name());
            self.own_codes.entry(name).or_default().push(own);
        }
        for rows in self.own_codes.values_mut() {
            rows.sort_by_key(|own| own.validity.from);
        }
        self
    }

    /// The codes of the territory under the name of a cell, by first day.
    pub(super) fn own_codes(&self, list: OwnList, text: &str) -> &[OwnCode] {
        if self.own_codes.is_empty() {
            return &[];
        }
        let rows = self.own_codes.get(&(list, normalised(text)));
        rows.map_or(&[], Vec::as_slice)
    }

    /// Firms stored already, by key.
    pub fn known_firms(&self) -> &BTreeMap<FirmKey, Firm> {
        &self.firms
    }

    /// Sites stored already, by key.
    pub fn known_sites(&self) -> &BTreeMap<SiteKey, Site> {
        &self.sites
    }

    /// Whether a property is compared with a number; `None` when no table names it.
    pub(super) fn property(&self, name: &str) -> Option<bool> {
        self.properties.get(name).copied()
    }

    /// Names of properties near a word, best first.
    pub(super) fn near_properties(&self, word: &str) -> Vec<&str> {
        nearest(word, self.properties.keys().map(String::as_str))
    }
}

/// The three candidates nearest to a word, best first; none that shares too little with it.
pub(super) fn nearest<'n>(word: &str, candidates: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let reach = (word.chars().count() / 3).clamp(1, 4);
    let mut near: Vec<(usize, &str)> = candidates
        .filter_map(|candidate| {
            edits_within(word, candidate, reach).map(|distance| (distance, candidate))
        })
        .collect();
    near.sort();
    near.truncate(3);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}
