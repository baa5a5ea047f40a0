//! Waste registers, one line per shipment, as yearly outputs with their months.
//!
//! Lines are summed while they are read, so that a register of any length takes the memory of its
//! streams. A register says what left a site and where to; it has no price and no need, and none is
//! made up. Each stream is then written as a row of the template and read as any other row is.

mod findings;
mod shipment;
mod streams;
mod titles;
mod year;

use std::rc::Rc;

use boucle_domain::id::normalised;
use boucle_domain::validate::{Context, Draft, Field};

use crate::csv;
use crate::encoding::decoded;
use crate::entries::{Entries, Origin};
use crate::limits;
use crate::reading::{Reading, RowPlace, SkipReason, Skipped};
use crate::sheet::Sheet;
use findings::Told;
pub(crate) use findings::tell_places;
use shipment::{KILOGRAM, TONNE};
use streams::{Stream, Streams};
use titles::{Column, Layout, Titles};
use year::Covered;

/// Rows from the top in which the headings are looked for.
const ROWS_LOOKED_AT: usize = 10;
/// Destinations named in the present outlet of a flow.
const DESTINATIONS_NAMED: usize = 3;

/// What was read of one sheet.
struct Register {
    sheet: String,
    titles: Titles,
    heading_row: u32,
    streams: Streams,
    cut: bool,
}

/// Reads a text that is a register, line by line; `false` when it is none.
pub(crate) fn of_text(
    bytes: &[u8],
    file_name: &str,
    context: &Context,
    entries: &mut Entries,
    reading: &mut Reading,
) -> bool {
    let Ok(text) = decoded(bytes).map(|decoded| decoded.text) else {
        return false;
    };
    let mut head = 0;
    let mut found: Option<Register> = None;
    let walked = csv::walk(&text, &mut |row, record| match &mut found {
        None => {
            let cells = (0..limits::COLUMNS).zip(record.iter());
            found = Titles::of(cells).map(|titles| Register::new(file_name, titles, row));
            head += 1;
            found.is_some() || head < ROWS_LOOKED_AT
        }
        Some(register) => {
            if record.iter().all(|cell| cell.trim().is_empty()) {
                return true;
            }
            register.line(row, context, limits::LINES, |column| {
                record.get(column as usize).unwrap_or_default()
            })
        }
    });
    let (Some(register), Ok(())) = (found, walked) else {
        return false;
    };
    register.enter(file_name, context, entries, reading);
    true
}

/// Reads the sheets that are registers and gives their names.
pub(crate) fn of_sheets(
    sheets: &[&Sheet],
    file_name: &str,
    context: &Context,
    entries: &mut Entries,
    reading: &mut Reading,
) -> Vec<String> {
    let mut registers = Vec::new();
    for sheet in sheets {
        let titled = sheet
            .rows
            .iter()
            .take(ROWS_LOOKED_AT)
            .enumerate()
            .find_map(|(at, row)| {
                let cells = row
                    .cells
                    .iter()
                    .map(|(column, cell)| (*column, cell.as_str()));
                Titles::of(cells).map(|titles| (at, row.number, titles))
            });
        let Some((at, number, titles)) = titled else {
            continue;
        };
        let mut register = Register::new(&sheet.name, titles, number);
        register.cut = sheet.cut;
        for row in sheet.rows.iter().skip(at + 1) {
            if !register.line(row.number, context, limits::ROWS, |column| row.text(column)) {
                break;
            }
        }
        reading.titles(sheet, at);
        register.enter(file_name, context, entries, reading);
        registers.push(sheet.name.clone());
    }
    registers
}

impl Register {
    fn new(sheet: &str, titles: Titles, heading_row: u32) -> Register {
        Register {
            sheet: sheet.to_owned(),
            titles,
            heading_row,
            streams: Streams::default(),
            cut: false,
        }
    }

    /// Reads one line; `false` once the limits are reached.
    fn line<'c>(
        &mut self,
        row: u32,
        context: &Context,
        rows: u32,
        cell: impl Fn(u32) -> &'c str,
    ) -> bool {
        if row > rows || self.streams.all.len() >= limits::STREAMS {
            self.cut = true;
            return false;
        }
        let operation = |text: &str| {
            context
                .knowledge
                .operation(text)
                .map(|found| found.code.clone())
        };
        self.streams.line(row, &self.titles, operation, cell);
        true
    }
}

impl Register {
    /// Its streams as rows of the template, and what is told of it.
    fn enter(
        &self,
        file_name: &str,
        context: &Context,
        entries: &mut Entries,
        reading: &mut Reading,
    ) {
        self.told(reading);
        let Some((first, last)) = self.streams.span() else {
            return;
        };
        let covered = Covered { first, last };
        let columns = Field::ALL
            .iter()
            .filter_map(|&field| Some((field, self.column(field)?)))
            .collect();
        let (sheet, columns) = (Rc::from(self.sheet.as_str()), Rc::new(columns));
        let filled = self.streams.all.iter();
        for stream in filled.filter(|stream| !stream.rows.is_empty()) {
            let draft = self.draft(stream, covered, file_name, context);
            let origin = Origin::summed(&sheet, stream.rows.clone(), &columns);
            entries.draft(&draft, origin, context);
        }
    }

    fn row(&self, row: u32) -> RowPlace {
        RowPlace {
            sheet: self.sheet.clone(),
            row,
        }
    }

    /// What is told of the whole register, and of each of its lines.
    fn told(&self, reading: &mut Reading) {
        let told = Told {
            sheet: &self.sheet,
            heading_row: self.heading_row,
            titles: &self.titles,
            streams: &self.streams,
        };
        told.all(self.cut, &mut reading.findings);
        reading.rows += self.streams.lines;
        reading
            .refused
            .extend(self.streams.refused.iter().map(|&row| self.row(row)));
        reading.skipped.push(Skipped {
            place: self.row(self.heading_row),
            reason: SkipReason::Headings,
        });
        let aside = self.streams.planned.iter().chain(&self.streams.cancelled);
        reading.skipped.extend(aside.map(|&row| Skipped {
            place: self.row(row),
            reason: SkipReason::NothingDeclared,
        }));
    }

    /// A stream as a row of the template.
    fn draft(
        &self,
        stream: &Stream,
        covered: Covered,
        file_name: &str,
        context: &Context,
    ) -> Draft {
        let yearly = covered.yearly(&stream.months);
        let [low, mid, high] =
            [yearly.low, yearly.mid, yearly.high].map(|grams| unmistakable(tonnes(grams)));
        let quantity = match yearly.low == yearly.high {
            true => mid,
            false => format!("{low}..{mid}..{high}"),
        };
        let reference = [
            Stream::name_of_code(&stream.code),
            normalised(&stream.name),
            stream.operation.to_lowercase(),
        ]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-");
        let grams: i64 = stream.months.values().sum();
        let source = format!(
            "Registre des déchets sortants, {} à {} : {} expédition(s), {} t [{file_name}]",
            Covered::written(covered.first),
            Covered::written(covered.last),
            stream.rows.len(),
            tonnes(grams),
        );
        let mut draft = Draft::new()
            .with(Field::Firm, &stream.firm)
            .with(Field::SiteId, &stream.site)
            .with(Field::Commune, commune(stream, context))
            .with(Field::Ref, reference)
            .with(Field::Direction, "output")
            .with(Field::Name, &stream.name)
            .with(Field::Quantity, quantity)
            .with(Field::Unit, "t")
            .with(Field::Period, "an")
            .with(Field::WasteCode, &stream.code)
            .with(Field::Counterpart, outlet(stream))
            .with(
                Field::Method,
                if stream.estimated {
                    "estimated"
                } else {
                    "measured"
                },
            )
            .with(Field::SourceYear, (covered.last / 12).to_string())
            .with(Field::Source, source)
            .with(Field::Comment, if stream.pop { "POP : oui" } else { "" });
        if let Some(hazardous) = stream.hazardous {
            draft.set(Field::Hazardous, if hazardous { "oui" } else { "non" });
        }
        if yearly.months.iter().any(|month| *month > 0) {
            draft.set(Field::Profile, "mensuel");
            for (field, month) in Field::MONTHS.into_iter().zip(yearly.months) {
                draft.set(field, unmistakable(kilograms(month.max(0))));
            }
        }
        draft
    }

    /// The column a field was read from.
    fn column(&self, field: Field) -> Option<u32> {
        let column = match field {
            Field::SiteId => Column::Site,
            Field::Firm if self.titles.layout == Layout::Export => Column::Firm,
            Field::Firm => Column::Site,
            Field::Name | Field::Ref => Column::Name,
            Field::WasteCode => Column::Code,
            Field::Hazardous => Column::Hazardous,
            Field::Quantity => Column::Weight,
            Field::Commune => Column::Town,
            _ => return None,
        };
        self.titles.at(column)
    }
}

/// The treatment and where the waste goes, heaviest first.
fn outlet(stream: &Stream) -> String {
    let mut destinations: Vec<(&String, &i64)> = stream.destinations.iter().collect();
    destinations.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let more = destinations.len().saturating_sub(DESTINATIONS_NAMED);
    let mut named: Vec<String> = destinations
        .into_iter()
        .take(DESTINATIONS_NAMED)
        .map(|(name, _)| name.clone())
        .collect();
    if more > 0 {
        named.push(format!("+ {more}"));
    }
    let treatment = [stream.operation.as_str(), stream.mode.as_str()]
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    [treatment, named.join(", ")]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" : ")
}

/// The commune of an export, only if its name and department leave no doubt.
fn commune(stream: &Stream, context: &Context) -> String {
    let department = match stream.postcode.get(..2) {
        Some("97" | "98") => stream.postcode.get(..3),
        other => other,
    };
    let (Some(department), false) = (department, stream.town.is_empty()) else {
        return String::new();
    };
    let communes = context
        .knowledge
        .communes_by_name(&normalised(&stream.town));
    let mut here = communes
        .into_iter()
        .filter(|commune| commune.department == department);
    match (here.next(), here.next()) {
        (Some(commune), None) => commune.code.clone(),
        _ => String::new(),
    }
}

/// A number in which no reader takes three decimals for thousands: `14.5120`.
fn unmistakable(written: String) -> String {
    match written.split_once('.') {
        Some((_, decimals)) if decimals.len() == 3 => format!("{written}0"),
        _ => written,
    }
}

/// Grams as tonnes, with no more decimals than needed.
fn tonnes(grams: i64) -> String {
    decimal(grams / TONNE, grams % TONNE, 6)
}

/// Grams as kilograms, with no more decimals than needed.
fn kilograms(grams: i64) -> String {
    decimal(grams / KILOGRAM, grams % KILOGRAM, 3)
}

/// A whole and so many figures behind the point.
fn decimal(whole: i64, rest: i64, figures: usize) -> String {
    match rest {
        0 => whole.to_string(),
        rest => format!("{whole}.{rest:0figures$}")
            .trim_end_matches('0')
            .to_owned(),
    }
}
