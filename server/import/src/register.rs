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

use boucle_domain::id::normalised;
use boucle_domain::validate::{Context, Draft, Field, gather, read_row};

use crate::csv;
use crate::encoding::decoded;
use crate::limits;
use crate::rows::{Reading, RowPlace, SkipReason, Skipped};
use crate::sheet::Sheet;
use findings::Told;
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

/// Reads a text that is a register, line by line; `None` when it is none.
pub(crate) fn of_text(bytes: &[u8], file_name: &str, context: &Context) -> Option<Reading> {
    let text = decoded(bytes).ok()?.text;
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
    let register = found?;
    walked.ok()?;
    Some(reading(vec![register], &[file_name], file_name, context))
}

/// Reads the sheets of a workbook that are registers; `None` when none is.
pub(crate) fn of_sheets(sheets: &[Sheet], file_name: &str, context: &Context) -> Option<Reading> {
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
        registers.push(register);
    }
    if registers.is_empty() {
        return None;
    }
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    Some(reading(registers, &names, file_name, context))
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

/// The declaration of registers, with all that was found in them.
fn reading(
    registers: Vec<Register>,
    sheets: &[&str],
    file_name: &str,
    context: &Context,
) -> Reading {
    let mut reading = Reading::default();
    reading.sheets = sheets.iter().map(|name| (*name).to_owned()).collect();
    let mut rows = Vec::new();
    let mut found = Vec::new();
    // Register and stream of each row given to be joined.
    let mut of_row: Vec<(usize, usize)> = Vec::new();
    for (at, register) in registers.iter().enumerate() {
        register.told(&mut reading);
        let Some((first, last)) = register.streams.span() else {
            continue;
        };
        let covered = Covered { first, last };
        for (stream_at, stream) in register.streams.all.iter().enumerate() {
            if stream.rows.is_empty() {
                continue;
            }
            let read = read_row(
                &register.draft(stream, covered, file_name, context),
                context,
            );
            found.extend(
                read.findings
                    .into_iter()
                    .map(|finding| (of_row.len(), finding)),
            );
            rows.push(read.value);
            of_row.push((at, stream_at));
        }
    }
    let gathered = gather(&rows, context);
    found.extend(gathered.findings);
    found.sort_by_key(|(at, _)| *at);
    let stream_of = |at: usize| {
        let (register, stream) = of_row[at];
        (
            &registers[register],
            &registers[register].streams.all[stream],
        )
    };
    for (at, finding) in found {
        let (register, stream) = stream_of(at);
        let place = register.place(stream.rows[0], register.column(finding.field));
        reading.findings.push(finding.at(place));
    }
    let mut lost: Vec<bool> = vec![true; of_row.len()];
    for (key, at) in gathered.rows {
        let (register, stream) = stream_of(at);
        lost[at] = false;
        reading.placed(
            key,
            register.place(stream.rows[0], None),
            stream.rows.clone(),
        );
    }
    for (at, _) in lost.iter().enumerate().filter(|(_, lost)| **lost) {
        let (register, stream) = stream_of(at);
        reading
            .refused
            .extend(stream.rows.iter().map(|&row| register.row(row)));
    }
    reading.refused.sort();
    reading.refused.dedup();
    reading.declaration = gathered.declaration;
    findings::once(file_name, &mut reading);
    reading.findings.sort_by(|a, b| {
        let at = |sheet: &str| sheets.iter().position(|name| *name == sheet);
        (at(&a.place.sheet), a.place.row).cmp(&(at(&b.place.sheet), b.place.row))
    });
    reading
}

impl Register {
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
        let digits: String = stream.code.chars().filter(char::is_ascii_digit).collect();
        let reference = [
            digits,
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
    fn column(&self, field: Option<Field>) -> Option<u32> {
        let column = match field? {
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

    fn place(&self, row: u32, column: Option<u32>) -> boucle_domain::diagnostic::Place {
        findings::place(&self.sheet, row, column)
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
