//! Numbers as they are read out.

use super::*;

/// French spaces made plain, to be readable here.
fn plain(text: &str) -> String {
    text.replace(['\u{202f}', '\u{a0}'], " ")
}

fn both(text: Text) -> (String, String) {
    (plain(&text.fr), text.en)
}

fn said(fr: &str, en: &str) -> (String, String) {
    (fr.to_owned(), en.to_owned())
}

fn tonnes(value: f64) -> Amount {
    Amount::from_units(value).unwrap()
}

fn euros_of(value: f64) -> Money {
    Money::from_euros(value).unwrap()
}

fn kilometres(value: f64) -> Distance {
    Distance::from_kilometres(value).unwrap()
}

#[test]
fn amounts_are_said_with_three_digits_and_no_useless_zero() {
    let yearly = |value| both(yearly(tonnes(value), Unit::Tonne));
    assert_eq!(yearly(12.0), said("12 t/an", "12 t/yr"));
    assert_eq!(yearly(0.35), said("0,35 t/an", "0.35 t/yr"));
    assert_eq!(yearly(150_000.0), said("150 000 t/an", "150,000 t/yr"));
    assert_eq!(yearly(12_345.678), said("12 300 t/an", "12,300 t/yr"));
    assert_eq!(yearly(999.9), said("1 000 t/an", "1,000 t/yr"));
    assert_eq!(yearly(0.0), said("0 t/an", "0 t/yr"));
    assert_eq!(yearly(-1.5), said("−1,5 t/an", "−1.5 t/yr"));
    assert_eq!(
        amount(tonnes(7.0), Unit::CubicMetre).fr,
        "7\u{a0}m³",
        "a lot is not by year, and its unit stays on its line"
    );
}

#[test]
fn pieces_take_the_plural_of_their_language() {
    let pieces = |value| both(yearly(tonnes(value), Unit::Piece));
    assert_eq!(pieces(1.0), said("1 pièce/an", "1 piece/yr"));
    assert_eq!(pieces(1.5), said("1,5 pièce/an", "1.5 pieces/yr"));
    assert_eq!(pieces(40.0), said("40 pièces/an", "40 pieces/yr"));
    let seats = yearly(tonnes(12.0), Unit::Seat);
    assert_eq!(both(seats), said("12 places", "12 seats"));
}

#[test]
fn every_unit_has_a_name_in_both_languages() {
    for unit in Unit::ALL {
        for many in [false, true] {
            let name = unit_name(unit, many);
            assert!(!name.fr.is_empty() && !name.en.is_empty(), "{unit}");
        }
    }
}

#[test]
fn money_is_said_in_whole_euros_and_ranges_with_one_unit() {
    assert_eq!(
        both(money(euros_of(12_400.0))),
        said("12 400 EUR/an", "12,400 EUR/yr")
    );
    assert_eq!(both(money(euros_of(8.4))), said("8 EUR/an", "8 EUR/yr"));
    assert_eq!(
        both(money(euros_of(0.354))),
        said("0,354 EUR/an", "0.354 EUR/yr")
    );
    let range = Interval::new(euros_of(8_000.0), euros_of(9_000.0), euros_of(15_000.0)).unwrap();
    assert_eq!(
        both(money_range(&range)),
        said(
            "entre 8 000 et 15 000 EUR/an",
            "between 8,000 and 15,000 EUR/yr"
        )
    );
    assert_eq!(
        both(money_range(&Interval::exact(euros_of(12_400.0)))),
        said("12 400 EUR/an", "12,400 EUR/yr")
    );
    assert_eq!(
        both(price_range(
            Price::from_euros(-2.0).unwrap(),
            Price::from_euros(9.5).unwrap(),
            Unit::Tonne
        )),
        said("entre −2 et 9,5 EUR/t", "between −2 and 9.5 EUR/t")
    );
    assert_eq!(
        both(price(Price::from_euros(12.5).unwrap(), Unit::CubicMetre)),
        said("12,5 EUR/m³", "12.5 EUR/m³")
    );
}

#[test]
fn two_compared_values_are_told_apart() {
    let (gain, link) = money_pair(euros_of(1_199.6), euros_of(1_200.0));
    assert_ne!(gain, link);
    assert_eq!(
        (plain(&gain.fr).as_str(), plain(&link.fr).as_str()),
        ("1 199,6 EUR/an", "1 200 EUR/an")
    );
    let (far, limit) = distance_pair(kilometres(50.01), kilometres(50.0));
    assert_eq!(
        (plain(&far.fr).as_str(), plain(&limit.fr).as_str()),
        ("50,01 km", "50 km")
    );
    let (a, b) = yearly_pair(tonnes(9.999), tonnes(10.0), Unit::Tonne);
    assert_eq!(
        (plain(&a.fr).as_str(), plain(&b.fr).as_str()),
        ("9,999 t/an", "10 t/an")
    );
    let (a, b) = distance_pair(kilometres(50.0), kilometres(50.0));
    assert_eq!(a, b);
}

#[test]
fn distances_are_metres_then_kilometres() {
    assert_eq!(both(distance(kilometres(0.8))), said("800 m", "800 m"));
    assert_eq!(both(distance(kilometres(12.4))), said("12,4 km", "12.4 km"));
    assert_eq!(both(distance(kilometres(4.09))), said("4,1 km", "4.1 km"));
    assert_eq!(both(distance(kilometres(123.4))), said("123 km", "123 km"));
    assert_eq!(both(distance(Distance::ZERO)), said("0 m", "0 m"));
}

#[test]
fn carbon_is_said_in_the_unit_of_its_size() {
    let carbon = |low, high| {
        let [low, high] = [low, high].map(Carbon::from_kilograms);
        both(carbon_range(&Interval::new(low, low, high).unwrap()))
    };
    assert_eq!(
        carbon(350.0, 350.0),
        said("350 kg CO2e/an", "350 kg CO2e/yr")
    );
    assert_eq!(
        carbon(800.0, 12_400.0),
        said(
            "entre 0,8 et 12,4 t CO2e/an",
            "between 0.8 and 12.4 t CO2e/yr"
        )
    );
    assert_eq!(carbon(f64::INFINITY, f64::INFINITY).0, "? t CO2e/an");
}

#[test]
fn percentages_and_written_numbers_follow_the_language() {
    assert_eq!(both(percent(0.25)), said("25 %", "25%"));
    assert_eq!(both(written("0.10")), said("0,10", "0.10"));
    assert_eq!(both(written("15000")), said("15 000", "15,000"));
    assert_eq!(both(written("A,B")), said("A,B", "A,B"));
    assert_eq!(both(written("")), said("", ""));
    assert_eq!(both(value(0.3 - 0.1)), said("0,2", "0.2"));
    assert_eq!(both(value(-0.0)), said("0", "0"));
    assert_eq!(both(count(12_000)), said("12 000", "12,000"));
}

#[test]
fn a_campaign_is_read_as_a_span_of_months() {
    let of = |list: &[usize]| {
        let mut marked = [false; 12];
        for &month in list {
            marked[month - 1] = true;
        }
        both(months(marked))
    };
    assert_eq!(
        of(&[10, 11, 12, 1]),
        said("octobre à janvier", "October to January")
    );
    assert_eq!(of(&[6]).1, "June");
    assert_eq!(of(&[2, 3, 6]).1, "February to March and June");
    assert_eq!(
        of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).0,
        "toute l'année"
    );
    assert_eq!(of(&[]).0, "");
    assert_eq!(
        both(day(jiff::civil::date(2026, 2, 9))),
        said("9 février 2026", "9 February 2026")
    );
}
