//! The declared site at the other end of an existing exchange.

use std::collections::{BTreeMap, BTreeSet};

use super::sites::Places;
use crate::diagnostic::Code;
use crate::id::{FirmKey, SiteKey, normalised};
use crate::organisation::Site;
use crate::text::Text;
use crate::units::written::edits_within;
use crate::validate::context::Context;
use crate::validate::field::Field;
use crate::validate::finding::Finding;
use crate::validate::row::RowDeclaration;

/// Sites by each way of naming them, from the surest to the loosest.
pub(super) struct Directory {
    ways: [BTreeMap<String, BTreeSet<SiteKey>>; 4],
    /// How people may name each so that it alone is meant.
    names: BTreeMap<SiteKey, String>,
}

/// Keys, each in quotes but the outermost.
fn quoted(keys: &[&SiteKey], between: &str) -> String {
    let keys: Vec<&str> = keys.iter().map(|key| key.as_str()).collect();
    keys.join(&format!(" {between} "))
}

impl Directory {
    /// The sites of a declaration and those stored already.
    pub fn new(rows: &[RowDeclaration], places: &Places, context: &Context) -> Directory {
        let declared: BTreeMap<&FirmKey, &str> = places
            .firms
            .iter()
            .map(|firm| (&firm.key, firm.name.as_str()))
            .collect();
        let mut directory = Directory {
            ways: Default::default(),
            names: BTreeMap::new(),
        };
        for site in &places.sites {
            directory.enter(site, declared.get(&site.firm).copied().unwrap_or_default());
        }
        // One identifier may bear several names: each is one to be found by.
        for (row, key) in rows.iter().zip(&places.of_row) {
            let at = key.as_ref().and_then(|key| {
                let found = places.sites.binary_search_by(|site| site.key.cmp(key));
                found.ok()
            });
            if let Some(at) = at
                && !row.firm.name.is_empty()
            {
                directory.enter(&places.sites[at], &row.firm.name);
            }
        }
        let stored = context.known_sites().values();
        for site in stored.filter(|known| {
            places
                .sites
                .binary_search_by(|site| site.key.cmp(&known.key))
                .is_err()
        }) {
            directory.enter(
                site,
                context
                    .known_firms()
                    .get(&site.firm)
                    .map_or("", |firm| firm.name.as_str()),
            );
        }
        directory
    }

    fn enter(&mut self, site: &Site, firm: &str) {
        let identifier = site.external.as_ref().map(|id| id.value.to_lowercase());
        let names = [
            Some(site.key.as_str().to_lowercase()),
            Some(normalised(&format!("{firm} {}", site.name))),
            Some(normalised(&site.name)),
            Some(normalised(firm)),
        ];
        let shown = match site.name.is_empty() {
            true => firm.to_owned(),
            false => format!("{firm} / {}", site.name),
        };
        self.names.entry(site.key.clone()).or_insert(shown);
        for (at, name) in names.into_iter().enumerate().chain([(0, identifier)]) {
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                self.ways[at]
                    .entry(name)
                    .or_default()
                    .insert(site.key.clone());
            }
        }
    }

    /// The sites that answer to the words of a partner column; the first way that finds any decides.
    fn answering(&self, words: &str) -> Vec<&SiteKey> {
        let compact: String = words
            .to_lowercase()
            .chars()
            .filter(|character| !character.is_whitespace())
            .collect();
        // `EPRTR:123` is asked for as a whole and by what follows the prefix.
        let bare = compact
            .split_once(':')
            .map_or(String::new(), |(_, value)| value.to_owned());
        let name = normalised(words);
        let asked = [
            (0, words.to_lowercase()),
            (0, compact),
            (0, bare),
            (1, name.clone()),
            (2, name.clone()),
            (3, name),
        ];
        let found = asked
            .iter()
            .find_map(|(way, text)| self.ways[*way].get(text));
        found.map_or_else(Vec::new, |found| found.iter().collect())
    }

    /// What to write in place of a partner that nobody declares: the nearest names, else nothing.
    fn instead_of(&self, words: &str) -> Text {
        let name = normalised(words);
        let reach = (name.chars().count() / 3).clamp(1, 4);
        let mut near: Vec<(usize, &str)> = Vec::new();
        for (known, sites) in self.ways[1..].iter().flatten() {
            let only = sites.len() == 1;
            let distance = edits_within(&name, known, reach);
            if let (Some(distance), true, Some(site)) = (distance, only, sites.first()) {
                near.push((distance, self.names.get(site).map_or("", String::as_str)));
            }
        }
        near.sort();
        near.dedup_by_key(|(_, name)| *name);
        near.retain(|(_, name)| !name.is_empty());
        near.truncate(3);
        let list = |between: &str| {
            let names: Vec<&str> = near.iter().map(|(_, name)| *name).collect();
            names.join(&format!(" {between} "))
        };
        match near.is_empty() {
            true => Text::new(
                "videz la case : « », et écrivez ce nom dans « Exutoire ou fournisseur actuel » ; ou déclarez l'établissement",
                "empty the cell: \"\", and write this name in \"Present outlet or supplier\"; or declare the site",
            ),
            false => Text::new(
                format!(
                    "si c'est lui, écrivez « {} » ; sinon déclarez-le, ou écrivez son nom dans « Exutoire ou fournisseur actuel »",
                    list("» ou «")
                ),
                format!(
                    "if it is this one, write \"{}\"; else declare it, or write its name in \"Present outlet or supplier\"",
                    list("\" or \"")
                ),
            ),
        }
    }

    /// The site named in the partner column: by identifier, by `firm / site`, by site, by firm.
    pub fn partner(
        &self,
        row: &RowDeclaration,
        site: &SiteKey,
    ) -> Result<Option<SiteKey>, Box<Finding>> {
        if row.partner.is_empty() {
            return Ok(None);
        }
        let found = self.answering(&row.partner);
        let (code, cause, fix) = match found[..] {
            [only] if only == site => (
                Code::E1504,
                Text::new(
                    "le partenaire est l'établissement lui-même",
                    "the partner is the site itself",
                ),
                Text::new(
                    "un usage interne n'est pas un échange : videz la case",
                    "internal use is no exchange: empty the cell",
                ),
            ),
            [only] => return Ok(Some(only.clone())),
            [] => (
                Code::E1503,
                Text::new(
                    "aucun établissement déclaré n'a ce nom ou cet identifiant",
                    "no declared site has this name or identifier",
                ),
                self.instead_of(&row.partner),
            ),
            _ => {
                let list = found
                    .iter()
                    .map(|key| key.as_str())
                    .collect::<Vec<_>>()
                    .join(", ");
                (
                    Code::E1505,
                    Text::new(
                        format!("plusieurs établissements répondent : {list}"),
                        format!("several sites answer: {list}"),
                    ),
                    Text::new(
                        format!(
                            "écrivez l'identifiant du bon : « {} »",
                            quoted(&found, "» ou «")
                        ),
                        format!(
                            "write the identifier of the right one: \"{}\"",
                            quoted(&found, "\" or \"")
                        ),
                    ),
                )
            }
        };
        Err(Box::new(Finding::new(
            code,
            Field::Partner,
            &row.partner,
            cause,
            fix,
        )))
    }
}
