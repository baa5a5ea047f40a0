//! Measured properties of a flow: what conditions of rules are tested against.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::PropertyName;
use crate::interval::Interval;

/// Value of a property. The unit is in the name (`chloride_pct`, `size_mm`), as in the rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyValue {
    /// A number or a range, in the unit the name carries.
    Number(Interval<f64>),
    /// A class: a polymer, a grade, a category.
    Class(String),
}

/// A declared property with how and when it was obtained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Property {
    /// The value.
    pub value: PropertyValue,
    /// Analysis, data sheet, supplier's word.
    pub method: Option<String>,
    /// Day of the analysis.
    pub date: Option<Date>,
}

/// Properties by name, in the order of their names.
pub type Properties = BTreeMap<PropertyName, Property>;
