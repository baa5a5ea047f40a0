//! Promises of the generator.

use boucle_domain::flow::Quantity;
use boucle_domain::profile::Profile;
use boucle_import::{Context, read};

use super::*;

fn knowledge() -> Knowledge {
    Knowledge::embedded().expect("the embedded catalogue is read")
}

#[test]
fn a_seed_gives_the_same_zone_and_another_seed_another() {
    let knowledge = knowledge();
    let digest = |seed| Instance::generate(60, seed, &knowledge).snapshot().digest();
    assert_eq!(digest(1), digest(1));
    assert_ne!(digest(1), digest(2));
}

#[test]
fn a_zone_read_back_from_its_csv_is_the_same_zone() {
    let knowledge = knowledge();
    let instance = Instance::generate(120, 3, &knowledge);
    let context = Context::new(&knowledge, DAY, ZoneId::new(ZONE));
    let reading = read(&instance.csv().unwrap(), "zone.csv", &context);
    let refused: Vec<_> = reading
        .findings
        .iter()
        .filter(|finding| finding.severity == boucle_domain::diagnostic::Severity::Error)
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
    let (mut before, mut after) = (instance.declaration, reading.declaration);
    for declaration in [&mut before, &mut after] {
        declaration.flows.sort_by(|a, b| a.key.cmp(&b.key));
        declaration.sites.sort_by(|a, b| a.key.cmp(&b.key));
    }
    for (a, b) in before.sites.iter().zip(&after.sites) {
        assert_eq!(a, b);
    }
    for (a, b) in before.flows.iter().zip(&after.flows) {
        assert_eq!(a, b);
    }
    assert_eq!(snapshot(before).digest(), snapshot(after).digest());
}

#[test]
fn a_zone_has_of_everything_that_makes_a_zone_hard() {
    let knowledge = knowledge();
    let instance = Instance::generate(500, 1, &knowledge);
    let flows = &instance.declaration.flows;
    let share = |holds: &dyn Fn(&Flow) -> bool| {
        flows.iter().filter(|flow| holds(flow)).count() as f64 / flows.len() as f64
    };
    assert!((1_400..1_600).contains(&flows.len()), "{}", flows.len());
    let outputs = share(&|flow| flow.key.direction == Direction::Output);
    assert!((0.45..0.55).contains(&outputs), "{outputs}");
    let seasonal = share(&|flow| {
        matches!(
            flow.quantity,
            Quantity::Rate {
                profile: Profile::Monthly(_),
                ..
            }
        )
    });
    assert!((0.11..0.19).contains(&seasonal), "{seasonal}");
    for (what, part) in [
        ("storage", share(&|flow| flow.storage.is_some())),
        (
            "contract",
            share(&|flow| flow.present.take_or_pay.is_some()),
        ),
        ("partner", share(&|flow| flow.present.partner.is_some())),
        ("hazardous", share(&Flow::is_hazardous)),
        ("analysed", share(&|flow| !flow.properties.is_empty())),
        (
            "priced",
            share(&|flow| flow.present.avoidable_price.is_some()),
        ),
    ] {
        assert!((0.01..0.6).contains(&part), "{what}: {part}");
    }
    let sites = &instance.declaration.sites;
    assert!(sites.iter().any(|site| !site.agreements.is_empty()));
}
