//! Texts of firms, and how they were read.

use boucle_domain::flow::Identity;
use boucle_proto::v1;

use super::quantity::text;
use super::synonym::side;
use crate::app::recognise::{Candidate, Outcome, Recognition, WrittenFlow};

/// A text as a caller gives it.
pub fn written_flow(flow: v1::WrittenFlow) -> WrittenFlow {
    WrittenFlow {
        direction: side(flow.direction()),
        text: flow.text,
        waste_code: flow.waste_code,
        activity: flow.activity,
    }
}

/// How a text was read.
pub fn recognition(read: &Recognition) -> v1::RecognisedText {
    v1::RecognisedText {
        outcome: outcome(read.outcome).into(),
        key: read
            .key
            .as_ref()
            .map(Identity::key)
            .unwrap_or_default()
            .to_owned(),
        confidence: read.confidence,
        candidates: read.candidates.iter().map(candidate).collect(),
        question: (read.outcome == Outcome::Ask).then(|| text(&read.question)),
        reasons: read
            .reasons
            .iter()
            .map(|reason| text(&reason.text()))
            .collect(),
    }
}

/// The kind of an answer.
pub fn outcome(outcome: Outcome) -> v1::RecognitionOutcome {
    match outcome {
        Outcome::Recognised => v1::RecognitionOutcome::Recognised,
        Outcome::Ask => v1::RecognitionOutcome::Ask,
        Outcome::Unknown => v1::RecognitionOutcome::Unknown,
    }
}

/// A key with how likely it is.
pub fn candidate(candidate: &Candidate) -> v1::RecognitionCandidate {
    v1::RecognitionCandidate {
        key: candidate.key.key().to_owned(),
        label: Some(text(&candidate.label)),
        confidence: candidate.confidence,
    }
}
