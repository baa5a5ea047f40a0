//! The flow of a row, put together from its parts.

use super::field::Field;
use super::reader::{Bounds, Reader};
use super::row::RowDeclaration;
use super::{firm_key, site_key};
use crate::diagnostic::Code;
use crate::flow::{Entered, Flow, Identity, Method, Provenance, Storage, Visibility};
use crate::id::{Direction, FlowKey, normalised};
use crate::interval::Interval;
use crate::text::Text;
use crate::units::written::{format_interval, read_measure_marked, read_number};
use crate::units::{Amount, Distance};

/// Longest distance a firm may accept: half the Earth's girth.
const LONGEST_KM: f64 = 20_000.0;

impl Reader<'_> {
    /// The key the row gives its flow on its own.
    pub(super) fn flow_key(
        &mut self,
        row: &RowDeclaration,
        direction: Direction,
    ) -> Option<FlowKey> {
        let reference = match self.get(Field::Ref) {
            "" => normalised(self.get(Field::Name)),
            reference => reference.to_owned(),
        };
        if reference.is_empty() {
            if self.draft.has(Field::Name) {
                self.push(
                    Code::E1109,
                    Field::Name,
                    Text::new(
                        "le nom n'a ni lettre ni chiffre",
                        "the name has neither letter nor figure",
                    ),
                    Text::new(
                        "écrivez le nom usuel de la ressource",
                        "write the usual name of the resource",
                    ),
                );
            }
            return None;
        }
        let firm = firm_key(&row.firm.name, row.firm.external.as_ref());
        Some(FlowKey {
            site: site_key(&firm, &row.site.name, row.site.external.as_ref()),
            direction,
            reference,
        })
    }

    /// The flow; every field is read, so that every finding is made, whatever is missing.
    pub(super) fn flow(
        &mut self,
        key: Option<FlowKey>,
        direction: Option<Direction>,
    ) -> Option<Flow> {
        let identity = match direction {
            Some(direction) => self.identity(direction),
            None => Identity::Unrecognised,
        };
        let waste_code = self.waste_code();
        let hazardous = self.hazardous(waste_code.as_ref());
        let properties = self.properties();
        let counting = self.counting(&identity, direction);
        let named = !self.findings.iter().any(|one| one.code == Code::W2308);
        let identity = if named {
            identity
        } else {
            Identity::Unrecognised
        };
        let period = self.period(
            counting
                .as_ref()
                .and_then(|counting| counting.written.period),
        );
        let profile = self.profile();
        let written = self.written_quantity();
        let quantity = match (written, period, &counting) {
            (Some(written), Some(period), Some(counting)) => {
                self.quantity(written, period, profile, counting)
            }
            _ => None,
        };
        let counting = counting.as_ref();
        let present = self.present(counting, quantity.as_ref());
        let storage = self.storage(counting.is_some(), |reader| {
            reader.amount(Field::StorageCapacity, counting)
        });
        let minimum_lot = self.amount(Field::MinimumLot, counting);
        if let (Some(lot), Some(quantity)) = (minimum_lot, &quantity)
            && lot > quantity.amount().high()
        {
            self.push(
                Code::W2504,
                Field::MinimumLot,
                Text::new(
                    "le lot minimal dépasse la quantité : aucun lien n'est possible",
                    "the minimum lot exceeds the quantity: no link is possible",
                ),
                Text::new(
                    "donnez un lot minimal par an plus petit",
                    "give a smaller minimum lot per year",
                ),
            );
        }
        let maximum_distance = self
            .number(
                Field::MaximumDistance,
                Bounds {
                    low: 0.0,
                    high: LONGEST_KM,
                },
            )
            .and_then(|number| Distance::from_kilometres(number.value.high()));
        let provenance = self.provenance();
        let validity = self.span(Field::ValidFrom, Field::ValidTo);
        if !validity.contains(self.context.valid_on) {
            self.push(
                Code::W2404,
                if validity.to.is_some_and(|to| to < self.context.valid_on) {
                    Field::ValidTo
                } else {
                    Field::ValidFrom
                },
                Text::new(
                    format!(
                        "la déclaration ne vaut pas le {} : le flux ne sera pas dans le calcul",
                        self.context.valid_on
                    ),
                    format!(
                        "the declaration does not hold on {}: the flow will not be in the run",
                        self.context.valid_on
                    ),
                ),
                Text::new(
                    "l'année d'un chiffre se met dans « Année de la donnée »",
                    "the year of a figure goes into \"Year of the figure\"",
                ),
            );
        }
        let visibility = match self.word(Field::Visibility) {
            Some("private") => Visibility::Private,
            Some("zone") => Visibility::Zone,
            Some("public") => Visibility::Public,
            _ => Visibility::Animator,
        };
        let counting = counting?;
        Some(Flow {
            key: key?,
            name: self.get(Field::Name).to_owned(),
            identity,
            unit: counting.unit,
            quantity: quantity?,
            entered: self.entered(written?),
            density: counting.bridge.density,
            heating_value: counting.bridge.heating_value,
            storage,
            properties,
            present,
            waste_code,
            hazardous,
            minimum_lot,
            maximum_distance,
            provenance,
            validity,
            visibility,
            comment: self.get(Field::Comment).to_owned(),
        })
    }

    /// Storage: a shelf life without a capacity says that nothing can wait.
    fn storage(
        &mut self,
        counted: bool,
        capacity: impl FnOnce(&mut Self) -> Option<Amount>,
    ) -> Option<Storage> {
        let capacity = capacity(self);
        let shelf_life_days = self
            .whole(Field::ShelfLifeDays, 0, 36_500)
            .map(|days| days as u32);
        let said = counted && (capacity.is_some() || shelf_life_days.is_some());
        said.then(|| Storage {
            capacity: capacity.unwrap_or(Amount::ZERO),
            shelf_life_days,
        })
    }

    fn provenance(&mut self) -> Provenance {
        let method = match self.word(Field::Method) {
            Some("measured") => Method::Measured,
            Some("invoiced") => Method::Invoiced,
            Some("generic") => Method::Generic,
            _ => Method::Estimated,
        };
        let source_year = self
            .whole(Field::SourceYear, 1900, 2100)
            .map(|year| year as i16);
        Provenance {
            method,
            source_year,
            source: self.get(Field::Source).to_owned(),
        }
    }

    /// The quantity, unit and period as they stand in the row; bounds given apart are joined.
    fn entered(&self, written: Interval<f64>) -> Entered {
        let text = self.get(Field::Quantity);
        let in_cell = self.unit_in_cell();
        let apart = self.draft.has(Field::QuantityLow) || self.draft.has(Field::QuantityHigh);
        // What only the cell's unit or its column made clear is written so that it stands alone.
        let alone = || read_number(text).is_ok_and(|number| number.value == written);
        let quantity = if apart {
            format_interval(written)
        } else if in_cell.is_some() || !alone() {
            let estimated = read_measure_marked(text, self.draft.decimal())
                .is_ok_and(|measure| measure.number.estimated && written.is_exact());
            let mark = if estimated { "env. " } else { "" };
            format!("{mark}{}", format_interval(written))
        } else {
            text.to_owned()
        };
        let or_cell = |field: Field, of_cell: Option<&str>| match self.get(field) {
            "" => of_cell.unwrap_or_default().to_owned(),
            said => said.to_owned(),
        };
        let period = in_cell.and_then(|unit| unit.period);
        Entered {
            quantity,
            unit: or_cell(Field::Unit, in_cell.map(|unit| unit.row.code)),
            period: or_cell(Field::Period, period.map(|period| period.words().0)),
        }
    }
}
