//! A store is a file: it stays, it is locked, it is looked at before it is trusted.

use std::fs;
use std::path::Path;

use boucle_domain::id::{FirmKey, TerritoryId};
use boucle_domain::organisation::{Firm, Territory};
use boucle_domain::settings::Settings;
use boucle_store::{
    DeclarationStore, Entity, NewRun, RunId, RunStore, Scope, SqliteStore, Store, StoreError,
    TerritoryStore,
};
use jiff::civil::date;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

/// An invented territory with a firm and a run.
async fn furnished(path: &Path) -> Scope {
    let scope = Scope::authorised(TerritoryId::new("t"));
    let territory = Territory {
        id: TerritoryId::new("t"),
        name: "Territoire".to_owned(),
    };
    let store = SqliteStore::open(path).await.unwrap();
    store.create_territory(&scope, &territory, 0).await.unwrap();
    let firm = Firm {
        key: FirmKey::new("f"),
        name: "Secret de la firme".to_owned(),
        external: None,
    };
    store.create_firm(&scope, &firm, 0).await.unwrap();
    let snapshot = store
        .snapshot_parts(&scope, &[])
        .await
        .unwrap()
        .into_snapshot(date(2026, 11, 21));
    let run = NewRun {
        id: RunId::new("r"),
        zones: Vec::new(),
        snapshot,
        settings: Settings::default(),
        knowledge_version: String::new(),
        solver_version: String::new(),
    };
    store.create_run(&scope, &run, None, 0).await.unwrap();
    store.close().await;
    scope
}

/// Runs a statement on the file, past the store.
async fn meddle(path: &Path, sql: &'static str) {
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .connect()
        .await
        .unwrap();
    sqlx::query(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn what_was_stored_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zone.db");
    let scope = furnished(&path).await;
    let store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(
        store
            .firm(&scope, &FirmKey::new("f"))
            .await
            .unwrap()
            .value
            .name,
        "Secret de la firme"
    );
    assert_eq!(store.claim_unfinished(1).await.unwrap().len(), 1);
    store.check_integrity().await.unwrap();
}

#[tokio::test]
async fn a_store_in_use_is_locked_under_any_of_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zone.db");
    let store = SqliteStore::open(&path).await.unwrap();
    let roundabout = folder
        .path()
        .join("..")
        .join(folder.path().file_name().unwrap())
        .join("zone.db");
    for name in [&path, &roundabout] {
        assert!(matches!(
            SqliteStore::open(name).await,
            Err(StoreError::Locked { .. })
        ));
    }
    #[cfg(unix)]
    {
        let link = folder.path().join("link.db");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(matches!(
            SqliteStore::open(&link).await,
            Err(StoreError::Locked { .. })
        ));
    }
    store.close().await;
    drop(store);
    SqliteStore::open(&path).await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_a_store() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zone.db");
    let _store = SqliteStore::open(&path).await.unwrap();
    let mut files = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(
            entry.metadata().unwrap().permissions().mode() & 0o077,
            0,
            "{:?}",
            entry.file_name()
        );
        files += 1;
    }
    assert!(files >= 3, "the file, its log and its lock");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_corrupt_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zone.db");
    let text = "ceci est un tableur\n".repeat(100);
    fs::write(&path, &text).unwrap();
    assert!(matches!(
        SqliteStore::open(&path).await,
        Err(StoreError::Corrupt {
            what: Entity::Database,
            ..
        })
    ));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_torn_file_is_corrupt() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zone.db");
    let scope = furnished(&path).await;
    let mut bytes = fs::read(&path).unwrap();
    // The header stays, so that it still looks like a store.
    bytes[4096..].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    let found = match SqliteStore::open(&path).await {
        Ok(store) => match store.check_integrity().await {
            Ok(()) => store.firm(&scope, &FirmKey::new("f")).await.map(drop),
            damaged => damaged,
        },
        Err(damaged) => Err(damaged),
    };
    assert!(
        matches!(
            found,
            Err(StoreError::Corrupt {
                what: Entity::Database,
                ..
            })
        ),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    fs::write(&path, "").unwrap();
    meddle(&path, "CREATE TABLE theirs (a INTEGER)").await;
    let before = fs::read(&path).unwrap();
    assert!(matches!(
        SqliteStore::open(&path).await,
        Err(StoreError::Foreign { .. })
    ));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_store_of_a_later_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zone.db");
    furnished(&path).await;
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9001, 'later', 1, x'00', 0)";
    meddle(&path, later).await;
    assert!(matches!(
        SqliteStore::open(&path).await,
        Err(StoreError::UnknownSchema { schema: 9001 })
    ));
}

#[tokio::test]
async fn a_path_that_cannot_be_a_file_is_unavailable() {
    let folder = tempfile::tempdir().unwrap();
    for path in [
        folder.path().to_owned(),
        folder.path().join("no such folder").join("zone.db"),
        "".into(),
    ] {
        let refused = SqliteStore::open(&path).await.map(drop);
        assert!(
            matches!(refused, Err(StoreError::Unavailable { .. })),
            "{}: {refused:?}",
            path.display()
        );
    }
}

#[tokio::test]
async fn a_damaged_row_is_named_without_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zone.db");
    let scope = furnished(&path).await;
    meddle(
        &path,
        "UPDATE firms SET data = replace(data, '\"name\"', '\"nom\"')",
    )
    .await;
    let store = SqliteStore::open(&path).await.unwrap();
    let damaged = store.firm(&scope, &FirmKey::new("f")).await.unwrap_err();
    assert!(matches!(&damaged, StoreError::Corrupt { what: Entity::Firm, key } if key == "f"));
    assert!(!format!("{damaged} {damaged:?}").contains("Secret"));
}

#[tokio::test]
async fn a_snapshot_that_no_longer_has_its_digest_is_corrupt() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zone.db");
    let scope = furnished(&path).await;
    meddle(
        &path,
        "UPDATE run_inputs SET snapshot = replace(snapshot, 'Territoire', 'Tarritoire')",
    )
    .await;
    let store = SqliteStore::open(&path).await.unwrap();
    let damaged = store.run_input(&scope, &RunId::new("r")).await;
    assert!(matches!(
        damaged,
        Err(StoreError::Corrupt {
            what: Entity::RunInput,
            ..
        })
    ));
}

#[tokio::test]
async fn an_orphan_row_is_found_by_the_integrity_check() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zone.db");
    furnished(&path).await;
    let mut connection = SqliteConnectOptions::new()
        .filename(&path)
        .foreign_keys(false)
        .connect()
        .await
        .unwrap();
    sqlx::query("DELETE FROM territories")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let store = SqliteStore::open(&path).await.unwrap();
    assert!(matches!(
        store.check_integrity().await,
        Err(StoreError::Corrupt {
            what: Entity::Database,
            ..
        })
    ));
}

#[tokio::test]
async fn a_temporary_store_keeps_nothing() {
    let scope = Scope::authorised(TerritoryId::new("t"));
    let territory = Territory {
        id: TerritoryId::new("t"),
        name: "Territoire".to_owned(),
    };
    let store = SqliteStore::temporary().await.unwrap();
    store.create_territory(&scope, &territory, 0).await.unwrap();
    let another = SqliteStore::temporary().await.unwrap();
    assert!(matches!(
        another.territory(&scope).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(store.territory(&scope).await.is_ok());
}
