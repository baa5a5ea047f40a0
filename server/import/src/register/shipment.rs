//! The words of one line of a register: weight, day, yes and no.

/// Grams of a tonne.
pub(crate) const TONNE: i64 = 1_000_000;
/// Grams of a kilogram, the scale of the store.
pub(crate) const KILOGRAM: i64 = 1_000;
/// Heaviest shipment the register takes, in grams.
pub(crate) const HEAVIEST: i64 = 1_000 * TONNE;

/// Tonnes as grams: decimal comma or point, spaces between thousands. `None` when it is no such
/// number, has more than six decimals, or lies outside 0 to 1 000 t.
pub(crate) fn grams(text: &str) -> Option<i64> {
    let text = text.trim();
    let mut whole: i64 = 0;
    let mut fraction: i64 = 0;
    let mut decimals: Option<u32> = None;
    let mut figures = 0;
    for character in text.chars() {
        match character {
            '0'..='9' => {
                figures += 1;
                let digit = i64::from(u32::from(character) - u32::from('0'));
                match &mut decimals {
                    None => whole = whole.checked_mul(10)?.checked_add(digit)?,
                    Some(count) if *count < 6 => {
                        fraction = fraction * 10 + digit;
                        *count += 1;
                    }
                    // Beyond the gram only what binary numbers leave behind is let through.
                    Some(_) => return noise(text),
                }
            }
            ',' | '.' if decimals.is_none() => decimals = Some(0),
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' if decimals.is_none() => {}
            _ => return None,
        }
        if whole > HEAVIEST {
            return None;
        }
    }
    if figures == 0 {
        return None;
    }
    for _ in decimals.unwrap_or(0)..6 {
        fraction *= 10;
    }
    Some(whole * TONNE + fraction).filter(|grams| *grams <= HEAVIEST)
}

/// `0.30000000000000004`: a number within a billionth of whole grams.
fn noise(text: &str) -> Option<i64> {
    let tonnes: f64 = text.replace(',', ".").parse().ok()?;
    let grams = (tonnes * TONNE as f64).round();
    let near = (tonnes * TONNE as f64 - grams).abs() < 1e-3;
    (near && (0.0..=HEAVIEST as f64).contains(&grams)).then_some(grams as i64)
}

/// The month of a day written year first or day first, counted from year nought.
pub(crate) fn month(text: &str) -> Option<u32> {
    let text = text.trim();
    let day = text.split(['T', ' ']).next()?;
    let mut parts = day.split(['-', '/', '.']);
    let (a, month, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let number = |part: &str| -> Option<i16> {
        (part.bytes().all(|byte| byte.is_ascii_digit()) && part.len() <= 4)
            .then(|| part.parse().ok())?
    };
    let (year, day) = if a.len() == 4 {
        (a, c)
    } else if c.len() == 4 {
        (c, a)
    } else {
        return None;
    };
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let date =
        jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (1990..=2100).contains(&date.year()).then(|| {
        u32::from(date.year().unsigned_abs()) * 12 + u32::from(date.month().unsigned_abs()) - 1
    })
}

/// OUI or NON, in any case; the registry's export writes O and N.
pub(crate) fn yes(text: &str) -> Option<bool> {
    match text.trim() {
        text if ["oui", "o", "yes", "true", "vrai"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word)) =>
        {
            Some(true)
        }
        text if ["non", "n", "no", "false", "faux"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word)) =>
        {
            Some(false)
        }
        _ => None,
    }
}

/// ESTIME or REEL, with or without accents.
pub(crate) fn estimated(text: &str) -> Option<bool> {
    match boucle_domain::id::normalised(text).as_str() {
        "estime" | "estimee" => Some(true),
        "reel" | "reelle" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tonnes_are_read_to_the_gram_with_comma_or_point() {
        for (text, expected) in [
            ("12,345", Some(12_345_000)),
            ("12.345", Some(12_345_000)),
            (" 0,001 ", Some(1_000)),
            ("1 000", Some(HEAVIEST)),
            ("0", Some(0)),
            ("0.123456", Some(123_456)),
            ("0.30000000000000004", Some(300_000)),
            ("0.1234567", None),
            ("1000,001", None),
            ("-1", None),
            ("12 t", None),
            ("", None),
            (",", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(grams(text), expected, "{text}");
        }
    }

    #[test]
    fn days_give_their_month_and_impossible_days_none() {
        assert_eq!(month("2025-03-01"), Some(2025 * 12 + 2));
        assert_eq!(month("31/12/2025"), Some(2025 * 12 + 11));
        assert_eq!(month("2025-03-01T10:00:00"), Some(2025 * 12 + 2));
        for text in ["31/02/2025", "2025", "03/2025", "1/2/3/2025", "45000", ""] {
            assert_eq!(month(text), None, "{text}");
        }
    }

    #[test]
    fn words_are_read_in_any_case() {
        assert_eq!(
            (yes("Oui"), yes("N"), yes("peut-être")),
            (Some(true), Some(false), None)
        );
        assert_eq!(
            (estimated("Estimé"), estimated("REEL"), estimated("?")),
            (Some(true), Some(false), None)
        );
    }
}
