//! Proposals as they are read out.

use boucle_domain::id::{FlagId, PairKey, RuleId, TreatmentId};
use boucle_domain::units::{Carbon, Distance, Ratio};
use jiff::civil::date;

use super::*;
use crate::answer::{
    CarbonBalance, DistanceFinding, DistanceSource, Economics, LegalVerdict, RecognisedBy,
    Recognition, Score, TreatmentStep, Unknown,
};
use crate::explain::example;

fn euros(low: f64, mid: f64, high: f64) -> Interval<Money> {
    let of = |value| Money::from_euros(value).unwrap();
    Interval::new(of(low), of(mid), of(high)).unwrap()
}

/// 600 t of slag from the smelter in place of 570 t of binder, both ends gaining.
fn proposal() -> Proposal {
    let none = Interval::exact(Money::ZERO);
    let recognised = Recognition {
        donor: None,
        resource: None,
        by: RecognisedBy::Key,
        reasons: Vec::new(),
    };
    let step = |id: &str, fr: &str, en: &str| TreatmentStep {
        treatment: TreatmentId::new(id),
        label: Text::new(fr, en),
        cost: Interval::exact(Price::ZERO),
        energy_kwh: Interval::exact(0.0),
        residue: Interval::exact(0.0),
    };
    Proposal {
        rank: 1,
        pair: PairKey {
            output: example::output("four", "laitier"),
            input: example::input("nord", "liant"),
            rule: RuleId::new("R001"),
        },
        plan: PlanKind::Firm,
        state: PairState::FeasibleWithTreatment,
        existing: false,
        suggested: false,
        odds: 1.0,
        rule_label: Text::new("Laitier vitrifié", "Granulated slag"),
        evidence: vec![],
        confidence: 3,
        notes: vec![],
        output_recognised: recognised.clone(),
        input_recognised: recognised,
        sent_unit: Unit::Tonne,
        received_unit: Unit::Tonne,
        sent: Amount::from_milli(600_000),
        sent_monthly: [Amount::from_milli(50_000); 12],
        received: Amount::from_milli(570_000),
        ratio: Interval::exact(Ratio::new(0.95).unwrap()),
        conditions: vec![],
        treatment: vec![
            step("T-NONE", "Aucun (transfert direct)", "None"),
            step("T-DRY", "Séchage", "Drying"),
            step("T-GRIND", "Broyage fin", "Fine grinding"),
        ],
        distance: DistanceFinding {
            distance: Interval::exact(Distance::from_kilometres(12.4).unwrap()),
            source: DistanceSource::Road,
            break_even: None,
            limit: Distance::from_kilometres(50.0).unwrap(),
        },
        economics: Economics {
            outlet_avoided: none,
            supply_avoided: none,
            treatment: none,
            transport: none,
            residue: none,
            link: none,
            gain: euros(8_000.0, 11_000.0, 15_000.0),
            giver_gain: euros(3_000.0, 4_000.0, 5_000.0),
            taker_gain: euros(5_000.0, 7_000.0, 10_000.0),
            price_range: Some((Price::from_milli(2_000), Price::from_milli(9_500))),
            defaults: vec![],
        },
        carbon: CarbonBalance {
            avoided: Interval::exact(Carbon::from_kilograms(12_400.0)),
            factors: vec![],
            complete: true,
        },
        virgin_avoided: None,
        flags: vec![],
        unknowns: vec![],
        score: Score {
            value: 50.0,
            economy: 0.5,
            climate: 0.5,
            resource: 0.5,
            technical: 0.5,
            regulatory: 0.5,
            locality: 0.5,
        },
        alternatives: vec![],
        summary: Text::default(),
    }
}

fn flag(id: &str, effect: FlagEffect, answered_by: Option<&str>) -> LegalFlag {
    LegalFlag {
        flag: FlagId::new(id),
        label: Text::new(format!("Point {id}"), format!("Point {id}")),
        basis: String::new(),
        effect,
        verdict: match answered_by {
            Some(_) => LegalVerdict::Plausible,
            None => LegalVerdict::Needs,
        },
        questions: Vec::new(),
        answered_by: answered_by.map(str::to_owned),
        next_act: Text::new(format!("Régler {id}"), format!("Settle {id}")),
        checked_on: Some(date(2026, 1, 1)),
    }
}

fn unknown(question: &str) -> Unknown {
    Unknown {
        id: None,
        question: same(question),
        worth: 1,
    }
}

/// French with its spaces made plain, and English.
fn told(proposal: &Proposal) -> (String, String) {
    let zone = example::zone();
    let names = Names::new(&zone, example::knowledge());
    let text = summary(proposal, &names);
    (text.fr.replace(['\u{202f}', '\u{a0}'], " "), text.en)
}

#[test]
fn a_proposal_says_who_what_where_how_much_and_why() {
    let mut proposal = proposal();
    proposal.flags = vec![
        flag("SP", FlagEffect::Info, None),
        flag("BSD", FlagEffect::Warn, None),
    ];
    let (french, english) = told(&proposal);
    assert_eq!(
        french,
        "Fonderie Essai peut céder 600 t/an de « Laitier d'essai » à Routes Essai - Dépôt nord, \
         à 12,4 km, après séchage, puis broyage fin, à la place de 570 t/an de « Liant d'essai », \
         ce qui évite 12,4 t CO2e/an. \
         Ensemble, ils y gagnent entre 8 000 et 15 000 EUR/an ; avant tout prix payé entre eux, \
         Fonderie Essai gagne entre 3 000 et 5 000 EUR/an et Routes Essai - Dépôt nord gagne entre 5 000 et 10 000 EUR/an. \
         Un prix entre 2 et 9,5 EUR/t, payé par Routes Essai - Dépôt nord, ne laisse personne perdant. \
         Cette voie (« Laitier vitrifié ») est attestée par un cas en service ou un texte officiel. \
         Premier acte à faire : régler BSD."
    );
    assert!(english.starts_with(
        "Fonderie Essai can pass 600 t/yr of “Laitier d'essai” on to Routes Essai - Dépôt nord, 12.4 km away, \
         after drying, then fine grinding, in place of 570 t/yr of “Liant d'essai”, which avoids 12.4 t CO2e/yr. "
    ), "{english}");
}

#[test]
fn an_existing_exchange_claims_no_gain() {
    let mut proposal = proposal();
    proposal.existing = true;
    let (french, english) = told(&proposal);
    assert!(french.contains("cède déjà 600 t/an") && french.contains("aucun gain nouveau"));
    assert!(!french.contains("EUR") && !english.contains("EUR"));
}

#[test]
fn a_prospective_lead_is_said_to_be_one_and_ends_with_its_first_question() {
    let mut proposal = proposal();
    proposal.plan = PlanKind::Prospective;
    proposal.state = PairState::ToCheck;
    proposal.odds = 0.25;
    proposal.unknowns = vec![unknown("Quoi ?")];
    let (french, english) = told(&proposal);
    assert!(
        french.starts_with("Piste à vérifier : Fonderie Essai pourrait céder"),
        "{french}"
    );
    assert!(french.contains("Si tout se confirme (chances retenues : 25 %)"));
    assert!(french.ends_with("Première question à poser : Quoi ?"));
    assert!(english.contains("odds retained: 25%"));
    proposal.unknowns.push(unknown("Et ?"));
    assert!(
        told(&proposal)
            .1
            .ends_with("Quoi ? Then one more point to check.")
    );
    proposal.unknowns.push(unknown("Ou ?"));
    assert!(told(&proposal).1.ends_with("Then 2 more points to check."));
}

#[test]
fn a_lead_that_loses_money_says_what_support_it_needs() {
    let mut proposal = proposal();
    proposal.economics.gain = euros(-3_000.0, -1_200.0, 400.0);
    proposal.economics.giver_gain = euros(-4_000.0, -2_000.0, -1_000.0);
    proposal.economics.taker_gain = euros(-500.0, 800.0, 1_400.0);
    proposal.economics.price_range = None;
    let (french, english) = told(&proposal);
    assert!(
        french.contains(
            "coûte 1 200 EUR/an de plus qu'aujourd'hui : il lui faut un soutien de 1 200 EUR/an"
        ),
        "{french}"
    );
    assert!(
        english.contains("Fonderie Essai loses between 1,000 and 4,000 EUR/yr"),
        "{english}"
    );
    assert!(english.contains("stands between a loss of 500 EUR/yr and a gain of 1,400 EUR/yr"));
    proposal.economics.gain = euros(-300.0, 1_200.0, 4_000.0);
    assert!(
        told(&proposal)
            .1
            .contains("goes from a loss of 300 EUR/yr to a gain of 4,000 EUR/yr")
    );
}

#[test]
fn the_price_says_who_pays() {
    let mut proposal = proposal();
    let mut price = |low, high| {
        let bounds = (Price::from_milli(low), Price::from_milli(high));
        proposal.economics.price_range = Some(bounds);
        told(&proposal).1
    };
    assert!(price(-9_000, -2_000).contains(
        "A price between 2 and 9 EUR/t, paid by Fonderie Essai, leaves nobody worse off."
    ));
    assert!(price(3_000, 3_000).contains("A price of 3 EUR/t, paid by Routes Essai - Dépôt nord"));
    assert!(price(-4_000, 6_000).contains(
        "between 4 EUR/t paid by Fonderie Essai and 6 EUR/t paid by Routes Essai - Dépôt nord"
    ));
}

#[test]
fn a_hazardous_stream_names_the_permit_that_lets_it_go() {
    let mut proposal = proposal();
    proposal.flags = vec![
        flag("HAZ", FlagEffect::BlockUnlessAccepted, Some("AP 12-34")),
        flag("BSD", FlagEffect::Warn, None),
        flag("ADR", FlagEffect::Warn, None),
    ];
    let (french, english) = told(&proposal);
    assert!(
        french.contains("Ce déchet est dangereux, et Routes Essai - Dépôt nord a déclaré une autorisation pour le recevoir (AP 12-34). Premier acte à faire : régler BSD."),
        "{french}"
    );
    assert!(!english.contains("settle ADR"));
    proposal.flags = vec![flag(
        "ABP2",
        FlagEffect::BlockUnlessAccepted,
        Some("ICPE 2730"),
    )];
    assert!(told(&proposal).1.ends_with(
        "Legal point (point ABP2): Routes Essai - Dépôt nord has declared a permit that answers it (ICPE 2730)."
    ));
}

#[test]
fn an_act_whose_law_was_never_checked_says_so() {
    let mut proposal = proposal();
    let mut unchecked = flag("BSD", FlagEffect::Warn, None);
    unchecked.checked_on = None;
    proposal.flags = vec![unchecked];
    assert!(
        told(&proposal)
            .1
            .ends_with("First act to do (law to be verified): settle BSD.")
    );
}

#[test]
fn a_lot_goes_at_one_time_and_a_place_known_by_its_commune_is_about_there() {
    let mut proposal = proposal();
    proposal.pair.output = example::output("four", "gravats");
    let [low, mid, high] = [1.0, 3.2, 5.0].map(|km| Distance::from_kilometres(km).unwrap());
    proposal.distance.distance = Interval::new(low, mid, high).unwrap();
    let (french, _) = told(&proposal);
    assert!(
        french.starts_with("Fonderie Essai peut céder 600 t en une fois de « Gravats d'essai » à Routes Essai - Dépôt nord, à environ 3,2 km"),
        "{french}"
    );
    assert!(french.contains("à la place de 570 t de « Liant d'essai »"));
}

#[test]
fn reference_prices_and_confidence_are_owned_up_to() {
    let mut proposal = proposal();
    proposal.confidence = 1;
    proposal.economics.defaults = vec![crate::answer::DefaultPrice {
        role: "outlet".into(),
        price: boucle_domain::id::PriceId::new("PO001"),
        value: Interval::exact(Price::ZERO),
        year: 2024,
        inherited: 0,
        fallback: false,
    }];
    let (french, _) = told(&proposal);
    assert!(french.contains(
        "est encore peu éprouvée ; les gains reposent en partie sur des prix de référence"
    ));
    proposal.confidence = 2;
    proposal.carbon.avoided = Interval::exact(Carbon::from_kilograms(-3.0));
    let (french, english) = told(&proposal);
    assert!(french.contains("est une pratique établie"));
    assert!(!english.contains("avoids"));
}
