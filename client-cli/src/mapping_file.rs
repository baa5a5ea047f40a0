//! Which column is which, as a file people write (`docs/mapping.md`).

use std::collections::BTreeMap;
use std::path::Path;

use boucle_proto::v1;
use serde::Deserialize;

use crate::failure::{Failure, Result};
use crate::text::Language;

/// A mapping as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct MappingFile {
    heading_row: Option<u32>,
    sheet: Option<String>,
    decimal: Option<String>,
    ignored: Vec<String>,
    columns: BTreeMap<String, Columns>,
    constants: BTreeMap<String, String>,
    prefixes: BTreeMap<String, String>,
    values: BTreeMap<String, BTreeMap<String, String>>,
}

/// One column or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Columns {
    One(String),
    Several(Vec<String>),
}

/// Reads the mapping of a file, if one is named.
///
/// # Errors
/// That it cannot be read, with the line of what is wrong.
pub fn read(path: Option<&Path>, language: Language) -> Result<Option<v1::Mapping>> {
    let Some(path) = path else {
        return Ok(None);
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::unreadable(language, path, &error))?;
    let file: MappingFile = toml::from_str(&text).map_err(|error| {
        Failure::Error(format!(
            "{}: {}",
            path.display(),
            error.to_string().trim_end()
        ))
    })?;
    Ok(Some(wire(file)))
}

fn wire(file: MappingFile) -> v1::Mapping {
    let columns = file
        .columns
        .into_iter()
        .map(|(field, columns)| v1::MappedField {
            field,
            columns: match columns {
                Columns::One(column) => vec![column],
                Columns::Several(columns) => columns,
            },
        });
    let values = file.values.into_iter().flat_map(|(field, words)| {
        words
            .into_iter()
            .map(move |(word, meaning)| v1::MappedWord {
                field: field.clone(),
                word,
                meaning,
            })
    });
    v1::Mapping {
        heading_row: file.heading_row,
        sheet: file.sheet.unwrap_or_default(),
        decimal: file.decimal.unwrap_or_default(),
        ignored: file.ignored,
        columns: columns.collect(),
        constants: file.constants.into_iter().collect(),
        values: values.collect(),
        prefixes: file.prefixes.into_iter().collect(),
    }
}

/// A mapping as the text of a file, with what is left to say.
pub fn written(mapping: &v1::Mapping, language: Language) -> String {
    let mut lines = vec![
        language
            .pick(
                "# Quelle colonne est laquelle : complétez ce qui vaut \"?\", corrigez le reste, puis",
                "# Which column is which: complete what is \"?\", correct the rest, then",
            )
            .to_owned(),
        "# boucle check FILE --map THIS_FILE".to_owned(),
    ];
    if let Some(row) = mapping.heading_row {
        lines.push(format!("heading_row = {row}"));
    }
    if !mapping.sheet.is_empty() {
        lines.push(format!("sheet = {}", quoted(&mapping.sheet)));
    }
    if !mapping.decimal.is_empty() {
        lines.push(format!("decimal = {}", quoted(&mapping.decimal)));
    }
    if !mapping.ignored.is_empty() {
        lines.push(
            language
                .pick(
                    "# Colonnes non lues ; celles qui servent vont sous [columns].",
                    "# Columns not read; those that serve go under [columns].",
                )
                .to_owned(),
        );
        lines.push(format!("ignored = {}", list(&mapping.ignored)));
    }
    lines.push("\n[columns]".to_owned());
    for mapped in &mapping.columns {
        let columns = match &mapped.columns[..] {
            [column] => quoted(column),
            several => list(several),
        };
        lines.push(format!("{} = {columns}", mapped.field));
    }
    lines.push("\n[constants]".to_owned());
    let constants: BTreeMap<&String, &String> = mapping.constants.iter().collect();
    for (field, text) in constants {
        lines.push(format!("{field} = {}", quoted(text)));
    }
    let prefixes: BTreeMap<&String, &String> = mapping.prefixes.iter().collect();
    if !prefixes.is_empty() {
        lines.push("\n[prefixes]".to_owned());
    }
    for (field, text) in prefixes {
        lines.push(format!("{field} = {}", quoted(text)));
    }
    let mut field = "";
    for word in &mapping.values {
        if word.field != field {
            field = &word.field;
            lines.push(format!("\n[values.{field}]"));
        }
        lines.push(format!(
            "{} = {}",
            quoted(&word.word),
            quoted(&word.meaning)
        ));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

/// A text as a basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if control.is_control() => {
                quoted.push_str(&format!("\\u{:04X}", u32::from(control)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_that_is_written_is_read_back_the_same() {
        let text = "heading_row = 4\nignored = [\"a \\\"b\\\"\"]\n[columns]\nfirm = \"Société\"\nname = [\"A\", \"B\\nC\"]\n\
            [constants]\nunit = \"t\"\n[prefixes]\nsite_id = \"LOCAL:\"\n[values.direction]\n\"Off-site\" = \"output\"\n";
        let mapping = wire(toml::from_str(text).unwrap());
        let again = written(&mapping, Language::Fr);
        assert_eq!(wire(toml::from_str(&again).unwrap()), mapping, "{again}");
    }
}
