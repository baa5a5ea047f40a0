//! Texts of firms, and how they were read.

use boucle_domain::flow::Identity;
use boucle_domain::id::Direction;
use boucle_proto::v1;

use super::quantity::text;
use crate::app::recognise::{Outcome, Recognition, WrittenFlow};

/// A text as a caller gives it.
pub fn written_flow(flow: v1::WrittenFlow) -> WrittenFlow {
    let direction = match flow.direction() {
        v1::Direction::Output => Some(Direction::Output),
        v1::Direction::Input => Some(Direction::Input),
        v1::Direction::Unspecified => None,
    };
    WrittenFlow {
        text: flow.text,
        waste_code: flow.waste_code,
        activity: flow.activity,
        direction,
    }
}

/// How a text was read.
pub fn recognition(read: &Recognition) -> v1::RecognisedText {
    let outcome = match read.outcome {
        Outcome::Recognised => v1::RecognitionOutcome::Recognised,
        Outcome::Ask => v1::RecognitionOutcome::Ask,
        Outcome::Unknown => v1::RecognitionOutcome::Unknown,
    };
    let candidates = read
        .candidates
        .iter()
        .map(|candidate| v1::RecognitionCandidate {
            key: key(&candidate.key),
            label: Some(text(&candidate.label)),
            confidence: candidate.confidence,
        });
    v1::RecognisedText {
        outcome: outcome.into(),
        key: read.key.as_ref().map(key).unwrap_or_default(),
        confidence: read.confidence,
        candidates: candidates.collect(),
        question: (read.outcome == Outcome::Ask).then(|| text(&read.question)),
        reasons: read
            .reasons
            .iter()
            .map(|reason| text(&reason.text()))
            .collect(),
    }
}

fn key(identity: &Identity) -> String {
    match identity {
        Identity::Donor(key) => key.to_string(),
        Identity::Resource(key) => key.to_string(),
        Identity::Unrecognised => String::new(),
    }
}
