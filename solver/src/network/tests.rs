//! Graphs small enough to be drawn.

use boucle_domain::id::{Direction as Way, FlowKey, RuleId};
use proptest::prelude::*;

use super::*;

/// A link of 1 t, `giver` to `taker`, under a rule.
fn link(giver: &str, taker: &str, rule: &str, gain: i64) -> Link {
    let flow = |site: &str, direction, reference: &str| FlowKey {
        site: SiteKey::new(site),
        direction,
        reference: reference.into(),
    };
    Link {
        giver: SiteKey::new(giver),
        taker: SiteKey::new(taker),
        pair: PairKey {
            output: flow(giver, Way::Output, "out"),
            input: flow(taker, Way::Input, "in"),
            rule: RuleId::new(rule),
        },
        plan: PlanKind::Firm,
        gain: Money::from_milli(gain * 1000),
        sent: Amount::from_milli(1000),
        unit: Unit::Tonne,
    }
}

/// Two triangles joined at `c`, and a pair apart:
///
/// ```text
/// a - b     d - e     x - y
///  \ /       \ /
///   c ------- (c)
/// ```
fn bow_tie() -> Vec<Link> {
    vec![
        link("a", "b", "R1", 10),
        link("b", "c", "R1", 20),
        link("c", "a", "R1", 30),
        link("d", "c", "R1", 5),
        link("d", "e", "R1", 1),
        link("c", "e", "R1", 2),
        link("x", "y", "R1", 100),
    ]
}

fn names(sites: &[&SiteKey]) -> String {
    sites.iter().map(|site| site.as_str()).collect()
}

fn rules(path: &[&Link]) -> Vec<String> {
    path.iter()
        .map(|link| format!("{}{}{}", link.giver, link.taker, link.pair.rule))
        .collect()
}

#[test]
fn the_site_in_the_middle_splits_the_zone_and_holds_the_gain_of_its_links() {
    let network = Network::from_links(bow_tie());
    let summary = network.summary();
    assert_eq!(
        (summary.linked_sites, summary.groups, summary.largest_group),
        (7, 2, 5)
    );
    let told: Vec<_> = summary
        .keystones
        .iter()
        .map(|k| (k.site.as_str(), k.links, k.gain.milli() / 1000, k.splits))
        .collect();
    assert_eq!(
        told,
        [
            ("x", 1, 100, false),
            ("y", 1, 100, false),
            ("c", 4, 57, true),
            ("a", 2, 40, false),
            ("b", 2, 30, false),
            ("d", 2, 6, false),
            ("e", 2, 3, false),
        ]
    );
    let groups: Vec<String> = network.components().iter().map(|g| names(g)).collect();
    assert_eq!(groups, ["abcde", "xy"]);
}

#[test]
fn a_chain_is_split_by_all_but_its_ends_and_two_links_are_one_way() {
    let links = [
        link("a", "b", "R1", 1),
        link("b", "a", "R2", 1),
        link("b", "c", "R1", 1),
        link("d", "c", "R1", 1),
    ];
    let network = Network::from_links(links);
    let splitting: Vec<_> = network
        .keystones()
        .into_iter()
        .filter(|keystone| keystone.splits)
        .map(|keystone| keystone.site.to_string())
        .collect();
    assert_eq!(splitting, ["b", "c"]);
}

#[test]
fn the_structure_does_not_depend_on_the_order_of_the_links() {
    let forward = Network::from_links(bow_tie());
    let backward = Network::from_links(bow_tie().into_iter().rev());
    assert_eq!(forward.summary(), backward.summary());
    assert_eq!(forward.components(), backward.components());
    for site in forward.sites() {
        assert_eq!(forward.neighbours(site), backward.neighbours(site));
        for other in forward.sites() {
            assert_eq!(forward.path(site, other), backward.path(site, other));
        }
    }
}

#[test]
fn neighbours_say_through_what_and_a_double_link_comes_twice() {
    let network = Network::from_links([
        link("b", "a", "R2", 1),
        link("a", "b", "R1", 1),
        link("c", "a", "R1", 1),
    ]);
    let told: Vec<_> = network
        .neighbours(&SiteKey::new("a"))
        .iter()
        .map(|near| (near.site.to_string(), near.link.pair.rule.to_string()))
        .collect();
    let expected = [("b", "R1"), ("b", "R2"), ("c", "R1")];
    assert_eq!(told, expected.map(|(s, r)| (s.to_owned(), r.to_owned())));
    assert!(network.neighbours(&SiteKey::new("z")).is_empty());
}

#[test]
fn a_path_takes_fewest_links_then_lowest_keys_then_greatest_gain() {
    let network = Network::from_links([
        link("a", "c", "R1", 1),
        link("a", "b", "R1", 1),
        link("a", "b", "R2", 9),
        link("d", "b", "R1", 1),
        link("c", "d", "R1", 50),
        link("x", "y", "R1", 1),
    ]);
    let [a, d, x, z] = ["a", "d", "x", "z"].map(SiteKey::new);
    assert_eq!(rules(&network.path(&a, &d).unwrap()), ["abR2", "dbR1"]);
    assert_eq!(rules(&network.path(&d, &a).unwrap()), ["dbR1", "abR2"]);
    assert_eq!(network.path(&a, &a), Some(vec![]));
    assert_eq!(network.path(&a, &x), None);
    assert_eq!(network.path(&a, &z), None);
}

#[test]
fn a_pair_given_twice_counts_once_and_an_empty_zone_has_no_group() {
    let network = Network::from_links([link("a", "b", "R1", 3), link("a", "b", "R1", 4)]);
    assert_eq!(network.links().count(), 1);
    assert_eq!(network.keystones()[0].gain, Money::from_milli(3000));
    let empty = Network::from_links([]).summary();
    assert_eq!(
        (empty.linked_sites, empty.groups, empty.largest_group),
        (0, 0, 0)
    );
    assert!(empty.keystones.is_empty());
}

#[test]
fn a_link_of_a_site_with_itself_counts_once_and_splits_nothing() {
    let network = Network::from_links([link("a", "a", "R1", 3), link("a", "b", "R1", 1)]);
    let [first, _] = &network.keystones()[..] else {
        panic!("two sites")
    };
    assert_eq!(
        (first.links, first.gain.milli(), first.splits),
        (2, 4000, false)
    );
    assert_eq!(network.neighbours(&SiteKey::new("a")).len(), 2);
}

#[test]
fn a_long_chain_is_no_burden() {
    let site = |at: usize| format!("{at:06}");
    let links = (0..20_000).map(|at| link(&site(at), &site(at + 1), "R1", 1));
    let network = Network::from_links(links);
    assert_eq!(network.summary().largest_group, 20_001);
    let ends = [site(0), site(20_000)].map(SiteKey::new);
    assert_eq!(network.path(&ends[0], &ends[1]).unwrap().len(), 20_000);
}

proptest! {
    /// By its definition: without the site, its group falls into more groups.
    #[test]
    fn a_site_splits_if_and_only_if_its_departure_makes_more_groups(
        ends in prop::collection::vec((0usize..8, 0usize..8), 1..14)
    ) {
        let named = |at: usize| format!("s{at}");
        let links: Vec<Link> = ends
            .iter()
            .map(|&(a, b)| link(&named(a), &named(b), "R1", 1))
            .collect();
        let network = Network::from_links(links.clone());
        for keystone in network.keystones() {
            let without: Vec<Link> = links
                .iter()
                .filter(|link| link.giver != keystone.site && link.taker != keystone.site)
                .cloned()
                .collect();
            let left = Network::from_links(without);
            // Sites that lose their last link are groups of one.
            let lost = network.sites().count() - 1 - left.sites().count();
            let after = left.components().len() + lost;
            let before = network.components().len();
            let alone = network.components().iter().any(|g| *g == [&keystone.site]);
            let more = if alone { false } else { after > before };
            prop_assert_eq!(keystone.splits, more, "{}", keystone.site);
        }
    }
}
