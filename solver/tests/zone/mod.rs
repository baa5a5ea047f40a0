//! Zones small enough for paper. Every firm, flow and rule here is invented for the tests.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use boucle_domain::answer::{AnswerValue, GivenAnswer, QuestionId};
use boucle_domain::flow::{
    Entered, Flow, Identity, Method, Present, Provenance, Quantity, Storage, Visibility,
};
use boucle_domain::geo::{Point, Position, PositionSource};
use boucle_domain::id::{
    Direction, DonorKey, FirmKey, FlagId, FlowKey, PairKey, ResourceKey, RuleId, SiteKey,
    TerritoryId, WasteCode, ZoneId,
};
use boucle_domain::interval::Interval;
use boucle_domain::knowledge::Knowledge;
use boucle_domain::organisation::{Agreement, Firm, Site, Territory, Zone, ZoneKind};
use boucle_domain::profile::Profile;
use boucle_domain::settings::Settings;
use boucle_domain::snapshot::Snapshot;
use boucle_domain::synonym::Synonym;
use boucle_domain::units::{Amount, Money, Price, Unit};
use boucle_domain::validity::Validity;
use boucle_solver::answer::Answer;
use boucle_solver::{Control, SolveError};
use jiff::civil::{Date, date};

/// Rules of the tests, added to the catalogue: straw stands for anything, gypsum for any need.
const RULES: &str = "\
R990,DON:straw,Essai direct,Direct test,mat.mineral.gypsum,C23.52,T-NONE,1.00..1.00 t/t,100,,SP,BG,2
R991,DON:bark,Essai à 0.6,Test at 0.6,mat.mineral.gypsum,C23.52,T-NONE,0.60..0.60 t/t,100,,SP,BG,2
R992,DON:sawdust,Essai trié,Sorted test,mat.mineral.gypsum,C23.52,T-SORT,0.90..0.90 t/t,100,moisture_pct<=20,SP,BG,2
R993,DON:acid_tars,Essai dangereux,Hazardous test,mat.mineral.gypsum,C23.52,T-NONE,1.00..1.00 t/t,100,,HAZ,BG,2
R994,DON:food_waste,Essai aliment,Feed test,mat.mineral.gypsum,C23.52,T-NONE,1.00..1.00 t/t,100,,ABP3;FEED,BG,2
R995,DON:eggshells,Essai polluants,Pollutant test,mat.mineral.gypsum,C23.52,T-NONE,1.00..1.00 t/t,100,,POP;ICPE:2781;SSD-IMPL;EPAND;ADR,BG,2
R996,DON:fallen_stock,Essai animal,Animal test,mat.mineral.gypsum,C23.52,T-NONE,1.00..1.00 t/t,100,,ABP1,BG,2
";

/// The embedded catalogue with the rules of the tests.
pub fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    KNOWLEDGE.get_or_init(|| {
        let rules = format!("{}{RULES}", Knowledge::embedded_table("rules.csv").unwrap());
        Knowledge::from_tables(&BTreeMap::from([("rules.csv".to_owned(), rules)])).unwrap()
    })
}

/// Day of every run of the tests.
pub const DAY: Date = date(2027, 1, 15);

/// A zone under construction.
#[derive(Clone, Default)]
pub struct Park {
    pub firms: Vec<Firm>,
    pub sites: Vec<Site>,
    pub flows: Vec<Flow>,
    pub answers: Vec<GivenAnswer>,
    pub synonyms: Vec<Synonym>,
}

impl Park {
    /// Adds a firm with one site `east` kilometres east of the first.
    pub fn site(&mut self, name: &str, east: f64) -> &mut Site {
        self.firms.push(Firm {
            key: FirmKey::new(name),
            name: name.to_uppercase(),
            external: None,
        });
        // One degree of longitude is 71.7 km at 50° north.
        let point = Point::new(50.0, 2.0 + east / 71.7).unwrap();
        self.sites.push(Site {
            key: SiteKey::new(name),
            firm: FirmKey::new(name),
            zone: ZoneId::new("zone"),
            name: name.to_uppercase(),
            external: None,
            activity: None,
            commune: None,
            position: Some(Position {
                point,
                source: PositionSource::Declared,
            }),
            headcount: None,
            icpe_rubrics: Vec::new(),
            agreements: Vec::new(),
        });
        self.sites.last_mut().unwrap()
    }

    /// Adds an output of a donor, tonnes per year at an avoidable price.
    pub fn output(&mut self, site: &str, donor: &str, tonnes: f64, euros: f64) -> &mut Flow {
        let identity = Identity::Donor(DonorKey::new(format!("DON:{donor}")));
        self.flow(site, Direction::Output, donor, identity, tonnes, euros)
    }

    /// Adds a need for gypsum, tonnes per year at an avoidable price.
    pub fn input(&mut self, site: &str, tonnes: f64, euros: f64) -> &mut Flow {
        let identity = Identity::Resource(ResourceKey::new("mat.mineral.gypsum"));
        self.flow(site, Direction::Input, "gypsum", identity, tonnes, euros)
    }

    /// Adds any flow.
    pub fn flow(
        &mut self,
        site: &str,
        direction: Direction,
        name: &str,
        identity: Identity,
        tonnes: f64,
        euros: f64,
    ) -> &mut Flow {
        self.flows.push(Flow {
            key: FlowKey {
                site: SiteKey::new(site),
                direction,
                reference: name.into(),
            },
            name: name.into(),
            identity,
            unit: Unit::Tonne,
            quantity: Quantity::Rate {
                yearly: Interval::exact(amount(tonnes)),
                profile: Profile::Constant,
            },
            entered: Entered {
                quantity: tonnes.to_string(),
                unit: "t".into(),
                period: "an".into(),
            },
            density: None,
            heating_value: None,
            storage: None,
            properties: BTreeMap::new(),
            present: Present {
                avoidable_price: Some(Interval::exact(Price::from_euros(euros).unwrap())),
                ..Present::default()
            },
            waste_code: None,
            hazardous: None,
            minimum_lot: None,
            maximum_distance: None,
            provenance: Provenance {
                method: Method::Invoiced,
                ..Provenance::default()
            },
            validity: Validity::ALWAYS,
            visibility: Visibility::Animator,
            comment: String::new(),
        });
        self.flows.last_mut().unwrap()
    }

    /// The snapshot of the zone.
    pub fn snapshot(&self) -> Snapshot {
        let zone = Zone {
            id: ZoneId::new("zone"),
            name: "Zone d'essai".into(),
            kind: ZoneKind::BusinessPark,
            parent: None,
            centre: None,
        };
        Snapshot::new(
            Territory {
                id: TerritoryId::new("essai"),
                name: "Essai".into(),
            },
            DAY,
            vec![zone],
            self.firms.clone(),
            self.sites.clone(),
            self.flows.clone(),
        )
        .with_answers(self.answers.clone())
        .with_synonyms(self.synonyms.clone())
    }

    /// Answers a question of a pair with yes or no.
    pub fn answer(&mut self, pair: &PairKey, flag: &str, number: u8, yes: bool) {
        self.answers.push(GivenAnswer {
            question: QuestionId::Legal(pair.clone(), FlagId::new(flag), number),
            value: AnswerValue::YesNo(yes),
            by: "animateur".into(),
            on: DAY,
            evidence: "courrier".into(),
        });
    }

    /// The answer with a link of 1 000 EUR a year.
    pub fn solved(&self) -> Answer {
        self.solved_with(&settings())
    }

    pub fn solved_with(&self, settings: &Settings) -> Answer {
        let answer = self.attempt(settings).unwrap();
        let breaches = boucle_solver::check(&self.snapshot(), knowledge(), settings, &answer);
        assert!(breaches.is_empty(), "{breaches:#?}");
        answer
    }

    pub fn attempt(&self, settings: &Settings) -> Result<Answer, SolveError> {
        let cancel = AtomicBool::new(false);
        let control = Control {
            cancel: &cancel,
            progress: &|_| {},
            models: None,
        };
        boucle_solver::solve(&self.snapshot(), knowledge(), settings, &control)
    }
}

/// Settings of the tests: a link costs 1 000 EUR a year.
pub fn settings() -> Settings {
    Settings {
        link_cost: Money::from_euros(1000.0),
        ..Settings::default()
    }
}

pub fn amount(tonnes: f64) -> Amount {
    Amount::from_units(tonnes).unwrap()
}

/// The pair of two flows of the tests.
pub fn pair(from: &str, donor: &str, to: &str, rule: &str) -> PairKey {
    PairKey {
        output: FlowKey {
            site: SiteKey::new(from),
            direction: Direction::Output,
            reference: donor.into(),
        },
        input: FlowKey {
            site: SiteKey::new(to),
            direction: Direction::Input,
            reference: "gypsum".into(),
        },
        rule: RuleId::new(rule),
    }
}

/// An agreement for one code.
pub fn agreement(code: &str, tonnes: f64) -> Agreement {
    Agreement {
        reference: "AP-2024-001".into(),
        waste_codes: vec![WasteCode::new(code)],
        yearly_limit: Some((amount(tonnes), Unit::Tonne)),
        validity: Validity::ALWAYS,
    }
}

/// Room for a stock.
pub fn storage(tonnes: f64, shelf_life_days: Option<u32>) -> Option<Storage> {
    Some(Storage {
        capacity: amount(tonnes),
        shelf_life_days,
    })
}
