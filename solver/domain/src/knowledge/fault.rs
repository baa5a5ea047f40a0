//! What is wrong with a table, and where.

use std::fmt;

/// One fault of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// File name of the table.
    pub table: String,
    /// Line of the record in the file, header = 1; 0 when the fault is of the whole table.
    pub row: u64,
    /// What is wrong.
    pub text: String,
}

impl Fault {
    /// A fault of one row.
    pub fn new(table: &str, row: u64, text: impl Into<String>) -> Fault {
        Fault {
            table: table.to_owned(),
            row,
            text: text.into(),
        }
    }

    /// A fault of a whole table.
    pub fn whole(table: &str, text: impl Into<String>) -> Fault {
        Fault::new(table, 0, text)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            0 => write!(f, "{}: {}", self.table, self.text),
            row => write!(f, "{}:{}: {}", self.table, row, self.text),
        }
    }
}

/// The tables cannot be used; every fault found is listed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} in the tables of knowledge: {}", counted(.faults.len()), listed(.faults))]
pub struct KnowledgeError {
    /// All faults.
    pub faults: Vec<Fault>,
}

fn counted(faults: usize) -> String {
    if faults == 1 {
        "1 fault".to_owned()
    } else {
        format!("{faults} faults")
    }
}

/// The first faults on one line; the rest by number, so that a message stays readable.
fn listed(faults: &[Fault]) -> String {
    const SHOWN: usize = 5;
    let mut text = faults
        .iter()
        .take(SHOWN)
        .map(Fault::to_string)
        .collect::<Vec<_>>()
        .join("; ");
    if faults.len() > SHOWN {
        text.push_str(&format!("; and {} more", faults.len() - SHOWN));
    }
    text
}
