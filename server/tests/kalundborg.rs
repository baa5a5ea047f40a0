//! The published exchanges of Kalundborg against what the product finds, and the French zone beside
//! it: each file read through the importer, solved, checked, and every promise held to the answer.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use boucle_domain::id::{Direction, FlowKey, SiteKey, TerritoryId, ZoneId};
use boucle_domain::knowledge::{Knowledge, VehicleClass};
use boucle_domain::organisation::{Territory, Zone, ZoneKind};
use boucle_domain::settings::{Road, Settings};
use boucle_domain::snapshot::Snapshot;
use boucle_domain::units::Distance;
use boucle_import::Context;
use boucle_solver::answer::{Answer, Outcome, PlanStatus, Proposal, Reason, Rejection};
use boucle_solver::{Control, PairExplanation, check, explain_pair, solve};

/// A zone of the test data, read and settled.
struct Park {
    knowledge: Knowledge,
    snapshot: Snapshot,
    settings: Settings,
}

fn path(zone: &str, file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../testdata/zones")
        .join(zone)
        .join(file)
}

fn bytes(zone: &str, file: &str) -> Vec<u8> {
    std::fs::read(path(zone, file)).unwrap()
}

/// What a file declares, as a snapshot; it must have no error.
fn snapshot(knowledge: &Knowledge, zone: &str, file: &str, bytes: &[u8]) -> Snapshot {
    let day = jiff::civil::date(2026, 11, 22);
    let context = Context::new(knowledge, day, ZoneId::new(zone));
    let reading = boucle_import::read(bytes, file, &context);
    assert!(!reading.is_refused(), "{:#?}", reading.findings);
    let zones = vec![Zone {
        id: ZoneId::new(zone),
        name: zone.into(),
        kind: ZoneKind::BusinessPark,
        parent: None,
        centre: None,
    }];
    let territory = Territory {
        id: TerritoryId::new("test"),
        name: "test".into(),
    };
    let declared = reading.declaration;
    Snapshot::new(
        territory,
        day,
        zones,
        declared.firms,
        declared.sites,
        declared.flows,
    )
}

/// Rows of a csv by the names of its columns.
fn table(zone: &str, file: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path(zone, file))
        .unwrap()
        .into_deserialize()
        .map(Result::unwrap)
        .collect()
}

/// The site of an identifier of the test data.
fn site(snapshot: &Snapshot, identifier: &str) -> SiteKey {
    let named = |site: &&boucle_domain::organisation::Site| {
        let external = site.external.as_ref();
        external.is_some_and(|external| external.value == identifier)
    };
    let found = snapshot.sites().iter().find(named);
    found
        .unwrap_or_else(|| panic!("no site {identifier}"))
        .key
        .clone()
}

fn kalundborg() -> Park {
    let knowledge = Knowledge::embedded().unwrap();
    let zone = "kalundborg";
    let snapshot = snapshot(&knowledge, zone, "flows.csv", &bytes(zone, "flows.csv"));
    let ways = table(zone, "distances.csv");
    let road = |way: &BTreeMap<String, String>| Road {
        from: site(&snapshot, &way["from"]),
        to: site(&snapshot, &way["to"]),
        distance: Distance::from_kilometres(way["km"].parse().unwrap()).unwrap(),
        vehicle: match way["vehicle"].as_str() {
            "" => None,
            code => Some(VehicleClass::from_code(code).unwrap()),
        },
    };
    let settings = Settings {
        roads: ways.iter().map(road).collect(),
        ..Settings::default()
    };
    Park {
        knowledge,
        snapshot,
        settings,
    }
}

fn flandre(content: &[u8]) -> Park {
    let knowledge = Knowledge::embedded().unwrap();
    let snapshot = snapshot(&knowledge, "flandre-dunkerque", "flows.csv", content);
    Park {
        knowledge,
        snapshot,
        settings: Settings::default(),
    }
}

impl Park {
    fn solved(&self) -> Answer {
        let cancel = AtomicBool::new(false);
        let control = Control {
            cancel: &cancel,
            progress: &|_| {},
            models: None,
        };
        solve(&self.snapshot, &self.knowledge, &self.settings, &control).unwrap()
    }

    /// Both plans proven best, and nothing in the answer contradicts the declarations.
    fn proven(&self) -> Answer {
        let answer = self.solved();
        for plan in &answer.plans {
            assert_eq!(plan.status, PlanStatus::Optimal, "{:?}", plan.kind);
            assert_eq!(plan.relative_gap, 0.0, "{:?}", plan.kind);
        }
        let breaches = check(&self.snapshot, &self.knowledge, &self.settings, &answer);
        assert!(breaches.is_empty(), "{breaches:#?}");
        answer
    }

    fn explained(&self, pair: &Ends) -> Vec<PairExplanation> {
        let (output, input) = (&pair.output, &pair.input);
        explain_pair(
            &self.snapshot,
            &self.knowledge,
            &self.settings,
            output,
            input,
        )
        .unwrap()
    }
}

/// The two declared flows a published exchange joins.
struct Ends {
    output: FlowKey,
    input: FlowKey,
}

/// The pairs of `exchanges.csv` by published exchange, each of two declared flows.
fn exchanges(snapshot: &Snapshot) -> BTreeMap<String, Vec<Ends>> {
    let flow = |identifier: &str, direction, reference: &str| {
        let key = FlowKey {
            site: site(snapshot, identifier),
            direction,
            reference: reference.to_owned(),
        };
        assert!(
            snapshot.flows().iter().any(|flow| flow.key == key),
            "no flow {key}"
        );
        key
    };
    let mut exchanges: BTreeMap<String, Vec<Ends>> = BTreeMap::new();
    for row in table("kalundborg", "exchanges.csv") {
        let ends = Ends {
            output: flow(&row["output_site"], Direction::Output, &row["output"]),
            input: flow(&row["input_site"], Direction::Input, &row["input"]),
        };
        exchanges
            .entry(row["exchange_id"].clone())
            .or_default()
            .push(ends);
    }
    exchanges
}

/// The published exchanges of materials.
fn published() -> Vec<BTreeMap<String, String>> {
    let mut rows = table("kalundborg", "published.csv");
    rows.retain(|row| row["kind"] == "material");
    rows
}

/// Whether a rule joins the pair and nothing but its price can keep it out: no condition fails, no
/// block, not too far, nothing missing.
fn is_candidate(explanation: &PairExplanation) -> bool {
    let only_price = |reason: &Reason| {
        matches!(
            reason,
            Reason::BeyondBreakEven { .. } | Reason::NotWorthTheLink { .. }
        )
    };
    explanation.rule.is_some()
        && explanation
            .conditions
            .iter()
            .all(|condition| condition.outcome != Outcome::Fail)
        && explanation
            .reasons
            .iter()
            .all(|(reason, _)| only_price(reason))
}

/// The proposal of a pair, if a plan has it.
fn proposed<'a>(answer: &'a Answer, pair: &Ends) -> Option<&'a Proposal> {
    answer
        .proposals
        .iter()
        .find(|proposal| proposal.pair.output == pair.output && proposal.pair.input == pair.input)
}

/// What the output says of a pair that no plan has, from either end.
fn rejected<'a>(answer: &'a Answer, pair: &'a Ends) -> impl Iterator<Item = &'a Rejection> {
    let of = |own: &'a FlowKey, other: &'a FlowKey| {
        let listed = answer.rejections.iter().filter(move |of| of.flow == *own);
        listed
            .flat_map(|of| &of.nearest)
            .filter(move |rejection| rejection.other.as_ref() == Some(other))
    };
    of(&pair.output, &pair.input).chain(of(&pair.input, &pair.output))
}

/// Whether a rejection names what is better: other exchanges, or today's outlet or supply in the
/// words of the declaration.
fn names_the_better(rejection: &Rejection, snapshot: &Snapshot, pair: &Ends) -> bool {
    match &rejection.reason {
        Reason::Beaten { by, .. } => {
            let site = |key: &FlowKey| snapshot.site(&key.site).unwrap();
            !by.is_empty()
                && by.iter().take(2).all(|pair| {
                    let firm = snapshot.firm(&site(&pair.output).firm).unwrap();
                    rejection.text.en.contains(&firm.name)
                })
        }
        Reason::BeyondBreakEven { .. } | Reason::NotWorthTheLink { .. } => {
            [&pair.output, &pair.input].into_iter().all(|key| {
                let flow = snapshot.flows().iter().find(|flow| flow.key == *key);
                let today = flow.unwrap().present.label.to_lowercase();
                let says = |text: &str| text.to_lowercase().contains(&today);
                says(&rejection.text.en) && says(&rejection.text.fr)
            })
        }
        _ => false,
    }
}

#[test]
fn every_published_exchange_is_a_candidate_and_in_a_plan_or_beaten_by_what_the_output_names() {
    let park = kalundborg();
    let exchanges = exchanges(&park.snapshot);
    let answer = park.proven();
    let published = published();
    assert_eq!(published.len(), 14);
    let (mut ended, mut wrong) = (String::new(), String::new());
    for row in &published {
        let id = &row["exchange_id"];
        let pairs = &exchanges[id];
        let candidate = pairs
            .iter()
            .any(|pair| park.explained(pair).iter().any(is_candidate));
        let taken = pairs.iter().find_map(|pair| proposed(&answer, pair));
        let told = pairs.iter().find_map(|pair| {
            rejected(&answer, pair)
                .find(|rejection| names_the_better(rejection, &park.snapshot, pair))
        });
        let end = match (taken, told) {
            (Some(proposal), _) => format!(
                "{:?} plan, {}, {:.0} {} sent (published {} {}), gain {:.0} EUR/year",
                proposal.plan,
                proposal.pair.rule,
                proposal.sent.units(),
                proposal.sent_unit,
                row["quantity_mid"],
                row["unit"],
                proposal.economics.gain.mid().euros()
            ),
            (None, Some(rejection)) => rejection.text.en.clone(),
            (None, None) => {
                let heard: Vec<_> = pairs
                    .iter()
                    .flat_map(|pair| rejected(&answer, pair))
                    .map(|rejection| rejection.text.en.as_str())
                    .collect();
                let _ = writeln!(wrong, "{id} {}: {heard:?}", row["exchange"]);
                continue;
            }
        };
        if !candidate {
            let why: Vec<_> = pairs
                .iter()
                .flat_map(|pair| park.explained(pair))
                .flat_map(|explanation| explanation.reasons)
                .map(|(_, text)| text.en)
                .collect();
            let _ = writeln!(wrong, "{id} is no candidate: {why:?}");
        }
        let _ = writeln!(ended, "{id}  {:52}  {end}", row["exchange"]);
    }
    println!("{ended}");
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_workbook_and_the_csv_declare_the_same_snapshot() {
    let knowledge = Knowledge::embedded().unwrap();
    let read = |file| {
        let bytes = bytes("kalundborg", file);
        snapshot(&knowledge, "kalundborg", file, &bytes)
    };
    let (sheet, workbook) = (read("flows.csv"), read("flows.xlsx"));
    for (csv, xlsx) in sheet.flows().iter().zip(workbook.flows()) {
        assert_eq!(csv, xlsx);
    }
    assert_eq!(sheet.digest(), workbook.digest());
}

#[test]
fn every_flow_ends_in_a_proposal_or_a_rejection_in_both_zones() {
    let content = bytes("flandre-dunkerque", "flows.csv");
    for park in [kalundborg(), flandre(&content)] {
        let answer = park.proven();
        assert!(!answer.proposals.is_empty());
        for flow in park.snapshot.flows() {
            let key = &flow.key;
            let proposed = answer
                .proposals
                .iter()
                .any(|proposal| proposal.pair.output == *key || proposal.pair.input == *key);
            let rejected = answer
                .rejections
                .iter()
                .any(|of| of.flow == *key && !of.nearest.is_empty());
            assert!(proposed || rejected, "{key} ends nowhere");
        }
    }
}

#[test]
fn shuffled_rows_give_the_same_bytes() {
    let content = String::from_utf8(bytes("flandre-dunkerque", "flows.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(content.as_bytes());
    let heading = reader.byte_headers().unwrap().clone();
    let mut rows: Vec<_> = reader.into_byte_records().map(Result::unwrap).collect();
    let written = |rows: &[csv::ByteRecord]| {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_byte_record(&heading).unwrap();
        for row in rows {
            writer.write_byte_record(row).unwrap();
        }
        let park = flandre(&writer.into_inner().unwrap());
        serde_json::to_vec(&park.solved()).unwrap()
    };
    let expected = written(&rows);
    // A fixed shuffle: each row changes places with one drawn by a linear congruence.
    let mut draw = 2_463_534_242_usize;
    for at in (1..rows.len()).rev() {
        draw = draw.wrapping_mul(1_664_525).wrapping_add(1_013_904_223) & 0xffff_ffff;
        rows.swap(at, draw % (at + 1));
    }
    assert!(
        written(&rows) == expected,
        "the order of rows changed the answer"
    );
}
