//! The settings of a run as a file, TOML or JSON; every key is optional.
//!
//! ```toml
//! link_cost_eur = 3000
//! carbon_value_eur_per_tonne = 100
//! [[forbidden]]
//! output = "local:KAL-ASN/output/asn-gypsum"
//! input = "local:KAL-GYP/input/gyp-gypsum"
//! reason = "refused in 2025"
//! ```

use std::path::Path;

use boucle_proto::v1;
use serde::Deserialize;

use crate::failure::{Failure, Result};
use crate::roads::{Resolver, WrittenRoad};
use crate::text::Language;

/// Settings as they are written. Sites and firms by key, identifier or name; flows as
/// `site/output/reference`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SettingsFile {
    link_cost_eur: Option<f64>,
    carbon_value_eur_per_tonne: Option<f64>,
    tortuosity: Option<f64>,
    roads: Vec<RoadEntry>,
    forced: Vec<ForcedEntry>,
    forbidden: Vec<ForbiddenEntry>,
    supplier_shares: Vec<ShareEntry>,
    odds_one_unknown: Option<f64>,
    odds_further_unknown: Option<f64>,
    relative_gap: Option<f64>,
    node_limit: Option<u32>,
    iteration_limit: Option<u32>,
    nearest: Option<u32>,
    with_suggestions: bool,
    weights: WeightsEntry,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoadEntry {
    from: String,
    to: String,
    distance_km: f64,
    /// What goes along it, when it is no road.
    #[serde(default)]
    vehicle: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ForcedEntry {
    output: String,
    input: String,
    rule: String,
    #[serde(default)]
    at_least: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ForbiddenEntry {
    output: String,
    input: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShareEntry {
    input: String,
    #[serde(default)]
    supplier: String,
    at_least: Option<f64>,
    at_most: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WeightsEntry {
    economy: Option<f64>,
    climate: Option<f64>,
    resource: Option<f64>,
    technical: Option<f64>,
    regulatory: Option<f64>,
    locality: Option<f64>,
}

impl SettingsFile {
    /// Reads a file; its ending decides between JSON and TOML.
    ///
    /// # Errors
    /// That it cannot be read, with the line of what is wrong.
    pub fn read(path: &Path, language: Language) -> Result<SettingsFile> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::unreadable(language, path, &error))?;
        let json = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let read = match json {
            true => serde_json::from_str(&text).map_err(|error| error.to_string()),
            false => toml::from_str(&text).map_err(|error| error.to_string()),
        };
        read.map_err(|why| Failure::Error(format!("{}: {}", path.display(), why.trim_end())))
    }

    /// The settings on the wire, with the roads of a file beside its own.
    ///
    /// Values out of range are told by the service, all at once.
    pub fn wire(&self, roads: &[WrittenRoad], names: &mut Resolver<'_>) -> v1::Settings {
        let own = self.roads.iter().map(|road| WrittenRoad {
            from: road.from.clone(),
            to: road.to.clone(),
            distance_km: road.distance_km,
            vehicle: road.vehicle.clone(),
        });
        let roads: Vec<WrittenRoad> = own.chain(roads.iter().cloned()).collect();
        v1::Settings {
            link_cost: self.link_cost_eur.map(money),
            carbon_value_per_tonne: self.carbon_value_eur_per_tonne.map(money),
            tortuosity: self.tortuosity,
            roads: roads.iter().map(|road| names.road(road)).collect(),
            forced: self
                .forced
                .iter()
                .map(|link| v1::ForcedLink {
                    pair: Some(v1::PairKey {
                        output: Some(names.flow(&link.output)),
                        input: Some(names.flow(&link.input)),
                        rule: link.rule.clone(),
                    }),
                    at_least: link.at_least,
                })
                .collect(),
            forbidden: self
                .forbidden
                .iter()
                .map(|link| v1::ForbiddenLink {
                    output: Some(names.flow(&link.output)),
                    input: Some(names.flow(&link.input)),
                    rule: link.rule.clone(),
                    reason: link.reason.clone(),
                })
                .collect(),
            supplier_shares: self
                .supplier_shares
                .iter()
                .map(|share| v1::SupplierShare {
                    input: Some(names.flow(&share.input)),
                    supplier: match share.supplier.as_str() {
                        "" => String::new(),
                        firm => names.firm(firm),
                    },
                    at_least: share.at_least,
                    at_most: share.at_most,
                })
                .collect(),
            odds_one_unknown: self.odds_one_unknown,
            odds_further_unknown: self.odds_further_unknown,
            relative_gap: self.relative_gap,
            node_limit: self.node_limit,
            iteration_limit: self.iteration_limit,
            nearest: self.nearest,
            with_suggestions: self.with_suggestions,
            weights: Some(v1::Weights {
                economy: self.weights.economy,
                climate: self.weights.climate,
                resource: self.weights.resource,
                technical: self.weights.technical,
                regulatory: self.weights.regulatory,
                locality: self.weights.locality,
            }),
        }
    }
}

/// Euros as thousandths. A value beyond what fits is held at the bound, which the service refuses.
fn money(euros: f64) -> v1::Money {
    v1::Money {
        milli_euros: (euros * 1000.0).round() as i64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;

    #[test]
    fn toml_and_json_say_the_same_and_a_misspelt_key_is_refused() {
        let toml: SettingsFile =
            toml::from_str("link_cost_eur = 12.5\n[weights]\neconomy = 1.0\n").unwrap();
        let json: SettingsFile =
            serde_json::from_str(r#"{"link_cost_eur": 12.5, "weights": {"economy": 1}}"#).unwrap();
        let directory = Directory::default();
        let wire =
            |file: &SettingsFile| file.wire(&[], &mut Resolver::new(&directory, Language::En));
        assert_eq!(wire(&toml), wire(&json));
        assert_eq!(wire(&toml).link_cost.unwrap().milli_euros, 12_500);
        let misspelt = toml::from_str::<SettingsFile>("link_costs = 1").unwrap_err();
        assert!(misspelt.to_string().contains("link_costs"));
    }
}
