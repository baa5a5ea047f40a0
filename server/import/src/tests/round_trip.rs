//! What is exported comes back the same, whatever the quantity and its unit. Firms are invented.

use boucle_domain::text::Language;
use proptest::prelude::*;

use super::*;

/// A number as people write it: up to six decimals, with either mark.
fn number() -> impl Strategy<Value = String> {
    (0u32..2_000_000, 0u32..1_000_000, 0usize..=6, any::<bool>()).prop_map(
        |(whole, rest, decimals, comma)| match decimals {
            0 => whole.to_string(),
            _ => {
                let rest = &format!("{rest:06}")[..decimals];
                format!("{whole}{}{rest}", if comma { ',' } else { '.' })
            }
        },
    )
}

/// A quantity or an interval, its unit and its period.
fn row() -> impl Strategy<Value = String> {
    const UNITS: [&str; 9] = ["t", "kg", "m3", "L", "MWh", "kWh", "Mt", "GJ", "palette"];
    const PERIODS: [&str; 6] = ["an", "mois", "semaine", "jour", "trimestre", "unique"];
    (
        number(),
        proptest::option::of(number()),
        prop::sample::select(&UNITS[..]),
        prop::sample::select(&PERIODS[..]),
        any::<bool>(),
    )
        .prop_map(|(low, high, unit, period, output)| {
            let quantity = match high {
                Some(high) => format!("{low}..{high}"),
                None => low,
            };
            let way = if output { "sortant" } else { "entrant" };
            format!("{way};{quantity};{unit};{period}")
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_quantity_of_any_decimals_and_unit_is_exported_and_read_back_unchanged(
        rows in prop::collection::vec(row(), 1..6)
    ) {
        let mut text = "Entreprise;Réf.;Désignation;Sens;Quantité;Unité;Période\n".to_owned();
        for (at, row) in rows.iter().enumerate() {
            text.push_str(&format!("Usine A (fictif);r{at};Flux {at};{row}\n"));
        }
        // What a row may not say is refused; what it may is kept.
        let stored = read_text(&text).declaration;
        for format in [Format::Csv, Format::Xlsx] {
            for language in [Language::Fr, Language::En] {
                let bytes = export(&stored, language, format).unwrap();
                let known = context().with_known(stored.firms.clone(), stored.sites.clone());
                let again = read(&bytes, "export", &known);
                let found = changes(&stored, &again.declaration, Mode::Replace);
                prop_assert!(found.is_empty(), "{text}\n{found:?}\n{:?}", again.findings);
                prop_assert_eq!(&again.declaration.flows, &stored.flows);
            }
        }
    }
}

#[test]
fn three_decimals_and_more_are_kept_to_the_thousandth() {
    let text = "Entreprise;Désignation;Sens;Quantité;Unité;Période\n\
        Usine A (fictif);a;sortant;0,001;t;an\n\
        Usine A (fictif);b;sortant;1234,567;t;an\n\
        Usine A (fictif);c;sortant;12,3456;t;an\n\
        Usine A (fictif);d;sortant;1500,5;kg;an\n";
    let reading = read_text(text);
    assert!(!reading.is_refused(), "{:?}", reading.findings);
    let amounts = |declaration: &Declaration| -> Vec<i64> {
        let flows = declaration.flows.iter();
        flows
            .map(|flow| flow.quantity.amount().mid().milli())
            .collect()
    };
    assert_eq!(amounts(&reading.declaration), [1, 1_234_567, 12_346, 1_501]);
    for format in [Format::Csv, Format::Xlsx] {
        let bytes = export(&reading.declaration, Language::Fr, format).unwrap();
        let again = read(&bytes, "export", &context()).declaration;
        assert_eq!(amounts(&again), amounts(&reading.declaration));
    }
}
