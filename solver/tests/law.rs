//! What the law makes of a pair: the golden cases, and what no zone may ever propose. Firms and
//! flows are invented.

#[allow(dead_code, reason = "each test file uses its part of the builder")]
mod zone;

use boucle_domain::answer::{AnswerValue, GivenAnswer, QuestionId};
use boucle_domain::flow::Identity;
use boucle_domain::id::{
    ActivityCode, Direction, DonorKey, ExternalId, FlagId, FlowKey, IdScheme, PairKey,
    PropertyName, ResourceKey, SiteKey, WasteCode,
};
use boucle_domain::interval::Interval;
use boucle_domain::property::{Property, PropertyValue};
use boucle_domain::settings::{Road, Settings};
use boucle_domain::units::Distance;
use boucle_solver::answer::{Answer, LegalFlag, LegalVerdict, PairState, Reason};
use zone::{DAY, Park, agreement, pair, settings};

/// An output of a donor next to a need that the rules of the tests answer.
fn next_to(donor: &str) -> Park {
    let mut park = Park::default();
    park.site("donneur", 0.0);
    park.site("preneur", 5.0);
    park.output("donneur", donor, 100.0, 100.0);
    park.input("preneur", 200.0, 50.0);
    park
}

fn flag<'a>(answer: &'a Answer, id: &str) -> &'a LegalFlag {
    let flags = &answer.proposals[0].flags;
    let found = flags.iter().find(|flag| flag.flag.as_str() == id);
    found.unwrap_or_else(|| panic!("{id} not in {flags:#?}"))
}

fn blocked_by(answer: &Answer, id: &str) -> bool {
    let blocked =
        |reason: &Reason| matches!(reason, Reason::Blocked { flag, .. } if flag.as_str() == id);
    answer
        .rejections
        .iter()
        .flat_map(|flow| &flow.nearest)
        .any(|rejection| blocked(&rejection.reason))
}

fn property(park: &mut Park, name: &str, value: PropertyValue) {
    let property = Property {
        value,
        method: None,
        date: None,
    };
    park.flows[0]
        .properties
        .insert(PropertyName::new(name), property);
}

#[test]
fn a_by_product_needs_all_five_conditions_and_says_so_once_they_are_answered() {
    let mut park = next_to("straw");
    let key = pair("donneur", "straw", "preneur", "R990");
    let answer = park.solved();
    let asked = flag(&answer, "SP");
    assert_eq!(asked.verdict, LegalVerdict::Unknown);
    assert_eq!(asked.questions.len(), 5);
    assert!(asked.basis.contains("L541-4-2") && asked.checked_on.is_none());
    assert_eq!(
        QuestionId::parse(&asked.questions[4].id),
        Some(QuestionId::Legal(key.clone(), FlagId::new("SP"), 5))
    );
    for number in 1..=5 {
        park.answer(&key, "SP", number, true);
    }
    let answer = park.solved();
    assert_eq!(flag(&answer, "SP").verdict, LegalVerdict::Plausible);
    assert_eq!(
        flag(&answer, "SP").questions[0].ground.as_deref(),
        Some("courrier (animateur, 2027-01-15)")
    );
    park.answers[2].value = AnswerValue::YesNo(false);
    assert_eq!(flag(&park.solved(), "SP").verdict, LegalVerdict::Excluded);
}

#[test]
fn what_a_waste_treatment_leaves_is_never_a_by_product() {
    let mut park = next_to("straw");
    park.flows[0].waste_code = Some(WasteCode::new("191207"));
    assert_eq!(flag(&park.solved(), "SP").verdict, LegalVerdict::Excluded);
    park.flows[0].waste_code = None;
    park.sites[0].activity = Some(ActivityCode::new("E38.21"));
    let key = pair("donneur", "straw", "preneur", "R990");
    for number in 1..=5 {
        park.answer(&key, "SP", number, true);
    }
    assert_eq!(flag(&park.solved(), "SP").verdict, LegalVerdict::Excluded);
}

#[test]
fn a_mirror_entry_asks_for_a_characterisation() {
    let mut park = next_to("straw");
    park.flows[0].waste_code = Some(WasteCode::new("100816"));
    let answer = park.solved();
    let mirror = flag(&answer, "MIRROR");
    assert_eq!(mirror.verdict, LegalVerdict::Needs);
    let question = QuestionId::Hazardous(park.flows[0].key.clone());
    assert_eq!(mirror.questions[0].id, question.to_string());
    let said = |yes| GivenAnswer {
        question: question.clone(),
        value: AnswerValue::YesNo(yes),
        by: "laboratoire".into(),
        on: DAY,
        evidence: String::new(),
    };
    park.answers = vec![said(false)];
    assert_eq!(
        flag(&park.solved(), "MIRROR").verdict,
        LegalVerdict::Plausible
    );
    // Found hazardous, it goes to nobody without an agreement for its code.
    park.answers = vec![said(true)];
    assert!(park.solved().proposals.is_empty());
    assert!(blocked_by(&park.solved(), "HAZ"));
}

#[test]
fn no_answer_takes_away_a_star_or_the_word_of_the_firm() {
    let denied = |park: &Park| GivenAnswer {
        question: QuestionId::Hazardous(park.flows[0].key.clone()),
        value: AnswerValue::YesNo(false),
        by: "animateur".into(),
        on: DAY,
        evidence: String::new(),
    };
    let mut starred = next_to("straw");
    starred.flows[0].waste_code = Some(WasteCode::new("050107*"));
    starred.answers = vec![denied(&starred)];
    assert!(blocked_by(&starred.solved(), "HAZ"));
    let mut said = next_to("straw");
    said.flows[0].hazardous = Some(true);
    said.answers = vec![denied(&said)];
    assert!(blocked_by(&said.solved(), "HAZ"));
}

#[test]
fn kitchen_waste_and_lower_categories_never_become_feed_whatever_is_answered() {
    let mut park = next_to("food_waste");
    park.sites[1].icpe_rubrics = vec!["2730-1".into()];
    let key = pair("donneur", "food_waste", "preneur", "R994");
    for (flag, number) in [("ABP3", 1), ("FEED", 1)] {
        park.answer(&key, flag, number, true);
    }
    assert!(park.solved().proposals.is_empty());
    assert!(blocked_by(&park.solved(), "ABP3"));
    park.flows[0].waste_code = Some(WasteCode::new("200108"));
    park.sites[1].agreements = vec![agreement("200108", 500.0)];
    assert!(
        park.solved().proposals.is_empty(),
        "no agreement makes feed of it"
    );
    // What a firm declares as category 2 is held back from feed too.
    let mut park = next_to("straw");
    property(&mut park, "abp_category", PropertyValue::Class("C2".into()));
    assert_eq!(park.solved().proposals.len(), 1, "this need is no feed");
}

#[test]
fn category_one_goes_to_an_approved_plant_or_nowhere() {
    let mut park = next_to("fallen_stock");
    assert!(park.solved().proposals.is_empty());
    assert!(blocked_by(&park.solved(), "ABP1"));
    park.sites[1].icpe_rubrics = vec!["2730-1".into()];
    let answer = park.solved();
    assert_eq!(
        flag(&answer, "ABP1").answered_by.as_deref(),
        Some("ICPE 2730-1")
    );
    assert!(flag(&answer, "ABP1").basis.contains("1069/2009"));
}

#[test]
fn a_measurement_lifts_the_block_of_a_pollutant_but_never_that_of_a_hazardous_waste() {
    let mut park = next_to("eggshells");
    let key = pair("donneur", "eggshells", "preneur", "R995");
    park.flows[0].hazardous = Some(false);
    assert!(blocked_by(&park.solved(), "POP"));
    park.answer(&key, "POP", 1, true);
    let answer = park.solved();
    assert_eq!(flag(&answer, "POP").verdict, LegalVerdict::Plausible);
    park.flows[0].hazardous = Some(true);
    assert!(park.solved().proposals.is_empty());
    park.flows[0].hazardous = None;
    assert!(blocked_by(&park.solved(), "POP"), "it does not say");
}

#[test]
fn headings_spreading_carriage_and_end_of_waste_each_have_their_verdict() {
    let mut park = next_to("eggshells");
    let key = pair("donneur", "eggshells", "preneur", "R995");
    park.flows[0].hazardous = Some(false);
    park.answer(&key, "POP", 1, true);
    let verdict = |park: &Park, id: &str| flag(&park.solved(), id).verdict;
    assert_eq!(verdict(&park, "ICPE:2781"), LegalVerdict::Unknown);
    park.sites[1].icpe_rubrics = vec!["2910-A".into()];
    assert_eq!(
        verdict(&park, "ICPE:2781"),
        LegalVerdict::Needs,
        "it tells others"
    );
    park.sites[1].icpe_rubrics = vec!["2781-1".into()];
    assert_eq!(verdict(&park, "ICPE:2781"), LegalVerdict::Plausible);
    for (id, before, no) in [
        ("SSD-IMPL", LegalVerdict::Unknown, LegalVerdict::Excluded),
        ("EPAND", LegalVerdict::Needs, LegalVerdict::Needs),
        ("ADR", LegalVerdict::Needs, LegalVerdict::Needs),
    ] {
        assert_eq!(verdict(&park, id), before, "{id}");
        park.answer(&key, id, 1, false);
        assert_eq!(verdict(&park, id), no, "{id}");
        park.answers.pop();
        park.answer(&key, id, 1, true);
        assert_eq!(verdict(&park, id), LegalVerdict::Plausible, "{id}");
    }
}

#[test]
fn a_waste_that_crosses_a_border_is_notified_or_goes_with_its_document() {
    let mut park = next_to("straw");
    park.flows[0].waste_code = Some(WasteCode::new("020103"));
    let named = |scheme, value: &str| {
        Some(ExternalId {
            scheme,
            value: value.to_owned(),
        })
    };
    park.sites[0].commune = Some("59183".into());
    park.sites[1].external = named(IdScheme::Cvr, "12345678");
    let answer = park.solved();
    let border = flag(&answer, "TFS");
    assert_eq!(border.verdict, LegalVerdict::Needs);
    assert!(border.questions[0].text.en.contains("annex VII"));
    assert!(border.basis.contains("2024/1157"));
    park.sites[1].external = named(IdScheme::Siret, "35600000000048");
    let answer = park.solved();
    let flags = &answer.proposals[0].flags;
    assert!(
        flags.iter().all(|flag| flag.flag.as_str() != "TFS"),
        "one country"
    );
}

#[test]
fn a_code_alone_asks_and_the_answer_makes_it_a_material() {
    let mut park = next_to("straw");
    park.flows[0].identity = Identity::Unrecognised;
    park.flows[0].name = "résidus".into();
    park.flows[0].waste_code = Some(WasteCode::new("020304"));
    let answer = park.solved();
    assert!(answer.proposals.is_empty());
    let question = QuestionId::Identity(park.flows[0].key.clone());
    assert_eq!(answer.questions[0].id, Some(question.to_string()));
    park.answers = vec![GivenAnswer {
        question,
        value: AnswerValue::Identity(Identity::Donor(DonorKey::new("DON:straw"))),
        by: "animateur".into(),
        on: DAY,
        evidence: "visite".into(),
    }];
    let answered = park.solved();
    assert_eq!(answered.proposals.len(), 1);
    assert_ne!(answered.input_digest, answer.input_digest);
}

#[test]
fn an_answered_property_makes_a_lead_firm_and_is_asked_by_name() {
    let mut park = next_to("sawdust");
    let answer = park.solved();
    assert_eq!(answer.proposals[0].state, PairState::ToCheck);
    let id = answer.proposals[0].unknowns[0].id.clone().unwrap();
    let question = QuestionId::parse(&id).unwrap();
    assert_eq!(id, "flow:donneur/output/sawdust:property:moisture_pct");
    park.answers = vec![GivenAnswer {
        value: AnswerValue::read(&question, "12").unwrap(),
        question,
        by: "firme".into(),
        on: DAY,
        evidence: "analyse".into(),
    }];
    let answer = park.solved();
    assert_eq!(answer.proposals[0].state, PairState::FeasibleWithTreatment);
    let tested = &answer.proposals[0].conditions[0];
    assert_eq!(
        tested.method.as_deref(),
        Some("analyse (firme, 2027-01-15)")
    );
}

/// An output and a need of the catalogue, joined by a road of a given length.
fn by_road(donor: &str, need: &str, kilometres: f64) -> (Park, Settings) {
    let mut park = Park::default();
    park.site("donneur", 0.0);
    park.site("preneur", 5.0);
    park.output("donneur", donor, 12_000.0, 30.0);
    let need = Identity::Resource(ResourceKey::new(need));
    park.flow("preneur", Direction::Input, "besoin", need, 20_000.0, 18.0);
    let road = Road {
        from: SiteKey::new("donneur"),
        to: SiteKey::new("preneur"),
        distance: Distance::from_kilometres(kilometres).unwrap(),
        vehicle: None,
    };
    let settings = Settings {
        roads: vec![road],
        ..settings()
    };
    (park, settings)
}

#[test]
fn beet_sand_goes_twenty_five_kilometres_and_not_eighty() {
    let number = |value| PropertyValue::Number(Interval::exact(value));
    let (mut near, settings) = by_road("beet_washing_sand", "mat.mineral.sand", 25.0);
    property(&mut near, "clay_pct", number(5.0));
    let proposals = near.solved_with(&settings).proposals;
    assert_eq!(proposals[0].pair.rule.as_str(), "R024");
    let (mut far, settings) = by_road("beet_washing_sand", "mat.mineral.sand", 80.0);
    property(&mut far, "clay_pct", number(5.0));
    let answer = far.solved_with(&settings);
    assert!(answer.proposals.is_empty());
    let too_far = |reason: &Reason| {
        matches!(reason, Reason::TooFar { distance, limit }
            if distance.kilometres() == 80.0 && limit.kilometres() == 30.0)
    };
    let mut nearest = answer.rejections.iter().flat_map(|flow| &flow.nearest);
    assert!(nearest.any(|rejection| too_far(&rejection.reason)));
}

#[test]
fn recovered_fuel_above_its_limits_is_refused_with_the_limit() {
    for (name, value) in [
        ("hg_mg_kg", 3.1),
        ("cl_mg_kg", 15_001.0),
        ("br_mg_kg", 15_001.0),
        ("halogens_mg_kg", 20_001.0),
    ] {
        let (mut park, settings) = by_road("solid_recovered_fuel", "en.fuel.fossil", 25.0);
        let lhv = PropertyValue::Number(Interval::exact(18.0));
        property(&mut park, "lhv_mj_kg", lhv);
        park.flows[1].unit = boucle_domain::units::Unit::MegawattHour;
        property(
            &mut park,
            name,
            PropertyValue::Number(Interval::exact(value)),
        );
        let answer = park.solved_with(&settings);
        let refused = |reason: &Reason| matches!(reason, Reason::ConditionFailed { result, .. } if result.condition.starts_with(name));
        let mut nearest = answer.rejections.iter().flat_map(|flow| &flow.nearest);
        assert!(
            nearest.any(|rejection| refused(&rejection.reason)),
            "{name}: {answer:#?}"
        );
    }
}

/// A stream of numbers, the same every time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

const DONORS: [&str; 6] = [
    "straw",
    "bark",
    "sawdust",
    "acid_tars",
    "eggshells",
    "food_waste",
];
const CODES: [&str; 4] = ["050107*", "130205*", "020103", "100816"];

fn random_zone(draw: &mut Draw) -> Park {
    let mut park = Park::default();
    for site in 0..4 {
        let place = draw.below(60) as f64;
        let site = park.site(&format!("s{site}"), place);
        if draw.below(2) == 0 {
            let mut agreement = agreement(CODES[draw.below(4) as usize], 500.0);
            if draw.below(4) == 0 {
                agreement.validity.to = Some(DAY.yesterday().unwrap());
            }
            site.agreements.push(agreement);
        }
        if draw.below(3) == 0 {
            site.icpe_rubrics.push("2730-1".into());
        }
    }
    for (site, donor) in (0..4).zip([0; 4]) {
        let donor = DONORS[(donor + draw.below(6)) as usize];
        let flow = park.output(
            &format!("s{site}"),
            donor,
            50.0 + draw.below(200) as f64,
            150.0,
        );
        flow.waste_code = match draw.below(5) {
            4 => None,
            code => Some(WasteCode::new(CODES[code as usize])),
        };
        flow.hazardous = [None, Some(true), Some(false)][draw.below(3) as usize];
        park.input(&format!("s{site}"), 50.0 + draw.below(200) as f64, 60.0);
    }
    // Whatever is answered, and to whatever pair.
    for _ in 0..draw.below(6) {
        let (from, to) = (draw.below(4), draw.below(4));
        let reference = park.flows[2 * from as usize].key.reference.clone();
        let rule = format!("R99{}", draw.below(7));
        let key: PairKey = pair(&format!("s{from}"), &reference, &format!("s{to}"), &rule);
        let flag = ["HAZ", "POP", "ABP3", "SP"][draw.below(4) as usize];
        if draw.below(3) == 0 {
            let question = QuestionId::Hazardous(FlowKey {
                ..key.output.clone()
            });
            park.answers.push(GivenAnswer {
                question,
                value: AnswerValue::YesNo(draw.below(2) == 0),
                by: "x".into(),
                on: DAY,
                evidence: String::new(),
            });
        } else {
            park.answer(&key, flag, 1, true);
        }
    }
    park
}

/// Proposals seen, and those of a hazardous output to an authorised acceptor, in zones from a seed.
fn tried(seed: u64, zones: u32) -> (u32, u32) {
    let mut draw = Draw(seed);
    let (mut proposed, mut hazardous) = (0, 0);
    for zone in 0..zones {
        let park = random_zone(&mut draw);
        let answer = park.attempt(&settings()).unwrap();
        let snapshot = park.snapshot();
        for proposal in &answer.proposals {
            proposed += 1;
            let output = snapshot.flow(&proposal.pair.output).unwrap();
            if !output.is_hazardous() {
                continue;
            }
            let taker = snapshot.site(&proposal.pair.input.site).unwrap();
            let authorised = output.waste_code.as_ref().is_some_and(|code| {
                taker.agreements.iter().any(|agreement| {
                    agreement.validity.contains(DAY) && agreement.waste_codes.contains(code)
                })
            });
            assert!(authorised, "seed {seed}, zone {zone}: {}", proposal.pair);
            hazardous += 1;
        }
    }
    (proposed, hazardous)
}

#[test]
fn no_zone_proposes_a_hazardous_output_to_an_acceptor_without_authorisation() {
    let counts: Vec<(u32, u32)> = std::thread::scope(|scope| {
        let tries = [20_261_130, 20_270_101].map(|seed| scope.spawn(move || tried(seed, 1_000)));
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    for (proposed, hazardous) in counts {
        assert!(proposed > 500 && hazardous > 50, "{proposed} {hazardous}");
    }
}

#[test]
fn a_suggested_flow_is_only_ever_prospective_ranked_below_and_asked_about() {
    let mut park = Park::default();
    park.site("laiterie", 0.0).activity = Some(ActivityCode::new("C10.51"));
    park.sites[0].headcount = Some(120);
    park.site("preneur", 5.0);
    let need = Identity::Resource(ResourceKey::new("mat.bio.feed"));
    park.flow(
        "preneur",
        Direction::Input,
        "aliment",
        need,
        200_000.0,
        80.0,
    );
    let snapshot = park.snapshot();
    assert!(park.solved().proposals.is_empty());
    let suggested = snapshot.with_suggestions(zone::knowledge());
    let cancel = std::sync::atomic::AtomicBool::new(false);
    let control = boucle_solver::Control {
        cancel: &cancel,
        progress: &|_| {},
        models: None,
    };
    let answer =
        boucle_solver::solve(&suggested, zone::knowledge(), &settings(), &control).unwrap();
    assert!(!answer.proposals.is_empty(), "whey to feed");
    for proposal in &answer.proposals {
        assert!(proposal.suggested);
        assert_eq!(proposal.state, PairState::ToCheck);
        assert_eq!(proposal.plan, boucle_solver::answer::PlanKind::Prospective);
        let exists = QuestionId::Exists(proposal.pair.output.clone()).to_string();
        let asked = |unknown: &boucle_solver::answer::Unknown| unknown.id.as_ref() == Some(&exists);
        assert!(proposal.unknowns.iter().any(asked));
    }
}
