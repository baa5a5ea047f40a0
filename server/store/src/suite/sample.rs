//! Invented declarations to store.

use boucle_domain::flow::{Entered, Flow, Identity, Present, Provenance, Quantity, Visibility};
use boucle_domain::geo::{Point, Position, PositionSource};
use boucle_domain::id::{
    Direction, FirmKey, FlowKey, PropertyName, SiteKey, TerritoryId, WasteCode, ZoneId,
};
use boucle_domain::interval::Interval;
use boucle_domain::organisation::{Agreement, Firm, Site, Territory, Zone, ZoneKind};
use boucle_domain::profile::Profile;
use boucle_domain::property::{Property, PropertyValue};
use boucle_domain::units::{Amount, Unit};
use boucle_domain::validity::Validity;

use crate::{Page, Scope, Store};

/// A moment.
pub const NOW: i64 = 1_790_000_000_000_000;

/// The scope of a territory.
pub fn scope(territory: &str) -> Scope {
    Scope::authorised(TerritoryId::new(territory))
}

/// An invented territory.
pub fn territory(id: &str) -> Territory {
    Territory {
        id: TerritoryId::new(id),
        name: format!("Territoire {id}"),
    }
}

/// An invented zone.
pub fn zone(id: &str, parent: Option<&str>) -> Zone {
    Zone {
        id: ZoneId::new(id),
        name: format!("Zone {id}"),
        kind: ZoneKind::BusinessPark,
        parent: parent.map(ZoneId::new),
        centre: Some(position()),
    }
}

/// A position whose decimals are not exact in binary.
pub fn position() -> Position {
    Position {
        point: Point::new(51.034_400_000_000_1, 2.376_799_999_999_97).unwrap(),
        source: PositionSource::Declared,
    }
}

/// An invented firm.
pub fn firm(key: &str) -> Firm {
    Firm {
        key: FirmKey::new(key),
        name: format!("Firme {key}"),
        external: None,
    }
}

/// An invented site.
pub fn site(key: &str, firm: &str, zone: &str) -> Site {
    Site {
        key: SiteKey::new(key),
        firm: FirmKey::new(firm),
        zone: ZoneId::new(zone),
        name: format!("Site {key}"),
        external: None,
        activity: None,
        commune: Some("59183".to_owned()),
        position: Some(position()),
        headcount: Some(12),
        icpe_rubrics: vec!["2791".to_owned()],
        agreements: vec![Agreement {
            reference: "AP 1".to_owned(),
            waste_codes: vec![WasteCode::new("060101*")],
            yearly_limit: Some((Amount::from_milli(12_500), Unit::Tonne)),
            validity: Validity::ALWAYS,
        }],
    }
}

/// The key of an output or an input.
pub fn flow_key(site: &str, direction: Direction, reference: &str) -> FlowKey {
    FlowKey {
        site: SiteKey::new(site),
        direction,
        reference: reference.to_owned(),
    }
}

/// An invented output.
pub fn output(site: &str, reference: &str) -> Flow {
    flow(flow_key(site, Direction::Output, reference))
}

/// An invented input.
pub fn input(site: &str, reference: &str) -> Flow {
    flow(flow_key(site, Direction::Input, reference))
}

/// An invented flow.
pub fn flow(key: FlowKey) -> Flow {
    let number = |value| PropertyValue::Number(Interval::exact(value));
    let property = |value| Property {
        value,
        method: Some("analyse".to_owned()),
        date: None,
    };
    Flow {
        key,
        name: "Gypse « propre », dit l'usine".to_owned(),
        identity: Identity::Unrecognised,
        unit: Unit::Tonne,
        quantity: Quantity::Rate {
            yearly: Interval::exact(Amount::from_milli(1_234_567)),
            profile: Profile::Constant,
        },
        entered: Entered {
            quantity: "1234,567".to_owned(),
            unit: "t".to_owned(),
            period: "an".to_owned(),
        },
        density: None,
        heating_value: None,
        storage: None,
        properties: [
            (
                PropertyName::new("chloride_pct"),
                property(number(0.1 + 0.2)),
            ),
            // Read back one unit in the last place off by a parser that is not exact.
            (
                PropertyName::new("purity_pct"),
                property(number(93.185_447_000_000_01)),
            ),
        ]
        .into(),
        present: Present::default(),
        waste_code: Some(WasteCode::new("100105")),
        hazardous: Some(false),
        minimum_lot: None,
        maximum_distance: None,
        provenance: Provenance::default(),
        validity: Validity::ALWAYS,
        visibility: Visibility::default(),
        comment: String::new(),
    }
}

/// A territory `t` with a zone `park` below `basin`, another zone `port`, firms `f` and `g`, and a
/// site `a` of `f` in `park`.
pub async fn furnish(store: &dyn Store, scope: &Scope) {
    store
        .create_territory(scope, &territory(scope.territory().as_str()), NOW)
        .await
        .unwrap();
    for (id, parent) in [("basin", None), ("park", Some("basin")), ("port", None)] {
        store
            .create_zone(scope, &zone(id, parent), NOW)
            .await
            .unwrap();
    }
    for key in ["f", "g"] {
        store.create_firm(scope, &firm(key), NOW).await.unwrap();
    }
    store
        .create_site(scope, &site("a", "f", "park"), NOW)
        .await
        .unwrap();
}

/// The references of all flows of a territory.
pub async fn references(store: &dyn Store, scope: &Scope) -> Vec<String> {
    let rows = store
        .flows(scope, &Default::default(), &Page::first(1_000))
        .await
        .unwrap();
    assert!(!rows.more);
    rows.items
        .into_iter()
        .map(|row| row.value.key.reference)
        .collect()
}
