//! Sites as they are written, and what an import says.

use boucle_domain::text::Language;
use boucle_domain::validate::{Draft, Field};
use boucle_proto::v1;

use super::diagnostic::diagnostic;
use super::flow::flow_key;
use super::sheet;
use crate::app::error::{Result, ServiceError, Violation};
use crate::app::ingest::{ChangeKind, Format, Mode, Report};

/// The words of a site: one draft for the site itself, then one for each agreement.
pub fn site_drafts(site: &v1::SiteDraft) -> Vec<Draft> {
    let own = Draft::new()
        .with(Field::Firm, &site.firm)
        .with(Field::FirmId, &site.firm_id)
        .with(Field::Site, &site.site)
        .with(Field::SiteId, &site.site_id)
        .with(Field::Activity, &site.activity)
        .with(Field::Commune, &site.commune)
        .with(Field::Latitude, &site.latitude)
        .with(Field::Longitude, &site.longitude)
        .with(Field::Headcount, &site.headcount)
        .with(Field::Icpe, &site.icpe);
    let agreements = site.agreements.iter().map(|agreement| {
        Draft::new()
            .with(Field::Firm, &site.firm)
            .with(Field::FirmId, &site.firm_id)
            .with(Field::Site, &site.site)
            .with(Field::SiteId, &site.site_id)
            .with(Field::AgreementReference, &agreement.reference)
            .with(Field::AgreementWasteCodes, &agreement.waste_codes)
            .with(Field::AgreementQuantity, &agreement.quantity)
            .with(Field::AgreementUnit, &agreement.unit)
            .with(Field::AgreementFrom, &agreement.valid_from)
            .with(Field::AgreementTo, &agreement.valid_to)
    });
    std::iter::once(own).chain(agreements).collect()
}

/// The path of a field of the template in a message that declares a site; `row` counts its drafts.
pub fn site_path(row: usize, field: &str) -> String {
    match field.strip_prefix("agreement_") {
        Some("from") => format!("site.agreements[{}].valid_from", row.saturating_sub(1)),
        Some("to") => format!("site.agreements[{}].valid_to", row.saturating_sub(1)),
        Some(field) => format!("site.agreements[{}].{field}", row.saturating_sub(1)),
        None if field.is_empty() => "site".to_owned(),
        None => format!("site.{field}"),
    }
}

/// Puts the findings of an error under the paths of the message they came from.
pub fn under_paths(error: ServiceError, path: impl Fn(usize, &str) -> String) -> ServiceError {
    match error {
        ServiceError::Findings(findings) => ServiceError::Fields(
            findings
                .into_iter()
                .map(|(row, finding)| {
                    Violation::of_finding(
                        path(row, finding.field.map_or("", Field::code)),
                        &finding,
                    )
                })
                .collect(),
        ),
        other => other,
    }
}

/// What an import does with what is declared already.
pub fn mode(mode: i32) -> Result<Mode> {
    match v1::ImportMode::try_from(mode) {
        Ok(v1::ImportMode::Unspecified | v1::ImportMode::Merge) => Ok(Mode::Merge),
        Ok(v1::ImportMode::Replace) => Ok(Mode::Replace),
        Ok(v1::ImportMode::Append) => Ok(Mode::Append),
        Err(_) => Err(ServiceError::field(
            "header.mode",
            "mode inconnu",
            "unknown mode",
        )),
    }
}

/// A format of file.
pub fn format(format: i32) -> Result<Format> {
    match v1::FileFormat::try_from(format) {
        Ok(v1::FileFormat::Unspecified | v1::FileFormat::Xlsx) => Ok(Format::Xlsx),
        Ok(v1::FileFormat::Csv) => Ok(Format::Csv),
        Err(_) => Err(ServiceError::field(
            "format",
            "format inconnu",
            "unknown format",
        )),
    }
}

/// What was found in a file and what it changes.
pub fn report(report: &Report) -> v1::ImportReport {
    let changes = report.changes.iter().map(|change| {
        let kind = match change.kind {
            ChangeKind::Added => v1::ChangeKind::Added,
            ChangeKind::Changed => v1::ChangeKind::Changed,
            ChangeKind::Removed => v1::ChangeKind::Removed,
        };
        v1::Change {
            kind: kind.into(),
            flow: Some(flow_key(&change.flow)),
            fields: change.fields.clone(),
        }
    });
    v1::ImportReport {
        findings: report.findings.iter().map(diagnostic).collect(),
        changes: changes.collect(),
        unchanged: report.unchanged,
        applied: report.applied,
        rows: report.rows,
        skipped_rows: report.skipped_rows,
        firms: report.firms,
        sites: report.sites,
        flows: report.flows,
        read_flows: report.listed.iter().map(sheet::read_flow).collect(),
        refused_rows: report.refused.iter().map(sheet::row_place).collect(),
        skipped: report.skipped.iter().map(sheet::skipped_row).collect(),
        proposed_mapping: report.proposal.as_ref().map(sheet::mapping),
    }
}

/// The language of a caller, from what a browser or client sends: the first of the two it names.
pub fn preferred_language(accept: &str) -> Language {
    let named = accept.split(',').find_map(|part| {
        let tag = part
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        match tag.split('-').next() {
            Some("fr") => Some(Language::Fr),
            Some("en") => Some(Language::En),
            _ => None,
        }
    });
    named.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_of_the_caller_is_taken() {
        assert_eq!(
            preferred_language("de, en-GB;q=0.8, fr;q=0.5"),
            Language::En
        );
        assert_eq!(preferred_language("fr-FR"), Language::Fr);
        assert_eq!(preferred_language("de"), Language::Fr);
    }

    #[test]
    fn a_finding_about_an_agreement_is_put_under_its_position() {
        assert_eq!(
            site_path(2, "agreement_waste_codes"),
            "site.agreements[1].waste_codes"
        );
        assert_eq!(
            site_path(1, "agreement_from"),
            "site.agreements[0].valid_from"
        );
        assert_eq!(site_path(0, "site_id"), "site.site_id");
    }
}
