//! The yearly declarations of IREP (Géorisques): waste of a site, code and treatment, year by year, and
//! the list of establishments that says where the sites are.
//!
//! Of a site, code and treatment the latest year of the file is the flow; the years before it stand in
//! its source. Nothing else is known of it: no month, no price. Columns are those of the public files,
//! their own misspelling (`eliminatio`) included.

mod lambert;

use std::collections::BTreeMap;

use boucle_domain::diagnostic::{Code, Diagnostic, Place};
use boucle_domain::id::normalised;
use boucle_domain::text::Text;
use boucle_domain::units::written::{format_number, read_number};
use boucle_domain::validate::{Context, Draft, Field, Finding, gather, read_row};

use crate::rows::{Reading, RowPlace};
use crate::sheet::{Sheet, SheetRow, letters};

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

/// The columns of a sheet, if it has all that are read.
fn columns<const N: usize>(row: &SheetRow, names: [&str; N]) -> Option<[u32; N]> {
    let headed: BTreeMap<String, u32> = row
        .cells
        .iter()
        .map(|(column, cell)| (normalised(cell), *column))
        .collect();
    let mut columns = [0; N];
    for (column, name) in columns.iter_mut().zip(names) {
        *column = *headed.get(&normalised(name))?;
    }
    Some(columns)
}

/// What is summed into one flow: identifier, code, treatment.
type Key = (String, String, String);

/// A flow before it is read: quantity and rows by year.
#[derive(Default)]
struct Declared {
    years: BTreeMap<i16, (f64, Vec<u32>)>,
    firm: String,
    name: String,
    outlet: String,
    unit: String,
}

/// Reads sheets of IREP together; `None` when none is.
pub(crate) fn of_sheets(sheets: &[Sheet], file_name: &str, context: &Context) -> Option<Reading> {
    let mut sites: BTreeMap<String, (Draft, usize, u32)> = BTreeMap::new();
    let mut flows: Vec<(usize, [u32; 9])> = Vec::new();
    let mut known = false;
    for (at, sheet) in sheets.iter().enumerate() {
        let Some(head) = sheet.rows.first() else {
            continue;
        };
        if let Some(columns) = columns(head, OF_SITES) {
            known = true;
            for row in &sheet.rows[1..] {
                let [id, ..] = columns;
                sites.insert(
                    row.text(id).to_owned(),
                    (site(row, columns, context), at, row.number),
                );
            }
        } else if let Some(columns) = columns(head, OF_FLOWS) {
            known = true;
            flows.push((at, columns));
        }
    }
    if !known {
        return None;
    }
    let mut reading = Reading::default();
    reading.sheets = sheets.iter().map(|sheet| sheet.name.clone()).collect();
    // Sheet and rows of each draft.
    let mut drafts: Vec<(Draft, usize, Vec<u32>)> = Vec::new();
    for (draft, at, row) in sites.values() {
        drafts.push((draft.clone(), *at, vec![*row]));
    }
    for (at, columns) in flows {
        let declared = declared(&sheets[at], columns, &mut reading);
        for ((id, code, operation), flow) in declared {
            let place = sites.get(&id).map(|(draft, ..)| draft);
            if let Some((draft, rows)) = flow.draft(&id, &code, &operation, place) {
                drafts.push((draft, at, rows));
            }
        }
    }
    let mut rows = Vec::with_capacity(drafts.len());
    let mut found = Vec::new();
    for (at, (draft, ..)) in drafts.iter().enumerate() {
        let read = read_row(draft, context);
        found.extend(read.findings.into_iter().map(|finding| (at, finding)));
        rows.push(read.value);
    }
    let gathered = gather(&rows, context);
    found.extend(gathered.findings);
    found.sort_by_key(|(at, _)| *at);
    let place = |at: usize| Place {
        sheet: sheets[drafts[at].1].name.clone(),
        row: drafts[at].2[0],
        ..Place::default()
    };
    for (at, finding) in found {
        reading.findings.push(finding.at(place(at)));
    }
    for (key, at) in gathered.rows {
        reading.placed(key, place(at), drafts[at].2.clone());
    }
    reading.declaration = gathered.declaration;
    let lost = |flow: &&boucle_domain::flow::Flow| {
        let site = reading
            .declaration
            .sites
            .iter()
            .find(|site| site.key == flow.key.site);
        site.is_some_and(|site| site.position.is_none())
    };
    let lost = reading.declaration.flows.iter().filter(lost).count();
    if lost > 0 {
        reading.findings.push(without_place(lost, file_name));
    }
    Some(reading)
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
fn declared(sheet: &Sheet, columns: [u32; 9], reading: &mut Reading) -> BTreeMap<Key, Declared> {
    let mut all: BTreeMap<Key, Declared> = BTreeMap::new();
    for row in sheet.rows.iter().skip(1) {
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
                .push(no_number(value, sheet, row.number, column));
            reading.refused.push(RowPlace {
                sheet: sheet.name.clone(),
                row: row.number,
            });
            continue;
        }
        let (Ok(year), Some(number)) = (year.parse::<i16>(), number) else {
            continue;
        };
        let key = (id.to_owned(), code.to_owned(), operation.to_owned());
        let flow = all.entry(key).or_default();
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
        id: &str,
        code: &str,
        operation: &str,
        site: Option<&Draft>,
    ) -> Option<(Draft, Vec<u32>)> {
        let (year, (quantity, rows)) = self.years.last_key_value()?;
        let mut draft = site.cloned().unwrap_or_else(|| {
            Draft::new()
                .with(Field::Firm, &self.firm)
                .with(Field::SiteId, format!("LOCAL:{id}"))
        });
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

fn no_number(value: &str, sheet: &Sheet, row: u32, column: u32) -> Diagnostic {
    let cause = Text::new(
        "ce n'est pas un nombre positif",
        "this is no positive number",
    );
    let fix = Text::new("écrivez 12 ou 12,5", "write 12 or 12.5");
    Finding::new(Code::E1103, None, value, cause, fix).at(Place {
        sheet: sheet.name.clone(),
        row,
        column: letters(column),
        field: String::new(),
    })
}

/// Flows whose site no list places.
fn without_place(flows: usize, file_name: &str) -> Diagnostic {
    let cause = Text::new(
        format!("{flows} flux d'établissements sans position : ils seront hors des propositions"),
        format!("{flows} flows of sites without position: they will be left out of proposals"),
    );
    let fix = Text::new(
        "ajoutez le fichier des établissements de l'IREP (etablissements.csv) comme deuxième feuille du classeur",
        "add IREP's file of establishments (etablissements.csv) as a second sheet of the workbook",
    );
    Finding::new(Code::W2803, None, &flows.to_string(), cause, fix).at(Place {
        sheet: file_name.to_owned(),
        ..Place::default()
    })
}
