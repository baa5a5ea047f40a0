//! Money of the links of a plan, each part in integers, so that they sum to the gain of the zone.

use boucle_domain::interval::Interval;
use boucle_domain::units::{Amount, Money, Price};

use crate::answer::{DefaultPrice, Economics};
use crate::candidates::economics::UnitEconomics;
use crate::candidates::pair::Arc;
use crate::exchange::cost;
use crate::exchange::model::Model;
use crate::exchange::plan::Plan;
use crate::reading;

/// What each end of a plan's links avoids, shared out between them.
pub(crate) struct Avoided {
    /// By link: avoided at its source.
    pub source: Vec<Money>,
    /// By link: avoided at its sink.
    pub sink: Vec<Money>,
}

/// Shares out what each terminal avoids between its new links, in proportion to what they carry.
///
/// A terminal whose outlet is partly paid anyway avoids less than its price; every link of the
/// terminal bears its part of that. Existing links avoid nothing.
pub(crate) fn avoided(model: &Model, plan: &Plan) -> Avoided {
    let links = model.links.len();
    let mut avoided = Avoided {
        source: vec![Money::ZERO; links],
        sink: vec![Money::ZERO; links],
    };
    let carries =
        |link: &usize| !model.links[*link].existing && plan.yearly_sent(*link) > Amount::ZERO;
    let mut by_source: Vec<Vec<usize>> = vec![Vec::new(); model.sources.len()];
    let mut by_sink: Vec<Vec<usize>> = vec![Vec::new(); model.sinks.len()];
    for link in (0..links).filter(carries) {
        by_source[model.links[link].source].push(link);
        by_sink[model.links[link].sink].push(link);
    }
    let year = |months: &[Amount; 12]| months.iter().copied().sum::<Amount>();
    for (terminal, of_terminal) in by_source.iter().enumerate() {
        let parts: Vec<Amount> = of_terminal
            .iter()
            .map(|&link| plan.yearly_sent(link))
            .collect();
        let rest = year(&plan.source_rest[terminal]);
        share_out(
            &model.sources[terminal],
            rest,
            of_terminal,
            &parts,
            &mut avoided.source,
        );
    }
    for (terminal, of_terminal) in by_sink.iter().enumerate() {
        let parts: Vec<Amount> = of_terminal
            .iter()
            .map(|&link| plan.yearly_received(link))
            .collect();
        let rest = year(&plan.sink_rest[terminal]);
        share_out(
            &model.sinks[terminal],
            rest,
            of_terminal,
            &parts,
            &mut avoided.sink,
        );
    }
    avoided
}

/// Cost of the terminal without its new links, less its cost with them, split by `parts`.
fn share_out(
    terminal: &crate::exchange::model::Terminal,
    rest: Amount,
    links: &[usize],
    parts: &[Amount],
    shares: &mut [Money],
) {
    let total: Amount = parts.iter().copied().sum();
    let saved = cost::of_rest(terminal, rest + total) - cost::of_rest(terminal, rest);
    let mut before = 0i128;
    let mut given = 0i64;
    for (&link, part) in links.iter().zip(parts) {
        before += i128::from(part.milli());
        let until = (i128::from(saved.milli()) * before / i128::from(total.milli().max(1))) as i64;
        shares[link] = Money::from_milli(until - given);
        given = until;
    }
}

/// Amounts a link carries per year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Carried {
    /// Sent, in source units.
    pub sent: Amount,
    /// Received, in sink units.
    pub received: Amount,
}

/// Economics of a link: `outlet` and `supply` are what its ends avoid at mid prices.
///
/// `quantity` is the declared quantity of the output, whose uncertainty scales what can flow.
pub(crate) fn economics(
    arc: &Arc<'_>,
    carried: Carried,
    outlet: Money,
    supply: Money,
    quantity: Interval<Amount>,
    prices: &[DefaultPrice],
) -> Economics {
    let unit = &arc.money;
    let link = if arc.existing {
        Interval::exact(Money::ZERO)
    } else {
        arc.offer.link
    };
    let part = |price: Interval<Price>| price.map(|price| price.of(carried.sent));
    let zero = Interval::exact(Money::ZERO);
    let (treatment, transport) = if arc.existing {
        (zero, zero)
    } else {
        (part(unit.treatment), part(unit.transport))
    };
    let spent = if arc.existing {
        Money::ZERO
    } else {
        unit.cost().of(carried.sent)
    };
    // The model rounds the three costs once, on their sum; the last part takes what is left.
    let residue_mid = spent - treatment.mid() - transport.mid();
    let residue = if arc.existing {
        zero
    } else {
        part(unit.residue)
    };
    let residue = Interval::spanning(
        residue.low().min(residue_mid),
        residue_mid,
        residue.high().max(residue_mid),
    );
    let outlet_avoided = around(outlet, unit.outlet, carried.sent);
    let supply_avoided = supply_interval(supply, unit, carried);
    let gain_mid = outlet + supply - spent - link.mid();
    let costs =
        |pick: fn(&Interval<Money>) -> Money| pick(&treatment) + pick(&transport) + pick(&residue);
    let low = outlet_avoided.low() + supply_avoided.low() - costs(Interval::high);
    let high = outlet_avoided.high() + supply_avoided.high() - costs(Interval::low);
    let scale = |money: Money, amount: Amount| scaled(money, amount, quantity.mid());
    let bounds = |money: Money| {
        [
            money,
            scale(money, quantity.low()),
            scale(money, quantity.high()),
        ]
    };
    let low = bounds(low).into_iter().min().unwrap_or(low) - link.high();
    let high = bounds(high).into_iter().max().unwrap_or(high) - link.low();
    let half = Money::from_milli(link.mid().milli() / 2);
    let giver = outlet - half;
    let taker = gain_mid - giver;
    let half_interval = link.map(|money| Money::from_milli(money.milli() / 2));
    let giver_gain = Interval::spanning(
        (outlet_avoided.low() - half_interval.high()).min(giver),
        giver,
        (outlet_avoided.high() - half_interval.low()).max(giver),
    );
    let taker_gain = Interval::spanning(
        (supply_avoided.low() - costs(Interval::high) - half_interval.high()).min(taker),
        taker,
        (supply_avoided.high() - costs(Interval::low) - half_interval.low()).max(taker),
    );
    Economics {
        outlet_avoided,
        supply_avoided,
        treatment,
        transport,
        residue,
        link,
        gain: Interval::spanning(low.min(gain_mid), gain_mid, high.max(gain_mid)),
        giver_gain,
        taker_gain,
        price_range: price_range(giver, taker, carried.sent),
        defaults: defaults(arc, prices),
    }
}

/// Prices per unit sent that leave neither worse off: at least what the giver loses without one, at
/// most what the taker gains without one.
fn price_range(giver: Money, taker: Money, sent: Amount) -> Option<(Price, Price)> {
    let per_unit = |money: Money| Price::from_euros(money.euros() / sent.units());
    if sent <= Amount::ZERO || giver + taker < Money::ZERO {
        return None;
    }
    Some((per_unit(-giver)?, per_unit(taker)?))
}

/// What an end avoids at its price bounds, the share of it that is paid anyway staying the same.
fn around(mid: Money, price: Interval<Price>, amount: Amount) -> Interval<Money> {
    let full = price.mid().of(amount);
    let part = |bound: Price| {
        let at_bound = bound.of(amount);
        if full == Money::ZERO {
            at_bound
        } else {
            scaled_money(at_bound, mid, full)
        }
    };
    Interval::spanning(part(price.low()).min(mid), mid, part(price.high()).max(mid))
}

/// The same for the need, whose covered amount moves with the ratio.
fn supply_interval(mid: Money, unit: &UnitEconomics, carried: Carried) -> Interval<Money> {
    let at = |ratio: boucle_domain::units::Ratio, price: Price| price.of(ratio.of(carried.sent));
    let full = unit.supply.mid().of(carried.received);
    let corners = [
        at(unit.ratio.low(), unit.supply.low()),
        at(unit.ratio.low(), unit.supply.high()),
        at(unit.ratio.high(), unit.supply.low()),
        at(unit.ratio.high(), unit.supply.high()),
    ];
    let part = |corner: Money| {
        if full == Money::ZERO {
            corner
        } else {
            scaled_money(corner, mid, full)
        }
    };
    let low = corners.iter().map(|&c| part(c)).min().unwrap_or(mid);
    let high = corners.iter().map(|&c| part(c)).max().unwrap_or(mid);
    Interval::spanning(low.min(mid), mid, high.max(mid))
}

fn scaled(money: Money, amount: Amount, of: Amount) -> Money {
    if of <= Amount::ZERO {
        return money;
    }
    Money::from_milli(
        (i128::from(money.milli()) * i128::from(amount.milli()) / i128::from(of.milli())) as i64,
    )
}

/// `money x numerator / denominator`.
fn scaled_money(money: Money, numerator: Money, denominator: Money) -> Money {
    let (n, d) = (
        i128::from(numerator.milli()),
        i128::from(denominator.milli()),
    );
    if d == 0 {
        money
    } else {
        Money::from_milli((i128::from(money.milli()) * n / d) as i64)
    }
}

/// Rows of the catalogue a link rests on: those of its ends, its vehicle's, those of its charge.
fn defaults(arc: &Arc<'_>, prices: &[DefaultPrice]) -> Vec<DefaultPrice> {
    let mut defaults = prices.to_vec();
    if !arc.existing {
        let freight = arc.freight.iter();
        defaults.extend(freight.map(|f| reading::default("transport", &f.per_tonne_km)));
        defaults.extend(arc.offer.defaults.iter().cloned());
    }
    defaults
}
