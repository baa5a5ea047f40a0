//! The flows that were read, as a list to look at: what each row was understood to say.

use std::collections::BTreeMap;

use boucle_domain::flow::{Flow, Identity, Quantity};
use boucle_domain::id::{Direction, FirmKey, IdScheme, SiteKey};
use boucle_domain::organisation::{Firm, Site};
use boucle_domain::profile::Profile;
use boucle_domain::text::Text;
use serde::{Deserialize, Serialize};

use crate::reading::Reading;

/// A flow as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    /// Its sheet.
    pub sheet: String,
    /// Its rows; several when they were summed up.
    pub rows: Vec<u32>,
    /// Name of the firm, as its row writes it.
    pub firm: String,
    /// SIRET of the site, if it has one.
    pub siret: Option<String>,
    /// Name of the site.
    pub site: String,
    /// Way it goes.
    pub direction: Direction,
    /// Its name as written.
    pub text: String,
    /// Key of the resource or donor, when it is known.
    pub key: Option<String>,
    /// How its words were read, where the key is theirs.
    #[serde(default)]
    pub by_words: Option<ByWords>,
    /// Smallest plausible quantity, per year or of the lot, in `unit`.
    pub low: f64,
    /// Quantity.
    pub mid: f64,
    /// Largest plausible quantity.
    pub high: f64,
    /// Canonical unit.
    pub unit: String,
    /// Weights of the twelve months; empty when every month is alike.
    pub profile: Vec<u32>,
    /// Waste code as people write it: `10 01 18*`.
    pub waste_code: Option<String>,
    /// Whether it is said to be hazardous.
    pub hazardous: Option<bool>,
}

/// What the words of a name were read as.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ByWords {
    /// Donor or resource.
    pub key: Identity,
    /// Its label.
    pub label: Text,
    /// From 0 to 1.
    pub confidence: f64,
    /// Why, most telling first.
    pub reasons: Vec<Text>,
}

impl Reading {
    /// The flows of the rows that nothing refuses, in the order of the file. `named` reads the words
    /// of a flow that the declaration itself leaves open.
    pub fn listed(&self, named: &dyn Fn(&Flow, Option<&Site>) -> Option<ByWords>) -> Vec<Listed> {
        let firms: BTreeMap<&FirmKey, &Firm> = self
            .declaration
            .firms
            .iter()
            .map(|firm| (&firm.key, firm))
            .collect();
        let sites: BTreeMap<&SiteKey, &Site> = self
            .declaration
            .sites
            .iter()
            .map(|site| (&site.key, site))
            .collect();
        let mut listed: Vec<(usize, Listed)> = self
            .declaration
            .flows
            .iter()
            .filter(|flow| !self.refused_flows.contains(&flow.key))
            .map(|flow| {
                let site = sites.get(&flow.key.site).copied();
                let firm = site.and_then(|site| firms.get(&site.firm)).copied();
                let (sheet_at, sheet, rows) = self.standing(flow);
                let mut listed = one(flow, firm, site, sheet, rows);
                if let Some(name) = self.declared_by.get(&flow.key) {
                    listed.firm.clone_from(name);
                }
                if listed.key.is_none() {
                    listed.by_words = named(flow, site);
                    let read = listed.by_words.as_ref();
                    listed.key = read.and_then(|read| key_of(&read.key));
                }
                (sheet_at, listed)
            })
            .collect();
        listed.sort_by(|(at, a), (bt, b)| (at, &a.rows, &a.text).cmp(&(bt, &b.rows, &b.text)));
        listed.into_iter().map(|(_, listed)| listed).collect()
    }

    /// Order of the sheet, its name, and the rows of a flow.
    fn standing(&self, flow: &Flow) -> (usize, String, Vec<u32>) {
        let place = self.place(&flow.key);
        let sheet = place.map_or(String::new(), |place| place.sheet.clone());
        let at = self.sheets.iter().position(|name| *name == sheet);
        (at.unwrap_or(usize::MAX), sheet, self.rows_of(&flow.key))
    }
}

fn one(
    flow: &Flow,
    firm: Option<&Firm>,
    site: Option<&Site>,
    sheet: String,
    rows: Vec<u32>,
) -> Listed {
    let amount = flow.quantity.amount();
    let siret = site
        .and_then(|site| site.external.as_ref())
        .filter(|id| id.scheme == IdScheme::Siret);
    Listed {
        sheet,
        rows,
        firm: firm.map_or(String::new(), |firm| firm.name.clone()),
        siret: siret.map(|id| id.value.clone()),
        site: site.map_or(String::new(), |site| site.name.clone()),
        direction: flow.key.direction,
        text: flow.name.clone(),
        key: key_of(&flow.identity),
        by_words: None,
        low: amount.low().units(),
        mid: amount.mid().units(),
        high: amount.high().units(),
        unit: flow.unit.code().to_owned(),
        profile: match &flow.quantity {
            Quantity::Rate {
                profile: Profile::Monthly(weights),
                ..
            } => weights.to_vec(),
            _ => Vec::new(),
        },
        waste_code: flow.waste_code.as_ref().map(|code| code.spaced()),
        hazardous: flow
            .hazardous
            .or_else(|| flow.waste_code.as_ref().map(|code| code.is_hazardous())),
    }
}

fn key_of(identity: &Identity) -> Option<String> {
    match identity {
        Identity::Donor(key) => Some(key.as_str().to_owned()),
        Identity::Resource(key) => Some(key.as_str().to_owned()),
        Identity::Unrecognised => None,
    }
}
