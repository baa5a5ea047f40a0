//! What a site gives off or takes in, as declared.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{DonorKey, FlowKey, ResourceKey, SiteKey, WasteCode};
use crate::interval::Interval;
use crate::profile::Profile;
use crate::property::Properties;
use crate::units::{Amount, Density, Distance, HeatingValue, Price, Unit};
use crate::validity::Validity;

/// A declared flow. Its direction is in its key; its magnitude is never negative.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    /// Stable key: site, direction, reference.
    pub key: FlowKey,
    /// The words of the firm.
    pub name: String,
    /// What it is, as far as the declaration says.
    pub identity: Identity,
    /// Canonical unit in which `quantity` counts.
    pub unit: Unit,
    /// How much, and when.
    pub quantity: Quantity,
    /// Quantity and unit as they were written.
    pub entered: Entered,
    /// Density, declared or taken as a range, as loaded.
    pub density: Option<Interval<Density>>,
    /// Lower heating value, declared or taken as a range.
    pub heating_value: Option<Interval<HeatingValue>>,
    /// Where the flow can wait.
    pub storage: Option<Storage>,
    /// Measured properties.
    pub properties: Properties,
    /// Present outlet (of an output) or present supply (of an input).
    pub present: Present,
    /// Waste code, when the output is a waste or the firm knows it under one.
    pub waste_code: Option<WasteCode>,
    /// Declared hazardous (`None`: not said, the code decides).
    pub hazardous: Option<bool>,
    /// Smallest quantity per year worth a link, in `unit`.
    pub minimum_lot: Option<Amount>,
    /// Greatest distance the firm accepts.
    pub maximum_distance: Option<Distance>,
    /// Where the figures come from.
    pub provenance: Provenance,
    /// When the declaration holds.
    pub validity: Validity,
    /// Who may see it.
    pub visibility: Visibility,
    /// Remark, never read by the solver.
    pub comment: String,
}

impl Flow {
    /// Whether the flow is hazardous by its own word or by the star of its code.
    pub fn is_hazardous(&self) -> bool {
        self.hazardous == Some(true)
            || self
                .waste_code
                .as_ref()
                .is_some_and(WasteCode::is_hazardous)
    }
}

/// What a flow is known as. Recognition narrows it; a code alone is not yet a material.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// A donor of the catalogue.
    Donor(DonorKey),
    /// A resource of the taxonomy.
    Resource(ResourceKey),
    /// Neither was recognised; the name and the waste code are all there is.
    Unrecognised,
}

impl Identity {
    /// What a key names: a donor if it begins so, else a resource. Whether the catalogue holds it is
    /// another question.
    pub fn of_key(text: &str) -> Identity {
        match text.trim() {
            "" => Identity::Unrecognised,
            donor if donor.starts_with("DON:") => Identity::Donor(DonorKey::new(donor)),
            resource => Identity::Resource(ResourceKey::new(resource)),
        }
    }

    /// Its key; empty where nothing was recognised.
    pub fn key(&self) -> &str {
        match self {
            Identity::Donor(key) => key.as_str(),
            Identity::Resource(key) => key.as_str(),
            Identity::Unrecognised => "",
        }
    }
}

/// How much.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// So much per year, spread by a profile.
    Rate {
        /// Canonical units per year.
        yearly: Interval<Amount>,
        /// Spread over the months.
        profile: Profile,
    },
    /// Once, to be taken between two days.
    Lot {
        /// Canonical units in all.
        amount: Interval<Amount>,
        /// When it can be taken.
        available: Validity,
    },
}

impl Quantity {
    /// The amount of a year, or of the lot.
    pub fn amount(&self) -> Interval<Amount> {
        match self {
            Quantity::Rate { yearly, .. } => *yearly,
            Quantity::Lot { amount, .. } => *amount,
        }
    }
}

/// The quantity as the firm wrote it, kept beside the canonical one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// The quantity cell or cells: `12`, `10..15`.
    pub quantity: String,
    /// The unit as written: `t`, `palettes`, `m3`.
    pub unit: String,
    /// The period as written: `an`, `mois`, `lot`.
    pub period: String,
}

/// Room to wait between production and use.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Storage {
    /// Greatest stock, in the unit of the flow.
    pub capacity: Amount,
    /// Days the material keeps; `None` when it does not spoil.
    pub shelf_life_days: Option<u32>,
}

/// How things go today, which is always allowed to go on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Present {
    /// Outlet or supplier, in the firm's words.
    pub label: String,
    /// EUR per unit that stop when one unit less flows: what the holder pays (negative: is paid)
    /// for an output, what the buyer pays for an input. `None`: a default price is used.
    pub avoidable_price: Option<Interval<Price>>,
    /// Year of that price.
    pub price_year: Option<i16>,
    /// Quantity per year paid whether used or not, until `contract_end`.
    pub take_or_pay: Option<Amount>,
    /// Last day of the contract.
    pub contract_end: Option<Date>,
    /// The declared site at the other end: an existing exchange.
    pub partner: Option<SiteKey>,
}

/// How a figure was obtained.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Weighed or metered.
    Measured,
    /// Read on invoices.
    Invoiced,
    /// Estimated by the firm or the animator.
    #[default]
    Estimated,
    /// From a sector ratio.
    Generic,
}

impl Method {
    /// Quality of the datum in the score: measured 1, invoiced 0.9, estimated 0.7, generic 0.4.
    pub fn quality(self) -> f64 {
        match self {
            Method::Measured => 1.0,
            Method::Invoiced => 0.9,
            Method::Estimated => 0.7,
            Method::Generic => 0.4,
        }
    }
}

/// Where the figures of a flow come from. Its year is not its validity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// How.
    pub method: Method,
    /// Year the figure describes.
    pub source_year: Option<i16>,
    /// Document, page, person's role.
    pub source: String,
}

/// Who may see a flow.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// The firm alone.
    Private,
    /// The firm and the animator.
    #[default]
    Animator,
    /// The firms of the zone.
    Zone,
    /// Everybody.
    Public,
}
