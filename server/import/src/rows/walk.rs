//! Walking down a sheet: which rows are flows, what stands between them, and what each takes from the
//! rows and titles above.

mod aside;

use std::collections::{BTreeMap, BTreeSet};

use boucle_domain::diagnostic::{Diagnostic, Place};
use boucle_domain::id::{Direction, normalised};
use boucle_domain::text::Language;
use boucle_domain::units::written::{read_measure_marked, read_number_marked};
use boucle_domain::validate::{Draft, Field, Group, says_nothing, word_list};

use super::amounts::{Marks, is_number, marks, sum_of_months};
use super::{Headed, Mappings, PlacedDraft, Reading, RowPlace, SkipReason, Skipped, told};
use crate::cells::{is_failed_formula, unguarded};
use crate::headings::direction_of;
use crate::layout::{Column, Content, Table, Use, find, is_heading_like, mapped};
use crate::limits;
use crate::mapping::{Mapping, shape};
use crate::sheet::{Sheet, SheetRow, letters};
use crate::template::is_own_page;
use aside::{Aside, aside, constants_of};

/// Most rows of a joined cell that are filled from its first.
const JOINED_ROWS: u32 = 5_000;
/// Most blank rows that are named.
const BLANK_ROWS: usize = 1_000;

/// Reads the rows of a sheet into drafts.
pub(super) fn sheet<'s>(
    sheet: &'s Sheet,
    sheet_at: usize,
    sheets: usize,
    mappings: &Mappings,
    headed: &mut Vec<Headed<'s>>,
    drafts: &mut Vec<PlacedDraft>,
    reading: &mut Reading,
) {
    if is_own_page(&sheet.name) {
        return;
    }
    if sheet.hidden {
        reading.findings.push(told::hidden_sheet(sheet));
        return;
    }
    let given = mappings.given.as_ref();
    let wanted = |mapping: &&Mapping| {
        let only = mapping.sheet.as_deref();
        only.is_none_or(|only| normalised(only) == normalised(&sheet.name) || sheet.is_text)
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
    let kept = found
        .as_ref()
        .and_then(|table| mappings.kept.get(&of_shape(table)));
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
    Walk::new(sheet, sheet_at, sheets, mapping).down(table, headed, drafts, reading);
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
    sheet_at: usize,
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
    fn new(sheet: &'s Sheet, sheet_at: usize, sheets: usize, mapping: Option<&'m Mapping>) -> Self {
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
            sheet_at,
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
            .then(|| direction_of(&self.sheet.name))
            .flatten()
            .map(|way| (way, self.sheet.name.clone()));
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
            told::headings(self.sheet, &current, &mut reading.findings);
            self.contested(&current, at, &mut reading.findings);
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
                sheet_at: self.sheet_at,
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

    /// Two columns of one field that say different things on some row.
    fn contested(&self, table: &Table, from: usize, findings: &mut Vec<Diagnostic>) {
        for &(field, first, second) in &table.contested {
            let differ = self.sheet.rows[from..].iter().find(|row| {
                let (a, b) = (row.text(first), row.text(second));
                !a.is_empty() && !b.is_empty() && normalised(a) != normalised(b)
            });
            if differ.is_some() {
                let heading = table.headings.iter().find(|(column, _)| *column == second);
                let heading = heading.map_or("", |(_, text)| text.as_str());
                let place = Place {
                    sheet: self.sheet.name.clone(),
                    row: self.sheet.rows.get(table.first).map_or(0, |row| row.number),
                    column: letters(second),
                    ..Place::default()
                };
                findings.push(told::contested(field, first, second, heading).at(place));
            }
        }
    }

    fn slots(&self, table: &Table, from: usize) -> Slots {
        let rows = &self.sheet.rows[from..];
        let width = table
            .columns
            .iter()
            .map(|column| column.column as usize + 1)
            .max()
            .unwrap_or(0);
        let mut of = vec![Vec::new(); width];
        for (at, column) in table.columns.iter().enumerate() {
            of[column.column as usize].push(at);
        }
        let of_column: Vec<Marks> = table
            .columns
            .iter()
            .map(|column| match is_number(column.field) {
                true => marks(rows, column.column),
                false => Marks::default(),
            })
            .collect();
        // A column that does not tell follows the others of its sheet.
        let of_sheet = of_column.iter().copied().fold(Marks::default(), Marks::and);
        let given = self.mapping.and_then(|mapping| mapping.decimal);
        let marks = of_column
            .iter()
            .map(|marks| given.or(marks.decided()).or(of_sheet.decided()))
            .collect();
        let last_full = rows
            .iter()
            .rev()
            .find(|row| row.cells.len() >= 3 || row.cells.len() * 2 >= table.columns.len())
            .map_or(0, |row| row.number);
        Slots {
            of,
            marks,
            last_full,
        }
    }

    /// Whether the firm is written at the head of a block of rows only: several rows lack it, and no
    /// two neighbours repeat it.
    fn carries(&self, table: &Table, from: usize) -> bool {
        let naming = [Field::Firm, Field::SiteId, Field::FirmId, Field::Site];
        let Some(column) = naming
            .into_iter()
            .find_map(|field| table.column_of(field, 0))
        else {
            return false;
        };
        let flow = table
            .columns
            .iter()
            .filter(|column| column.field.group() == Group::Flow);
        let flow: Vec<u32> = flow.map(|column| column.column).collect();
        let (mut blank, mut filled, mut repeats, mut before, mut first) = (0, 0, 0, "", true);
        for row in &self.sheet.rows[from..] {
            if flow
                .iter()
                .filter(|&&column| !row.text(column).is_empty())
                .count()
                < 2
            {
                if !row.text(column).is_empty() {
                    before = row.text(column);
                    first = false;
                }
                continue;
            }
            let text = row.text(column);
            if text.is_empty() && !self.joined.contains_key(&(row.number, column)) {
                if first {
                    return false;
                }
                blank += 1;
            } else if !text.is_empty() {
                filled += 1;
                repeats +=
                    usize::from(!before.is_empty() && normalised(text) == normalised(before));
                before = text;
            }
            first = false;
        }
        blank >= 2 && repeats == 0 && blank * 3 >= blank + filled
    }

    /// The name of the sheet, where it must stand for the firm.
    fn firm_of_sheet(&self, table: &Table, from: usize) -> Option<String> {
        let named = [Field::Firm, Field::FirmId, Field::SiteId, Field::Site]
            .into_iter()
            .any(|field| table.has(field) || self.constants.has(field));
        let name = self.sheet.name.trim();
        let generic = [
            "feuil",
            "sheet",
            "tableau",
            "flux",
            "flow",
            "donnee",
            "data",
            "inventaire",
            "page",
            "tab",
            "export",
            "saisie",
            "base",
            "liste",
            "matiere",
            "energie",
            "eau",
            "total",
            "synthese",
            "material",
            "energy",
            "water",
            "inventory",
        ];
        let key = normalised(name);
        let is_generic = key.is_empty()
            || key.chars().all(|character| character.is_ascii_digit())
            || generic.iter().any(|word| key.starts_with(word));
        let usable = !named
            && table.content == Content::Flows
            && !self.sheet.is_text
            && self.sheets > 1
            && !is_generic
            && direction_of(name).is_none()
            && self.sheet.rows.len() > from;
        usable.then(|| name.to_owned())
    }

    /// One row of a table.
    #[expect(
        clippy::too_many_arguments,
        reason = "what a row needs of its table, its sheet and the file"
    )]
    fn row(
        &mut self,
        row: &SheetRow,
        table: &Table,
        slots: &Slots,
        index: usize,
        way: &Option<(Direction, String)>,
        firm_of_sheet: Option<&str>,
        drafts: &mut Vec<PlacedDraft>,
        reading: &mut Reading,
    ) {
        match aside(row, table, &self.sheet.merged, &self.sums, slots.last_full) {
            Some(Aside::Section(way)) => {
                self.section = Some(way);
                return self.skip(row.number, SkipReason::Section, reading);
            }
            Some(Aside::Constants(constants)) => {
                self.block_firm = Draft::new();
                for (field, text) in constants {
                    self.block_firm.set(field, text);
                }
                return self.skip(row.number, SkipReason::Section, reading);
            }
            Some(Aside::Firm(name)) => {
                self.block_firm = Draft::new().with(Field::Firm, name);
                let reason = SkipReason::Section;
                return self.skip(row.number, reason, reading);
            }
            Some(Aside::Total) => {
                return self.skip(row.number, SkipReason::Total, reading);
            }
            Some(Aside::Note) => {
                return self.skip(row.number, SkipReason::Remark, reading);
            }
            None => {}
        }
        let before = drafts.len();
        let mut nothing_named = false;
        for block in 0..table.blocks.len() {
            let mut findings = Vec::new();
            let Some(mut placed) = self.cells(row, table, slots, block, index, &mut findings)
            else {
                continue;
            };
            if is_example(&placed.draft) {
                reading.examples += 1;
                let reason = SkipReason::Example;
                return self.skip(row.number, reason, reading);
            }
            let named = placed.draft.get(Field::Name);
            if says_nothing(named) && !placed.draft.has(Field::WasteCode) {
                nothing_named = true;
                continue;
            }
            self.complete(&mut placed, table, block, way, firm_of_sheet, row);
            if let Ok(number) =
                read_number_marked(placed.draft.get(Field::Quantity), placed.draft.decimal())
            {
                self.sums[block] += number.value.mid();
            }
            reading.findings.append(&mut findings);
            drafts.push(placed);
        }
        if drafts.len() == before {
            let reason = match nothing_named {
                true => SkipReason::NothingDeclared,
                false => SkipReason::NothingRead,
            };
            return self.skip(row.number, reason, reading);
        }
        let last = row.cells.last().map_or(0, |(column, _)| *column);
        if last > table.last {
            reading.findings.push(told::beyond_headings().at(Place {
                sheet: self.sheet.name.clone(),
                row: row.number,
                column: letters(last),
                ..Place::default()
            }));
        }
    }

    /// The cells of a row that belong to a block; `None` when it holds nothing of it.
    fn cells(
        &mut self,
        row: &SheetRow,
        table: &Table,
        slots: &Slots,
        block: usize,
        index: usize,
        findings: &mut Vec<Diagnostic>,
    ) -> Option<PlacedDraft> {
        let mut placed = PlacedDraft {
            draft: Draft::new(),
            table: index,
            block,
            number: row.number,
            refused: Vec::new(),
        };
        let mut own = table.blocks.len() == 1;
        let mut besides: Vec<(Field, &str)> = Vec::new();
        let joined: Vec<(u32, &str)> = match self.joined.is_empty() {
            true => Vec::new(),
            false => self
                .joined
                .range((row.number, 0)..=(row.number, u32::MAX))
                .map(|((_, column), text)| (*column, *text))
                .collect(),
        };
        let cells = row
            .cells
            .iter()
            .map(|(column, text)| (*column, text.as_str(), false));
        let filled = joined
            .iter()
            .filter(|(column, _)| row.text(*column).is_empty())
            .map(|(column, text)| (*column, *text, true));
        for (column, text, from_above) in cells.chain(filled) {
            for &at in slots.of.get(column as usize).map_or(&[][..], Vec::as_slice) {
                let slot = &table.columns[at];
                if slot.block.is_some_and(|of| of != block) {
                    continue;
                }
                let field = slot.field;
                let place = || Place {
                    sheet: self.sheet.name.clone(),
                    row: row.number,
                    column: letters(column),
                    field: field.code().to_owned(),
                };
                if slot.used == Use::Mark {
                    let crossed = word_list(Field::Hazardous).and_then(|list| list.code(text));
                    own |= crossed != Some("false") && !says_nothing(text);
                    continue;
                }
                own |= slot.block.is_some();
                if text.len() > limits::CELL_CHARACTERS
                    && text.chars().nth(limits::CELL_CHARACTERS).is_some()
                {
                    findings.push(told::too_long(field, text).at(place()));
                    placed.refused.push(field);
                    continue;
                }
                if is_failed_formula(text) {
                    findings.push(
                        told::failed_formula(field, text, table.gives(Field::Unit)).at(place()),
                    );
                    placed.refused.push(field);
                    continue;
                }
                if from_above && is_number(field) {
                    if field == Field::Quantity {
                        findings.push(told::shared_quantity(text).at(place()));
                        placed.refused.push(field);
                    }
                    continue;
                }
                let text = unguarded(text);
                let text = self
                    .mapping
                    .and_then(|mapping| mapping.meaning(field, text))
                    .unwrap_or(text);
                let prefixed = self
                    .mapping
                    .and_then(|mapping| mapping.prefixed(field, text));
                let text = prefixed.as_deref().unwrap_or(text);
                if !is_free(field) && says_nothing(text) {
                    continue;
                }
                if slot.used == Use::Joined && placed.draft.has(field) {
                    let longer = format!("{} {text}", placed.draft.get(field));
                    placed.draft.set(field, longer);
                } else if !placed.draft.has(field) {
                    placed.draft.set(field, text);
                    besides.extend(
                        slot.besides
                            .iter()
                            .map(|(field, text)| (*field, text.as_str())),
                    );
                    if field == Field::Quantity {
                        placed.draft.set_decimal(slots.marks[at]);
                    } else if is_number(field) && placed.draft.decimal().is_none() {
                        placed.draft.set_decimal(slots.marks[at]);
                    }
                }
            }
        }
        if !placed.draft.is_empty() {
            for &field in &table.numbered {
                let number = format!("{} {}", placed.draft.get(field), row.number);
                placed.draft.set(field, number);
            }
        }
        if !own || (placed.draft.is_empty() && placed.refused.is_empty()) {
            return None;
        }
        if placed.draft.speaks_of(Group::Flow) {
            let measured = placed.draft.get(Field::Quantity);
            let in_cell = measured.contains(char::is_alphabetic).then(|| {
                read_measure_marked(measured, placed.draft.decimal())
                    .ok()?
                    .unit
            });
            let in_cell = in_cell.flatten();
            for (field, text) in besides {
                let said = match field {
                    Field::Unit => in_cell.is_some(),
                    Field::Period => in_cell.is_some_and(|unit| unit.period.is_some()),
                    _ => false,
                };
                if !said
                    && !placed.draft.has(field)
                    && !(field == Field::PriceUnit && !placed.draft.has(Field::Price))
                {
                    placed.draft.set(field, text);
                }
            }
        }
        Some(placed)
    }

    /// What the row takes from above: firm, direction, constants.
    fn complete(
        &mut self,
        placed: &mut PlacedDraft,
        table: &Table,
        block: usize,
        way: &Option<(Direction, String)>,
        firm_of_sheet: Option<&str>,
        row: &SheetRow,
    ) {
        let draft = &mut placed.draft;
        let naming = [Field::Firm, Field::FirmId, Field::Site, Field::SiteId];
        let names = |draft: &Draft| naming.iter().any(|&field| draft.has(field));
        if draft.speaks_of(Group::Flow) && table.content == Content::Flows {
            if draft.has(Field::M01) || draft.has(Field::M06) || draft.has(Field::M12) {
                sum_of_months(draft);
            }
            if names(draft) {
                if self.carries {
                    self.block_firm = Draft::new();
                    for field in naming {
                        self.block_firm.set(field, draft.get(field));
                    }
                }
            } else if !self.block_firm.is_empty() {
                let from_column = naming.iter().any(|&field| table.has(field));
                if from_column {
                    self.carried.push(row.number);
                }
                for (field, text) in self.block_firm.iter() {
                    draft.set(field, text);
                }
            }
            let constants: Vec<(Field, String)> = self
                .constants
                .iter()
                .map(|(field, text)| (field, text.to_owned()))
                .collect();
            for (field, text) in constants {
                let takes = match field {
                    Field::Firm | Field::FirmId | Field::Site | Field::SiteId => {
                        !table.has(field) || self.mapping.is_some()
                    }
                    Field::Unit => !cell_gives(draft, Field::Unit),
                    Field::Period => !cell_gives(draft, Field::Period),
                    _ => true,
                };
                if takes && !draft.has(field) {
                    draft.set(field, text);
                }
            }
            if let Some(name) = firm_of_sheet
                && !names(draft)
            {
                draft.set(Field::Firm, name);
            }
            if let Some(column) = table.frequency
                && !draft.has(Field::Period)
                && !cell_gives(draft, Field::Period)
            {
                draft.set(Field::Period, row.text(column));
            }
            // A code names what it is about: not well, but enough for a question.
            if !draft.has(Field::Name) && !table.has(Field::Name) {
                let named = draft.get(Field::WasteCode).to_owned();
                draft.set(Field::Name, named);
            }
            let crossed = |column: &Column| column.used == Use::Mark;
            let of_column = table
                .columns
                .iter()
                .any(|column| column.field == Field::Direction && !crossed(column));
            if !draft.has(Field::Direction) && !of_column {
                let said = table.blocks[block].direction.or(self.section);
                let told = said.or_else(|| way.as_ref().map(|(way, _)| *way));
                if said.is_none() && self.inferred.is_none() {
                    self.inferred.clone_from(way);
                }
                if let Some(way) = told {
                    let word = word_list(Field::Direction)
                        .and_then(|list| list.word(way.code(), Language::Fr));
                    draft.set(Field::Direction, word.unwrap_or(way.code()));
                }
            }
        }
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

/// Fields whose words mean themselves, `néant` and `-` included.
fn is_free(field: Field) -> bool {
    matches!(
        field,
        Field::Name | Field::Quantity | Field::Ref | Field::Comment
    )
}

/// Rows of the template that show how to write.
fn is_example(draft: &Draft) -> bool {
    [Field::Ref, Field::SiteId, Field::FirmId]
        .into_iter()
        .any(|field| {
            let text = draft.get(field);
            let starts = |prefix: &str| {
                text.get(..prefix.len())
                    .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
            };
            starts("EXEMPLE-") || starts("EXAMPLE-")
        })
}
