//! Rows of every layout of a declaration, joined once: keys and partners settled, each finding at its
//! place, each row that came to nothing told.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use boucle_domain::diagnostic::{Place, Severity};
use boucle_domain::id::{FirmKey, SiteKey, normalised};
use boucle_domain::organisation::Site;
use boucle_domain::validate::{
    Context, Declaration, Draft, Field, Finding, Group, Read, RowDeclaration, gather, read_row,
};

use crate::reading::{Reading, RowPlace};
use crate::sheet::letters;

/// The column that each field of a table was read from.
pub(crate) type Columns = Rc<BTreeMap<Field, u32>>;

/// Where a row of the template was read from.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// Sheet, as findings name it.
    pub sheet: Rc<str>,
    /// Its row, or all those it was summed up from; never empty.
    pub rows: Vec<u32>,
    /// The columns it was read from.
    pub columns: Columns,
    /// It was summed up from lines of another layout: the flow keeps them all.
    pub summed: bool,
    /// Something in it was refused before it was read.
    pub refused: bool,
    /// It speaks of a flow: when none comes of it, it is refused.
    pub of_flow: bool,
}

impl Origin {
    /// Where a flow or site of another layout comes from.
    pub fn summed(sheet: &Rc<str>, rows: Vec<u32>, columns: &Columns) -> Origin {
        Origin {
            sheet: Rc::clone(sheet),
            rows,
            columns: Rc::clone(columns),
            summed: true,
            refused: false,
            of_flow: false,
        }
    }

    fn place(&self, field: Option<Field>) -> Place {
        let column = field.and_then(|field| self.columns.get(&field));
        Place {
            sheet: self.sheet.to_string(),
            row: self.rows.first().copied().unwrap_or(0),
            column: column.map_or(String::new(), |&column| letters(column)),
            field: field.map_or(String::new(), |field| field.code().to_owned()),
        }
    }
}

/// Rows read, before they are joined.
#[derive(Default)]
pub(crate) struct Entries {
    rows: Vec<RowDeclaration>,
    origins: Vec<Origin>,
    found: Vec<(usize, Finding)>,
}

impl Entries {
    /// Reads a row of the template that another layout gives.
    pub fn draft(&mut self, draft: &Draft, mut origin: Origin, context: &Context) {
        origin.of_flow = draft.speaks_of(Group::Flow);
        self.add(read_row(draft, context), origin);
    }

    /// Adds a row that was read.
    pub fn add(&mut self, read: Read<RowDeclaration>, origin: Origin) {
        let at = self.rows.len();
        self.found
            .extend(read.findings.into_iter().map(|finding| (at, finding)));
        self.rows.push(read.value);
        self.origins.push(origin);
    }

    /// Joins the rows into the declaration of a reading.
    pub fn join(mut self, context: &Context, reading: &mut Reading) {
        let gathered = gather(&self.rows, context);
        self.found.extend(gathered.findings);
        // Stable: of one row, what was read first comes first.
        self.found.sort_by_key(|(at, _)| *at);
        let mut faulty: BTreeSet<usize> = (0..self.origins.len())
            .filter(|&at| self.origins[at].refused)
            .collect();
        for (at, finding) in self.found {
            if finding.severity() == Severity::Error {
                faulty.insert(at);
            }
            let place = self.origins[at].place(finding.field);
            reading.findings.push(finding.at(place));
        }
        let mut came: BTreeSet<usize> = BTreeSet::new();
        let firms = names(&gathered.declaration);
        for (key, at) in gathered.rows {
            let (written, settled) = (&self.rows[at].firm.name, firms.get(&key.site));
            if !written.is_empty()
                && settled.is_some_and(|settled| normalised(settled) != normalised(written))
            {
                reading.declared_by.insert(key.clone(), written.clone());
            }
            if faulty.contains(&at) {
                reading.refused_flows.insert(key.clone());
            }
            came.insert(at);
            let origin = &self.origins[at];
            let rows = origin.summed.then(|| origin.rows.clone());
            reading.placed(key, origin.place(None), rows);
        }
        reading.declaration = gathered.declaration;
        refuse(&self.origins, &came, reading);
    }
}

/// The name of the firm of each site.
fn names(declaration: &Declaration) -> BTreeMap<SiteKey, String> {
    let firms: BTreeMap<&FirmKey, &str> = declaration
        .firms
        .iter()
        .map(|firm| (&firm.key, firm.name.as_str()))
        .collect();
    let named = |site: &Site| Some((site.key.clone(), firms.get(&site.firm)?.to_string()));
    declaration.sites.iter().filter_map(named).collect()
}

/// A row is refused when an error stands in it, or when the flow it speaks of came to nothing.
fn refuse(origins: &[Origin], came: &BTreeSet<usize>, reading: &mut Reading) {
    let errors: BTreeSet<(&str, u32)> = reading
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| (finding.place.sheet.as_str(), finding.place.row))
        .collect();
    // Several drafts may stand on one row: it came to something if one did.
    let flows: BTreeSet<(&str, u32)> = came
        .iter()
        .map(|&at| (&*origins[at].sheet, origins[at].place(None).row))
        .collect();
    let mut refused: Vec<RowPlace> = Vec::new();
    for origin in origins {
        let key = (&*origin.sheet, origin.place(None).row);
        if errors.contains(&key) || origin.of_flow && !flows.contains(&key) {
            refused.extend(origin.rows.iter().map(|&row| RowPlace {
                sheet: origin.sheet.to_string(),
                row,
            }));
        }
    }
    reading.refused.extend(refused);
}
