//! Flows, and the keys that name them.

use boucle_domain::flow::{Flow, Identity, Method, Quantity, Visibility};
use boucle_domain::id::{Direction, FlowKey, PairKey, RuleId, SiteKey};
use boucle_domain::profile::Profile;
use boucle_domain::text::Language;
use boucle_domain::units::{Density, Distance, HeatingValue};
use boucle_domain::validate::{Draft, Field, written_row};
use boucle_proto::v1;

use super::proposal::property_value;
use super::quantity::{days, interval, price_interval, quantity, quantity_interval};
use crate::app::declare::FlowView;
use crate::app::error::Violation;
use crate::auth::Viewer;

/// A key.
pub fn flow_key(key: &FlowKey) -> v1::FlowKey {
    let direction = match key.direction {
        Direction::Output => v1::Direction::Output,
        Direction::Input => v1::Direction::Input,
    };
    v1::FlowKey {
        site: key.site.to_string(),
        direction: direction.into(),
        reference: key.reference.clone(),
    }
}

/// A key, or a violation at `path`.
pub fn read_flow_key(
    path: &str,
    key: Option<v1::FlowKey>,
    violations: &mut Vec<Violation>,
) -> Option<FlowKey> {
    let Some(key) = key else {
        violations.push(Violation::new(
            path,
            "ce champ est obligatoire",
            "this field is required",
        ));
        return None;
    };
    let direction = read_direction(key.direction);
    if direction.is_none() {
        let path = format!("{path}.direction");
        violations.push(Violation::new(
            path,
            "choisir sortant ou entrant",
            "choose output or input",
        ));
    }
    Some(FlowKey {
        site: SiteKey::new(key.site),
        direction: direction?,
        reference: key.reference,
    })
}

/// A direction, when it is one.
pub fn read_direction(direction: i32) -> Option<Direction> {
    match v1::Direction::try_from(direction) {
        Ok(v1::Direction::Output) => Some(Direction::Output),
        Ok(v1::Direction::Input) => Some(Direction::Input),
        Ok(v1::Direction::Unspecified) | Err(_) => None,
    }
}

/// A pair.
pub fn pair_key(pair: &PairKey) -> v1::PairKey {
    v1::PairKey {
        output: Some(flow_key(&pair.output)),
        input: Some(flow_key(&pair.input)),
        rule: pair.rule.to_string(),
    }
}

/// A pair, or violations under `path`.
pub fn read_pair_key(
    path: &str,
    pair: Option<v1::PairKey>,
    violations: &mut Vec<Violation>,
) -> Option<PairKey> {
    let Some(pair) = pair else {
        violations.push(Violation::new(
            path,
            "ce champ est obligatoire",
            "this field is required",
        ));
        return None;
    };
    let output = read_flow_key(&format!("{path}.output"), pair.output, violations);
    let input = read_flow_key(&format!("{path}.input"), pair.input, violations);
    Some(PairKey {
        output: output?,
        input: input?,
        rule: RuleId::new(pair.rule),
    })
}

/// Joins the text fields of the message to the fields of the template, both ways.
macro_rules! columns {
    ($($column:ident $field:ident;)*) => {
        /// The words of a message, by field of the template.
        fn words_of(flow: &v1::Flow) -> Draft {
            let mut draft = Draft::new();
            $(draft.set(Field::$field, &flow.$column);)*
            draft
        }

        /// Puts words into the fields of a message.
        fn put_words(draft: &Draft, flow: &mut v1::Flow) {
            $(flow.$column = draft.get(Field::$field).to_owned();)*
        }
    };
}

columns! {
    name Name;
    resource Resource;
    quantity Quantity;
    unit Unit;
    period Period;
    profile Profile;
    available_from AvailableFrom;
    available_to AvailableTo;
    waste_code WasteCode;
    hazardous Hazardous;
    density Density;
    heating_value HeatingValue;
    properties Properties;
    storage_capacity StorageCapacity;
    shelf_life_days ShelfLifeDays;
    counterpart Counterpart;
    price Price;
    price_unit PriceUnit;
    price_year PriceYear;
    take_or_pay TakeOrPay;
    contract_end ContractEnd;
    partner Partner;
    minimum_lot MinimumLot;
    maximum_distance MaximumDistance;
    method Method;
    source_year SourceYear;
    source Source;
    valid_from ValidFrom;
    valid_to ValidTo;
    visibility Visibility;
    comment Comment;
}

/// What only the firm itself and those who see both sides of a link may read of a flow.
const COMMERCIAL: [Field; 10] = [
    Field::Counterpart,
    Field::Price,
    Field::PriceUnit,
    Field::PriceYear,
    Field::TakeOrPay,
    Field::ContractEnd,
    Field::Partner,
    Field::MinimumLot,
    Field::Source,
    Field::Comment,
];

/// The words of a flow to be declared, without its site.
pub fn draft(flow: &v1::Flow) -> Draft {
    let mut draft = words_of(flow);
    if let Some(key) = &flow.key {
        draft.set(Field::Ref, &key.reference);
        if let Some(direction) = read_direction(key.direction) {
            draft.set(Field::Direction, direction.code());
        }
    }
    for (&month, weight) in Field::MONTHS.iter().zip(&flow.monthly_weights) {
        draft.set(month, weight);
    }
    draft
}

/// The path of a field of the template in a message that declares a flow.
pub fn path(field: &str) -> String {
    match Field::from_code(field) {
        Some(Field::Ref) => "flow.key.reference".to_owned(),
        Some(Field::Direction) => "flow.key.direction".to_owned(),
        Some(Field::QuantityLow | Field::QuantityHigh) => "flow.quantity".to_owned(),
        Some(month) if Field::MONTHS.contains(&month) => {
            let at = Field::MONTHS
                .iter()
                .position(|&other| other == month)
                .unwrap_or(0);
            format!("flow.monthly_weights[{at}]")
        }
        Some(Field::Firm | Field::FirmId | Field::Site | Field::SiteId) => {
            "flow.key.site".to_owned()
        }
        _ if field.is_empty() => "flow".to_owned(),
        _ => format!("flow.{field}"),
    }
}

/// A declared flow, for a reader who may know of it; its words in a language.
pub fn flow(viewer: &Viewer, view: &FlowView, language: Language) -> v1::Flow {
    let declared = &view.stored.value;
    let mut words = written_row(&view.firm, &view.site, declared, language);
    let mut withheld = Vec::new();
    let commercial = viewer.sees_money_of(&view.firm.key);
    if !commercial {
        for field in COMMERCIAL {
            words.set(field, "");
            withheld.push(field.code().to_owned());
        }
        withheld.push("reading.avoidable_price".to_owned());
    }
    let mut message = v1::Flow {
        key: Some(flow_key(&declared.key)),
        reading: Some(reading(declared, commercial)),
        etag: view.stored.version.to_string(),
        withheld,
        ..v1::Flow::default()
    };
    put_words(&words, &mut message);
    if Field::MONTHS.iter().any(|&month| words.has(month)) {
        message.monthly_weights = Field::MONTHS
            .iter()
            .map(|&month| words.get(month).to_owned())
            .collect();
    }
    message
}

/// What was understood of a flow.
fn reading(flow: &Flow, commercial: bool) -> v1::FlowReading {
    use v1::flow_reading::Identity as Known;
    let identity = match &flow.identity {
        Identity::Donor(donor) => Some(Known::Donor(donor.to_string())),
        Identity::Resource(resource) => Some(Known::Resource(resource.to_string())),
        Identity::Unrecognised => None,
    };
    let (lot, weights, available) = match &flow.quantity {
        Quantity::Rate {
            profile: Profile::Constant,
            ..
        } => (false, Vec::new(), None),
        Quantity::Rate {
            profile: Profile::Monthly(weights),
            ..
        } => (false, weights.to_vec(), None),
        Quantity::Lot { available, .. } => (true, Vec::new(), Some(days(available))),
    };
    let properties = flow.properties.iter().map(|(name, property)| v1::Property {
        name: name.to_string(),
        value: Some(property_value(&property.value)),
        method: property.method.clone().unwrap_or_default(),
        date: property.date.map(|day| day.to_string()).unwrap_or_default(),
    });
    let method = match flow.provenance.method {
        Method::Measured => v1::Method::Measured,
        Method::Invoiced => v1::Method::Invoiced,
        Method::Estimated => v1::Method::Estimated,
        Method::Generic => v1::Method::Generic,
    };
    let visibility = match flow.visibility {
        Visibility::Private => v1::Visibility::Private,
        Visibility::Animator => v1::Visibility::Animator,
        Visibility::Zone => v1::Visibility::Zone,
        Visibility::Public => v1::Visibility::Public,
    };
    let price = flow.present.avoidable_price.as_ref().filter(|_| commercial);
    v1::FlowReading {
        identity,
        quantity: Some(quantity_interval(flow.quantity.amount(), flow.unit)),
        lot,
        monthly_weights: weights,
        available,
        density_tonnes_per_m3: flow
            .density
            .as_ref()
            .map(|density| interval(density, Density::value)),
        heating_value_mwh_per_tonne: flow
            .heating_value
            .as_ref()
            .map(|heat| interval(heat, HeatingValue::value)),
        properties: properties.collect(),
        waste_code: flow
            .waste_code
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        hazardous: flow.is_hazardous(),
        avoidable_price: price.map(|price| price_interval(price, flow.unit.code())),
        storage_capacity: flow
            .storage
            .map(|storage| quantity(storage.capacity, flow.unit)),
        minimum_lot: flow
            .minimum_lot
            .filter(|_| commercial)
            .map(|lot| quantity(lot, flow.unit)),
        maximum_distance_km: flow.maximum_distance.map(Distance::kilometres),
        method: method.into(),
        visibility: visibility.into(),
        validity: Some(days(&flow.validity)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_flow_has_a_path_in_its_message() {
        assert_eq!(path("quantity"), "flow.quantity");
        assert_eq!(path("ref"), "flow.key.reference");
        assert_eq!(path("m03"), "flow.monthly_weights[2]");
        assert_eq!(path(""), "flow");
    }

    #[test]
    fn the_words_of_a_message_are_those_of_the_template() {
        let message = v1::Flow {
            key: Some(v1::FlowKey {
                site: "s".to_owned(),
                direction: v1::Direction::Output.into(),
                reference: "F1".to_owned(),
            }),
            quantity: " 12,5 ".to_owned(),
            monthly_weights: vec!["1".to_owned(); 12],
            ..v1::Flow::default()
        };
        let draft = draft(&message);
        assert_eq!(draft.get(Field::Direction), "output");
        assert_eq!(draft.get(Field::Quantity), "12,5");
        assert_eq!(draft.get(Field::M12), "1");
    }
}
