//! Money of a pair per unit of the output, as intervals.

use std::sync::Arc as Shared;

use boucle_domain::interval::Interval;
use boucle_domain::knowledge::Freight;
use boucle_domain::units::{Distance, Price, Ratio};

use super::offer::Offer;
use crate::reading::Reading;

/// Prices of a pair, EUR per unit of the output unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct UnitEconomics {
    /// Need units displaced per unit of the output.
    pub ratio: Interval<Ratio>,
    /// Avoidable price of today's outlet.
    pub outlet: Interval<Price>,
    /// Avoidable price of today's supply, per unit of the *need*.
    pub supply: Interval<Price>,
    /// Treatment.
    pub treatment: Interval<Price>,
    /// Transport, tours included.
    pub transport: Interval<Price>,
    /// Outlet of the residue.
    pub residue: Interval<Price>,
}

impl UnitEconomics {
    /// What the link itself costs at mid values: the coefficient of the model.
    pub fn cost(&self) -> Price {
        self.treatment.mid() + self.transport.mid() + self.residue.mid()
    }

    /// Saved per unit at mid values, link charge apart, EUR.
    pub fn saving(&self) -> f64 {
        self.outlet.mid().euros() + self.ratio.mid().value() * self.supply.mid().euros()
            - self.cost().euros()
    }
}

/// Carrying one unit of an output from door to door.
#[derive(Clone, Debug)]
pub(crate) struct Haul {
    /// What carries it; `None` when the catalogue has no price for it.
    pub freight: Option<Shared<Freight>>,
    /// How far.
    pub distance: Interval<Distance>,
    /// Tonnes per unit.
    pub tonnes: Interval<f64>,
}

/// Prices of an offer taken by a need.
pub(crate) fn of_pair(
    offer: &Offer<'_>,
    giver: &Reading<'_>,
    taker: &Reading<'_>,
    ratio: Interval<Ratio>,
    haul: &Haul,
) -> UnitEconomics {
    UnitEconomics {
        ratio,
        outlet: giver.price,
        supply: taker.price,
        treatment: offer.treatment,
        transport: transport(haul),
        residue: offer.residue,
    }
}

/// Carrying one unit: per kilometre, and its part of a tour.
fn transport(haul: &Haul) -> Interval<Price> {
    let Some(freight) = &haul.freight else {
        return Interval::exact(Price::ZERO);
    };
    let (km, tour) = (freight.per_tonne_km.price, freight.per_tour.price);
    let payload = freight.payload.map(|payload| payload.units());
    let way = haul.distance.map(|distance| distance.kilometres());
    let tonnes = haul.tonnes;
    let one = |per_km: Price, tour: Price, payload: f64, km: f64, tonnes: f64| {
        let tour = if payload > 0.0 {
            tour.euros() / payload
        } else {
            0.0
        };
        let per_tonne = per_km.euros() * km + tour;
        Price::from_euros(per_tonne * tonnes).unwrap_or(Price::ZERO)
    };
    let low = one(
        km.low(),
        tour.low(),
        payload.high(),
        way.low(),
        tonnes.low(),
    );
    let mid = one(km.mid(), tour.mid(), payload.mid(), way.mid(), tonnes.mid());
    let high = one(
        km.high(),
        tour.high(),
        payload.low(),
        way.high(),
        tonnes.high(),
    );
    Interval::spanning(low, mid, high)
}

/// Distance at which nothing is gained any more, the link's charge apart; `None` when nothing is
/// gained next door either, and no bound when carrying costs nothing.
pub(crate) fn break_even(haul: &Haul, unit: &UnitEconomics) -> Option<Distance> {
    let next_door = Haul {
        distance: Interval::exact(Distance::ZERO),
        ..haul.clone()
    };
    let carrying = unit.transport.mid().euros();
    let margin = unit.saving() + carrying - transport(&next_door).mid().euros();
    if margin <= 0.0 {
        return None;
    }
    let per_km = haul.freight.as_ref().map_or(0.0, |freight| {
        freight.per_tonne_km.price.mid().euros() * haul.tonnes.mid()
    });
    if per_km <= 0.0 {
        return Distance::from_kilometres(FARTHEST_KM);
    }
    Distance::from_kilometres((margin / per_km).min(FARTHEST_KM))
}

/// Half the way round the Earth: a break-even distance beyond says nothing more.
const FARTHEST_KM: f64 = 20_000.0;
