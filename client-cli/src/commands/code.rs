//! `boucle code`: codes of a territory's own, and the codes of the reference lists they stand for.

use std::path::{Path, PathBuf};

use boucle_proto::v1;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use tonic_types::StatusExt;

use crate::args::Service;
use crate::client::Client;
use crate::failure::{Failure, Result};
use crate::findings::{finished, written};
use crate::output::{Data, Form};
use crate::text::Language;

/// What to do with the codes of a territory.
#[derive(Debug, Args)]
pub struct CodeArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Say what a code stands for: every check and import after reads it so
    Add(AddArgs),
    /// Add the codes of a csv file, all or none: list, code, label, codes, valid_from, valid_to, source
    Import(ImportArgs),
    /// List the codes of the territory
    List(ListArgs),
    /// Forget a code, whatever its days
    Remove(RemoveArgs),
}

#[derive(Debug, Args)]
struct AddArgs {
    /// The code, as sheets hold it; case and accents do not count, and any sign is a space
    #[arg(value_name = "CODE")]
    code: String,
    /// What it stands for: a code of the reference list, or several: '20 03 01; 15 01 06'
    #[arg(value_name = "CODES")]
    codes: String,
    /// The list it stands beside
    #[arg(
        long,
        value_enum,
        value_name = "waste_codes|activities",
        default_value_t,
        hide_possible_values = true
    )]
    list: List,
    /// What it is called
    #[arg(long, value_name = "TEXT", default_value = "")]
    label: String,
    /// First day on which it holds [default: since always]
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "")]
    valid_from: String,
    /// Last day on which it holds [default: without end]
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "")]
    valid_to: String,
    /// Where this is written down
    #[arg(long, value_name = "TEXT")]
    source: String,
    #[command(flatten)]
    service: Service,
}

#[derive(Debug, Args)]
struct ImportArgs {
    /// The file, as `boucle code list --output csv` writes it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    service: Service,
}

#[derive(Debug, Args)]
struct ListArgs {
    /// Form of the list
    #[arg(
        long,
        value_enum,
        value_name = "table|json|csv",
        default_value_t,
        hide_possible_values = true
    )]
    output: Form,
    #[command(flatten)]
    service: Service,
}

#[derive(Debug, Args)]
struct RemoveArgs {
    /// The code
    #[arg(value_name = "CODE")]
    code: String,
    /// The list it stands beside
    #[arg(
        long,
        value_enum,
        value_name = "waste_codes|activities",
        default_value_t,
        hide_possible_values = true
    )]
    list: List,
    #[command(flatten)]
    service: Service,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum List {
    #[default]
    #[value(name = "waste_codes", alias = "waste-codes")]
    WasteCodes,
    #[value(name = "activities")]
    Activities,
}

impl List {
    fn wire(self) -> v1::CodeList {
        match self {
            List::WasteCodes => v1::CodeList::WasteCodes,
            List::Activities => v1::CodeList::Activities,
        }
    }
}

/// Columns of a file of codes, each with its field in a request.
const COLUMNS: [(&str, &str); 7] = [
    ("list", "list"),
    ("code", "code"),
    ("label", "label"),
    ("codes", "stands_for"),
    ("valid_from", "valid_from"),
    ("valid_to", "valid_to"),
    ("source", "source"),
];

/// Decides, lists or forgets.
pub async fn run(args: &CodeArgs, language: Language) -> Result<()> {
    match &args.verb {
        Verb::Add(args) => add(args, language).await,
        Verb::Import(args) => import(args, language).await,
        Verb::List(args) => list(args, language).await,
        Verb::Remove(args) => remove(args, language).await,
    }
}

async fn add(args: &AddArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    client.open_territory().await?;
    let ask = v1::AddOwnCodesRequest {
        territory: client.territory.clone(),
        codes: vec![v1::OwnCode {
            list: args.list.wire().into(),
            code: args.code.clone(),
            label: args.label.clone(),
            stands_for: several(&args.codes),
            valid_from: args.valid_from.clone(),
            valid_to: args.valid_to.clone(),
            source: args.source.clone(),
        }],
    };
    let added = client.own_codes().add_own_codes(ask).await?.into_inner();
    client.close().await;
    let mut data = Data::open();
    for one in &added.codes {
        data.line(&line(one, language))?;
    }
    data.close()
}

async fn import(args: &ImportArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let rows = read(&args.file, language)?;
    let (lines, codes): (Vec<u64>, Vec<v1::OwnCode>) = rows.into_iter().unzip();
    let client = Client::open(&args.service, 1, language).await?;
    client.open_territory().await?;
    let ask = v1::AddOwnCodesRequest {
        territory: client.territory.clone(),
        codes,
    };
    let added = client.own_codes().add_own_codes(ask).await;
    client.close().await;
    let added = added
        .map_err(|status| placed(status, &args.file, &lines, language))?
        .into_inner();
    let (added, before) = (added.added as usize, added.codes.len());
    let before = before.saturating_sub(added);
    let mut data = Data::open();
    data.line(&match language {
        Language::Fr => format!("{added} code(s) ajouté(s), {before} déjà là"),
        Language::En => format!("{added} code(s) added, {before} there already"),
    })?;
    data.close()
}

async fn list(args: &ListArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let ask = v1::ListOwnCodesRequest {
        territory: client.territory.clone(),
    };
    let found = client.own_codes().list_own_codes(ask).await?.into_inner();
    client.close().await;
    let mut data = Data::open();
    match args.output {
        Form::Table if found.codes.is_empty() => {
            data.line(language.pick("aucun code propre au territoire", "no code of its own"))?;
        }
        Form::Table => {
            for one in &found.codes {
                data.line(&line(one, language))?;
            }
        }
        Form::Json => {
            let codes: Vec<Value> = found.codes.iter().map(as_json).collect();
            data.line(&format!("{:#}", json!(codes)))?;
        }
        Form::Csv => {
            let mut rows = csv::Writer::from_writer(Vec::new());
            written(rows.write_record(COLUMNS.map(|(column, _)| column)))?;
            for one in &found.codes {
                written(rows.write_record([
                    code_of(one.list()),
                    &one.code,
                    &one.label,
                    &one.stands_for.join("; "),
                    &one.valid_from,
                    &one.valid_to,
                    &one.source,
                ]))?;
            }
            data.bytes(&finished(rows)?)?;
        }
    }
    data.close()
}

async fn remove(args: &RemoveArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let ask = v1::RemoveOwnCodeRequest {
        territory: client.territory.clone(),
        list: args.list.wire().into(),
        code: args.code.clone(),
    };
    let done = client.own_codes().remove_own_code(ask).await?.into_inner();
    client.close().await;
    if done.removed.is_empty() {
        return Err(Failure::told(
            language,
            "ce code n'est pas propre au territoire",
            "this is no code of the territory's own",
        ));
    }
    let mut data = Data::open();
    for one in &done.removed {
        data.line(&format!("- {}", line(one, language)))?;
    }
    data.close()
}

/// The codes of a file, each with its line.
///
/// # Errors
/// Columns that are missing or not known, and lines with more or fewer cells than the first.
fn read(path: &Path, language: Language) -> Result<Vec<(u64, v1::OwnCode)>> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::unreadable(language, path, &error))?;
    parse(&text, language).map_err(|fault| {
        let columns = COLUMNS.map(|(column, _)| column).join(", ");
        let path = path.display();
        Failure::told(
            language,
            format!("{path} : {fault} ; les colonnes sont {columns}"),
            format!("{path}: {fault}; the columns are {columns}"),
        )
    })
}

fn parse(text: &str, language: Language) -> std::result::Result<Vec<(u64, v1::OwnCode)>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    let delimiter = [b'\t', b';', b',']
        .into_iter()
        .find(|&delimiter| first.contains(char::from(delimiter)))
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|error| error.to_string())?.clone();
    let known = |heading: &&str| !COLUMNS.iter().any(|(column, _)| column == heading);
    if let Some(unknown) = headings.iter().find(known) {
        return Err(match language {
            Language::Fr => format!("colonne inconnue « {unknown} »"),
            Language::En => format!("unknown column \"{unknown}\""),
        });
    }
    // What may be empty may be missing.
    let place = |column: &str| headings.iter().position(|heading| heading == column);
    for needed in ["list", "code", "codes", "source"] {
        if place(needed).is_none() {
            return Err(match language {
                Language::Fr => format!("il manque la colonne « {needed} »"),
                Language::En => format!("column \"{needed}\" is missing"),
            });
        }
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let cell = |column: &str| {
            let cell = place(column).and_then(|at| record.get(at));
            cell.unwrap_or_default().to_owned()
        };
        let line = record.position().map_or(0, |at| line_of(text, at));
        // A word that is no list is left unsaid: the service tells it with all other faults.
        let list =
            List::from_str(&cell("list"), true).map_or(v1::CodeList::Unspecified, List::wire);
        let code = v1::OwnCode {
            list: list.into(),
            code: cell("code"),
            label: cell("label"),
            stands_for: several(&cell("codes")),
            valid_from: cell("valid_from"),
            valid_to: cell("valid_to"),
            source: cell("source"),
        };
        rows.push((line, code));
    }
    Ok(rows)
}

/// The line of a record: its position is that of the empty lines before it.
fn line_of(text: &str, at: &csv::Position) -> u64 {
    let start = usize::try_from(at.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    at.line() + empty.filter(|&&byte| byte == b'\n').count() as u64
}

/// A refusal whose fields are told by line and column of the file.
fn placed(status: tonic::Status, path: &Path, lines: &[u64], language: Language) -> Failure {
    let details = status.get_error_details();
    let Some(refused) = details.bad_request() else {
        return status.into();
    };
    let mut told = match language {
        Language::Fr => format!("{} : rien n'a été ajouté", path.display()),
        Language::En => format!("{}: nothing was added", path.display()),
    };
    for violation in &refused.field_violations {
        let place = place(&violation.field, lines);
        let said = &violation.description;
        told.push_str(&match (place, language) {
            (Some((line, column)), Language::Fr) => {
                format!("\n  ligne {line}, colonne {column} : {said}")
            }
            (Some((line, column)), Language::En) => {
                format!("\n  line {line}, column {column}: {said}")
            }
            (None, _) => format!("\n  {said}"),
        });
    }
    Failure::Error(told)
}

/// Line and column of a field of a request: `codes[2].stands_for`.
fn place(field: &str, lines: &[u64]) -> Option<(u64, &'static str)> {
    let (at, field) = field.strip_prefix("codes[")?.split_once("].")?;
    let line = lines.get(at.parse::<usize>().ok()?)?;
    let (column, _) = COLUMNS.iter().find(|(_, named)| *named == field)?;
    Some((*line, column))
}

/// The codes of a cell.
fn several(text: &str) -> Vec<String> {
    let codes = text.split([';', '\n']).map(str::trim);
    codes
        .filter(|code| !code.is_empty())
        .map(str::to_owned)
        .collect()
}

fn line(one: &v1::OwnCode, language: Language) -> String {
    let label = match one.label.as_str() {
        "" => String::new(),
        label => format!(" ({label})"),
    };
    let or = language.pick(" ou ", " or ");
    let span = match (one.valid_from.as_str(), one.valid_to.as_str()) {
        ("", "") => String::new(),
        (from, to) => format!(" [{from}..{to}]"),
    };
    format!(
        "{}{label} = {}{span}, {} ({})",
        one.code,
        one.stands_for.join(or),
        code_of(one.list()),
        one.source
    )
}

fn as_json(one: &v1::OwnCode) -> Value {
    json!({
        "list": code_of(one.list()),
        "code": one.code,
        "label": one.label,
        "codes": one.stands_for,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "source": one.source,
    })
}

fn code_of(list: v1::CodeList) -> &'static str {
    match list {
        v1::CodeList::Activities => "activities",
        _ => "waste_codes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_by_its_headings_in_any_order_and_its_lines_are_kept() {
        let parse = |text: &str| parse(text, Language::En);
        let read = parse(
            "\u{feff}code;codes;list;source\n\
             DIB;\"20 03 01; 15 01 06\";waste_codes;x\n\n\
             B;F41;nothing;y\n",
        )
        .unwrap();
        let (line, first) = &read[0];
        assert_eq!(*line, 2);
        assert_eq!(first.stands_for, ["20 03 01", "15 01 06"]);
        assert_eq!(first.list(), v1::CodeList::WasteCodes);
        assert_eq!(
            (read[1].0, read[1].1.list()),
            (4, v1::CodeList::Unspecified)
        );
        // A line is the same whatever ends it.
        let text = "code,codes,list,source\r\nA,41,activities,x\r\n\r\nB,41,activities,x";
        for text in [text.to_owned(), text.replace('\r', "")] {
            let lines: Vec<u64> = parse(&text).unwrap().iter().map(|row| row.0).collect();
            assert_eq!(lines, [2, 4], "{text:?}");
        }
        for (text, fault) in [
            ("code,list,source\n", "column \"codes\" is missing"),
            ("code,list,codes,source,when\n", "unknown column \"when\""),
            ("code,list,codes,source\nA,B\n", "line: 2"),
        ] {
            let told = parse(text).unwrap_err();
            assert!(told.contains(fault), "{told}");
        }
        assert_eq!(parse("list,code,codes,source\n"), Ok(Vec::new()));
    }

    #[test]
    fn a_field_of_a_request_is_a_cell_of_the_file() {
        let lines = [2, 5];
        assert_eq!(place("codes[1].stands_for", &lines), Some((5, "codes")));
        assert_eq!(place("codes[2].code", &lines), None);
        assert_eq!(place("codes", &lines), None);
    }
}
