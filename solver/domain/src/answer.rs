//! Questions a run leaves open, by name, and the answers given to them.
//!
//! An answer is kept beside the declaration and never changes the declared row: it is laid over it
//! when a snapshot is made, so that it survives runs and imports and can be withdrawn.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::flow::{Flow, Identity};
use crate::id::{Direction, FlagId, FlowKey, PairKey, PropertyName, RuleId, SiteKey};
use crate::interval::Interval;
use crate::property::{Property, PropertyValue};

/// Name of a question, the same from run to run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuestionId {
    /// What a flow is: `flow:{flow}:identity`.
    Identity(FlowKey),
    /// Whether a site has a flow that its profile suggests: `flow:{flow}:exists`.
    Exists(FlowKey),
    /// Whether a flow is a hazardous waste: `flow:{flow}:hazardous`.
    Hazardous(FlowKey),
    /// A property of a flow: `flow:{flow}:property:{name}`.
    Property(FlowKey, PropertyName),
    /// A question of the law about a pair: `pair:{pair}:{flag}:{n}`, `n` from 1.
    Legal(PairKey, FlagId, u8),
}

impl QuestionId {
    /// The question of a name; `None` for a text that is no such name.
    pub fn parse(text: &str) -> Option<QuestionId> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("flow:") {
            if let Some(flow) = rest.strip_suffix(":identity") {
                return flow_key(flow).map(QuestionId::Identity);
            }
            if let Some(flow) = rest.strip_suffix(":exists") {
                return flow_key(flow).map(QuestionId::Exists);
            }
            if let Some(flow) = rest.strip_suffix(":hazardous") {
                return flow_key(flow).map(QuestionId::Hazardous);
            }
            let (flow, name) = rest.rsplit_once(":property:")?;
            let flow = flow_key(flow).filter(|_| !name.is_empty())?;
            return Some(QuestionId::Property(flow, PropertyName::new(name)));
        }
        let (rest, number) = text.strip_prefix("pair:")?.rsplit_once(':')?;
        let number = number.parse().ok().filter(|&number| number > 0)?;
        let (ends, named) = rest.rsplit_once('>')?;
        let (rule, flag) = named.split_once(':')?;
        // A reference may hold the separator: the place is the one that leaves two flows.
        let (output, input) = ends.match_indices('>').find_map(|(at, _)| {
            let output = flow_key(ends.get(..at)?)?;
            let input = flow_key(ends.get(at + 1..)?)?;
            let directed =
                output.direction == Direction::Output && input.direction == Direction::Input;
            directed.then_some((output, input))
        })?;
        let pair = PairKey {
            output,
            input,
            rule: RuleId::new(rule),
        };
        Some(QuestionId::Legal(pair, FlagId::new(flag), number))
    }

    /// The flow it is about; `None` for a question about a pair.
    pub fn flow(&self) -> Option<&FlowKey> {
        match self {
            QuestionId::Identity(flow)
            | QuestionId::Exists(flow)
            | QuestionId::Hazardous(flow)
            | QuestionId::Property(flow, _) => Some(flow),
            QuestionId::Legal(..) => None,
        }
    }
}

impl fmt::Display for QuestionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QuestionId::Identity(flow) => write!(f, "flow:{flow}:identity"),
            QuestionId::Exists(flow) => write!(f, "flow:{flow}:exists"),
            QuestionId::Hazardous(flow) => write!(f, "flow:{flow}:hazardous"),
            QuestionId::Property(flow, name) => write!(f, "flow:{flow}:property:{name}"),
            QuestionId::Legal(pair, flag, number) => write!(f, "pair:{pair}:{flag}:{number}"),
        }
    }
}

impl Serialize for QuestionId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for QuestionId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<QuestionId, D::Error> {
        let text = String::deserialize(deserializer)?;
        QuestionId::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("no name of a question: {text}")))
    }
}

/// The flow of `site/direction/reference`.
fn flow_key(text: &str) -> Option<FlowKey> {
    let cut = |direction: Direction| {
        let word = format!("/{}/", direction.code());
        let (site, reference) = text.split_once(&word)?;
        // A site never holds the separator of pairs, so that a pair can be cut in one way only.
        let whole = !site.is_empty() && !site.contains('>') && !reference.is_empty();
        whole.then(|| (site.len(), site.to_owned(), direction, reference.to_owned()))
    };
    let found = [Direction::Output, Direction::Input].map(cut);
    let (_, site, direction, reference) =
        found.into_iter().flatten().min_by_key(|found| found.0)?;
    Some(FlowKey {
        site: SiteKey::new(site),
        direction,
        reference,
    })
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerValue {
    /// Yes or no.
    YesNo(bool),
    /// What a flow is.
    Identity(Identity),
    /// Value of a property.
    Value(PropertyValue),
}

/// An answer, with who gave it and on what ground.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GivenAnswer {
    /// The question.
    pub question: QuestionId,
    /// The answer.
    pub value: AnswerValue,
    /// Who gave it: a role or a service, never a contact.
    pub by: String,
    /// On which day.
    pub on: Date,
    /// Ground: analysis, letter, visit.
    pub evidence: String,
}

impl AnswerValue {
    /// The answer that a text gives to a question; `None` when it gives none.
    pub fn read(question: &QuestionId, text: &str) -> Option<AnswerValue> {
        let text = text.trim();
        match question {
            QuestionId::Exists(_) | QuestionId::Hazardous(_) | QuestionId::Legal(..) => {
                yes_no(text).map(AnswerValue::YesNo)
            }
            QuestionId::Identity(flow) => {
                let identity = Identity::of_key(text);
                let donor = matches!(identity, Identity::Donor(_));
                // A need is no waste: only an output is a donor.
                let fits = !donor || flow.direction == Direction::Output;
                (fits && !text.is_empty()).then_some(AnswerValue::Identity(identity))
            }
            QuestionId::Property(..) => value(text).map(AnswerValue::Value),
        }
    }
}

/// `oui`, `non`, `yes`, `no` and what stands for them.
pub fn yes_no(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "oui" | "yes" | "o" | "y" | "vrai" | "true" | "1" => Some(true),
        "non" | "no" | "n" | "faux" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// A number, a range `low..high`, or a class.
fn value(text: &str) -> Option<PropertyValue> {
    if text.is_empty() {
        return None;
    }
    if let Some((low, high)) = text.split_once("..") {
        let (low, high) = (number(low)?, number(high)?);
        return Interval::new(low, (low + high) / 2.0, high).map(PropertyValue::Number);
    }
    Some(match number(text) {
        Some(number) => PropertyValue::Number(Interval::exact(number)),
        None => PropertyValue::Class(text.to_owned()),
    })
}

fn number(text: &str) -> Option<f64> {
    let plain: String = text.trim().replace(',', ".").split_whitespace().collect();
    plain
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
}

/// Lays the answers about flows over the declared flows. What a flow declares of itself stays in the
/// store as it was; the last answer wins.
pub(crate) fn lay_over(flows: &mut [Flow], answers: &[GivenAnswer]) {
    for answer in answers {
        let Some(key) = answer.question.flow() else {
            continue;
        };
        let Ok(at) = flows.binary_search_by(|flow| flow.key.cmp(key)) else {
            continue;
        };
        let flow = &mut flows[at];
        match (&answer.question, &answer.value) {
            (QuestionId::Identity(_), AnswerValue::Identity(identity)) => {
                flow.identity = identity.clone();
            }
            // An answer settles what nobody said: it takes away neither the star of a code nor the
            // firm's own word that its waste is hazardous.
            (QuestionId::Hazardous(_), AnswerValue::YesNo(hazardous))
                if flow.hazardous != Some(true) =>
            {
                flow.hazardous = Some(*hazardous);
            }
            (QuestionId::Property(_, name), AnswerValue::Value(value)) => {
                let property = Property {
                    value: value.clone(),
                    method: Some(answer.ground()),
                    date: Some(answer.on),
                };
                flow.properties.insert(name.clone(), property);
            }
            _ => {}
        }
    }
}

impl GivenAnswer {
    /// Who answered, when, and on what ground, as a line of provenance.
    pub fn ground(&self) -> String {
        let evidence = self.evidence.trim();
        if evidence.is_empty() {
            format!("{}, {}", self.by, self.on)
        } else {
            format!("{evidence} ({}, {})", self.by, self.on)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(direction: Direction, reference: &str) -> FlowKey {
        FlowKey {
            site: SiteKey::new("local:KAL-ASN"),
            direction,
            reference: reference.to_owned(),
        }
    }

    #[test]
    fn a_question_is_found_again_by_its_name_whatever_its_reference_holds() {
        let pair = PairKey {
            output: key(Direction::Output, "a>b/c:d"),
            input: key(Direction::Input, "e:identity"),
            rule: RuleId::new("R012"),
        };
        let questions = [
            QuestionId::Identity(key(Direction::Output, "x:y/z")),
            QuestionId::Hazardous(key(Direction::Output, "x")),
            QuestionId::Exists(key(Direction::Output, "profil-DON:scrap")),
            QuestionId::Property(key(Direction::Input, "x"), PropertyName::new("size_mm")),
            QuestionId::Legal(pair, FlagId::new("ICPE:2781"), 1),
        ];
        for question in questions {
            assert_eq!(QuestionId::parse(&question.to_string()), Some(question));
        }
        for text in [
            "",
            "flow:",
            "flow:x:identity",
            "flow:s/output/:identity",
            "flow:s/output/r:property:",
            "pair:a>b>R1:SP:1",
            "pair:s/output/r>t/input/u>R1:SP:0",
            "pair:s/input/r>t/output/u>R1:SP:1",
        ] {
            assert_eq!(QuestionId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_answer_is_read_by_what_is_asked() {
        let flow = key(Direction::Output, "x");
        let property = QuestionId::Property(flow.clone(), PropertyName::new("size_mm"));
        let number = |low, mid, high| {
            Some(AnswerValue::Value(PropertyValue::Number(
                Interval::new(low, mid, high).unwrap(),
            )))
        };
        assert_eq!(AnswerValue::read(&property, "0,5"), number(0.5, 0.5, 0.5));
        assert_eq!(AnswerValue::read(&property, "1..3"), number(1.0, 2.0, 3.0));
        assert_eq!(AnswerValue::read(&property, "3..1"), None);
        let hazard = QuestionId::Hazardous(flow.clone());
        assert_eq!(
            AnswerValue::read(&hazard, "Non"),
            Some(AnswerValue::YesNo(false))
        );
        assert_eq!(AnswerValue::read(&hazard, "peut-être"), None);
        let need = QuestionId::Identity(key(Direction::Input, "x"));
        assert_eq!(
            AnswerValue::read(&need, "DON:fly_ash"),
            None,
            "a need is no waste"
        );
    }
}
