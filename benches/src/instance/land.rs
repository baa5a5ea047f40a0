//! Where firms stand: zones of uneven weight in a region that grows with their number.

use boucle_domain::geo::Point;

use crate::random::Random;

/// Firms per zone, on average.
const FIRMS_PER_ZONE: usize = 25;
/// Side of the region that holds a hundred firms; areas grow with the number of firms.
const SIDE_KM: f64 = 30.0;
/// Deviation of a firm from the centre of its zone, north and east.
const SPREAD_KM: f64 = 4.0;
/// Middle of the region, degrees north and east: the middle of France.
const MIDDLE: (f64, f64) = (46.9, 2.5);
/// Kilometres in a degree of latitude.
const KM_PER_DEGREE: f64 = 111.2;

/// The centres of zones with their cumulative weights.
pub struct Land {
    centres: Vec<(f64, f64)>,
    weights: Vec<f64>,
}

impl Land {
    /// A land for so many firms.
    pub fn new(firms: usize, random: &mut Random) -> Land {
        let zones = (firms / FIRMS_PER_ZONE).max(1);
        let side = SIDE_KM * (firms as f64 / 100.0).sqrt();
        let mut total = 0.0;
        let (mut centres, mut weights) = (Vec::new(), Vec::new());
        for _ in 0..zones {
            centres.push((
                random.between(-side / 2.0, side / 2.0),
                random.between(-side / 2.0, side / 2.0),
            ));
            // A few large zones and many small ones.
            total += random.log_normal(1.0, 0.8);
            weights.push(total);
        }
        Land { centres, weights }
    }

    /// Where one firm stands, to about a metre.
    pub fn place(&self, random: &mut Random) -> Option<Point> {
        let (north, east) = *self.centres.get(random.by_weight(&self.weights))?;
        let north = north + SPREAD_KM * random.normal();
        let east = east + SPREAD_KM * random.normal();
        let latitude = MIDDLE.0 + north / KM_PER_DEGREE;
        let longitude = MIDDLE.1 + east / (KM_PER_DEGREE * latitude.to_radians().cos());
        Point::new(rounded(latitude), rounded(longitude))
    }
}

fn rounded(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}
