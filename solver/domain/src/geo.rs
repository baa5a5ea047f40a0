//! Where a site is, and how well that is known.

use serde::{Deserialize, Serialize};

use crate::units::Distance;

/// A point on the ellipsoid WGS 84, in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    latitude: f64,
    longitude: f64,
}

impl Point {
    /// A point; `None` outside the ranges of latitude (±90°) and longitude (±180°).
    pub fn new(latitude: f64, longitude: f64) -> Option<Point> {
        ((-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude)).then_some(
            Point {
                latitude,
                longitude,
            },
        )
    }

    /// Degrees north.
    pub const fn latitude(&self) -> f64 {
        self.latitude
    }

    /// Degrees east.
    pub const fn longitude(&self) -> f64 {
        self.longitude
    }
}

/// How a position was obtained, which decides how far it may be off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PositionSource {
    /// Declared for the site itself.
    Declared,
    /// The point of its commune.
    Commune,
    /// The centre of its zone.
    ZoneCentre,
}

impl PositionSource {
    /// Radius within which the true position is supposed to lie.
    pub fn uncertainty(self) -> Distance {
        match self {
            PositionSource::Declared => Distance::ZERO,
            // A commune of mean area (15 km2) has a radius of about 2 km.
            PositionSource::Commune => Distance::from_kilometres(2.0).unwrap_or(Distance::ZERO),
            PositionSource::ZoneCentre => Distance::from_kilometres(5.0).unwrap_or(Distance::ZERO),
        }
    }
}

/// A point with its origin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Where.
    pub point: Point,
    /// How it is known.
    pub source: PositionSource,
}
