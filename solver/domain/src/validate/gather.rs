//! Rows joined into one declaration: keys settled, sites merged, partners found, contradictions told.

mod partners;
mod sites;

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::field::Field;
use super::finding::Finding;
use super::row::RowDeclaration;
use crate::diagnostic::Code;
use crate::flow::Flow;
use crate::id::{Direction, FlowKey, normalised};
use crate::knowledge::{CodeList, Standing};
use crate::organisation::{Firm, Site};
use crate::text::Text;
use partners::Directory;

/// Index of a row in the slice given to [`gather`].
pub type RowRef = usize;

/// Firms, sites and flows with their keys, each list sorted by key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declaration {
    /// Firms.
    pub firms: Vec<Firm>,
    /// Sites.
    pub sites: Vec<Site>,
    /// Flows.
    pub flows: Vec<Flow>,
}

/// What a set of rows declares, and what contradicts itself in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gathered {
    /// What could be settled.
    pub declaration: Declaration,
    /// Row by row, in the order of the rows.
    pub findings: Vec<(RowRef, Finding)>,
    /// The row of each flow of the declaration.
    pub rows: BTreeMap<FlowKey, RowRef>,
}

/// Joins rows into a declaration. The declaration does not depend on the order of the rows.
///
/// Rows may name a site by its identifier or by firm and site name; a site or firm stored already
/// (see [`Context::with_known`]) lends what the rows leave empty.
pub fn gather(rows: &[RowDeclaration], context: &Context) -> Gathered {
    let mut findings = Vec::new();
    let places = sites::settled(rows, context, &mut findings);
    let directory = Directory::new(rows, &places, context);
    let mut flows: Vec<(RowRef, Flow)> = Vec::new();
    let mut seen: BTreeSet<FlowKey> = BTreeSet::new();
    let mut taken: BTreeSet<FlowKey> = (rows.iter().zip(&places.of_row))
        .filter_map(|(row, site)| {
            Some(FlowKey {
                site: site.clone()?,
                ..row.flow_key.clone()?
            })
        })
        .collect();
    for (at, row) in rows.iter().enumerate() {
        let (Some(site), Some(key)) = (&places.of_row[at], &row.flow_key) else {
            continue;
        };
        let key = FlowKey {
            site: site.clone(),
            ..key.clone()
        };
        if !seen.insert(key.clone()) {
            let free = free_reference(row, &key, &mut taken);
            findings.push((at, duplicate(row, &key, &free)));
            continue;
        }
        let partner = match directory.partner(row, site) {
            Ok(partner) => partner,
            Err(finding) => {
                findings.push((at, *finding));
                continue;
            }
        };
        if let Some(flow) = &row.flow {
            let mut flow = flow.clone();
            flow.key = key;
            flow.present.partner = partner;
            if let Some(name) = places.other_name(row, site) {
                let source = [flow.provenance.source.as_str(), &declared_as(name)];
                let said = source.into_iter().filter(|part| !part.is_empty());
                flow.provenance.source = said.collect::<Vec<_>>().join(" ; ");
            }
            flows.push((at, flow));
        }
    }
    findings.extend(earlier_edition(&flows, context));
    findings.sort_by_key(|(at, _)| *at);
    let of_flow = flows
        .iter()
        .map(|(at, flow)| (flow.key.clone(), *at))
        .collect();
    let mut flows: Vec<Flow> = flows.into_iter().map(|(_, flow)| flow).collect();
    flows.sort_by(|a, b| a.key.cmp(&b.key));
    Gathered {
        declaration: Declaration {
            firms: places.firms,
            sites: places.sites,
            flows,
        },
        findings,
        rows: of_flow,
    }
}

/// Who declared a flow whose site bears another name: kept in its source.
fn declared_as(name: &str) -> String {
    format!("déclaré sous le nom « {name} »")
}

/// A reference, or a name, that no flow of the site has: the one written with a number behind it.
fn free_reference(row: &RowDeclaration, key: &FlowKey, taken: &mut BTreeSet<FlowKey>) -> String {
    let written = match (row.has_reference, &row.flow) {
        (false, Some(flow)) => flow.name.as_str(),
        _ => key.reference.as_str(),
    };
    for number in 2..=taken.len() + 2 {
        let (free, reference) = match row.has_reference {
            true => {
                let free = format!("{written}-{number}");
                (free.clone(), free)
            }
            false => {
                let free = format!("{written} ({number})");
                let reference = normalised(&free);
                (free, reference)
            }
        };
        let key = FlowKey {
            reference,
            ..key.clone()
        };
        if taken.insert(key) {
            return free;
        }
    }
    written.to_owned()
}

/// Two rows with one key; `free`: what the second may be called instead.
fn duplicate(row: &RowDeclaration, key: &FlowKey, free: &str) -> Finding {
    let (direction_fr, direction_en) = match key.direction {
        Direction::Output => ("sortant", "output"),
        Direction::Input => ("entrant", "input"),
    };
    let cause = Text::new(
        format!(
            "« {} » est déjà déclaré en {direction_fr} pour cet établissement",
            key.reference
        ),
        format!(
            "\"{}\" is declared already as an {direction_en} of this site",
            key.reference
        ),
    );
    let (code, field, fix) = match row.has_reference {
        true => (
            Code::E1701,
            Field::Ref,
            Text::new(
                format!("si c'est un autre flux, écrivez « {free} » ; sinon ôtez la ligne"),
                format!("if it is another flow, write \"{free}\"; else remove the row"),
            ),
        ),
        false => (
            Code::E1702,
            Field::Name,
            Text::new(
                format!(
                    "si c'est un autre flux, écrivez « {free} », ou donnez une référence à chacun dans « Réf. » ; sinon réunissez les deux lignes"
                ),
                format!(
                    "if it is another flow, write \"{free}\", or give each a reference in \"Ref.\"; else join the two rows"
                ),
            ),
        ),
    };
    Finding::new(code, field, &key.reference, cause, fix)
}

/// One note for the whole declaration when the list of waste has a newer edition on that day.
fn earlier_edition(flows: &[(RowRef, Flow)], context: &Context) -> Option<(RowRef, Finding)> {
    let coded: Vec<&(RowRef, Flow)> = flows
        .iter()
        .filter(|(_, flow)| flow.waste_code.is_some())
        .collect();
    let (at, first) = coded.first()?;
    let Standing::Amended { known, current } = context
        .knowledge
        .standing(CodeList::WasteCodes, context.valid_on)
    else {
        return None;
    };
    let cause = Text::new(
        format!(
            "{} code(s) jugé(s) selon « {} » ; le {} vaut « {} »",
            coded.len(),
            known.name,
            context.valid_on,
            current.name
        ),
        format!(
            "{} code(s) judged by \"{}\"; on {} \"{}\" is in force",
            coded.len(),
            known.name,
            context.valid_on,
            current.name
        ),
    );
    let fix = Text::new(
        "vérifiez que le code existe encore sous ce numéro",
        "check that the code still exists under this number",
    );
    let code = first.waste_code.as_ref().map_or("", |code| code.as_str());
    Some((
        *at,
        Finding::new(Code::I3303, Field::WasteCode, code, cause, fix),
    ))
}
