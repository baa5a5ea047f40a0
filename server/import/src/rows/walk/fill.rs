//! One row: its cells, and what it takes from above.

use boucle_domain::diagnostic::{Diagnostic, Place};
use boucle_domain::id::Direction;
use boucle_domain::text::Language;
use boucle_domain::units::written::read_measure_marked;
use boucle_domain::validate::{Draft, Field, Group, says_nothing, word_list};

use super::{Slots, Walk, cell_gives};
use crate::cells::{is_failed_formula, unguarded};
use crate::layout::{Column, Content, Table, Use};
use crate::limits;
use crate::rows::amounts::{is_number, sum_of_months};
use crate::rows::{PlacedDraft, told};
use crate::sheet::{SheetRow, letters};

impl Walk<'_, '_> {
    /// The cells of a row that belong to a block; `None` when it holds nothing of it.
    pub(super) fn cells(
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
            denied: false,
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
                    let unsaid = is_number(field) && placed.draft.decimal().is_none();
                    if field == Field::Quantity || unsaid {
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
                let serves = field != Field::PriceUnit || placed.draft.has(Field::Price);
                if !said && serves && !placed.draft.has(field) {
                    placed.draft.set(field, text);
                }
            }
        }
        Some(placed)
    }

    /// What the row takes from above: firm, direction, constants.
    pub(super) fn complete(
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
}

/// Fields whose words mean themselves, `néant` and `-` included.
fn is_free(field: Field) -> bool {
    matches!(
        field,
        Field::Name | Field::Quantity | Field::Ref | Field::Comment
    )
}
