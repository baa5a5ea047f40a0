//! Random small models against enumeration of every set of open links, by whichever way they are solved.

use proptest::prelude::*;

use super::*;
use crate::exchange::component::{Component, components};
use crate::exchange::formulate::{Formulation, formulate, formulate_year};
use crate::exchange::model::Store;
use crate::exchange::narrow::{self, Sizes};
use crate::exchange::solve::{Task, WORK};
use boucle_kernel::highs::{Control as Watch, Instance, Options};

/// Two to three sources and sinks, up to six links.
fn models() -> impl Strategy<Value = Model> {
    let terminal = (1.0f64..200.0, -20.0f64..150.0);
    let one_link = (
        0usize..3,
        0usize..3,
        0.3f64..1.5,
        0.0f64..80.0,
        0.0f64..4000.0,
        0.0f64..30.0,
    );
    (
        prop::collection::vec(terminal.clone(), 3),
        prop::collection::vec(terminal, 3),
        prop::collection::vec(one_link, 1..7),
    )
        .prop_map(|(sources, sinks, links)| {
            let mut model = Model {
                sources: sources.into_iter().map(|(t, e)| rate(t, e)).collect(),
                sinks: sinks.into_iter().map(|(t, e)| rate(t, e.abs())).collect(),
                ..Model::default()
            };
            let mut pairs = std::collections::BTreeSet::new();
            for (source, sink, ratio, cost, charge, lot) in links {
                if pairs.insert((source, sink)) {
                    let lot = Amount::from_units(lot).unwrap();
                    model.links.push(Link {
                        lot,
                        ..link(source, sink, ratio, cost, charge)
                    });
                }
            }
            model.links.sort_by_key(|l| (l.source, l.sink));
            model
        })
}

/// The same with campaigns, stocks and lots that move in a window.
fn seasonal_models() -> impl Strategy<Value = Model> {
    let season = (1u8..13, 1u8..13, 0u8..6, 0.0f64..60.0, 1usize..6);
    (models(), prop::collection::vec(season, 6)).prop_map(|(mut model, seasons)| {
        let terminals = model.sources.iter_mut().chain(&mut model.sinks);
        for (terminal, (first, last, kind, room, shelf)) in terminals.zip(seasons) {
            if kind < 4 {
                let profile = Profile::campaign(first, last).unwrap();
                terminal.monthly = profile.split(terminal.yearly());
            }
            if kind == 1 || kind == 4 {
                terminal.storage = Some(Store {
                    capacity: Amount::from_units(room).unwrap(),
                    shelf_months: (shelf < 4).then_some(shelf),
                });
            }
            if kind == 2 {
                let all = terminal.yearly();
                let month = usize::from(first) - 1;
                terminal.monthly = [Amount::ZERO; MONTHS];
                terminal.monthly[month] = all;
                terminal.window = Some(1 << month | 1 << ((month + 1) % MONTHS));
            }
        }
        model
    })
}

/// The best objective over all sets of open links, each a linear program.
fn enumerated(model: &Model) -> f64 {
    enumerated_as(model, formulate)
}

fn enumerated_as(model: &Model, write: fn(&Model, &Component) -> Formulation) -> f64 {
    let mut total = 0.0;
    for component in components(model) {
        let formulation = write(model, &component);
        let binaries: Vec<usize> = formulation.links.iter().filter_map(|l| l.open).collect();
        let mut instance =
            Instance::from_model(formulation.problem.try_into_inner().unwrap()).unwrap();
        instance.relax_integrality().unwrap();
        let mut best = f64::INFINITY;
        for set in 0..1u32 << binaries.len() {
            for (at, &column) in binaries.iter().enumerate() {
                let open = f64::from((set >> at) & 1);
                instance.set_bounds(column, open, open).unwrap();
            }
            let solution = instance
                .solve(&Options::default(), None, Watch::default())
                .unwrap();
            if solution.status.has_point() {
                best = best.min(solution.objective);
            }
        }
        total += best;
    }
    total
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_plan_is_as_good_as_the_best_set_of_open_links(model in models()) {
        let plan = solved(&model);
        let objective: f64 = plan.proofs.iter().map(|p| p.objective).sum();
        let best = enumerated(&model);
        prop_assert!((objective - best).abs() <= 1e-6 * best.abs().max(1.0), "{objective} {best}");
        assert_conserved(&model, &plan);
    }

    #[test]
    fn a_plan_by_the_year_and_the_months_is_as_good_as_the_best_set_of_open_links(model in seasonal_models()) {
        let plan = solved(&model);
        let objective: f64 = plan.proofs.iter().map(|p| p.objective).sum();
        let best = enumerated(&model);
        prop_assert!((objective - best).abs() <= 1e-6 * best.abs().max(1.0), "{objective} {best}");
        prop_assert!(plan.proofs.iter().all(|proof| proof.closed));
        assert_conserved(&model, &plan);
    }

    #[test]
    fn the_year_bounds_the_months_from_below(model in seasonal_models()) {
        let (year, months) = (enumerated_as(&model, formulate_year), enumerated(&model));
        prop_assert!(year <= months + 1e-6 * months.abs().max(1.0), "{year} {months}");
    }

    #[test]
    fn a_component_solved_as_a_large_one_keeps_its_bound_below_and_its_plan_above_the_best(model in seasonal_models()) {
        let cancel = AtomicBool::new(false);
        let control = Control { cancel: &cancel, progress: &|_| {}, models: None };
        let settings = Settings::default();
        let task = Task { model: &model, settings: &settings, control: &control, name: "test", work: WORK };
        let mut of_all = (0.0, 0.0);
        for component in components(&model) {
            let proof = narrow::solve(&task, &component, &Sizes { large: 0, small: 0 }).unwrap().proof;
            of_all = (of_all.0 + proof.bound, of_all.1 + proof.objective);
        }
        let best = enumerated(&model);
        let slack = 1e-6 * best.abs().max(1.0);
        prop_assert!(of_all.0 <= best + slack && best <= of_all.1 + slack, "{of_all:?} {best}");
    }

    #[test]
    fn rounding_moves_the_cost_by_no_more_than_a_unit_of_the_scale_per_link(model in models()) {
        let plan = solved(&model);
        let linked: Vec<usize> = model.links.iter().map(|l| l.source).collect();
        let objective: f64 = plan.proofs.iter().map(|p| p.objective).sum();
        let unlinked_sources = (0..3).filter(|o| !linked.contains(o));
        let rest: f64 = unlinked_sources.map(|o| model.sources[o].price.of(model.sources[o].yearly()).euros()).sum();
        let linked: Vec<usize> = model.links.iter().map(|l| l.sink).collect();
        let unlinked_sinks = (0..3).filter(|i| !linked.contains(i));
        let rest: f64 = rest + unlinked_sinks.map(|i| model.sinks[i].price.of(model.sinks[i].yearly()).euros()).sum::<f64>();
        let bound = model.links.len() as f64 * 12.0 * 0.5 + 0.1;
        prop_assert!((plan.cost(&model).euros() - objective - rest).abs() <= bound);
    }
}
