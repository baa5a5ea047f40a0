//! Shipments summed into streams as they are read: no line is kept, only sums and row numbers.
//!
//! A stream is a site, a waste code, a designation and the treatment the waste goes to: what a
//! firm pays differs by treatment, and so does what could take its place. Destinations of one
//! treatment are told by name. Sums are whole grams.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::shipment::{self, KILOGRAM};
use super::titles::{Column, Layout, Titles};
use boucle_domain::id::normalised;

/// What is sent away by one site under one code, name and treatment.
#[derive(Clone, Debug, Default)]
pub(super) struct Stream {
    pub site: String,
    pub firm: String,
    pub postcode: String,
    pub town: String,
    pub name: String,
    pub code: String,
    /// `D5`; empty when none is written.
    pub operation: String,
    pub mode: String,
    pub hazardous: Option<bool>,
    pub pop: bool,
    /// A weight of it is estimated, or does not say.
    pub estimated: bool,
    /// Grams by month.
    pub months: BTreeMap<u32, i64>,
    /// Grams by destination.
    pub destinations: BTreeMap<String, i64>,
    /// Rows of its shipments, in order.
    pub rows: Vec<u32>,
}

impl Stream {
    /// What tells the code of a stream apart: its digits, or its letters too where there are too few
    /// for a code of the list, as in a collector's own `CART-01`.
    pub(super) fn name_of_code(code: &str) -> String {
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        match digits.len() < 5 {
            true => normalised(code),
            false => digits,
        }
    }
}

/// What is wrong with a cell of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    Date,
    Weight,
    YesNo,
    Estimated,
    Repeated,
    Operation,
}

/// A cell that is wrong.
#[derive(Clone, Debug)]
pub(super) struct Wrong {
    pub fault: Fault,
    pub row: u32,
    pub column: Option<u32>,
    pub value: String,
}

/// One counted shipment, so that a later line may change or cancel it.
#[derive(Clone, Copy)]
struct Counted {
    stream: usize,
    month: u32,
    grams: i64,
}

/// Faults kept in full, per kind; more are counted.
const FAULTS_TOLD: usize = 1_000;

/// Everything read so far.
#[derive(Default)]
pub(super) struct Streams {
    pub all: Vec<Stream>,
    /// Stream of each site, code, name and treatment as written.
    as_written: HashMap<String, usize>,
    /// Stream of each of the same, reduced to what identifies it.
    by_key: HashMap<(String, String, String, String), usize>,
    counted: HashMap<u64, Counted>,
    pub wrong: Vec<Wrong>,
    pub wrong_of: BTreeMap<Fault, usize>,
    /// Rows with a fault.
    pub refused: Vec<u32>,
    pub lines: usize,
    /// Movements that have not taken place.
    pub planned: Vec<u32>,
    /// Lines that cancel another, and those that had been cancelled.
    pub cancelled: Vec<u32>,
    /// Lines with a weight finer than the kilogram.
    pub finer: usize,
    key: String,
}

impl Streams {
    /// Reads one line; `cell` gives the text of a column of the sheet.
    pub fn line<'c>(
        &mut self,
        row: u32,
        titles: &Titles,
        known_operation: impl Fn(&str) -> Option<String>,
        cell: impl Fn(u32) -> &'c str,
    ) {
        let get = |column: Column| titles.at(column).map_or("", |at| cell(at).trim());
        self.lines += 1;
        let mut bad = false;
        let mut wrong = |streams: &mut Streams, fault, column: Column, value: &str| {
            bad = true;
            streams.wrong(fault, row, titles.at(column), value);
        };
        let (weight_column, weight) = [Column::Weight, Column::Accepted, Column::Received]
            .into_iter()
            .map(|column| (column, get(column)))
            .find(|(_, text)| !text.is_empty())
            .unwrap_or((Column::Weight, ""));
        let date = get(Column::Date);
        if titles.layout == Layout::Export && date.is_empty() {
            self.lines -= 1;
            self.planned.push(row);
            return;
        }
        let month = shipment::month(date);
        if month.is_none() {
            wrong(self, Fault::Date, Column::Date, date);
        }
        let reason = get(Column::Reason)
            .as_bytes()
            .first()
            .map(u8::to_ascii_lowercase);
        let cancels = reason == Some(b'a');
        let grams = shipment::grams(weight).or(cancels.then_some(0));
        if grams.is_none() {
            wrong(self, Fault::Weight, weight_column, weight);
        }
        let mut word = |streams: &mut Streams, fault, column, read: fn(&str) -> Option<bool>| {
            let text = get(column);
            let value = read(text);
            if value.is_none() && !text.is_empty() {
                wrong(streams, fault, column, text);
            }
            value
        };
        let hazardous = word(self, Fault::YesNo, Column::Hazardous, shipment::yes);
        let pop = word(self, Fault::YesNo, Column::Pop, shipment::yes);
        let estimated = word(
            self,
            Fault::Estimated,
            Column::Estimated,
            shipment::estimated,
        );
        let done = get(Column::OperationDone);
        let (operation_column, operation) = match done {
            "" => (Column::Operation, get(Column::Operation)),
            done => (
                Column::OperationDone,
                done.split(',').next().unwrap_or(done),
            ),
        };
        let at = self.stream_of([
            get(Column::Site),
            get(Column::Code),
            get(Column::Name),
            operation,
        ]);
        let at = match at {
            Ok(at) => at,
            Err(()) => {
                let read = match operation {
                    "" => Some(String::new()),
                    written => known_operation(written),
                };
                if read.is_none() {
                    wrong(self, Fault::Operation, operation_column, operation);
                }
                let key = [get(Column::Site), get(Column::Code), get(Column::Name)];
                match read {
                    Some(read) => self.new_stream(key, read),
                    None => usize::MAX,
                }
            }
        };
        if at == usize::MAX || bad {
            self.refuse(row);
            return;
        }
        let (Some(month), Some(grams)) = (month, grams) else {
            return;
        };
        let id = match get(Column::Id) {
            "" => get(Column::Slip),
            id => id,
        };
        if !id.is_empty()
            && !self.settle(
                row,
                titles,
                id,
                get(Column::Site),
                reason,
                Counted {
                    stream: at,
                    month,
                    grams,
                },
            )
        {
            return;
        }
        if cancels {
            self.cancelled.push(row);
            return;
        }
        if grams % KILOGRAM != 0 {
            self.finer += 1;
        }
        let mode = match get(Column::ModeDone) {
            "" => Column::Mode,
            _ => Column::ModeDone,
        };
        let stream = &mut self.all[at];
        stream.rows.push(row);
        *stream.months.entry(month).or_insert(0) += grams;
        stream.pop |= pop == Some(true);
        stream.estimated |= estimated != Some(false);
        if hazardous.is_some() {
            stream.hazardous = Some(stream.hazardous == Some(true) || hazardous == Some(true));
        }
        for (text, column) in [
            (&mut stream.firm, Column::Firm),
            (&mut stream.postcode, Column::Postcode),
            (&mut stream.town, Column::Town),
            (&mut stream.mode, mode),
        ] {
            if text.is_empty() {
                text.push_str(get(column));
            }
        }
        let (destination, named) = (get(Column::Destination), get(Column::DestinationName));
        if !destination.is_empty() || !named.is_empty() {
            self.key.clear();
            self.key.push_str(named);
            if !named.is_empty() && !destination.is_empty() {
                self.key.push(' ');
            }
            self.key.push_str(destination);
            match stream.destinations.get_mut(self.key.as_str()) {
                Some(sum) => *sum += grams,
                None => {
                    stream.destinations.insert(self.key.clone(), grams);
                }
            }
        }
    }

    /// The stream of words met before.
    fn stream_of(&mut self, words: [&str; 4]) -> Result<usize, ()> {
        self.key.clear();
        for word in words {
            self.key.push_str(word);
            self.key.push('\u{1f}');
        }
        self.as_written.get(self.key.as_str()).copied().ok_or(())
    }

    /// The stream of words not met before; spaces, case and accents make no other stream.
    fn new_stream(&mut self, [site, code, name]: [&str; 3], operation: String) -> usize {
        let site_digits: String = site.chars().filter(|c| !c.is_whitespace()).collect();
        let key = (
            site_digits,
            Stream::name_of_code(code),
            normalised(name),
            operation.clone(),
        );
        let at = *self.by_key.entry(key).or_insert_with(|| {
            self.all.push(Stream {
                site: site.to_owned(),
                code: code.to_owned(),
                name: name.to_owned(),
                operation,
                ..Stream::default()
            });
            self.all.len() - 1
        });
        self.as_written.insert(self.key.clone(), at);
        at
    }

    /// Holds a line against an earlier one of the same identifier; `false` when it does not count.
    fn settle(
        &mut self,
        row: u32,
        titles: &Titles,
        id: &str,
        site: &str,
        reason: Option<u8>,
        new: Counted,
    ) -> bool {
        let mut hasher = DefaultHasher::new();
        (site, id).hash(&mut hasher);
        let hash = hasher.finish();
        let changes = matches!(reason, Some(b'm' | b'a'));
        match self.counted.get(&hash).copied() {
            Some(_) if !changes => {
                self.wrong(Fault::Repeated, row, titles.at(Column::Id), id);
                self.refuse(row);
                return false;
            }
            Some(old) => {
                if let Some(sum) = self.all[old.stream].months.get_mut(&old.month) {
                    *sum -= old.grams;
                }
                if reason == Some(b'a') {
                    self.counted.remove(&hash);
                } else {
                    self.counted.insert(hash, new);
                }
            }
            None if reason == Some(b'a') => {}
            None => {
                self.counted.insert(hash, new);
            }
        }
        true
    }

    fn refuse(&mut self, row: u32) {
        if self.refused.last() != Some(&row) {
            self.refused.push(row);
        }
    }

    fn wrong(&mut self, fault: Fault, row: u32, column: Option<u32>, value: &str) {
        let count = self.wrong_of.entry(fault).or_insert(0);
        *count += 1;
        if *count <= FAULTS_TOLD {
            let value = value.chars().take(120).collect();
            self.wrong.push(Wrong {
                fault,
                row,
                column,
                value,
            });
        }
    }

    /// Faults beyond those kept, by kind.
    pub fn untold(&self) -> usize {
        self.wrong_of
            .values()
            .map(|count| count.saturating_sub(FAULTS_TOLD))
            .sum()
    }

    /// First and last month of any shipment.
    pub fn span(&self) -> Option<(u32, u32)> {
        let months = || {
            self.all
                .iter()
                .flat_map(|stream| stream.months.keys().copied())
        };
        Some((months().min()?, months().max()?))
    }
}
