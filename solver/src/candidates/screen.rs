//! Candidates turned into links of the exchange model, those that can never pay left out.

use std::collections::{BTreeMap, HashMap};

use boucle_domain::flow::{Flow, Quantity};
use boucle_domain::id::PairKey;
use boucle_domain::profile::MONTHS;
use boucle_domain::units::{Amount, Money, Price, Unit};
use boucle_domain::validity::Validity;
use jiff::civil::Date;

use super::context::Context;
use super::pair::{self, Arc};
use crate::answer::{PairState, PlanKind, Reason};
use crate::exchange::model::{
    Group, GroupOrigin, Held, Link, Model, MonthSet, Store, Terminal, WHOLE_YEAR,
};
use crate::exchange::plan::Plan;
use crate::reading::{self, Reading};

/// A model with what its positions stand for.
pub(crate) struct Screened {
    /// The model.
    pub model: Model,
    /// By link: position of its arc.
    pub arcs: Vec<usize>,
    /// Arcs left out, with the reason.
    pub refused: Vec<(usize, Reason)>,
}

/// Builds the model of a plan.
///
/// The prospective plan keeps the links of the firm one, `kept`, at their quantities and adds the
/// pairs that are to be checked.
pub(crate) fn model(
    context: &Context<'_>,
    arcs: &[Arc<'_>],
    kind: PlanKind,
    kept: Option<(&Screened, &Plan)>,
) -> Screened {
    let kept_arcs: HashMap<usize, usize> = kept
        .map(|(firm, _)| {
            firm.arcs
                .iter()
                .enumerate()
                .map(|(link, &arc)| (arc, link))
                .collect()
        })
        .unwrap_or_default();
    let forced: HashMap<&PairKey, Amount> = context
        .settings
        .forced
        .iter()
        .map(|link| (&link.pair, link.at_least))
        .collect();
    let mut model = Model::default();
    let mut sources: BTreeMap<usize, usize> = BTreeMap::new();
    let mut sinks: BTreeMap<usize, usize> = BTreeMap::new();
    for arc in arcs {
        sources.entry(arc.offer.output).or_default();
        sinks.entry(arc.input).or_default();
    }
    place(context, &mut sources, &mut model.sources);
    place(context, &mut sinks, &mut model.sinks);
    let mut screened = Screened {
        model,
        arcs: Vec::new(),
        refused: Vec::new(),
    };
    for (position, arc) in arcs.iter().enumerate() {
        let firm = arc.state != PairState::ToCheck;
        if kind == PlanKind::Firm && !firm {
            continue;
        }
        let mut link = link(context, arc, sources[&arc.offer.output], sinks[&arc.input]);
        link.forced = forced.get(&arc.key).copied().unwrap_or(Amount::ZERO);
        if let Some((_, plan)) = kept {
            match kept_arcs.get(&position) {
                Some(&before) if plan.yearly_sent(before) > Amount::ZERO || arc.existing => {
                    link.kept = Some(plan.sent[before]);
                }
                // What the firm plan left out of its own pairs stays out: it was proven not to pay.
                _ if firm => continue,
                _ => link.odds = context.settings.prospective_odds.of(arc.unknown.len()),
            }
        }
        if link.kept.is_none()
            && let Some(reason) = hopeless(context, &screened.model, arc, &link)
        {
            screened.refused.push((position, reason));
            continue;
        }
        screened.model.links.push(link);
        screened.arcs.push(position);
    }
    drop_dominated(context, arcs, &mut screened);
    if let Some((_, plan)) = kept {
        // Terminals stand at the same positions in both models: every arc places its two ends.
        for position in 0..screened.model.links.len() {
            let link = &screened.model.links[position];
            if link.kept.is_none() {
                continue;
            }
            let (source, sink) = (link.source, link.sink);
            screened.model.sources[source].held = Some(Held {
                left: plan.source_rest[source],
                stock: plan.source_stock[source],
            });
            screened.model.sinks[sink].held = Some(Held {
                left: plan.sink_rest[sink],
                stock: plan.sink_stock[sink],
            });
        }
    }
    let groups = groups(context, arcs, &screened);
    screened.model.groups = groups;
    screened
}

/// Why a link can never be part of an optimum; `None` for one that may, or that the user forces.
fn hopeless(context: &Context<'_>, model: &Model, arc: &Arc<'_>, link: &Link) -> Option<Reason> {
    if arc.existing || link.forced > Amount::ZERO || demanded(context, arc) {
        return None;
    }
    let most = model.most(link);
    if most <= Amount::ZERO {
        return Some(Reason::NoCommonPeriod);
    }
    if link.lot > most {
        return Some(Reason::BelowMinimumLot {
            possible: most,
            lot: link.lot,
        });
    }
    let saving = model.unit_saving(link) - link.carbon_cost.euros();
    let gain = saving * most.units();
    if gain <= link.charge.euros() {
        let gain = Money::from_euros(gain).unwrap_or(Money::ZERO);
        return Some(Reason::NotWorthTheLink {
            gain,
            link: link.charge,
        });
    }
    None
}

/// Leaves out links whose two flows are joined better by another rule.
///
/// `a` dominates `b` when it covers the same need with no more of the output, for no more money, with
/// no larger charge or lot: whatever `b` carries can be carried by `a`, the output saved going to its
/// outlet, and nothing costs more.
fn drop_dominated(context: &Context<'_>, arcs: &[Arc<'_>], screened: &mut Screened) {
    let mut by_ends: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (position, link) in screened.model.links.iter().enumerate() {
        by_ends
            .entry((link.source, link.sink))
            .or_default()
            .push(position);
    }
    let mut better: BTreeMap<usize, usize> = BTreeMap::new();
    for links in by_ends.values().filter(|links| links.len() > 1) {
        for &b in links {
            let comparable = |&&a: &&usize| a != b && !better.contains_key(&a);
            let dominates = |&&a: &&usize| dominates(context, arcs, screened, a, b);
            if let Some(&a) = links.iter().filter(comparable).find(dominates) {
                better.insert(b, a);
            }
        }
    }
    for (&b, &a) in &better {
        let by = vec![arcs[screened.arcs[a]].key.clone()];
        let reason = Reason::Beaten { by, loss: None };
        screened.refused.push((screened.arcs[b], reason));
    }
    let mut position = 0;
    let mut keep = |_: &_| {
        position += 1;
        !better.contains_key(&(position - 1))
    };
    screened.model.links.retain(&mut keep);
    let mut position = 0;
    screened.arcs.retain(|_| {
        position += 1;
        !better.contains_key(&(position - 1))
    });
}

/// Whether link `a` can stand in for link `b` of the same two ends at no loss.
fn dominates(
    context: &Context<'_>,
    arcs: &[Arc<'_>],
    screened: &Screened,
    a: usize,
    b: usize,
) -> bool {
    let (first, second) = (&screened.model.links[a], &screened.model.links[b]);
    let free = |link: &Link| link.kept.is_none() && !link.existing && link.forced == Amount::ZERO;
    let arc = |link: usize| &arcs[screened.arcs[link]];
    let same_limits =
        arc(a).agreement.map(|a| &a.reference) == arc(b).agreement.map(|b| &b.reference);
    if !free(first) || !free(second) || !same_limits || demanded(context, arc(a)) {
        return false;
    }
    let share = second.ratio.value() / first.ratio.value();
    let outlet = screened.model.sources[first.source].price.euros();
    let cost = |link: &Link| link.cost.euros() + link.carbon_cost.euros();
    // At equal odds only: a certain link and a doubtful one are no substitutes.
    first.odds == second.odds
        && share <= 1.0
        && cost(first) * share + outlet * (1.0 - share) <= cost(second)
        && first.charge <= second.charge
        && first.lot.units() <= second.lot.units() * share
        // Of two that dominate each other, the first in the order of keys stays.
        && (share < 1.0 || cost(first) < cost(second) || first.charge < second.charge || a < b)
}

/// Whether a minimum share set by the user may need the pair even at a loss.
fn demanded(context: &Context<'_>, arc: &Arc<'_>) -> bool {
    context
        .settings
        .supplier_shares
        .iter()
        .any(|share| share.at_least.is_some() && share.input == arc.key.input)
}

fn place(
    context: &Context<'_>,
    positions: &mut BTreeMap<usize, usize>,
    terminals: &mut Vec<Terminal>,
) {
    for (&flow, position) in positions.iter_mut() {
        *position = terminals.len();
        if let Some(reading) = context.reading(flow) {
            terminals.push(terminal(reading, flow, context.snapshot.valid_on()));
        }
    }
}

/// A flow as an end of links.
pub(crate) fn terminal(reading: &Reading<'_>, flow: usize, valid_on: Date) -> Terminal {
    let declared = reading.flow;
    let (monthly, window) = match &declared.quantity {
        Quantity::Rate { yearly, profile } => (profile.split(yearly.mid()), None),
        Quantity::Lot { amount, available } => {
            let window = window(available, valid_on);
            let mut monthly = [Amount::ZERO; MONTHS];
            if window != 0 {
                monthly[window.trailing_zeros() as usize] = amount.mid();
            }
            (monthly, Some(window))
        }
    };
    // A lot waits in its window; storage is for rates, seasonal here or at the other end.
    let storage = declared.storage.filter(|_| window.is_none());
    Terminal {
        flow,
        monthly,
        window,
        storage: storage.map(|store| Store {
            capacity: store.capacity,
            shelf_months: store
                .shelf_life_days
                .map(|days| days as usize / DAYS_PER_MONTH),
        }),
        price: reading.price.mid(),
        sunk: sunk(declared, valid_on),
        held: None,
    }
}

/// Whole months a shelf life covers: a month counts thirty days, so that nothing is kept too long.
const DAYS_PER_MONTH: usize = 30;

/// Months of the run's year in which a lot can be taken.
fn window(available: &Validity, valid_on: Date) -> MonthSet {
    let Ok(end) = valid_on.checked_add(jiff::Span::new().years(1)) else {
        return WHOLE_YEAR;
    };
    let mut months: MonthSet = 0;
    let mut day = valid_on;
    while day < end {
        let first = day.first_of_month().max(valid_on);
        let last = day.last_of_month();
        let begins = available.from.is_none_or(|from| from <= last);
        let lasts = available.to.is_none_or(|to| first <= to);
        if begins && lasts {
            months |= 1 << (day.month() - 1);
        }
        let Ok(next) = last.tomorrow() else { break };
        day = next;
    }
    months
}

/// Part of a year's outlet or supply that is paid whether used or not: the yearly minimum, over the
/// months that the contract still runs.
fn sunk(flow: &Flow, valid_on: Date) -> Amount {
    let Some(minimum) = flow.present.take_or_pay else {
        return Amount::ZERO;
    };
    let Some(end) = flow.present.contract_end else {
        return minimum;
    };
    let months = (1..=MONTHS as i64)
        .take_while(|&months| {
            valid_on
                .checked_add(jiff::Span::new().months(months))
                .is_ok_and(|day| day <= end)
        })
        .count();
    Amount::from_milli((i128::from(minimum.milli()) * months as i128 / MONTHS as i128) as i64)
}

fn link(context: &Context<'_>, arc: &Arc<'_>, source: usize, sink: usize) -> Link {
    let money = &arc.money;
    let carbon = pair::carbon_value(context, &arc.carbon);
    let flow = |position: usize| context.reading(position).map(|reading| reading.flow);
    let lots = [
        flow(arc.offer.output).and_then(|flow| flow.minimum_lot),
        flow(arc.input)
            .and_then(|flow| flow.minimum_lot)
            .and_then(|lot| Amount::from_units(lot.units() / money.ratio.mid().value())),
    ];
    Link {
        source,
        sink,
        ratio: money.ratio.mid(),
        cost: if arc.existing {
            cost_of_existing(arc)
        } else {
            money.cost()
        },
        carbon_cost: if arc.existing {
            Price::ZERO
        } else {
            Price::from_euros(-carbon).unwrap_or(Price::ZERO)
        },
        charge: if arc.existing {
            Money::ZERO
        } else {
            arc.offer.link.mid()
        },
        lot: if arc.existing {
            Amount::ZERO
        } else {
            lots.into_iter().flatten().max().unwrap_or(Amount::ZERO)
        },
        forced: Amount::ZERO,
        existing: arc.existing,
        odds: 1.0,
        kept: None,
    }
}

/// Cost of an exchange that works already: nothing, since it is part of today.
///
/// Where the replacement prices of the catalogue say that both ends would do better without it, the
/// two know better than the catalogue: it is credited with the difference, so that no plan gains by
/// merely stopping it.
fn cost_of_existing(arc: &Arc<'_>) -> Price {
    let worth = arc.money.outlet.mid().euros()
        + arc.money.ratio.mid().value() * arc.money.supply.mid().euros();
    // Rounded towards the link, by one unit of the scale.
    let credit = Price::from_euros(worth.min(0.0)).unwrap_or(Price::ZERO);
    if worth < 0.0 {
        credit - Price::from_milli(1)
    } else {
        Price::ZERO
    }
}

/// A limit and the links that share it, each with its weight.
type SharedLimit = (Amount, Vec<(usize, f64)>);

/// Limits shared by links: agreements of acceptors, shares set by the user.
fn groups(context: &Context<'_>, arcs: &[Arc<'_>], screened: &Screened) -> Vec<Group> {
    let mut agreements: BTreeMap<(usize, &str), SharedLimit> = BTreeMap::new();
    for (link, &position) in screened.arcs.iter().enumerate() {
        let arc = &arcs[position];
        let Some((agreement, (limit, unit))) = arc
            .agreement
            .and_then(|a| a.yearly_limit.map(|limit| (a, limit)))
        else {
            continue;
        };
        let Some(giver) = context.reading(arc.offer.output) else {
            continue;
        };
        let weight = reading::conversion(giver.flow, context.knowledge, unit).map_or_else(
            || {
                if unit == Unit::Tonne {
                    giver.tonnes_per_unit.high()
                } else {
                    1.0
                }
            },
            |c| c.mid(),
        );
        let site = context
            .reading(arc.input)
            .map_or(usize::MAX, |taker| taker.site_position);
        let entry = agreements
            .entry((site, agreement.reference.as_str()))
            .or_insert((limit, Vec::new()));
        entry.1.push((link, weight));
    }
    let mut groups: Vec<Group> = agreements
        .into_iter()
        .map(|((site, reference), (limit, members))| Group {
            origin: GroupOrigin::Agreement(site, reference.to_owned()),
            members,
            low: None,
            high: Some(limit),
        })
        .collect();
    for (setting, share) in context.settings.supplier_shares.iter().enumerate() {
        groups.extend(share_groups(context, arcs, screened, setting, share));
    }
    groups
}

/// The groups of one supplier share: the named firm, or each firm alike.
fn share_groups(
    context: &Context<'_>,
    arcs: &[Arc<'_>],
    screened: &Screened,
    setting: usize,
    share: &boucle_domain::settings::SupplierShare,
) -> Vec<Group> {
    let mut by_firm: BTreeMap<&str, Vec<(usize, f64)>> = BTreeMap::new();
    let mut need = Amount::ZERO;
    for (link, &position) in screened.arcs.iter().enumerate() {
        let arc = &arcs[position];
        if arc.key.input != share.input {
            continue;
        }
        let Some(giver) = context.reading(arc.offer.output) else {
            continue;
        };
        need = screened.model.sinks[screened.model.links[link].sink].yearly();
        if share
            .supplier
            .as_ref()
            .is_none_or(|firm| *firm == giver.site.firm)
        {
            by_firm
                .entry(giver.site.firm.as_str())
                .or_default()
                .push((link, arc.money.ratio.mid().value()));
        }
    }
    let part =
        |share: boucle_domain::units::Share| Amount::from_units(need.units() * share.value());
    by_firm
        .into_values()
        .map(|members| Group {
            origin: GroupOrigin::SupplierShare(setting),
            members,
            low: share
                .at_least
                .filter(|_| share.supplier.is_some())
                .and_then(part),
            high: share.at_most.and_then(part),
        })
        .collect()
}
