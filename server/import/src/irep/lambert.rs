//! Coordinates of French registers as degrees of WGS 84: degrees already, Lambert 93, or Lambert II
//! étendu, told by their ranges, which do not overlap.
//!
//! Constants and method: IGN, notes NT/G 71 (projection), NT/G 80 (change of datum: a translation,
//! good to a few metres, which is far below what the position of a site is used for).

use boucle_domain::geo::Point;

/// A conformal conic projection with its ellipsoid.
struct Projection {
    exponent: f64,
    constant: f64,
    x_pole: f64,
    y_pole: f64,
    /// Meridian of origin, in radians east of Greenwich.
    origin: f64,
    eccentricity: f64,
}

const LAMBERT_93: Projection = Projection {
    exponent: 0.725_607_765_0,
    constant: 11_754_255.426,
    x_pole: 700_000.0,
    y_pole: 12_655_612.050,
    origin: 0.052_359_877_559_829_88,
    eccentricity: 0.081_819_191_12,
};

const LAMBERT_2_EXTENDED: Projection = Projection {
    exponent: 0.728_968_627_4,
    constant: 11_745_793.39,
    x_pole: 600_000.0,
    y_pole: 8_199_695.768,
    origin: 0.040_792_344_331_977_66,
    eccentricity: 0.082_483_256_76,
};

/// Semi-major axis of Clarke 1880 (IGN), in metres.
const CLARKE_A: f64 = 6_378_249.2;
/// Semi-major axis and eccentricity of WGS 84.
const WGS_84: (f64, f64) = (6_378_137.0, 0.081_819_190_84);
/// From NTF to WGS 84, in metres.
const SHIFT: [f64; 3] = [-168.0, -60.0, 320.0];
/// Rounds of the iterations on latitude: each gains more than two figures.
const ROUNDS: usize = 12;

/// The point of two coordinates, east first; `None` when they are of no system known here.
pub(super) fn point(x: f64, y: f64) -> Option<Point> {
    let (latitude, longitude) = if x.abs() <= 180.0 && y.abs() <= 90.0 {
        (y, x)
    } else if (0.0..1_300_000.0).contains(&x) && (6_000_000.0..7_200_000.0).contains(&y) {
        degrees(LAMBERT_93.unprojected(x, y))
    } else if (0.0..1_300_000.0).contains(&x) && (1_600_000.0..2_700_000.0).contains(&y) {
        degrees(moved(LAMBERT_2_EXTENDED.unprojected(x, y)))
    } else {
        return None;
    };
    Point::new(latitude, longitude)
}

fn degrees((latitude, longitude): (f64, f64)) -> (f64, f64) {
    (latitude.to_degrees(), longitude.to_degrees())
}

impl Projection {
    /// Latitude and longitude in radians, on the projection's own ellipsoid.
    fn unprojected(&self, x: f64, y: f64) -> (f64, f64) {
        let (east, south) = (x - self.x_pole, self.y_pole - y);
        let radius = east.hypot(south);
        let longitude = self.origin + (east / south).atan() / self.exponent;
        let isometric = -(radius / self.constant).ln() / self.exponent;
        let e = self.eccentricity;
        let mut latitude = 2.0 * isometric.exp().atan() - std::f64::consts::FRAC_PI_2;
        for _ in 0..ROUNDS {
            let sine = e * latitude.sin();
            let factor = ((1.0 + sine) / (1.0 - sine)).powf(e / 2.0);
            latitude = 2.0 * (factor * isometric.exp()).atan() - std::f64::consts::FRAC_PI_2;
        }
        (latitude, longitude)
    }
}

/// From NTF to WGS 84 through geocentric coordinates, heights left out.
fn moved((latitude, longitude): (f64, f64)) -> (f64, f64) {
    let e2 = LAMBERT_2_EXTENDED.eccentricity.powi(2);
    let normal = CLARKE_A / (1.0 - e2 * latitude.sin().powi(2)).sqrt();
    let x = normal * latitude.cos() * longitude.cos() + SHIFT[0];
    let y = normal * latitude.cos() * longitude.sin() + SHIFT[1];
    let z = normal * (1.0 - e2) * latitude.sin() + SHIFT[2];
    let (a, e) = WGS_84;
    let e2 = e * e;
    let across = x.hypot(y);
    let mut latitude = (z / (across * (1.0 - e2))).atan();
    for _ in 0..ROUNDS {
        let normal = a / (1.0 - e2 * latitude.sin().powi(2)).sqrt();
        latitude = ((z + e2 * normal * latitude.sin()) / across).atan();
    }
    (latitude, y.atan2(x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_of_lambert_93_is_where_its_definition_puts_it() {
        // Latitude 46°30' N, longitude 3° E: X 700 000, Y 6 600 000 (decree 2000-1276).
        let point = point(700_000.0, 6_600_000.0).unwrap();
        assert!((point.latitude() - 46.5).abs() < 1e-6, "{point:?}");
        assert!((point.longitude() - 3.0).abs() < 1e-9, "{point:?}");
    }

    #[test]
    fn the_origin_of_lambert_2_is_the_meridian_of_paris_within_the_shift_of_datum() {
        // 52 gr N on the meridian of Paris (46.8° N, 2.33722917° E on NTF): X 600 000, Y 2 200 000.
        let point = point(600_000.0, 2_200_000.0).unwrap();
        assert!((point.latitude() - 46.8).abs() < 0.002, "{point:?}");
        assert!((point.longitude() - 2.337_229).abs() < 0.002, "{point:?}");
    }

    #[test]
    fn degrees_stay_and_coordinates_of_no_system_give_no_point() {
        let paris = point(2.35, 48.85).unwrap();
        assert_eq!((paris.latitude(), paris.longitude()), (48.85, 2.35));
        assert!(point(5_000_000.0, 5_000_000.0).is_none());
        assert!(point(f64::NAN, 1.0).is_none());
    }
}
