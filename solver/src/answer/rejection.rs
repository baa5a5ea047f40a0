//! What was left out, and the number that decided.

use std::collections::BTreeMap;

use boucle_domain::id::{FlagId, FlowKey, PairKey, ResourceKey, RuleId, SiteKey};
use boucle_domain::text::Text;
use boucle_domain::units::{Amount, Distance, Money, Price, Unit};
use serde::{Deserialize, Serialize};

use super::ConditionResult;

/// Why a flow or pair was left out, with the number that decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Not recognised as a material: see its question.
    Unrecognised,
    /// A waste for which no exchange is known; why, and the usual treatment.
    NoExchangeKnown {
        /// Why.
        why: Text,
        /// Usual D and R operations.
        usual_treatment: String,
    },
    /// Water, energy or an asset: declared and kept, matched by another model.
    OtherCarrier,
    /// No rule of the catalogue starts or ends here.
    NoRule,
    /// Rules exist, but no declared flow of the zone is at the other end.
    NoCounterpart {
        /// What was looked for.
        wanted: Vec<String>,
    },
    /// Both flows are on one site: a matter for the firm itself.
    SameSite,
    /// The need is more precise than the rule: the firm must say whether it would do.
    NeedTooPrecise {
        /// What the rule gives.
        offered: ResourceKey,
        /// What is needed.
        wanted: ResourceKey,
    },
    /// The rule counts in a unit the flow is not declared in, and nothing declared converts it.
    UnitMismatch {
        /// Unit of the rule.
        rule: Unit,
        /// Unit of the flow.
        flow: Unit,
    },
    /// Farther than the limit of the rule or of a firm.
    TooFar {
        /// Distance.
        distance: Distance,
        /// Limit.
        limit: Distance,
    },
    /// Farther than the value can bear.
    BeyondBreakEven {
        /// Distance.
        distance: Distance,
        /// Break-even; zero when the pair loses money next door.
        break_even: Distance,
        /// What it would cost more than going on as today, EUR per unit of the output.
        loss: Price,
    },
    /// A declared value fails a condition.
    ConditionFailed {
        /// The failed condition and its value.
        result: ConditionResult,
        /// How many conditions failed in all.
        failures: u32,
    },
    /// A block that no declared agreement of the acceptor answers.
    Blocked {
        /// Flag that blocks.
        flag: FlagId,
        /// Its label.
        label: Text,
        /// What would lift it.
        next_act: Text,
    },
    /// No month in which both exist, storage included.
    NoCommonPeriod,
    /// The best the pair could gain does not pay the link.
    NotWorthTheLink {
        /// Gain per year before the link, at best.
        gain: Money,
        /// Cost of the link per year.
        link: Money,
    },
    /// Less than the smallest lot can ever flow.
    BelowMinimumLot {
        /// What could flow.
        possible: Amount,
        /// Smallest lot.
        lot: Amount,
    },
    /// Forbidden by the user.
    Forbidden {
        /// The user's reason.
        reason: String,
    },
    /// Already exchanged with a declared partner whose own side is not declared.
    Engaged {
        /// The partner.
        partner: SiteKey,
    },
    /// Possible, but the plan does better with others.
    Beaten {
        /// What its ends do instead.
        by: Vec<PairKey>,
        /// What forcing it would cost per year, or a bound of it; `None` when not computed.
        loss: Option<Money>,
    },
    /// Neither the site, its commune nor its zone has a position.
    NoPosition,
    /// More pairs than the run keeps per flow and rule; this one is farther than those kept.
    Crowded {
        /// How many nearer pairs were kept.
        kept: u32,
    },
    /// Declared under a name the catalogue gives no price, and no price was declared.
    NoPrice,
}

/// A pair left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rejection {
    /// The flow at the other end; `None` when the reason is about the flow alone.
    pub other: Option<FlowKey>,
    /// Rule that was tried.
    pub rule: Option<RuleId>,
    /// Why.
    pub reason: Reason,
    /// The same in words.
    pub text: Text,
}

/// The nearest rejections of a flow and how many there were of each kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlowRejections {
    /// The flow.
    pub flow: FlowKey,
    /// The five that came nearest.
    pub nearest: Vec<Rejection>,
    /// How many pairs were left out by kind of reason.
    pub counts: BTreeMap<String, u32>,
}
