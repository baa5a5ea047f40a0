//! The only clock of the service.

use boucle_store::Micros;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Now, in microseconds since 1970.
pub fn now() -> Micros {
    Timestamp::now().as_microsecond()
}

/// Today, in universal time.
pub fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}
