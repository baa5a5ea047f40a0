//! Which firm and which site each row is about, and all that is said of them.

use std::collections::{BTreeMap, BTreeSet};

use super::RowRef;
use crate::diagnostic::Code;
use crate::geo::{Position, PositionSource};
use crate::id::{ExternalId, FirmKey, SiteKey, normalised};
use crate::organisation::{Firm, Site};
use crate::text::Text;
use crate::validate::context::Context;
use crate::validate::draft::Draft;
use crate::validate::field::Field;
use crate::validate::finding::Finding;
use crate::validate::keys::{firm_key, site_key};
use crate::validate::row::RowDeclaration;
use crate::validate::written::written_site;

/// Firms and sites of a declaration, and the site of each row.
pub(super) struct Places {
    pub firms: Vec<Firm>,
    pub sites: Vec<Site>,
    /// Per row; `None` when it names none, or several could be meant.
    pub of_row: Vec<Option<SiteKey>>,
}

impl Places {
    /// The name of the firm that a row writes, when its site goes by another.
    pub fn other_name<'r>(&self, row: &'r RowDeclaration, site: &SiteKey) -> Option<&'r str> {
        let at = self.sites.binary_search_by(|known| known.key.cmp(site));
        let firm = &self.sites.get(at.ok()?)?.firm;
        let at = self.firms.binary_search_by(|known| known.key.cmp(firm));
        let settled = &self.firms.get(at.ok()?)?.name;
        let written = row.firm.name.as_str();
        (!written.is_empty() && normalised(written) != normalised(settled)).then_some(written)
    }
}

/// Settles firms and sites, row by row.
pub(super) fn settled(
    rows: &[RowDeclaration],
    context: &Context,
    findings: &mut Vec<(RowRef, Finding)>,
) -> Places {
    let firm_of_row = firm_keys(rows, context, findings);
    let of_row = site_keys(rows, &firm_of_row, context, findings);
    let firms = firms(rows, &firm_of_row, context, findings);
    let sites = sites(rows, &firm_of_row, &of_row, &firms, context, findings);
    Places {
        firms,
        sites,
        of_row,
    }
}

/// The firm of each row: by identifier, by a name that has one identifier, by the site, by name.
fn firm_keys(
    rows: &[RowDeclaration],
    context: &Context,
    findings: &mut Vec<(RowRef, Finding)>,
) -> Vec<Option<FirmKey>> {
    let mut by_name: BTreeMap<String, BTreeSet<FirmKey>> = BTreeMap::new();
    let mut by_site: BTreeMap<&ExternalId, FirmKey> = BTreeMap::new();
    for firm in context
        .known_firms()
        .values()
        .filter(|firm| firm.external.is_some())
    {
        by_name
            .entry(normalised(&firm.name))
            .or_default()
            .insert(firm.key.clone());
    }
    for row in rows {
        if row.firm.external.is_some() && !row.firm.name.is_empty() {
            let key = firm_key(&row.firm.name, row.firm.external.as_ref());
            by_name
                .entry(normalised(&row.firm.name))
                .or_default()
                .insert(key);
        }
    }
    let named = |row: &RowDeclaration| -> Result<Option<FirmKey>, Vec<FirmKey>> {
        if row.firm.external.is_some() {
            return Ok(Some(firm_key(&row.firm.name, row.firm.external.as_ref())));
        }
        let name = normalised(&row.firm.name);
        if name.is_empty() {
            return Ok(None);
        }
        match by_name.get(&name) {
            None => Ok(Some(firm_key(&row.firm.name, None))),
            Some(keys) if keys.len() == 1 => Ok(keys.first().cloned()),
            Some(keys) => Err(keys.iter().cloned().collect()),
        }
    };
    for site in context.known_sites().values() {
        if let Some(id) = &site.external {
            by_site.insert(id, site.firm.clone());
        }
    }
    for row in rows {
        if let (Some(id), Ok(Some(firm))) = (&row.site.external, named(row)) {
            by_site.insert(id, firm);
        }
    }
    let mut keys = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let of_site = || {
            row.site
                .external
                .as_ref()
                .and_then(|id| by_site.get(id))
                .cloned()
        };
        keys.push(match named(row) {
            Ok(Some(key)) => Some(key),
            // A firm of an ambiguous name is still told by the identifier of its site.
            Err(several) => of_site().or_else(|| {
                let list = several
                    .iter()
                    .map(FirmKey::as_str)
                    .collect::<Vec<_>>()
                    .join(", ");
                findings.push((at, several_meant(Field::Firm, &row.firm.name, &list)));
                None
            }),
            Ok(None) => of_site().or_else(|| {
                if row.site.external.is_some() || !row.site.name.is_empty() {
                    findings.push((at, firm_unknown(row)));
                }
                None
            }),
        });
    }
    keys
}

/// The site of each row: by identifier, by its name in the firm, as the firm's only one.
fn site_keys(
    rows: &[RowDeclaration],
    firm_of_row: &[Option<FirmKey>],
    context: &Context,
    findings: &mut Vec<(RowRef, Finding)>,
) -> Vec<Option<SiteKey>> {
    // Sites with an identifier or a name, by firm.
    let mut by_firm: BTreeMap<&FirmKey, BTreeMap<SiteKey, BTreeSet<String>>> = BTreeMap::new();
    for site in context.known_sites().values() {
        by_firm
            .entry(&site.firm)
            .or_default()
            .entry(site.key.clone())
            .or_default()
            .insert(normalised(&site.name));
    }
    for (row, firm) in rows.iter().zip(firm_of_row) {
        let Some(firm) = firm else { continue };
        if row.site.external.is_some() {
            let key = site_key(firm, &row.site.name, row.site.external.as_ref());
            by_firm
                .entry(firm)
                .or_default()
                .entry(key)
                .or_default()
                .insert(normalised(&row.site.name));
        }
    }
    // Named rows join a site with identifier of that name, else make one of their own.
    for (row, firm) in rows.iter().zip(firm_of_row) {
        let (Some(firm), None) = (firm, &row.site.external) else {
            continue;
        };
        let name = normalised(&row.site.name);
        let sites = by_firm.entry(firm).or_default();
        if !name.is_empty() && !sites.values().any(|names| names.contains(&name)) {
            sites
                .entry(site_key(firm, &row.site.name, None))
                .or_default()
                .insert(name);
        }
    }
    let mut keys = Vec::with_capacity(rows.len());
    for (at, (row, firm)) in rows.iter().zip(firm_of_row).enumerate() {
        let Some(firm) = firm else {
            keys.push(None);
            continue;
        };
        if row.site.external.is_some() {
            keys.push(Some(site_key(
                firm,
                &row.site.name,
                row.site.external.as_ref(),
            )));
            continue;
        }
        let name = normalised(&row.site.name);
        let empty = BTreeMap::new();
        let sites = by_firm.get(firm).unwrap_or(&empty);
        let found: Vec<&SiteKey> = sites
            .iter()
            .filter(|(_, names)| name.is_empty() || names.contains(&name))
            .map(|(key, _)| key)
            .collect();
        keys.push(match found[..] {
            [] => Some(site_key(firm, &row.site.name, None)),
            [only] => Some(only.clone()),
            _ => {
                let list = found
                    .iter()
                    .map(|key| key.as_str())
                    .collect::<Vec<_>>()
                    .join(", ");
                findings.push((at, several_meant(Field::Site, &row.site.name, &list)));
                None
            }
        });
    }
    keys
}

/// Firms by key; of several spellings of a name, the first in alphabetical order.
fn firms(
    rows: &[RowDeclaration],
    firm_of_row: &[Option<FirmKey>],
    context: &Context,
    findings: &mut Vec<(RowRef, Finding)>,
) -> Vec<Firm> {
    let mut firms: BTreeMap<FirmKey, Firm> = BTreeMap::new();
    for (at, (row, key)) in rows.iter().zip(firm_of_row).enumerate() {
        let Some(key) = key else { continue };
        let firm = firms.entry(key.clone()).or_insert_with(|| Firm {
            key: key.clone(),
            name: row.firm.name.clone(),
            external: None,
        });
        if firm.external.is_none() {
            firm.external.clone_from(&row.firm.external);
        }
        if !row.firm.name.is_empty() {
            two_names(at, Field::Firm, &firm.name, &row.firm.name, findings);
            if firm.name.is_empty() || row.firm.name < firm.name {
                firm.name.clone_from(&row.firm.name);
            }
        }
    }
    for firm in firms.values_mut() {
        let known = context.known_firms().get(&firm.key);
        if let Some(known) = known {
            if firm.name.is_empty() {
                firm.name.clone_from(&known.name);
            }
            if firm.external.is_none() {
                firm.external.clone_from(&known.external);
            }
        }
        if firm.name.is_empty() {
            firm.name = firm.key.to_string();
        }
    }
    firms.into_values().collect()
}

/// Sites by key, everything said of one in several rows merged; two different words are a finding.
fn sites(
    rows: &[RowDeclaration],
    firm_of_row: &[Option<FirmKey>],
    of_row: &[Option<SiteKey>],
    firms: &[Firm],
    context: &Context,
    findings: &mut Vec<(RowRef, Finding)>,
) -> Vec<Site> {
    let mut merged: BTreeMap<SiteKey, Site> = BTreeMap::new();
    for (at, (row, (key, firm))) in rows.iter().zip(of_row.iter().zip(firm_of_row)).enumerate() {
        let (Some(key), Some(firm)) = (key, firm) else {
            continue;
        };
        let site = merged
            .entry(key.clone())
            .or_insert_with(|| empty_site(key, firm, context));
        let said = &row.site;
        if site.external.is_none() {
            site.external.clone_from(&said.external);
        }
        if !said.name.is_empty() {
            two_names(at, Field::Site, &site.name, &said.name, findings);
            if site.name.is_empty() || said.name < site.name {
                site.name.clone_from(&said.name);
            }
        }
        let point = said.point.map(|point| Position {
            point,
            source: PositionSource::Declared,
        });
        let mut different: Vec<Field> = Vec::new();
        let mut differ = |field: Field, same: bool| {
            if !same {
                different.push(field);
            }
        };
        differ(Field::Firm, site.firm == *firm);
        differ(
            Field::Activity,
            one_value(&mut site.activity, &said.activity),
        );
        differ(Field::Commune, one_value(&mut site.commune, &said.commune));
        let (known, said_point) = (site.position.map(|held| held.point), said.point);
        if !one_value(&mut site.position, &point)
            && let (Some(known), Some(other)) = (known, said_point)
        {
            differ(Field::Latitude, known.latitude() == other.latitude());
            differ(Field::Longitude, known.longitude() == other.longitude());
        }
        differ(
            Field::Headcount,
            one_value(&mut site.headcount, &said.headcount),
        );
        let rubrics = (!said.icpe_rubrics.is_empty()).then(|| said.icpe_rubrics.clone());
        let mut listed = (!site.icpe_rubrics.is_empty()).then(|| site.icpe_rubrics.clone());
        differ(Field::Icpe, one_value(&mut listed, &rubrics));
        site.icpe_rubrics = listed.unwrap_or_default();
        if !different.is_empty() {
            let of = firms.binary_search_by(|firm| firm.key.cmp(&site.firm));
            let held = of.map_or_else(|_| Draft::new(), |of| written_site(&firms[of], site));
            findings.extend(
                different
                    .into_iter()
                    .map(|field| (at, two_values(field, key, held.get(field)))),
            );
        }
        if let Some(agreement) = &row.agreement
            && !site.agreements.contains(agreement)
        {
            site.agreements.push(agreement.clone());
        }
    }
    for site in merged.values_mut() {
        completed(site, context);
    }
    merged.into_values().collect()
}

fn empty_site(key: &SiteKey, firm: &FirmKey, context: &Context) -> Site {
    let known = context.known_sites().get(key);
    Site {
        key: key.clone(),
        firm: firm.clone(),
        zone: known.map_or_else(|| context.zone.clone(), |known| known.zone.clone()),
        name: String::new(),
        external: None,
        activity: None,
        commune: None,
        position: None,
        headcount: None,
        icpe_rubrics: Vec::new(),
        agreements: Vec::new(),
    }
}

/// What the rows leave empty comes from the stored site, then from the commune.
fn completed(site: &mut Site, context: &Context) {
    if let Some(known) = context.known_sites().get(&site.key) {
        if site.name.is_empty() {
            site.name.clone_from(&known.name);
        }
        if site.external.is_none() {
            site.external.clone_from(&known.external);
        }
        if site.activity.is_none() {
            site.activity.clone_from(&known.activity);
        }
        if site.commune.is_none() {
            site.commune.clone_from(&known.commune);
        }
        if site.position.is_none() {
            site.position = known
                .position
                .filter(|position| position.source == PositionSource::Declared);
        }
        site.headcount = site.headcount.or(known.headcount);
        if site.icpe_rubrics.is_empty() {
            site.icpe_rubrics.clone_from(&known.icpe_rubrics);
        }
        if site.agreements.is_empty() {
            site.agreements.clone_from(&known.agreements);
        }
    }
    if site.position.is_none() {
        let commune = site
            .commune
            .as_deref()
            .and_then(|code| context.knowledge.commune_by_code(code));
        site.position = commune
            .and_then(|commune| commune.point)
            .map(|point| Position {
                point,
                source: PositionSource::Commune,
            });
    }
    site.agreements.sort_by(|a, b| {
        (
            &a.reference,
            &a.waste_codes,
            a.validity.from,
            a.validity.to,
            a.yearly_limit.map(|(amount, _)| amount),
        )
            .cmp(&(
                &b.reference,
                &b.waste_codes,
                b.validity.from,
                b.validity.to,
                b.yearly_limit.map(|(amount, _)| amount),
            ))
    });
}

/// Keeps the first value; whether the other, if any, is the same.
fn one_value<T: Clone + PartialEq>(held: &mut Option<T>, said: &Option<T>) -> bool {
    match (&held, said) {
        (Some(held), Some(said)) => held == said,
        (None, Some(_)) => {
            held.clone_from(said);
            true
        }
        (_, None) => true,
    }
}

fn two_names(
    at: RowRef,
    field: Field,
    held: &str,
    said: &str,
    findings: &mut Vec<(RowRef, Finding)>,
) {
    if held.is_empty() || normalised(held) == normalised(said) {
        return;
    }
    let cause = Text::new(
        format!(
            "le même identifiant porte deux noms : « {said} » ici, « {held} » ailleurs ; les flux des deux vont au même établissement, et gardent dans leur source qui les a déclarés"
        ),
        format!(
            "one identifier bears two names: \"{said}\" here, \"{held}\" elsewhere; the flows of both go to one site, and keep in their source who declared them"
        ),
    );
    let fix = Text::new(
        format!("si c'est la même entreprise, écrivez « {held} » ; sinon corrigez l'identifiant"),
        format!("if it is the same firm, write \"{held}\"; else correct the identifier"),
    );
    findings.push((at, Finding::new(Code::W2202, field, said, cause, fix)));
}

/// A value of a site that another row contradicts; `held`: what that row says, as people write it.
fn two_values(field: Field, key: &SiteKey, held: &str) -> Finding {
    Finding::new(
        Code::E1206,
        field,
        key.as_str(),
        Text::new(
            format!("une autre ligne dit « {held} » pour cet établissement"),
            format!("another row says \"{held}\" of this site"),
        ),
        Text::new(
            format!(
                "écrivez « {held} » ici aussi si c'est juste ; sinon corrigez l'autre ligne, une seule suffit"
            ),
            format!(
                "write \"{held}\" here as well if it is right; else correct the other row, one is enough"
            ),
        ),
    )
}

fn several_meant(field: Field, name: &str, list: &str) -> Finding {
    Finding::new(
        Code::E1207,
        field,
        name,
        Text::new(
            format!("plusieurs peuvent être désignés : {list}"),
            format!("several could be meant: {list}"),
        ),
        Text::new(
            "écrivez l'identifiant, ou le nom de l'établissement",
            "write the identifier, or the name of the site",
        ),
    )
}

fn firm_unknown(row: &RowDeclaration) -> Finding {
    let value = row
        .site
        .external
        .as_ref()
        .map_or(row.site.name.as_str(), |id| id.value.as_str());
    Finding::new(
        Code::E1109,
        Field::Firm,
        value,
        Text::new(
            "l'entreprise n'est pas nommée, et aucune autre ligne ne dit à qui est cet établissement",
            "the firm is not named, and no other row says whose site this is",
        ),
        Text::new(
            "écrivez le nom de l'entreprise",
            "write the name of the firm",
        ),
    )
}
