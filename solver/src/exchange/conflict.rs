//! Which of the user's own limits contradict each other.
//!
//! Going on as today is always allowed, so only forced links and supplier shares can make a model
//! infeasible. Each such limit is given a slack; what still needs slack at the least total is named.

use boucle_domain::units::Amount;
use boucle_kernel::highs::{Control as Watch, Instance, Options};
use boucle_kernel::lp::Lp;

use super::component::Component;
use super::formulate::formulate;
use super::model::{GroupOrigin, Model};

/// A limit that cannot be met together with the others, and by how much.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// Which limit.
    pub limit: ConflictingLimit,
    /// Missing to meet it, in the unit of the limit.
    pub missing: Amount,
}

/// A limit of the user's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConflictingLimit {
    /// The forced quantity of a link (position in the model).
    Forced(usize),
    /// A supplier's share (position in the settings).
    SupplierShare(usize),
    /// The yearly limit of an agreement, against a forced quantity.
    Agreement(String),
}

/// Names the limits of a component that cannot hold together.
pub(crate) fn find(model: &Model, component: &Component) -> Vec<Conflict> {
    // The forced quantities are tested one by one against the model without the others: a forced
    // quantity beyond what its own ends hold is the usual mistake.
    let mut conflicts = Vec::new();
    for &position in &component.links {
        let link = &model.links[position];
        if link.forced > Amount::ZERO && link.forced > model.most(link) {
            let missing = link.forced - model.most(link);
            conflicts.push(Conflict {
                limit: ConflictingLimit::Forced(position),
                missing,
            });
        }
    }
    if conflicts.is_empty() {
        conflicts = by_slack(model, component).unwrap_or_default();
    }
    conflicts
}

/// The least total slack on user limits, by linear program.
fn by_slack(model: &Model, component: &Component) -> Option<Vec<Conflict>> {
    let mut loose = model.clone();
    let mut limits: Vec<(ConflictingLimit, usize, f64, f64)> = Vec::new();
    for &position in &component.links {
        loose.links[position].forced = Amount::ZERO;
        loose.links[position].lot = Amount::ZERO;
    }
    for &group in &component.groups {
        loose.groups[group].low = None;
        if !matches!(loose.groups[group].origin, GroupOrigin::Agreement(..)) {
            loose.groups[group].high = None;
        }
    }
    let formulation = formulate(&loose, component);
    let columns: Vec<Vec<usize>> = formulation
        .links
        .iter()
        .map(|link| link.sent.iter().flatten().copied().collect())
        .collect();
    let handed = formulation.problem.try_into_inner().ok()?;
    let base = Instance::from_model(handed).ok()?.lp().ok()?;
    let mut rows: Vec<(Vec<(usize, f64)>, f64, f64)> = Vec::new();
    for (at, &position) in component.links.iter().enumerate() {
        let forced = model.links[position].forced.units();
        if forced > 0.0 {
            limits.push((
                ConflictingLimit::Forced(position),
                rows.len(),
                forced,
                f64::INFINITY,
            ));
            rows.push((
                columns[at].iter().map(|&c| (c, 1.0)).collect(),
                forced,
                f64::INFINITY,
            ));
        }
    }
    for &group in &component.groups {
        let group = &model.groups[group];
        let GroupOrigin::SupplierShare(setting) = group.origin else {
            continue;
        };
        let low = group.low.map_or(f64::NEG_INFINITY, Amount::units);
        let high = group.high.map_or(f64::INFINITY, Amount::units);
        let mut entries = Vec::new();
        for &(link, weight) in &group.members {
            let Ok(at) = component.links.binary_search(&link) else {
                continue;
            };
            entries.extend(columns[at].iter().map(|&c| (c, weight)));
        }
        limits.push((
            ConflictingLimit::SupplierShare(setting),
            rows.len(),
            low,
            high,
        ));
        rows.push((entries, low, high));
    }
    let (lp, slacks) = with_slacks(&base, &rows);
    let mut instance = Instance::from_lp(&lp.relaxed()).ok()?;
    let solution = instance
        .solve(&Options::default(), None, Watch::default())
        .ok()?;
    let missing = |row: usize| slacks[row].iter().map(|&c| solution.values[c]).sum::<f64>();
    Some(
        limits
            .into_iter()
            .filter_map(|(limit, row, ..)| {
                let missing = Amount::from_units(missing(row))?;
                (missing > Amount::ZERO).then_some(Conflict { limit, missing })
            })
            .collect(),
    )
}

/// `base` with further rows, each softened by slacks that are all that costs.
fn with_slacks(base: &Lp, rows: &[(Vec<(usize, f64)>, f64, f64)]) -> (Lp, Vec<Vec<usize>>) {
    let mut extra: Vec<Vec<(usize, f64)>> = vec![Vec::new(); base.columns()];
    let mut lp = Lp::new();
    for row in 0..base.rows() {
        lp.add_row(base.row_lower[row], base.row_upper[row]);
    }
    for (entries, low, high) in rows {
        let row = lp.add_row(*low, *high);
        for &(column, weight) in entries {
            extra[column].push((row, weight));
        }
    }
    for (column, more) in extra.iter().enumerate() {
        let entries: Vec<(usize, f64)> = base.column(column).chain(more.iter().copied()).collect();
        lp.add_column(0.0, base.lower[column], base.upper[column], false, &entries);
    }
    let slacks = (0..rows.len())
        .map(|row| {
            let row = base.rows() + row;
            let short = lp.add_column(1.0, 0.0, f64::INFINITY, false, &[(row, 1.0)]);
            let over = lp.add_column(1.0, 0.0, f64::INFINITY, false, &[(row, -1.0)]);
            vec![short, over]
        })
        .collect();
    (lp, slacks)
}
