//! A text cut into words: folded, without plural, measures dropped, negation kept.
//!
//! The light stem (plural, feminine, mute e, `-aux`) is our own: Snowball's French stemmer cuts
//! `moulage`, `moule` and `moulé`, or `usine` and `usiné`, to one stem, and these are different
//! materials here.

use std::collections::HashMap;

use boucle_domain::id::normalised;
use boucle_domain::knowledge::{Knowledge, WordRole};

/// What single words stand for, by their stem.
pub(crate) struct WordTable {
    roles: HashMap<String, Role>,
    same: HashMap<String, String>,
}

#[derive(Clone, Copy, Default)]
struct Role {
    stop: bool,
    weak: bool,
    package: bool,
    container: bool,
    void: bool,
}

/// A word of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Word {
    /// Stem; `sans:` before what is denied.
    pub stem: String,
    /// As written, folded.
    pub written: String,
    /// Share of its weight that counts in the text.
    pub share: f32,
    /// Says little by itself.
    pub weak: bool,
    /// Names a packaging, when anything else is named beside it.
    pub container: bool,
    /// Tells where it comes from or goes to: after `pour`, or in brackets.
    pub tail: bool,
}

/// A text in words, with what was read beside them.
#[derive(Debug, Default)]
pub(crate) struct Cut {
    /// In the order of the text.
    pub words: Vec<Word>,
    /// Degrees Celsius.
    pub celsius: Option<f64>,
    /// Bar.
    pub bar: Option<f64>,
    /// `ou`, `or`, a stroke: several things are named, and one is meant.
    pub either: bool,
    /// A word of accounts or remarks.
    pub void: Option<String>,
}

impl WordTable {
    pub(crate) fn new(knowledge: &Knowledge) -> WordTable {
        let mut table = WordTable {
            roles: HashMap::new(),
            same: HashMap::new(),
        };
        for (word, role) in knowledge.lexicon_words() {
            let folded = normalised(word).replace('-', "");
            let entry = table.roles.entry(folded.clone()).or_default();
            match role {
                WordRole::Stop => entry.stop = true,
                WordRole::Weak => entry.weak = true,
                WordRole::Package => entry.package = true,
                WordRole::Container => {
                    entry.package = true;
                    entry.container = true;
                }
                WordRole::Void => entry.void = true,
                WordRole::SameAs(other) => {
                    table.same.insert(stem(&folded), stem(&normalised(other)));
                }
            }
        }
        table
    }

    /// Cuts a name.
    pub(crate) fn cut(&self, text: &str) -> Cut {
        let mut cut = Cut::default();
        // Brackets tell where and how, as `pour` does.
        let (outside, inside) = brackets(text);
        self.part(&outside, false, &mut cut);
        self.part(&inside, true, &mut cut);
        self.measures(text, &mut cut);
        // `cartons / plastiques`: two things; `0/31,5` and `t/an` are measures.
        cut.either |= text.split_once('/').is_some_and(|(before, after)| {
            let last = before.trim_end().chars().next_back();
            let next = after
                .trim_start()
                .chars()
                .take(3)
                .filter(|c| c.is_alphabetic());
            last.is_some_and(char::is_alphabetic) && next.count() == 3
        });
        cut
    }

    fn part(&self, text: &str, mut tail: bool, cut: &mut Cut) {
        let folded = normalised(text);
        let raw: Vec<&str> = folded.split('-').filter(|word| !word.is_empty()).collect();
        let mut denied = 0_u8;
        let mut at = 0;
        while at < raw.len() {
            let word = raw[at];
            let role = self.roles.get(word).copied().unwrap_or_default();
            if role.void && cut.void.is_none() {
                cut.void = Some(word.to_owned());
            }
            let next = raw.get(at + 1).copied();
            at += 1;
            match word {
                // "sans amiante", "non dangereux", "hors bois traité".
                "non" | "sans" | "hors" | "without" | "not" | "except" | "excl" => {
                    denied = 2;
                    continue;
                }
                // "asbestos-free".
                "pour" | "for" | "from" | "chez" => {
                    tail = !cut.words.is_empty();
                    continue;
                }
                "ou" | "or" => cut.either = true,
                "free" => {
                    if let Some(last) = cut.words.last_mut() {
                        last.stem = format!("sans:{}", last.stem);
                    }
                    continue;
                }
                _ => {}
            }
            if is_measure(word) || (role.stop && !(word == "n" && next.is_some())) {
                denied = denied.saturating_sub(1);
                continue;
            }
            let stem = self.stem(word);
            let mut share = if tail { 0.35 } else { 1.0 };
            // "GRV de soude", "en fûts": the packaging is not what it is.
            if role.package {
                let holds = matches!(next, Some("de" | "d" | "of" | "du"));
                let before = at
                    .checked_sub(2)
                    .and_then(|before| raw.get(before))
                    .copied();
                let held = matches!(before, Some("en" | "in"));
                let sized = before.is_some_and(is_measure);
                if holds || held {
                    share = 0.12;
                } else if sized {
                    share = 0.3;
                }
            }
            let stem = if denied > 0 {
                denied = 0;
                format!("sans:{stem}")
            } else {
                stem
            };
            cut.words.push(Word {
                stem,
                written: word.to_owned(),
                share,
                weak: role.weak,
                container: role.container,
                tail,
            });
        }
    }

    fn stem(&self, word: &str) -> String {
        let stem = stem(word);
        self.same.get(&stem).cloned().unwrap_or(stem)
    }

    /// Temperatures and pressures, before the text is folded.
    fn measures(&self, text: &str, cut: &mut Cut) {
        let bytes: Vec<char> = text.chars().collect();
        let mut at = 0;
        while at < bytes.len() {
            if !bytes[at].is_ascii_digit() || (at > 0 && bytes[at - 1].is_alphabetic()) {
                at += 1;
                continue;
            }
            let start = at;
            while at < bytes.len() && (bytes[at].is_ascii_digit() || matches!(bytes[at], '.' | ','))
            {
                at += 1;
            }
            let number: String = bytes[start..at]
                .iter()
                .collect::<String>()
                .replace(',', ".");
            let rest: String = bytes[at..].iter().take(9).collect::<String>();
            let rest = rest.trim_start().to_lowercase();
            let Ok(value) = number.trim_end_matches('.').parse::<f64>() else {
                continue;
            };
            let degree = rest.starts_with('°') || rest.starts_with("deg");
            let letter = rest.starts_with('c')
                && rest
                    .chars()
                    .nth(1)
                    .is_none_or(|next| !next.is_alphanumeric());
            if degree || letter {
                cut.celsius = Some(cut.celsius.map_or(value, |known| known.max(value)));
            } else if rest.starts_with("bar") {
                cut.bar = Some(value);
            }
        }
    }
}

/// A text without what stands in brackets, and that.
fn brackets(text: &str) -> (String, String) {
    let (mut outside, mut inside) = (String::new(), String::new());
    let mut depth = 0_u32;
    for letter in text.chars() {
        match letter {
            '(' | '[' => {
                depth += 1;
                outside.push(' ');
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                inside.push(' ');
            }
            _ if depth > 0 => inside.push(letter),
            _ => outside.push(letter),
        }
    }
    if outside.trim().is_empty() {
        return (inside, String::new());
    }
    (outside, inside)
}

/// A number, or a number with its unit: `200l`, `30`, `12t`.
fn is_measure(word: &str) -> bool {
    let digits = word.chars().take_while(char::is_ascii_digit).count();
    digits > 0
        && matches!(
            &word[digits..],
            "" | "l"
                | "t"
                | "kg"
                | "m3"
                | "g"
                | "c"
                | "bar"
                | "bars"
                | "mm"
                | "cm"
                | "m"
                | "e"
                | "pct"
                | "an"
                | "h"
                | "mwh"
                | "kw"
                | "kwh"
                | "ml"
                | "x"
                | "f"
        )
}

/// A word without plural, feminine and mute e; the same for French and English.
pub(crate) fn stem(word: &str) -> String {
    let mut stem = word.to_owned();
    if stem.len() <= 3 || stem.chars().any(|c| c.is_ascii_digit()) || !stem.is_ascii() {
        return stem;
    }
    let cut = |stem: &mut String, ending: &str, put: &str| {
        let found = stem.len() > ending.len() + 2 && stem.ends_with(ending);
        if found {
            stem.truncate(stem.len() - ending.len());
            stem.push_str(put);
        }
        found
    };
    if stem.ends_with("eaux") || stem.ends_with("yaux") || stem.ends_with("eux") {
        stem.pop();
    } else if !cut(&mut stem, "aux", "al") && !cut(&mut stem, "ies", "y") && !stem.ends_with("ss") {
        if stem.ends_with('s') || stem.ends_with('x') {
            stem.pop();
        }
        if stem.ends_with("che") || stem.ends_with("xe") || stem.ends_with("she") {
            stem.pop();
        }
    }
    let _ = cut(&mut stem, "euse", "eu") || cut(&mut stem, "ee", "") || cut(&mut stem, "ie", "y");
    if stem.len() > 4 && stem.ends_with('e') {
        stem.pop();
    }
    // metallic and metallique, -nn- and -ll- of feminines.
    let _ = cut(&mut stem, "iqu", "ic");
    let doubled: Vec<char> = stem.chars().rev().take(2).collect();
    if let [last, before] = doubled[..]
        && last == before
        && stem.len() > 4
    {
        stem.pop();
    }
    stem
}
