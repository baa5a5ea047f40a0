//! The search: outputs by their rules, needs by what they are and where they stand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc as Shared;

use boucle_domain::flow::Identity;
use boucle_domain::geo::Point;
use boucle_domain::id::{Direction, ResourceKey};
use boucle_domain::knowledge::Rule;
use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::context::Context;
use super::offer::Offer;
use super::pair::{Arc, evaluate};
use super::refused::Refused;
use crate::answer::Reason;
use crate::control::{Control, Stage};
use crate::reading::{Carrier, resource};

/// What a search found.
pub(crate) struct Found<'a> {
    /// Pairs that may carry something, in the order of their keys.
    pub arcs: Vec<Arc<'a>>,
    /// What was left out.
    pub refused: Refused,
}

/// Needs of one resource, by place.
#[derive(Default)]
struct Needs {
    placed: RTree<GeomWithData<[f64; 3], usize>>,
    unplaced: Vec<usize>,
    by_site: BTreeMap<usize, Vec<usize>>,
}

/// Looks for the pairs of a snapshot. `engaged` flows are not looked at: see [`super::existing`].
pub(crate) fn search<'a>(
    context: &Context<'a>,
    engaged: &BTreeSet<usize>,
    control: &Control<'_>,
) -> Found<'a> {
    let needs = index(context, engaged);
    let narrower = narrower(context);
    let outputs: Vec<usize> = (0..context.readings.len())
        .filter(|flow| !engaged.contains(flow))
        .filter(|&flow| {
            context.reading(flow).is_some_and(|reading| {
                reading.carrier == Carrier::Goods && reading.flow.key.direction == Direction::Output
            })
        })
        .collect();
    control.report(Stage::Candidates, 0, outputs.len());
    // Each output is a pure function of the input: collected in order, any number of threads agree.
    let found: Vec<OfOutput<'a>> = outputs
        .par_iter()
        .map(|&output| of_output(context, output, &needs, &narrower, control))
        .collect();
    let mut arcs = Vec::new();
    let mut refused = Refused::new(context.readings.len());
    for OfOutput {
        output,
        arcs: of_output,
        refusals,
        alone,
    } in found
    {
        if let Some(reason) = alone {
            refused.alone(output, reason);
        }
        for (input, rule, reason) in refusals {
            refused.pair(output, input, &rule.id, reason);
        }
        arcs.extend(of_output);
    }
    arcs.sort_by(|a, b| a.key.cmp(&b.key));
    control.report(Stage::Candidates, outputs.len(), outputs.len());
    Found { arcs, refused }
}

/// What was found for one output.
struct OfOutput<'a> {
    output: usize,
    arcs: Vec<Arc<'a>>,
    refusals: Vec<(usize, &'a Rule, Reason)>,
    alone: Option<Reason>,
}

fn of_output<'a>(
    context: &Context<'a>,
    output: usize,
    needs: &BTreeMap<&ResourceKey, Needs>,
    narrower: &BTreeMap<&ResourceKey, Vec<&'a ResourceKey>>,
    control: &Control<'_>,
) -> OfOutput<'a> {
    let mut found = OfOutput {
        output,
        arcs: Vec::new(),
        refusals: Vec::new(),
        alone: None,
    };
    let Some(reading) = context.reading(output) else {
        return found;
    };
    if control.is_cancelled() {
        return found;
    }
    let rules: Vec<&'a Rule> = match &reading.flow.identity {
        Identity::Donor(donor) => context.knowledge.rules_of_donor(donor).collect(),
        Identity::Resource(key) => context.knowledge.rules_of_resource(key).collect(),
        Identity::Unrecognised => Vec::new(),
    };
    if rules.is_empty() {
        found.alone = Some(no_rule(context, output));
        return found;
    }
    let mut met_any = false;
    for rule in &rules {
        let keys = wanted(context, rule, narrower);
        let sought: Vec<&Needs> = keys.iter().filter_map(|key| needs.get(*key)).collect();
        if sought.is_empty() {
            continue;
        }
        let offer = match Offer::new(context, output, rule) {
            Ok(offer) => Shared::new(offer),
            Err(reason) => {
                met_any = true;
                if let Some(&input) = sought
                    .iter()
                    .flat_map(|needs| needs.by_site.values().flatten())
                    .next()
                {
                    found.refusals.push((input, rule, reason));
                }
                continue;
            }
        };
        for needs in sought {
            met_any |= !needs.by_site.is_empty();
            pairs_of(context, &offer, needs, &mut found);
        }
    }
    if !met_any {
        let mut wanted: Vec<String> = rules.iter().map(|rule| rule.need.to_string()).collect();
        wanted.sort();
        wanted.dedup();
        found.alone = Some(Reason::NoCounterpart { wanted });
    }
    found
}

/// The needs of one resource within reach of an offer, nearest first.
fn pairs_of<'a>(
    context: &Context<'a>,
    offer: &Shared<Offer<'a>>,
    needs: &Needs,
    found: &mut OfOutput<'a>,
) {
    let Some(giver) = context.reading(offer.output) else {
        return;
    };
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let mut kept = 0;
    let mut try_pair = |input: usize, found: &mut OfOutput<'a>| {
        if !seen.insert(input) {
            return;
        }
        if kept >= context.settings.nearest {
            let reason = Reason::Crowded { kept };
            found.refusals.push((input, offer.rule, reason));
            return;
        }
        let evaluation = evaluate(context, offer, input);
        match (evaluation.reasons.into_iter().next(), evaluation.arc) {
            (None, Some(arc)) => {
                kept += 1;
                found.arcs.push(arc);
            }
            (Some(reason), _) => found.refusals.push((input, offer.rule, reason)),
            (None, None) => {}
        }
    };
    // Roads the user gave may make a far site near, and place a site without position.
    for site in context.distances.roads_from(&giver.site.key) {
        let position = context
            .snapshot
            .sites()
            .binary_search_by(|other| other.key.cmp(site));
        let Ok(position) = position else { continue };
        for &input in needs.by_site.get(&position).into_iter().flatten() {
            try_pair(input, found);
        }
    }
    for &input in &needs.unplaced {
        try_pair(input, found);
    }
    let Some(position) = giver.site.position else {
        // Without a position of its own an output has nothing near it.
        if let Some(&input) = needs.by_site.values().flatten().next() {
            try_pair(input, found);
        }
        return;
    };
    let limit = giver
        .flow
        .maximum_distance
        .map_or(offer.rule.maximum_distance, |own| {
            own.min(offer.rule.maximum_distance)
        });
    let reach = context.distances.reach(limit) * REACH_MARGIN;
    for near in needs
        .placed
        .nearest_neighbor_iter(on_sphere(position.point))
    {
        let Some(taker) = context.reading(near.data) else {
            continue;
        };
        let Some(there) = taker.site.position else {
            continue;
        };
        let beyond = context.distances.straight(position.point, there.point) > reach;
        try_pair(near.data, found);
        if beyond {
            // The nearest beyond reach has told by how much; those behind it are farther still.
            break;
        }
    }
}

/// The order of chords on a sphere may differ from that of geodesics by the flattening of the Earth.
const REACH_MARGIN: f64 = 1.01;

/// Keys under which a need may be declared that a rule answers: the rule's own, those that contain
/// it, and the narrower ones, which are to be checked.
fn wanted<'a>(
    context: &'a Context<'_>,
    rule: &'a Rule,
    narrower: &BTreeMap<&ResourceKey, Vec<&'a ResourceKey>>,
) -> Vec<&'a ResourceKey> {
    let mut keys: Vec<&ResourceKey> = context.knowledge.ancestors(&rule.need).collect();
    keys.extend(narrower.get(&rule.need).into_iter().flatten());
    keys
}

/// By resource: those within it, itself left out.
fn narrower<'a>(context: &Context<'a>) -> BTreeMap<&'a ResourceKey, Vec<&'a ResourceKey>> {
    let mut within: BTreeMap<&ResourceKey, Vec<&ResourceKey>> = BTreeMap::new();
    for resource in context.knowledge.resources() {
        for ancestor in context.knowledge.ancestors(&resource.key).skip(1) {
            within.entry(ancestor).or_default().push(&resource.key);
        }
    }
    within
}

fn index<'c>(
    context: &'c Context<'_>,
    engaged: &BTreeSet<usize>,
) -> BTreeMap<&'c ResourceKey, Needs> {
    let mut points: BTreeMap<&ResourceKey, Vec<GeomWithData<[f64; 3], usize>>> = BTreeMap::new();
    let mut needs: BTreeMap<&ResourceKey, Needs> = BTreeMap::new();
    for flow in 0..context.readings.len() {
        let Some(reading) = context.reading(flow) else {
            continue;
        };
        let goods =
            reading.carrier == Carrier::Goods && reading.flow.key.direction == Direction::Input;
        let Some(key) =
            resource(&reading.flow.identity).filter(|_| goods && !engaged.contains(&flow))
        else {
            continue;
        };
        let of_key = needs.entry(key).or_default();
        of_key
            .by_site
            .entry(reading.site_position)
            .or_default()
            .push(flow);
        match reading.site.position {
            Some(position) => {
                points
                    .entry(key)
                    .or_default()
                    .push(GeomWithData::new(on_sphere(position.point), flow));
            }
            None => of_key.unplaced.push(flow),
        }
    }
    for (key, points) in points {
        if let Some(of_key) = needs.get_mut(key) {
            of_key.placed = RTree::bulk_load(points);
        }
    }
    needs
}

/// A point of the unit sphere: chords keep the order of distances anywhere on Earth.
fn on_sphere(point: Point) -> [f64; 3] {
    let (latitude, longitude) = (
        point.latitude().to_radians(),
        point.longitude().to_radians(),
    );
    [
        latitude.cos() * longitude.cos(),
        latitude.cos() * longitude.sin(),
        latitude.sin(),
    ]
}

/// Why an output has no rule: a waste known to have no exchange, or nothing in the catalogue.
fn no_rule(context: &Context<'_>, output: usize) -> Reason {
    let flow = &context.snapshot.flows()[output];
    let outlet = flow
        .waste_code
        .as_ref()
        .and_then(|code| context.knowledge.outlet_reason(code));
    match outlet {
        Some(outlet) => Reason::NoExchangeKnown {
            why: outlet.why.clone(),
            usual_treatment: outlet.usual_treatment.join(", "),
        },
        None => Reason::NoRule,
    }
}
