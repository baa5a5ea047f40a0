//! Proposals, and the parts they share with explanations.

use boucle_domain::id::FlowKey;
use boucle_domain::property::PropertyValue;
use boucle_domain::units::{Carbon, Distance, Ratio, Unit};
use boucle_proto::v1;
use boucle_solver::answer::{
    CarbonBalance, ConditionResult, DefaultPrice, DistanceFinding, DistanceSource, Economics,
    FlagEffect, LegalFlag, LegalQuestion, LegalVerdict, Outcome, PairState, Proposal, RecognisedBy,
    Recognition, TreatmentStep,
};

use super::flow::{flow_key, pair_key};
use super::quantity::{interval, money, money_interval, numbers, price_interval, quantity, text};
use super::run::plan_kind;
use crate::app::sight::Reader;

/// A proposal, for a reader who may know of its pair.
pub fn proposal(reader: &Reader, proposal: &Proposal) -> v1::Proposal {
    let both = reader.viewer().sees_both_sides();
    let mut withheld = Vec::new();
    let economics = economics(
        reader,
        &proposal.pair.output,
        &proposal.pair.input,
        proposal.sent_unit,
        &proposal.economics,
        &mut withheld,
    );
    if !both {
        withheld.extend(
            [
                "distance.break_even_km",
                "unknowns.worth",
                "score",
                "alternatives",
                "summary",
            ]
            .map(str::to_owned),
        );
    }
    v1::Proposal {
        rank: proposal.rank,
        pair: Some(pair_key(&proposal.pair)),
        plan: plan_kind(proposal.plan).into(),
        state: pair_state(proposal.state).into(),
        existing: proposal.existing,
        suggested: proposal.suggested,
        odds: proposal.odds,
        giver: party(reader, &proposal.pair.output),
        taker: party(reader, &proposal.pair.input),
        rule_label: Some(text(&proposal.rule_label)),
        evidence: proposal.evidence.iter().map(ToString::to_string).collect(),
        confidence: proposal.confidence.into(),
        notes: proposal.notes.clone(),
        output_recognised: Some(recognition(&proposal.output_recognised)),
        input_recognised: Some(recognition(&proposal.input_recognised)),
        sent: Some(quantity(proposal.sent, proposal.sent_unit)),
        sent_monthly: proposal
            .sent_monthly
            .iter()
            .map(|sent| sent.units())
            .collect(),
        received: Some(quantity(proposal.received, proposal.received_unit)),
        ratio: Some(interval(&proposal.ratio, Ratio::value)),
        conditions: proposal.conditions.iter().map(condition).collect(),
        treatment: proposal
            .treatment
            .iter()
            .map(|step| treatment(step, proposal.sent_unit))
            .collect(),
        distance: Some(distance(reader, &proposal.distance)),
        economics: Some(economics),
        carbon: Some(carbon(&proposal.carbon)),
        virgin_avoided: proposal
            .virgin_avoided
            .map(|amount| quantity(amount, Unit::Tonne)),
        flags: proposal.flags.iter().map(flag).collect(),
        unknowns: proposal
            .unknowns
            .iter()
            .map(|unknown| v1::Unknown {
                id: unknown.id.clone().unwrap_or_default(),
                question: Some(text(&unknown.question)),
                worth: both.then_some(unknown.worth),
            })
            .collect(),
        score: both.then_some(v1::Score {
            value: proposal.score.value,
            economy: proposal.score.economy,
            climate: proposal.score.climate,
            resource: proposal.score.resource,
            technical: proposal.score.technical,
            regulatory: proposal.score.regulatory,
            locality: proposal.score.locality,
        }),
        alternatives: if both {
            proposal.alternatives.iter().map(alternative).collect()
        } else {
            Vec::new()
        },
        // It is written for the animator and says the gain of the whole.
        summary: both.then(|| text(&proposal.summary)),
        withheld,
    }
}

fn alternative(alternative: &boucle_solver::answer::Alternative) -> v1::Alternative {
    v1::Alternative {
        party: Some(flow_key(&alternative.party)),
        pair: alternative.pair.as_ref().map(pair_key),
        loss: Some(money(alternative.loss)),
    }
}

/// One end, in names.
fn party(reader: &Reader, key: &FlowKey) -> Option<v1::Party> {
    let (flow, site, firm) = reader.flow(key)?;
    Some(v1::Party {
        firm: firm.key.to_string(),
        firm_name: firm.name.clone(),
        site_name: site.name.clone(),
        flow_name: flow.name.clone(),
    })
}

/// The money of a pair. A party sees its own side and the costs that come from the tables; from the
/// gain, the price range or the other side it could work out the other's prices.
pub fn economics(
    reader: &Reader,
    output: &FlowKey,
    input: &FlowKey,
    unit: Unit,
    economics: &Economics,
    withheld: &mut Vec<String>,
) -> v1::Economics {
    let both = reader.viewer().sees_both_sides();
    let (giver, taker) = (reader.sees_money_of(output), reader.sees_money_of(input));
    let mut leave_out =
        |names: &[&str]| withheld.extend(names.iter().map(|name| format!("economics.{name}")));
    if !giver {
        leave_out(&["outlet_avoided", "giver_gain"]);
    }
    if !taker {
        leave_out(&["supply_avoided", "taker_gain"]);
    }
    if !both {
        leave_out(&["gain", "price_range", "defaults"]);
    }
    v1::Economics {
        outlet_avoided: giver.then(|| money_interval(&economics.outlet_avoided)),
        supply_avoided: taker.then(|| money_interval(&economics.supply_avoided)),
        treatment: Some(money_interval(&economics.treatment)),
        transport: Some(money_interval(&economics.transport)),
        residue: Some(money_interval(&economics.residue)),
        link: Some(money_interval(&economics.link)),
        gain: both.then(|| money_interval(&economics.gain)),
        giver_gain: giver.then(|| money_interval(&economics.giver_gain)),
        taker_gain: taker.then(|| money_interval(&economics.taker_gain)),
        price_range: economics
            .price_range
            .filter(|_| both)
            .map(|(low, high)| v1::PriceRange {
                low_milli_euros: low.milli(),
                high_milli_euros: high.milli(),
                per_unit: unit.code().to_owned(),
            }),
        // That a default stands for the other's price tells what the other did not declare.
        defaults: if both {
            economics.defaults.iter().map(default_price).collect()
        } else {
            Vec::new()
        },
    }
}

fn default_price(price: &DefaultPrice) -> v1::DefaultPrice {
    v1::DefaultPrice {
        role: price.role.clone(),
        price: price.price.to_string(),
        value: Some(price_interval(&price.value, "")),
        year: price.year.into(),
        inherited: price.inherited.into(),
        fallback: price.fallback,
    }
}

/// State of a pair.
pub fn pair_state(state: PairState) -> v1::PairState {
    match state {
        PairState::Feasible => v1::PairState::Feasible,
        PairState::FeasibleWithTreatment => v1::PairState::FeasibleWithTreatment,
        PairState::ToCheck => v1::PairState::ToCheck,
        PairState::Blocked => v1::PairState::Blocked,
        PairState::Failed => v1::PairState::Failed,
    }
}

fn recognition(recognition: &Recognition) -> v1::Recognition {
    let by = match recognition.by {
        RecognisedBy::Key => v1::RecognisedBy::Key,
        RecognisedBy::Label => v1::RecognisedBy::Label,
        RecognisedBy::Words => v1::RecognisedBy::Words,
        RecognisedBy::Territory => v1::RecognisedBy::Territory,
    };
    v1::Recognition {
        donor: recognition
            .donor
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        resource: recognition
            .resource
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        by: by.into(),
        reasons: recognition.reasons.iter().map(text).collect(),
    }
}

/// A condition, tested.
pub fn condition(condition: &ConditionResult) -> v1::ConditionResult {
    let outcome = match condition.outcome {
        Outcome::Pass => v1::Outcome::Pass,
        Outcome::Fail => v1::Outcome::Fail,
        Outcome::Unknown => v1::Outcome::Unknown,
    };
    v1::ConditionResult {
        condition: condition.condition.clone(),
        declared: condition.declared.as_ref().map(property_value),
        method: condition.method.clone().unwrap_or_default(),
        outcome: outcome.into(),
    }
}

/// A number, a range or a class.
pub fn property_value(value: &PropertyValue) -> v1::PropertyValue {
    use v1::property_value::Value;
    let value = match value {
        PropertyValue::Number(number) => Value::Number(numbers(number)),
        PropertyValue::Class(class) => Value::Class(class.clone()),
    };
    v1::PropertyValue { value: Some(value) }
}

fn treatment(step: &TreatmentStep, unit: Unit) -> v1::TreatmentStep {
    v1::TreatmentStep {
        treatment: step.treatment.to_string(),
        label: Some(text(&step.label)),
        cost: Some(price_interval(&step.cost, unit.code())),
        energy_kwh: Some(numbers(&step.energy_kwh)),
        residue: Some(numbers(&step.residue)),
    }
}

/// A distance. The break-even says what the link gains per kilometre, so it is for those who see
/// both sides.
pub fn distance(reader: &Reader, finding: &DistanceFinding) -> v1::DistanceFinding {
    let source = match finding.source {
        DistanceSource::Road => v1::DistanceSource::Road,
        DistanceSource::Geodesic => v1::DistanceSource::Geodesic,
    };
    v1::DistanceFinding {
        distance_km: Some(interval(&finding.distance, Distance::kilometres)),
        source: source.into(),
        break_even_km: finding
            .break_even
            .filter(|_| reader.viewer().sees_both_sides())
            .map(Distance::kilometres),
        limit_km: Some(finding.limit.kilometres()),
    }
}

/// Emissions.
pub fn carbon(balance: &CarbonBalance) -> v1::CarbonBalance {
    v1::CarbonBalance {
        avoided_kg: Some(interval(&balance.avoided, Carbon::kilograms)),
        factors: balance.factors.iter().map(ToString::to_string).collect(),
        complete: balance.complete,
    }
}

/// A legal question.
pub fn flag(flag: &LegalFlag) -> v1::LegalFlag {
    v1::LegalFlag {
        flag: flag.flag.to_string(),
        label: Some(text(&flag.label)),
        basis: flag.basis.clone(),
        effect: flag_effect(flag.effect).into(),
        answered_by: flag.answered_by.clone().unwrap_or_default(),
        next_act: Some(text(&flag.next_act)),
        checked_on: flag
            .checked_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
        verdict: verdict(flag.verdict).into(),
        questions: flag.questions.iter().map(legal_question).collect(),
    }
}

fn legal_question(question: &LegalQuestion) -> v1::LegalQuestion {
    v1::LegalQuestion {
        id: question.id.clone(),
        text: Some(text(&question.text)),
        answer: question.answer,
        ground: question.ground.clone().unwrap_or_default(),
    }
}

fn verdict(verdict: LegalVerdict) -> v1::LegalVerdict {
    match verdict {
        LegalVerdict::Plausible => v1::LegalVerdict::Plausible,
        LegalVerdict::Needs => v1::LegalVerdict::Needs,
        LegalVerdict::Blocked => v1::LegalVerdict::Blocked,
        LegalVerdict::Unknown => v1::LegalVerdict::Unknown,
        LegalVerdict::Excluded => v1::LegalVerdict::Excluded,
    }
}

/// What a flag does.
pub fn flag_effect(effect: FlagEffect) -> v1::FlagEffect {
    match effect {
        FlagEffect::Info => v1::FlagEffect::Info,
        FlagEffect::Warn => v1::FlagEffect::Warn,
        FlagEffect::BlockUnlessAccepted => v1::FlagEffect::BlockUnlessAccepted,
    }
}
