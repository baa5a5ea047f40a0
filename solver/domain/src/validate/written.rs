//! The way back: firms, sites and flows as the words of the template, so that what is written is
//! read back the same.

use super::draft::Draft;
use super::field::Field;
use super::identifiers::written_identifier;
use super::season::written_campaign;
use super::words::word_list;
use crate::flow::{Flow, Identity, Method, Quantity, Visibility};
use crate::geo::PositionSource;
use crate::interval::Interval;
use crate::organisation::{Agreement, Firm, Site};
use crate::profile::Profile;
use crate::property::{Property, PropertyValue};
use crate::text::Language;
use crate::units::written::{Bridge, convert, format_interval, format_number, read_unit};
use crate::units::{Amount, Density, HeatingValue};
use crate::validity::Validity;

/// A flow with what is needed to know its site again.
pub fn written_row(firm: &Firm, site: &Site, flow: &Flow, language: Language) -> Draft {
    let mut draft = named(firm, site);
    draft.set(Field::Ref, &flow.key.reference);
    set_word(
        &mut draft,
        Field::Direction,
        flow.key.direction.code(),
        language,
    );
    draft.set(Field::Name, &flow.name);
    match &flow.identity {
        Identity::Donor(key) => draft.set(Field::Resource, key.as_str()),
        Identity::Resource(key) => draft.set(Field::Resource, key.as_str()),
        Identity::Unrecognised => {}
    }
    draft.set(Field::Quantity, &flow.entered.quantity);
    draft.set(Field::Unit, &flow.entered.unit);
    draft.set(Field::Period, &flow.entered.period);
    match &flow.quantity {
        Quantity::Rate { profile, .. } => set_profile(&mut draft, profile, language),
        Quantity::Lot { available, .. } => set_span(
            &mut draft,
            Field::AvailableFrom,
            Field::AvailableTo,
            available,
        ),
    }
    if let Some(code) = &flow.waste_code {
        draft.set(Field::WasteCode, code.spaced());
    }
    if let Some(hazardous) = flow.hazardous {
        set_word(
            &mut draft,
            Field::Hazardous,
            if hazardous { "true" } else { "false" },
            language,
        );
    }
    if let Some(density) = flow.density {
        draft.set(Field::Density, format_interval(density.map(Density::value)));
    }
    if let Some(value) = flow.heating_value {
        draft.set(
            Field::HeatingValue,
            format_interval(value.map(HeatingValue::value)),
        );
    }
    let properties: Vec<String> = flow
        .properties
        .iter()
        .map(|(name, property)| format!("{name}={}", written_property(property)))
        .collect();
    draft.set(Field::Properties, properties.join("; "));
    if let Some(storage) = flow.storage {
        // A capacity of nothing stands for a shelf life written alone.
        if storage.capacity > Amount::ZERO || storage.shelf_life_days.is_none() {
            draft.set(Field::StorageCapacity, in_flow_unit(storage.capacity, flow));
        }
        draft.set(Field::ShelfLifeDays, number(storage.shelf_life_days));
    }
    set_present(&mut draft, flow);
    if let Some(lot) = flow.minimum_lot {
        draft.set(Field::MinimumLot, in_flow_unit(lot, flow));
    }
    if let Some(distance) = flow.maximum_distance {
        draft.set(Field::MaximumDistance, format_number(distance.kilometres()));
    }
    let method = match flow.provenance.method {
        Method::Measured => "measured",
        Method::Invoiced => "invoiced",
        Method::Estimated => "estimated",
        Method::Generic => "generic",
    };
    set_word(&mut draft, Field::Method, method, language);
    draft.set(Field::SourceYear, number(flow.provenance.source_year));
    draft.set(Field::Source, &flow.provenance.source);
    set_span(&mut draft, Field::ValidFrom, Field::ValidTo, &flow.validity);
    let visibility = match flow.visibility {
        Visibility::Private => "private",
        Visibility::Animator => "animator",
        Visibility::Zone => "zone",
        Visibility::Public => "public",
    };
    set_word(&mut draft, Field::Visibility, visibility, language);
    draft.set(Field::Comment, &flow.comment);
    draft
}

/// A site with all its attributes.
pub fn written_site(firm: &Firm, site: &Site) -> Draft {
    let mut draft = named(firm, site);
    if let Some(activity) = &site.activity {
        draft.set(Field::Activity, activity.as_str());
    }
    draft.set(Field::Commune, site.commune.as_deref().unwrap_or_default());
    // A point taken from the commune comes back from it.
    if let Some(position) = site
        .position
        .filter(|position| position.source == PositionSource::Declared)
    {
        draft.set(Field::Latitude, position.point.latitude().to_string());
        draft.set(Field::Longitude, position.point.longitude().to_string());
    }
    draft.set(Field::Headcount, number(site.headcount));
    draft.set(Field::Icpe, site.icpe_rubrics.join("; "));
    draft
}

/// An agreement of a site.
pub fn written_agreement(firm: &Firm, site: &Site, agreement: &Agreement) -> Draft {
    let mut draft = named(firm, site);
    draft.set(Field::AgreementReference, &agreement.reference);
    let codes: Vec<String> = agreement
        .waste_codes
        .iter()
        .map(|code| code.spaced())
        .collect();
    draft.set(Field::AgreementWasteCodes, codes.join("; "));
    if let Some((amount, unit)) = agreement.yearly_limit {
        draft.set(Field::AgreementQuantity, format_number(amount.units()));
        draft.set(Field::AgreementUnit, unit.code());
    }
    set_span(
        &mut draft,
        Field::AgreementFrom,
        Field::AgreementTo,
        &agreement.validity,
    );
    draft
}

/// Firm and site, by name and identifier.
fn named(firm: &Firm, site: &Site) -> Draft {
    let mut draft = Draft::new();
    draft.set(Field::Firm, &firm.name);
    if let Some(id) = &firm.external {
        draft.set(Field::FirmId, written_identifier(id));
    }
    draft.set(Field::Site, &site.name);
    if let Some(id) = &site.external {
        draft.set(Field::SiteId, written_identifier(id));
    }
    draft
}

fn set_present(draft: &mut Draft, flow: &Flow) {
    let present = &flow.present;
    draft.set(Field::Counterpart, &present.label);
    if let Some(price) = present.avoidable_price {
        // In the canonical unit: exact, whatever the unit it was entered in.
        draft.set(
            Field::Price,
            format_interval(price.map(|price| price.euros())),
        );
        draft.set(Field::PriceUnit, flow.unit.code());
    }
    draft.set(Field::PriceYear, number(present.price_year));
    if let Some(paid) = present.take_or_pay {
        draft.set(Field::TakeOrPay, in_flow_unit(paid, flow));
    }
    draft.set(
        Field::ContractEnd,
        present
            .contract_end
            .map_or(String::new(), |end| end.to_string()),
    );
    draft.set(
        Field::Partner,
        present
            .partner
            .as_ref()
            .map_or("", |partner| partner.as_str()),
    );
}

fn set_profile(draft: &mut Draft, profile: &Profile, language: Language) {
    let Profile::Monthly(weights) = profile else {
        return;
    };
    if let Some(campaign) = written_campaign(weights) {
        draft.set(Field::Profile, campaign);
        return;
    }
    draft.set(
        Field::Profile,
        if language == Language::Fr {
            "mensuel"
        } else {
            "monthly"
        },
    );
    for (field, weight) in Field::MONTHS.into_iter().zip(weights) {
        draft.set(field, weight.to_string());
    }
}

fn set_word(draft: &mut Draft, field: Field, code: &str, language: Language) {
    let word = word_list(field)
        .and_then(|list| list.word(code, language))
        .unwrap_or(code);
    draft.set(field, word);
}

fn set_span(draft: &mut Draft, from: Field, to: Field, span: &Validity) {
    draft.set(from, span.from.map_or(String::new(), |day| day.to_string()));
    draft.set(to, span.to.map_or(String::new(), |day| day.to_string()));
}

fn number(value: Option<impl ToString>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

/// An amount back in the unit the flow was entered in.
fn in_flow_unit(amount: Amount, flow: &Flow) -> String {
    let bridge = Bridge {
        density: flow.density,
        heating_value: flow.heating_value,
    };
    let one = read_unit(&flow.entered.unit)
        .ok()
        .and_then(|unit| convert(Interval::exact(1.0), &unit, flow.unit, &bridge).ok())
        .map_or(1.0, |factor| factor.mid());
    format_number(amount.units() / one)
}

fn written_property(property: &Property) -> String {
    let value = match &property.value {
        PropertyValue::Number(value) => format_interval(*value),
        PropertyValue::Class(class) => class.clone(),
    };
    match (&property.method, property.date) {
        (Some(method), Some(date)) => format!("{value} ({method}, {date})"),
        (Some(method), None) => format!("{value} ({method})"),
        (None, Some(date)) => format!("{value} ({date})"),
        (None, None) => value,
    }
}
