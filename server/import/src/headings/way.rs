//! The way that words speak of: what leaves a site, what enters it.

use boucle_domain::id::Direction;

use super::folded_words;

/// Words that speak of what leaves, and of what enters.
const LEAVES: [&str; 22] = [
    "sortant",
    "sortante",
    "sortie",
    "output",
    "dechet",
    "waste",
    "rejet",
    "coproduit",
    "effluent",
    "emission",
    "outgoing",
    "byproduct",
    "exutoire",
    "offre",
    "evacuation",
    "residu",
    "sousproduit",
    "surplus",
    "excedent",
    "supply",
    "offer",
    "outflow",
];
const ENTERS: [&str; 23] = [
    "entrant",
    "entrante",
    "entree",
    "input",
    "besoin",
    "achat",
    "approvisionnement",
    "intrant",
    "incoming",
    "purchase",
    "need",
    "demande",
    "consommation",
    "premiere",
    "appro",
    "recherche",
    "demand",
    "inflow",
    "consommable",
    "wanted",
    "achete",
    "achetee",
    "bought",
];

/// The way that a title, the name of a sheet or a line between rows speaks of; `None` when it speaks
/// of none or of both.
pub(crate) fn direction_of(text: &str) -> Option<Direction> {
    let words = folded_words(text);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match (any(&LEAVES), any(&ENTERS)) {
        (true, false) => Some(Direction::Output),
        (false, true) => Some(Direction::Input),
        _ => None,
    }
}
