//! Settings held against the snapshot: what they name must exist.

use boucle_domain::id::{FlowKey, PairKey};
use boucle_domain::units::Money;

use crate::SolveError;
use crate::answer::Reason;
use crate::candidates::context::Context;
use crate::candidates::offer::Offer;
use crate::candidates::pair::{Arc, evaluate};

/// Checks what the settings name, and that every forced pair is a candidate.
///
/// # Errors
/// [`SolveError::Setting`] with the position of the first setting at fault and what is wrong with it.
pub(crate) fn check(context: &Context<'_>, arcs: &[Arc<'_>]) -> Result<(), SolveError> {
    let settings = context.settings;
    let fault = |field: String, reason: String| Err(SolveError::Setting { field, reason });
    if !settings.tortuosity.is_finite() || !(1.0..=10.0).contains(&settings.tortuosity) {
        return fault(
            "tortuosity".into(),
            format!("{} is not between 1 and 10", settings.tortuosity),
        );
    }
    if !settings.relative_gap.is_finite() || !(0.0..1.0).contains(&settings.relative_gap) {
        return fault(
            "relative_gap".into(),
            format!("{} is not between 0 and 1", settings.relative_gap),
        );
    }
    if settings.link_cost.is_some_and(|cost| cost < Money::ZERO) {
        return fault(
            "link_cost".into(),
            "a link cannot cost less than nothing".into(),
        );
    }
    let weights = settings.weights;
    let all = [
        weights.economy,
        weights.climate,
        weights.resource,
        weights.technical,
        weights.regulatory,
        weights.locality,
    ];
    if all
        .iter()
        .any(|weight| !weight.is_finite() || *weight < 0.0)
        || all.iter().sum::<f64>() <= 0.0
    {
        return fault(
            "weights".into(),
            "weights are not negative and not all nought".into(),
        );
    }
    let declared = |key: &FlowKey| context.snapshot.flow(key).is_some();
    for (position, link) in settings.forbidden.iter().enumerate() {
        for key in [&link.output, &link.input] {
            if !declared(key) {
                return fault(format!("forbidden[{position}]"), format!("no flow {key}"));
            }
        }
    }
    for (position, share) in settings.supplier_shares.iter().enumerate() {
        if !declared(&share.input) {
            return fault(
                format!("supplier_shares[{position}].input"),
                format!("no flow {}", share.input),
            );
        }
    }
    for (position, road) in settings.roads.iter().enumerate() {
        for key in [&road.from, &road.to] {
            if context.snapshot.site(key).is_none() {
                return fault(format!("roads[{position}]"), format!("no site {key}"));
            }
        }
    }
    for (position, forced) in settings.forced.iter().enumerate() {
        if arcs
            .binary_search_by(|arc| arc.key.cmp(&forced.pair))
            .is_err()
        {
            return fault(
                format!("forced[{position}].pair"),
                why_not(context, &forced.pair),
            );
        }
    }
    Ok(())
}

/// Why a pair is not a candidate.
fn why_not(context: &Context<'_>, pair: &PairKey) -> String {
    let position = |key: &FlowKey| {
        context
            .snapshot
            .flows()
            .binary_search_by(|flow| flow.key.cmp(key))
            .ok()
    };
    let (Some(output), Some(input)) = (position(&pair.output), position(&pair.input)) else {
        return format!("{pair} names a flow that is not declared");
    };
    let Some(rule) = context.knowledge.rule(&pair.rule) else {
        return format!("no rule {}", pair.rule);
    };
    let reasons: Vec<Reason> = match Offer::new(context, output, rule) {
        Ok(offer) => evaluate(context, &std::sync::Arc::new(offer), input).reasons,
        Err(reason) => vec![reason],
    };
    match reasons.first() {
        Some(reason) => format!(
            "{pair} is not a candidate: {}",
            crate::explain::rejection::kind(reason)
        ),
        None => format!("{pair} is not joined by its rule"),
    }
}
