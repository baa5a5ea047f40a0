//! What a site may accept.

use super::field::Field;
use super::reader::{Bounds, Reader};
use crate::diagnostic::Code;
use crate::organisation::Agreement;
use crate::text::Text;
use crate::units::written::{Bridge, convert, read_unit};
use crate::units::{Amount, Unit};

impl Reader<'_> {
    /// The agreement of the row; `None` when a part of it is refused.
    pub(super) fn agreement(&mut self) -> Option<Agreement> {
        let before = self.errors();
        for field in [Field::AgreementReference, Field::AgreementWasteCodes] {
            if self.get(field).is_empty() {
                self.missing(field);
            }
        }
        let mut waste_codes = Vec::new();
        let list = self.get(Field::AgreementWasteCodes);
        for text in list
            .split([';', ',', '\n'])
            .map(str::trim)
            .filter(|text| !text.is_empty())
        {
            waste_codes.extend(self.one_waste_code(Field::AgreementWasteCodes, text));
        }
        waste_codes.sort();
        waste_codes.dedup();
        let yearly_limit = self.yearly_limit();
        let validity = self.span(Field::AgreementFrom, Field::AgreementTo);
        if !validity.contains(self.context.valid_on) {
            let field = if validity.to.is_some_and(|to| to < self.context.valid_on) {
                Field::AgreementTo
            } else {
                Field::AgreementFrom
            };
            self.push(
                Code::W2601,
                field,
                Text::new(
                    format!(
                        "l'agrément ne vaut pas le {} : il n'autorise rien",
                        self.context.valid_on
                    ),
                    format!(
                        "the agreement does not hold on {}: it allows nothing",
                        self.context.valid_on
                    ),
                ),
                Text::new(
                    "écrivez les dates de l'agrément en cours",
                    "write the dates of the agreement in force",
                ),
            );
        }
        (self.errors() == before).then(|| Agreement {
            reference: self.get(Field::AgreementReference).to_owned(),
            waste_codes,
            yearly_limit,
            validity,
        })
    }

    fn yearly_limit(&mut self) -> Option<(Amount, Unit)> {
        let quantity = self
            .number(Field::AgreementQuantity, Bounds::POSITIVE)?
            .value
            .mid();
        let text = self.get(Field::AgreementUnit);
        if text.is_empty() {
            self.missing(Field::AgreementUnit);
            return None;
        }
        let written = match read_unit(text) {
            Ok(unit) => unit,
            Err(problem) => {
                let list = problem.suggestions.join(", ");
                self.push(
                    Code::E1101,
                    Field::AgreementUnit,
                    Text::new("unité non reconnue", "unit not recognised"),
                    Text::new(
                        format!("écrivez l'une de : {list}"),
                        format!("write one of: {list}"),
                    ),
                );
                return None;
            }
        };
        let unit = written.dimension().base();
        let yearly = written
            .period
            .and_then(|period| period.per_year())
            .unwrap_or(1.0);
        let value = convert(
            crate::interval::Interval::exact(quantity * yearly),
            &written,
            unit,
            &Bridge::default(),
        )
        .ok()?;
        Amount::from_units(value.mid()).map(|amount| (amount, unit))
    }
}
