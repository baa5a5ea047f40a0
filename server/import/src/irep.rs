//! The yearly declarations of IREP (Géorisques): waste of a site, code and treatment, year by year, and
//! the list of establishments that says where the sites are. The two come as two files, and are joined
//! by the identifier of the establishment.
//!
//! Of a site, code and treatment the latest year of the file is the flow; the years before it stand in
//! its source. Nothing else is known of it: no month, no price. Columns are those of the public files,
//! their own misspelling (`eliminatio`) included.

mod lambert;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use boucle_domain::id::normalised;
use boucle_domain::units::written::{format_number, read_number};
use boucle_domain::validate::{Context, Draft, Field, Group, read_row};

use crate::entries::{Columns, Entries, Origin};
use crate::public::{Table, headed};
use crate::reading::{Reading, RowPlace, SkipReason, Skipped};
use crate::sheet::{Sheet, SheetRow};
pub(crate) use told::tell_places;

/// Columns of the list of establishments that are read.
const OF_SITES: [&str; 8] = [
    "identifiant",
    "nom_etablissement",
    "numero_siret",
    "code_postal",
    "commune",
    "coordonnees_x",
    "coordonnees_y",
    "code_ape",
];
/// Columns of the yearly declarations that are read.
const OF_FLOWS: [&str; 9] = [
    "identifiant",
    "nom_etablissement",
    "annee",
    "code_operation_eliminatio_valorisation",
    "libelle_operation_eliminatio_valorisation",
    "code_dechet",
    "libelle_dechet",
    "quantite",
    "unite",
];

/// What is summed into one flow: identifier, code, treatment.
type Key = (String, String, String);

/// A flow before it is read: quantity and rows by year.
#[derive(Default)]
struct Declared {
    years: BTreeMap<i16, (f64, Vec<u32>)>,
    identifier: String,
    firm: String,
    name: String,
    outlet: String,
    unit: String,
}

/// The fields that the columns of a list give.
const SITE_FIELDS: [(Field, usize); 6] = [
    (Field::Firm, 1),
    (Field::SiteId, 2),
    (Field::Commune, 4),
    (Field::Latitude, 5),
    (Field::Longitude, 6),
    (Field::Activity, 7),
];
/// The fields that the columns of the declarations give.
const FLOW_FIELDS: [(Field, usize); 8] = [
    (Field::SiteId, 0),
    (Field::Firm, 1),
    (Field::SourceYear, 2),
    (Field::Counterpart, 4),
    (Field::WasteCode, 5),
    (Field::Name, 6),
    (Field::Quantity, 7),
    (Field::Unit, 8),
];

/// An establishment of the list.
struct Listed {
    draft: Draft,
    sheet: Rc<str>,
    row: u32,
    columns: Columns,
}

/// Reads sheets of IREP together and gives their names.
pub(crate) fn of_sheets(
    sheets: &[&Sheet],
    context: &Context,
    entries: &mut Entries,
    reading: &mut Reading,
) -> Vec<String> {
    let mut sites: BTreeMap<String, Listed> = BTreeMap::new();
    let mut flows: Vec<(&Sheet, Table<9>)> = Vec::new();
    let mut known = Vec::new();
    for sheet in sheets {
        if let Some(table) = headed(sheet, OF_SITES) {
            known.push(sheet.name.clone());
            reading.headings(sheet, table.below);
            list(sheet, &table, context, &mut sites);
        } else if let Some(table) = headed(sheet, OF_FLOWS) {
            known.push(sheet.name.clone());
            reading.headings(sheet, table.below);
            flows.push((sheet, table));
        }
    }
    let all: Vec<BTreeMap<Key, Declared>> = flows
        .iter()
        .map(|(sheet, table)| declared(sheet, table, reading))
        .collect();
    let declaring: BTreeSet<&str> = all
        .iter()
        .flat_map(|declared| declared.keys().map(|(id, ..)| id.as_str()))
        .collect();
    let mut silent = 0;
    for (id, site) in &sites {
        // A list of the whole country beside the declarations of a zone: who declares nothing in
        // them is of no zone.
        if !flows.is_empty() && !declaring.contains(id.as_str()) {
            silent += 1;
            reading.skipped.push(Skipped {
                place: site.place(),
                reason: SkipReason::NothingDeclared,
            });
            continue;
        }
        reading.rows += 1;
        let origin = Origin::summed(&site.sheet, vec![site.row], &site.columns);
        entries.draft(&site.draft, origin, context);
    }
    for ((sheet, table), declared) in flows.iter().zip(&all) {
        let name: Rc<str> = Rc::from(sheet.name.as_str());
        let columns: Columns = Rc::new(table.fields(&FLOW_FIELDS));
        reading.findings.push(told::summary(sheet, table, declared));
        for ((id, code, operation), flow) in declared {
            let site = sites.get(id);
            let Some((draft, rows)) = flow.draft(code, operation, site) else {
                continue;
            };
            let mut read = read_row(&draft, context);
            if site.is_some() {
                // What is wrong with the identifier is told where it is written.
                read.findings
                    .retain(|finding| finding.field != Some(Field::SiteId));
            }
            let mut origin = Origin::summed(&name, rows, &columns);
            origin.of_flow = draft.speaks_of(Group::Flow);
            entries.add(read, origin);
        }
    }
    let listed = !sites.is_empty();
    if listed && let Some((sheet, table)) = flows.first() {
        let lost: Vec<&str> = declaring
            .iter()
            .copied()
            .filter(|id| !sites.contains_key(*id))
            .collect();
        if !lost.is_empty() {
            reading.findings.push(told::not_listed(sheet, table, &lost));
        }
    }
    if silent > 0
        && let Some(site) = sites.values().next()
    {
        reading.findings.push(told::silent(silent, &site.sheet));
    }
    known
}

/// Enters the establishments of a list by their identifier.
fn list(sheet: &Sheet, table: &Table<8>, context: &Context, sites: &mut BTreeMap<String, Listed>) {
    let name: Rc<str> = Rc::from(sheet.name.as_str());
    let columns: Columns = Rc::new(table.fields(&SITE_FIELDS));
    for row in sheet.rows.iter().skip(table.below) {
        let [id, ..] = table.columns;
        let listed = Listed {
            draft: site(row, table.columns, context),
            sheet: Rc::clone(&name),
            row: row.number,
            columns: Rc::clone(&columns),
        };
        sites.insert(identifier(row.text(id)), listed);
    }
}

/// An identifier as a spreadsheet may have left it: `066.00370` becomes the number 66.0037.
fn identifier(written: &str) -> String {
    let written = written.trim().replace(',', ".");
    let (whole, rest) = written.split_once('.').unwrap_or((&written, ""));
    if !written
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return written;
    }
    let (whole, rest) = (whole.trim_start_matches('0'), rest.trim_end_matches('0'));
    format!("{whole}.{rest}")
}

impl Listed {
    fn place(&self) -> RowPlace {
        RowPlace {
            sheet: self.sheet.to_string(),
            row: self.row,
        }
    }
}

/// A line of the list of establishments as a row of the template.
fn site(row: &SheetRow, columns: [u32; 8], context: &Context) -> Draft {
    let [id, name, siret, postcode, commune, x, y, activity] =
        columns.map(|column| row.text(column));
    let mut draft = Draft::new()
        .with(Field::Firm, name)
        .with(Field::Activity, activity);
    match siret {
        "" => draft.set(Field::SiteId, format!("LOCAL:{id}")),
        siret => draft.set(Field::SiteId, siret),
    }
    let number = |text: &str| text.replace(',', ".").parse::<f64>().ok();
    if let (Some(x), Some(y)) = (number(x), number(y))
        && let Some(point) = lambert::point(x, y)
    {
        draft.set(Field::Latitude, format!("{:.6}", point.latitude()));
        draft.set(Field::Longitude, format!("{:.6}", point.longitude()));
    }
    let communes = context.knowledge.communes_by_name(&normalised(commune));
    let mut here = communes
        .into_iter()
        .filter(|found| postcode.starts_with(found.department.as_str()));
    if let (Some(found), None) = (here.next(), here.next()) {
        draft.set(Field::Commune, &found.code);
    }
    draft
}

/// The lines of the yearly declarations, summed by site, code, treatment and year.
fn declared(sheet: &Sheet, table: &Table<9>, reading: &mut Reading) -> BTreeMap<Key, Declared> {
    let columns = table.columns;
    let mut all: BTreeMap<Key, Declared> = BTreeMap::new();
    for row in sheet.rows.iter().skip(table.below) {
        let [id, firm, year, operation, label, code, name, quantity, unit] =
            columns.map(|column| row.text(column));
        reading.rows += 1;
        let number = read_number(quantity).ok().map(|number| number.value.mid());
        let wrong = match (year.parse::<i16>().ok(), number) {
            (Some(_), Some(number)) if number >= 0.0 => None,
            (Some(_), _) => Some((columns[7], quantity)),
            (None, _) => Some((columns[2], year)),
        };
        if let Some((column, value)) = wrong {
            reading
                .findings
                .push(told::no_number(value, sheet, row.number, column));
            reading.refused.push(RowPlace {
                sheet: sheet.name.clone(),
                row: row.number,
            });
            continue;
        }
        let (Ok(year), Some(number)) = (year.parse::<i16>(), number) else {
            continue;
        };
        let key = (identifier(id), code.to_owned(), operation.to_owned());
        let flow = all.entry(key).or_default();
        flow.identifier = id.to_owned();
        let (sum, rows) = flow.years.entry(year).or_default();
        *sum += number;
        rows.push(row.number);
        flow.firm = firm.to_owned();
        flow.name = name.to_owned();
        flow.outlet = format!("{operation} {label}");
        // `t/an`: the year is said by the file itself.
        flow.unit = unit.split('/').next().unwrap_or(unit).to_owned();
    }
    all
}

impl Declared {
    /// The latest year as a row of the template, with its rows.
    fn draft(
        &self,
        code: &str,
        operation: &str,
        site: Option<&Listed>,
    ) -> Option<(Draft, Vec<u32>)> {
        let (year, (quantity, rows)) = self.years.last_key_value()?;
        // What the list says of the site is read once, where it stands.
        let mut draft = match site {
            Some(site) => [Field::Firm, Field::SiteId]
                .into_iter()
                .fold(Draft::new(), |draft, field| {
                    draft.with(field, site.draft.get(field))
                }),
            None => Draft::new()
                .with(Field::Firm, &self.firm)
                .with(Field::SiteId, format!("LOCAL:{}", self.identifier)),
        };
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let before: Vec<String> = self
            .years
            .range(..year)
            .map(|(year, _)| year.to_string())
            .collect();
        let source = match before.is_empty() {
            true => "IREP".to_owned(),
            false => format!("IREP ; déclaré aussi en {}", before.join(", ")),
        };
        // Sums of decimals: what binary numbers leave behind is below the kilogram.
        let quantity = (quantity * 1e6).round() / 1e6;
        for (field, text) in [
            (Field::Ref, format!("{digits}-{}", normalised(operation))),
            (Field::Direction, "output".to_owned()),
            (Field::Name, self.name.clone()),
            (Field::Quantity, format_number(quantity)),
            (Field::Unit, self.unit.clone()),
            (Field::Period, "an".to_owned()),
            (Field::WasteCode, code.to_owned()),
            (Field::Counterpart, self.outlet.trim().to_owned()),
            (Field::SourceYear, year.to_string()),
            (Field::Source, source),
        ] {
            draft.set(field, text);
        }
        draft.set_decimal(Some('.'));
        Some((draft, rows.clone()))
    }
}
