//! Reading a table: form of the file, then fields by column name.

use std::collections::BTreeMap;

use csv::StringRecord;
use jiff::civil::Date;

use super::fault::Fault;
use crate::interval::Interval;

/// A table of the catalogue: its name, its columns, and the copy the program carries.
pub(super) struct Schema {
    pub name: &'static str,
    pub header: &'static str,
    pub embedded: &'static str,
}

macro_rules! schema {
    ($name:literal, $header:literal) => {
        Schema {
            name: $name,
            header: $header,
            embedded: include_str!(concat!("../../data/", $name)),
        }
    };
}

/// Every table, in the order of the names (the digest relies on it).
pub(super) const SCHEMAS: &[Schema] = &[
    schema!("activities.csv", "level,section,code,label_fr,label_en"),
    schema!("activities_2025.csv", "code,label_fr"),
    schema!(
        "communes.csv",
        "code,name,department,epci,lat,lon,postcodes"
    ),
    schema!("distance_keys.csv", "key,distance_class"),
    schema!(
        "distances.csv",
        "distance_class,label_fr,label_en,low_km,typical_km,high_km,mode,why,evidence"
    ),
    schema!(
        "donors.csv",
        "donor_key,label_fr,label_en,synonyms_fr,typical_donor_nace,low_codes,typical_properties"
    ),
    schema!(
        "editions.csv",
        "list,edition,valid_from,valid_to,announced_from,embedded,source"
    ),
    schema!("evidence.csv", "evidence_id,title,url,supports,type"),
    schema!("factor_keys.csv", "key,factor,multiplier,note"),
    schema!(
        "factors.csv",
        "factor_id,kind,label_fr,label_en,unit,low,high,evidence,note"
    ),
    schema!(
        "flags.csv",
        "flag,label_fr,label_en,legal_basis,effect,checked_on,next_act_fr,next_act_en"
    ),
    schema!("lexicon_needs.csv", "key,terms_fr,terms_en"),
    schema!("lexicon_outputs.csv", "key,terms_fr,terms_en"),
    schema!("lexicon_shared.csv", "term,direction,keys,nature"),
    schema!("lexicon_words.csv", "word,role,same_as"),
    schema!("operation_headings.csv", "operation,heading"),
    schema!(
        "outlets.csv",
        "low_code,why_fr,why_en,usual_treatment,evidence"
    ),
    schema!(
        "prices.csv",
        "price_id,key,kind,low,mid,high,unit,price_year,place,source,note"
    ),
    schema!(
        "prices_evidence.csv",
        "evidence_id,title,url,data_year,supports,type"
    ),
    schema!(
        "profiles.csv",
        "profile_id,nace,direction,resource,low,mid,high,unit,basis,product,t_per_job,scaling,props,seasonality,share,waste_code,outlet,cost_low,cost_high,cost_unit,included_in,source,confidence,note"
    ),
    schema!(
        "profiles_evidence.csv",
        "evidence_id,title,url,supports,type,checked"
    ),
    schema!(
        "rules.csv",
        "rule_id,donor_codes,donor_label_fr,donor_label_en,acceptor_need,acceptor_nace,treatment,substitution_ratio,max_distance_km,conditions,regulatory_flags,evidence,confidence"
    ),
    schema!(
        "taxonomy.csv",
        "key,parent,kind,label_fr,label_en,synonyms_fr,synonyms_en,unit,properties"
    ),
    schema!("treatment_operations.csv", "operation,label_fr"),
    schema!(
        "treatment_units.csv",
        "treatment,per,need,kwh_low,kwh_high,eur_low,eur_high,note"
    ),
    schema!(
        "treatments.csv",
        "treatment,label_fr,label_en,yield_low,yield_high,kwh_per_t_low,kwh_per_t_high,eur_per_t_low,eur_per_t_high,loss"
    ),
    schema!(
        "vehicles.csv",
        "vehicle,label_fr,label_en,price,fixed_price,payload_low,payload_mid,payload_high,factor,source,note"
    ),
    schema!(
        "waste_code_changes.csv",
        "code,change,hazardous,entry_type,label_fr,label_en,successors"
    ),
    schema!(
        "waste_codes.csv",
        "level,code,parent,hazardous,entry_type,label_fr,label_en"
    ),
];

/// The tables by name.
#[derive(Default)]
pub(super) struct Tables {
    tables: BTreeMap<&'static str, Table>,
}

impl Tables {
    pub fn insert(&mut self, table: Table) {
        self.tables.insert(table.name, table);
    }

    /// The records of a table; none if it was not read.
    pub fn records(&self, name: &str) -> impl Iterator<Item = Record<'_>> {
        self.tables.get(name).into_iter().flat_map(Table::records)
    }
}

/// The rows of one table, all with the columns of its schema.
pub(super) struct Table {
    name: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<(u64, StringRecord)>,
}

impl Table {
    /// Reads the text of a table; what is out of form becomes a fault, and its row is left out.
    pub fn read(schema: &Schema, text: &str, faults: &mut Vec<Fault>) -> Table {
        let name = schema.name;
        let columns: Vec<&'static str> = schema.header.split(',').collect();
        let mut table = Table {
            name,
            columns,
            rows: Vec::new(),
        };
        if text.starts_with('\u{feff}') {
            faults.push(Fault::new(name, 1, "byte order mark"));
            return table;
        }
        if text.contains('\r') {
            faults.push(Fault::new(name, 1, "line end other than \\n"));
        }
        if !text.ends_with('\n') {
            faults.push(Fault::whole(name, "no line end after the last row"));
        }
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(text.as_bytes());
        match reader.headers() {
            Ok(header) if header.iter().eq(table.columns.iter().copied()) => {}
            Ok(header) => {
                let read = header.iter().collect::<Vec<_>>().join(",");
                faults.push(Fault::new(
                    name,
                    1,
                    format!("unexpected header {read}; expected {}", schema.header),
                ));
                return table;
            }
            Err(error) => {
                faults.push(Fault::new(name, 1, format!("header not read: {error}")));
                return table;
            }
        }
        for row in reader.into_records() {
            match row {
                Ok(fields) => {
                    let line = fields.position().map_or(0, csv::Position::line);
                    if fields.len() == table.columns.len() {
                        table.rows.push((line, fields));
                    } else {
                        let text =
                            format!("{} fields instead of {}", fields.len(), table.columns.len());
                        faults.push(Fault::new(name, line, text));
                    }
                }
                Err(error) => faults.push(Fault::whole(name, error.to_string())),
            }
        }
        table
    }

    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.rows.iter().map(move |(line, fields)| Record {
            table: self,
            line: *line,
            fields,
        })
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Record<'t> {
    table: &'t Table,
    pub line: u64,
    fields: &'t StringRecord,
}

impl<'t> Record<'t> {
    /// The text of a column; empty if there is no such column (the schema makes it impossible).
    pub fn text(&self, column: &str) -> &'t str {
        let index = self.table.columns.iter().position(|name| *name == column);
        index.and_then(|index| self.fields.get(index)).unwrap_or("")
    }

    /// All fields with the names of their columns.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &'t str)> {
        self.table.columns.iter().copied().zip(self.fields.iter())
    }

    /// The items of a list, separated by semicolons.
    pub fn items(&self, column: &str) -> impl Iterator<Item = &'t str> + use<'t> {
        self.text(column).split(';').filter(|item| !item.is_empty())
    }

    /// A fault of this row.
    pub fn fault(&self, text: impl Into<String>) -> Fault {
        Fault::new(self.table.name, self.line, text)
    }

    /// A finite number.
    pub fn number(&self, column: &str, faults: &mut Vec<Fault>) -> Option<f64> {
        let text = self.text(column);
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
        if value.is_none() {
            faults.push(self.fault(format!("{column} '{text}' is not a number")));
        }
        value
    }

    /// Two bounds, with their arithmetic mean as working value.
    pub fn bounds(&self, columns: [&str; 2], faults: &mut Vec<Fault>) -> Option<Interval<f64>> {
        let [low, high] = columns.map(|column| self.number(column, faults));
        self.ordered(low?, (low? + high?) / 2.0, high?, &columns, faults)
    }

    /// Low, mid and high, in order.
    pub fn interval(&self, columns: [&str; 3], faults: &mut Vec<Fault>) -> Option<Interval<f64>> {
        let [low, mid, high] = columns.map(|column| self.number(column, faults));
        self.ordered(low?, mid?, high?, &columns, faults)
    }

    fn ordered(
        &self,
        low: f64,
        mid: f64,
        high: f64,
        columns: &[&str],
        faults: &mut Vec<Fault>,
    ) -> Option<Interval<f64>> {
        let interval = Interval::new(low, mid, high);
        if interval.is_none() {
            let values = columns
                .iter()
                .map(|column| self.text(column))
                .collect::<Vec<_>>()
                .join("..");
            faults.push(self.fault(format!("{} not in order: {values}", columns.join(".."))));
        }
        interval
    }

    /// A day written `YYYY-MM-DD`; an empty field is `None` without a fault.
    pub fn date(&self, column: &str, faults: &mut Vec<Fault>) -> Option<Date> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let date = text.parse::<Date>().ok().filter(|_| text.len() == 10);
        if date.is_none() {
            faults.push(self.fault(format!("{column} '{text}' is not a date YYYY-MM-DD")));
        }
        date
    }
}

/// `low..high` at the beginning of a text, and what follows it.
pub(super) fn range(text: &str) -> Option<(f64, f64, &str)> {
    let (low, rest) = text.split_once("..")?;
    let end = rest
        .char_indices()
        .find(|&(at, character)| {
            !(character.is_ascii_digit() || character == '.' || (at == 0 && character == '-'))
        })
        .map_or(rest.len(), |(at, _)| at);
    let (high, tail) = rest.split_at(end);
    Some((decimal(low)?, decimal(high)?, tail))
}

/// A plain decimal number: digits, a point, a minus; no exponent, no infinity.
pub(super) fn decimal(text: &str) -> Option<f64> {
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    if plain {
        text.parse::<f64>().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: Schema = Schema {
        name: "made_up.csv",
        header: "key,low,high",
        embedded: "",
    };

    #[test]
    fn every_row_out_of_form_is_a_fault_with_its_line() {
        let mut faults = Vec::new();
        let table = Table::read(
            &SCHEMA,
            "key,low,high\na,1,2\n\"b\nb\",1\nc,1,2,3\nd,5,6",
            &mut faults,
        );
        assert_eq!(table.records().count(), 2);
        let texts: Vec<_> = faults.iter().map(Fault::to_string).collect();
        assert_eq!(
            texts,
            [
                "made_up.csv: no line end after the last row",
                "made_up.csv:3: 2 fields instead of 3",
                "made_up.csv:5: 4 fields instead of 3",
            ]
        );
    }

    #[test]
    fn bounds_out_of_order_are_a_fault_and_the_mean_is_the_working_value() {
        let mut faults = Vec::new();
        let table = Table::read(&SCHEMA, "key,low,high\na,1,2\nb,3,2\n", &mut faults);
        let values: Vec<_> = table
            .records()
            .map(|record| record.bounds(["low", "high"], &mut faults))
            .collect();
        assert_eq!(values[0].map(|interval| interval.mid()), Some(1.5));
        assert!(values[1].is_none());
        assert_eq!(
            faults[0].to_string(),
            "made_up.csv:3: low..high not in order: 3..2"
        );
    }

    #[test]
    fn a_range_keeps_its_remark_apart() {
        assert_eq!(range("0.05..0.10 (vrac)"), Some((0.05, 0.10, " (vrac)")));
        assert_eq!(range("-5..-2"), Some((-5.0, -2.0, "")));
        assert_eq!(range("A"), None);
        assert_eq!(range("1..inf"), None);
    }
}
