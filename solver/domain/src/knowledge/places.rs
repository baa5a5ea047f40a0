//! French communes with the point that stands for them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::Knowledge;
use super::table::{SCHEMAS, Table};
use crate::geo::Point;
use crate::id::normalised;

/// File name of the table.
pub(super) const TABLE: &str = "communes.csv";

/// A commune, or a municipal district of Paris, Lyon or Marseille.
#[derive(Clone, Debug, PartialEq)]
pub struct Commune {
    /// Official code, five characters.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the department.
    pub department: String,
    /// SIREN of its intermunicipal body.
    pub epci: Option<String>,
    /// A point of the commune, good to a few kilometres; missing for a hundred of them.
    pub point: Option<Point>,
    /// Postcodes.
    pub postcodes: Vec<String>,
}

/// The communes, read when first asked for.
pub(super) struct Places {
    text: Cow<'static, str>,
    index: OnceLock<Index>,
}

struct Index {
    communes: Vec<Commune>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    by_postcode: HashMap<String, Vec<usize>>,
}

impl Places {
    pub(super) fn new(text: Cow<'static, str>) -> Places {
        Places {
            text,
            index: OnceLock::new(),
        }
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::read(&self.text))
    }
}

impl Index {
    fn read(text: &str) -> Index {
        // A replaced table was checked before it came here, the embedded one by the tests.
        let mut faults = Vec::new();
        let table = SCHEMAS
            .iter()
            .find(|schema| schema.name == TABLE)
            .map(|schema| Table::read(schema, text, &mut faults));
        let mut communes = Vec::new();
        let mut by_code = HashMap::new();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_postcode: HashMap<String, Vec<usize>> = HashMap::new();
        for record in table.iter().flat_map(Table::records) {
            let at = communes.len();
            let degrees = |column| record.text(column).parse::<f64>().ok();
            let commune = Commune {
                code: record.text("code").to_owned(),
                name: record.text("name").to_owned(),
                department: record.text("department").to_owned(),
                epci: Some(record.text("epci"))
                    .filter(|epci| !epci.is_empty())
                    .map(str::to_owned),
                point: degrees("lat")
                    .zip(degrees("lon"))
                    .and_then(|(lat, lon)| Point::new(lat, lon)),
                postcodes: record
                    .text("postcodes")
                    .split(' ')
                    .filter(|code| !code.is_empty())
                    .map(str::to_owned)
                    .collect(),
            };
            by_code.insert(commune.code.clone(), at);
            by_name.entry(folded(&commune.name)).or_default().push(at);
            for postcode in &commune.postcodes {
                by_postcode.entry(postcode.clone()).or_default().push(at);
            }
            communes.push(commune);
        }
        Index {
            communes,
            by_code,
            by_name,
            by_postcode,
        }
    }

    fn at(&self, positions: Option<&Vec<usize>>) -> Vec<&Commune> {
        positions
            .into_iter()
            .flatten()
            .filter_map(|&at| self.communes.get(at))
            .collect()
    }
}

/// The name as compared: normalised, with `St` and `Ste` spelt out.
fn folded(name: &str) -> String {
    let key = normalised(name);
    let words = key.split('-').map(|word| match word {
        "st" => "saint",
        "ste" => "sainte",
        word => word,
    });
    words.collect::<Vec<_>>().join("-")
}

impl Knowledge {
    /// A commune by its official code.
    pub fn commune_by_code(&self, code: &str) -> Option<&Commune> {
        let index = self.places.index();
        index
            .by_code
            .get(code.trim())
            .and_then(|&at| index.communes.get(at))
    }

    /// The communes of a name, whatever its case, accents and hyphens; several where it is shared.
    pub fn communes_by_name(&self, name: &str) -> Vec<&Commune> {
        let index = self.places.index();
        index.at(index.by_name.get(&folded(name)))
    }

    /// The communes of a postcode.
    pub fn communes_by_postcode(&self, postcode: &str) -> Vec<&Commune> {
        let index = self.places.index();
        index.at(index.by_postcode.get(postcode.trim()))
    }

    /// Every commune, in the order of the codes.
    pub fn communes(&self) -> &[Commune] {
        &self.places.index().communes
    }
}
