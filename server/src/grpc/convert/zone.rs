//! Territories, zones, firms and sites.

use boucle_domain::geo::{Point, Position, PositionSource};
use boucle_domain::id::{ExternalId, IdScheme, TerritoryId, WasteCode, ZoneId};
use boucle_domain::organisation::{Firm, Site, Territory, Zone, ZoneKind};
use boucle_proto::v1;
use boucle_store::Stored;

use super::quantity::{days, point, position, quantity};
use crate::app::error::{Result, ServiceError};

/// A territory.
pub fn territory(territory: &Territory) -> v1::Territory {
    v1::Territory {
        id: territory.id.to_string(),
        name: territory.name.clone(),
    }
}

/// A territory to be opened.
pub fn read_territory(territory: Option<v1::Territory>) -> Result<Territory> {
    let territory = territory.ok_or_else(|| missing("territory"))?;
    Ok(Territory {
        id: TerritoryId::new(territory.id),
        name: territory.name,
    })
}

/// A zone.
pub fn zone(territory: &TerritoryId, stored: &Stored<Zone>) -> v1::Zone {
    let zone = &stored.value;
    let kind = match zone.kind {
        ZoneKind::BusinessPark => v1::ZoneKind::BusinessPark,
        ZoneKind::Intercommunality => v1::ZoneKind::Intercommunality,
        ZoneKind::Basin => v1::ZoneKind::Basin,
    };
    v1::Zone {
        id: zone.id.to_string(),
        territory: territory.to_string(),
        name: zone.name.clone(),
        kind: kind.into(),
        parent: zone
            .parent
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        centre: zone.centre.map(|centre| point(&centre.point)),
        etag: stored.version.to_string(),
    }
}

/// A zone as it shall be.
pub fn read_zone(zone: v1::Zone) -> Result<Zone> {
    let kind = match v1::ZoneKind::try_from(zone.kind) {
        Ok(v1::ZoneKind::Unspecified | v1::ZoneKind::BusinessPark) => ZoneKind::BusinessPark,
        Ok(v1::ZoneKind::Intercommunality) => ZoneKind::Intercommunality,
        Ok(v1::ZoneKind::Basin) => ZoneKind::Basin,
        Err(_) => {
            return Err(ServiceError::field(
                "zone.kind",
                "nature de zone inconnue",
                "unknown kind of zone",
            ));
        }
    };
    let centre = match zone.centre {
        None => None,
        Some(centre) => Some(
            Point::new(centre.latitude, centre.longitude).ok_or_else(|| {
                ServiceError::field(
                    "zone.centre",
                    "écrire une latitude de -90 à 90 et une longitude de -180 à 180",
                    "write a latitude from -90 to 90 and a longitude from -180 to 180",
                )
            })?,
        ),
    };
    Ok(Zone {
        id: ZoneId::new(zone.id),
        name: zone.name,
        kind,
        parent: Some(zone.parent)
            .filter(|parent| !parent.is_empty())
            .map(ZoneId::new),
        centre: centre.map(|point| Position {
            point,
            source: PositionSource::Declared,
        }),
    })
}

/// A firm.
pub fn firm(stored: &Stored<Firm>) -> v1::Firm {
    v1::Firm {
        key: stored.value.key.to_string(),
        name: stored.value.name.clone(),
        external: stored.value.external.as_ref().map(external),
        etag: stored.version.to_string(),
    }
}

/// A site.
pub fn site(stored: &Stored<Site>) -> v1::Site {
    let site = &stored.value;
    let agreements = site.agreements.iter().map(|agreement| v1::Agreement {
        reference: agreement.reference.clone(),
        waste_codes: agreement
            .waste_codes
            .iter()
            .map(WasteCode::to_string)
            .collect(),
        yearly_limit: agreement
            .yearly_limit
            .map(|(amount, unit)| quantity(amount, unit)),
        validity: Some(days(&agreement.validity)),
    });
    v1::Site {
        key: site.key.to_string(),
        firm: site.firm.to_string(),
        zone: site.zone.to_string(),
        name: site.name.clone(),
        external: site.external.as_ref().map(external),
        activity: site
            .activity
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        commune: site.commune.clone().unwrap_or_default(),
        position: site.position.as_ref().map(position),
        headcount: site.headcount,
        icpe_rubrics: site.icpe_rubrics.clone(),
        agreements: agreements.collect(),
        etag: stored.version.to_string(),
    }
}

fn external(id: &ExternalId) -> v1::ExternalId {
    let scheme = match id.scheme {
        IdScheme::Siren => v1::IdScheme::Siren,
        IdScheme::Siret => v1::IdScheme::Siret,
        IdScheme::Cvr => v1::IdScheme::Cvr,
        IdScheme::Eprtr => v1::IdScheme::Eprtr,
        IdScheme::Local => v1::IdScheme::Local,
    };
    v1::ExternalId {
        scheme: scheme.into(),
        value: id.value.clone(),
    }
}

/// A message that is required and absent.
pub fn missing(field: &str) -> ServiceError {
    ServiceError::field(field, "ce champ est obligatoire", "this field is required")
}
