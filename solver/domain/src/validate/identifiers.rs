//! Identifiers of firms and sites in public registers.

use super::field::Field;
use super::reader::Reader;
use crate::diagnostic::Code;
use crate::id::{ExternalId, IdScheme};
use crate::text::Text;

/// SIREN of La Poste, whose sites do not follow the usual check digit.
const LA_POSTE: &str = "356000000";

impl Reader<'_> {
    /// The identifier in `Field::FirmId` or `Field::SiteId`.
    pub(super) fn identifier(&mut self, field: Field) -> Option<ExternalId> {
        let text = self.get(field);
        let compact: String = text
            .chars()
            .filter(|character| !character.is_whitespace() && *character != '\u{feff}')
            .collect();
        if compact.is_empty() {
            return None;
        }
        let compact = without_label(&compact);
        if is_scientific(&compact) {
            self.push(
                Code::E1201,
                field,
                Text::new(
                    "le tableur a remplacé l'identifiant par un nombre arrondi (notation scientifique)",
                    "the spreadsheet replaced the identifier by a rounded number (scientific notation)",
                ),
                Text::new(
                    "mettez la cellule au format texte et ressaisissez tous les chiffres, ou laissez-la vide : « »",
                    "set the cell to text and type every digit again, or leave it empty: \"\"",
                ),
            );
            return None;
        }
        let upper = compact.to_uppercase();
        for (prefix, scheme) in [
            ("SIREN:", IdScheme::Siren),
            ("SIRET:", IdScheme::Siret),
            ("CVR:", IdScheme::Cvr),
            ("EPRTR:", IdScheme::Eprtr),
            ("E-PRTR:", IdScheme::Eprtr),
            ("LOCAL:", IdScheme::Local),
        ] {
            if let Some(value) = upper.strip_prefix(prefix) {
                // The user's own identifiers keep their case.
                let value = if scheme == IdScheme::Local {
                    &compact[prefix.len()..]
                } else {
                    value
                };
                return self.of_scheme(field, scheme, value);
            }
        }
        // A number with its decimals, `12345678900012.0`, lost none of its digits.
        let whole = compact
            .strip_suffix(".0")
            .or_else(|| compact.strip_suffix(",0"))
            .or_else(|| compact.strip_suffix(",00"))
            .or_else(|| compact.strip_suffix(".00"))
            .unwrap_or(&compact);
        let digits: String = whole
            .chars()
            .filter(|&character| !".-_/'".contains(character))
            .collect();
        if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let (scheme, near) = match field {
                Field::SiteId => (IdScheme::Siret, 9..=15),
                _ => (IdScheme::Siren, 8..=14),
            };
            if near.contains(&digits.len()) {
                return self.of_scheme(field, scheme, &digits);
            }
        }
        Some(ExternalId {
            scheme: IdScheme::Local,
            value: compact,
        })
    }

    /// An identifier whose register is known: its form is checked.
    fn of_scheme(&mut self, field: Field, scheme: IdScheme, value: &str) -> Option<ExternalId> {
        let is_digits = value.bytes().all(|byte| byte.is_ascii_digit());
        // The SIREN of a firm is the head of the SIRET of its sites.
        let value = if scheme == IdScheme::Siren && is_digits && value.len() == 14 {
            &value[..9]
        } else {
            value
        };
        let length = match scheme {
            IdScheme::Siren => 9,
            IdScheme::Siret => 14,
            IdScheme::Cvr => 8,
            IdScheme::Eprtr | IdScheme::Local => {
                if value.is_empty() {
                    self.malformed(
                        field,
                        "l'identifiant est vide après son préfixe",
                        "nothing follows the prefix",
                    );
                    return None;
                }
                return Some(ExternalId {
                    scheme,
                    value: value.to_owned(),
                });
            }
        };
        if !is_digits || value.len() != length {
            // A lost leading zero is the usual cause; the check digit tells.
            let padded = format!("0{value}");
            let guess =
                (is_digits && padded.len() == length && has_check_digit(&padded)).then_some(padded);
            if let Some(restored) = guess {
                self.push(
                    Code::W2204,
                    field,
                    Text::new(
                        format!("lu {restored} : le zéro de tête manquait, le chiffre de contrôle le prouve"),
                        format!("read as {restored}: the leading zero was missing, the check digit proves it"),
                    ),
                    Text::new(
                        format!("mettez la cellule au format texte et écrivez « {restored} »"),
                        format!("set the cell to text and write \"{restored}\""),
                    ),
                );
                return Some(ExternalId {
                    scheme,
                    value: restored,
                });
            }
            self.malformed(
                field,
                &format!(
                    "{length} chiffres sont attendus, {} sont écrits",
                    value.chars().count()
                ),
                &format!(
                    "{length} digits are expected, {} are written",
                    value.chars().count()
                ),
            );
            return None;
        }
        if matches!(scheme, IdScheme::Siren | IdScheme::Siret) && !has_check_digit(value) {
            self.push(
                Code::W2201,
                field,
                Text::new(
                    "le chiffre de contrôle est faux : un chiffre est sans doute mal recopié",
                    "the check digit is wrong: a figure was probably miscopied",
                ),
                Text::new(
                    "comparez avec l'extrait Sirene",
                    "compare with the Sirene register",
                ),
            );
        }
        Some(ExternalId {
            scheme,
            value: value.to_owned(),
        })
    }

    fn malformed(&mut self, field: Field, cause_fr: &str, cause_en: &str) {
        let fix = Text::new(
            "écrivez tous les chiffres, en texte, 9 pour un SIREN et 14 pour un SIRET ; CVR:…, EPRTR:… ou LOCAL:… pour un autre ; ou laissez vide : « »",
            "write every digit, as text, 9 for a SIREN and 14 for a SIRET; CVR:…, EPRTR:… or LOCAL:… for another; or leave it empty: \"\"",
        );
        self.push(Code::E1201, field, Text::new(cause_fr, cause_en), fix);
    }
}

/// How an identifier is written in a sheet so that it is read back the same.
pub(super) fn written_identifier(id: &ExternalId) -> String {
    match id.scheme {
        IdScheme::Siren | IdScheme::Siret => id.value.clone(),
        IdScheme::Cvr => format!("CVR:{}", id.value),
        IdScheme::Eprtr => format!("EPRTR:{}", id.value),
        // A prefix only where the bare text would be taken for something else.
        IdScheme::Local
            if id
                .value
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
                || id.value.contains(':')
                || is_scientific(&id.value) =>
        {
            format!("LOCAL:{}", id.value)
        }
        IdScheme::Local => id.value.clone(),
    }
}

/// The identifier without the word that names it: `SIRET 123…`, `n°SIREN:123…`.
fn without_label(compact: &str) -> String {
    let upper = compact.to_uppercase();
    for label in ["N°SIRET", "SIRETN°", "SIRET", "N°SIREN", "SIREN"] {
        if let Some(rest) = upper.strip_prefix(label) {
            let digits = rest.trim_start_matches([':', '=']);
            if digits.starts_with(|first: char| first.is_ascii_digit()) {
                let label = if label.contains("SIRET") {
                    "SIRET"
                } else {
                    "SIREN"
                };
                let digits: String = digits
                    .chars()
                    .filter(|digit| !".-_".contains(*digit))
                    .collect();
                return format!("{label}:{digits}");
            }
        }
    }
    compact.to_owned()
}

/// `8,00123E+13`: what a spreadsheet makes of a long number.
fn is_scientific(text: &str) -> bool {
    let lower = text.to_lowercase();
    let Some((mantissa, exponent)) = lower.split_once('e') else {
        return false;
    };
    let exponent = exponent.trim_start_matches('+');
    mantissa.contains(['.', ','])
        && mantissa
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b".,".contains(&byte))
        && mantissa.starts_with(|first: char| first.is_ascii_digit())
        && !exponent.is_empty()
        && exponent.bytes().all(|byte| byte.is_ascii_digit())
}

/// The check digit of a SIREN or SIRET (Luhn); La Poste's sites sum to a multiple of five instead.
fn has_check_digit(digits: &str) -> bool {
    if digits.len() == 14 && digits.starts_with(LA_POSTE) {
        let sum: u32 = digits.bytes().map(|byte| u32::from(byte - b'0')).sum();
        return sum.is_multiple_of(5) || luhn(digits);
    }
    luhn(digits)
}

/// Luhn's sum: every second digit from the right doubled, digits of the products added.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0') * if at % 2 == 1 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_follow_luhn_except_at_la_poste() {
        // SIREN and head office of INSEE, and of La Poste (public register).
        assert!(has_check_digit("120027016"));
        assert!(has_check_digit("12002701600563"));
        assert!(!has_check_digit("120027017"));
        assert!(has_check_digit("35600000000048"));
        assert!(has_check_digit("35600000049837"));
    }

    #[test]
    fn a_rounded_number_is_seen_as_one() {
        assert!(is_scientific("8,00123E+13"));
        assert!(is_scientific("8.00123e13"));
        assert!(!is_scientific("E12"));
        assert!(!is_scientific("12e3"));
        assert!(!is_scientific("KAL-ASN"));
    }
}
