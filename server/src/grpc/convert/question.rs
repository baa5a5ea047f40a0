//! Open questions and answers on the wire.

use boucle_domain::answer::{AnswerValue, GivenAnswer};
use boucle_domain::flow::Identity;
use boucle_domain::property::PropertyValue;
use boucle_domain::text::Text;
use boucle_proto::v1;

use super::flow::{flow_key, pair_key};
use super::quantity::text;
use crate::app::question::OpenQuestion;
use crate::auth::Viewer;

/// A question, for a reader. What its answer is worth tells of the money of both sides.
pub fn open_question(viewer: &Viewer, question: &OpenQuestion) -> v1::OpenQuestion {
    let choice = |(key, label): &(String, Text)| v1::Choice {
        key: key.clone(),
        label: Some(text(label)),
    };
    v1::OpenQuestion {
        id: question.id.clone(),
        text: Some(text(&question.text)),
        candidates: question.candidates.iter().map(choice).collect(),
        flow: Some(flow_key(&question.flow)),
        pair: question.pair.as_ref().map(pair_key),
        worth: if viewer.sees_both_sides() {
            question.worth
        } else {
            0
        },
    }
}

/// An answer given.
pub fn given_answer(answer: &GivenAnswer) -> v1::GivenAnswer {
    v1::GivenAnswer {
        question: answer.question.to_string(),
        value: written(&answer.value),
        by: answer.by.clone(),
        on: answer.on.to_string(),
        evidence: answer.evidence.clone(),
    }
}

fn written(value: &AnswerValue) -> String {
    match value {
        AnswerValue::YesNo(true) => "yes".to_owned(),
        AnswerValue::YesNo(false) => "no".to_owned(),
        AnswerValue::Identity(Identity::Donor(key)) => key.to_string(),
        AnswerValue::Identity(Identity::Resource(key)) => key.to_string(),
        AnswerValue::Identity(Identity::Unrecognised) => String::new(),
        AnswerValue::Value(PropertyValue::Class(class)) => class.clone(),
        AnswerValue::Value(PropertyValue::Number(number)) if number.low() == number.high() => {
            number.mid().to_string()
        }
        AnswerValue::Value(PropertyValue::Number(range)) => {
            format!("{}..{}", range.low(), range.high())
        }
    }
}
