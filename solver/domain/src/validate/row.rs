//! One row on its own: its typed parts, with every finding.

use super::context::Context;
use super::draft::Draft;
use super::field::{Field, Group};
use super::finding::Finding;
use super::reader::Reader;
use crate::diagnostic::Severity;
use crate::flow::Flow;
use crate::geo::Point;
use crate::id::{ActivityCode, ExternalId, FlowKey};
use crate::organisation::Agreement;

/// A value with all that was found while reading it.
#[derive(Clone, Debug, PartialEq)]
pub struct Read<T> {
    /// What was read.
    pub value: T,
    /// Every finding, in the order of the fields.
    pub findings: Vec<Finding>,
}

impl<T> Read<T> {
    /// Whether a finding refuses it.
    pub fn is_refused(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity() == Severity::Error)
    }
}

/// What a row says of its firm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FirmRead {
    /// Its name; empty when the row names only the site.
    pub name: String,
    /// Its identifier, taken from the SIRET of the site where none is written.
    pub external: Option<ExternalId>,
}

/// What a row says of its site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteRead {
    /// Its name; empty for the only site of the firm.
    pub name: String,
    /// Its identifier.
    pub external: Option<ExternalId>,
    /// Main activity.
    pub activity: Option<ActivityCode>,
    /// INSEE code of its commune.
    pub commune: Option<String>,
    /// Declared point.
    pub point: Option<Point>,
    /// Staff.
    pub headcount: Option<u32>,
    /// ICPE rubrics, sorted.
    pub icpe_rubrics: Vec<String>,
}

/// The typed parts of one row. Keys in it are those the row gives on its own; [`super::gather`]
/// settles them once every row is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowDeclaration {
    /// Its firm.
    pub firm: FirmRead,
    /// Its site.
    pub site: SiteRead,
    /// Key of the flow as far as the row tells, even when the flow itself is refused.
    pub flow_key: Option<FlowKey>,
    /// Whether that key comes from the `ref` column.
    pub has_reference: bool,
    /// The flow, if the row declares one and nothing refuses it.
    pub flow: Option<Flow>,
    /// Words of the partner column.
    pub partner: String,
    /// An agreement of the site, if the row declares one and nothing refuses it.
    pub agreement: Option<Agreement>,
}

/// Reads one row. Never panics, whatever the text; never stops at the first finding.
pub fn read_row(draft: &Draft, context: &Context) -> Read<RowDeclaration> {
    let mut reader = Reader {
        draft,
        context,
        findings: Vec::new(),
    };
    let mut row = RowDeclaration::default();
    (row.firm, row.site) = reader.firm_and_site();
    if draft.speaks_of(Group::Flow) {
        reader.read_flow(&mut row);
    }
    if draft.speaks_of(Group::Agreement) {
        row.agreement = reader.agreement();
    }
    let mut findings = reader.findings;
    // Fields in the order of the columns; what concerns the whole row last.
    findings.sort_by_key(|finding| (finding.field.is_none(), finding.field));
    Read {
        value: row,
        findings,
    }
}

impl Reader<'_> {
    /// How many errors were found so far.
    pub(super) fn errors(&self) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity() == Severity::Error)
            .count()
    }

    /// Reads the flow of the row into it.
    fn read_flow(&mut self, row: &mut RowDeclaration) {
        let before = self.errors();
        for field in [Field::Direction, Field::Name] {
            if self.get(field).is_empty() {
                self.missing(field);
            }
        }
        let direction = self.direction();
        row.partner = self.get(Field::Partner).to_owned();
        row.has_reference = !self.get(Field::Ref).is_empty();
        row.flow_key = direction.and_then(|direction| self.flow_key(row, direction));
        let flow = self.flow(row.flow_key.clone(), direction);
        if self.errors() == before {
            row.flow = flow;
        }
    }
}
