//! How a yearly rate is spread: constant, campaign, twelve weights.

use super::field::Field;
use super::reader::{Bounds, Reader};
use super::words::month;
use crate::diagnostic::Code;
use crate::profile::{MONTHS, Profile};
use crate::text::{Language, Text};
use crate::units::written::folded;

/// Largest weight after scaling: six figures keep any month to a millionth of the largest.
const SCALE: f64 = 1_000_000.0;

impl Reader<'_> {
    /// The profile of the row; constant when nothing is said.
    pub(super) fn profile(&mut self) -> Profile {
        let text = self.get(Field::Profile);
        let word = folded(text);
        let months = Field::MONTHS
            .iter()
            .filter(|&&field| self.draft.has(field))
            .count();
        let monthly = ["mensuel", "monthly", "mensuelle"].contains(&word.as_str());
        if monthly || (word.is_empty() && months > 0) {
            return self.twelve_weights(months);
        }
        let profile = if word.is_empty()
            || ["constant", "constante", "continu", "continuous"].contains(&word.as_str())
        {
            Some(Profile::Constant)
        } else {
            campaign(text)
        };
        match profile {
            Some(profile) => {
                if months > 0 {
                    self.bad_profile(
                        "le profil et les douze mois disent deux choses",
                        "the profile and the twelve months say two things",
                    );
                }
                profile
            }
            None => {
                self.bad_profile(
                    "ce n'est ni constant, ni mensuel, ni une campagne",
                    "this is neither constant, nor monthly, nor a campaign",
                );
                Profile::Constant
            }
        }
    }

    fn twelve_weights(&mut self, written: usize) -> Profile {
        let mut weights = [0.0; MONTHS];
        let before = self.errors();
        for (weight, field) in weights.iter_mut().zip(Field::MONTHS) {
            *weight = self
                .number(field, Bounds::POSITIVE)
                .map_or(0.0, |number| number.value.mid());
        }
        if written < MONTHS {
            self.bad_profile(
                &format!("{written} mois sur douze sont remplis"),
                &format!("{written} of the twelve months are filled in"),
            );
        }
        if self.errors() > before {
            return Profile::Constant;
        }
        match Profile::from_weights(whole(weights)) {
            Some(profile) => profile,
            None => {
                self.push(
                    Code::E1404,
                    Field::M01,
                    Text::new("les douze mois sont à zéro", "all twelve months are zero"),
                    Text::new(
                        "donnez un poids à au moins un mois",
                        "give at least one month a weight",
                    ),
                );
                Profile::Constant
            }
        }
    }

    fn bad_profile(&mut self, cause_fr: &str, cause_en: &str) {
        self.push(
            Code::E1403,
            Field::Profile,
            Text::new(cause_fr, cause_en),
            Text::new(
                Field::Profile.hint(Language::Fr),
                Field::Profile.hint(Language::En),
            ),
        );
    }
}

/// Weights as whole numbers: as they are when whole already, else scaled to [`SCALE`].
fn whole(weights: [f64; MONTHS]) -> [u32; MONTHS] {
    let largest = weights.iter().copied().fold(0.0, f64::max);
    let as_they_are = largest <= SCALE && weights.iter().all(|weight| weight.fract() == 0.0);
    let factor = if as_they_are || largest <= 0.0 {
        1.0
    } else {
        SCALE / largest
    };
    weights.map(|weight| (weight * factor).round() as u32)
}

/// `09-12`, `sept-déc`, `11 à 2`.
fn campaign(text: &str) -> Option<Profile> {
    let text = text.to_lowercase().replace(['–', '—', '‑'], "-");
    let (first, last) = ["..", " à ", " to ", "-", "/"]
        .iter()
        .find_map(|mark| text.split_once(mark))?;
    Profile::campaign(month(first)?, month(last)?)
}

/// The campaign of a profile with one unbroken run of equal months, as it is written.
pub(super) fn written_campaign(weights: &[u32; MONTHS]) -> Option<String> {
    if weights.iter().any(|&weight| weight > 1) {
        return None;
    }
    let before = |at: usize| weights[(at + MONTHS - 1) % MONTHS];
    let starts: Vec<usize> = (0..MONTHS)
        .filter(|&at| weights[at] == 1 && before(at) == 0)
        .collect();
    let [start] = starts[..] else { return None };
    let length = weights.iter().filter(|&&weight| weight == 1).count();
    let last = (start + length - 1) % MONTHS;
    Some(format!("{:02}-{:02}", start + 1, last + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_is_read_by_numbers_or_names_and_written_back() {
        for text in ["11-02", "nov-févr", "11 à 2", "novembre – février"] {
            let Some(Profile::Monthly(weights)) = campaign(text) else {
                panic!("{text}")
            };
            assert_eq!(
                written_campaign(&weights).as_deref(),
                Some("11-02"),
                "{text}"
            );
        }
        assert_eq!(campaign("hiver"), None);
        assert_eq!(
            written_campaign(&[1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            None
        );
        assert_eq!(
            written_campaign(&[2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            None
        );
    }

    #[test]
    fn weights_keep_their_proportions_on_any_scale() {
        let mut weights = [0.0; MONTHS];
        weights[0] = 12.5;
        weights[1] = 25.0;
        assert_eq!(whole(weights)[..2], [500_000, 1_000_000]);
        weights[0] = 1.0;
        assert_eq!(whole(weights)[..2], [1, 25]);
    }
}
