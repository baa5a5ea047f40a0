//! Legal questions of a pair. A flag is raised, never an opinion given; a block is lifted only by a
//! declared agreement of the acceptor.

use boucle_domain::flow::Flow;
use boucle_domain::id::FlagId;
use boucle_domain::knowledge::{Flag, FlagEffect, Rule};
use boucle_domain::organisation::{Agreement, Site};

use super::context::Context;
use crate::answer::{LegalFlag, Reason};

/// What the law does to a pair.
#[derive(Clone, Debug)]
pub(crate) struct Legal<'a> {
    /// The block that no agreement answers.
    pub block: Option<Reason>,
    /// The rule may concern a hazardous waste and the output does not say whether it is one.
    pub hazard_unknown: bool,
    /// The agreement that lifts the block; its yearly limit binds.
    pub agreement: Option<&'a Agreement>,
}

/// What the law does to an output going to a site under a rule.
pub(crate) fn effect<'a>(
    context: &Context<'_>,
    output: &Flow,
    rule: &Rule,
    acceptor: &'a Site,
) -> Legal<'a> {
    let agreement = agreement(context, output, acceptor);
    let blocking = raised(context, output, rule).into_iter().find(|flag| {
        let blocks = flag.effect == FlagEffect::BlockUnlessAccepted;
        // Whether the waste is hazardous at all is a question of its own.
        let undecided = flag.id.as_str() == HAZARDOUS && !output.is_hazardous();
        blocks && !undecided && answer(&flag.id, agreement, acceptor).is_none()
    });
    let concerned = rule.flags.iter().any(|flag| flag.as_str() == HAZARDOUS);
    Legal {
        block: blocking.map(|flag| Reason::Blocked {
            flag: flag.id.clone(),
            label: flag.label.clone(),
            next_act: flag.next_act.clone(),
        }),
        hazard_unknown: concerned && !said(output),
        agreement: agreement.filter(|_| output.is_hazardous()),
    }
}

/// Legal questions of a pair: those that block first, then in the order of the rule.
///
/// Made only for pairs that are shown: a zone has a thousand pairs for one that is.
pub(crate) fn questions(
    context: &Context<'_>,
    output: &Flow,
    rule: &Rule,
    acceptor: &Site,
) -> Vec<LegalFlag> {
    let agreement = agreement(context, output, acceptor);
    let raised = raised(context, output, rule).into_iter();
    let mut flags: Vec<LegalFlag> = raised
        .map(|flag| LegalFlag {
            flag: flag.id.clone(),
            label: flag.label.clone(),
            basis: flag.basis.clone(),
            effect: flag.effect,
            answered_by: match flag.effect {
                FlagEffect::BlockUnlessAccepted => answer(&flag.id, agreement, acceptor),
                FlagEffect::Warn | FlagEffect::Info => None,
            },
            next_act: flag.next_act.clone(),
            checked_on: flag.checked_on,
        })
        .collect();
    flags.sort_by_key(|flag| std::cmp::Reverse(flag.effect));
    flags
}

/// The flags a pair raises: those of its rule, and those that any hazardous waste raises.
fn raised<'k>(context: &Context<'k>, output: &Flow, rule: &Rule) -> Vec<&'k Flag> {
    let hazardous = output.is_hazardous();
    let mut flags: Vec<&Flag> = Vec::with_capacity(rule.flags.len() + 2);
    if hazardous {
        let automatic = [HAZARDOUS, TRACKING].map(FlagId::new);
        flags.extend(automatic.iter().filter_map(|id| context.knowledge.flag(id)));
    }
    for id in &rule.flags {
        let of_hazard_only = id.as_str() == HAZARDOUS;
        let applies = !of_hazard_only || hazardous || !said(output);
        if applies && !flags.iter().any(|flag| flag.id == *id) {
            flags.extend(context.knowledge.flag(id));
        }
    }
    flags
}

/// Whether the output says, by its own word or by its code, if it is hazardous.
fn said(output: &Flow) -> bool {
    output.hazardous.is_some() || output.waste_code.is_some()
}

const HAZARDOUS: &str = "HAZ";
const TRACKING: &str = "BSD";

/// The acceptor's agreement that covers the output's code on the day of the run.
fn agreement<'a>(
    context: &Context<'_>,
    output: &Flow,
    acceptor: &'a Site,
) -> Option<&'a Agreement> {
    let code = output.waste_code.as_ref()?;
    let day = context.snapshot.valid_on();
    acceptor
        .agreements
        .iter()
        .find(|agreement| agreement.validity.contains(day) && agreement.waste_codes.contains(code))
}

/// What the acceptor declares that answers a block.
fn answer(flag: &FlagId, agreement: Option<&Agreement>, acceptor: &Site) -> Option<String> {
    if let Some(agreement) = agreement {
        return Some(agreement.reference.clone());
    }
    // Animal by-products carry no waste code: the acceptor's rubric for treating them answers.
    let rubrics: &[&str] = match flag.as_str() {
        "ABP1" | "ABP2" => &["2730"],
        _ => &[],
    };
    let held = |rubric: &&String| {
        rubrics
            .iter()
            .any(|wanted| rubric.split('-').next() == Some(*wanted))
    };
    acceptor
        .icpe_rubrics
        .iter()
        .find(held)
        .map(|rubric| format!("ICPE {rubric}"))
}
