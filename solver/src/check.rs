//! The answer held against the declarations, outside the solver.
//!
//! [`against_declarations`] recomputes balance, bounds, conditions, capacities and money from what
//! was declared, by formulas of its own, and runs on every answer before it leaves. [`check`] does
//! that from scratch and then recomputes every derived figure from the quantities alone, so that no
//! reported number can be changed without being seen.

mod balance;
mod limits;
mod restate;

use std::fmt;
use std::sync::atomic::AtomicBool;

use boucle_domain::knowledge::Knowledge;
use boucle_domain::settings::Settings;
use boucle_domain::snapshot::Snapshot;

use crate::answer::Answer;
use crate::candidates::context::Context;
use crate::candidates::pair::Arc;
use crate::control::Control;
use crate::recognise::Read;
use crate::solve::candidates;

/// Something an answer states that does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Breach {
    /// What it is about: a flow, a pair, a plan, a field of the answer.
    pub subject: String,
    /// What must hold.
    pub rule: String,
    /// What the answer says.
    pub stated: String,
    /// What was found.
    pub found: String,
}

impl Breach {
    fn new(
        subject: impl fmt::Display,
        rule: &str,
        stated: impl fmt::Display,
        found: impl fmt::Display,
    ) -> Breach {
        Breach {
            subject: subject.to_string(),
            rule: rule.to_owned(),
            stated: stated.to_string(),
            found: found.to_string(),
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} (stated {}, found {})",
            self.subject, self.rule, self.stated, self.found
        )
    }
}

/// Checks an answer against its snapshot, knowledge and settings; empty when all of it holds.
pub fn check(
    snapshot: &Snapshot,
    knowledge: &Knowledge,
    settings: &Settings,
    answer: &Answer,
) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (subject, stated, found) in [
        ("input digest", &answer.input_digest, &snapshot.digest()),
        (
            "knowledge version",
            &answer.knowledge_version,
            &knowledge.version().to_owned(),
        ),
    ] {
        if stated != found {
            breaches.push(Breach::new(
                subject,
                "the answer is about this input",
                stated,
                found,
            ));
        }
    }
    let read = Read::of(snapshot, knowledge);
    let context = Context::new(&read, knowledge, settings);
    let never = AtomicBool::new(false);
    let control = Control {
        cancel: &never,
        progress: &|_| {},
        models: None,
    };
    let found = match candidates(&context, &control) {
        Ok(found) => found,
        Err(error) => {
            breaches.push(Breach::new(
                "candidates",
                "the search can be repeated",
                "",
                error,
            ));
            return breaches;
        }
    };
    breaches.extend(against_declarations(&context, &found.arcs, answer));
    breaches.extend(restate::derived(
        &context,
        &found.arcs,
        found.refused,
        answer,
    ));
    breaches
}

/// Checks balance, bounds, conditions, capacities and money of an answer.
pub(crate) fn against_declarations(
    context: &Context<'_>,
    arcs: &[Arc<'_>],
    answer: &Answer,
) -> Vec<Breach> {
    let mut breaches = balance::breaches(context, answer);
    breaches.extend(limits::breaches(context, arcs, answer));
    breaches
}
