//! The check must see every change of a reported quantity or amount.

#[allow(dead_code, reason = "each test file uses its part of the builder")]
mod zone;

use boucle_domain::flow::Quantity;
use boucle_domain::interval::Interval;
use boucle_domain::profile::Profile;
use boucle_domain::settings::{ForbiddenLink, Settings};
use boucle_solver::answer::Answer;
use boucle_solver::{Breach, check};
use serde_json::Value;
use zone::{Park, amount, knowledge, settings, storage};

/// A campaign with a store, a second donor with a smaller ratio, an existing exchange, a lead to check.
fn park() -> Park {
    let mut park = Park::default();
    for (name, east) in [
        ("ferme", 0.0),
        ("scierie", 8.0),
        ("usine", 5.0),
        ("carriere", 12.0),
        ("platrier", 20.0),
    ] {
        park.site(name, east);
    }
    let straw = park.output("ferme", "straw", 600.0, 40.0);
    straw.quantity = Quantity::Rate {
        yearly: Interval::exact(amount(600.0)),
        profile: Profile::campaign(8, 10).unwrap(),
    };
    straw.storage = storage(300.0, None);
    park.output("scierie", "bark", 300.0, 30.0);
    park.output("scierie", "sawdust", 90.0, 90.0);
    park.input("usine", 500.0, 60.0);
    park.input("platrier", 100.0, 45.0);
    park
}

fn breaches(park: &Park, settings: &Settings, answer: &Answer) -> Vec<Breach> {
    check(&park.snapshot(), knowledge(), settings, answer)
}

/// Paths of every number of an answer; what the user set and the solver's name are no quantities.
fn numbers(path: &str, value: &Value, found: &mut Vec<String>) {
    const APART: [&str; 2] = ["/settings", "/solver_version"];
    if APART.iter().any(|apart| path.contains(apart)) {
        return;
    }
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, field)| numbers(&format!("{path}/{key}"), field, found)),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(at, item)| numbers(&format!("{path}/{at}"), item, found));
        }
        Value::Number(_) => found.push(path.to_owned()),
        _ => {}
    }
}

#[test]
fn every_reported_number_that_is_changed_is_seen() {
    let park = park();
    let answer = park.solved();
    let written = serde_json::to_value(&answer).unwrap();
    let mut paths = Vec::new();
    numbers("", &written, &mut paths);
    assert!(paths.len() > 200, "{}", paths.len());
    let mut unseen = Vec::new();
    let mut tried = 0;
    for path in &paths {
        let mut changed = written.clone();
        let slot = changed.pointer_mut(path).unwrap();
        *slot = match slot.as_i64() {
            Some(whole) => Value::from(whole + 1),
            None => Value::from(slot.as_f64().unwrap() * 1.001 + 0.01),
        };
        // A change that no longer is an answer (an interval out of order is still one) is seen too.
        let Ok(changed) = serde_json::from_value::<Answer>(changed) else {
            continue;
        };
        tried += 1;
        if breaches(&park, &settings(), &changed).is_empty() {
            unseen.push(path.clone());
        }
    }
    assert!(tried > 200, "{tried}");
    assert!(unseen.is_empty(), "{unseen:?}");
}

#[test]
fn an_arc_in_use_that_is_removed_is_seen() {
    let park = park();
    let answer = park.solved();
    let used = &answer.proposals[0].pair;
    let forbidden = ForbiddenLink {
        output: used.output.clone(),
        input: used.input.clone(),
        rule: None,
        reason: "essai".into(),
    };
    let without = Settings {
        forbidden: vec![forbidden],
        ..settings()
    };
    let found = breaches(&park, &without, &answer);
    assert!(
        found
            .iter()
            .any(|breach| breach.rule == "the pair is a candidate"),
        "{found:?}"
    );
    // And one that is taken out of the answer leaves units unaccounted for.
    let mut shorter = answer.clone();
    shorter.proposals.remove(0);
    assert!(
        breaches(&park, &settings(), &shorter)
            .iter()
            .any(|breach| breach.rule == "exchanged as proposed")
    );
}

#[test]
fn a_bound_tightened_below_its_flow_is_seen() {
    let park = park();
    let answer = park.solved();
    for (position, flow) in park.flows.iter().enumerate() {
        let account = answer
            .accounts
            .iter()
            .find(|account| account.flow == flow.key)
            .unwrap();
        let Quantity::Rate { profile, .. } = flow.quantity else {
            continue;
        };
        if account.exchanged == boucle_domain::units::Amount::ZERO {
            continue;
        }
        let mut tighter = park.clone();
        let less = amount(account.exchanged.units() - 1.0);
        tighter.flows[position].quantity = Quantity::Rate {
            yearly: Interval::exact(less),
            profile,
        };
        let found = breaches(&tighter, &settings(), &answer);
        assert!(
            found
                .iter()
                .any(|breach| breach.rule == "declared as in the snapshot"),
            "{} {found:?}",
            flow.key
        );
    }
    let mut smaller = park.clone();
    smaller.flows[0].storage = storage(10.0, None);
    let found = breaches(&smaller, &settings(), &answer);
    assert!(
        found
            .iter()
            .any(|breach| breach.rule == "stock fits its room"),
        "{found:?}"
    );
}
