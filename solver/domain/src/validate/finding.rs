//! One finding about a row, before the sheet adds where it stands.

use super::field::Field;
use crate::diagnostic::{Code, Diagnostic, Place, Severity};
use crate::text::Text;

/// What is wrong with a field, or worth knowing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its code.
    pub code: Code,
    /// The field it is about; `None` when it is about the whole row or file.
    pub field: Option<Field>,
    /// What was read.
    pub value: String,
    /// Why it is wrong.
    pub cause: Text,
    /// What to write instead.
    pub fix: Text,
}

impl Finding {
    /// A finding about a field. The value shown is cut at 120 characters.
    pub fn new(
        code: Code,
        field: impl Into<Option<Field>>,
        value: &str,
        cause: Text,
        fix: Text,
    ) -> Finding {
        Finding {
            code,
            field: field.into(),
            value: value.chars().take(120).collect(),
            cause,
            fix,
        }
    }

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// The diagnostic of this finding at a place; the field is filled in.
    pub fn at(self, mut place: Place) -> Diagnostic {
        if let Some(field) = self.field {
            place.field = field.code().to_owned();
        }
        Diagnostic {
            code: self.code,
            severity: self.code.severity(),
            place,
            value: self.value,
            cause: self.cause,
            fix: self.fix,
        }
    }
}
