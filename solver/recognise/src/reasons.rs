//! Why a text was read as it was, as types with their words.

use boucle_domain::text::Text;
use serde::{Deserialize, Serialize};

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A synonym of the territory.
    OwnWords(String),
    /// A term of the lexicon stands in the text.
    Term(String),
    /// A term stands there in part.
    PartOfTerm(String),
    /// A word was read as another: a spelling.
    Spelling {
        /// As written.
        written: String,
        /// As read.
        read: String,
    },
    /// A term that names several resources.
    Ambiguous(String),
    /// The waste code lists the key.
    CodeAgrees(String),
    /// The waste code lists other materials.
    CodeDisagrees(String),
    /// The waste code is all there is.
    CodeAlone(String),
    /// The activity typically has it.
    Activity(String),
    /// The text says hazardous, or not.
    Hazard(bool),
    /// A temperature or pressure chose the level.
    Level(String),
    /// Words of accounts and remarks.
    NotAResource(String),
    /// No word is known.
    NoWord,
    /// Which way it goes was not said.
    NoDirection,
}

impl Reason {
    /// In words.
    pub fn text(&self) -> Text {
        match self {
            Reason::OwnWords(term) => Text::new(
                format!("mot du territoire : « {term} »"),
                format!("word of the territory: “{term}”"),
            ),
            Reason::Term(term) => Text::new(
                format!("le texte contient « {term} »"),
                format!("the text contains “{term}”"),
            ),
            Reason::PartOfTerm(term) => Text::new(
                format!("le texte est proche de « {term} »"),
                format!("the text is close to “{term}”"),
            ),
            Reason::Spelling { written, read } => Text::new(
                format!("« {written} » lu comme « {read} »"),
                format!("“{written}” read as “{read}”"),
            ),
            Reason::Ambiguous(term) => Text::new(
                format!("« {term} » désigne plusieurs ressources"),
                format!("“{term}” names several resources"),
            ),
            Reason::CodeAgrees(code) => Text::new(
                format!("le code déchet {code} le confirme"),
                format!("waste code {code} agrees"),
            ),
            Reason::CodeDisagrees(code) => Text::new(
                format!("le code déchet {code} désigne autre chose que le texte"),
                format!("waste code {code} names something other than the text"),
            ),
            Reason::CodeAlone(code) => Text::new(
                format!("seul le code déchet {code} renseigne, et il ne suffit pas"),
                format!("only waste code {code} tells, and it is not enough"),
            ),
            Reason::Activity(code) => Text::new(
                format!("habituel pour l'activité {code}"),
                format!("usual for activity {code}"),
            ),
            Reason::Hazard(true) => Text::new(
                "le texte le dit dangereux ou souillé",
                "the text says hazardous or soiled",
            ),
            Reason::Hazard(false) => Text::new(
                "le texte le dit non dangereux",
                "the text says non-hazardous",
            ),
            Reason::Level(level) => Text::new(
                format!("niveau lu dans le texte : {level}"),
                format!("level read in the text: {level}"),
            ),
            Reason::NotAResource(word) => Text::new(
                format!("« {word} » ne désigne pas une ressource"),
                format!("“{word}” does not name a resource"),
            ),
            Reason::NoWord => Text::new("aucun mot connu", "no known word"),
            Reason::NoDirection => Text::new(
                "le sens (sortant ou entrant) n'est pas dit",
                "the direction (output or input) is not said",
            ),
        }
    }
}
