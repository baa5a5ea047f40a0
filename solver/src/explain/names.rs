//! What people call the keys: firms, sites, flows, resources.

use std::collections::HashMap;

use boucle_domain::flow::{Flow, Identity, Quantity};
use boucle_domain::id::{DonorKey, FirmKey, FlowKey, ResourceKey, SiteKey};
use boucle_domain::knowledge::Knowledge;
use boucle_domain::profile::Profile;
use boucle_domain::snapshot::Snapshot;
use boucle_domain::text::Text;

use super::numbers;
use super::texts::{same, say};

/// Names of a snapshot and of the catalogue. A key without a name is said as it is.
pub(crate) struct Names<'a> {
    /// What was declared.
    pub(crate) snapshot: &'a Snapshot,
    /// What the catalogue knows.
    pub(crate) knowledge: &'a Knowledge,
    sites_of_firm: HashMap<&'a FirmKey, u32>,
}

impl<'a> Names<'a> {
    /// The names of a snapshot; counts the sites of each firm once.
    pub(crate) fn new(snapshot: &'a Snapshot, knowledge: &'a Knowledge) -> Names<'a> {
        let mut sites_of_firm = HashMap::new();
        for site in snapshot.sites() {
            *sites_of_firm.entry(&site.firm).or_insert(0) += 1;
        }
        Names {
            snapshot,
            knowledge,
            sites_of_firm,
        }
    }

    /// The flow of a key.
    pub(crate) fn flow(&self, key: &FlowKey) -> Option<&'a Flow> {
        self.snapshot.flow(key)
    }

    /// `Firm - site`, or one of them where they say the same.
    pub(crate) fn site_label(&self, key: &SiteKey) -> String {
        let firm = self.firm_of_site(key).unwrap_or_default();
        let site = self
            .snapshot
            .site(key)
            .map_or(key.as_str(), |site| site.name.trim());
        if site.is_empty() || site == firm {
            firm.to_owned()
        } else if firm.is_empty() || site.starts_with(firm) {
            site.to_owned()
        } else {
            format!("{firm} - {site}")
        }
    }

    /// How a party is spoken of: by its firm, and by its site too where the firm has several.
    pub(crate) fn party(&self, key: &SiteKey) -> Text {
        let firm = self
            .snapshot
            .site(key)
            .and_then(|site| self.sites_of_firm.get(&site.firm));
        match (firm, self.firm_of_site(key)) {
            (Some(1), Some(name)) if !name.is_empty() => same(name),
            _ => same(self.site_label(key)),
        }
    }

    /// The firm's own words for a flow.
    pub(crate) fn flow_label(&self, key: &FlowKey) -> Text {
        self.flow(key)
            .map_or_else(|| same(&*key.reference), own_words)
    }

    /// What the declaration says a flow is, in the words of the catalogue; else the firm's own.
    pub(crate) fn identity_label(&self, key: &FlowKey) -> Text {
        match self.flow(key).map(|flow| &flow.identity) {
            Some(Identity::Donor(donor)) => self.donor_label(donor),
            Some(Identity::Resource(resource)) => self.resource_label(resource),
            Some(Identity::Unrecognised) | None => self.flow_label(key),
        }
    }

    /// Label of a resource.
    pub(crate) fn resource_label(&self, key: &ResourceKey) -> Text {
        resource_label(key, self.knowledge)
    }

    /// Label of a donor.
    pub(crate) fn donor_label(&self, key: &DonorKey) -> Text {
        donor_label(key, self.knowledge)
    }

    /// Label of a text that may be the key of a donor or of a resource.
    pub(crate) fn label(&self, text: &str) -> Text {
        self.knowledge
            .donor(&DonorKey::new(text))
            .map(|donor| donor.label.clone())
            .unwrap_or_else(|| self.resource_label(&ResourceKey::new(text)))
    }

    /// Whether a flow is a lot, taken once and not by year.
    pub(crate) fn is_lot(&self, key: &FlowKey) -> bool {
        self.flow(key)
            .is_some_and(|flow| matches!(flow.quantity, Quantity::Lot { .. }))
    }

    /// When a flow exists: its months, or the days of its lot; `None` for an unknown flow.
    pub(crate) fn season(&self, key: &FlowKey) -> Option<Text> {
        Some(match self.flow(key)?.quantity {
            Quantity::Rate { profile, .. } => numbers::months(match profile {
                Profile::Constant => [true; 12],
                Profile::Monthly(weights) => weights.map(|weight| weight > 0),
            }),
            Quantity::Lot { available, .. } => match (available.from, available.to) {
                (Some(from), Some(to)) => say(
                    "number.from_to",
                    &[("from", numbers::day(from)), ("to", numbers::day(to))],
                ),
                (Some(from), None) => say("number.from", &[("from", numbers::day(from))]),
                (None, Some(to)) => say("number.until", &[("to", numbers::day(to))]),
                (None, None) => numbers::months([true; 12]),
            },
        })
    }

    fn firm_of_site(&self, key: &SiteKey) -> Option<&'a str> {
        let site = self.snapshot.site(key)?;
        let firm = self.snapshot.firm(&site.firm)?;
        Some(firm.name.trim())
    }
}

/// Label of a resource of the catalogue.
pub(crate) fn resource_label(key: &ResourceKey, knowledge: &Knowledge) -> Text {
    knowledge
        .resource(key)
        .map_or_else(|| same(key.as_str()), |resource| resource.label.clone())
}

/// Label of a donor of the catalogue.
pub(crate) fn donor_label(key: &DonorKey, knowledge: &Knowledge) -> Text {
    knowledge
        .donor(key)
        .map_or_else(|| same(key.as_str()), |donor| donor.label.clone())
}

/// The firm's own words for a flow, or its reference.
pub(crate) fn own_words(flow: &Flow) -> Text {
    let name = flow.name.trim();
    same(if name.is_empty() {
        &flow.key.reference
    } else {
        name
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::example;

    #[test]
    fn a_party_is_named_by_its_site_only_where_its_firm_has_several() {
        let zone = example::zone();
        let names = Names::new(&zone, example::knowledge());
        let [smelter, road, quarry, ..] = example::SITES.map(SiteKey::new);
        assert_eq!(names.party(&smelter).fr, "Fonderie Essai");
        assert_eq!(names.site_label(&smelter), "Fonderie Essai - Four");
        assert_eq!(names.party(&road).fr, "Routes Essai - Dépôt nord");
        assert_eq!(names.party(&quarry).fr, "Routes Essai - Dépôt sud");
        assert_eq!(names.party(&SiteKey::new("nowhere")).fr, "nowhere");
    }

    #[test]
    fn a_flow_is_called_as_its_firm_calls_it() {
        let zone = example::zone();
        let names = Names::new(&zone, example::knowledge());
        let slag = example::output("four", "laitier");
        assert_eq!(names.flow_label(&slag).fr, "Laitier d'essai");
        assert_eq!(
            names.identity_label(&slag).en,
            "Granulated blast furnace slag"
        );
        assert_eq!(
            names.flow_label(&example::output("four", "absent")).fr,
            "absent"
        );
        assert_eq!(
            names.label("DON:concrete_rubble_x").fr,
            "DON:concrete_rubble_x"
        );
        assert_eq!(names.label("mat.mineral").fr, "Minéraux");
    }

    #[test]
    fn a_season_is_the_months_of_a_rate_and_the_days_of_a_lot() {
        let zone = example::zone();
        let names = Names::new(&zone, example::knowledge());
        let season = |site, reference| {
            names
                .season(&example::output(site, reference))
                .map(|text| text.en)
        };
        assert_eq!(season("four", "laitier").as_deref(), Some("all year round"));
        assert_eq!(
            season("four", "pulpes").as_deref(),
            Some("October to December")
        );
        assert_eq!(
            season("four", "gravats").as_deref(),
            Some("from 1 March 2026 to 31 May 2026")
        );
        assert_eq!(season("four", "absent"), None);
    }
}
