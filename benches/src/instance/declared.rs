//! What firms write of a flow: quantity, season, stock, price, contract, analyses.

use std::collections::BTreeMap;

use boucle_domain::flow::{
    Entered, Flow, Identity, Method, Present, Provenance, Quantity, Storage, Visibility,
};
use boucle_domain::id::{FlowKey, WasteCode};
use boucle_domain::interval::Interval;
use boucle_domain::knowledge::{CodeOn, Condition, Donor, Knowledge, Test};
use boucle_domain::profile::Profile;
use boucle_domain::property::{Properties, Property, PropertyValue};
use boucle_domain::units::{Amount, Price, Unit};
use boucle_domain::validity::Validity;
use jiff::civil::{Date, date};

use super::{DAY, share};
use crate::random::Random;

/// Campaigns, first and last month: summer building season, harvest, sugar campaign, winter, spring.
const CAMPAIGNS: [(u8, u8); 5] = [(5, 9), (7, 10), (9, 12), (11, 3), (3, 6)];

/// A flow with everything but its identity: rates, seasons, stocks, origin of the figure.
pub(super) fn flow(
    key: FlowKey,
    name: &str,
    identity: Identity,
    median: f64,
    random: &mut Random,
) -> Flow {
    // To a tenth of a tonne, as weighbridges print.
    let tonnes = (random.log_normal(median, 1.4).clamp(0.5, 500_000.0) * 10.0).round() / 10.0;
    let profile = if random.chance(share::SEASONAL) {
        let (first, last) = CAMPAIGNS[random.below(CAMPAIGNS.len())];
        Profile::campaign(first, last).unwrap_or_default()
    } else {
        Profile::Constant
    };
    let storage = random.chance(share::STORAGE).then(|| Storage {
        capacity: amount((tonnes * random.between(1.0, 6.0) / 12.0).ceil()),
        shelf_life_days: random
            .chance(0.3)
            .then(|| 30 * (1 + random.below(6)) as u32),
    });
    let minimum_lot =
        (random.chance(share::MINIMUM_LOT) && tonnes > LORRY_TONNES).then(|| amount(LORRY_TONNES));
    let methods = [
        Method::Measured,
        Method::Invoiced,
        Method::Estimated,
        Method::Generic,
    ];
    Flow {
        key,
        name: name.to_owned(),
        identity,
        unit: Unit::Tonne,
        quantity: Quantity::Rate {
            yearly: Interval::exact(amount(tonnes)),
            profile,
        },
        entered: Entered {
            quantity: tonnes.to_string(),
            unit: "t".to_owned(),
            period: "an".to_owned(),
        },
        density: None,
        heating_value: None,
        storage,
        properties: Properties::new(),
        present: Present::default(),
        waste_code: None,
        hazardous: None,
        minimum_lot,
        maximum_distance: None,
        provenance: Provenance {
            method: methods[random.below(methods.len())],
            source_year: Some(2025 + random.below(2) as i16),
            source: String::new(),
        },
        validity: Validity::ALWAYS,
        visibility: Visibility::Animator,
        comment: String::new(),
    }
}

/// A full articulated lorry.
const LORRY_TONNES: f64 = 25.0;

/// Waste code, word on hazard and analyses of an output.
pub(super) fn describe(flow: &mut Flow, donor: &Donor, knowledge: &Knowledge, random: &mut Random) {
    let code = random
        .pick(&donor.waste_codes)
        .and_then(|code| standing(code, knowledge));
    match code.filter(|_| random.chance(share::WASTE_CODE)) {
        Some(code) => flow.waste_code = Some(code),
        None if random.chance(share::HAZARD_SAID) => {
            flow.hazardous = Some(donor.waste_codes.iter().any(WasteCode::is_hazardous));
        }
        None => {}
    }
    let drawn = random.unit();
    let conditions: Vec<&Condition> = knowledge
        .rules_of_donor(&donor.key)
        .flat_map(|rule| &rule.conditions)
        .collect();
    if drawn >= share::ANALYSED || conditions.is_empty() {
        return;
    }
    // One analysis in several fails one of its tests.
    let failing = (drawn < share::ANALYSED_FAILING).then(|| random.below(conditions.len()));
    let mut declared: BTreeMap<_, PropertyValue> = BTreeMap::new();
    for (at, condition) in conditions.iter().enumerate() {
        let value = value(condition, failing != Some(at));
        declared.entry(condition.property.clone()).or_insert(value);
    }
    flow.properties = declared
        .into_iter()
        .map(|(name, value)| {
            let property = Property {
                value,
                method: Some("analyse".to_owned()),
                date: Some(date(2026, 3, 1)),
            };
            (name, property)
        })
        .collect();
}

/// A value that passes a condition, or one that fails it.
fn value(condition: &Condition, passes: bool) -> PropertyValue {
    let percent = condition.property.as_str().ends_with("_pct");
    let below = |limit: f64| {
        if limit > 0.0 {
            limit * 0.8
        } else {
            limit * 1.25
        }
    };
    let above = |limit: f64| match limit {
        limit if percent => (limit + 100.0) / 2.0,
        0.0 => 1.0,
        limit => limit + limit.abs() * 0.2,
    };
    let number = match &condition.test {
        Test::AtMost(limit) if passes => below(*limit),
        Test::AtMost(limit) => above(*limit),
        Test::AtLeast(limit) if passes => above(*limit),
        Test::AtLeast(limit) => below(*limit),
        Test::OneOf(classes) => {
            let class = classes.first().filter(|_| passes);
            return PropertyValue::Class(class.map_or("autre", String::as_str).to_owned());
        }
    };
    PropertyValue::Number(Interval::exact((number * 1e4).round() / 1e4))
}

/// Today's price, where the firm says it, and the contract that holds it.
pub(super) fn price(flow: &mut Flow, default: Option<f64>, spread: f64, random: &mut Random) {
    if random.chance(share::PRICE) {
        let euros = default.unwrap_or(60.0);
        let euros = (euros * random.log_normal(1.0, spread) * 100.0).round() / 100.0;
        flow.present.avoidable_price = Price::from_euros(euros).map(Interval::exact);
        flow.present.price_year = Some(2026);
    }
    if random.chance(share::CONTRACT) {
        let yearly = flow.quantity.amount().mid().units();
        flow.present.take_or_pay = Some(amount((yearly * random.between(0.2, 0.7)).floor()))
            .filter(|paid| *paid > Amount::ZERO);
        flow.present.contract_end = Some(end_of_contract(random));
    }
}

/// A last day within two years of the run.
fn end_of_contract(random: &mut Random) -> Date {
    let months = 3 + random.below(21) as i64;
    DAY.checked_add(jiff::Span::new().months(months))
        .map_or(DAY, Date::last_of_month)
}

fn amount(tonnes: f64) -> Amount {
    Amount::from_units(tonnes).unwrap_or(Amount::ZERO)
}

/// A code of the catalogue as the list writes it on the day of the zone, if it stands in it.
pub(super) fn standing(code: &WasteCode, knowledge: &Knowledge) -> Option<WasteCode> {
    match knowledge.waste_code_on(code.as_str(), DAY)? {
        CodeOn::InForce(entry) => Some(entry.code.clone()),
        _ => None,
    }
}
