//! What a plan must and must not do, on zones small enough for paper.

#[allow(dead_code, reason = "each test file uses its part of the builder")]
mod zone;

use std::sync::atomic::AtomicBool;

use boucle_domain::answer::{AnswerValue, GivenAnswer, QuestionId};
use boucle_domain::flow::{Identity, Quantity};
use boucle_domain::id::{Direction, PropertyName, WasteCode};
use boucle_domain::interval::Interval;
use boucle_domain::profile::Profile;
use boucle_domain::property::{Property, PropertyValue};
use boucle_domain::settings::{ForbiddenLink, ForcedLink, Settings, SupplierShare};
use boucle_domain::snapshot::Snapshot;
use boucle_domain::synonym::Synonym;
use boucle_domain::units::{Money, Share};
use boucle_solver::answer::{Answer, PairState, PlanKind, PlanStatus, Reason, RecognisedBy};
use boucle_solver::{Control, SolveError};
use zone::{Park, agreement, amount, pair, settings, storage};

/// Straw at 100 EUR/t to get rid of, next to a need at 50 EUR/t.
fn simple(tonnes: f64) -> Park {
    let mut park = Park::default();
    park.site("ferme", 0.0);
    park.site("usine", 5.0);
    park.output("ferme", "straw", tonnes, 100.0);
    park.input("usine", 200.0, 50.0);
    park
}

fn reasons(answer: &Answer) -> Vec<&Reason> {
    answer
        .rejections
        .iter()
        .flat_map(|r| r.nearest.iter().map(|n| &n.reason))
        .collect()
}

#[test]
fn a_good_pair_is_proposed_proven_and_explained() {
    let answer = simple(120.0).solved();
    let [firm, _] = &answer.plans;
    assert_eq!(
        (firm.status, firm.relative_gap, firm.links),
        (PlanStatus::Optimal, 0.0, 1)
    );
    let proposal = &answer.proposals[0];
    assert_eq!(
        (proposal.rank, proposal.sent, proposal.state),
        (1, amount(120.0), PairState::Feasible)
    );
    // 120 t x (100 + 50) EUR/t avoided, less the link, the direct transfer and some 6.5 km of road.
    let economics = &proposal.economics;
    assert_eq!(
        economics.outlet_avoided.mid() + economics.supply_avoided.mid(),
        Money::from_euros(18_000.0).unwrap()
    );
    assert_eq!(economics.link.mid(), Money::from_euros(1000.0).unwrap());
    let spent = economics.treatment.mid() + economics.transport.mid();
    assert!(
        (1000.0..3000.0).contains(&spent.euros()),
        "{}",
        spent.euros()
    );
    assert!(!proposal.summary.fr.is_empty() && !proposal.summary.en.is_empty());
    assert_eq!(firm.gain.mid(), economics.gain.mid());
    assert!(firm.gain.low() <= firm.gain.mid() && firm.gain.mid() <= firm.gain.high());
}

#[test]
fn a_half_tonne_lead_is_left_with_what_it_lacks() {
    let answer = simple(0.5).solved();
    assert!(answer.proposals.is_empty());
    let told = reasons(&answer).into_iter().any(|reason| {
        matches!(reason, Reason::NotWorthTheLink { gain, link } if gain < link && link.euros() == 1000.0)
    });
    assert!(told, "{:#?}", answer.rejections);
}

#[test]
fn a_take_or_pay_contract_is_not_saved() {
    let mut park = simple(120.0);
    let free = park.solved().plans[0].gain.mid();
    park.flows[0].present.take_or_pay = Some(amount(100.0));
    let bound = park.solved();
    // 100 t of the 120 are paid anyway: 100 x 100 EUR are not saved.
    let lost = free - bound.plans[0].gain.mid();
    assert_eq!(lost, Money::from_euros(10_000.0).unwrap());
    // A contract that ends in six months holds half of it.
    park.flows[0].present.contract_end =
        Some(zone::DAY.checked_add(jiff::Span::new().months(6)).unwrap());
    let half = free - park.solved().plans[0].gain.mid();
    assert_eq!(half, Money::from_euros(5_000.0).unwrap());
}

#[test]
fn an_existing_exchange_gains_nothing_and_is_shown() {
    let mut park = simple(200.0);
    park.flows[0].present.partner = Some(park.sites[1].key.clone());
    park.flows[1].present.partner = Some(park.sites[0].key.clone());
    let answer = park.solved();
    assert_eq!(answer.plans[0].gain.mid(), Money::ZERO);
    assert_eq!(answer.plans[0].links, 0);
    let existing = &answer.proposals[0];
    assert!(existing.existing);
    assert_eq!(
        (existing.sent, existing.economics.gain.mid()),
        (amount(200.0), Money::ZERO)
    );
}

#[test]
fn a_partner_who_declares_nothing_holds_the_flow() {
    let mut park = simple(200.0);
    park.site("voisin", 1.0);
    park.flows[0].present.partner = Some(park.sites[2].key.clone());
    let answer = park.solved();
    assert!(answer.proposals.is_empty());
    assert!(
        reasons(&answer)
            .iter()
            .any(|reason| matches!(reason, Reason::Engaged { .. }))
    );
}

#[test]
fn residues_cost() {
    let mut park = Park::default();
    park.site("scierie", 0.0);
    park.site("usine", 5.0);
    let flow = park.output("scierie", "sawdust", 500.0, 60.0);
    let dry = Property {
        value: PropertyValue::Number(Interval::exact(12.0)),
        method: None,
        date: None,
    };
    flow.properties
        .insert(PropertyName::new("moisture_pct"), dry);
    park.input("usine", 1000.0, 80.0);
    let answer = park.solved();
    let proposal = &answer.proposals[0];
    assert_eq!(proposal.state, PairState::FeasibleWithTreatment);
    // Sorting lets 85 to 98 % through: the rest pays its outlet, at least the 60 EUR/t of today.
    let least = proposal.sent.units() * 0.05 * 60.0;
    assert!(
        proposal.economics.residue.mid().euros() >= least,
        "{:?}",
        proposal.economics.residue
    );
}

#[test]
fn an_unknown_condition_makes_a_lead_prospective_and_a_failed_one_rejects_it() {
    let mut park = Park::default();
    park.site("scierie", 0.0);
    park.site("usine", 5.0);
    park.output("scierie", "sawdust", 500.0, 100.0);
    park.input("usine", 1000.0, 120.0);
    let answer = park.solved();
    let proposal = &answer.proposals[0];
    assert_eq!(
        (proposal.plan, proposal.state),
        (PlanKind::Prospective, PairState::ToCheck)
    );
    assert_eq!((proposal.odds, proposal.unknowns.len()), (0.25, 1));
    assert_eq!(answer.plans[0].links, 0);
    assert_eq!(answer.plans[1].links, 1);
    let wet = Property {
        value: PropertyValue::Number(Interval::exact(45.0)),
        method: None,
        date: None,
    };
    park.flows[0]
        .properties
        .insert(PropertyName::new("moisture_pct"), wet);
    let answer = park.solved();
    assert!(answer.proposals.is_empty());
    let told = reasons(&answer).into_iter().any(|reason| {
        matches!(reason, Reason::ConditionFailed { result, failures: 1 } if result.condition == "moisture_pct<=20")
    });
    assert!(told);
}

#[test]
fn a_ratio_of_0_6_needs_more_donor() {
    let mut park = Park::default();
    park.site("scierie", 0.0);
    park.site("usine", 5.0);
    park.output("scierie", "bark", 500.0, 60.0);
    park.input("usine", 120.0, 80.0);
    let answer = park.solved();
    assert_eq!(
        (answer.proposals[0].sent, answer.proposals[0].received),
        (amount(200.0), amount(120.0))
    );
}

#[test]
fn a_campaign_feeds_a_year_round_user_only_through_declared_storage() {
    let mut park = simple(1200.0);
    park.flows[0].quantity = Quantity::Rate {
        yearly: Interval::exact(amount(1200.0)),
        profile: Profile::campaign(10, 12).unwrap(),
    };
    park.flows[1].quantity = Quantity::Rate {
        yearly: Interval::exact(amount(1200.0)),
        profile: Profile::Constant,
    };
    let sent = |park: &Park| park.solved().proposals[0].sent;
    assert_eq!(sent(&park), amount(300.0));
    park.flows[0].storage = storage(900.0, None);
    assert_eq!(sent(&park), amount(1200.0));
    park.flows[0].storage = storage(900.0, Some(30));
    assert!(sent(&park) < amount(401.0));
}

#[test]
fn a_forbidden_link_stays_out_with_the_reason_given() {
    let park = simple(120.0);
    let refused = pair("ferme", "straw", "usine", "R990");
    let forbidden = ForbiddenLink {
        output: refused.output,
        input: refused.input,
        rule: None,
        reason: "refus du repreneur".into(),
    };
    let answer = park.solved_with(&Settings {
        forbidden: vec![forbidden],
        ..settings()
    });
    assert!(answer.proposals.is_empty());
    let told = |reason: &&Reason| matches!(reason, Reason::Forbidden { reason } if reason == "refus du repreneur");
    assert!(reasons(&answer).iter().any(told));
}

#[test]
fn a_forced_link_carries_even_at_a_loss_and_an_impossible_one_is_named() {
    let mut park = simple(0.5);
    park.flows[0].quantity = Quantity::Rate {
        yearly: Interval::exact(amount(4.0)),
        profile: Profile::Constant,
    };
    let forced = |tonnes: f64| Settings {
        forced: vec![ForcedLink {
            pair: pair("ferme", "straw", "usine", "R990"),
            at_least: amount(tonnes),
        }],
        ..settings()
    };
    let answer = park.solved_with(&forced(3.0));
    assert!(answer.proposals[0].sent >= amount(3.0));
    assert!(answer.plans[0].gain.mid() < Money::ZERO);
    let Err(SolveError::Contradiction(named)) = park.attempt(&forced(9.0)) else {
        panic!("not named")
    };
    assert_eq!((named.len(), named[0].missing), (1, amount(5.0)));
}

#[test]
fn a_supplier_keeps_to_its_share() {
    let park = simple(200.0);
    let share = SupplierShare {
        input: pair("ferme", "straw", "usine", "R990").input,
        supplier: None,
        at_least: None,
        at_most: Share::new(0.4),
    };
    let answer = park.solved_with(&Settings {
        supplier_shares: vec![share],
        ..settings()
    });
    assert_eq!(answer.proposals[0].sent, amount(80.0));
}

#[test]
fn a_hazardous_stream_says_why_it_is_refused_and_an_agreement_lifts_the_block() {
    let mut park = Park::default();
    park.site("chimie", 0.0);
    park.site("usine", 5.0);
    park.output("chimie", "acid_tars", 300.0, 400.0).waste_code = Some(WasteCode::new("050107*"));
    park.input("usine", 1000.0, 120.0);
    let answer = park.solved();
    assert!(answer.proposals.is_empty());
    let blocked =
        |reason: &&Reason| matches!(reason, Reason::Blocked { flag, .. } if flag.as_str() == "HAZ");
    assert!(
        reasons(&answer).iter().any(blocked),
        "{:#?}",
        answer.rejections
    );
    // An agreement for another code changes nothing; for this one it opens the way up to its limit.
    park.sites[1].agreements = vec![agreement("130205*", 100.0)];
    assert!(park.solved().proposals.is_empty());
    park.sites[1].agreements = vec![agreement("050107*", 100.0)];
    let answer = park.solved();
    assert_eq!(answer.proposals[0].sent, amount(100.0));
    let lifted = answer.proposals[0]
        .flags
        .iter()
        .find(|flag| flag.flag.as_str() == "HAZ")
        .unwrap();
    assert_eq!(lifted.answered_by.as_deref(), Some("AP-2024-001"));
    // One that has run out does not.
    park.sites[1].agreements[0].validity.to = Some(zone::DAY.yesterday().unwrap());
    assert!(park.solved().proposals.is_empty());
}

#[test]
fn a_flow_known_only_by_its_code_gets_a_question_and_no_proposal() {
    let mut park = simple(120.0);
    park.flows[0].identity = Identity::Unrecognised;
    park.flows[0].name = "résidus".into();
    park.flows[0].waste_code = Some(WasteCode::new("020304"));
    let answer = park.solved();
    assert!(answer.proposals.is_empty());
    assert_eq!(answer.questions.len(), 1);
    assert!(
        answer.questions[0].candidates.len() > 5,
        "{:?}",
        answer.questions[0]
    );
}

#[test]
fn what_words_are_read_as_stays_prospective_until_it_is_confirmed() {
    let mut park = simple(120.0);
    let declared = park.flows[0].identity.clone();
    let firm = park.solved();
    park.flows[0].identity = Identity::Unrecognised;
    park.flows[0].name = "paille de blé en bottes".into();
    let answer = park.solved();
    let [proposal] = &answer.proposals[..] else {
        panic!("one proposal: {:?}", answer.proposals);
    };
    assert_eq!(proposal.plan, PlanKind::Prospective);
    assert_eq!(proposal.output_recognised.by, RecognisedBy::Words);
    assert!(!proposal.output_recognised.reasons.is_empty());
    let question = QuestionId::Identity(park.flows[0].key.clone());
    let asked = proposal
        .unknowns
        .iter()
        .find(|unknown| unknown.id == Some(question.to_string()));
    assert!(asked.unwrap().question.fr.contains("est-il bien"));
    park.answers = vec![GivenAnswer {
        question,
        value: AnswerValue::Identity(declared),
        by: "animateur".into(),
        on: zone::DAY,
        evidence: "visite".into(),
    }];
    let confirmed = park.solved();
    assert_eq!(confirmed.proposals[0].plan, PlanKind::Firm);
    assert_eq!(
        confirmed.proposals[0].economics.gain,
        firm.proposals[0].economics.gain
    );
}

#[test]
fn a_word_of_the_territory_is_read_by_the_run_and_by_the_run_started_again_from_its_snapshot() {
    let mut park = simple(120.0);
    let declared = park.flows[0].identity.clone();
    park.flows[0].identity = Identity::Unrecognised;
    park.flows[0].name = "trucmuche".into();
    assert!(park.solved().proposals.is_empty());
    park.synonyms = vec![Synonym {
        words: "Trucmuches".into(),
        direction: Direction::Output,
        key: declared,
    }];
    let answer = park.solved();
    let [proposal] = &answer.proposals[..] else {
        panic!("one proposal: {:?}", answer.proposals);
    };
    // It was decided once for all flows of the name: nothing is left to confirm.
    assert_eq!(proposal.plan, PlanKind::Firm);
    assert_eq!(proposal.output_recognised.by, RecognisedBy::Territory);
    let question = QuestionId::Identity(park.flows[0].key.clone()).to_string();
    let asked = proposal.unknowns.iter().find_map(|one| one.id.as_ref());
    assert_ne!(asked, Some(&question));
    assert!(
        proposal.output_recognised.reasons[0]
            .fr
            .contains("mot du territoire")
    );
    let kept = serde_json::to_string(&park.snapshot()).unwrap();
    let again: Snapshot = serde_json::from_str(&kept).unwrap();
    assert_eq!(again.digest(), park.snapshot().digest());
    let control = Control {
        cancel: &AtomicBool::new(false),
        progress: &|_| {},
        models: None,
    };
    let second =
        boucle_solver::solve(&again, zone::knowledge(), &zone::settings(), &control).unwrap();
    assert_eq!(
        serde_json::to_string(&second).unwrap(),
        serde_json::to_string(&answer).unwrap()
    );
}

#[test]
fn a_pair_too_far_says_by_how_much() {
    let mut park = simple(120.0);
    park.site("loin", 120.0);
    park.flows[1].key.site = park.sites[2].key.clone();
    let answer = park.solved();
    let told = reasons(&answer).into_iter().any(|reason| match reason {
        Reason::TooFar { distance, limit } => {
            limit.kilometres() == 100.0 && (distance.kilometres() - 156.0).abs() < 2.0
        }
        _ => false,
    });
    assert!(told, "{:#?}", answer.rejections);
}

#[test]
fn an_empty_zone_has_an_empty_answer() {
    let answer = Park::default().solved();
    assert!(answer.proposals.is_empty() && answer.rejections.is_empty());
    assert_eq!(answer.plans[0].status, PlanStatus::Optimal);
    let mut inputs_only = Park::default();
    inputs_only.site("usine", 0.0);
    inputs_only.input("usine", 10.0, 10.0);
    let answer = inputs_only.solved();
    let alone = &answer.rejections[0];
    assert_eq!(alone.flow.direction, Direction::Input);
    assert!(matches!(
        alone.nearest[0].reason,
        Reason::NoCounterpart { .. }
    ));
}
