//! What the law asks of a pair: each question in its own file, each with a verdict, its ground and the
//! next act.
//!
//! A verdict is never a legal opinion: *plausible* means that what was declared and answered fits the
//! text, and nothing was checked with an administration. A hazardous waste goes to nobody but an
//! acceptor whose declared agreement covers its code: no answer changes that.

mod animal;
mod asked;
mod border;
mod by_product;
mod hazard;
mod permit;

use boucle_domain::answer::{AnswerValue, QuestionId};
use boucle_domain::flow::Flow;
use boucle_domain::id::{FlagId, PairKey};
use boucle_domain::knowledge::{Flag, FlagEffect, Rule};
use boucle_domain::organisation::{Agreement, Site};

use crate::answer::{LegalFlag, LegalQuestion, LegalVerdict, Reason};
use crate::candidates::context::Context;
use crate::explain::texts::say;

pub(crate) use hazard::HAZARDOUS;

/// What the law does to a pair.
#[derive(Clone, Debug)]
pub(crate) struct Legal<'a> {
    /// The block that nothing answers.
    pub block: Option<Reason>,
    /// The rule may concern a hazardous waste and the output does not say whether it is one.
    pub hazard_unknown: bool,
    /// The agreement that lifts the block; its yearly limit binds.
    pub agreement: Option<&'a Agreement>,
}

/// A pair before the law.
pub(crate) struct Case<'c, 'a> {
    /// Catalogue, snapshot with its answers, day.
    pub context: &'c Context<'a>,
    /// What is given off.
    pub output: &'c Flow,
    /// Where.
    pub giver: &'c Site,
    /// Under which rule.
    pub rule: &'c Rule,
    /// Who would take it.
    pub acceptor: &'a Site,
    /// The acceptor's agreement that covers the output's code on the day of the run.
    pub agreement: Option<&'a Agreement>,
    /// The pair, for its answers; `None` where answers cannot be asked for.
    pub pair: Option<&'c PairKey>,
}

/// What a file says of a flag.
pub(crate) struct Finding {
    /// Verdict.
    pub verdict: LegalVerdict,
    /// What answers it: an agreement, a heading, an answer given.
    pub answered_by: Option<String>,
    /// Questions, answered or not.
    pub questions: Vec<LegalQuestion>,
}

impl Finding {
    fn new(verdict: LegalVerdict) -> Finding {
        Finding {
            verdict,
            answered_by: None,
            questions: Vec::new(),
        }
    }

    fn answered(by: String) -> Finding {
        Finding {
            answered_by: Some(by),
            ..Finding::new(LegalVerdict::Plausible)
        }
    }
}

impl<'c, 'a> Case<'c, 'a> {
    /// A pair, with the acceptor's agreement.
    pub fn new(
        context: &'c Context<'a>,
        output: &'c Flow,
        giver: &'c Site,
        rule: &'c Rule,
        acceptor: &'a Site,
    ) -> Case<'c, 'a> {
        let day = context.snapshot.valid_on();
        let covers = |agreement: &&Agreement| {
            let code = output.waste_code.as_ref();
            agreement.validity.contains(day)
                && code.is_some_and(|code| agreement.waste_codes.contains(code))
        };
        Case {
            context,
            output,
            giver,
            rule,
            acceptor,
            agreement: acceptor.agreements.iter().find(covers),
            pair: None,
        }
    }

    /// The same, with the pair its answers hang on.
    pub fn of_pair(self, pair: &'c PairKey) -> Case<'c, 'a> {
        Case {
            pair: Some(pair),
            ..self
        }
    }

    /// A question of a flag about this pair, with its answer.
    fn question(&self, flag: &Flag, number: u8, key: &str) -> Option<LegalQuestion> {
        let id = QuestionId::Legal(self.pair?.clone(), flag.id.clone(), number);
        let text = say(key, &[("act", flag.next_act.clone())]);
        Some(self.asked(id, text))
    }

    /// A question with the answer given to it.
    fn asked(&self, id: QuestionId, text: boucle_domain::text::Text) -> LegalQuestion {
        let given = self.context.snapshot.answer(&id);
        LegalQuestion {
            answer: given.and_then(|given| match given.value {
                AnswerValue::YesNo(answer) => Some(answer),
                _ => None,
            }),
            ground: given.map(boucle_domain::answer::GivenAnswer::ground),
            id: id.to_string(),
            text,
        }
    }

    /// Whether a flag excludes the pair.
    fn blocks(&self, flag: &Flag) -> bool {
        animal::forbids(self, flag)
            || (flag.effect == FlagEffect::BlockUnlessAccepted
                && self.finding(flag).verdict == LegalVerdict::Blocked)
    }

    /// What is found of a flag.
    fn finding(&self, flag: &Flag) -> Finding {
        match flag.id.as_str() {
            "HAZ" | "MIRROR" | "POP" | "HG" | "ASBESTOS" | "BSD" => hazard::finding(self, flag),
            "SP" => by_product::finding(self, flag),
            "ABP1" | "ABP2" | "ABP3" | "FEED" => animal::finding(self, flag),
            "TFS" => border::finding(self, flag),
            id if id.starts_with("ICPE:") => permit::finding(self, flag),
            _ => asked::finding(self, flag),
        }
    }

    /// The flags the pair raises: those of its rule, and those that what it is raises by itself.
    fn raised(&self) -> Vec<&'a Flag> {
        let knowledge = self.context.knowledge;
        let hazardous = self.output.is_hazardous();
        let mut flags: Vec<&Flag> = Vec::with_capacity(self.rule.flags.len() + 4);
        let mut automatic: Vec<&str> = Vec::new();
        if hazardous {
            automatic.extend([HAZARDOUS, "BSD"]);
        }
        if hazard::is_mirror(self) {
            automatic.push("MIRROR");
        }
        if border::crosses(self) == Some(true) && self.output.waste_code.is_some() {
            automatic.push("TFS");
        }
        flags.extend(
            automatic
                .iter()
                .filter_map(|id| knowledge.flag(&FlagId::new(*id))),
        );
        for id in &self.rule.flags {
            let of_hazard_only = id.as_str() == HAZARDOUS;
            let applies = !of_hazard_only || hazardous || !hazard::said(self.output);
            if applies && !flags.iter().any(|flag| flag.id == *id) {
                flags.extend(knowledge.flag(id));
            }
        }
        flags
    }
}

/// What the law does to an output going to a site under a rule.
///
/// Called for every pair: only what may block is looked at.
pub(crate) fn effect<'a>(case: &Case<'_, 'a>) -> Legal<'a> {
    let hazardous = case.output.is_hazardous();
    let automatic = FlagId::new(HAZARDOUS);
    let of_rule = case.rule.flags.iter().filter(|flag| **flag != automatic);
    let blocking = hazardous
        .then_some(&automatic)
        .into_iter()
        .chain(of_rule)
        .filter_map(|id| case.context.knowledge.flag(id))
        .find(|flag| case.blocks(flag));
    let concerned = case.rule.flags.contains(&automatic);
    Legal {
        block: blocking.map(|flag| Reason::Blocked {
            flag: flag.id.clone(),
            label: flag.label.clone(),
            next_act: flag.next_act.clone(),
        }),
        hazard_unknown: concerned && !hazard::said(case.output),
        agreement: case.agreement.filter(|_| hazardous),
    }
}

/// Legal questions of a pair: those that block first, then in the order of the rule.
///
/// Made only for pairs that are shown: a zone has a thousand pairs for one that is.
pub(crate) fn questions(case: &Case<'_, '_>) -> Vec<LegalFlag> {
    let told = |flag: &Flag| {
        let finding = case.finding(flag);
        LegalFlag {
            flag: flag.id.clone(),
            label: flag.label.clone(),
            basis: flag.basis.clone(),
            effect: flag.effect,
            verdict: finding.verdict,
            answered_by: finding.answered_by,
            questions: finding.questions,
            next_act: flag.next_act.clone(),
            checked_on: flag.checked_on,
        }
    };
    let mut flags: Vec<LegalFlag> = case.raised().into_iter().map(told).collect();
    flags.sort_by_key(|flag| std::cmp::Reverse(flag.effect));
    flags
}
