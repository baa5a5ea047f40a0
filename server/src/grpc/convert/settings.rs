//! Settings of a run, both ways.

use boucle_domain::id::{FirmKey, RuleId, SiteKey};
use boucle_domain::knowledge::VehicleClass;
use boucle_domain::settings::{
    ForbiddenLink, ForcedLink, ProspectiveOdds, Road, Settings, SupplierShare, Weights,
};
use boucle_domain::units::{Amount, Distance, Money, Share};
use boucle_proto::v1;

use super::flow::{flow_key, pair_key, read_flow_key, read_pair_key};
use super::quantity::money;
use crate::app::error::Violation;

/// Settings as they shall be; what is absent takes its default.
pub fn read_settings(settings: v1::Settings, violations: &mut Vec<Violation>) -> Settings {
    let defaults = Settings::default();
    let mut read = Reading { violations };
    Settings {
        link_cost: settings
            .link_cost
            .map(|cost| read.cost("settings.link_cost", cost)),
        carbon_value: match settings.carbon_value_per_tonne {
            Some(value) => read.cost("settings.carbon_value_per_tonne", value),
            None => defaults.carbon_value,
        },
        tortuosity: read.number(
            "settings.tortuosity",
            settings.tortuosity,
            defaults.tortuosity,
            1.0,
            10.0,
        ),
        roads: read.roads(settings.roads),
        forced: read.forced(settings.forced),
        forbidden: read.forbidden(settings.forbidden),
        supplier_shares: read.supplier_shares(settings.supplier_shares),
        prospective_odds: ProspectiveOdds {
            one_unknown: read
                .share("settings.odds_one_unknown", settings.odds_one_unknown)
                .unwrap_or(defaults.prospective_odds.one_unknown),
            further_unknown: read
                .share(
                    "settings.odds_further_unknown",
                    settings.odds_further_unknown,
                )
                .unwrap_or(defaults.prospective_odds.further_unknown),
        },
        relative_gap: read.number(
            "settings.relative_gap",
            settings.relative_gap,
            defaults.relative_gap,
            0.0,
            1.0,
        ),
        node_limit: settings.node_limit.unwrap_or(defaults.node_limit),
        iteration_limit: settings.iteration_limit.unwrap_or(defaults.iteration_limit),
        nearest: settings.nearest.unwrap_or(defaults.nearest),
        with_suggestions: settings.with_suggestions,
        weights: read.weights(settings.weights.unwrap_or_default()),
    }
}

/// Settings, every default filled in.
pub fn settings(settings: &Settings) -> v1::Settings {
    let share = |share: Share| Some(share.value());
    v1::Settings {
        link_cost: settings.link_cost.map(money),
        carbon_value_per_tonne: Some(money(settings.carbon_value)),
        tortuosity: Some(settings.tortuosity),
        roads: settings.roads.iter().map(road).collect(),
        forced: settings
            .forced
            .iter()
            .map(|link| v1::ForcedLink {
                pair: Some(pair_key(&link.pair)),
                at_least: link.at_least.units(),
            })
            .collect(),
        forbidden: settings.forbidden.iter().map(forbidden).collect(),
        supplier_shares: settings
            .supplier_shares
            .iter()
            .map(|bound| v1::SupplierShare {
                input: Some(flow_key(&bound.input)),
                supplier: bound
                    .supplier
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                at_least: bound.at_least.and_then(share),
                at_most: bound.at_most.and_then(share),
            })
            .collect(),
        odds_one_unknown: share(settings.prospective_odds.one_unknown),
        odds_further_unknown: share(settings.prospective_odds.further_unknown),
        relative_gap: Some(settings.relative_gap),
        node_limit: Some(settings.node_limit),
        iteration_limit: Some(settings.iteration_limit),
        nearest: Some(settings.nearest),
        with_suggestions: settings.with_suggestions,
        weights: Some(v1::Weights {
            economy: Some(settings.weights.economy),
            climate: Some(settings.weights.climate),
            resource: Some(settings.weights.resource),
            technical: Some(settings.weights.technical),
            regulatory: Some(settings.weights.regulatory),
            locality: Some(settings.weights.locality),
        }),
    }
}

fn road(road: &Road) -> v1::Road {
    v1::Road {
        from: road.from.to_string(),
        to: road.to.to_string(),
        distance_km: road.distance.kilometres(),
        vehicle: road
            .vehicle
            .map(|vehicle| vehicle.code().to_owned())
            .unwrap_or_default(),
    }
}

fn forbidden(link: &ForbiddenLink) -> v1::ForbiddenLink {
    v1::ForbiddenLink {
        output: Some(flow_key(&link.output)),
        input: Some(flow_key(&link.input)),
        rule: link
            .rule
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        reason: link.reason.clone(),
    }
}

/// Reads settings, collecting what cannot be read.
struct Reading<'v> {
    violations: &'v mut Vec<Violation>,
}

impl Reading<'_> {
    fn wrong(&mut self, field: &str, fr: impl Into<String>, en: impl Into<String>) {
        self.violations.push(Violation::new(field, fr, en));
    }

    fn cost(&mut self, field: &str, cost: v1::Money) -> Money {
        if cost.milli_euros < 0 || cost.milli_euros > boucle_domain::units::LARGEST {
            self.wrong(
                field,
                "écrire un montant positif ou nul",
                "write an amount that is not negative",
            );
            return Money::ZERO;
        }
        Money::from_milli(cost.milli_euros)
    }

    fn number(
        &mut self,
        field: &str,
        value: Option<f64>,
        default: f64,
        low: f64,
        high: f64,
    ) -> f64 {
        match value {
            None => default,
            Some(value) if (low..=high).contains(&value) => value,
            Some(_) => {
                self.wrong(
                    field,
                    format!("écrire un nombre de {low} à {high}"),
                    format!("write a number from {low} to {high}"),
                );
                default
            }
        }
    }

    fn share(&mut self, field: &str, value: Option<f64>) -> Option<Share> {
        let value = value?;
        let share = Share::new(value);
        if share.is_none() {
            self.wrong(
                field,
                "écrire un nombre de 0 à 1",
                "write a number from 0 to 1",
            );
        }
        share
    }

    fn amount(&mut self, field: &str, value: f64) -> Amount {
        Amount::from_units(value)
            .filter(|&amount| amount >= Amount::ZERO)
            .unwrap_or_else(|| {
                self.wrong(
                    field,
                    "écrire une quantité positive ou nulle",
                    "write a quantity that is not negative",
                );
                Amount::ZERO
            })
    }

    fn roads(&mut self, roads: Vec<v1::Road>) -> Vec<Road> {
        let mut read = Vec::with_capacity(roads.len());
        for (at, road) in roads.into_iter().enumerate() {
            let vehicle = VehicleClass::from_code(&road.vehicle);
            if vehicle.is_none() && !road.vehicle.is_empty() {
                let codes = VehicleClass::ALL.map(VehicleClass::code).join(", ");
                self.wrong(
                    &format!("settings.roads[{at}].vehicle"),
                    format!("écrire l'un de : {codes}"),
                    format!("write one of: {codes}"),
                );
            }
            match Distance::from_kilometres(road.distance_km) {
                Some(distance) => {
                    read.push(Road {
                        from: SiteKey::new(road.from),
                        to: SiteKey::new(road.to),
                        distance,
                        vehicle,
                    });
                }
                None => self.wrong(
                    &format!("settings.roads[{at}].distance_km"),
                    "écrire une distance positive ou nulle, en km",
                    "write a distance that is not negative, in km",
                ),
            }
        }
        read
    }

    fn forced(&mut self, links: Vec<v1::ForcedLink>) -> Vec<ForcedLink> {
        let mut read = Vec::with_capacity(links.len());
        for (at, link) in links.into_iter().enumerate() {
            let path = format!("settings.forced[{at}]");
            let at_least = self.amount(&format!("{path}.at_least"), link.at_least);
            if let Some(pair) = read_pair_key(&format!("{path}.pair"), link.pair, self.violations) {
                read.push(ForcedLink { pair, at_least });
            }
        }
        read
    }

    fn forbidden(&mut self, links: Vec<v1::ForbiddenLink>) -> Vec<ForbiddenLink> {
        let mut read = Vec::with_capacity(links.len());
        for (at, link) in links.into_iter().enumerate() {
            let path = format!("settings.forbidden[{at}]");
            let output = read_flow_key(&format!("{path}.output"), link.output, self.violations);
            let input = read_flow_key(&format!("{path}.input"), link.input, self.violations);
            if let (Some(output), Some(input)) = (output, input) {
                let rule = Some(link.rule)
                    .filter(|rule| !rule.is_empty())
                    .map(RuleId::new);
                read.push(ForbiddenLink {
                    output,
                    input,
                    rule,
                    reason: link.reason,
                });
            }
        }
        read
    }

    fn supplier_shares(&mut self, bounds: Vec<v1::SupplierShare>) -> Vec<SupplierShare> {
        let mut read = Vec::with_capacity(bounds.len());
        for (at, bound) in bounds.into_iter().enumerate() {
            let path = format!("settings.supplier_shares[{at}]");
            let at_least = self.share(&format!("{path}.at_least"), bound.at_least);
            let at_most = self.share(&format!("{path}.at_most"), bound.at_most);
            if let Some(input) =
                read_flow_key(&format!("{path}.input"), bound.input, self.violations)
            {
                let supplier = Some(bound.supplier)
                    .filter(|firm| !firm.is_empty())
                    .map(FirmKey::new);
                read.push(SupplierShare {
                    input,
                    supplier,
                    at_least,
                    at_most,
                });
            }
        }
        read
    }

    fn weights(&mut self, weights: v1::Weights) -> Weights {
        let defaults = Weights::default();
        let mut weight = |name: &str, value: Option<f64>, default: f64| {
            self.number(
                &format!("settings.weights.{name}"),
                value,
                default,
                0.0,
                1e6,
            )
        };
        Weights {
            economy: weight("economy", weights.economy, defaults.economy),
            climate: weight("climate", weights.climate, defaults.climate),
            resource: weight("resource", weights.resource, defaults.resource),
            technical: weight("technical", weights.technical, defaults.technical),
            regulatory: weight("regulatory", weights.regulatory, defaults.regulatory),
            locality: weight("locality", weights.locality, defaults.locality),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_settings_take_their_defaults_and_come_back_filled_in() {
        let mut violations = Vec::new();
        let read = read_settings(v1::Settings::default(), &mut violations);
        assert_eq!(read, Settings::default());
        assert_eq!(read_settings(settings(&read), &mut violations), read);
        assert!(violations.is_empty());
    }

    #[test]
    fn every_bad_setting_is_named_with_its_position() {
        let mut violations = Vec::new();
        let bad = v1::Settings {
            tortuosity: Some(f64::NAN),
            odds_one_unknown: Some(1.5),
            roads: vec![v1::Road {
                distance_km: -1.0,
                ..Default::default()
            }],
            forced: vec![v1::ForcedLink {
                pair: None,
                at_least: f64::INFINITY,
            }],
            ..Default::default()
        };
        read_settings(bad, &mut violations);
        let fields: Vec<&str> = violations
            .iter()
            .map(|violation| violation.field.as_str())
            .collect();
        assert_eq!(
            fields,
            [
                "settings.tortuosity",
                "settings.roads[0].distance_km",
                "settings.forced[0].at_least",
                "settings.forced[0].pair",
                "settings.odds_one_unknown",
            ]
        );
    }
}
