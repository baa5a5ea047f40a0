//! What an answer leaves of a component, as a model of its own: its links are kept at what they carry,
//! its terminals offer what is left of each month.

use boucle_domain::profile::MONTHS;
use boucle_domain::units::Amount;

use super::component::Component;
use super::formulate::unit_cost;
use super::model::{Group, Held, Link, Model, Terminal};
use super::plan::Plan;
use super::round::{Reals, round_into};

/// A component cut out of its model, with positions of its own: those in the lists of the component.
pub(super) fn extract(model: &Model, component: &Component) -> Model {
    let links = component.links.iter().map(|&position| {
        let link = &model.links[position];
        Link {
            source: place(&component.sources, link.source),
            sink: place(&component.sinks, link.sink),
            ..link.clone()
        }
    });
    let groups = component.groups.iter().map(|&position| {
        let group = &model.groups[position];
        let settled: f64 = group
            .members
            .iter()
            .filter_map(|&(link, weight)| {
                let kept = model.links[link].kept?;
                Some(weight * kept.iter().copied().sum::<Amount>().units())
            })
            .sum();
        let settled = Amount::from_units(settled).unwrap_or(Amount::ZERO);
        let left = |limit: Option<Amount>| limit.map(|limit| (limit - settled).max(Amount::ZERO));
        Group {
            origin: group.origin.clone(),
            members: group
                .members
                .iter()
                .filter_map(|&(link, weight)| {
                    let at = component.links.binary_search(&link).ok()?;
                    Some((at, weight))
                })
                .collect(),
            low: left(group.low),
            high: left(group.high),
        }
    });
    let terminals =
        |all: &[Terminal], of: &[usize]| of.iter().map(|&position| all[position].clone()).collect();
    Model {
        sources: terminals(&model.sources, &component.sources),
        sinks: terminals(&model.sinks, &component.sinks),
        links: links.collect(),
        groups: groups.collect(),
    }
}

/// Quantities of a component by the positions of the model that [`extract`] gives.
pub(super) fn localised(reals: &Reals, component: &Component) -> Reals {
    let stocks = |stocks: &[(usize, [f64; MONTHS])], of: &[usize]| {
        stocks
            .iter()
            .map(|(position, stock)| (place(of, *position), *stock))
            .collect()
    };
    Reals {
        sent: reals
            .sent
            .iter()
            .map(|(link, sent)| (place(&component.links, *link), sent.clone()))
            .collect(),
        source_stock: stocks(&reals.source_stock, &component.sources),
        sink_stock: stocks(&reals.sink_stock, &component.sinks),
    }
}

fn place(positions: &[usize], position: usize) -> usize {
    positions.binary_search(&position).unwrap_or(0)
}

/// What `reals` leave of `model`: the links that carry something are kept, both their ends are held.
pub(super) fn left_over(model: &Model, reals: &Reals) -> Model {
    let mut plan = Plan::empty(model);
    round_into(&mut plan, model, reals);
    let mut rest = model.clone();
    for (position, link) in rest.links.iter_mut().enumerate() {
        if plan.yearly_sent(position) <= Amount::ZERO && !link.existing {
            continue;
        }
        link.kept = Some(plan.sent[position]);
        let (source, sink) = (link.source, link.sink);
        rest.sources[source].held = Some(Held {
            left: plan.source_rest[source],
            stock: plan.source_stock[source],
        });
        rest.sinks[sink].held = Some(Held {
            left: plan.sink_rest[sink],
            stock: plan.sink_stock[sink],
        });
    }
    rest
}

/// The links not kept that would still pay their charge at the most they can carry.
pub(super) fn worthwhile(model: &Model) -> Vec<usize> {
    let pays = |&position: &usize| {
        let link = &model.links[position];
        let most = model.most(link);
        if link.kept.is_some() || most <= Amount::ZERO || link.lot > most {
            return false;
        }
        let (source, sink) = (&model.sources[link.source], &model.sinks[link.sink]);
        let avoided = source.price.euros() + link.ratio.value() * sink.price.euros();
        (avoided - unit_cost(link, source, sink)) * most.units() > link.odds * link.charge.euros()
    };
    (0..model.links.len()).filter(pays).collect()
}

#[cfg(test)]
mod tests {
    use boucle_domain::profile::Profile;
    use boucle_domain::units::{Money, Price, Ratio};

    use super::*;
    use crate::exchange::component::components;

    fn terminal(tonnes: f64, euros: f64) -> Terminal {
        Terminal {
            flow: 0,
            monthly: Profile::Constant.split(Amount::from_units(tonnes).unwrap()),
            window: None,
            storage: None,
            price: Price::from_euros(euros).unwrap(),
            sunk: Amount::ZERO,
            held: None,
        }
    }

    /// Two sources and one need of 240 t, each link at 10 EUR a tonne and 1 000 EUR a year.
    fn model(second: f64) -> Model {
        let link = |source| Link {
            source,
            sink: 0,
            ratio: Ratio::new(1.0).unwrap(),
            cost: Price::from_euros(10.0).unwrap(),
            carbon_cost: Price::ZERO,
            charge: Money::from_euros(1000.0).unwrap(),
            lot: Amount::ZERO,
            forced: Amount::ZERO,
            existing: false,
            odds: 1.0,
            kept: None,
        };
        Model {
            sources: vec![terminal(200.0, 50.0), terminal(second, 50.0)],
            sinks: vec![terminal(240.0, 20.0)],
            links: vec![link(0), link(1)],
            groups: Vec::new(),
        }
    }

    fn first_alone() -> Reals {
        Reals {
            sent: vec![(0, vec![((1 << MONTHS) - 1, 200.0)])],
            ..Reals::default()
        }
    }

    #[test]
    fn what_is_left_of_a_need_pays_for_another_link_only_if_it_is_enough() {
        // Forty tonnes are left, worth 60 EUR each: 2 400 EUR against 1 000; ten are worth 600.
        assert_eq!(worthwhile(&left_over(&model(200.0), &first_alone())), [1]);
        assert!(worthwhile(&left_over(&model(10.0), &first_alone())).is_empty());
    }

    #[test]
    fn what_is_left_and_what_is_kept_make_what_was_declared() {
        let rest = left_over(&model(200.0), &first_alone());
        let kept = rest.links[0].kept.unwrap();
        for (month, sent) in kept.into_iter().enumerate() {
            let left = rest.sinks[0].open()[month];
            assert_eq!(sent + left, rest.sinks[0].monthly[month]);
        }
        assert_eq!(rest.sources[1].held, None);
    }

    #[test]
    fn a_component_cut_out_of_its_model_is_one_component_with_the_same_links() {
        let mut model = model(200.0);
        // Something apart before it.
        model.sources.insert(0, terminal(5.0, 1.0));
        model.sinks.insert(0, terminal(5.0, 1.0));
        for link in &mut model.links {
            (link.source, link.sink) = (link.source + 1, link.sink + 1);
        }
        let component = components(&model).remove(0);
        let alone = extract(&model, &component);
        assert_eq!(alone, super::tests::model(200.0));
        assert_eq!(localised(&first_alone(), &component), first_alone());
    }
}
