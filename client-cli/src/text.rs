//! Words and numbers as people read them, in French and in English.

use boucle_proto::v1;

/// Thin space that no line breaks at: between thousands, and before a unit.
pub const THIN: char = '\u{202f}';

/// Language of everything the command says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// Français
    Fr,
    /// English
    En,
}

impl Language {
    /// The language of the environment: French where it says so, else English.
    pub fn of_environment() -> Language {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = set("LC_ALL")
            .or_else(|| set("LC_MESSAGES"))
            .or_else(|| set("LANG"));
        match locale {
            Some(locale) if locale.to_lowercase().starts_with("fr") => Language::Fr,
            _ => Language::En,
        }
    }

    /// The text of this language.
    pub fn pick<'a>(self, fr: &'a str, en: &'a str) -> &'a str {
        match self {
            Language::Fr => fr,
            Language::En => en,
        }
    }

    /// The text of this language in a message, empty when there is none.
    pub fn of(self, text: &Option<v1::Text>) -> &str {
        match text {
            Some(text) => self.pick(&text.fr, &text.en),
            None => "",
        }
    }

    /// The language on the wire.
    pub fn wire(self) -> v1::Language {
        match self {
            Language::Fr => v1::Language::Fr,
            Language::En => v1::Language::En,
        }
    }

    /// The language as a tag.
    pub fn tag(self) -> &'static str {
        self.pick("fr", "en")
    }

    /// `a: b`, with the space French puts before a colon.
    pub fn labelled(self, label: &str, value: &str) -> String {
        match self {
            Language::Fr => format!("{label}\u{a0}: {value}"),
            Language::En => format!("{label}: {value}"),
        }
    }

    /// A number with thousands apart and `decimals` decimals.
    pub fn number(self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return "–".to_owned();
        }
        let plain = format!("{value:.decimals$}");
        let (sign, plain) = match plain.strip_prefix('-') {
            Some(rest) if rest.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) => ("-", rest),
            Some(rest) => ("", rest),
            None => ("", plain.as_str()),
        };
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        let mut text = String::from(sign);
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                text.push(THIN);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push_str(self.pick(",", "."));
            text.push_str(fraction);
        }
        text
    }

    /// A number with three significant figures at least, without idle decimals.
    pub fn measure(self, value: f64) -> String {
        let decimals = match value.abs() {
            large if large >= 100.0 => 0,
            middle if middle >= 10.0 => 1,
            one if one >= 1.0 => 2,
            _ => 3,
        };
        let text = self.number(value, decimals);
        if decimals == 0 {
            return text;
        }
        let text = text.trim_end_matches('0');
        text.trim_end_matches([',', '.']).to_owned()
    }

    /// A quantity with its unit per year.
    pub fn yearly(self, quantity: &v1::Quantity) -> String {
        let year = self.pick("an", "yr");
        format!(
            "{}{THIN}{}/{year}",
            self.measure(quantity.value),
            quantity.unit
        )
    }

    /// Thousandths of a euro, in euros.
    pub fn euros(self, milli: i64) -> String {
        format!("{}{THIN}€", self.plain_euros(milli))
    }

    /// The same without the sign.
    pub fn plain_euros(self, milli: i64) -> String {
        let euros = milli as f64 / 1000.0;
        self.number(euros, if euros.abs() >= 100.0 { 0 } else { 2 })
    }

    /// A sum with its bounds, when they differ.
    pub fn euro_interval(self, sum: &v1::MoneyInterval) -> String {
        let mid = self.euros(sum.mid_milli_euros);
        if sum.low_milli_euros == sum.high_milli_euros {
            return mid;
        }
        let low = self.plain_euros(sum.low_milli_euros);
        let high = self.plain_euros(sum.high_milli_euros);
        format!("{mid} ({low} … {high})")
    }

    /// Kilograms as tonnes, with their bounds when they differ.
    pub fn tonnes(self, kilograms: &v1::Interval) -> String {
        let of = |value: f64| self.measure(value / 1000.0);
        if kilograms.low == kilograms.high {
            return format!("{}{THIN}t", of(kilograms.mid));
        }
        format!(
            "{}{THIN}t ({} … {})",
            of(kilograms.mid),
            of(kilograms.low),
            of(kilograms.high)
        )
    }
}

/// Cuts a text into lines of at most `width` characters, at spaces; a longer word stands alone.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut length = 0;
        // Only plain spaces part words: the thin and the no-break ones hold numbers together.
        for word in paragraph.split([' ', '\t']).filter(|word| !word.is_empty()) {
            let more = word.chars().count();
            if length > 0 && length + 1 + more > width {
                lines.push(std::mem::take(&mut line));
                length = 0;
            }
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += more;
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_follow_the_language() {
        assert_eq!(
            Language::Fr.number(1_234_567.891, 2),
            "1\u{202f}234\u{202f}567,89"
        );
        assert_eq!(Language::En.number(-1234.5, 1), "-1\u{202f}234.5");
        assert_eq!(Language::En.number(-0.001, 1), "0.0");
        assert_eq!(Language::En.number(f64::NAN, 1), "–");
        assert_eq!(Language::En.number(123.0, 0), "123");
    }

    #[test]
    fn measures_keep_no_idle_decimals() {
        assert_eq!(Language::En.measure(150_000.0), "150\u{202f}000");
        assert_eq!(Language::En.measure(12.50), "12.5");
        assert_eq!(Language::En.measure(2.0), "2");
        assert_eq!(Language::Fr.measure(0.125), "0,125");
        assert_eq!(Language::Fr.measure(0.0), "0");
    }

    #[test]
    fn text_is_cut_at_spaces_and_never_inside_a_number() {
        let lines = wrapped("un gain de 12\u{202f}000\u{202f}€ par an", 12);
        assert_eq!(lines, ["un gain de", "12\u{202f}000\u{202f}€ par", "an"]);
        assert_eq!(wrapped("interminable", 3), ["interminable"]);
        assert!(wrapped("", 10).is_empty());
    }
}
