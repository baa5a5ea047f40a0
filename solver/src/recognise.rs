//! The words of flows that declare no key, read as resources.
//!
//! What is read so is no declaration: a pair that rests on it asks for its confirmation, and stands in
//! the prospective plan only. A word of the territory is read before all others, and asks nothing: its
//! operator decided what it names. A flow that bears no words but a waste code is not read at all.

use std::borrow::Cow;
use std::collections::BTreeMap;

use boucle_domain::flow::{Flow, Identity};
use boucle_domain::id::FlowKey;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::snapshot::Snapshot;
use boucle_recognise::{Asked, Outcome, Recogniser, Recognition};

/// A snapshot with its words read.
pub(crate) struct Read<'s> {
    /// As declared.
    pub declared: &'s Snapshot,
    /// With what the words say.
    pub snapshot: Cow<'s, Snapshot>,
    /// How each flow was read that declares no key.
    words: BTreeMap<FlowKey, Recognition>,
}

impl<'s> Read<'s> {
    /// Reads a snapshot.
    pub fn of(declared: &'s Snapshot, knowledge: &Knowledge) -> Read<'s> {
        let open: Vec<&Flow> = declared
            .flows()
            .iter()
            .filter(|flow| flow.identity == Identity::Unrecognised)
            .collect();
        if open.is_empty() {
            return Read {
                declared,
                snapshot: Cow::Borrowed(declared),
                words: BTreeMap::new(),
            };
        }
        let recogniser = Recogniser::new(knowledge, declared.synonyms());
        let words: BTreeMap<FlowKey, Recognition> = open
            .into_iter()
            .map(|flow| {
                let site = declared.site(&flow.key.site);
                let asked = Asked {
                    text: &flow.name,
                    waste_code: flow.waste_code.as_ref(),
                    activity: site.and_then(|site| site.activity.as_ref()),
                    direction: Some(flow.key.direction),
                };
                (flow.key.clone(), recogniser.recognise(&asked))
            })
            .collect();
        let named = |flow: &Flow| named(words.get(&flow.key)?);
        let snapshot = Cow::Owned(declared.clone().with_identities(named));
        Read {
            declared,
            snapshot,
            words,
        }
    }

    /// How the words of a flow were read, when they say what it is.
    pub fn by_words(&self, flow: &FlowKey) -> Option<&Recognition> {
        self.words
            .get(flow)
            .filter(|recognition| named(recognition).is_some())
    }

    /// The question that the words of a flow leave.
    pub fn question(&self, flow: &FlowKey) -> Option<&Recognition> {
        self.words
            .get(flow)
            .filter(|recognition| recognition.asks_about_words())
    }
}

fn named(recognition: &Recognition) -> Option<Identity> {
    recognition
        .key
        .clone()
        .filter(|_| recognition.outcome == Outcome::Recognised)
}
