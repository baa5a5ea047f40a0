//! Names of rows and columns that a free-format reader takes back unchanged.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::KernelError;
use crate::error::expect_length;
use crate::lp::Lp;

/// Longest name every common reader accepts, in bytes.
const LONGEST: usize = 255;

/// Names for a model in MPS: not empty, without white space, each once among rows or columns.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// Name of the model.
    pub model: &'a str,
    /// `n` names of columns.
    pub columns: &'a [String],
    /// `m` names of rows.
    pub rows: &'a [String],
}

/// Checked names, or numbered ones.
pub(super) struct Labels<'a> {
    names: Option<&'a Names<'a>>,
}

impl<'a> Labels<'a> {
    pub(super) fn new(
        lp: &Lp,
        names: Option<&'a Names<'a>>,
        objective: &str,
    ) -> Result<Self, KernelError> {
        if let Some(names) = names {
            expect_length("column names", lp.columns(), names.columns.len())?;
            expect_length("row names", lp.rows(), names.rows.len())?;
            check("model", &[names.model.to_owned()], None)?;
            check("column", names.columns, None)?;
            check("row", names.rows, Some(objective))?;
        }
        Ok(Self { names })
    }

    pub(super) fn model(&self) -> &str {
        self.names.map_or("model", |names| names.model)
    }

    pub(super) fn column(&self, j: usize) -> Cow<'a, str> {
        match self.names {
            Some(names) => Cow::Borrowed(&names.columns[j]),
            None => Cow::Owned(format!("x{j}")),
        }
    }

    pub(super) fn row(&self, i: usize) -> Cow<'a, str> {
        match self.names {
            Some(names) => Cow::Borrowed(&names.rows[i]),
            None => Cow::Owned(format!("r{i}")),
        }
    }
}

fn check(what: &'static str, names: &[String], taken: Option<&str>) -> Result<(), KernelError> {
    let mut seen: HashSet<&str> = taken.into_iter().collect();
    for (index, name) in names.iter().enumerate() {
        let reason = if name.is_empty() {
            "it is empty"
        } else if name.len() > LONGEST {
            "it is longer than 255 bytes"
        } else if name.chars().any(|c| c.is_whitespace() || c.is_control()) {
            "it holds white space"
        } else if name.starts_with(['$', '*', '\'', '"']) {
            "its first character opens a comment or a quotation"
        } else if !seen.insert(name) {
            "it is taken"
        } else {
            continue;
        };
        return Err(KernelError::Name {
            what,
            index,
            name: name.clone(),
            reason,
        });
    }
    Ok(())
}
