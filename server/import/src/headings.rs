//! What a heading means: the vocabulary of `data/headings.csv`, and what stands around the words
//! (`Quantité (t/an)`, `Tonnes par an`, `Coût en €/t`).

mod vocabulary;
mod way;

use boucle_domain::id::Direction;
use boucle_domain::units::written::{Period, read_period, read_unit};
use boucle_domain::validate::Field;

pub(crate) use vocabulary::folded_words;
use vocabulary::{GROUPS, look_up};
pub(crate) use way::direction_of;

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A field of the template.
    Field(Field),
    /// How often; the period of the quantity only if nothing else gives one.
    Frequency,
    /// Known, and not read.
    Known,
    /// Of a person: not read, and a sign that the sheet is a list of people.
    Contact,
}

/// What a heading means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// What its column is for.
    pub role: Role,
    /// What it may be for instead, when values or other columns speak against `role`.
    pub otherwise: Option<Role>,
    /// The way of the flows under it.
    pub direction: Option<Direction>,
    /// The unit it gives the quantity, or the price.
    pub unit: Option<String>,
    /// The period it gives the quantity.
    pub period: Option<String>,
    /// The year it gives the quantity.
    pub year: Option<u16>,
    /// It gives way to another column of the same field.
    pub weak: bool,
}

impl Meaning {
    /// The field, if it is one.
    pub fn field(&self) -> Option<Field> {
        match self.role {
            Role::Field(field) => Some(field),
            _ => None,
        }
    }

    fn of(role: Role) -> Meaning {
        Meaning {
            role,
            otherwise: None,
            direction: None,
            unit: None,
            period: None,
            year: None,
            weak: false,
        }
    }
}

/// Words of a period beside a quantity, folded, and the period they mean.
const PERIODS: [(&str, &str); 26] = [
    ("an", "an"),
    ("annuel", "an"),
    ("annuelle", "an"),
    ("annee", "an"),
    ("year", "an"),
    ("yearly", "an"),
    ("annual", "an"),
    ("annum", "an"),
    ("yr", "an"),
    ("mois", "mois"),
    ("mensuel", "mois"),
    ("mensuelle", "mois"),
    ("month", "mois"),
    ("monthly", "mois"),
    ("semaine", "semaine"),
    ("hebdomadaire", "semaine"),
    ("hebdo", "semaine"),
    ("week", "semaine"),
    ("weekly", "semaine"),
    ("jour", "jour"),
    ("journalier", "jour"),
    ("quotidien", "jour"),
    ("day", "jour"),
    ("daily", "jour"),
    ("trimestre", "trimestre"),
    ("trimestriel", "trimestre"),
];

/// What a heading means on its own.
pub(crate) fn meaning(heading: &str) -> Option<Meaning> {
    meaning_in(heading, "")
}

/// What a heading means below a joined one.
pub(crate) fn meaning_under(group: &str, heading: &str) -> Option<Meaning> {
    let above = meaning(group);
    let field = above.as_ref().and_then(Meaning::field);
    let name = match field {
        Some(field) => GROUPS
            .iter()
            .find(|(_, of)| *of == Some(field))
            .map(|(name, _)| *name),
        None => None,
    };
    let waste = folded_words(group)
        .iter()
        .any(|word| word == "dechet" || word == "waste");
    let name = name.or((waste || field == Some(Field::Name)).then_some("waste"));
    let inherited = |mut meaning: Meaning| {
        if let Some(above) = &above
            && meaning.role == Role::Field(Field::Quantity)
        {
            meaning.unit = meaning.unit.or_else(|| above.unit.clone());
            meaning.period = meaning.period.or_else(|| above.period.clone());
        }
        meaning
    };
    if let Some(name) = name
        && let Some(found) = meaning_in(heading, name)
    {
        return Some(inherited(found));
    }
    // `Quantité` over `t/an`, over `2024`.
    if field == Some(Field::Quantity) {
        let unit = unit_of(heading);
        let year = year_of(&folded_words(heading));
        if unit.is_some() || year.is_some() {
            let (unit, period) = unit.unwrap_or_default();
            return Some(inherited(Meaning {
                unit,
                period: period.or(year.map(|_| "an".to_owned())),
                year,
                ..Meaning::of(Role::Field(Field::Quantity))
            }));
        }
    }
    let joined = format!("{group} {heading}");
    look_up(&folded_words(&joined), "")
        .or_else(|| meaning(heading))
        .map(inherited)
}

fn meaning_in(heading: &str, group: &'static str) -> Option<Meaning> {
    if heading.chars().count() > 80 {
        return None;
    }
    let heading = heading.trim().trim_end_matches(['*', ':', '?', ' ']);
    let whole = folded_words(heading);
    if whole.is_empty() {
        return None;
    }
    if let Some(found) = look_up(&whole, group) {
        return Some(found);
    }
    // What stands in brackets, or after a line end, is a unit or a hint.
    let (main, extra) = apart(heading);
    if !extra.is_empty() {
        let words = folded_words(&main);
        if let Some(found) = look_up(&words, group).or_else(|| reduced(words, group)) {
            return Some(with_unit(found, &extra));
        }
    }
    // `Tonnes/an`, `MWh par an`: the unit is the heading.
    if group.is_empty()
        && heading.chars().count() > 1
        && let Some((Some(unit), period)) = unit_of(heading)
    {
        return Some(Meaning {
            unit: Some(unit),
            period,
            ..Meaning::of(Role::Field(Field::Quantity))
        });
    }
    reduced(whole, group)
}

/// The heading without its period, its year and its unit, if that is known.
fn reduced(words: Vec<String>, group: &'static str) -> Option<Meaning> {
    let year = year_of(&words);
    let mut period = None;
    let rest: Vec<String> = words
        .iter()
        .filter(|word| {
            let known = PERIODS.iter().find(|(known, _)| known == word);
            if let Some((_, meant)) = known {
                period = Some((*meant).to_owned());
            }
            known.is_none()
                && year.is_none_or(|year| **word != year.to_string())
                && *word != "par"
                && *word != "per"
        })
        .cloned()
        .collect();
    let with = |mut meaning: Meaning, unit: Option<String>| {
        if meaning.role == Role::Field(Field::Quantity) {
            meaning.unit = unit.or(meaning.unit);
            meaning.period = period.clone().or(meaning.period);
            if let Some(year) = year {
                meaning.year = Some(year);
                meaning.period = meaning.period.or(Some("an".to_owned()));
            }
        } else if meaning.role == Role::Field(Field::Price) {
            meaning.unit = unit.or(meaning.unit);
        }
        meaning
    };
    if rest.len() < words.len()
        && let Some(found) = look_up(&rest, group)
    {
        return Some(with(found, None));
    }
    // The last words may be a unit: `Quantité en t`, `Coût €/t`, `Volume m3 par an`.
    for keep in (1..rest.len()).rev() {
        let tail: Vec<&str> = rest[keep..]
            .iter()
            .map(String::as_str)
            .filter(|word| *word != "eur" && *word != "euro")
            .collect();
        let unit = match tail[..] {
            [] => None,
            _ => match read_unit(&tail.join(" ")) {
                Ok(unit) => Some(unit.row.code.to_owned()),
                Err(_) => continue,
            },
        };
        if let Some(found) = look_up(&rest[..keep], group) {
            let counted = matches!(
                found.role,
                Role::Field(
                    Field::Quantity | Field::Price | Field::QuantityLow | Field::QuantityHigh
                )
            );
            return counted.then(|| with(found, unit));
        }
    }
    None
}

/// The text before a bracket or line end, and what stands in it.
fn apart(heading: &str) -> (String, String) {
    let mut main = String::new();
    let mut extra = String::new();
    let mut depth = 0usize;
    for character in heading.chars() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '\n' if depth == 0 && !main.trim().is_empty() => depth = 100,
            _ if depth > 0 => extra.push(character),
            _ => main.push(character),
        }
    }
    (main.trim().to_owned(), extra.trim().to_owned())
}

/// A meaning with what its brackets say.
fn with_unit(mut meaning: Meaning, extra: &str) -> Meaning {
    let field = meaning.field();
    match field {
        Some(Field::Quantity | Field::QuantityLow | Field::QuantityHigh) => {
            if let Some((unit, period)) = unit_of(extra) {
                meaning.unit = unit.or(meaning.unit);
                meaning.period = period.or(meaning.period);
            }
            if let Some(year) = year_of(&folded_words(extra)) {
                meaning.year = Some(year);
                meaning.period = meaning.period.or(Some("an".to_owned()));
            }
        }
        Some(Field::Price) => {
            let per = extra.rsplit_once('/').map_or("", |(_, unit)| unit.trim());
            if let Ok(unit) = read_unit(per) {
                meaning.unit = Some(unit.row.code.to_owned());
            }
        }
        _ => {}
    }
    meaning
}

/// Unit and period of a text that says nothing else: `t/an`, `en tonnes`, `par mois`.
pub(crate) fn unit_of(text: &str) -> Option<(Option<String>, Option<String>)> {
    let text = text.trim();
    let text = text
        .strip_prefix("en ")
        .or_else(|| text.strip_prefix("in "))
        .unwrap_or(text)
        .trim();
    if text.is_empty() {
        return None;
    }
    let word = |period: Period| period.words().0.to_owned();
    if let Ok(unit) = read_unit(text) {
        return Some((Some(unit.row.code.to_owned()), unit.period.map(word)));
    }
    let of_period = text
        .strip_prefix('/')
        .or_else(|| text.strip_prefix("par "))
        .or_else(|| text.strip_prefix("per "))
        .unwrap_or(text);
    if let Ok(period) = read_period(of_period) {
        return Some((None, Some(word(period))));
    }
    // `tonnes annuelles`, `t an`.
    let (unit, last) = text.rsplit_once(' ')?;
    let last = folded_words(last).concat();
    let (_, period) = PERIODS.iter().find(|(known, _)| *known == last)?;
    let unit = read_unit(unit).ok()?;
    Some((Some(unit.row.code.to_owned()), Some((*period).to_owned())))
}

/// A year of this century or the end of the last among the words.
fn year_of(words: &[String]) -> Option<u16> {
    words
        .iter()
        .filter(|word| word.len() == 4)
        .find_map(|word| word.parse().ok())
        .filter(|year| (1990..=2100).contains(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(heading: &str) -> (Option<String>, Option<String>) {
        let found = meaning(heading).unwrap_or_else(|| panic!("{heading}"));
        assert_eq!(found.role, Role::Field(Field::Quantity), "{heading}");
        (found.unit, found.period)
    }

    #[test]
    fn headings_are_known_whatever_their_case_accents_plurals_and_punctuation() {
        for (heading, field) in [
            ("RAISON SOCIALE", Field::Firm),
            ("Nom de l'entreprise :", Field::Firm),
            ("N° SIRET", Field::SiteId),
            ("Sens du flux (entrant/sortant)", Field::Direction),
            ("Entrant/Sortant", Field::Direction),
            ("Libellé du déchet", Field::Name),
            ("Qté", Field::Quantity),
            ("Unité de mesure", Field::Unit),
            ("Code CED", Field::WasteCode),
            ("LoW/EWC code", Field::WasteCode),
            ("Dangereux (O/N)", Field::Hazardous),
            ("Exutoire actuel", Field::Counterpart),
            ("Coût (€/t)", Field::Price),
            ("Fournisseur", Field::Counterpart),
            ("Commentaires*", Field::Comment),
            ("Waste codes", Field::WasteCode),
        ] {
            let found = meaning(heading).unwrap_or_else(|| panic!("{heading}"));
            assert_eq!(found.field(), Some(field), "{heading}");
        }
        assert_eq!(meaning("Couleur"), None);
        assert_eq!(meaning("Fréquence").unwrap().role, Role::Frequency);
    }

    #[test]
    fn a_heading_may_give_unit_period_and_year() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(quantity("Quantité (t/an)"), (some("t"), some("an")));
        assert_eq!(quantity("Tonnes/an"), (some("t"), some("an")));
        assert_eq!(quantity("MWh par an"), (some("MWh"), some("an")));
        assert_eq!(quantity("Tonnage annuel"), (some("t"), some("an")));
        assert_eq!(quantity("Volume annuel (m3)"), (some("m3"), some("an")));
        assert_eq!(quantity("Quantité en tonnes"), (some("t"), None));
        assert_eq!(quantity("Quantité\n(kg/mois)"), (some("kg"), some("mois")));
        assert_eq!(quantity("Tonnage 2024"), (some("t"), some("an")));
        assert_eq!(meaning("Coût (€/t)").unwrap().unit, some("t"));
        assert_eq!(meaning("Coût en €/m3").unwrap().unit, some("m3"));
    }

    #[test]
    fn a_joined_heading_gives_its_sense_to_those_below() {
        let field = |group, heading| meaning_under(group, heading).unwrap().field();
        assert_eq!(field("Entreprise", "Nom"), Some(Field::Firm));
        assert_eq!(field("Quantité annuelle", "Min"), Some(Field::QuantityLow));
        assert_eq!(field("Exutoire", "Nom"), Some(Field::Counterpart));
        assert_eq!(field("Flux sortants", "Désignation"), Some(Field::Name));
        let year = meaning_under("Quantité (t)", "2024").unwrap();
        assert_eq!((year.year, year.unit.as_deref()), (Some(2024), Some("t")));
    }

    #[test]
    fn a_title_speaks_of_one_way_or_of_none() {
        assert_eq!(direction_of("SORTANTS"), Some(Direction::Output));
        assert_eq!(
            direction_of("Achats et approvisionnements"),
            Some(Direction::Input)
        );
        assert_eq!(direction_of("Entrants et sortants"), None);
        assert_eq!(direction_of("Feuil1"), None);
    }
}
