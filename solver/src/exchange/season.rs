//! What the seasons leave of a terminal's year: limits on the yearly sums of its links.

use boucle_domain::profile::MONTHS;

use super::model::{MonthSet, Terminal};
use super::period;

/// Most sets of months looked at for one terminal. Any number of them gives true limits; a terminal
/// seldom meets more than a few campaigns.
const MOST_SETS: usize = 24;

/// A limit on what links that move in `months` alone can carry together per year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SeasonLimit {
    /// The months.
    pub months: MonthSet,
    /// In the terminal's unit.
    pub most: f64,
}

/// Limits that the months set on a terminal beyond its year.
///
/// `links` tells, for each link, the months in which both its ends can move and the most it can
/// carry per year, in the terminal's unit. For any set of months, the links that move in no other
/// carry at most what the terminal has in them, and one full stock more each time the set begins:
/// the condition of Hall for a transport between months. A lot moves when it likes and has none.
pub(crate) fn limits(terminal: &Terminal, links: &[(MonthSet, f64)]) -> Vec<SeasonLimit> {
    if terminal.window.is_some() {
        return Vec::new();
    }
    let reachable = terminal.reachable_months();
    let yearly = terminal.open_yearly().units();
    let mut sets: Vec<MonthSet> = Vec::new();
    for &(months, _) in links {
        if months != 0 && months != reachable && !sets.contains(&months) {
            sets.push(months);
        }
    }
    sets.sort_unstable();
    sets.truncate(MOST_SETS);
    // Unions, in the order in which they are found.
    let mut at = 1;
    while at < sets.len() && sets.len() < MOST_SETS {
        for before in 0..at {
            let union = sets[at] | sets[before];
            if union != reachable && !sets.contains(&union) && sets.len() < MOST_SETS {
                sets.push(union);
            }
        }
        at += 1;
    }
    let capacity = terminal
        .open_storage()
        .map_or(0.0, |store| store.capacity.units());
    let limit = |&months: &MonthSet| {
        let most = period::within(&terminal.open(), months).units()
            + capacity * f64::from(beginnings(months));
        let wanted: f64 = links
            .iter()
            .filter(|(common, _)| common & !months == 0)
            .map(|(_, most)| most)
            .sum();
        (most < yearly && most < wanted).then_some(SeasonLimit { months, most })
    };
    sets.iter().filter_map(limit).collect()
}

/// How many times a set of months begins in a cyclic year.
fn beginnings(months: MonthSet) -> u32 {
    let begins = |m: usize| {
        let before = (m + MONTHS - 1) % MONTHS;
        months & (1 << m) != 0 && months & (1 << before) == 0
    };
    (0..MONTHS).filter(|&m| begins(m)).count() as u32
}

#[cfg(test)]
mod tests {
    use boucle_domain::profile::Profile;
    use boucle_domain::units::{Amount, Price};

    use super::super::model::{Store, WHOLE_YEAR};
    use super::*;

    const SUMMER: MonthSet = 0b0000_0111_0000;
    const AUTUMN: MonthSet = 0b0111_0000_0000;

    /// A need of 1 200 t a year, 100 t each month.
    fn need(room: Option<f64>) -> Terminal {
        Terminal {
            flow: 0,
            monthly: Profile::Constant.split(Amount::from_units(1200.0).unwrap()),
            window: None,
            storage: room.map(|room| Store {
                capacity: Amount::from_units(room).unwrap(),
                shelf_months: None,
            }),
            price: Price::ZERO,
            sunk: Amount::ZERO,
            held: None,
        }
    }

    #[test]
    fn two_campaigns_share_the_months_in_which_they_fall() {
        let links = [
            (SUMMER, 250.0),
            (SUMMER, 250.0),
            (AUTUMN, 250.0),
            (WHOLE_YEAR, 900.0),
        ];
        let limit = |months, most| SeasonLimit { months, most };
        assert_eq!(
            limits(&need(None), &links),
            [limit(SUMMER, 300.0), limit(SUMMER | AUTUMN, 600.0)]
        );
    }

    #[test]
    fn a_stock_adds_its_room_each_time_the_campaign_begins() {
        let twice = SUMMER | AUTUMN;
        let links = [(twice, 1000.0)];
        let limit = |most| SeasonLimit {
            months: twice,
            most,
        };
        assert_eq!(limits(&need(Some(50.0)), &links), [limit(700.0)]);
        // A campaign over New Year begins once.
        assert_eq!(beginnings(0b1000_0000_0001), 1);
    }

    #[test]
    fn a_lot_moves_when_it_likes() {
        let lot = Terminal {
            window: Some(SUMMER),
            ..need(None)
        };
        assert!(limits(&lot, &[(SUMMER & 0b0011_0000, 2000.0)]).is_empty());
    }
}
