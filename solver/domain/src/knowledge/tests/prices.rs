//! Look-up order, inheritance, fallback and year of the default prices.

use super::*;

const MOST_RECENT: i16 = 2025;

fn codes(texts: &[&str]) -> Vec<WasteCode> {
    texts.iter().map(|text| WasteCode::new(*text)).collect()
}

fn outlet(identity: Identity, texts: &[&str], unit: Unit) -> Option<DefaultRow> {
    KNOWLEDGE.outlet_price(&identity, &codes(texts), unit, MOST_RECENT)
}

fn of_donor(key: &str) -> Identity {
    Identity::Donor(donor(key))
}

fn of_resource(key: &str) -> Identity {
    Identity::Resource(resource(key))
}

#[test]
fn the_own_row_of_a_donor_comes_first() {
    let row = outlet(of_donor("DON:fgd_gypsum"), &["100105"], Unit::Tonne).unwrap();
    assert_eq!(
        (row.id.as_str(), euros(row.price)),
        ("PO148", (-15.0, -4.0, 12.0))
    );
    assert_eq!(
        (row.basis, row.inherited, row.fallback),
        (Basis::Exw, 0, false)
    );
}

#[test]
fn a_donor_has_one_row_per_unit_and_none_is_converted() {
    let piece = outlet(of_donor("DON:pallets"), &[], Unit::Piece).unwrap();
    assert_eq!(euros(piece.price), (-4.0, -1.0, 0.8));
    let tonne = outlet(of_donor("DON:pallets"), &[], Unit::Tonne).unwrap();
    assert_eq!(euros(tonne.price), (-150.0, -60.0, 40.0));
    assert_eq!(
        outlet(of_donor("DON:fgd_gypsum"), &[], Unit::CubicMetre),
        None
    );
}

#[test]
fn an_inherited_price_widens_by_half_per_level() {
    // mat.mineral: 4, 18, 80.
    let row = outlet(of_resource("mat.mineral.cementitious"), &[], Unit::Tonne).unwrap();
    assert_eq!((row.id.as_str(), row.inherited), ("PO268", 1));
    assert_eq!(euros(row.price), (-3.0, 18.0, 111.0));
    let own = outlet(of_resource("mat.mineral"), &[], Unit::Tonne).unwrap();
    assert_eq!((euros(own.price), own.inherited), ((4.0, 18.0, 80.0), 0));
}

#[test]
fn a_price_is_inherited_in_the_same_unit_only() {
    let own = KNOWLEDGE
        .purchase_price(&resource("space.parking"), Unit::Slot, MOST_RECENT)
        .unwrap();
    assert_eq!(own.unit.code(), "EUR/slot.y");
    assert!(
        KNOWLEDGE
            .purchase_price(&resource("space.parking"), Unit::SquareMetre, MOST_RECENT)
            .is_none_or(|row| row.unit == PriceUnit::Unit(Unit::SquareMetre))
    );
    assert_eq!(
        KNOWLEDGE.purchase_price(&resource("mat.mineral.gypsum"), Unit::Seat, MOST_RECENT),
        None
    );
}

#[test]
fn a_variant_is_found_by_its_full_name_and_never_inherited() {
    let ferrous = KNOWLEDGE
        .purchase_price(&resource("mat.metal.ferrous"), Unit::Tonne, MOST_RECENT)
        .unwrap();
    assert_eq!(ferrous.id.as_str(), "PP032");
    let tonne = PriceUnit::Unit(Unit::Tonne);
    let named = |key| KNOWLEDGE.named_price(key, PriceKind::Purchase, tonne, MOST_RECENT);
    assert_eq!(
        named("mat.metal.ferrous@flat_steel_new")
            .unwrap()
            .id
            .as_str(),
        "PP033"
    );
    assert_eq!(named("mat.metal.ferrous.sheet@flat_steel_new"), None);
    assert_eq!(named("mat.mineral.gypsum@flat_steel_new"), None);
    // The tax rows are variants too: mixed waste is never priced by its tax.
    let mixed = outlet(of_resource("service.waste"), &[], Unit::Tonne).unwrap();
    assert_eq!((mixed.id.as_str(), mixed.basis), ("PO014", Basis::Gate));
}

#[test]
fn a_donor_without_a_row_falls_back_on_its_code() {
    let row = outlet(of_donor("DON:foundry_misc"), &[], Unit::Tonne).unwrap();
    assert_eq!((row.id.as_str(), row.fallback), ("PO060", true));
    // Four digits come before the chapter.
    let soil = outlet(Identity::Unrecognised, &["170504"], Unit::Tonne).unwrap();
    assert_eq!(
        (soil.id.as_str(), euros(soil.price)),
        ("PO075", (5.0, 14.0, 45.0))
    );
}

#[test]
fn several_codes_give_lowest_low_median_mid_and_highest_high() {
    // 10 12 05 and 10 12 10 on chapter 10 (0, 25, 110), 10 12 09* on its starred row (80, 250, 550).
    let row = outlet(of_donor("DON:fluoride_lime_residue"), &[], Unit::Tonne).unwrap();
    assert_eq!(euros(row.price), (0.0, 25.0, 550.0));
    assert_eq!((row.id.as_str(), row.others.len()), ("PO060", 1));
    let two = outlet(Identity::Unrecognised, &["101205", "101209*"], Unit::Tonne).unwrap();
    assert_eq!(euros(two.price), (0.0, 137.5, 550.0));
}

#[test]
fn a_hazardous_code_never_falls_back_on_a_row_that_is_not() {
    for entry in KNOWLEDGE.waste_codes() {
        let found = KNOWLEDGE.outlet_price(
            &Identity::Unrecognised,
            std::slice::from_ref(&entry.code),
            Unit::Tonne,
            MOST_RECENT,
        );
        let row = found.unwrap_or_else(|| panic!("{} does not resolve", entry.code));
        let text = Knowledge::embedded_table("prices.csv").unwrap();
        let line = text
            .lines()
            .find(|line| line.starts_with(row.id.as_str()))
            .unwrap();
        let key = line.split(',').nth(1).unwrap();
        assert_eq!(
            key.ends_with('*'),
            entry.hazardous,
            "{} on {key}",
            entry.code
        );
    }
}

#[test]
fn an_unknown_output_without_a_code_takes_the_price_of_mixed_waste() {
    let row = outlet(Identity::Unrecognised, &[], Unit::Tonne).unwrap();
    assert_eq!((row.id.as_str(), row.fallback), ("PO014", true));
    assert_eq!(
        outlet(Identity::Unrecognised, &["990101*"], Unit::Tonne),
        None
    );
    assert_eq!(outlet(Identity::Unrecognised, &[], Unit::Piece), None);
}

#[test]
fn services_follow_the_index_and_commodities_widen() {
    // Mixed waste at the gate: 110, 180, 250 in 2025; 2 % a year after.
    let gate = KNOWLEDGE
        .outlet_price(&of_resource("service.waste"), &[], Unit::Tonne, 2026)
        .unwrap();
    assert_eq!(euros(gate.price), (112.2, 183.6, 255.0));
    // Gypsum bought: 16, 28, 50 in 2025; two years widen by a fifth.
    let bought = KNOWLEDGE
        .purchase_price(&resource("mat.mineral.gypsum"), Unit::Tonne, 2027)
        .unwrap();
    assert_eq!(euros(bought.price), (13.6, 28.0, 54.4));
    assert!(!bought.stale);
    assert!(
        KNOWLEDGE
            .purchase_price(&resource("mat.mineral.gypsum"), Unit::Tonne, 2029)
            .unwrap()
            .stale
    );
}

#[test]
fn a_tax_takes_the_figure_of_the_year_and_no_index() {
    let tax = |year| {
        let unit = PriceUnit::Unit(Unit::Tonne);
        let row =
            KNOWLEDGE.named_price("service.waste@tgap_storage", PriceKind::Outlet, unit, year);
        euros(row.unwrap().price)
    };
    assert_eq!(tax(2024), (58.0, 59.0, 63.0));
    assert_eq!(tax(2025), (65.0, 65.0, 65.0));
    assert_eq!(tax(2026), (65.0, 69.0, 72.0));
    assert_eq!(tax(2030), (65.0, 69.0, 72.0));
    assert_eq!(tax(2019), (30.0, 37.0, 54.0));
}

#[test]
fn every_need_and_every_donor_of_a_rule_has_a_price() {
    for rule in KNOWLEDGE.rules() {
        let bought = KNOWLEDGE.purchase_price(&rule.need, rule.need_unit, MOST_RECENT);
        assert!(bought.is_some(), "{} {}", rule.id, rule.need);
        let unit = match rule.donor_unit {
            // By content the tonne is priced; a volume may be, through a density.
            DonorUnit::KilogramContent | DonorUnit::Unit(Unit::CubicMetre) => Unit::Tonne,
            DonorUnit::Unit(unit) => unit,
        };
        for key in &rule.donors {
            assert!(
                outlet(Identity::Donor(key.clone()), &[], unit).is_some(),
                "{} {key}",
                rule.id
            );
        }
    }
}

#[test]
fn a_pick_up_has_a_default() {
    let oil = KNOWLEDGE
        .collection_price(&of_donor("DON:used_cooking_oil"), MOST_RECENT)
        .unwrap();
    assert_eq!(oil.id.as_str(), "PC011");
    let other = KNOWLEDGE
        .collection_price(&of_donor("DON:pallets"), MOST_RECENT)
        .unwrap();
    assert_eq!((other.id.as_str(), other.basis), ("PC001", Basis::Fixed));
}

#[test]
fn every_vehicle_and_every_link_has_its_prices() {
    for class in VehicleClass::ALL {
        let freight = KNOWLEDGE.freight(class, MOST_RECENT).unwrap();
        assert_eq!(freight.per_tonne_km.unit, PriceUnit::TonneKilometre);
        assert_eq!(freight.per_tour.unit, PriceUnit::Tour);
        assert!(KNOWLEDGE.factor(&freight.factor).is_some());
    }
    let tipper = KNOWLEDGE
        .freight(VehicleClass::Tipper, MOST_RECENT)
        .unwrap();
    assert_eq!(euros(tipper.per_tonne_km.price), (0.09, 0.14, 0.21));
    assert_eq!(tipper.payload.mid().units(), 27.0);
    let link = |class| euros(KNOWLEDGE.link_price(class, MOST_RECENT).unwrap().price).1;
    assert_eq!(link(LinkClass::SimpleReuse), 250.0);
    assert_eq!(link(LinkClass::SimpleNonHazardous), 900.0);
    assert_eq!(link(LinkClass::TreatedOrRegulated), 3000.0);
    assert_eq!(link(LinkClass::Hazardous), 5000.0);
    assert_eq!(link(LinkClass::Pipe), 15_000.0);
    assert_eq!(link(LinkClass::Default), 1800.0);
}

#[test]
fn every_unit_of_price_is_read_back_from_its_code() {
    for unit in Unit::ALL {
        let unit = PriceUnit::Unit(unit);
        assert_eq!(PriceUnit::from_code(&unit.code()), Some(unit));
    }
    assert_eq!(PriceUnit::from_code("EUR/m2"), None);
    assert_eq!(
        PriceUnit::from_code("EUR/t.km"),
        Some(PriceUnit::TonneKilometre)
    );
    assert_eq!(
        PriceUnit::from_code("EUR/t_km"),
        Some(PriceUnit::Unit(Unit::TonneKilometre))
    );
}
