//! How much: quantity, unit, period, and what is counted in the unit of the flow.

use super::field::Field;
use super::reader::{Bounds, Reader, number_problem};
use super::words::says_nothing;
use crate::diagnostic::Code;
use crate::flow::{Identity, Quantity};
use crate::id::Direction;
use crate::interval::Interval;
use crate::knowledge::DonorUnit;
use crate::profile::{MONTHS, Profile};
use crate::text::{Language, Text};
use crate::units::written::{
    Bridge, ConversionProblem, Dimension, Period, WrittenNumber, WrittenUnit, convert,
    read_measure_marked, read_period, read_unit,
};
use crate::units::{Amount, Density, HeatingValue, Unit};

/// The units a flow is counted in.
#[derive(Clone, Copy)]
pub(super) struct Counting {
    /// As written.
    pub written: WrittenUnit,
    /// Canonical.
    pub unit: Unit,
    /// What joins them.
    pub bridge: Bridge,
}

impl Reader<'_> {
    /// The unit as written and the canonical one, with what joins them.
    pub(super) fn counting(
        &mut self,
        identity: &Identity,
        direction: Option<Direction>,
    ) -> Option<Counting> {
        let declared = Bridge {
            density: self.density(),
            heating_value: self.heating_value(),
        };
        let written = self.unit_of_flow()?;
        let unit = self.canonical_unit(identity, &written);
        // A purchase in volume of a need counted in mass, and the like: nothing is guessed for it.
        let ranged = if direction == Some(Direction::Output) {
            self.ranges(identity)
        } else {
            Bridge::default()
        };
        let joined = Bridge {
            density: declared.density.or(ranged.density),
            heating_value: declared.heating_value.or(ranged.heating_value),
        };
        let one = Interval::exact(1.0);
        if convert(one, &written, unit, &declared).is_ok() {
            return Some(Counting {
                written,
                unit,
                bridge: declared,
            });
        }
        match convert(one, &written, unit, &joined) {
            Ok(factor) => {
                self.push(
                    Code::I3102,
                    Field::Unit,
                    Text::new(
                        format!(
                            "1 {} compté pour {:.3} à {:.3} {unit}, plage du catalogue",
                            written.row.code,
                            factor.low(),
                            factor.high()
                        ),
                        format!(
                            "1 {} counted as {:.3} to {:.3} {unit}, a range of the catalogue",
                            written.row.code,
                            factor.low(),
                            factor.high()
                        ),
                    ),
                    Text::new(
                        "déclarez la densité ou le PCI pour resserrer",
                        "declare the density or heating value to narrow it",
                    ),
                );
                Some(Counting {
                    written,
                    unit,
                    bridge: joined,
                })
            }
            // A waste can always be weighed: what rules count in pieces may stand in a register by mass.
            Err(ConversionProblem::Unrelated)
                if matches!(identity, Identity::Donor(_))
                    && written.dimension() == Dimension::Mass =>
            {
                Some(Counting {
                    written,
                    unit: Unit::Tonne,
                    bridge: declared,
                })
            }
            Err(_) if !self.draft.has(Field::Resource) => {
                self.name_and_unit(&written, unit);
                Some(Counting {
                    written,
                    unit: written.dimension().base(),
                    bridge: declared,
                })
            }
            Err(problem) => {
                self.no_bridge(problem, &written, unit);
                None
            }
        }
    }

    /// The unit of the flow: from its column, else from the cell of the quantity.
    fn unit_of_flow(&mut self) -> Option<WrittenUnit> {
        let in_cell = self.unit_in_cell();
        let Some(unit) = in_cell else {
            return self.unit(Field::Unit);
        };
        let column = self.get(Field::Unit);
        if column.is_empty() {
            return Some(unit);
        }
        let said = self.unit(Field::Unit)?;
        if said.row.code != unit.row.code {
            let code = unit.row.code;
            self.push(
                Code::E1113,
                Field::Unit,
                Text::new(
                    format!("la case de la quantité dit « {code} », celle de l'unité dit « {column} »"),
                    format!("the cell of the quantity says \"{code}\", that of the unit says \"{column}\""),
                ),
                Text::new(
                    format!("si la quantité est bien en {code}, écrivez « {code} »"),
                    format!("if the quantity is in {code}, write \"{code}\""),
                ),
            );
            return None;
        }
        Some(WrittenUnit {
            period: unit.period.or(said.period),
            ..said
        })
    }

    /// Whether the cell of the quantity is told of for itself; the unit and the period that it should
    /// have carried are then not told of as well.
    fn quantity_is_bad(&self) -> bool {
        let text = self.get(Field::Quantity);
        !text.is_empty() && read_measure_marked(text, self.draft.decimal()).is_err()
    }

    /// The unit that stands in the cell of the quantity, as in `12 t/an`.
    pub(super) fn unit_in_cell(&self) -> Option<WrittenUnit> {
        let text = self.get(Field::Quantity);
        if !text.contains(char::is_alphabetic) {
            return None;
        }
        read_measure_marked(text, self.draft.decimal()).ok()?.unit
    }

    fn unit(&mut self, field: Field) -> Option<WrittenUnit> {
        let text = self.get(field);
        if text.is_empty() {
            if !self.quantity_is_bad() {
                self.missing(field);
            }
            return None;
        }
        match read_unit(text) {
            Ok(unit) => Some(unit),
            Err(problem) => {
                if problem.in_period {
                    // The cell holds both: what is to be written does as well.
                    let unit = ["/", " par ", " per "]
                        .iter()
                        .find_map(|mark| text.split_once(mark))
                        .map_or("", |(unit, _)| unit.trim());
                    let both: Vec<String> = problem
                        .suggestions
                        .iter()
                        .map(|period| format!("{unit}/{period}"))
                        .collect();
                    let both: Vec<&str> = both.iter().map(String::as_str).collect();
                    self.bad_period(field, &both);
                } else {
                    self.push(
                        Code::E1101,
                        field,
                        Text::new("unité non reconnue", "unit not recognised"),
                        one_of(&problem.suggestions),
                    );
                }
                None
            }
        }
    }

    fn bad_period(&mut self, field: Field, suggestions: &[&str]) {
        self.push(
            Code::E1102,
            field,
            Text::new("période non reconnue", "period not recognised"),
            one_of(suggestions),
        );
    }

    /// The unit a resource is counted in. A donor has none of its own: the unit of a rule that
    /// counts it in the written dimension, else the unit of its first rule.
    fn canonical_unit(&self, identity: &Identity, written: &WrittenUnit) -> Unit {
        match identity {
            Identity::Resource(key) => self
                .context
                .knowledge
                .resource(key)
                .map_or(written.dimension().base(), |resource| resource.unit),
            Identity::Donor(key) => {
                let units: Vec<Unit> = self
                    .context
                    .knowledge
                    .rules_of_donor(key)
                    .map(|rule| match rule.donor_unit {
                        // Counted by assay: the material itself is declared by mass.
                        DonorUnit::KilogramContent | DonorUnit::Unit(Unit::Kilogram) => Unit::Tonne,
                        DonorUnit::Unit(unit) => unit,
                    })
                    .collect();
                let same = units
                    .iter()
                    .copied()
                    .find(|&unit| Dimension::of(unit) == written.dimension());
                same.or(units.first().copied())
                    .unwrap_or(written.dimension().base())
            }
            Identity::Unrecognised => written.dimension().base(),
        }
    }

    /// What the catalogue knows of the density and heating value of a donor.
    fn ranges(&self, identity: &Identity) -> Bridge {
        match identity {
            Identity::Donor(key) => Bridge {
                density: self.context.knowledge.density_range(key),
                heating_value: self.context.knowledge.heating_range(key),
            },
            _ => Bridge::default(),
        }
    }

    fn density(&mut self) -> Option<Interval<Density>> {
        let value = self
            .number(
                Field::Density,
                Bounds {
                    low: 0.001,
                    high: 25.0,
                },
            )?
            .value;
        let [low, mid, high] = [value.low(), value.mid(), value.high()].map(Density::new);
        Interval::new(low?, mid?, high?)
    }

    fn heating_value(&mut self) -> Option<Interval<HeatingValue>> {
        let value = self
            .number(
                Field::HeatingValue,
                Bounds {
                    low: 0.001,
                    high: 40.0,
                },
            )?
            .value;
        let [low, mid, high] = [value.low(), value.mid(), value.high()].map(HeatingValue::new);
        Interval::new(low?, mid?, high?)
    }

    /// What the flow is was told by its name alone, and its unit is believed before that.
    fn name_and_unit(&mut self, written: &WrittenUnit, unit: Unit) {
        let code = written.row.code;
        self.findings.retain(|finding| finding.code != Code::I3302);
        self.push(
            Code::W2308,
            Field::Name,
            Text::new(
                format!("ce que ce nom désigne se compte en {unit}, et la quantité est en {code} : une question sera posée"),
                format!("what this name means is counted in {unit}, and the quantity is in {code}: a question will be asked"),
            ),
            Text::new(
                format!("donnez la quantité en {unit}, ou la densité ou le PCI qui y mène, ou un nom plus précis"),
                format!("give the quantity in {unit}, or the density or heating value that leads there, or a more precise name"),
            ),
        );
    }

    fn no_bridge(&mut self, problem: ConversionProblem, written: &WrittenUnit, unit: Unit) {
        let code = written.row.code;
        match problem {
            ConversionProblem::NeedsDensity => self.push(
                Code::E1107,
                Field::Density,
                Text::new(
                    format!("la quantité est en {code}, la ressource se compte en {unit} : il faut la densité"),
                    format!("the quantity is in {code}, the resource is counted in {unit}: a density is needed"),
                ),
                Text::new("déclarez la densité telle que chargée : 0,4..0,6", "declare the density as loaded: 0.4..0.6"),
            ),
            ConversionProblem::NeedsHeatingValue => self.push(
                Code::E1108,
                Field::HeatingValue,
                Text::new(
                    format!("la quantité est en {code}, la ressource se compte en {unit} : il faut le PCI"),
                    format!("the quantity is in {code}, the resource is counted in {unit}: a heating value is needed"),
                ),
                Text::new("déclarez le PCI en MWh/t : 4,2", "declare the heating value in MWh/t: 4.2"),
            ),
            ConversionProblem::Unrelated => self.push(
                Code::E1106,
                Field::Unit,
                Text::new(
                    format!("la ressource se compte en {unit} ; rien ne relie {code} à {unit}"),
                    format!("the resource is counted in {unit}; nothing joins {code} to {unit}"),
                ),
                Text::new(format!("donnez la quantité en {unit}"), format!("give the quantity in {unit}")),
            ),
        }
    }

    /// The period, from its column or from the unit (`t/an`).
    pub(super) fn period(&mut self, of_unit: Option<Period>) -> Option<Period> {
        let text = self.get(Field::Period);
        if text.is_empty() {
            let in_unit = self.get(Field::Unit).contains('/')
                || self
                    .unit_in_cell()
                    .is_some_and(|unit| unit.period.is_some());
            if of_unit.is_none()
                && !in_unit
                && !(self.get(Field::Unit).is_empty() && self.quantity_is_bad())
            {
                self.missing(Field::Period);
            }
            return of_unit;
        }
        match read_period(text) {
            Ok(period) => {
                if of_unit.is_some_and(|of_unit| of_unit != period) {
                    self.push(
                        Code::E1111,
                        Field::Period,
                        Text::new(
                            format!(
                                "l'unité dit « {} », la période dit « {text} »",
                                self.get(Field::Unit)
                            ),
                            format!(
                                "the unit says \"{}\", the period says \"{text}\"",
                                self.get(Field::Unit)
                            ),
                        ),
                        Text::new(
                            format!(
                                "si c'est « {of_unit} », écrivez-le ici : « {of_unit} »",
                                of_unit = of_unit.map_or("", |period| period.words().0)
                            ),
                            format!(
                                "if it is \"{of_unit}\", write it here: \"{of_unit}\"",
                                of_unit = of_unit.map_or("", |period| period.words().1)
                            ),
                        ),
                    );
                }
                Some(period)
            }
            Err(problem) => {
                self.bad_period(Field::Period, &problem.suggestions);
                None
            }
        }
    }

    /// What an example of a quantity must carry where no other cell gives the unit.
    fn unit_to_add(&self) -> &'static str {
        match self.get(Field::Unit) {
            "" => " t/an",
            _ => "",
        }
    }

    /// The number of the cell of the quantity, with or without its unit.
    fn measured(&mut self) -> Option<WrittenNumber> {
        let text = self.get(Field::Quantity);
        if text.is_empty() {
            return None;
        }
        if says_nothing(text) {
            self.push(
                Code::E1112,
                Field::Quantity,
                Text::new(
                    "la quantité n'est pas connue, or un flux sans quantité ne peut être comparé à rien",
                    "the quantity is not known, and a flow without one can be compared with nothing",
                ),
                Text::new(
                    format!("écrivez un ordre de grandeur, par exemple « 1..10{} », ou ôtez la ligne", self.unit_to_add()),
                    format!("write an order of magnitude, such as \"1..10{}\", or drop the row", self.unit_to_add()),
                ),
            );
            return None;
        }
        let read = read_measure_marked(text, self.draft.decimal());
        if let Err(problem) = &read {
            let (code, cause, mut fix) = number_problem(problem);
            let unit = self.unit_to_add();
            if !unit.is_empty() {
                fix = Text::new(
                    format!(
                        "écrivez le nombre, l'unité et la période, par exemple « 12,5{unit} » ou « 10..15{unit} »"
                    ),
                    format!(
                        "write the number, the unit and the period, such as \"12.5{unit}\" or \"10..15{unit}\""
                    ),
                );
            }
            self.push(code, Field::Quantity, cause, fix);
            return None;
        }
        let number = self.judged(
            Field::Quantity,
            read.clone().map(|measure| measure.number),
            Bounds::POSITIVE,
        )?;
        let measure = read.ok()?;
        if let (Some(unit), Some(count)) = (measure.unit, measure.containers) {
            let value = number.value.mid();
            let whole = match (self.get(Field::Unit), unit.period) {
                ("", Some(period)) => format!("{value} {}/{}", unit.row.code, period.words().0),
                ("", None) => format!("{value} {}", unit.row.code),
                _ => value.to_string(),
            };
            self.push(
                Code::I3104,
                Field::Quantity,
                Text::new(
                    format!(
                        "lu {value} {} : {count} fois ce que contient chacun, supposé plein",
                        unit.row.code
                    ),
                    format!(
                        "read as {value} {}: {count} times what each holds, taken as full",
                        unit.row.code
                    ),
                ),
                Text::new(
                    format!(
                        "s'ils ne sont pas pleins, écrivez la quantité elle-même : « {whole} »"
                    ),
                    format!("if they are not full, write the quantity itself: \"{whole}\""),
                ),
            );
        }
        Some(number)
    }

    /// The quantity as written: one cell, or its two bounds, or the three.
    pub(super) fn written_quantity(&mut self) -> Option<Interval<f64>> {
        let before = self.errors();
        let mid = self.measured().map(|number| number.value);
        let low = self
            .number(Field::QuantityLow, Bounds::POSITIVE)
            .map(|number| number.value.low());
        let high = self
            .number(Field::QuantityHigh, Bounds::POSITIVE)
            .map(|number| number.value.high());
        if self.errors() > before {
            return None;
        }
        let value = match (mid, low, high) {
            (Some(mid), None, None) => Some(mid),
            (None, Some(low), Some(high)) => Interval::new(low, low + (high - low) / 2.0, high),
            (Some(mid), low, high) => Interval::new(
                low.unwrap_or(mid.low()),
                mid.mid(),
                high.unwrap_or(mid.high()),
            ),
            (None, ..) => {
                if self.get(Field::Quantity).is_empty() {
                    self.missing(Field::Quantity);
                }
                return None;
            }
        };
        if value.is_none() {
            let field = if low.is_some() {
                Field::QuantityLow
            } else {
                Field::QuantityHigh
            };
            self.push(
                Code::E1105,
                field,
                Text::new(
                    "la quantité ne tient pas entre ses bornes",
                    "the quantity does not lie between its bounds",
                ),
                Text::new(
                    "il faut basse ≤ quantité ≤ haute",
                    "low ≤ quantity ≤ high is needed",
                ),
            );
        }
        if value.is_some_and(|value| value.high() == 0.0) {
            self.push(
                Code::W2103,
                Field::Quantity,
                Text::new(
                    "la quantité est nulle : le flux n'entrera dans aucune proposition",
                    "the quantity is zero: the flow will be in no proposal",
                ),
                Text::new(
                    "ôtez la ligne, ou donnez un intervalle",
                    "drop the row, or give an interval",
                ),
            );
        }
        value
    }

    /// The quantity in canonical units: a yearly rate with its profile, or a lot with its dates.
    pub(super) fn quantity(
        &mut self,
        written: Interval<f64>,
        period: Period,
        profile: Profile,
        counting: &Counting,
    ) -> Option<Quantity> {
        let value = convert(written, &counting.written, counting.unit, &counting.bridge).ok()?;
        let available = self.span(Field::AvailableFrom, Field::AvailableTo);
        let dated = self.draft.has(Field::AvailableFrom) || self.draft.has(Field::AvailableTo);
        let Some(times) = period.per_year() else {
            if !dated {
                self.push(
                    Code::W2401,
                    Field::AvailableFrom,
                    Text::new(
                        "le lot n'a pas de dates : il sera supposé disponible tout le temps",
                        "the lot has no dates: it is taken as available at any time",
                    ),
                    Text::new(
                        "donnez le premier et le dernier jour",
                        "give the first and the last day",
                    ),
                );
            }
            return Some(Quantity::Lot {
                amount: self.amounts(value)?,
                available,
            });
        };
        if dated {
            self.push(
                Code::W2403,
                Field::AvailableFrom,
                Text::new("ces dates sont celles d'un lot ; le flux est annuel, elles sont ignorées", "these are dates of a lot; the flow is yearly, they are ignored"),
                Text::new(
                    "écrivez lot comme période, ou une campagne dans le profil, ou « valable du, au »",
                    "write once as period, or a campaign as profile, or \"valid from, to\"",
                ),
            );
        }
        let active = active_months(&profile);
        let short = matches!(
            period,
            Period::Month | Period::Week | Period::Day | Period::WorkingDay
        );
        let times = if short {
            times * active as f64 / MONTHS as f64
        } else {
            times
        };
        let yearly = value.map(|value| value * times);
        if period == Period::WorkingDay || (short && active < MONTHS) {
            self.push(
                Code::I3103,
                Field::Quantity,
                Text::new(
                    format!(
                        "compté {times:.1} fois par an, soit {:.1} {} par an",
                        yearly.mid(),
                        counting.unit
                    ),
                    format!(
                        "counted {times:.1} times a year, that is {:.1} {} per year",
                        yearly.mid(),
                        counting.unit
                    ),
                ),
                Text::new(
                    "donnez la quantité par an si ce n'est pas cela",
                    "give the quantity per year if this is not what is meant",
                ),
            );
        }
        Some(Quantity::Rate {
            yearly: self.amounts(yearly)?,
            profile,
        })
    }

    fn amounts(&mut self, value: Interval<f64>) -> Option<Interval<Amount>> {
        let [low, mid, high] = [value.low(), value.mid(), value.high()].map(Amount::from_units);
        let amounts = low
            .zip(mid)
            .zip(high)
            .map(|((low, mid), high)| Interval::spanning(low, mid, high));
        if amounts.is_none() || value.high() > Bounds::LARGEST {
            self.push(
                Code::E1104,
                Field::Quantity,
                Text::new(
                    "la quantité par an dépasse ce que le calcul peut porter",
                    "the yearly quantity is beyond what can be computed",
                ),
                Text::new(
                    "vérifiez les zéros, l'unité et la période",
                    "check the zeros, the unit and the period",
                ),
            );
            return None;
        }
        amounts
    }

    /// An amount per year written in the unit of the flow.
    pub(super) fn amount(&mut self, field: Field, counting: Option<&Counting>) -> Option<Amount> {
        let number = self.number(field, Bounds::POSITIVE)?;
        let counting = counting?;
        let value = convert(
            number.value,
            &counting.written,
            counting.unit,
            &counting.bridge,
        )
        .ok()?;
        let amount = Amount::from_units(value.mid());
        if amount.is_none() {
            self.push(
                Code::E1104,
                field,
                Text::new(
                    "la valeur dépasse ce que le calcul peut porter",
                    "the value is beyond what can be computed",
                ),
                Text::new(field.hint(Language::Fr), field.hint(Language::En)),
            );
        }
        amount
    }
}

/// The words of a list to choose from, ready to be copied.
pub(super) fn one_of(words: &[&str]) -> Text {
    Text::new(
        format!("écrivez « {} »", words.join(" » ou « ")),
        format!("write \"{}\"", words.join("\" or \"")),
    )
}

/// Months in which the flow runs at all: a quantity per month, week or day is meant for those.
pub(super) fn active_months(profile: &Profile) -> usize {
    match profile {
        Profile::Constant => MONTHS,
        Profile::Monthly(weights) => weights.iter().filter(|&&weight| weight > 0).count(),
    }
}
