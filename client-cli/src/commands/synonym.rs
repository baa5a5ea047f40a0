//! `boucle synonym`: what the names mean that the firms of a territory write.

use boucle_proto::v1;
use boucle_proto::v1::RecognitionOutcome;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use crate::args::Service;
use crate::client::{Client, identifier};
use crate::failure::{Failure, Result};
use crate::findings::{finished, written};
use crate::output::{Data, Form};
use crate::text::Language;

/// What to do with the words of a territory.
#[derive(Debug, Args)]
pub struct SynonymArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Decide what words mean: every check, import and run after reads them so. The firms of the
    /// territory may read the words
    Add(AddArgs),
    /// List the words of the territory
    List(ListArgs),
    /// Forget what words mean
    Remove(RemoveArgs),
    /// List the names of declared flows that no key is known for, with what they might mean
    Unknown(UnknownArgs),
}

#[derive(Debug, Args)]
struct AddArgs {
    /// The words, as firms write them; case, accents, plurals and measures do not count
    #[arg(value_name = "TEXT")]
    words: String,
    /// What they mean: a donor DON:… for an output, else a resource
    #[arg(value_name = "KEY")]
    key: String,
    /// The side it is decided for [default: output for a donor, input for a resource]
    #[arg(
        long,
        value_enum,
        value_name = "output|input",
        hide_possible_values = true
    )]
    direction: Option<Side>,
    /// Who decides, in a word [default: the caller]
    #[arg(long, value_name = "WHO", default_value = "")]
    by: String,
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
    /// The words
    #[arg(value_name = "TEXT")]
    words: String,
    /// The side [default: both]
    #[arg(
        long,
        value_enum,
        value_name = "output|input",
        hide_possible_values = true
    )]
    direction: Option<Side>,
    #[command(flatten)]
    service: Service,
}

#[derive(Debug, Args)]
struct UnknownArgs {
    /// Zone [default: the whole territory]
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// How many to list; the others are counted [default: 20 in the table, else 1000, the most]
    #[arg(long, value_name = "N")]
    top: Option<u32>,
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

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Side {
    #[value(alias = "sortant")]
    Output,
    #[value(alias = "entrant")]
    Input,
}

/// Decides, lists or forgets.
pub async fn run(args: &SynonymArgs, language: Language) -> Result<()> {
    match &args.verb {
        Verb::Add(args) => add(args, language).await,
        Verb::List(args) => list(args, language).await,
        Verb::Remove(args) => remove(args, language).await,
        Verb::Unknown(args) => unknown(args, language).await,
    }
}

async fn add(args: &AddArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    client.open_territory().await?;
    let ask = v1::AddSynonymRequest {
        territory: client.territory.clone(),
        words: args.words.clone(),
        key: args.key.clone(),
        direction: wire(args.direction).into(),
        by: args.by.clone(),
    };
    let added = client.synonyms().add_synonym(ask).await?.into_inner();
    client.close().await;
    let mut data = Data::open();
    data.line(&line(&added, language))?;
    data.close()
}

async fn list(args: &ListArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let ask = v1::ListSynonymsRequest {
        territory: client.territory.clone(),
    };
    let found = client.synonyms().list_synonyms(ask).await?.into_inner();
    client.close().await;
    let mut data = Data::open();
    match args.output {
        Form::Table if found.synonyms.is_empty() => {
            data.line(language.pick("aucun synonyme", "no synonym"))?;
        }
        Form::Table => {
            for one in &found.synonyms {
                data.line(&line(one, language))?;
            }
        }
        Form::Json => {
            let synonyms = found.synonyms.iter().map(|one| {
                json!({
                    "words": one.words,
                    "direction": code(one.direction()),
                    "key": one.key,
                    "label": language.of(&one.label),
                    "by": one.by,
                    "on": one.on,
                })
            });
            let synonyms: Vec<Value> = synonyms.collect();
            data.line(&format!("{:#}", json!(synonyms)))?;
        }
        Form::Csv => {
            let mut rows = csv::Writer::from_writer(Vec::new());
            written(rows.write_record(["words", "direction", "key", "label", "by", "on"]))?;
            for one in &found.synonyms {
                written(rows.write_record([
                    one.words.as_str(),
                    code(one.direction()),
                    &one.key,
                    language.of(&one.label),
                    &one.by,
                    &one.on,
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
    let ask = v1::RemoveSynonymRequest {
        territory: client.territory.clone(),
        words: args.words.clone(),
        direction: wire(args.direction).into(),
    };
    let done = client.synonyms().remove_synonym(ask).await?.into_inner();
    client.close().await;
    if done.removed.is_empty() {
        return Err(Failure::told(
            language,
            "ces mots n'avaient pas de sens décidé sur ce territoire",
            "no meaning was decided for these words in this territory",
        ));
    }
    let mut data = Data::open();
    for one in &done.removed {
        data.line(&format!("- {}", line(one, language)))?;
    }
    data.close()
}

async fn unknown(args: &UnknownArgs, language: Language) -> Result<()> {
    super::must_last(&args.service, language)?;
    let client = Client::open(&args.service, 1, language).await?;
    let ask = v1::ListUnknownWordsRequest {
        territory: client.territory.clone(),
        zone: args.zone.as_deref().map(identifier).unwrap_or_default(),
        limit: match (args.top, args.output) {
            (Some(top), _) => top,
            (None, Form::Table) => SHOWN,
            (None, _) => 0,
        },
    };
    let found = client
        .synonyms()
        .list_unknown_words(ask)
        .await?
        .into_inner();
    client.close().await;
    let mut data = Data::open();
    match args.output {
        Form::Table => in_words(&found, language, &mut data)?,
        Form::Json => {
            let words = found.words.iter().map(|one| as_json(one, language));
            let words: Vec<Value> = words.collect();
            let all = json!({"words": words, "left_out": found.left_out});
            data.line(&format!("{all:#}"))?;
        }
        Form::Csv => {
            let mut rows = csv::Writer::from_writer(Vec::new());
            let headings = [
                "words",
                "direction",
                "flows",
                "firms",
                "outcome",
                "candidates",
            ];
            written(rows.write_record(headings))?;
            for one in &found.words {
                let candidates: Vec<&str> = one
                    .candidates
                    .iter()
                    .map(|candidate| candidate.key.as_str())
                    .collect();
                written(rows.write_record([
                    one.words.as_str(),
                    code(one.direction()),
                    &one.flows.to_string(),
                    &one.firms.to_string(),
                    outcome(one),
                    &candidates.join(";"),
                ]))?;
            }
            data.bytes(&finished(rows)?)?;
        }
    }
    data.close()
}

/// Names of a table when no number is asked for.
const SHOWN: u32 = 20;

fn in_words(
    found: &v1::ListUnknownWordsResponse,
    language: Language,
    data: &mut Data,
) -> Result<()> {
    if found.words.is_empty() {
        return data.line(language.pick(
            "aucun nom inconnu : chaque flux a une clé, une réponse ou un mot connu",
            "no unknown name: every flow has a key, an answer or a known word",
        ));
    }
    for one in &found.words {
        let (words, side) = (&one.words, side(one.direction(), language));
        let (flows, firms) = (one.flows, one.firms);
        data.line(&match language {
            Language::Fr => {
                format!("{words}  ({side}, {flows} flux, {firms} entreprise(s))")
            }
            Language::En => format!("{words}  ({side}, {flows} flow(s), {firms} firm(s))"),
        })?;
        for candidate in &one.candidates {
            data.line(&format!(
                "    {}  {}  {}",
                language.number(candidate.confidence, 2),
                candidate.key,
                language.of(&candidate.label)
            ))?;
        }
        let direction = match one.candidates.first() {
            // What the key itself says need not be said.
            Some(first) if by_itself(&first.key) == one.direction() => String::new(),
            _ => format!(" --direction {}", code(one.direction())),
        };
        data.line(&format!(
            "    boucle synonym add {} …{direction}",
            quoted(words)
        ))?;
    }
    if found.left_out > 0 {
        let more = found.left_out;
        data.line(&match language {
            Language::Fr => format!("… {more} autres noms"),
            Language::En => format!("… {more} other names"),
        })?;
    }
    Ok(())
}

/// The side a key is decided for when none is said.
fn by_itself(key: &str) -> v1::Direction {
    match key.starts_with("DON:") {
        true => v1::Direction::Output,
        false => v1::Direction::Input,
    }
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn as_json(one: &v1::UnknownWords, language: Language) -> Value {
    let candidates = one.candidates.iter().map(|candidate| {
        json!({
            "key": candidate.key,
            "label": language.of(&candidate.label),
            "confidence": candidate.confidence,
        })
    });
    json!({
        "words": one.words,
        "direction": code(one.direction()),
        "flows": one.flows,
        "firms": one.firms,
        "outcome": outcome(one),
        "candidates": candidates.collect::<Vec<_>>(),
    })
}

fn line(one: &v1::Synonym, language: Language) -> String {
    let side = side(one.direction(), language);
    let label = match language.of(&one.label) {
        "" => language.pick("n'est plus au catalogue", "no longer in the catalogue"),
        label => label,
    };
    format!(
        "{} ({side}) = {}, {label} ({}, {})",
        one.words, one.key, one.by, one.on
    )
}

fn outcome(one: &v1::UnknownWords) -> &'static str {
    match one.outcome() {
        RecognitionOutcome::Ask => "ask",
        _ => "unknown",
    }
}

fn wire(side: Option<Side>) -> v1::Direction {
    match side {
        Some(Side::Output) => v1::Direction::Output,
        Some(Side::Input) => v1::Direction::Input,
        None => v1::Direction::Unspecified,
    }
}

fn code(direction: v1::Direction) -> &'static str {
    match direction {
        v1::Direction::Input => "input",
        _ => "output",
    }
}

fn side(direction: v1::Direction, language: Language) -> &'static str {
    match direction {
        v1::Direction::Input => language.pick("entrant", "input"),
        _ => language.pick("sortant", "output"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_an_apostrophe_stay_one_word_of_a_shell() {
        assert_eq!(quoted("boue jaune"), "'boue jaune'");
        assert_eq!(quoted("l'eau"), r"'l'\''eau'");
    }
}
