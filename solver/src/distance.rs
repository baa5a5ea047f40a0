//! How far apart two sites are: the user's road matrix, else the geodesic times the tortuosity.

use std::collections::HashMap;

use boucle_domain::geo::{Point, Position};
use boucle_domain::id::SiteKey;
use boucle_domain::interval::Interval;
use boucle_domain::knowledge::VehicleClass;
use boucle_domain::organisation::Site;
use boucle_domain::settings::Settings;
use boucle_domain::units::Distance;
use geographiclib_rs::{Geodesic, InverseGeodesic};

use crate::answer::DistanceSource;

/// Shortest distance between two sites: next door is never nought.
const NEXT_DOOR_METRES: f64 = 50.0;

/// Distances between sites.
pub(crate) struct Distances {
    roads: HashMap<(SiteKey, SiteKey), (Distance, Option<VehicleClass>)>,
    tortuosity: f64,
    geodesic: Geodesic,
}

impl Distances {
    /// Distances under the settings of a run.
    pub fn new(settings: &Settings) -> Distances {
        let mut roads = HashMap::new();
        for road in &settings.roads {
            let way = (road.distance, road.vehicle);
            roads.insert((road.from.clone(), road.to.clone()), way);
            roads
                .entry((road.to.clone(), road.from.clone()))
                .or_insert(way);
        }
        Distances {
            roads,
            tortuosity: settings.tortuosity.max(1.0),
            geodesic: Geodesic::wgs84(),
        }
    }

    /// Distance between two sites with the uncertainty of their positions; `None` when one of them
    /// has no position and the user gave no road between them.
    ///
    /// Positions known only by commune or zone give an interval whose middle is never below half
    /// the sum of the two uncertainties: two sites of one commune are not at the same door.
    pub fn between(&self, from: &Site, to: &Site) -> Option<(Interval<Distance>, DistanceSource)> {
        if let Some(&(road, _)) = self.roads.get(&(from.key.clone(), to.key.clone())) {
            return Some((Interval::exact(road), DistanceSource::Road));
        }
        let (from, to) = (from.position?, to.position?);
        let straight = self.straight(from.point, to.point);
        let doubt = uncertainty(from) + uncertainty(to);
        let middle = straight.max(doubt / 2.0).max(NEXT_DOOR_METRES);
        let low = (straight - doubt).max(NEXT_DOOR_METRES).min(middle);
        let metres = |value: f64| Distance::from_metres(value * self.tortuosity);
        let interval = Interval::new(
            metres(low)?,
            metres(middle)?,
            metres(middle.max(straight + doubt))?,
        )?;
        Some((interval, DistanceSource::Geodesic))
    }

    /// What goes along the way the user gave between two sites, when he said so.
    pub fn vehicle(&self, from: &Site, to: &Site) -> Option<VehicleClass> {
        self.roads
            .get(&(from.key.clone(), to.key.clone()))
            .and_then(|&(_, vehicle)| vehicle)
    }

    /// Geodesic distance on WGS 84, metres.
    pub fn straight(&self, from: Point, to: Point) -> f64 {
        self.geodesic.inverse(
            from.latitude(),
            from.longitude(),
            to.latitude(),
            to.longitude(),
        )
    }

    /// Longest straight line, metres, whose distance may still be within `limit`.
    pub fn reach(&self, limit: Distance) -> f64 {
        let tortuosity = if self.roads.is_empty() {
            self.tortuosity
        } else {
            1.0
        };
        limit.metres() as f64 / tortuosity
    }

    /// Whether the user gave roads, which may shorten any pair.
    pub fn roads_from(&self, site: &SiteKey) -> impl Iterator<Item = &SiteKey> {
        let mut ends: Vec<&SiteKey> = self
            .roads
            .keys()
            .filter(|(from, _)| from == site)
            .map(|(_, to)| to)
            .collect();
        ends.sort();
        ends.into_iter()
    }
}

fn uncertainty(position: Position) -> f64 {
    position.source.uncertainty().metres() as f64
}

#[cfg(test)]
mod tests {
    use boucle_domain::geo::PositionSource;
    use boucle_domain::id::{FirmKey, ZoneId};
    use boucle_domain::settings::Road;

    use super::*;

    fn site(key: &str, latitude: f64, longitude: f64, source: PositionSource) -> Site {
        let point = Point::new(latitude, longitude).unwrap();
        Site {
            key: SiteKey::new(key),
            firm: FirmKey::new(key),
            zone: ZoneId::new("z"),
            name: key.into(),
            external: None,
            activity: None,
            commune: None,
            position: Some(Position { point, source }),
            headcount: None,
            icpe_rubrics: Vec::new(),
            agreements: Vec::new(),
        }
    }

    #[test]
    fn the_geodesic_is_stretched_by_the_tortuosity() {
        // Paris to Lyon: 392 km on the ellipsoid.
        let paris = site("paris", 48.8566, 2.3522, PositionSource::Declared);
        let lyon = site("lyon", 45.764, 4.8357, PositionSource::Declared);
        let (distance, source) = Distances::new(&Settings::default())
            .between(&paris, &lyon)
            .unwrap();
        assert_eq!(source, DistanceSource::Geodesic);
        assert!(
            (distance.mid().kilometres() / 1.3 - 392.0).abs() < 1.5,
            "{:?}",
            distance.mid()
        );
        assert!(distance.is_exact());
    }

    #[test]
    fn two_sites_of_one_commune_are_not_at_the_same_door() {
        let a = site("a", 51.0, 2.3, PositionSource::Commune);
        let b = site("b", 51.0, 2.3, PositionSource::Commune);
        let (distance, _) = Distances::new(&Settings::default())
            .between(&a, &b)
            .unwrap();
        assert!(distance.mid().kilometres() >= 2.0);
        assert!(distance.low() < distance.mid() && distance.mid() < distance.high());
    }

    #[test]
    fn a_road_of_the_user_is_taken_both_ways() {
        let roads = vec![Road {
            from: SiteKey::new("a"),
            to: SiteKey::new("b"),
            distance: Distance::from_kilometres(12.0).unwrap(),
            vehicle: None,
        }];
        let distances = Distances::new(&Settings {
            roads,
            ..Settings::default()
        });
        let (mut a, b) = (
            site("a", 51.0, 2.3, PositionSource::Commune),
            site("b", 0.0, 0.0, PositionSource::Commune),
        );
        a.position = None;
        let (distance, source) = distances.between(&b, &a).unwrap();
        assert_eq!(
            (distance.mid().kilometres(), source),
            (12.0, DistanceSource::Road)
        );
    }
}
