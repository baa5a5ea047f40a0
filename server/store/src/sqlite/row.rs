//! Values as columns hold them.

use boucle_domain::id::{Direction, FlowKey, SiteKey};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::query::Query;
use sqlx::query_builder::Separated;
use sqlx::sqlite::{Sqlite, SqliteArguments};

use crate::{Entity, Result, StoreError, Stored};

/// A statement on its way.
pub(super) type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

/// A column beside the JSON of a row.
#[derive(Clone, Copy)]
pub(super) enum Column<'a> {
    /// Text.
    Text(&'a str),
    /// Text that may be missing.
    Maybe(Option<&'a str>),
    /// An integer.
    Integer(i64),
}

impl<'a> Column<'a> {
    /// Gives the column to the next parameter of a statement.
    pub(super) fn bind(self, statement: Statement<'a>) -> Statement<'a> {
        match self {
            Column::Text(text) => statement.bind(text),
            Column::Maybe(text) => statement.bind(text),
            Column::Integer(integer) => statement.bind(integer),
        }
    }

    /// Writes the column as the next value of a list of values.
    pub(super) fn push(self, values: &mut Separated<'_, Sqlite, &'static str>) {
        match self {
            Column::Text(text) => values.push_bind(text.to_owned()),
            Column::Maybe(text) => values.push_bind(text.map(str::to_owned)),
            Column::Integer(integer) => values.push_bind(integer),
        };
    }
}

/// The columns of the key of a flow: outputs before inputs, as in the domain.
pub(super) fn flow_columns(key: &FlowKey) -> [Column<'_>; 3] {
    [
        Column::Text(key.site.as_str()),
        Column::Integer(direction_code(key.direction)),
        Column::Text(&key.reference),
    ]
}

/// The number of a direction.
pub(super) fn direction_code(direction: Direction) -> i64 {
    match direction {
        Direction::Output => 0,
        Direction::Input => 1,
    }
}

/// The key of a flow from its columns; the table holds no other direction.
pub(super) fn flow_key(site: String, direction: i64, reference: String) -> FlowKey {
    let direction = if direction == 0 {
        Direction::Output
    } else {
        Direction::Input
    };
    FlowKey {
        site: SiteKey::new(site),
        direction,
        reference,
    }
}

/// A value as JSON.
///
/// # Errors
/// `Invalid` if it has no JSON; no type of the domain is like that.
pub(super) fn encoded(what: Entity, value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|_| StoreError::Invalid {
        what,
        why: "it has no JSON form",
    })
}

/// A value from JSON.
///
/// # Errors
/// `Corrupt` with the key; what the parser says is dropped, since it may quote a declared value.
pub(super) fn decoded<T: DeserializeOwned>(what: Entity, key: &str, json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|_| StoreError::corrupt(what, key))
}

/// Key in words, JSON, version, time.
pub(super) type StoredRow = (String, String, i64, i64);

/// A value with its version and time.
///
/// # Errors
/// `Corrupt` as [`decoded`].
pub(super) fn stored<T: DeserializeOwned>(
    what: Entity,
    (key, json, version, updated_at): StoredRow,
) -> Result<Stored<T>> {
    Ok(Stored {
        value: decoded(what, &key, &json)?,
        version,
        updated_at,
    })
}
