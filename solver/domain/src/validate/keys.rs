//! Stable keys: the same firm, site or flow gets the same key at every import.

use crate::id::{ExternalId, FirmKey, IdScheme, SiteKey, normalised};

/// Key of a firm: its identifier when it has one, else its name reduced to what identifies it.
pub fn firm_key(name: &str, external: Option<&ExternalId>) -> FirmKey {
    FirmKey::new(match external {
        Some(id) => written(id),
        None => format!("name:{}", normalised(name)),
    })
}

/// Key of a site: its identifier when it has one, else its firm's key and its own name. A site
/// without a name stands for the firm's only one.
pub fn site_key(firm: &FirmKey, name: &str, external: Option<&ExternalId>) -> SiteKey {
    SiteKey::new(match external {
        Some(id) => written(id),
        None => format!("{firm}/{}", normalised(name)),
    })
}

/// `scheme:value`.
fn written(id: &ExternalId) -> String {
    let scheme = match id.scheme {
        IdScheme::Siren => "siren",
        IdScheme::Siret => "siret",
        IdScheme::Cvr => "cvr",
        IdScheme::Eprtr => "eprtr",
        IdScheme::Local => "local",
    };
    format!("{scheme}:{}", id.value)
}
