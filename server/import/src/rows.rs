//! The rows of every sheet, read, joined, and each finding set at its place.

mod amounts;
mod proposal;
mod told;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use boucle_domain::diagnostic::{Code, Diagnostic, Place, Severity};
use boucle_domain::id::FlowKey;
use boucle_domain::suggestion;
use boucle_domain::text::Text;
use boucle_domain::validate::{
    Context, Declaration, Draft, Field, Finding, RowDeclaration, gather, read_row,
};

use crate::irep;
use crate::layout::Table;
use crate::mapping::Mapping;
use crate::register;
use crate::sheet::{Sheet, letters};
use crate::sniff;

/// What a file declares, and all that was found in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Firms, sites and flows that could be read. Only to be stored when nothing refuses the file.
    pub declaration: Declaration,
    /// Every finding, in the order of sheets and rows.
    pub findings: Vec<Diagnostic>,
    /// Rows read, those skipped left out.
    pub rows: usize,
    /// Rows that are no flows, and why.
    pub skipped: Vec<Skipped>,
    /// Rows that could not be read, in order; each has a finding of severity error.
    pub refused: Vec<RowPlace>,
    /// The mapping to confirm, when the columns could not all be told apart.
    pub proposal: Option<Mapping>,
    /// Shapes of the tables that were read with the mapping given.
    pub mapped_shapes: BTreeSet<String>,
    /// Example rows among those skipped.
    pub examples: usize,
    /// Suggestions among those skipped, which nobody confirmed.
    pub unconfirmed: usize,
    /// Flows of these that the sheet says the site does not have: not to be suggested again.
    pub denied: BTreeSet<FlowKey>,
    /// Flows of rows that are refused for something beside: not listed among what was read.
    pub(crate) refused_flows: BTreeSet<FlowKey>,
    /// Names of the sheets, in order.
    pub(crate) sheets: Vec<String>,
    /// Where each flow stands.
    places: BTreeMap<FlowKey, Place>,
    /// Every row of the flows that were summed up from several.
    rows_of: BTreeMap<FlowKey, Vec<u32>>,
}

/// A row of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowPlace {
    /// The sheet.
    pub sheet: String,
    /// The row, as the spreadsheet counts.
    pub row: u32,
}

/// A row that is no flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stands.
    pub place: RowPlace,
    /// What it is instead.
    pub reason: SkipReason,
}

/// What a row is that is no flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// Above the table.
    Title,
    /// The headings of a table.
    Headings,
    /// The same headings again.
    HeadingsRepeated,
    /// Nothing stands in it.
    Blank,
    /// It says something of the rows below.
    Section,
    /// A total or subtotal.
    Total,
    /// A footnote or comment.
    Remark,
    /// An example of the template.
    Example,
    /// A suggestion that nobody confirmed.
    Unconfirmed,
    /// It says that there is no flow.
    NothingDeclared,
    /// Nothing stands in the columns that are read.
    NothingRead,
}

impl SkipReason {
    /// The words for it.
    pub fn text(self) -> Text {
        let (fr, en) = match self {
            SkipReason::Title => ("titre", "title"),
            SkipReason::Headings => ("en-têtes", "headings"),
            SkipReason::HeadingsRepeated => ("en-têtes répétés", "headings repeated"),
            SkipReason::Blank => ("ligne vide", "blank row"),
            SkipReason::Section => ("intertitre", "section title"),
            SkipReason::Total => ("total", "total"),
            SkipReason::Remark => ("remarque", "remark"),
            SkipReason::Example => ("exemple du modèle", "example of the template"),
            SkipReason::Unconfirmed => ("suggestion non confirmée", "suggestion not confirmed"),
            SkipReason::NothingDeclared => ("aucun flux déclaré", "no flow declared"),
            SkipReason::NothingRead => (
                "rien dans les colonnes lues",
                "nothing in the columns that are read",
            ),
        };
        Text::new(fr, en)
    }

    /// Whether it stands among the rows of flows and holds words that are not read.
    fn leaves_aside(self) -> bool {
        !matches!(
            self,
            SkipReason::Title | SkipReason::Headings | SkipReason::Blank
        )
    }
}

/// Mappings to read with: the one given, and those confirmed before, by the shape of their sheet.
#[derive(Clone, Debug, Default)]
pub struct Mappings {
    /// Given with the file: goes before all else.
    pub given: Option<Mapping>,
    /// Confirmed before, by shape.
    pub kept: BTreeMap<String, Mapping>,
}

impl Reading {
    /// Whether a finding refuses the file.
    pub fn is_refused(&self) -> bool {
        boucle_domain::diagnostic::refuses(&self.findings)
    }

    /// How many rows below the headings were left aside.
    pub fn left_aside(&self) -> usize {
        self.skipped
            .iter()
            .filter(|skipped| skipped.reason.leaves_aside())
            .count()
    }

    /// Where a flow stands in the file.
    pub fn place(&self, flow: &FlowKey) -> Option<&Place> {
        self.places.get(flow)
    }

    /// The rows of a flow: one, or all those it was summed up from.
    pub fn rows_of(&self, flow: &FlowKey) -> Vec<u32> {
        match (self.rows_of.get(flow), self.places.get(flow)) {
            (Some(rows), _) => rows.clone(),
            (None, place) => place.map(|place| place.row).into_iter().collect(),
        }
    }

    /// Sets a flow that was summed up from several rows at its place.
    pub(crate) fn placed(&mut self, flow: FlowKey, place: Place, rows: Vec<u32>) {
        self.rows_of.insert(flow.clone(), rows);
        self.places.insert(flow, place);
    }

    /// The findings that refuse an import that may only append, one per flow that exists already.
    pub fn conflicts(&self, existing: &[FlowKey]) -> Vec<Diagnostic> {
        let finding = |key: &FlowKey| {
            let cause = Text::new(
                "ce flux existe déjà dans la zone, et l'import ne peut qu'ajouter",
                "this flow exists in the zone already, and the import may only append",
            );
            let fix = Text::new(
                "importez en mode fusion, ou changez la référence",
                "import in merge mode, or change the reference",
            );
            let place = self.place(key).cloned().unwrap_or_default();
            Finding::new(Code::E1703, Field::Ref, &key.reference, cause, fix).at(place)
        };
        existing.iter().map(finding).collect()
    }
}

/// One row of a sheet as a draft, with its place.
struct PlacedDraft {
    draft: Draft,
    /// Index of its table.
    table: usize,
    block: usize,
    number: u32,
    /// Fields whose cell was refused before reading: that they are empty is no second finding.
    refused: Vec<Field>,
    /// Whether it is a suggestion that the firm denies: who it is about is all that is read of it.
    denied: bool,
}

/// A table of a sheet.
struct Headed<'s> {
    sheet: &'s Sheet,
    sheet_at: usize,
    table: Table,
    missing: Vec<Field>,
}

/// Reads a workbook or a text. Never panics and never stops at the first finding; the declaration
/// does not depend on the order of the rows.
pub fn read(bytes: &[u8], file_name: &str, context: &Context) -> Reading {
    read_with(bytes, file_name, context, &Mappings::default())
}

/// The same, with mappings of columns to fields.
pub fn read_with(bytes: &[u8], file_name: &str, context: &Context, mappings: &Mappings) -> Reading {
    let mut reading = Reading::default();
    // A mapping that is given goes before any layout that is known.
    if mappings.given.is_none()
        && let Some(register) =
            sniff::text(bytes).and_then(|bytes| register::of_text(bytes, file_name, context))
    {
        return register;
    }
    let sheets = match sniff::sheets(bytes, file_name) {
        Ok(sheets) => sheets,
        Err(finding) => {
            reading.findings.push(finding.at(whole(file_name)));
            return reading;
        }
    };
    if mappings.given.is_none()
        && let Some(register) = register::of_sheets(&sheets, file_name, context)
            .or_else(|| irep::of_sheets(&sheets, file_name, context))
    {
        return register;
    }
    reading.sheets = sheets.iter().map(|sheet| sheet.name.clone()).collect();
    if let Some(given) = &mappings.given {
        let unknown = given.unknown_fields();
        if !unknown.is_empty() {
            reading
                .findings
                .push(told::unknown_fields(&unknown).at(whole(file_name)));
            return reading;
        }
    }
    let mut headed: Vec<Headed> = Vec::new();
    let mut drafts: Vec<PlacedDraft> = Vec::new();
    for (sheet_at, sheet) in sheets.iter().enumerate() {
        walk::sheet(
            sheet,
            sheet_at,
            sheets.len(),
            mappings,
            &mut headed,
            &mut drafts,
            &mut reading,
        );
    }
    if headed.is_empty() {
        reading.findings.push(told::no_headings(file_name));
        reading.proposal = proposal::of_nothing(&sheets);
        return reading;
    }
    let (denied, drafts): (Vec<_>, Vec<_>) = drafts.into_iter().partition(|draft| draft.denied);
    reading.denied = denied_flows(&denied, context);
    missing_columns(&mut headed, &drafts, &mut reading);
    read_drafts(&drafts, &headed, context, &mut reading);
    if reading
        .findings
        .iter()
        .any(|finding| matches!(finding.code, Code::E1005 | Code::E1010))
    {
        reading.proposal = proposal::of(&headed);
    }
    in_order(&sheets, &mut reading);
    told::once(file_name, &mut reading);
    reading
}

/// A place that is the whole file.
fn whole(file_name: &str) -> Place {
    Place {
        sheet: file_name.to_owned(),
        ..Place::default()
    }
}

/// Required fields that no column gives and no row has: told once, not on every row.
fn missing_columns(headed: &mut [Headed], drafts: &[PlacedDraft], reading: &mut Reading) {
    for (at, table) in headed.iter_mut().enumerate() {
        if table.table.content != crate::layout::Content::Flows {
            continue;
        }
        let of_table = || drafts.iter().filter(|draft| draft.table == at);
        table.missing = table
            .table
            .missing()
            .into_iter()
            .filter(|&field| {
                let in_cell = field == Field::Unit || field == Field::Period;
                !of_table().any(|placed| {
                    placed.draft.has(field)
                        || in_cell && walk::cell_gives(&placed.draft, field)
                        || field == Field::Firm
                            && (placed.draft.has(Field::SiteId) || placed.draft.has(Field::FirmId))
                })
            })
            .collect();
        let number = table
            .sheet
            .rows
            .get(table.table.first)
            .map_or(0, |row| row.number);
        for &field in &table.missing {
            let place = Place {
                sheet: table.sheet.name.clone(),
                row: number,
                ..Place::default()
            };
            reading.findings.push(told::missing(field).at(place));
        }
    }
}

/// The flows that denied suggestions would have been. What else is wrong with a row does not matter.
fn denied_flows(denied: &[PlacedDraft], context: &Context) -> BTreeSet<FlowKey> {
    let rows: Vec<RowDeclaration> = denied
        .iter()
        .map(|placed| read_row(&placed.draft, context).value)
        .collect();
    let flows = gather(&rows, context).declaration.flows;
    flows
        .into_iter()
        .map(|flow| flow.key)
        .filter(|key| key.reference.starts_with(suggestion::REFERENCE))
        .collect()
}

/// Reads the drafts, joins them, and sets the findings at their places.
fn read_drafts(
    drafts: &[PlacedDraft],
    headed: &[Headed],
    context: &Context,
    reading: &mut Reading,
) {
    let mut rows: Vec<RowDeclaration> = Vec::with_capacity(drafts.len());
    let mut found: Vec<(usize, Finding)> = Vec::new();
    for (at, placed) in drafts.iter().enumerate() {
        let read = read_row(&placed.draft, context);
        let known = |finding: &Finding| {
            let field = finding.field;
            finding.code == Code::E1109
                && field.is_some_and(|field| {
                    // Where the cell of the quantity alone would have given them.
                    let of_quantity = matches!(field, Field::Unit | Field::Period)
                        && placed.refused.contains(&Field::Quantity)
                        && !headed[placed.table].table.has(field);
                    of_quantity
                        || placed.refused.contains(&field)
                        || headed[placed.table].missing.contains(&field)
                })
        };
        found.extend(
            read.findings
                .into_iter()
                .filter(|finding| !known(finding))
                .map(|finding| (at, finding)),
        );
        rows.push(read.value);
    }
    let gathered = gather(&rows, context);
    found.extend(gathered.findings);
    // Stable: of one row, what was read first comes first.
    found.sort_by_key(|(at, _)| *at);
    let mut faulty: BTreeSet<usize> = (0..drafts.len())
        .filter(|&at| !drafts[at].refused.is_empty())
        .collect();
    for (at, finding) in found {
        if finding.severity() == Severity::Error {
            faulty.insert(at);
        }
        let placed = &drafts[at];
        let place = placed.place(headed, finding.field);
        reading.findings.push(finding.at(place));
    }
    reading.rows = drafts.len();
    for (key, at) in gathered.rows {
        if faulty.contains(&at) {
            reading.refused_flows.insert(key.clone());
        }
        reading.places.insert(key, drafts[at].place(headed, None));
    }
    reading.declaration = gathered.declaration;
    // A row is refused when an error stands in it, or when the flow it speaks of came to nothing.
    let flows: BTreeSet<(&str, u32)> = reading
        .places
        .values()
        .map(|place| (place.sheet.as_str(), place.row))
        .collect();
    let mut refused: BTreeSet<(usize, u32)> = BTreeSet::new();
    let errors: BTreeSet<(&str, u32)> = reading
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| (finding.place.sheet.as_str(), finding.place.row))
        .collect();
    for placed in drafts {
        let sheet = headed[placed.table].sheet;
        let key = (sheet.name.as_str(), placed.number);
        let lost =
            placed.draft.speaks_of(boucle_domain::validate::Group::Flow) && !flows.contains(&key);
        if errors.contains(&key) || lost {
            refused.insert((headed[placed.table].sheet_at, placed.number));
        }
    }
    let name = |at: usize| {
        headed
            .iter()
            .find(|headed| headed.sheet_at == at)
            .map_or(String::new(), |headed| headed.sheet.name.clone())
    };
    reading.refused = refused
        .into_iter()
        .map(|(at, row)| RowPlace {
            sheet: name(at),
            row,
        })
        .collect();
}

impl PlacedDraft {
    fn place(&self, headed: &[Headed], field: Option<Field>) -> Place {
        let headed = &headed[self.table];
        let column = field.and_then(|field| headed.table.column_of(field, self.block));
        Place {
            sheet: headed.sheet.name.clone(),
            row: self.number,
            column: column.map_or(String::new(), letters),
            field: field.map_or(String::new(), |field| field.code().to_owned()),
        }
    }
}

/// Findings and skipped rows in the order of sheets and rows.
fn in_order(sheets: &[Sheet], reading: &mut Reading) {
    let order: BTreeMap<&str, usize> = sheets
        .iter()
        .enumerate()
        .map(|(at, sheet)| (sheet.name.as_str(), at))
        .collect();
    let at = |sheet: &str| order.get(sheet).copied().unwrap_or(usize::MAX);
    reading
        .findings
        .sort_by_key(|finding| (at(&finding.place.sheet), finding.place.row));
    reading
        .skipped
        .sort_by_key(|skipped| (at(&skipped.place.sheet), skipped.place.row));
}
