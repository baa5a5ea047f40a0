//! What is stored, in the columns of the template: read back, it changes nothing.

use std::collections::BTreeMap;

use boucle_domain::flow::Flow;
use boucle_domain::id::{FirmKey, SiteKey};
use boucle_domain::organisation::{Firm, Site};
use boucle_domain::text::Language;
use boucle_domain::validate::{
    Declaration, Draft, Field, written_agreement, written_row, written_site,
};
use rust_xlsxwriter::Format as CellFormat;

use crate::WriteError;
use crate::cells::guarded;
use crate::layout::Content;
use crate::workbook::{fill, new_workbook};

/// Format of a file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A workbook: flows, sites and agreements in a sheet each.
    Xlsx,
    /// One table, firm and site repeated on each row. Semicolons in French, commas in English, with
    /// the mark that tells spreadsheets that it is UTF-8.
    Csv,
}

/// Writes firms, sites and flows. Text that a spreadsheet could run gets an apostrophe, which
/// reading takes off. A flow whose site, or a site whose firm, is not given is left out.
///
/// # Errors
/// Only if the file cannot be put together.
pub fn export(
    declaration: &Declaration,
    language: Language,
    format: Format,
) -> Result<Vec<u8>, WriteError> {
    let firms: BTreeMap<&FirmKey, &Firm> = declaration
        .firms
        .iter()
        .map(|firm| (&firm.key, firm))
        .collect();
    let sites: BTreeMap<&SiteKey, (&Firm, &Site)> = declaration
        .sites
        .iter()
        .filter_map(|site| firms.get(&site.firm).map(|firm| (&site.key, (*firm, site))))
        .collect();
    let mut flows: Vec<&Flow> = declaration.flows.iter().collect();
    flows.sort_by(|a, b| a.key.cmp(&b.key));
    match format {
        Format::Xlsx => workbook(&sites, &flows, language),
        Format::Csv => table(&sites, &flows, language),
    }
}

fn workbook(
    sites: &BTreeMap<&SiteKey, (&Firm, &Site)>,
    flows: &[&Flow],
    language: Language,
) -> Result<Vec<u8>, WriteError> {
    let mut workbook = new_workbook("Boucle")?;
    let plain = CellFormat::new();
    let rows: Vec<Draft> = flows
        .iter()
        .filter_map(|flow| {
            sites
                .get(&flow.key.site)
                .map(|(firm, site)| written_row(firm, site, flow, language))
        })
        .collect();
    fill(
        workbook.add_worksheet(),
        Content::Flows,
        language,
        &rows,
        &plain,
    )?;
    let rows: Vec<Draft> = sites
        .values()
        .map(|(firm, site)| written_site(firm, site))
        .collect();
    fill(
        workbook.add_worksheet(),
        Content::Sites,
        language,
        &rows,
        &plain,
    )?;
    let rows: Vec<Draft> = sites
        .values()
        .flat_map(|(firm, site)| {
            site.agreements
                .iter()
                .map(|agreement| written_agreement(firm, site, agreement))
        })
        .collect();
    fill(
        workbook.add_worksheet(),
        Content::Agreements,
        language,
        &rows,
        &plain,
    )?;
    Ok(workbook.save_to_buffer()?)
}

fn table(
    sites: &BTreeMap<&SiteKey, (&Firm, &Site)>,
    flows: &[&Flow],
    language: Language,
) -> Result<Vec<u8>, WriteError> {
    let delimiter = if language == Language::Fr { b';' } else { b',' };
    let mut bytes = Vec::from(*b"\xEF\xBB\xBF");
    let mut writer = ::csv::WriterBuilder::new()
        .delimiter(delimiter)
        .from_writer(&mut bytes);
    writer.write_record(Field::of_template().map(|field| field.heading(language)))?;
    let mut by_site: BTreeMap<&SiteKey, Vec<&Flow>> =
        sites.keys().map(|key| (*key, Vec::new())).collect();
    for &flow in flows {
        if let Some(of_site) = by_site.get_mut(&flow.key.site) {
            of_site.push(flow);
        }
    }
    for (key, flows) in by_site {
        let Some((firm, site)) = sites.get(key) else {
            continue;
        };
        // As many rows as there are flows or agreements, and one at least, so that no site is lost.
        for at in 0..flows.len().max(site.agreements.len()).max(1) {
            let mut row = written_site(firm, site);
            if let Some(flow) = flows.get(at) {
                merge(&mut row, &written_row(firm, site, flow, language));
            }
            if let Some(agreement) = site.agreements.get(at) {
                merge(&mut row, &written_agreement(firm, site, agreement));
            }
            writer.write_record(Field::of_template().map(|field| guarded(row.get(field))))?;
        }
    }
    writer.flush().map_err(::csv::Error::from)?;
    drop(writer);
    Ok(bytes)
}

fn merge(row: &mut Draft, other: &Draft) {
    for (field, text) in other.iter() {
        row.set(field, text);
    }
}
