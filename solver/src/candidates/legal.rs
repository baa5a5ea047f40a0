//! Legal questions of a pair. A flag is raised, never an opinion given; a block is lifted only by a
//! declared agreement of the acceptor.

use boucle_domain::flow::Flow;
use boucle_domain::id::FlagId;
use boucle_domain::knowledge::{FlagEffect, Rule};
use boucle_domain::organisation::{Agreement, Site};

use super::context::Context;
use crate::answer::{LegalFlag, Reason};

/// The flags of a pair and what they do to it.
#[derive(Clone, Debug)]
pub(crate) struct Legal<'a> {
    /// Flags, those that block first, then in the order of the rule.
    pub flags: Vec<LegalFlag>,
    /// The block that no agreement answers.
    pub block: Option<Reason>,
    /// The rule may concern a hazardous waste and the output does not say whether it is one.
    pub hazard_unknown: bool,
    /// The agreement that lifts the block; its yearly limit binds.
    pub agreement: Option<&'a Agreement>,
}

/// Legal flags of an output going to a site under a rule.
pub(crate) fn questions<'a>(
    context: &Context<'_>,
    output: &Flow,
    rule: &Rule,
    acceptor: &'a Site,
) -> Legal<'a> {
    let hazardous = output.is_hazardous();
    let said = output.hazardous.is_some() || output.waste_code.is_some();
    let concerned = rule.flags.iter().any(|flag| flag.as_str() == HAZARDOUS);
    let agreement = agreement(context, output, acceptor);
    let mut ids: Vec<FlagId> = Vec::new();
    if hazardous {
        ids.extend([HAZARDOUS, TRACKING].map(FlagId::new));
    }
    for flag in &rule.flags {
        let of_hazard_only = flag.as_str() == HAZARDOUS;
        if !ids.contains(flag) && (!of_hazard_only || hazardous || !said) {
            ids.push(flag.clone());
        }
    }
    let mut block = None;
    let mut flags = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(flag) = context.knowledge.flag(&id) else {
            continue;
        };
        let blocks = flag.effect == FlagEffect::BlockUnlessAccepted;
        let answered_by = if blocks {
            answer(&id, agreement, acceptor)
        } else {
            None
        };
        let undecided = id.as_str() == HAZARDOUS && !hazardous;
        if blocks && answered_by.is_none() && !undecided && block.is_none() {
            block = Some(Reason::Blocked {
                flag: id.clone(),
                label: flag.label.clone(),
                next_act: flag.next_act.clone(),
            });
        }
        flags.push(LegalFlag {
            flag: id,
            label: flag.label.clone(),
            basis: flag.basis.clone(),
            effect: flag.effect,
            answered_by,
            next_act: flag.next_act.clone(),
            checked_on: flag.checked_on,
        });
    }
    flags.sort_by_key(|flag| std::cmp::Reverse(flag.effect));
    Legal {
        flags,
        block,
        hazard_unknown: concerned && !said,
        agreement: agreement.filter(|_| hazardous),
    }
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
