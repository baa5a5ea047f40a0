//! Which mark is the decimal one, column by column; and sums of months.

use boucle_domain::units::written::{format_number, read_number_marked};
use boucle_domain::validate::{Draft, Field};

use crate::sheet::SheetRow;

/// What the numbers of a column say of their decimal mark.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    comma: usize,
    point: usize,
}

impl Marks {
    /// Looks at one cell. Only marks that cannot be mistaken count.
    pub fn look(&mut self, text: &str) {
        let commas = text.bytes().filter(|&byte| byte == b',').count();
        let points = text.bytes().filter(|&byte| byte == b'.').count();
        if commas + points == 0 || text.len() > 40 || text.contains("..") {
            return;
        }
        match (commas, points) {
            (1, 0) => self.comma += usize::from(sure(text, ',')),
            (0, 1) => self.point += usize::from(sure(text, '.')),
            // Both: the last is the decimal one. One of them twice: thousands, so the other is.
            (1, _) if text.rfind(',') > text.rfind('.') => self.comma += 1,
            (_, 1) if text.rfind('.') > text.rfind(',') => self.point += 1,
            (2.., 0) => self.point += 1,
            (0, 2..) => self.comma += 1,
            _ => {}
        }
    }

    /// The decimal mark, when all that can be told agrees.
    pub fn decided(self) -> Option<char> {
        match (self.comma, self.point) {
            (1.., 0) => Some(','),
            (0, 1..) => Some('.'),
            _ => None,
        }
    }

    /// Whether nothing can be told.
    pub fn is_silent(self) -> bool {
        self.comma + self.point == 0
    }

    /// What two columns say together.
    pub fn and(self, other: Marks) -> Marks {
        Marks {
            comma: self.comma + other.comma,
            point: self.point + other.point,
        }
    }
}

/// Whether the only mark of a text can but be decimal: not followed by exactly three figures, or after
/// a nought or more than three figures.
fn sure(text: &str, mark: char) -> bool {
    let Some((whole, decimals)) = text.split_once(mark) else {
        return false;
    };
    let after = decimals.bytes().take_while(u8::is_ascii_digit).count();
    let figures: String = whole
        .chars()
        .rev()
        .take_while(char::is_ascii_digit)
        .collect();
    if after == 0 || figures.is_empty() {
        return false;
    }
    let figures_at = whole.len() - figures.len();
    let grouped = whole[..figures_at].ends_with([' ', '\u{a0}', '\u{202f}', '\u{2009}', '\''])
        && whole[..figures_at].contains(|character: char| character.is_ascii_digit());
    after != 3 || figures == "0" || figures.len() > 3 || grouped
}

/// Whether the numbers of a field are read with the mark of their column.
pub(super) fn is_number(field: Field) -> bool {
    matches!(
        field,
        Field::Quantity
            | Field::QuantityLow
            | Field::QuantityHigh
            | Field::Price
            | Field::StorageCapacity
            | Field::TakeOrPay
            | Field::MinimumLot
            | Field::AgreementQuantity
    ) || Field::MONTHS.contains(&field)
}

/// The marks of a column.
pub(super) fn marks(rows: &[SheetRow], column: u32) -> Marks {
    let mut marks = Marks::default();
    for row in rows {
        marks.look(row.text(column));
    }
    marks
}

/// Twelve months without a yearly quantity are quantities themselves: their sum is that of the year.
pub(super) fn sum_of_months(draft: &mut Draft) {
    if draft.has(Field::Quantity) || draft.has(Field::QuantityLow) {
        return;
    }
    let mut sum = 0.0;
    let mut any = false;
    for month in Field::MONTHS {
        let text = draft.get(month);
        if text.is_empty() {
            continue;
        }
        let Ok(number) = read_number_marked(text, draft.decimal()) else {
            return;
        };
        any = true;
        sum += number.value.mid();
    }
    if !any {
        return;
    }
    // Cents of sums of tenths: figures beyond what anybody writes are rounding of the machine.
    let sum = (sum * 1e6).round() / 1e6;
    draft.set(Field::Quantity, format_number(sum));
    draft.set(Field::Period, "an");
    for month in Field::MONTHS {
        if !draft.has(month) {
            draft.set(month, "0");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(cells: &[&str]) -> Option<char> {
        let mut marks = Marks::default();
        cells.iter().for_each(|cell| marks.look(cell));
        marks.decided()
    }

    #[test]
    fn one_number_that_can_but_be_decimal_decides_for_its_column() {
        assert_eq!(decided(&["1.234", "12,5"]), Some(','));
        assert_eq!(decided(&["1,234", "12.5"]), Some('.'));
        assert_eq!(decided(&["1.234", "0.250"]), Some('.'));
        assert_eq!(decided(&["1 234,567"]), Some(','));
        assert_eq!(decided(&["1.234.567"]), Some(','));
        assert_eq!(decided(&["1,234.5"]), Some('.'));
        assert_eq!(decided(&["12,5 t/an", "1.234"]), Some(','));
    }

    #[test]
    fn numbers_that_may_be_thousands_decide_nothing() {
        assert_eq!(decided(&["1.234", "5.678"]), None);
        assert_eq!(decided(&["12,5", "12.5"]), None);
        assert_eq!(decided(&["12", "10..15"]), None);
    }
}
