//! Each fault gets its code, at its field, all at once.

use super::*;

/// A code, the field it is found at, and the words that provoke it.
type Case = (Code, Field, &'static [(Field, &'static str)]);

#[test]
fn a_whole_row_has_no_finding() {
    assert_eq!(findings(&gypsum()), vec![]);
}

#[test]
fn each_fault_of_a_row_gets_its_code_at_its_field() {
    use Field as F;
    let cases: &[Case] = &[
        (Code::E1007, F::Quantity, &[(F::Quantity, "#REF!")]),
        (Code::E1101, F::Unit, &[(F::Unit, "to")]),
        (Code::E1102, F::Period, &[(F::Period, "heure")]),
        (
            Code::E1102,
            F::Unit,
            &[(F::Unit, "t/heure"), (F::Period, "")],
        ),
        (Code::E1103, F::Quantity, &[(F::Quantity, "beaucoup")]),
        (Code::E1103, F::Quantity, &[(F::Quantity, "12 bidules")]),
        (Code::E1112, F::Quantity, &[(F::Quantity, "n.d.")]),
        (Code::E1113, F::Unit, &[(F::Quantity, "12 kg")]),
        (
            Code::I3104,
            F::Quantity,
            &[(F::Quantity, "2 bennes de 8 t")],
        ),
        (Code::E1104, F::Quantity, &[(F::Quantity, "-12")]),
        (Code::E1104, F::Quantity, &[(F::Quantity, "1e300")]),
        (Code::E1105, F::Quantity, &[(F::Quantity, "15..10")]),
        (Code::E1105, F::QuantityHigh, &[(F::QuantityHigh, "100")]),
        (Code::E1106, F::Unit, &[(F::Unit, "palettes")]),
        (
            Code::E1107,
            F::Density,
            &[
                (F::Direction, "entrant"),
                (F::Resource, "mat.mineral.gypsum"),
                (F::Unit, "m3"),
            ],
        ),
        (
            Code::E1108,
            F::HeatingValue,
            &[(F::Direction, "entrant"), (F::Resource, "en.fuel.biomass")],
        ),
        (Code::E1109, F::Name, &[(F::Name, "")]),
        (Code::E1109, F::Name, &[(F::Name, "…"), (F::Ref, "")]),
        (Code::E1109, F::Quantity, &[(F::Quantity, "")]),
        (Code::E1109, F::Firm, &[(F::Firm, "")]),
        (Code::E1110, F::Direction, &[(F::Direction, "latéral")]),
        (Code::E1110, F::Visibility, &[(F::Visibility, "secret")]),
        (Code::E1111, F::Period, &[(F::Unit, "t/mois")]),
        (Code::E1201, F::SiteId, &[(F::SiteId, "8,00123E+13")]),
        (Code::E1201, F::SiteId, &[(F::SiteId, "1234567890123")]),
        (Code::E1201, F::FirmId, &[(F::FirmId, "CVR:12")]),
        (Code::E1202, F::Activity, &[(F::Activity, "99.99Z")]),
        (Code::E1203, F::Commune, &[(F::Commune, "Atlantide")]),
        (Code::E1204, F::Commune, &[(F::Commune, "Saint-Denis")]),
        (
            Code::E1205,
            F::Latitude,
            &[(F::Latitude, "6612345"), (F::Longitude, "2,3")],
        ),
        (Code::E1205, F::Longitude, &[(F::Latitude, "51,03")]),
        (Code::E1301, F::WasteCode, &[(F::WasteCode, "99 99 99")]),
        (Code::W2307, F::WasteCode, &[(F::WasteCode, "10/01/2002")]),
        (Code::W2307, F::WasteCode, &[(F::WasteCode, "2002-01-10")]),
        (Code::E1301, F::WasteCode, &[(F::WasteCode, "31/12/2030")]),
        (
            Code::E1302,
            F::Hazardous,
            &[(F::WasteCode, "06 01 01*"), (F::Hazardous, "non")],
        ),
        (Code::E1303, F::Resource, &[(F::Resource, "DON:fgd_gypse")]),
        (Code::E1304, F::Resource, &[(F::Direction, "entrant")]),
        (
            Code::E1305,
            F::WasteCode,
            &[(F::WasteCode, "15 01 01; 15 01 02")],
        ),
        (
            Code::E1306,
            F::Properties,
            &[(F::Properties, "moisture_pct 12")],
        ),
        (
            Code::E1306,
            F::Properties,
            &[(F::Properties, "moisture_pct=12; moisture_pct=13")],
        ),
        (Code::E1307, F::WasteCode, &[(F::WasteCode, "15 01 01*")]),
        (
            Code::E1401,
            F::ContractEnd,
            &[(F::ContractEnd, "31/02/2027")],
        ),
        (
            Code::E1402,
            F::ValidTo,
            &[(F::ValidFrom, "2027-01-01"), (F::ValidTo, "2026-01-01")],
        ),
        (Code::E1403, F::Profile, &[(F::Profile, "parfois")]),
        (Code::E1403, F::Profile, &[(F::M01, "3")]),
        (
            Code::E1502,
            F::PriceUnit,
            &[
                (F::Price, "80"),
                (F::PriceYear, "2026"),
                (F::PriceUnit, "palette"),
            ],
        ),
        (Code::W2101, F::Quantity, &[(F::Quantity, "1.234")]),
        (Code::W2102, F::Quantity, &[(F::Quantity, "<5")]),
        (Code::W2103, F::Quantity, &[(F::Quantity, "0")]),
        (Code::W2201, F::FirmId, &[(F::FirmId, "123456789")]),
        (
            Code::W2202,
            F::SiteId,
            &[(F::FirmId, "356000000"), (F::SiteId, "12002701600563")],
        ),
        (
            Code::W2203,
            F::Latitude,
            &[
                (F::Commune, "59183"),
                (F::Latitude, "43,3"),
                (F::Longitude, "5,4"),
            ],
        ),
        (
            Code::W2302,
            F::Hazardous,
            &[(F::WasteCode, "15 01 01"), (F::Hazardous, "oui")],
        ),
        (Code::W2303, F::WasteCode, &[(F::WasteCode, "060101")]),
        (
            Code::W2305,
            F::Properties,
            &[(F::Properties, "chlorure_pct=2")],
        ),
        (Code::W2306, F::WasteCode, &[(F::WasteCode, "60101")]),
        (Code::W2401, F::AvailableFrom, &[(F::Period, "lot")]),
        (
            Code::W2402,
            F::ContractEnd,
            &[(F::ContractEnd, "2020-01-01")],
        ),
        (
            Code::W2403,
            F::AvailableFrom,
            &[(F::AvailableFrom, "2027-01-01")],
        ),
        (Code::W2404, F::ValidTo, &[(F::ValidTo, "2020-01-01")]),
        (
            Code::W2501,
            F::TakeOrPay,
            &[(F::TakeOrPay, "1300"), (F::ContractEnd, "2028-01-01")],
        ),
        (Code::W2502, F::PriceYear, &[(F::Price, "80")]),
        (Code::W2503, F::ContractEnd, &[(F::TakeOrPay, "100")]),
        (Code::W2504, F::MinimumLot, &[(F::MinimumLot, "1300")]),
        (
            Code::W2601,
            F::AgreementTo,
            &[
                (F::AgreementReference, "A-1"),
                (F::AgreementWasteCodes, "13 02 05*"),
                (F::AgreementTo, "2020-01-01"),
            ],
        ),
        (
            Code::E1109,
            F::AgreementWasteCodes,
            &[(F::AgreementReference, "A-1")],
        ),
        (Code::I3101, F::Quantity, &[(F::Quantity, "env. 30")]),
        (
            Code::I3102,
            F::Unit,
            &[
                (F::Resource, "DON:bark"),
                (F::Name, "écorces"),
                (F::Unit, "m3"),
            ],
        ),
        (Code::I3103, F::Quantity, &[(F::Period, "jour ouvré")]),
        (
            Code::I3301,
            F::Name,
            &[(F::Resource, ""), (F::Name, "bidule")],
        ),
        (
            Code::I3302,
            F::Name,
            &[(F::Resource, ""), (F::Name, "écorces")],
        ),
    ];
    let mut failures = Vec::new();
    for (code, field, changes) in cases {
        let mut draft = gypsum();
        for (field, text) in *changes {
            draft.set(*field, text);
        }
        let found = findings(&draft);
        if !found.contains(&(*code, Some(*field))) {
            failures.push(format!(
                "{code} at {} wanted, found {found:?}",
                field.code()
            ));
        }
    }
    let mut draft = gypsum();
    for field in Field::MONTHS {
        draft.set(field, "0");
    }
    assert!(findings(&draft).contains(&(Code::E1404, Some(Field::M01))));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_period_that_is_none_inside_a_unit_is_mended_together_with_the_unit() {
    let draft = gypsum().with(Field::Unit, "m3/h").with(Field::Period, "");
    let read = read_row(&draft, &context());
    let finding = read
        .findings
        .iter()
        .find(|finding| finding.code == Code::E1102);
    assert!(finding.unwrap().fix.fr.contains("« m3/an »"), "{finding:?}");
}

#[test]
fn a_name_that_several_resources_bear_asks_which() {
    let shared = knowledge()
        .resources()
        .iter()
        .flat_map(|resource| resource.synonyms_fr.iter().chain(&resource.synonyms_en))
        .find(|word| knowledge().recognise_label(word, Direction::Input).len() > 1);
    let Some(word) = shared else { return };
    let draft = gypsum()
        .with(Field::Direction, "entrant")
        .with(Field::Resource, "")
        .with(Field::Name, word);
    assert!(findings(&draft).contains(&(Code::W2304, Some(Field::Name))));
}

#[test]
fn a_name_whose_unit_does_not_fit_is_no_identity_and_says_so() {
    let draft = gypsum()
        .with(Field::Direction, "entrant")
        .with(Field::Resource, "")
        .with(Field::Name, "énergie")
        .with(Field::Unit, "t");
    let read = read_row(&draft, &context());
    let told: Vec<Code> = read.findings.iter().map(|finding| finding.code).collect();
    assert!(
        told.contains(&Code::W2308) && !told.contains(&Code::I3302),
        "{told:?}"
    );
    let flow = read.value.flow.expect("the flow is kept");
    assert_eq!(flow.identity, Identity::Unrecognised);
}

#[test]
fn a_waste_that_rules_count_in_pieces_may_be_declared_by_mass() {
    for resource in ["DON:pallets", ""] {
        let draft = gypsum()
            .with(Field::Resource, resource)
            .with(Field::Name, "Palettes réparables")
            .with(Field::WasteCode, "")
            .with(Field::Unit, "t");
        let read = read_row(&draft, &context());
        let flow = read.value.flow.expect("the flow is kept");
        assert_eq!(flow.identity.key(), "DON:pallets", "{:?}", read.findings);
        assert_eq!(flow.unit, Unit::Tonne);
    }
}

#[test]
fn every_finding_of_a_row_is_made_at_once() {
    let draft = gypsum()
        .with(Field::Quantity, "beaucoup")
        .with(Field::Unit, "to")
        .with(Field::Direction, "latéral")
        .with(Field::WasteCode, "99 99 99")
        .with(Field::ContractEnd, "jamais")
        .with(Field::Latitude, "nord");
    let found = findings(&draft);
    for code in [
        Code::E1103,
        Code::E1101,
        Code::E1110,
        Code::E1301,
        Code::E1401,
        Code::E1205,
    ] {
        assert!(
            found.iter().any(|(other, _)| *other == code),
            "{code} in {found:?}"
        );
    }
}

#[test]
fn every_finding_speaks_both_languages() {
    let draft = gypsum()
        .with(Field::Quantity, "1.234")
        .with(Field::Unit, "to")
        .with(Field::WasteCode, "60101");
    for finding in read_row(&draft, &context()).findings {
        for text in [&finding.cause, &finding.fix] {
            assert!(
                !text.fr.is_empty() && !text.en.is_empty() && text.fr != text.en,
                "{finding:?}"
            );
        }
    }
}

#[test]
fn an_output_under_a_key_no_rule_starts_from_is_doubted() {
    let lone = knowledge()
        .resources()
        .iter()
        .find(|resource| {
            resource.kind == crate::knowledge::Kind::Material
                && knowledge()
                    .rules_of_resource(&resource.key)
                    .next()
                    .is_none()
        })
        .unwrap();
    let draft = gypsum().with(Field::Resource, lone.key.as_str());
    assert!(findings(&draft).contains(&(Code::W2301, Some(Field::Resource))));
}
