//! Walking down a sheet: which rows are flows, what stands between them, and what each takes from the
//! rows and titles above.

mod aside;
mod fill;
mod row;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use boucle_domain::diagnostic::Place;
use boucle_domain::id::{Direction, normalised};
use boucle_domain::units::written::read_measure_marked;
use boucle_domain::validate::{Draft, Field};

use super::{Headed, PlacedDraft, told};
use crate::headings::direction_of;
use crate::layout::{Content, Table, find, is_heading_like, mapped};
use crate::mapping::{Mapping, shape};
use crate::reading::{Mappings, Reading, RowPlace, SkipReason, Skipped};
use crate::sheet::{Sheet, SheetRow};
use crate::template::is_own_page;
use aside::constants_of;

/// Most rows of a joined cell that are filled from its first.
const JOINED_ROWS: u32 = 5_000;
/// Rows among which headings are looked for by their shape alone.
const ROWS_OF_SHAPE: usize = 60;
/// Most blank rows that are named.
const BLANK_ROWS: usize = 1_000;

/// Reads the rows of a sheet into drafts.
pub(super) fn sheet<'s>(
    sheet: &'s Sheet,
    sheets: usize,
    mappings: &Mappings,
    headed: &mut Vec<Headed<'s>>,
    drafts: &mut Vec<PlacedDraft>,
    reading: &mut Reading,
) {
    if is_own_page(sheet.own_name()) {
        return;
    }
    if sheet.hidden {
        reading.findings.push(told::hidden_sheet(sheet));
        return;
    }
    let given = mappings.given_for(sheet.accompanies_a_file());
    let wanted = |mapping: &&Mapping| {
        let only = mapping.sheet.as_deref();
        only.is_none_or(|only| normalised(only) == normalised(sheet.own_name()) || sheet.is_text)
    };
    if given.is_some() && given.filter(wanted).is_none() {
        return;
    }
    told::of_sheet(sheet, &mut reading.findings);
    let place = Place {
        sheet: sheet.name.clone(),
        ..Place::default()
    };
    let found = find(sheet, 0);
    let of_shape = |table: &Table| shape(table.headings.iter().map(|(_, text)| text.as_str()));
    let of_row = |row: &SheetRow| {
        let shape = shape(row.cells.iter().map(|(_, text)| text.as_str()));
        mappings.kept.get(&shape)
    };
    let kept = match &found {
        Some(table) => mappings.kept.get(&of_shape(table)),
        // Headings that mean nothing by themselves are known by their shape.
        None if mappings.kept.is_empty() => None,
        None => sheet.rows.iter().take(ROWS_OF_SHAPE).find_map(of_row),
    };
    let mapping = given.or(kept);
    let table = match mapping {
        Some(mapping) => match mapped(sheet, mapping) {
            Some(table) => {
                if given.is_some() {
                    // The shape by which the sheet is known before any mapping is at hand.
                    let shaped = found.as_ref().unwrap_or(&table);
                    reading.mapped_shapes.insert(of_shape(shaped));
                } else {
                    reading
                        .findings
                        .push(told::kept_mapping().at(place.clone()));
                }
                Some(table)
            }
            None => {
                reading
                    .findings
                    .push(told::mapping_elsewhere().at(place.clone()));
                None
            }
        },
        None => found,
    };
    let Some(table) = table else {
        // A lone sheet without headings is told once for the file, with what to write.
        if sheets > 1 && !sheet.rows.is_empty() && mapping.is_none() {
            reading.findings.push(told::unknown_sheet(sheet));
        }
        return;
    };
    Walk::new(sheet, sheets, mapping).down(table, headed, drafts, reading);
}

/// Whether a sheet beside one of a known layout stays unread: without all that a flow or a site needs,
/// it is a list of codes, a legend, a summary, and not a table that someone forgot to complete.
pub(super) fn left_beside(sheet: &Sheet, mappings: &Mappings) -> bool {
    let mapped = mappings.given_for(sheet.accompanies_a_file()).is_some();
    // A text was given on purpose; what it lacks is an error and not a legend.
    if mapped
        || sheet.is_text
        || sheet.hidden
        || sheet.rows.is_empty()
        || is_own_page(sheet.own_name())
    {
        return false;
    }
    let Some(table) = find(sheet, 0) else {
        return true;
    };
    let kept = shape(table.headings.iter().map(|(_, text)| text.as_str()));
    let of_site = [Field::Firm, Field::FirmId, Field::SiteId];
    let whole = match table.content {
        Content::Sites => of_site.into_iter().any(|field| table.has(field)),
        // Titles and names of sheets may give these, cells the unit and the period.
        _ => table.missing().into_iter().all(|field| {
            matches!(
                field,
                Field::Firm | Field::Direction | Field::Unit | Field::Period
            )
        }),
    };
    !whole && !mappings.kept.contains_key(&kept)
}

/// Whether the cell of the quantity gives the unit, or the period.
pub(super) fn cell_gives(draft: &Draft, field: Field) -> bool {
    let unit = read_measure_marked(draft.get(Field::Quantity), draft.decimal())
        .ok()
        .and_then(|measure| measure.unit);
    let of_column = boucle_domain::units::written::read_unit(draft.get(Field::Unit)).ok();
    match field {
        Field::Unit => unit.is_some(),
        _ => unit.or(of_column).is_some_and(|unit| unit.period.is_some()),
    }
}

/// A walk down one sheet.
struct Walk<'s, 'm> {
    sheet: &'s Sheet,
    mapping: Option<&'m Mapping>,
    /// What titles, the name of the sheet and the mapping say of every row.
    constants: Draft,
    /// The way that a line between rows speaks of.
    section: Option<Direction>,
    /// The firm and site of the block of rows being read.
    block_firm: Draft,
    /// Cells joined downwards: row and column to the text of the first.
    joined: BTreeMap<(u32, u32), &'s str>,
    /// Rows whose firm was carried down.
    carried: Vec<u32>,
    /// The way told from something else than a column, told once.
    inferred: Option<(Direction, String)>,
    /// Sums of quantities so far, by block.
    sums: Vec<f64>,
    /// Whether blank cells of the firm mean the firm above.
    carries: bool,
    sheets: usize,
}

/// What is needed of the columns of a table on every row.
struct Slots {
    /// Indices of the columns of the table, by column of the sheet.
    of: Vec<Vec<usize>>,
    /// Decimal mark of each column of the table.
    marks: Vec<Option<char>>,
    /// The last row that holds more than a remark.
    last_full: u32,
}

impl<'s, 'm> Walk<'s, 'm> {
    fn new(sheet: &'s Sheet, sheets: usize, mapping: Option<&'m Mapping>) -> Self {
        let mut joined = BTreeMap::new();
        for area in sheet.merged.iter().filter(|area| area.bottom > area.top) {
            let found = sheet.rows.binary_search_by_key(&area.top, |row| row.number);
            let Ok(at) = found else { continue };
            let text = sheet.rows[at].text(area.left);
            if text.is_empty() {
                continue;
            }
            let last = area.bottom.min(area.top.saturating_add(JOINED_ROWS));
            for row in area.top + 1..=last {
                joined.insert((row, area.left), text);
            }
        }
        Walk {
            sheet,
            mapping,
            constants: Draft::new(),
            section: None,
            block_firm: Draft::new(),
            joined,
            carried: Vec::new(),
            inferred: None,
            sums: Vec::new(),
            carries: false,
            sheets,
        }
    }

    fn down(
        mut self,
        table: Table,
        headed: &mut Vec<Headed<'s>>,
        drafts: &mut Vec<PlacedDraft>,
        reading: &mut Reading,
    ) {
        let rows = &self.sheet.rows;
        let mut title_way = None;
        for row in &rows[..table.first] {
            title_way = title_way.or_else(|| {
                let text = row.cells.first().map_or("", |(_, text)| text.as_str());
                direction_of(text).map(|way| (way, text.to_owned()))
            });
            for (field, text) in constants_of(row) {
                if !table.has(field) {
                    self.constants.set(field, text);
                }
            }
            self.skip(row.number, SkipReason::Title, reading);
        }
        if let Some(mapping) = self.mapping {
            for (code, text) in &mapping.constants {
                if let Some(field) = Field::from_code(code) {
                    self.constants.set(field, text);
                }
            }
        }
        let of_name = (!self.sheet.is_text)
            .then(|| direction_of(self.sheet.own_name()))
            .flatten()
            .map(|way| (way, self.sheet.own_name().to_owned()));
        let sheet_way = of_name.or(title_way);
        let mut at = table.first;
        let mut table = Some(table);
        while let Some(current) = table.take() {
            let number = rows.get(current.first).map_or(0, |row| row.number);
            let until = current.below;
            for row in &rows[at.max(current.first)..until] {
                self.skip(row.number, SkipReason::Headings, reading);
            }
            at = until;
            let differing = self.contested(&current, at, &mut reading.findings);
            told::headings(self.sheet, &current, differing, &mut reading.findings);
            let slots = self.slots(&current, at);
            self.sums = vec![0.0; current.blocks.len()];
            self.carries = self.carries(&current, at);
            let index = headed.len();
            let way = sheet_way.clone().or_else(|| current.hinted.clone());
            let firm_of_sheet = self.firm_of_sheet(&current, at);
            let first_draft = drafts.len();
            while let Some(row) = rows.get(at) {
                if at > current.below
                    && let Some(next) = self.next_table(&current, row, at, reading)
                {
                    table = next;
                    if table.is_some() {
                        break;
                    }
                    at += 1;
                    continue;
                }
                self.row(
                    row,
                    &current,
                    &slots,
                    index,
                    &way,
                    firm_of_sheet.as_deref(),
                    drafts,
                    reading,
                );
                at += 1;
            }
            self.tell(
                &current,
                number,
                firm_of_sheet.as_deref(),
                &drafts[first_draft..],
                reading,
            );
            headed.push(Headed {
                sheet: self.sheet,
                table: current,
                missing: Vec::new(),
            });
        }
        self.blank_rows(reading);
    }

    /// Headings again: the same ones, which are skipped, or those of a further table.
    fn next_table(
        &mut self,
        current: &Table,
        row: &SheetRow,
        at: usize,
        reading: &mut Reading,
    ) -> Option<Option<Table>> {
        if self.mapping.is_some() || !is_heading_like(row) {
            return None;
        }
        let texts: BTreeSet<String> = row.cells.iter().map(|(_, text)| normalised(text)).collect();
        let of_current = self.sheet.rows[current.first..current.below].iter();
        let known: BTreeSet<String> = of_current
            .flat_map(|row| row.cells.iter().map(|(_, text)| normalised(text)))
            .collect();
        if texts.is_subset(&known) {
            self.skip(row.number, SkipReason::HeadingsRepeated, reading);
            return Some(None);
        }
        let next = find(self.sheet, at).filter(|table| table.first == at)?;
        Some(Some(next))
    }

    fn skip(&self, number: u32, reason: SkipReason, reading: &mut Reading) {
        reading.skipped.push(Skipped {
            place: RowPlace {
                sheet: self.sheet.name.clone(),
                row: number,
            },
            reason,
        });
    }

    /// What is told once of a table that was read.
    fn tell(
        &mut self,
        table: &Table,
        number: u32,
        firm_of_sheet: Option<&str>,
        drafts: &[PlacedDraft],
        reading: &mut Reading,
    ) {
        let place = || Place {
            sheet: self.sheet.name.clone(),
            row: number,
            ..Place::default()
        };
        if let Some((way, from)) = self.inferred.take() {
            reading
                .findings
                .push(told::inferred_direction(way, &from).at(place()));
        }
        if let Some(name) = firm_of_sheet
            && !drafts.is_empty()
        {
            reading.findings.push(told::firm_of_sheet(name).at(place()));
        }
        if !self.carried.is_empty() {
            self.carried.dedup();
            reading
                .findings
                .push(told::carried_down(&self.carried).at(place()));
            self.carried.clear();
        }
        if let Some(column) = table.frequency
            && !table.gives(Field::Period)
            && drafts.iter().any(|placed| {
                placed.draft.has(Field::Period) && !cell_gives(&placed.draft, Field::Period)
            })
        {
            let heading = table.headings.iter().find(|(other, _)| *other == column);
            let heading = heading.map_or("", |(_, text)| text.as_str());
            reading
                .findings
                .push(told::frequency_as_period(heading).at(place()));
        }
    }

    /// Blank rows between the first and the last row.
    fn blank_rows(&self, reading: &mut Reading) {
        let mut left = BLANK_ROWS;
        for pair in self.sheet.rows.windows(2) {
            for number in pair[0].number + 1..pair[1].number {
                if left == 0 {
                    return;
                }
                left -= 1;
                self.skip(number, SkipReason::Blank, reading);
            }
        }
    }
}
