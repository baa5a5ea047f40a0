//! What was found in a sheet, and what it changes.

use boucle_proto::v1;
use boucle_proto::v1::{ChangeKind, Severity};
use serde_json::{Value, json};

use crate::failure::Result;
use crate::output::{Data, Form};
use crate::text::Language;

/// Whether a finding refuses the whole sheet.
pub fn refused(report: &v1::ImportReport) -> bool {
    report
        .findings
        .iter()
        .any(|finding| finding.severity() == Severity::Error)
}

/// A finding: where, how bad, what was read, why it is wrong, what to write instead.
///
/// `flows.csv:17:D quantity  E1201 error: … 'douze' … write a number`
pub fn line(finding: &v1::Diagnostic, language: Language) -> String {
    let mut text = String::new();
    if let Some(place) = &finding.place {
        text.push_str(&place.sheet);
        if place.row > 0 {
            text.push_str(&format!(":{}", place.row));
        }
        if !place.column.is_empty() {
            text.push_str(&format!(":{}", place.column));
        }
        if !place.field.is_empty() {
            text.push_str(&format!(" {}", place.field));
        }
        text.push_str("  ");
    }
    let severity = match finding.severity() {
        Severity::Error => language.pick("erreur", "error"),
        Severity::Warning => language.pick("avertissement", "warning"),
        Severity::Info | Severity::Unspecified => language.pick("note", "note"),
    };
    let label = format!("{} {severity}", finding.code);
    text.push_str(&language.labelled(&label, language.of(&finding.cause)));
    if !finding.value.is_empty() {
        let (open, close) = match language {
            Language::Fr => ("«\u{a0}", "\u{a0}»"),
            Language::En => ("'", "'"),
        };
        text.push_str(&format!(" [{open}{}{close}]", finding.value));
    }
    let fix = language.of(&finding.fix);
    if !fix.is_empty() {
        text.push_str(&format!("\n    → {fix}"));
    }
    text
}

/// How many findings there are of each severity, in words.
pub fn count(report: &v1::ImportReport, language: Language) -> String {
    let of = |severity| {
        report
            .findings
            .iter()
            .filter(|finding| finding.severity() == severity)
            .count()
    };
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let notes = report.findings.len() - errors - warnings;
    match language {
        Language::Fr => {
            format!("{errors} erreur(s), {warnings} avertissement(s), {notes} note(s)")
        }
        Language::En => format!("{errors} error(s), {warnings} warning(s), {notes} note(s)"),
    }
}

/// What the sheet holds, in words.
pub fn contents(report: &v1::ImportReport, language: Language) -> String {
    let (rows, skipped) = (report.rows, report.skipped_rows);
    let (firms, sites, flows) = (report.firms, report.sites, report.flows);
    match language {
        Language::Fr => format!(
            "{rows} lignes lues ({skipped} laissées de côté) : {firms} entreprises, {sites} établissements, {flows} flux"
        ),
        Language::En => format!(
            "{rows} rows read ({skipped} left aside): {firms} firms, {sites} sites, {flows} flows"
        ),
    }
}

/// Writes a report.
pub fn write(
    report: &v1::ImportReport,
    form: Form,
    language: Language,
    data: &mut Data,
) -> Result<()> {
    match form {
        Form::Json => data.line(&format!("{:#}", json(report))),
        Form::Csv => csv(report, language, data),
        Form::Table => {
            for finding in &report.findings {
                data.line(&line(finding, language))?;
            }
            data.line(&contents(report, language))?;
            data.line(&count(report, language))?;
            changes(report, language, data)
        }
    }
}

/// Writes what changes, flow by flow.
fn changes(report: &v1::ImportReport, language: Language, data: &mut Data) -> Result<()> {
    for change in &report.changes {
        let mark = match change.kind() {
            ChangeKind::Added => "+",
            ChangeKind::Changed => "~",
            ChangeKind::Removed => "-",
            ChangeKind::Unspecified => "?",
        };
        let key = change.flow.as_ref().map(flow_key).unwrap_or_default();
        let fields = match change.fields.is_empty() {
            true => String::new(),
            false => format!("  ({})", change.fields.join(", ")),
        };
        data.line(&format!("{mark} {key}{fields}"))?;
    }
    let of = |kind| {
        report
            .changes
            .iter()
            .filter(|change| change.kind() == kind)
            .count()
    };
    let (added, changed) = (of(ChangeKind::Added), of(ChangeKind::Changed));
    let (removed, same) = (of(ChangeKind::Removed), report.unchanged);
    if added + changed + removed + same as usize == 0 {
        return Ok(());
    }
    data.line(&match language {
        Language::Fr => {
            format!(
                "{added} ajouté(s), {changed} modifié(s), {removed} retiré(s), {same} inchangé(s)"
            )
        }
        Language::En => {
            format!("{added} added, {changed} changed, {removed} removed, {same} unchanged")
        }
    })
}

/// A report as JSON, with both languages.
fn json(report: &v1::ImportReport) -> Value {
    let text = |text: &Option<v1::Text>| {
        text.as_ref()
            .map(|text| json!({"fr": text.fr, "en": text.en}))
    };
    let findings = report.findings.iter().map(|finding| {
        let place = finding.place.clone().unwrap_or_default();
        json!({
            "code": finding.code,
            "severity": severity_code(finding),
            "sheet": place.sheet,
            "row": place.row,
            "column": place.column,
            "field": place.field,
            "value": finding.value,
            "cause": text(&finding.cause),
            "fix": text(&finding.fix),
        })
    });
    let changes = report.changes.iter().map(|change| {
        let kind = change
            .kind()
            .as_str_name()
            .trim_start_matches("CHANGE_KIND_");
        json!({
            "kind": kind.to_lowercase(),
            "flow": change.flow.as_ref().map(flow_key),
            "fields": change.fields,
        })
    });
    json!({
        "applied": report.applied,
        "rows": report.rows,
        "skipped_rows": report.skipped_rows,
        "firms": report.firms,
        "sites": report.sites,
        "flows": report.flows,
        "unchanged": report.unchanged,
        "findings": findings.collect::<Vec<_>>(),
        "changes": changes.collect::<Vec<_>>(),
    })
}

/// A row per finding.
fn csv(report: &v1::ImportReport, language: Language, data: &mut Data) -> Result<()> {
    let mut rows = csv::Writer::from_writer(Vec::new());
    let header = [
        "sheet", "row", "column", "field", "code", "severity", "value", "cause", "fix",
    ];
    written(rows.write_record(header))?;
    for finding in &report.findings {
        let place = finding.place.clone().unwrap_or_default();
        written(rows.write_record([
            place.sheet.as_str(),
            &place.row.to_string(),
            &place.column,
            &place.field,
            &finding.code,
            severity_code(finding),
            &finding.value,
            language.of(&finding.cause),
            language.of(&finding.fix),
        ]))?;
    }
    data.bytes(&finished(rows)?)
}

/// The severity in programs' words.
fn severity_code(finding: &v1::Diagnostic) -> &'static str {
    match finding.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Unspecified => "info",
    }
}

/// A csv record that was written into memory.
pub fn written(result: csv::Result<()>) -> Result<()> {
    result.map_err(|error| crate::failure::Failure::Error(error.to_string()))
}

/// The bytes of a csv text.
pub fn finished(rows: csv::Writer<Vec<u8>>) -> Result<Vec<u8>> {
    rows.into_inner()
        .map_err(|error| crate::failure::Failure::Error(error.to_string()))
}

/// A flow key as text: `site/output/reference`.
pub fn flow_key(key: &v1::FlowKey) -> String {
    let direction = match key.direction() {
        v1::Direction::Output => "output",
        v1::Direction::Input => "input",
        v1::Direction::Unspecified => "?",
    };
    format!("{}/{direction}/{}", key.site, key.reference)
}
