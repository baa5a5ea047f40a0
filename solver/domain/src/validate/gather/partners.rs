//! The declared site at the other end of an existing exchange.

use std::collections::{BTreeMap, BTreeSet};

use super::sites::Places;
use crate::diagnostic::Code;
use crate::id::{FirmKey, SiteKey, normalised};
use crate::organisation::Site;
use crate::text::Text;
use crate::validate::context::Context;
use crate::validate::field::Field;
use crate::validate::finding::Finding;
use crate::validate::row::RowDeclaration;

/// Sites by each way of naming them, from the surest to the loosest.
pub(super) struct Directory {
    ways: [BTreeMap<String, BTreeSet<SiteKey>>; 4],
}

impl Directory {
    /// The sites of a declaration and those stored already.
    pub fn new(places: &Places, context: &Context) -> Directory {
        let declared: BTreeMap<&FirmKey, &str> = places
            .firms
            .iter()
            .map(|firm| (&firm.key, firm.name.as_str()))
            .collect();
        let mut directory = Directory {
            ways: Default::default(),
        };
        for site in &places.sites {
            directory.enter(site, declared.get(&site.firm).copied().unwrap_or_default());
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
                Text::new(
                    "déclarez-le, ou écrivez son nom dans « Exutoire ou fournisseur actuel »",
                    "declare it, or write its name in \"Present outlet or supplier\"",
                ),
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
                        "écrivez l'identifiant de l'établissement",
                        "write the identifier of the site",
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
