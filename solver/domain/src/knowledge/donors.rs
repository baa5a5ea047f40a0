//! Wastes and by-products in fine grain: what an output is recognised as.

use std::collections::{BTreeMap, HashMap};

use super::Knowledge;
use super::fault::Fault;
use super::table::{Tables, range};
use crate::id::{ActivityCode, DonorKey, PropertyName, WasteCode};
use crate::interval::Interval;
use crate::property::PropertyValue;
use crate::text::Text;
use crate::units::{Density, HeatingValue};

/// A property as it usually is for a donor: a background range, never in place of a measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct TypicalProperty {
    /// Name, with its unit.
    pub name: PropertyName,
    /// Range (working value: the arithmetic mean) or class.
    pub value: PropertyValue,
    /// The state it holds for, in French: `vrac`, `sec`.
    pub remark: Option<String>,
}

/// A donor: what a firm gets rid of, finer than a waste code.
#[derive(Clone, Debug, PartialEq)]
pub struct Donor {
    /// `DON:` and a name.
    pub key: DonorKey,
    /// Name.
    pub label: Text,
    /// Other French names.
    pub synonyms: Vec<String>,
    /// Activities that typically give it off: classes, divisions or sections.
    pub nace: Vec<ActivityCode>,
    /// Waste codes under which it is known.
    pub waste_codes: Vec<WasteCode>,
    /// Usual properties.
    pub typical_properties: Vec<TypicalProperty>,
}

/// The donors, indexed by key and by waste code.
pub(super) struct Donors {
    pub(super) donors: Vec<Donor>,
    index: HashMap<DonorKey, usize>,
    by_code: BTreeMap<WasteCode, Vec<DonorKey>>,
}

impl Donors {
    pub(super) fn read(tables: &Tables, faults: &mut Vec<Fault>) -> Donors {
        let mut donors = Vec::new();
        let mut by_code: BTreeMap<WasteCode, Vec<DonorKey>> = BTreeMap::new();
        for record in tables.records("donors.csv") {
            let key = DonorKey::new(record.text("donor_key"));
            let mut typical_properties = Vec::new();
            for item in record.items("typical_properties") {
                match typical(item) {
                    Some(property) => typical_properties.push(property),
                    None => faults
                        .push(record.fault(format!("property '{item}' is not name=low..high"))),
                }
            }
            let waste_codes: Vec<WasteCode> = record.items("low_codes").map(bare_code).collect();
            for code in &waste_codes {
                by_code.entry(code.clone()).or_default().push(key.clone());
            }
            donors.push(Donor {
                key,
                label: Text::new(record.text("label_fr"), record.text("label_en")),
                synonyms: record.items("synonyms_fr").map(str::to_owned).collect(),
                nace: record
                    .items("typical_donor_nace")
                    .map(ActivityCode::new)
                    .collect(),
                waste_codes,
                typical_properties,
            });
        }
        let index = donors
            .iter()
            .enumerate()
            .map(|(at, donor)| (donor.key.clone(), at))
            .collect();
        Donors {
            donors,
            index,
            by_code,
        }
    }

    pub(super) fn get(&self, key: &DonorKey) -> Option<&Donor> {
        self.index.get(key).and_then(|&at| self.donors.get(at))
    }
}

/// The code of `EWC:100101`.
pub(super) fn bare_code(item: &str) -> WasteCode {
    WasteCode::new(item.strip_prefix("EWC:").unwrap_or(item))
}

/// `name=low..high (remark)` or `name=class`.
fn typical(item: &str) -> Option<TypicalProperty> {
    let (name, value) = item.split_once('=')?;
    let (value, remark) = match range(value) {
        Some((low, high, tail)) => {
            let tail = tail.trim().trim_start_matches('(').trim_end_matches(')');
            let remark = Some(tail)
                .filter(|tail| !tail.is_empty())
                .map(str::to_owned);
            (
                PropertyValue::Number(Interval::new(low, (low + high) / 2.0, high)?),
                remark,
            )
        }
        None if value.is_empty() => return None,
        None => (PropertyValue::Class(value.to_owned()), None),
    };
    Some(TypicalProperty {
        name: PropertyName::new(name),
        value,
        remark,
    })
}

impl Donor {
    /// The range that covers every usual state of a numeric property.
    pub fn typical_range(&self, name: &str) -> Option<Interval<f64>> {
        let mut covered: Option<(f64, f64)> = None;
        for property in self
            .typical_properties
            .iter()
            .filter(|property| property.name.as_str() == name)
        {
            if let PropertyValue::Number(range) = &property.value {
                let (low, high) = covered.unwrap_or((range.low(), range.high()));
                covered = Some((low.min(range.low()), high.max(range.high())));
            }
        }
        let (low, high) = covered?;
        Interval::new(low, (low + high) / 2.0, high)
    }
}

impl Knowledge {
    /// A donor by its key.
    pub fn donor(&self, key: &DonorKey) -> Option<&Donor> {
        self.donors.get(key)
    }

    /// Every donor, in the order of the table.
    pub fn donors(&self) -> &[Donor] {
        &self.donors.donors
    }

    /// The donors known under a waste code; more than one calls for a question.
    pub fn donors_with_code(&self, code: &WasteCode) -> &[DonorKey] {
        self.donors.by_code.get(code).map_or(&[], Vec::as_slice)
    }

    /// Usual density of a donor, all its states covered; a range that may convert volume to mass.
    pub fn density_range(&self, key: &DonorKey) -> Option<Interval<Density>> {
        let range = self.donor(key)?.typical_range("density_t_m3")?;
        Interval::new(
            Density::new(range.low())?,
            Density::new(range.mid())?,
            Density::new(range.high())?,
        )
    }

    /// Usual lower heating value of a donor, from MJ/kg (3.6 MJ/kg = 1 MWh/t).
    pub fn heating_range(&self, key: &DonorKey) -> Option<Interval<HeatingValue>> {
        let range = self.donor(key)?.typical_range("lhv_mj_kg")?;
        let value = |megajoules: f64| HeatingValue::new(megajoules / 3.6);
        Interval::new(
            value(range.low())?,
            value(range.mid())?,
            value(range.high())?,
        )
    }
}
