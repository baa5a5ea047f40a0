//! What was read of a file: the declaration, every finding, and what became of each row.

use std::collections::{BTreeMap, BTreeSet};

use boucle_domain::diagnostic::{Code, Diagnostic, Place};
use boucle_domain::id::FlowKey;
use boucle_domain::text::Text;
use boucle_domain::validate::{Declaration, Field, Finding};

use crate::mapping::Mapping;
use crate::sheet::Sheet;

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
    /// Who declared a flow, where its site goes by the name of another row.
    pub(crate) declared_by: BTreeMap<FlowKey, String>,
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
    /// The place it speaks of is closed.
    Closed,
    /// An area of the CNIG standard, told and not stored.
    Area,
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
            SkipReason::Closed => ("établissement fermé", "site closed"),
            SkipReason::Area => ("périmètre du standard CNIG", "area of the CNIG standard"),
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

impl Mappings {
    /// The mapping given, for a sheet of the file it speaks of.
    pub(crate) fn given_for(&self, accompanies: bool) -> Option<&Mapping> {
        self.given.as_ref().filter(|_| !accompanies)
    }
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

    /// Sets a flow at its place, with the rows it was summed up from, if it was.
    pub(crate) fn placed(&mut self, flow: FlowKey, place: Place, rows: Option<Vec<u32>>) {
        if let Some(rows) = rows {
            self.rows_of.insert(flow.clone(), rows);
        }
        self.places.insert(flow, place);
    }

    /// Rows above the headings of a sheet, by the index of these.
    pub(crate) fn titles(&mut self, sheet: &Sheet, headings: usize) {
        let above = sheet.rows.iter().take(headings);
        self.skipped.extend(above.map(|row| Skipped {
            place: RowPlace {
                sheet: sheet.name.clone(),
                row: row.number,
            },
            reason: SkipReason::Title,
        }));
    }

    /// The headings of the table of a public file, and the rows above them.
    pub(crate) fn headings(&mut self, sheet: &Sheet, below: usize) {
        let Some(headings) = below.checked_sub(1) else {
            return;
        };
        self.titles(sheet, headings);
        self.skipped
            .extend(sheet.rows.get(headings).map(|row| Skipped {
                place: RowPlace {
                    sheet: sheet.name.clone(),
                    row: row.number,
                },
                reason: SkipReason::Headings,
            }));
    }

    /// Findings, skipped and refused rows in the order of sheets and rows; what is said of the whole
    /// file last.
    pub(crate) fn in_order(&mut self) {
        let order: BTreeMap<&str, usize> = self
            .sheets
            .iter()
            .enumerate()
            .map(|(at, sheet)| (sheet.as_str(), at))
            .collect();
        let at = |sheet: &str| order.get(sheet).copied().unwrap_or(usize::MAX);
        self.findings
            .sort_by_key(|finding| (at(&finding.place.sheet), finding.place.row));
        self.skipped
            .sort_by_key(|skipped| (at(&skipped.place.sheet), skipped.place.row));
        self.refused
            .sort_by_key(|place| (at(&place.sheet), place.row));
        self.refused.dedup();
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
