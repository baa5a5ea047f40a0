//! What the catalogue knows.

use boucle_domain::knowledge::{Donor, Flag, Kind, Knowledge, Resource, Rule, WasteEntry};
use boucle_domain::text::Text;
use boucle_domain::units::{Ratio, Unit};
use boucle_proto::v1;

use super::proposal::flag_effect;
use super::quantity::{interval, text};

/// A unit with its name.
pub fn unit(unit: Unit) -> v1::Unit {
    let label = match unit {
        Unit::Tonne => Text::new("tonne", "metric tonne"),
        Unit::MegawattHour => Text::new("mégawattheure", "megawatt-hour"),
        Unit::CubicMetre => Text::new("mètre cube", "cubic metre"),
        Unit::NormalCubicMetre => Text::new(
            "mètre cube à 0 °C et 1,01325 bar",
            "cubic metre at 0 °C and 1.01325 bar",
        ),
        Unit::Piece => Text::new("pièce", "piece"),
        Unit::Kilogram => Text::new(
            "kilogramme de l'élément contenu",
            "kilogram of the element contained",
        ),
        Unit::SquareMetre => Text::new("mètre carré pendant un an", "square metre for a year"),
        Unit::Slot => Text::new("place pendant un an", "slot for a year"),
        Unit::Seat => Text::new("siège pendant un an", "seat for a year"),
        Unit::FullTimeEquivalent => Text::new("équivalent temps plein", "full-time equivalent"),
        Unit::EuroPerYear => Text::new("euro d'achats par an", "euro of purchases per year"),
        Unit::TonneKilometre => Text::new("tonne-kilomètre", "tonne-kilometre"),
        Unit::Trip => Text::new("trajet", "trip"),
    };
    v1::Unit {
        code: unit.code().to_owned(),
        label: Some(text(&label)),
    }
}

/// A resource.
pub fn resource(resource: &Resource) -> v1::Resource {
    let kind = match resource.kind {
        Kind::Material => v1::ResourceKind::Material,
        Kind::Energy => v1::ResourceKind::Energy,
        Kind::Water => v1::ResourceKind::Water,
        Kind::Asset => v1::ResourceKind::Asset,
    };
    v1::Resource {
        key: resource.key.to_string(),
        parent: resource
            .parent
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        kind: kind.into(),
        label: Some(text(&resource.label)),
        unit: resource.unit.code().to_owned(),
    }
}

/// A donor.
pub fn donor(donor: &Donor) -> v1::Donor {
    v1::Donor {
        key: donor.key.to_string(),
        label: Some(text(&donor.label)),
        waste_codes: donor.waste_codes.iter().map(ToString::to_string).collect(),
    }
}

/// A rule, with its treatments, flags and evidence named.
pub fn rule(knowledge: &Knowledge, rule: &Rule) -> v1::Rule {
    let treatments = rule
        .treatment
        .iter()
        .filter_map(|id| knowledge.treatment(id));
    let evidence = rule.evidence.iter().filter_map(|id| knowledge.evidence(id));
    v1::Rule {
        id: rule.id.to_string(),
        label: Some(text(&rule.label)),
        donors: rule.donors.iter().map(ToString::to_string).collect(),
        resources: rule.resources.iter().map(ToString::to_string).collect(),
        waste_codes: rule.waste_codes.iter().map(ToString::to_string).collect(),
        need: rule.need.to_string(),
        acceptor_activities: rule
            .acceptor_activities
            .iter()
            .map(ToString::to_string)
            .collect(),
        treatment: treatments
            .map(|step| v1::TreatmentLabel {
                id: step.id.to_string(),
                label: Some(text(&step.label)),
            })
            .collect(),
        ratio: Some(interval(&rule.ratio, Ratio::value)),
        donor_unit: rule.donor_unit.code().to_owned(),
        need_unit: rule.need_unit.code().to_owned(),
        maximum_distance_km: rule.maximum_distance.kilometres(),
        conditions: rule.conditions.iter().map(ToString::to_string).collect(),
        notes: rule.notes.clone(),
        flags: rule
            .flags
            .iter()
            .filter_map(|id| knowledge.flag(id))
            .map(flag)
            .collect(),
        evidence: evidence
            .map(|source| v1::Evidence {
                id: source.id.to_string(),
                title: source.title.clone(),
                url: source.url.clone(),
            })
            .collect(),
        confidence: rule.confidence.into(),
    }
}

fn flag(flag: &Flag) -> v1::Flag {
    v1::Flag {
        id: flag.id.to_string(),
        label: Some(text(&flag.label)),
        basis: flag.basis.clone(),
        effect: flag_effect(flag.effect).into(),
        next_act: Some(text(&flag.next_act)),
        checked_on: flag
            .checked_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
    }
}

/// A waste code.
pub fn waste_code(entry: &WasteEntry) -> v1::WasteCode {
    v1::WasteCode {
        code: entry.code.to_string(),
        label: Some(text(&entry.label)),
        hazardous: entry.hazardous,
    }
}
