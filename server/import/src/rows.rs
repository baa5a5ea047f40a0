//! Files as sheets, sheets as rows: each sheet is read as the layout it is in, and all of them are joined.

mod amounts;
mod proposal;
mod told;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use boucle_domain::diagnostic::{Code, Place};
use boucle_domain::id::FlowKey;
use boucle_domain::suggestion;
use boucle_domain::validate::{Context, Draft, Field, Finding, RowDeclaration, gather, read_row};

use crate::entries::{Columns, Entries, Origin};
use crate::layout::{Content, Table};
use crate::reading::{Mappings, Reading};
use crate::sheet::Sheet;
use crate::{cnig, irep, limits, register, sniff};

/// A file to read.
#[derive(Clone, Copy, Debug)]
pub struct File<'b> {
    /// Its name, for people; its content decides what it is.
    pub name: &'b str,
    /// Its bytes.
    pub bytes: &'b [u8],
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
    let file = File {
        name: file_name,
        bytes,
    };
    read_files(file, &[], context, mappings)
}

/// Reads a file together with those that accompany it: establishments beside their yearly flows, the
/// areas beside their sites. A mapping that is given speaks of the first file only; the limits hold for
/// all files together.
pub fn read_files(
    file: File,
    accompanying: &[File],
    context: &Context,
    mappings: &Mappings,
) -> Reading {
    let mut reading = Reading::default();
    let mut entries = Entries::default();
    let files = || std::iter::once(&file).chain(accompanying);
    if let Err(finding) = sniff::within_limits(files().map(|file| file.bytes.len())) {
        reading.findings.push(finding.at(whole(file.name)));
        return reading;
    }
    let mut known = Known::default();
    let mut sheets: Vec<Sheet> = Vec::new();
    let (mut unpacked, mut filled) = (limits::UNPACKED_BYTES, 0);
    for (at, file) in files().enumerate() {
        // A mapping that is given goes before any layout that is known.
        let mapped = at == 0 && mappings.given.is_some();
        let text = sniff::text(file.bytes).filter(|_| !mapped);
        let name = sniff::free_name(file.name, &reading.sheets);
        if let Some(bytes) = text
            && register::of_text(bytes, &name, context, &mut entries, &mut reading)
        {
            reading.sheets.push(name);
            known.register = true;
            continue;
        }
        match sniff::sheets(file.bytes, &name, &mut unpacked) {
            Ok(found) => {
                for mut sheet in found {
                    if at > 0 {
                        sheet.accompany(&name);
                    }
                    reading.sheets.push(sheet.name.clone());
                    filled += sheet.filled();
                    sheets.push(sheet);
                }
                if at > 0 && filled > limits::CELLS {
                    reading
                        .findings
                        .push(sniff::too_many_cells(filled).at(whole(&name)));
                    return reading;
                }
            }
            Err(finding) => {
                reading.findings.push(finding.at(whole(&name)));
                return reading;
            }
        }
    }
    let open: Vec<&Sheet> = sheets
        .iter()
        .filter(|sheet| !sheet.hidden && (mappings.given.is_none() || sheet.accompanies_a_file()))
        .collect();
    known.read(&open, file.name, context, &mut entries, &mut reading);
    if let Some(given) = &mappings.given {
        let unknown = given.unknown_fields();
        if !unknown.is_empty() {
            reading
                .findings
                .push(told::unknown_fields(&unknown).at(whole(file.name)));
            return reading;
        }
    }
    let mut headed: Vec<Headed> = Vec::new();
    let mut drafts: Vec<PlacedDraft> = Vec::new();
    for sheet in &sheets {
        if known.sheets.contains(&sheet.name) {
            continue;
        }
        if known.any() && walk::left_beside(sheet, mappings) {
            reading.findings.push(told::left_beside(sheet));
            continue;
        }
        let count = reading.sheets.len();
        walk::sheet(
            sheet,
            count,
            mappings,
            &mut headed,
            &mut drafts,
            &mut reading,
        );
    }
    if headed.is_empty() && !known.any() {
        reading.findings.push(told::no_headings(file.name));
        reading.proposal = proposal::of_nothing(&sheets);
        return reading;
    }
    let (denied, drafts): (Vec<_>, Vec<_>) = drafts.into_iter().partition(|draft| draft.denied);
    reading.denied = denied_flows(&denied, context);
    missing_columns(&mut headed, &drafts, &mut reading);
    reading.rows += drafts.len();
    enter(&drafts, &headed, context, &mut entries);
    entries.join(context, &mut reading);
    if reading
        .findings
        .iter()
        .any(|finding| matches!(finding.code, Code::E1005 | Code::E1010))
    {
        reading.proposal = proposal::of(&headed);
    }
    known.tell(file.name, &mut reading);
    reading.in_order();
    told::once(file.name, known.any(), &mut reading);
    reading
}

/// The layouts that are known beside the template, and their sheets.
#[derive(Default)]
struct Known {
    sheets: BTreeSet<String>,
    register: bool,
    irep: bool,
}

impl Known {
    fn any(&self) -> bool {
        self.register || !self.sheets.is_empty()
    }

    /// Reads the sheets that are of one of them.
    fn read(
        &mut self,
        sheets: &[&Sheet],
        file_name: &str,
        context: &Context,
        entries: &mut Entries,
        reading: &mut Reading,
    ) {
        let registers = register::of_sheets(sheets, file_name, context, entries, reading);
        self.register |= !registers.is_empty();
        self.sheets.extend(registers);
        let of_irep = irep::of_sheets(sheets, context, entries, reading);
        self.irep = !of_irep.is_empty();
        self.sheets.extend(of_irep);
        self.sheets
            .extend(cnig::of_sheets(sheets, context, entries, reading));
    }

    /// What is told once of all that was read.
    fn tell(&self, file_name: &str, reading: &mut Reading) {
        if self.register {
            register::tell_places(file_name, reading);
        } else if self.irep {
            irep::tell_places(file_name, reading);
        }
    }
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
        if table.table.content != Content::Flows {
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
        .map(|placed| read_row(&who_and_what(&placed.draft), context).value)
        .collect();
    let flows = gather(&rows, context).declaration.flows;
    flows
        .into_iter()
        .map(|flow| flow.key)
        .filter(|key| key.reference.starts_with(suggestion::REFERENCE))
        .collect()
}

/// Of a draft, what tells which flow it is about; any quantity will do.
fn who_and_what(draft: &Draft) -> Draft {
    let mut about = Draft::new()
        .with(Field::Quantity, "0")
        .with(Field::Unit, "t")
        .with(Field::Period, "an");
    for field in [
        Field::Firm,
        Field::FirmId,
        Field::Site,
        Field::SiteId,
        Field::Commune,
        Field::Direction,
        Field::Ref,
        Field::Name,
    ] {
        about.set(field, draft.get(field));
    }
    about
}

/// Reads the drafts, with what their tables leave unsaid told once.
fn enter(drafts: &[PlacedDraft], headed: &[Headed], context: &Context, entries: &mut Entries) {
    let mut columns: BTreeMap<(usize, usize), Columns> = BTreeMap::new();
    for placed in drafts {
        let of_table = &headed[placed.table];
        let mut read = read_row(&placed.draft, context);
        let known = |finding: &Finding| {
            let field = finding.field;
            finding.code == Code::E1109
                && field.is_some_and(|field| {
                    // Where the cell of the quantity alone would have given them.
                    let of_quantity = matches!(field, Field::Unit | Field::Period)
                        && placed.refused.contains(&Field::Quantity)
                        && !of_table.table.has(field);
                    of_quantity
                        || placed.refused.contains(&field)
                        || of_table.missing.contains(&field)
                })
        };
        read.findings.retain(|finding| !known(finding));
        let columns = columns
            .entry((placed.table, placed.block))
            .or_insert_with(|| Rc::new(of_table.table.columns_of(placed.block)));
        let origin = Origin {
            sheet: Rc::from(of_table.sheet.name.as_str()),
            rows: vec![placed.number],
            columns: Rc::clone(columns),
            summed: false,
            refused: !placed.refused.is_empty(),
            of_flow: placed.draft.speaks_of(boucle_domain::validate::Group::Flow),
        };
        entries.add(read, origin);
    }
}
