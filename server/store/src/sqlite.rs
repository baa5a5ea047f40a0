//! The store in one SQLite file: one writer, several readers, write-ahead log.
//!
//! The statements keep to `$1` parameters, row values, recursive queries and `ON CONFLICT`, so that
//! they hold for PostgreSQL too.

mod answer;
mod declaration;
mod failure;
mod given;
mod import;
mod listing;
mod mapping;
mod open;
mod own_code;
mod record;
mod request;
mod row;
mod run;
mod run_row;
mod snapshot;
mod synonym;
mod territory;

use std::fs::File;
use std::path::Path;

use async_trait::async_trait;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};

use crate::{Entity, Result, Scope, Store, StoreError};

/// A store in one SQLite file, or in a private temporary one.
pub struct SqliteStore {
    /// One connection: SQLite has one writer at a time, and waiting here is fair.
    writer: SqlitePool,
    /// Connections that cannot write; of a temporary store, the writer itself.
    readers: SqlitePool,
    /// Held as long as the store lives, so that no other process opens the file.
    _lock: Option<File>,
}

impl SqliteStore {
    /// Opens the store in a file, and creates it, readable by its owner alone, where there is none.
    ///
    /// A file `<name>.lock` beside it is locked until the store is dropped.
    ///
    /// # Errors
    /// `Locked` if another store has it open, `Foreign` if the file is a database of another
    /// program, `Corrupt` if it is none, `UnknownSchema` if another version wrote it, `Unavailable`
    /// if the system refuses.
    pub async fn open(path: impl AsRef<Path>) -> Result<SqliteStore> {
        open::file(path.as_ref()).await
    }

    /// A store of its own that vanishes with it, also when the process is killed: SQLite keeps it
    /// in memory and, when it grows, in a file that has no name.
    pub async fn temporary() -> Result<SqliteStore> {
        open::temporary().await
    }

    /// A connection to read with.
    async fn read(&self) -> Result<PoolConnection<Sqlite>> {
        Ok(self.readers.acquire().await?)
    }

    /// A transaction that sees one moment.
    async fn moment(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.readers.begin().await?)
    }

    /// A transaction that writes. It takes the write lock at once, so that it cannot fail half-way
    /// because another one wrote what it had read.
    async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

/// Advances the revision of the territory: the first step of every write to its declarations.
///
/// # Errors
/// `NotFound` if there is no such territory.
async fn advance(connection: &mut SqliteConnection, scope: &Scope) -> Result<i64> {
    const SQL: &str =
        "UPDATE territories SET revision = revision + 1 WHERE territory_id = $1 RETURNING revision";
    sqlx::query_scalar(SQL)
        .bind(scope.id())
        .fetch_optional(connection)
        .await?
        .ok_or_else(|| StoreError::not_found(Entity::Territory, scope.territory()))
}

/// The revision of the territory.
///
/// # Errors
/// `NotFound` if there is no such territory.
async fn revision(connection: &mut SqliteConnection, scope: &Scope) -> Result<i64> {
    sqlx::query_scalar("SELECT revision FROM territories WHERE territory_id = $1")
        .bind(scope.id())
        .fetch_optional(connection)
        .await?
        .ok_or_else(|| StoreError::not_found(Entity::Territory, scope.territory()))
}

#[async_trait]
impl Store for SqliteStore {
    async fn check_integrity(&self) -> Result<()> {
        let mut connection = self.read().await?;
        let finding: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
            .fetch_one(&mut *connection)
            .await?;
        if finding != "ok" {
            return Err(StoreError::corrupt(Entity::Database, finding));
        }
        let orphan = sqlx::query("PRAGMA foreign_key_check")
            .fetch_optional(&mut *connection)
            .await?;
        match orphan {
            Some(_) => Err(StoreError::corrupt(
                Entity::Database,
                "a row points to nothing",
            )),
            None => Ok(()),
        }
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
