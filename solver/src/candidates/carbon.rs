//! Greenhouse gases of a pair per unit of the output, as intervals with the factors used.

use boucle_domain::id::FactorId;
use boucle_domain::interval::Interval;
use boucle_domain::knowledge::Freight;
use boucle_domain::units::{CarbonPerUnit, Ratio};

use super::context::Context;
use super::economics::Haul;
use super::offer::Offer;

/// kg CO2e avoided per unit of the output, net of treatment and transport.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UnitCarbon {
    /// Avoided.
    pub avoided: Interval<CarbonPerUnit>,
    /// Whether the displaced supply has a factor.
    pub complete: bool,
}

/// Emission factor of electricity.
const ELECTRICITY: &str = "F-ELEC";

/// Share of the way driven back empty (background range 0.2 to 0.6).
const EMPTY_RETURN: (f64, f64, f64) = (0.2, 0.4, 0.6);

/// Emissions avoided by an offer taken at a distance: credited once, to the zone.
pub(crate) fn of_pair(
    context: &Context<'_>,
    offer: &Offer<'_>,
    ratio: Interval<Ratio>,
    haul: &Haul,
) -> UnitCarbon {
    let mut avoided = [0.0; 3];
    let displaced = context.knowledge.avoided_factor(&offer.rule.need);
    if let Some((_, factor)) = &displaced {
        let value = |ratio: Ratio, factor: CarbonPerUnit| ratio.value() * factor.value();
        avoided = [
            value(ratio.low(), factor.low()),
            value(ratio.mid(), factor.mid()),
            value(ratio.high(), factor.high()),
        ];
    }
    let mut spent = [0.0; 3];
    let kwh: Vec<_> = offer.steps.iter().map(|step| step.energy_kwh).collect();
    let electricity = FactorId::new(ELECTRICITY);
    if kwh.iter().any(|kwh| kwh.high() > 0.0)
        && let Some(factor) = context.knowledge.factor(&electricity)
    {
        for kwh in &kwh {
            spent[0] += kwh.low() * factor.value.low();
            spent[1] += kwh.mid() * factor.value.mid();
            spent[2] += kwh.high() * factor.value.high();
        }
    }
    if let Some(freight) = &haul.freight
        && let Some(factor) = context.knowledge.factor(&freight.factor)
    {
        let km = haul.distance.map(|distance| distance.kilometres());
        let one =
            |km: f64, empty: f64, factor: f64, tonnes: f64| km * (1.0 + empty) * factor * tonnes;
        spent[0] += one(
            km.low(),
            EMPTY_RETURN.0,
            factor.value.low(),
            haul.tonnes.low(),
        );
        spent[1] += one(
            km.mid(),
            EMPTY_RETURN.1,
            factor.value.mid(),
            haul.tonnes.mid(),
        );
        spent[2] += one(
            km.high(),
            EMPTY_RETURN.2,
            factor.value.high(),
            haul.tonnes.high(),
        );
    }
    let net = |avoided: f64, spent: f64| CarbonPerUnit::new(avoided - spent);
    UnitCarbon {
        avoided: Interval::spanning(
            net(avoided[0], spent[2]),
            net(avoided[1], spent[1]),
            net(avoided[2], spent[0]),
        ),
        complete: displaced.is_some(),
    }
}

/// The factors a pair's emissions rest on, in the order in which they are used.
pub(crate) fn factors(
    context: &Context<'_>,
    offer: &Offer<'_>,
    freight: Option<&Freight>,
) -> Vec<FactorId> {
    let displaced = context.knowledge.avoided_factor(&offer.rule.need);
    let powered = offer.steps.iter().any(|step| step.energy_kwh.high() > 0.0);
    let electricity = powered.then(|| FactorId::new(ELECTRICITY));
    let carried = freight.map(|freight| freight.factor.clone());
    let known = |id: &FactorId| context.knowledge.factor(id).is_some();
    displaced
        .map(|(id, _)| id)
        .into_iter()
        .chain(electricity.filter(known))
        .chain(carried.filter(known))
        .collect()
}
