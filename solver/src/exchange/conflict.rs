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

/// A limit of the user's as a row over the columns of a component.
struct SoftRow {
    limit: ConflictingLimit,
    entries: Vec<(usize, f64)>,
    low: f64,
    high: f64,
}

/// The least total slack on user limits, by linear program.
fn by_slack(model: &Model, component: &Component) -> Option<Vec<Conflict>> {
    let mut loose = model.clone();
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
    let rows = soft_rows(model, component, &columns);
    let (lp, slacks) = with_slacks(&base, &rows);
    let mut instance = Instance::from_lp(&lp.relaxed()).ok()?;
    let solution = instance
        .solve(&Options::default(), None, Watch::default())
        .ok()?;
    let found = rows.into_iter().zip(&slacks).filter_map(|(row, slacks)| {
        let missing = slacks.iter().map(|&column| solution.values[column]).sum();
        let missing = Amount::from_units(missing)?;
        (missing > Amount::ZERO).then_some(Conflict {
            limit: row.limit,
            missing,
        })
    });
    Some(found.collect())
}

/// The forced quantities and supplier shares of a component.
fn soft_rows(model: &Model, component: &Component, columns: &[Vec<usize>]) -> Vec<SoftRow> {
    let mut rows = Vec::new();
    for (at, &position) in component.links.iter().enumerate() {
        let forced = model.links[position].forced.units();
        if forced > 0.0 {
            rows.push(SoftRow {
                limit: ConflictingLimit::Forced(position),
                entries: columns[at].iter().map(|&column| (column, 1.0)).collect(),
                low: forced,
                high: f64::INFINITY,
            });
        }
    }
    for &group in &component.groups {
        let group = &model.groups[group];
        let GroupOrigin::SupplierShare(setting) = group.origin else {
            continue;
        };
        let mut entries = Vec::new();
        for &(link, weight) in &group.members {
            if let Ok(at) = component.links.binary_search(&link) {
                entries.extend(columns[at].iter().map(|&column| (column, weight)));
            }
        }
        rows.push(SoftRow {
            limit: ConflictingLimit::SupplierShare(setting),
            entries,
            low: group.low.map_or(f64::NEG_INFINITY, Amount::units),
            high: group.high.map_or(f64::INFINITY, Amount::units),
        });
    }
    rows
}

/// `base` with further rows, each softened by two slacks that are all that costs.
fn with_slacks(base: &Lp, rows: &[SoftRow]) -> (Lp, Vec<[usize; 2]>) {
    let mut extra: Vec<Vec<(usize, f64)>> = vec![Vec::new(); base.columns()];
    let mut lp = Lp::new();
    for row in 0..base.rows() {
        lp.add_row(base.row_lower[row], base.row_upper[row]);
    }
    for soft in rows {
        let row = lp.add_row(soft.low, soft.high);
        for &(column, weight) in &soft.entries {
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
            [1.0, -1.0].map(|sign| lp.add_column(1.0, 0.0, f64::INFINITY, false, &[(row, sign)]))
        })
        .collect();
    (lp, slacks)
}
