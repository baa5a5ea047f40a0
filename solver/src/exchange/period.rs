//! Periods of a component: the common refinement of its profiles.

use boucle_domain::profile::MONTHS;
use boucle_domain::units::Amount;

use super::model::{Model, MonthSet, Terminal, WHOLE_YEAR};

/// Sets of months that partition the year, each treated as one period.
///
/// Months are merged when every terminal has the same amount in each of them (to the rounding of
/// the monthly split) and no window tells them apart. With storage anywhere, the twelve months
/// stay apart, since the stock needs their order.
pub(crate) fn refine(model: &Model, sources: &[usize], sinks: &[usize]) -> Vec<MonthSet> {
    let terminals = || {
        sources
            .iter()
            .map(|&o| &model.sources[o])
            .chain(sinks.iter().map(|&i| &model.sinks[i]))
    };
    let varies =
        |t: &&Terminal| t.window.is_some() || !(1..MONTHS).all(|m| alike(t.open()[0], t.open()[m]));
    if !terminals().any(|t| varies(&t)) {
        return vec![WHOLE_YEAR];
    }
    if terminals().any(|t| t.open_storage().is_some()) {
        return (0..MONTHS).map(|m| 1 << m).collect();
    }
    let mut periods: Vec<(usize, MonthSet)> = Vec::new();
    for month in 0..MONTHS {
        let same = |first: usize| terminals().all(|t| indistinct(t, first, month));
        match periods.iter_mut().find(|(first, _)| same(*first)) {
            Some((_, set)) => *set |= 1 << month,
            None => periods.push((month, 1 << month)),
        }
    }
    periods.into_iter().map(|(_, set)| set).collect()
}

/// Sum of a terminal's months within a period.
pub(crate) fn within(monthly: &[Amount; MONTHS], period: MonthSet) -> Amount {
    (0..MONTHS)
        .filter(|m| period & (1 << m) != 0)
        .map(|m| monthly[m])
        .sum()
}

/// Whether two months of a terminal may be merged.
fn indistinct(terminal: &Terminal, a: usize, b: usize) -> bool {
    match terminal.window {
        Some(window) => (window >> a) & 1 == (window >> b) & 1,
        None => alike(terminal.open()[a], terminal.open()[b]),
    }
}

/// Equal to the rounding of a monthly split (one thousandth of the unit), zero only to zero.
fn alike(a: Amount, b: Amount) -> bool {
    (a.milli() - b.milli()).abs() <= 1 && (a == Amount::ZERO) == (b == Amount::ZERO)
}

#[cfg(test)]
mod tests {
    use boucle_domain::profile::Profile;
    use boucle_domain::units::Price;

    use super::*;

    fn terminal(profile: Profile) -> Terminal {
        let monthly = profile.split(Amount::from_milli(1_000_003));
        Terminal {
            flow: 0,
            monthly,
            window: None,
            storage: None,
            price: Price::ZERO,
            sunk: Amount::ZERO,
            held: None,
        }
    }

    #[test]
    fn constant_profiles_give_one_period() {
        let model = Model {
            sources: vec![terminal(Profile::Constant)],
            ..Model::default()
        };
        assert_eq!(refine(&model, &[0], &[]), [WHOLE_YEAR]);
    }

    #[test]
    fn a_campaign_splits_the_year_in_two() {
        let model = Model {
            sources: vec![terminal(Profile::campaign(9, 12).unwrap())],
            sinks: vec![terminal(Profile::Constant)],
            ..Model::default()
        };
        assert_eq!(
            refine(&model, &[0], &[0]),
            [0b0000_1111_1111, 0b1111_0000_0000]
        );
    }
}
