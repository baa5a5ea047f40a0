//! Promises of the reader. Firms and figures are invented.

mod any_text;
mod faults;
mod joined;
mod own;
mod values;

use std::sync::OnceLock;

use jiff::civil::date;

use super::*;
use crate::diagnostic::{Code, Severity};
use crate::flow::{Flow, Identity, Quantity};
use crate::geo::PositionSource;
use crate::id::{Direction, IdScheme, ZoneId};
use crate::knowledge::Knowledge;
use crate::profile::Profile;
use crate::text::Language;
use crate::units::{Amount, Unit};

fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    KNOWLEDGE.get_or_init(|| Knowledge::embedded().expect("the embedded catalogue is read"))
}

fn context() -> Context<'static> {
    Context::new(knowledge(), date(2026, 10, 1), ZoneId::new("zone"))
}

/// A row in which nothing is wrong.
fn gypsum() -> Draft {
    [
        (Field::Firm, "Centrale A"),
        (Field::Ref, "gypse"),
        (Field::Direction, "sortant"),
        (Field::Name, "Gypse de désulfuration"),
        (Field::Resource, "DON:fgd_gypsum"),
        (Field::Quantity, "1200"),
        (Field::Unit, "t"),
        (Field::Period, "an"),
    ]
    .into_iter()
    .map(|(field, text)| (field, text.to_owned()))
    .collect()
}

fn findings(draft: &Draft) -> Vec<(Code, Option<Field>)> {
    read_row(draft, &context())
        .findings
        .into_iter()
        .map(|finding| (finding.code, finding.field))
        .collect()
}

fn flow(draft: &Draft) -> Flow {
    let read = read_row(draft, &context());
    read.value
        .flow
        .unwrap_or_else(|| panic!("{:?}", read.findings))
}

fn gathered(drafts: &[Draft]) -> Gathered {
    let rows: Vec<RowDeclaration> = drafts
        .iter()
        .map(|draft| read_row(draft, &context()).value)
        .collect();
    gather(&rows, &context())
}

fn yearly(flow: &Flow) -> (f64, f64, f64) {
    let amount = flow.quantity.amount();
    (
        amount.low().units(),
        amount.mid().units(),
        amount.high().units(),
    )
}
