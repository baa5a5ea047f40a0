//! `boucle suggest`: flows that sites probably have, to be confirmed line by line.

use boucle_proto::v1;
use clap::Args;
use serde_json::json;

use crate::args::Service;
use crate::client::{Client, identifier};
use crate::directory::Directory;
use crate::failure::Result;
use crate::files::whole;
use crate::findings::{finished, written};
use crate::output::{self, Data, Form};
use crate::roads::Resolver;
use crate::text::Language;

/// Of which sites.
#[derive(Debug, Args)]
pub struct SuggestArgs {
    /// Zone [default: the whole territory]
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Only this site: key, identifier or name
    #[arg(long, value_name = "SITE")]
    site: Option<String>,
    /// Sheet to confirm line by line, then to import: .xlsx or .csv
    #[arg(short = 'o', long = "sheet", value_name = "FILE")]
    sheet: Option<std::path::PathBuf>,
    /// Form of the list, without a sheet
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

/// Lists suggestions, or writes them as a sheet.
pub async fn run(args: &SuggestArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let directory = Directory::read(&client).await?;
    let mut names = Resolver::new(&directory, language);
    let site = args.site.as_deref().map(|site| names.site(site));
    names.finish()?;
    let (zone, site) = (
        args.zone.as_deref().map(identifier).unwrap_or_default(),
        site.unwrap_or_default(),
    );
    if let Some(path) = &args.sheet {
        let csv = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        let form = if csv {
            v1::FileFormat::Csv
        } else {
            v1::FileFormat::Xlsx
        };
        let ask = v1::ExportSuggestionsRequest {
            territory: client.territory.clone(),
            zone,
            site,
            format: form.into(),
            language: language.wire().into(),
        };
        let chunks = client.suggestions().export_suggestions(ask).await?;
        let bytes = whole(chunks.into_inner(), |chunk| chunk.data).await?;
        client.close().await;
        std::fs::write(path, bytes)?;
        return Ok(());
    }
    let ask = v1::ListSuggestionsRequest {
        territory: client.territory.clone(),
        zone,
        site,
    };
    let found = client
        .suggestions()
        .list_suggestions(ask)
        .await?
        .into_inner();
    client.close().await;
    let mut data = Data::open();
    match args.output {
        Form::Json => {
            let all: Vec<_> = found
                .suggestions
                .iter()
                .map(|one| as_json(one, language))
                .collect();
            data.line(&format!("{:#}", json!(all)))?;
        }
        Form::Csv => {
            let mut rows = csv::Writer::from_writer(Vec::new());
            let headings = [
                "id",
                "resource",
                "low",
                "mid",
                "high",
                "unit",
                "probability",
                "source",
            ];
            written(rows.write_record(headings))?;
            for one in &found.suggestions {
                let numbers = [one.low, one.mid, one.high].map(|value| value.to_string());
                let [low, mid, high] = &numbers;
                let share = one.share.to_string();
                let row = [
                    &one.id,
                    &one.resource,
                    low,
                    mid,
                    high,
                    &one.unit,
                    &share,
                    &one.source,
                ];
                written(rows.write_record(row))?;
            }
            data.bytes(&finished(rows)?)?;
        }
        Form::Table => {
            let mut last = String::new();
            for one in &found.suggestions {
                let flow = one.flow.clone().unwrap_or_default();
                if flow.site != last {
                    data.line(&flow.site)?;
                    last = flow.site;
                }
                data.line(&format!("    {} [{}]", question(one, language), one.source))?;
            }
        }
    }
    if !found.silent_sites.is_empty() {
        let count = found.silent_sites.len();
        output::say(&match language {
            Language::Fr => {
                format!("{count} établissement(s) sans activité ou sans effectif : rien à suggérer")
            }
            Language::En => {
                format!("{count} site(s) without activity or headcount: nothing to suggest")
            }
        });
    }
    data.close()
}

fn question(one: &v1::Suggestion, language: Language) -> &str {
    language.of(&one.question)
}

fn as_json(one: &v1::Suggestion, language: Language) -> serde_json::Value {
    let flow = one.flow.clone().unwrap_or_default();
    json!({
        "id": one.id,
        "site": flow.site,
        "resource": one.resource,
        "label": language.of(&one.label),
        "quantity": {"low": one.low, "mid": one.mid, "high": one.high, "unit": one.unit},
        "probability": one.share,
        "question": question(one, language),
        "source": one.source,
    })
}
