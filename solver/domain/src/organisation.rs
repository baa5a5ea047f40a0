//! Who and where: territory, zones, firms, sites, and what a site is authorised to accept.

use serde::{Deserialize, Serialize};

use crate::geo::Position;
use crate::id::{ActivityCode, ExternalId, FirmKey, SiteKey, TerritoryId, WasteCode, ZoneId};
use crate::units::{Amount, Unit};
use crate::validity::Validity;

/// A démarche: the boundary of confidentiality.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Territory {
    /// Identifier.
    pub id: TerritoryId,
    /// Name shown to people.
    pub name: String,
}

/// Kind of perimeter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoneKind {
    /// Zone d'activité.
    BusinessPark,
    /// Intercommunality (EPCI).
    Intercommunality,
    /// Employment or living basin.
    Basin,
}

/// A perimeter of a territory; zones form a tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Zone {
    /// Identifier.
    pub id: ZoneId,
    /// Name shown to people.
    pub name: String,
    /// What kind of perimeter it is.
    pub kind: ZoneKind,
    /// The zone that contains it.
    pub parent: Option<ZoneId>,
    /// Its centre, used for sites without a position.
    pub centre: Option<Position>,
}

/// A legal entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firm {
    /// Stable key.
    pub key: FirmKey,
    /// Name shown to people.
    pub name: String,
    /// Identifier in a public register.
    pub external: Option<ExternalId>,
}

/// A place where a firm works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Stable key.
    pub key: SiteKey,
    /// The firm it belongs to.
    pub firm: FirmKey,
    /// The zone it stands in.
    pub zone: ZoneId,
    /// Name shown to people.
    pub name: String,
    /// Identifier in a public register.
    pub external: Option<ExternalId>,
    /// Main activity.
    pub activity: Option<ActivityCode>,
    /// INSEE code of its commune.
    pub commune: Option<String>,
    /// Where it is; `None` when neither the site, its commune nor its zone has a position.
    pub position: Option<Position>,
    /// Staff.
    pub headcount: Option<u32>,
    /// Rubrics of the ICPE nomenclature it is declared, registered or authorised for.
    pub icpe_rubrics: Vec<String>,
    /// Wastes it is authorised to accept.
    pub agreements: Vec<Agreement>,
}

/// An authorisation to accept wastes. Without one no hazardous arc is ever allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Number of the decree, approval or certificate.
    pub reference: String,
    /// Accepted codes.
    pub waste_codes: Vec<WasteCode>,
    /// Greatest quantity per year, all its codes together.
    pub yearly_limit: Option<(Amount, Unit)>,
    /// When it holds.
    pub validity: Validity,
}
