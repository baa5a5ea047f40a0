//! Who is who in a territory: keys to names, and what people write to keys.

use std::collections::{BTreeMap, BTreeSet};

use boucle_proto::v1;

use crate::client::{Client, PAGE};
use crate::failure::Result;
use crate::findings::flow_key;

/// Names of firms, sites and flows.
#[derive(Debug, Default)]
pub struct Directory {
    /// Site key to what people call it.
    sites: BTreeMap<String, String>,
    /// What a person may write for a site, to its keys: a name may be that of several.
    by_word: BTreeMap<String, BTreeSet<String>>,
    /// The same for firms.
    firms_by_word: BTreeMap<String, BTreeSet<String>>,
    /// Flow key, as text, to the firm's own words.
    flows: BTreeMap<String, String>,
}

/// What a word stands for.
pub enum Found {
    /// One thing, by key.
    One(String),
    /// Nothing.
    None,
    /// Several, by key.
    Several(Vec<String>),
}

impl Directory {
    /// Reads the firms and sites of the territory.
    ///
    /// # Errors
    /// What the service answers.
    pub async fn read(client: &Client) -> Result<Directory> {
        let mut directory = Directory::default();
        let mut firms = BTreeMap::new();
        let mut declarations = client.declarations();
        let mut page_token = String::new();
        loop {
            let ask = v1::ListFirmsRequest {
                territory: client.territory.clone(),
                page_size: PAGE,
                page_token,
            };
            let page = declarations.list_firms(ask).await?.into_inner();
            for firm in page.firms {
                let words = [
                    firm.key.clone(),
                    firm.name.clone(),
                    external(&firm.external),
                ];
                index(&mut directory.firms_by_word, &firm.key, &words);
                firms.insert(firm.key, firm.name);
            }
            if page.next_page_token.is_empty() {
                break;
            }
            page_token = page.next_page_token;
        }
        let mut page_token = String::new();
        loop {
            let ask = v1::ListSitesRequest {
                territory: client.territory.clone(),
                zone: String::new(),
                page_size: PAGE,
                page_token,
            };
            let page = declarations.list_sites(ask).await?.into_inner();
            for site in page.sites {
                let firm = firms.get(&site.firm).cloned().unwrap_or_default();
                directory.keep_site(&site, &firm);
            }
            if page.next_page_token.is_empty() {
                return Ok(directory);
            }
            page_token = page.next_page_token;
        }
    }

    fn keep_site(&mut self, site: &v1::Site, firm: &str) {
        let name = call(firm, &site.name);
        let words = [
            site.key.clone(),
            site.name.clone(),
            name.clone(),
            external(&site.external),
        ];
        index(&mut self.by_word, &site.key, &words);
        self.sites.insert(site.key.clone(), name);
    }

    /// Learns the name of a flow.
    pub fn keep_flow(&mut self, key: &v1::FlowKey, name: &str) {
        if !name.is_empty() {
            self.flows.insert(flow_key(key), name.to_owned());
        }
    }

    /// A site as people call it, else its key.
    pub fn site<'a>(&'a self, key: &'a str) -> &'a str {
        self.sites.get(key).map_or(key, String::as_str)
    }

    /// A flow as people call it: site and name, else its key.
    pub fn flow(&self, key: &v1::FlowKey) -> String {
        let text = flow_key(key);
        match self.flows.get(&text) {
            Some(name) => format!("{}, {name}", self.site(&key.site)),
            None => text,
        }
    }

    /// The site a person means by its key, its identifier or its name.
    pub fn find_site(&self, word: &str) -> Found {
        find(&self.by_word, word)
    }

    /// The firm a person means.
    pub fn find_firm(&self, word: &str) -> Found {
        find(&self.firms_by_word, word)
    }
}

/// A site in people's words: that of its firm where it has no other.
pub fn call(firm: &str, site: &str) -> String {
    match (firm, site) {
        (firm, "") => firm.to_owned(),
        ("", site) => site.to_owned(),
        (firm, site) if site.contains(firm) => site.to_owned(),
        (firm, site) => format!("{firm}, {site}"),
    }
}

fn external(id: &Option<v1::ExternalId>) -> String {
    id.as_ref().map(|id| id.value.clone()).unwrap_or_default()
}

fn index(words: &mut BTreeMap<String, BTreeSet<String>>, key: &str, names: &[String]) {
    for name in names.iter().filter(|name| !name.is_empty()) {
        let word = name.trim().to_lowercase();
        words.entry(word).or_default().insert(key.to_owned());
    }
}

fn find(words: &BTreeMap<String, BTreeSet<String>>, word: &str) -> Found {
    let keys = words.get(&word.trim().to_lowercase());
    let mut keys: Vec<String> = keys.into_iter().flatten().cloned().collect();
    match keys.len() {
        0 => Found::None,
        1 => Found::One(keys.remove(0)),
        _ => Found::Several(keys),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(key: &str, name: &str, id: &str) -> v1::Site {
        v1::Site {
            key: key.to_owned(),
            name: name.to_owned(),
            external: Some(v1::ExternalId {
                scheme: 5,
                value: id.to_owned(),
            }),
            ..v1::Site::default()
        }
    }

    #[test]
    fn a_site_is_found_by_key_identifier_or_name_and_two_of_a_name_are_told() {
        let mut directory = Directory::default();
        directory.keep_site(&site("local:A", "Quai 1", "A"), "Acme");
        directory.keep_site(&site("local:B", "Quai 1", "B"), "Bolt");
        for word in ["local:A", "a", "acme, quai 1"] {
            assert!(matches!(directory.find_site(word), Found::One(key) if key == "local:A"));
        }
        assert!(matches!(directory.find_site("Quai 1"), Found::Several(keys) if keys.len() == 2));
        assert!(matches!(directory.find_site("Quai 2"), Found::None));
    }

    #[test]
    fn a_site_named_like_its_firm_is_not_said_twice() {
        assert_eq!(call("Gyproc", "Gyproc"), "Gyproc");
        assert_eq!(call("Gyproc", "Gyproc, Kalundborg"), "Gyproc, Kalundborg");
        assert_eq!(call("Gyproc", ""), "Gyproc");
        assert_eq!(call("Gyproc", "Quai 2"), "Gyproc, Quai 2");
    }
}
