//! Sheets as they were read, and mappings of their columns.

use std::collections::BTreeMap;

use boucle_domain::id::Direction;
use boucle_domain::text::Text;
use boucle_proto::v1;

use super::quantity::text;
use crate::app::error::{Result, ServiceError};
use crate::app::ingest::{Listed, Mapping};

/// A flow as it was read.
pub fn read_flow(listed: &Listed) -> v1::ReadFlow {
    let direction = match listed.direction {
        Direction::Output => v1::Direction::Output,
        Direction::Input => v1::Direction::Input,
    };
    v1::ReadFlow {
        sheet: listed.sheet.clone(),
        rows: listed.rows.clone(),
        firm: listed.firm.clone(),
        siret: listed.siret.clone().unwrap_or_default(),
        site: listed.site.clone(),
        direction: direction.into(),
        text: listed.text.clone(),
        key: listed.key.clone().unwrap_or_default(),
        quantity: Some(v1::QuantityInterval {
            low: listed.low,
            mid: listed.mid,
            high: listed.high,
            unit: listed.unit.clone(),
        }),
        profile: listed.profile.clone(),
        waste_code: listed.waste_code.clone().unwrap_or_default(),
        hazardous: listed.hazardous,
        by_words: listed.by_words.as_ref().map(|read| v1::ReadWords {
            label: Some(text(&read.label)),
            confidence: read.confidence,
            reasons: read.reasons.iter().map(text).collect(),
        }),
    }
}

/// A row that could not be read.
pub fn row_place((sheet, row): &(String, u32)) -> v1::RowPlace {
    v1::RowPlace {
        sheet: sheet.clone(),
        row: *row,
    }
}

/// A row that is no flow.
pub fn skipped_row((sheet, row, reason): &(String, u32, Text)) -> v1::SkippedRow {
    v1::SkippedRow {
        place: Some(v1::RowPlace {
            sheet: sheet.clone(),
            row: *row,
        }),
        reason: Some(text(reason)),
    }
}

/// A mapping, to be confirmed.
pub fn mapping(mapping: &Mapping) -> v1::Mapping {
    let columns = mapping
        .columns
        .iter()
        .map(|(field, columns)| v1::MappedField {
            field: field.clone(),
            columns: columns.clone(),
        });
    let values = mapping.values.iter().flat_map(|(field, words)| {
        words.iter().map(|(word, meaning)| v1::MappedWord {
            field: field.clone(),
            word: word.clone(),
            meaning: meaning.clone(),
        })
    });
    v1::Mapping {
        heading_row: mapping.heading_row,
        sheet: mapping.sheet.clone().unwrap_or_default(),
        decimal: mapping.decimal.map_or(String::new(), String::from),
        ignored: mapping.ignored.clone(),
        columns: columns.collect(),
        constants: mapping.constants.clone().into_iter().collect(),
        values: values.collect(),
        prefixes: mapping.prefixes.clone().into_iter().collect(),
    }
}

/// A mapping as a caller gives it.
///
/// # Errors
/// A violation if the decimal mark is none.
pub fn read_mapping(mapping: Option<v1::Mapping>) -> Result<Option<Mapping>> {
    let Some(mapping) = mapping else {
        return Ok(None);
    };
    let decimal = match mapping.decimal.as_str() {
        "" => None,
        "," => Some(','),
        "." => Some('.'),
        _ => {
            return Err(ServiceError::field(
                "header.mapping.decimal",
                "écrire « , » ou « . »",
                "write \",\" or \".\"",
            ));
        }
    };
    let mut values: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for word in mapping.values {
        values
            .entry(word.field)
            .or_default()
            .insert(word.word, word.meaning);
    }
    Ok(Some(Mapping {
        heading_row: mapping.heading_row,
        sheet: (!mapping.sheet.is_empty()).then_some(mapping.sheet),
        decimal,
        ignored: mapping.ignored,
        columns: mapping
            .columns
            .into_iter()
            .map(|mapped| (mapped.field, mapped.columns))
            .collect(),
        constants: mapping.constants.into_iter().collect(),
        prefixes: mapping.prefixes.into_iter().collect(),
        values,
    }))
}
