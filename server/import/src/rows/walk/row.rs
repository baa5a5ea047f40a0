//! One row of a table: a flow for each block, or what it is instead.

use boucle_domain::answer::yes_no;
use boucle_domain::diagnostic::Place;
use boucle_domain::id::Direction;
use boucle_domain::units::written::read_number_marked;
use boucle_domain::validate::{Draft, Field, says_nothing};

use super::aside::{Aside, aside};
use super::{Slots, Walk};
use crate::layout::Table;
use crate::reading::{Reading, SkipReason};
use crate::rows::{PlacedDraft, told};
use crate::sheet::{SheetRow, letters};

impl Walk<'_, '_> {
    /// One row of a table.
    #[expect(
        clippy::too_many_arguments,
        reason = "what a row needs of its table, its sheet and the file"
    )]
    pub(super) fn row(
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
            if table.has(Field::Confirm) {
                let written = placed.draft.get(Field::Confirm);
                let confirmed = yes_no(written);
                if confirmed.is_none() && !written.trim().is_empty() {
                    let column = table.column_of(Field::Confirm, block);
                    reading
                        .findings
                        .push(told::not_yes_or_no(written).at(Place {
                            sheet: self.sheet.name.clone(),
                            row: row.number,
                            column: column.map_or(String::new(), letters),
                            field: Field::Confirm.code().to_owned(),
                        }));
                }
                if confirmed != Some(true) {
                    reading.unconfirmed += 1;
                    if confirmed == Some(false) {
                        placed.denied = true;
                        drafts.push(placed);
                    }
                    return self.skip(row.number, SkipReason::Unconfirmed, reading);
                }
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
