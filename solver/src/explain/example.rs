//! An invented zone for the tests of this module: no firm of it exists.

use std::sync::LazyLock;

use boucle_domain::flow::{Entered, Flow, Identity, Present, Provenance, Quantity, Visibility};
use boucle_domain::geo::{Point, Position, PositionSource};
use boucle_domain::id::{
    Direction, DonorKey, FirmKey, FlowKey, ResourceKey, SiteKey, TerritoryId, WasteCode, ZoneId,
};
use boucle_domain::interval::Interval;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::organisation::{Firm, Site, Territory, Zone, ZoneKind};
use boucle_domain::profile::Profile;
use boucle_domain::snapshot::Snapshot;
use boucle_domain::units::{Amount, Price, Unit};
use boucle_domain::validity::Validity;
use jiff::civil::date;

/// Keys of the sites: a smelter of its own firm, two depots of one firm, a site without position.
pub(crate) const SITES: [&str; 4] = ["four", "nord", "sud", "perdu"];

static KNOWLEDGE: LazyLock<Knowledge> =
    LazyLock::new(|| Knowledge::embedded().expect("the embedded catalogue"));

/// The embedded catalogue, read once.
pub(crate) fn knowledge() -> &'static Knowledge {
    &KNOWLEDGE
}

/// Key of an output.
pub(crate) fn output(site: &str, reference: &str) -> FlowKey {
    key(site, Direction::Output, reference)
}

/// Key of an input.
pub(crate) fn input(site: &str, reference: &str) -> FlowKey {
    key(site, Direction::Input, reference)
}

fn key(site: &str, direction: Direction, reference: &str) -> FlowKey {
    FlowKey {
        site: SiteKey::new(site),
        direction,
        reference: reference.into(),
    }
}

/// A flow of 1 000 t a year, at a declared price of 20 EUR/t.
pub(crate) fn flow(key: FlowKey, name: &str, identity: Identity) -> Flow {
    Flow {
        key,
        name: name.into(),
        identity,
        unit: Unit::Tonne,
        quantity: Quantity::Rate {
            yearly: Interval::exact(Amount::from_milli(1_000_000)),
            profile: Profile::Constant,
        },
        entered: Entered {
            quantity: "1000".into(),
            unit: "t".into(),
            period: "an".into(),
        },
        density: None,
        heating_value: None,
        storage: None,
        properties: Default::default(),
        present: Present {
            avoidable_price: Some(Interval::exact(Price::from_milli(20_000))),
            ..Present::default()
        },
        waste_code: None,
        hazardous: None,
        minimum_lot: None,
        maximum_distance: None,
        provenance: Provenance::default(),
        validity: Validity::ALWAYS,
        visibility: Visibility::default(),
        comment: String::new(),
    }
}

/// A flow nobody recognised, with a waste code if there is one.
pub(crate) fn unrecognised(key: FlowKey, name: &str, code: Option<&str>) -> Flow {
    Flow {
        waste_code: code.map(WasteCode::new),
        ..flow(key, name, Identity::Unrecognised)
    }
}

fn site(key: &str, firm: &str, name: &str, placed: bool) -> Site {
    Site {
        key: SiteKey::new(key),
        firm: FirmKey::new(firm),
        zone: ZoneId::new("essai"),
        name: name.into(),
        external: None,
        activity: None,
        commune: None,
        position: Point::new(47.0, 2.0)
            .filter(|_| placed)
            .map(|point| Position {
                point,
                source: PositionSource::Declared,
            }),
        headcount: None,
        icpe_rubrics: Vec::new(),
        agreements: Vec::new(),
    }
}

fn firm(key: &str, name: &str) -> Firm {
    Firm {
        key: FirmKey::new(key),
        name: name.into(),
        external: None,
    }
}

/// The zone, its firms and its flows.
pub(crate) fn zone() -> Snapshot {
    let donor = |key: &str| Identity::Donor(DonorKey::new(key));
    let resource = |key: &str| Identity::Resource(ResourceKey::new(key));
    let slag = "DON:granulated_blast_furnace_slag";
    let campaign = Quantity::Rate {
        yearly: Interval::exact(Amount::from_milli(500_000)),
        profile: Profile::campaign(10, 12).unwrap_or_default(),
    };
    let lot = Quantity::Lot {
        amount: Interval::exact(Amount::from_milli(80_000)),
        available: Validity {
            from: Some(date(2026, 3, 1)),
            to: Some(date(2026, 5, 31)),
        },
    };
    let flows = vec![
        flow(output("four", "laitier"), "Laitier d'essai", donor(slag)),
        Flow {
            quantity: campaign,
            ..flow(
                output("four", "pulpes"),
                "Pulpes d'essai",
                donor("DON:beet_pulp"),
            )
        },
        Flow {
            quantity: lot,
            ..flow(
                output("four", "gravats"),
                "Gravats d'essai",
                donor("DON:demolition_concrete"),
            )
        },
        flow(
            input("nord", "liant"),
            "Liant d'essai",
            resource("mat.mineral.cementitious"),
        ),
        Flow {
            quantity: Quantity::Rate {
                yearly: Interval::exact(Amount::from_milli(500_000)),
                profile: Profile::campaign(6, 7).unwrap_or_default(),
            },
            ..flow(
                input("sud", "grave"),
                "Grave d'essai",
                resource("mat.mineral.aggregate.road"),
            )
        },
        flow(
            input("perdu", "sable"),
            "Sable d'essai",
            resource("mat.mineral.sand"),
        ),
    ];
    Snapshot::new(
        Territory {
            id: TerritoryId::new("essai"),
            name: "Territoire d'essai".into(),
        },
        date(2026, 1, 1),
        vec![Zone {
            id: ZoneId::new("essai"),
            name: "Zone d'essai".into(),
            kind: ZoneKind::BusinessPark,
            parent: None,
            centre: None,
        }],
        vec![
            firm("fonderie", "Fonderie Essai"),
            firm("routes", "Routes Essai"),
            firm("seul", "Essai Seul"),
        ],
        vec![
            site("four", "fonderie", "Four", true),
            site("nord", "routes", "Dépôt nord", true),
            site("sud", "routes", "Dépôt sud", true),
            site("perdu", "seul", "Atelier perdu", false),
        ],
        flows,
    )
}
