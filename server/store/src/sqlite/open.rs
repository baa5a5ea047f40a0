//! Opening the file: lock first, look at what it is, then set it up.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqlitePool};

use crate::{Entity, Result, SqliteStore, StoreError};

/// The tables, step by step.
static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// What marks a file as ours in its header: `Bouc` in ASCII.
const APPLICATION_ID: i64 = 0x426F_7563;

/// Connections that read.
const READERS: u32 = 4;

/// How long SQLite waits for a lock, of a backup tool for instance.
const BUSY: Duration = Duration::from_secs(5);

/// How long a call waits for its turn before it is told that the store is busy: longer than the
/// longest import.
const TURN: Duration = Duration::from_secs(60);

/// Opens the store of a file.
pub(super) async fn file(path: &Path) -> Result<SqliteStore> {
    let path = resolved(path).map_err(|source| unavailable(path, source))?;
    // The lock comes before anything touches the file: POSIX drops the locks SQLite holds on it as
    // soon as this process closes any other handle on it.
    let lock = lock(&path)?;
    create(&path).map_err(|source| unavailable(&path, source))?;
    identify(&path).await?;

    let options = options()
        .filename(&path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let writer = pool(1).connect_with(options.clone()).await?;
    migrate(&writer).await?;
    let readers = pool(READERS)
        .connect_with(options.pragma("query_only", "ON"))
        .await?;
    Ok(SqliteStore {
        writer,
        readers,
        _lock: Some(lock),
    })
}

/// Opens a store without a name.
pub(super) async fn temporary() -> Result<SqliteStore> {
    // An empty name is SQLite's own word for a private temporary database. It belongs to one
    // connection, so there is one, and nothing in it needs to survive.
    let options = options()
        .filename("")
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Memory)
        .synchronous(SqliteSynchronous::Off);
    let only = pool(1).connect_with(options).await?;
    migrate(&only).await?;
    Ok(SqliteStore {
        writer: only.clone(),
        readers: only,
        _lock: None,
    })
}

/// What every connection has. Statements are not logged.
fn options() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .disable_statement_logging()
}

/// A pool whose connections stay.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(TURN)
}

/// The one name of a file that may be reached by several.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    let resolved = match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty())
                .unwrap_or(Path::new("."));
            folder.canonicalize()?.join(name)
        }
        other => other?,
    };
    if resolved.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    // The database takes names in UTF-8 only.
    if resolved.to_str().is_none() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(resolved)
}

/// Locks the store, for this process and this handle.
fn lock(path: &Path) -> Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = private()
        .create(true)
        .truncate(false)
        .open(name)
        .map_err(|source| unavailable(path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked {
            path: path.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(unavailable(path, source)),
    }
}

/// Creates an empty file where there is none. What SQLite puts beside it takes its permissions.
fn create(path: &Path) -> io::Result<()> {
    match private().create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other.map(drop),
    }
}

/// Options for a file that only its owner reads.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Refuses a file of another program before anything in it is changed; marks an empty one as ours.
async fn identify(path: &Path) -> Result<()> {
    let mut connection = options().filename(path).connect().await?;
    let marked: i64 = sqlx::query_scalar("PRAGMA application_id")
        .fetch_one(&mut connection)
        .await?;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema")
        .fetch_one(&mut connection)
        .await?;
    if marked == 0 && tables == 0 {
        // A pragma takes no parameter; the number is that of `APPLICATION_ID`.
        sqlx::query("PRAGMA application_id = 0x426F7563")
            .execute(&mut connection)
            .await?;
    } else if marked != APPLICATION_ID {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
        });
    }
    Ok(connection.close().await?)
}

/// Brings the tables to the present version.
async fn migrate(pool: &SqlitePool) -> Result<()> {
    MIGRATIONS.run(pool).await.map_err(|error| match error {
        MigrateError::VersionMissing(schema)
        | MigrateError::VersionMismatch(schema)
        | MigrateError::VersionTooNew(schema, _) => StoreError::UnknownSchema { schema },
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => StoreError::Backend(Box::new(other)),
    })
}

/// A refusal of the system.
fn unavailable(path: &Path, source: io::Error) -> StoreError {
    match source.kind() {
        // A damaged file is no matter of rights or paths.
        io::ErrorKind::InvalidData => StoreError::corrupt(Entity::Database, path.display()),
        _ => StoreError::Unavailable {
            path: path.to_owned(),
            source,
        },
    }
}
