//! A proposal in a few sentences, to read out in front of each firm.
//!
//! It holds what each party gains: whoever shows it to a firm withholds it as it withholds money.

use boucle_domain::id::FlowKey;
use boucle_domain::interval::Interval;
use boucle_domain::knowledge::FlagEffect;
use boucle_domain::text::Text;
use boucle_domain::units::{Amount, Money, Price, Unit};

use super::names::Names;
use super::numbers;
use super::texts::{in_turn, same, say, sentences, uncapitalised, undotted, word};
use crate::answer::{LegalFlag, PairState, PlanKind, Proposal};

/// Flag of hazardous waste.
const HAZARDOUS: &str = "HAZ";

/// Step that changes nothing.
const NO_TREATMENT: &str = "T-NONE";

/// Who passes what on to whom, what each gains, why it works, what to do first, what to ask.
pub(crate) fn summary(proposal: &Proposal, names: &Names) -> Text {
    let speech = Speech { proposal, names };
    if proposal.existing {
        return say(
            "summary.existing",
            &[
                ("giver", speech.giver()),
                ("taker", speech.taker()),
                ("amount", speech.sent()),
                ("flow", names.flow_label(&proposal.pair.output)),
                ("distance", speech.distance()),
            ],
        );
    }
    sentences(&[
        speech.opening(),
        speech.gains(),
        speech.price(),
        speech.grounds(),
        speech.law(),
        speech.question(),
    ])
}

struct Speech<'a> {
    proposal: &'a Proposal,
    names: &'a Names<'a>,
}

impl Speech<'_> {
    fn giver(&self) -> Text {
        self.names.party(&self.proposal.pair.output.site)
    }

    fn taker(&self) -> Text {
        self.names.party(&self.proposal.pair.input.site)
    }

    /// Whether something has to be confirmed first.
    fn is_lead(&self) -> bool {
        self.proposal.plan == PlanKind::Prospective || self.proposal.state == PairState::ToCheck
    }

    fn sent(&self) -> Text {
        let proposal = self.proposal;
        self.amount(&proposal.pair.output, proposal.sent, proposal.sent_unit)
    }

    /// By year, or at one time where one of the two flows is a lot.
    fn amount(&self, flow: &FlowKey, amount: Amount, unit: Unit) -> Text {
        let pair = &self.proposal.pair;
        if !self.names.is_lot(&pair.output) && !self.names.is_lot(&pair.input) {
            return numbers::yearly(amount, unit);
        }
        let amount = numbers::amount(amount, unit);
        if *flow == pair.output {
            say("summary.once", &[("amount", amount)])
        } else {
            amount
        }
    }

    fn distance(&self) -> Text {
        let distance = self.proposal.distance.distance;
        let said = numbers::distance(distance.mid());
        if distance.is_exact() {
            said
        } else {
            say("summary.about", &[("distance", said)])
        }
    }

    fn opening(&self) -> Text {
        let proposal = self.proposal;
        let steps: Vec<Text> = proposal
            .treatment
            .iter()
            .filter(|step| step.treatment.as_str() != NO_TREATMENT)
            .map(|step| uncapitalised(&step.label))
            .collect();
        let treated = if steps.is_empty() {
            Text::default()
        } else {
            say("summary.treated", &[("steps", in_turn(&steps))])
        };
        let input = &proposal.pair.input;
        let values = [
            ("giver", self.giver()),
            ("taker", self.taker()),
            ("amount", self.sent()),
            ("flow", self.names.flow_label(&proposal.pair.output)),
            ("distance", self.distance()),
            ("treated", treated),
            ("carbon", self.carbon()),
            (
                "replaced",
                self.amount(input, proposal.received, proposal.received_unit),
            ),
            ("need", self.names.flow_label(input)),
        ];
        if self.is_lead() {
            say("summary.may_give", &values)
        } else {
            say("summary.gives", &values)
        }
    }

    /// What the climate gains, when it does for sure.
    fn carbon(&self) -> Text {
        let avoided = &self.proposal.carbon.avoided;
        if avoided.low().kilograms() <= 0.0 {
            return Text::default();
        }
        let carbon = ("carbon", numbers::carbon_range(avoided));
        say("summary.carbon", &[carbon])
    }

    fn gains(&self) -> Text {
        let economics = &self.proposal.economics;
        let parts = [
            ("first", party_gain(self.giver(), &economics.giver_gain)),
            ("second", party_gain(self.taker(), &economics.taker_gain)),
        ];
        let [first, second] = parts;
        let gain = &economics.gain;
        if gain.mid() < Money::ZERO {
            let cost = ("cost", numbers::money(-gain.mid()));
            return say("summary.support", &[first, second, cost]);
        }
        if gain.low() < Money::ZERO {
            let loss = ("loss", numbers::money(-gain.low()));
            let gain = ("gain", numbers::money(gain.high()));
            return say("summary.uncertain_gain", &[first, second, loss, gain]);
        }
        let gain = ("gain", numbers::money_range(gain));
        if self.is_lead() {
            let odds = ("odds", numbers::percent(self.proposal.odds));
            say("summary.gain_if", &[first, second, gain, odds])
        } else {
            say("summary.gain", &[first, second, gain])
        }
    }

    /// The prices between which neither is worse off, by who pays.
    fn price(&self) -> Text {
        let Some((low, high)) = self.proposal.economics.price_range else {
            return Text::default();
        };
        let unit = self.proposal.sent_unit;
        let range = |low: Price, high: Price| {
            let said = numbers::price_range(low, high, unit);
            if said == numbers::price_range(high, high, unit) {
                say("summary.price_of", &[("price", said)])
            } else {
                said
            }
        };
        let one_way =
            |price: Text, payer: Text| say("summary.price", &[("price", price), ("payer", payer)]);
        if low >= Price::ZERO {
            one_way(range(low, high), self.taker())
        } else if high <= Price::ZERO {
            one_way(range(-high, -low), self.giver())
        } else {
            say(
                "summary.price_either",
                &[
                    ("given", numbers::price(-low, unit)),
                    ("giver", self.giver()),
                    ("taken", numbers::price(high, unit)),
                    ("taker", self.taker()),
                ],
            )
        }
    }

    fn grounds(&self) -> Text {
        let confidence = match self.proposal.confidence {
            0 | 1 => word("summary.confidence_low"),
            2 => word("summary.confidence_middle"),
            _ => word("summary.confidence_high"),
        };
        let prices = if self.proposal.economics.defaults.is_empty() {
            Text::default()
        } else {
            word("summary.default_prices")
        };
        say(
            "summary.why",
            &[
                ("rule", self.proposal.rule_label.clone()),
                ("confidence", confidence),
                ("prices", prices),
            ],
        )
    }

    /// Blocks that are answered, and by what; then the first act to do.
    fn law(&self) -> Text {
        let mut said: Vec<Text> = Vec::new();
        for flag in &self.proposal.flags {
            if let (FlagEffect::BlockUnlessAccepted, Some(agreement)) =
                (flag.effect, &flag.answered_by)
            {
                let taker = ("taker", self.taker());
                let agreement = ("agreement", same(&**agreement));
                said.push(if flag.flag.as_str() == HAZARDOUS {
                    say("summary.hazardous", &[taker, agreement])
                } else {
                    let label = ("label", uncapitalised(&undotted(&flag.label)));
                    say("summary.answered", &[taker, agreement, label])
                });
            }
        }
        if let Some(flag) = first_act(&self.proposal.flags) {
            let act = ("act", uncapitalised(&undotted(&flag.next_act)));
            said.push(match flag.checked_on {
                Some(_) => say("summary.act", &[act]),
                None => say("summary.act_undated", &[act]),
            });
        }
        sentences(&said)
    }

    /// The most useful question, and how many are behind it.
    fn question(&self) -> Text {
        let [first, others @ ..] = self.proposal.unknowns.as_slice() else {
            return Text::default();
        };
        let question = ("question", first.question.clone());
        let asked = if self.is_lead() {
            say("summary.first_question", &[question])
        } else {
            say("summary.left_to_know", &[question])
        };
        let asked = ("question", asked);
        match others.len() {
            0 => asked.1,
            1 => say("summary.one_more_question", &[asked]),
            more => say(
                "summary.more_questions",
                &[asked, ("count", numbers::count(more))],
            ),
        }
    }
}

/// The flag that weighs most among those nothing answers, in their own order.
fn first_act(flags: &[LegalFlag]) -> Option<&LegalFlag> {
    let open = || flags.iter().filter(|flag| flag.answered_by.is_none());
    let heaviest = open().map(|flag| flag.effect).max()?;
    open().find(|flag| flag.effect == heaviest)
}

/// What a party gains before any price is paid between the two.
fn party_gain(party: Text, gain: &Interval<Money>) -> Text {
    let party = ("party", party);
    if gain.low() == Money::ZERO && gain.high() == Money::ZERO {
        say("summary.evens", &[party])
    } else if gain.low() >= Money::ZERO {
        let amount = ("amount", numbers::money_range(gain));
        say("summary.wins", &[party, amount])
    } else if gain.high() <= Money::ZERO {
        let amount = ("amount", numbers::money_range(&gain.map(|money| -money)));
        say("summary.loses", &[party, amount])
    } else {
        let loss = ("loss", numbers::money(-gain.low()));
        let gain = ("gain", numbers::money(gain.high()));
        say("summary.wavers", &[party, loss, gain])
    }
}

#[cfg(test)]
mod tests;
