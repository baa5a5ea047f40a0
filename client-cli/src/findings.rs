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
        Form::Json => data.line(&format!("{:#}", json(report, language))),
        Form::Csv => csv(report, language, data),
        Form::Table => {
            for finding in &report.findings {
                data.line(&line(finding, language))?;
            }
            by_words(report, language, data)?;
            data.line(&contents(report, language))?;
            data.line(&count(report, language))?;
            changes(report, language, data)
        }
    }
}

/// Flows told of those that were read by their words; the others are counted.
const READ: usize = 30;

/// Writes what each flow without a key was read as, how surely, and why.
fn by_words(report: &v1::ImportReport, language: Language, data: &mut Data) -> Result<()> {
    let read = report
        .read_flows
        .iter()
        .filter_map(|flow| Some((flow, flow.by_words.as_ref()?)));
    let number = read.clone().count();
    if number == 0 {
        return Ok(());
    }
    let title = language.pick("lus par leurs mots", "read by their words");
    data.line(&language.labelled(title, &number.to_string()))?;
    for (flow, words) in read.take(READ) {
        let place = match flow.rows.first() {
            Some(row) => format!("{}:{row}", flow.sheet),
            None => flow.sheet.clone(),
        };
        let sure = language.number(words.confidence, 2);
        let label = language.of(&words.label);
        data.line(&format!(
            "  {place}  {} → {} {label}, {sure}",
            flow.text, flow.key
        ))?;
        let reasons: Vec<&str> = words
            .reasons
            .iter()
            .map(|reason| language.pick(&reason.fr, &reason.en))
            .collect();
        if !reasons.is_empty() {
            data.line(&format!(
                "      {}",
                reasons.join(language.pick(" ; ", "; "))
            ))?;
        }
    }
    match number.saturating_sub(READ) {
        0 => Ok(()),
        more => data.line(&match language {
            Language::Fr => format!("  … {more} autres (--output json)"),
            Language::En => format!("  … {more} others (--output json)"),
        }),
    }
}

/// Writes what a check found: nothing changes, so nothing is told of changes.
pub fn write_check(
    report: &v1::ImportReport,
    form: Form,
    language: Language,
    data: &mut Data,
) -> Result<()> {
    match form {
        Form::Json => data.line(&format!("{:#}", read(report, language))),
        form => write(report, form, language, data),
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

/// What was read, row by row, as JSON in one language.
fn read(report: &v1::ImportReport, language: Language) -> Value {
    let findings = report.findings.iter().map(|finding| {
        let place = finding.place.clone().unwrap_or_default();
        json!({
            "sheet": place.sheet,
            "row": place.row,
            "column": place.column,
            "code": finding.code,
            "severity": severity_code(finding),
            "value": finding.value,
            "cause": language.of(&finding.cause),
            "fix": language.of(&finding.fix),
        })
    });
    let refused = report
        .refused_rows
        .iter()
        .map(|place| json!({"sheet": place.sheet, "row": place.row}));
    let skipped = report.skipped.iter().map(|skipped| {
        let place = skipped.place.clone().unwrap_or_default();
        json!({
            "sheet": place.sheet,
            "row": place.row,
            "reason": language.of(&skipped.reason),
        })
    });
    json!({
        "flows": report.read_flows.iter().map(read_flow).collect::<Vec<_>>(),
        "findings": findings.collect::<Vec<_>>(),
        "refused_rows": refused.collect::<Vec<_>>(),
        "skipped_rows": skipped.collect::<Vec<_>>(),
    })
}

/// A flow as a row was understood.
fn read_flow(flow: &v1::ReadFlow) -> Value {
    let or_null = |text: &String| (!text.is_empty()).then(|| text.clone());
    let quantity = flow.quantity.clone().unwrap_or_default();
    let mut value = json!({
        "sheet": flow.sheet,
        "firm": flow.firm,
        "siret": or_null(&flow.siret),
        "site": flow.site,
        "direction": match flow.direction() {
            v1::Direction::Input => "input",
            _ => "output",
        },
        "text": flow.text,
        "key": or_null(&flow.key),
        "quantity": {
            "low": quantity.low,
            "mid": quantity.mid,
            "high": quantity.high,
            "unit": quantity.unit,
        },
        "profile": (!flow.profile.is_empty()).then(|| flow.profile.clone()),
        "waste_code": or_null(&flow.waste_code),
        "hazardous": flow.hazardous,
    });
    match &flow.rows[..] {
        [row] => value["row"] = json!(row),
        rows => value["rows"] = json!(rows),
    }
    value
}

/// A report of an import as JSON: what was read, and what it changes.
fn json(report: &v1::ImportReport, language: Language) -> Value {
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
    let mut value = read(report, language);
    value["applied"] = json!(report.applied);
    value["rows"] = json!(report.rows);
    value["firms"] = json!(report.firms);
    value["sites"] = json!(report.sites);
    value["unchanged"] = json!(report.unchanged);
    value["changes"] = json!(changes.collect::<Vec<_>>());
    value
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
