//! Random small models against enumeration of every set of open links, and the large path against
//! the small one.

use proptest::prelude::*;

use super::*;
use crate::exchange::component::components;
use crate::exchange::formulate::formulate;
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

/// The best objective over all sets of open links, each a linear program.
fn enumerated(model: &Model) -> f64 {
    let mut total = 0.0;
    for component in components(model) {
        let formulation = formulate(model, &component);
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
