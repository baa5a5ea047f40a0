//! Suggestions of a sector profile, in the columns of the template with one to confirm each line.

use std::collections::BTreeMap;

use boucle_domain::id::{FirmKey, SiteKey};
use boucle_domain::organisation::{Firm, Site};
use boucle_domain::suggestion::{Suggestion, odds};
use boucle_domain::text::Language;
use boucle_domain::validate::{Draft, Field, written_row};
use rust_xlsxwriter::Format as CellFormat;

use crate::WriteError;
use crate::cells::guarded;
use crate::export::Format;
use crate::layout::Content;
use crate::workbook::{fields_of, fill, heading, new_workbook};

/// Writes suggestions as a sheet that is read back: only the lines confirmed are taken. Those whose
/// site or firm is not given are left out.
///
/// # Errors
/// Only if the file cannot be put together.
pub fn suggestions(
    firms: &[Firm],
    sites: &[Site],
    suggested: &[Suggestion],
    language: Language,
    format: Format,
) -> Result<Vec<u8>, WriteError> {
    let firms: BTreeMap<&FirmKey, &Firm> = firms.iter().map(|firm| (&firm.key, firm)).collect();
    let sites: BTreeMap<&SiteKey, &Site> = sites.iter().map(|site| (&site.key, site)).collect();
    let row = |one: &Suggestion| -> Option<Draft> {
        let site = sites.get(&one.flow.key.site)?;
        let mut row = written_row(firms.get(&site.firm)?, site, &one.flow, language);
        let (odds, question) = (odds(one.share), &one.question);
        row.set(
            Field::Comment,
            match language {
                Language::Fr => format!("{} — {}", odds.fr, question.fr),
                Language::En => format!("{} — {}", odds.en, question.en),
            },
        );
        Some(row)
    };
    let rows: Vec<Draft> = suggested.iter().filter_map(row).collect();
    match format {
        Format::Xlsx => {
            let mut workbook = new_workbook("Boucle")?;
            let sheet = workbook.add_worksheet();
            fill(
                sheet,
                Content::Suggestions,
                language,
                &rows,
                &CellFormat::new(),
            )?;
            Ok(workbook.save_to_buffer()?)
        }
        Format::Csv => {
            let delimiter = if language == Language::Fr { b';' } else { b',' };
            let mut bytes = Vec::from(*b"\xEF\xBB\xBF");
            let mut writer = ::csv::WriterBuilder::new()
                .delimiter(delimiter)
                .from_writer(&mut bytes);
            let fields = fields_of(Content::Suggestions);
            let headings = fields
                .iter()
                .map(|&field| heading(field, Content::Suggestions, language));
            writer.write_record(headings)?;
            for row in &rows {
                writer.write_record(fields.iter().map(|&field| guarded(row.get(field))))?;
            }
            writer.flush().map_err(::csv::Error::from)?;
            drop(writer);
            Ok(bytes)
        }
    }
}
