//! What an import would do to what is stored, and doing it.

use std::collections::BTreeMap;

use boucle_domain::flow::Flow;
use boucle_domain::id::{FirmKey, FlowKey, SiteKey};
use boucle_domain::organisation::{Firm, Site};
use boucle_domain::text::Language;
use boucle_domain::validate::{Declaration, Draft, Field, written_row, written_site};

/// How an import joins what is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Flows of the file are added or updated; the others stay.
    #[default]
    Merge,
    /// The flows of the file are those of the zone; the others go. Sites stay.
    Replace,
    /// Flows of the file are added; one that exists already refuses the import.
    Append,
}

/// A flow or site that would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed<K> {
    /// Its key.
    pub key: K,
    /// The fields that differ, in the order of the template; empty when only a converted value does.
    pub fields: Vec<Field>,
}

/// What an import would do. Every list is sorted by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Flows that are new.
    pub added: Vec<FlowKey>,
    /// Flows that exist and would change.
    pub changed: Vec<Changed<FlowKey>>,
    /// Flows that would go.
    pub removed: Vec<FlowKey>,
    /// Flows that exist and stay as they are.
    pub unchanged: usize,
    /// Sites that are new.
    pub added_sites: Vec<SiteKey>,
    /// Sites that exist and would change.
    pub changed_sites: Vec<Changed<SiteKey>>,
    /// Flows that exist already, where the import may only append: it is refused
    /// (see [`crate::Reading::conflicts`]).
    pub conflicts: Vec<FlowKey>,
}

impl Changes {
    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.changed.is_empty()
            && self.removed.is_empty()
            && self.added_sites.is_empty()
            && self.changed_sites.is_empty()
    }
}

/// What importing `new` would do to `old`, which holds what is stored of the zone.
pub fn changes(old: &Declaration, new: &Declaration, mode: Mode) -> Changes {
    let mut changes = Changes::default();
    let (before, after) = (Words::of(old), Words::of(new));
    let stored: BTreeMap<&FlowKey, &Flow> =
        old.flows.iter().map(|flow| (&flow.key, flow)).collect();
    let mut declared: Vec<&Flow> = new.flows.iter().collect();
    declared.sort_by(|a, b| a.key.cmp(&b.key));
    for flow in &declared {
        match stored.get(&flow.key) {
            None => changes.added.push(flow.key.clone()),
            Some(_) if mode == Mode::Append => changes.conflicts.push(flow.key.clone()),
            Some(kept) if *kept == *flow => changes.unchanged += 1,
            Some(kept) => {
                let fields = differing(&before.flow(kept), &after.flow(flow));
                changes.changed.push(Changed {
                    key: flow.key.clone(),
                    fields,
                });
            }
        }
    }
    let kept = |key: &FlowKey| declared.binary_search_by(|flow| flow.key.cmp(key)).is_ok();
    for key in stored.into_keys().filter(|key| !kept(key)) {
        if mode == Mode::Replace {
            changes.removed.push(key.clone());
        } else {
            changes.unchanged += 1;
        }
    }
    changed_sites(&before, &after, &mut changes);
    changes
}

fn changed_sites(before: &Words, after: &Words, changes: &mut Changes) {
    for (key, (_, site)) in &after.sites {
        match before.sites.get(key) {
            None => changes.added_sites.push((*key).clone()),
            Some((_, kept)) if kept == site => {}
            Some((_, kept)) => {
                let mut fields = differing(&before.site(key), &after.site(key));
                if kept.agreements != site.agreements {
                    fields.push(Field::AgreementReference);
                }
                changes.changed_sites.push(Changed {
                    key: (*key).clone(),
                    fields,
                });
            }
        }
    }
}

/// A declaration as words, to tell which fields differ.
struct Words<'d> {
    sites: BTreeMap<&'d SiteKey, (&'d Firm, &'d Site)>,
}

impl<'d> Words<'d> {
    fn of(declaration: &'d Declaration) -> Words<'d> {
        let firms: BTreeMap<&FirmKey, &Firm> = declaration
            .firms
            .iter()
            .map(|firm| (&firm.key, firm))
            .collect();
        let sites = declaration.sites.iter();
        Words {
            sites: sites
                .filter_map(|site| Some((&site.key, (*firms.get(&site.firm)?, site))))
                .collect(),
        }
    }

    fn flow(&self, flow: &Flow) -> Draft {
        self.sites
            .get(&flow.key.site)
            .map_or_else(Draft::new, |(firm, site)| {
                written_row(firm, site, flow, Language::En)
            })
    }

    fn site(&self, key: &SiteKey) -> Draft {
        self.sites
            .get(key)
            .map_or_else(Draft::new, |(firm, site)| written_site(firm, site))
    }
}

/// What is stored once `new` is imported. Conflicts of [`Mode::Append`] leave the stored flow.
pub fn apply(old: &Declaration, new: &Declaration, mode: Mode) -> Declaration {
    let mut firms: BTreeMap<&FirmKey, &Firm> =
        old.firms.iter().map(|firm| (&firm.key, firm)).collect();
    firms.extend(new.firms.iter().map(|firm| (&firm.key, firm)));
    let mut sites: BTreeMap<&SiteKey, &Site> =
        old.sites.iter().map(|site| (&site.key, site)).collect();
    sites.extend(new.sites.iter().map(|site| (&site.key, site)));
    let mut flows: BTreeMap<&FlowKey, &Flow> = match mode {
        Mode::Replace => BTreeMap::new(),
        Mode::Merge | Mode::Append => old.flows.iter().map(|flow| (&flow.key, flow)).collect(),
    };
    for flow in &new.flows {
        if mode != Mode::Append || !flows.contains_key(&flow.key) {
            flows.insert(&flow.key, flow);
        }
    }
    Declaration {
        firms: firms.into_values().cloned().collect(),
        sites: sites.into_values().cloned().collect(),
        flows: flows.into_values().cloned().collect(),
    }
}

/// Fields whose words differ.
fn differing(before: &Draft, after: &Draft) -> Vec<Field> {
    Field::ALL
        .iter()
        .copied()
        .filter(|&field| before.get(field) != after.get(field))
        .collect()
}
