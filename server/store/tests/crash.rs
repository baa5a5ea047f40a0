//! What the store has acknowledged survives the sudden death of its process.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use boucle_domain::flow::Identity;
use boucle_domain::id::{Direction, FirmKey, TerritoryId};
use boucle_domain::organisation::{Firm, Territory};
use boucle_domain::own_code::{OwnCode, OwnList};
use boucle_domain::synonym::{KeptSynonym, Synonym};
use boucle_domain::validity::Validity;
use boucle_store::{
    DeclarationStore, OwnCodeStore, Scope, SqliteStore, Store, StoreError, SynonymStore,
    TerritoryStore,
};

/// Tells the second process, which runs this same program, where to write.
const PATH: &str = "BOUCLE_STORE_CRASH_TEST";

/// The one territory.
fn scope() -> Scope {
    Scope::authorised(TerritoryId::new("t"))
}

/// An invented firm.
fn firm(number: u32) -> Firm {
    Firm {
        key: FirmKey::new(format!("{number:06}")),
        name: format!("Firme {number}"),
        external: None,
    }
}

/// An invented word.
fn synonym(number: u32) -> KeptSynonym {
    KeptSynonym {
        synonym: Synonym {
            words: format!("mot {number:06}"),
            direction: Direction::Output,
            key: Identity::of_key("DON:sawdust"),
        },
        by: "essai".to_owned(),
        on: jiff::civil::date(2026, 12, 10),
    }
}

/// An invented code.
fn own_code(number: u32) -> OwnCode {
    OwnCode {
        list: OwnList::WasteCodes,
        code: format!("code {number:06}"),
        label: String::new(),
        stands_for: vec!["15 01 01".to_owned()],
        validity: Validity::ALWAYS,
        source: "essai".to_owned(),
    }
}

/// Not a test of its own: in the second process, writes firms until it is killed.
#[tokio::test]
async fn second_process_writes_until_it_is_killed() {
    let Ok(path) = std::env::var(PATH) else {
        return;
    };
    let store = SqliteStore::open(path).await.unwrap();
    let territory = Territory {
        id: TerritoryId::new("t"),
        name: "Territoire".to_owned(),
    };
    match store.create_territory(&scope(), &territory, 0).await {
        Ok(_) | Err(StoreError::AlreadyExists { .. }) => {}
        Err(error) => panic!("{error}"),
    }
    for number in 0.. {
        // A word or a code kept before is answered again.
        store
            .add_synonym(&scope(), &synonym(number), 0)
            .await
            .unwrap();
        store
            .add_own_codes(&scope(), &[own_code(number)], 0)
            .await
            .unwrap();
        match store.create_firm(&scope(), &firm(number), 0).await {
            // Rows that an earlier round wrote are acknowledged again.
            Ok(_) | Err(StoreError::AlreadyExists { .. }) => {}
            Err(error) => panic!("{error}"),
        }
        let mut out = std::io::stdout().lock();
        writeln!(out, "stored {number}")
            .and_then(|()| out.flush())
            .unwrap();
    }
}

/// Starts the second process, kills it (SIGKILL) once it has acknowledged some rows, and answers
/// the last row it acknowledged.
fn killed_after(path: &Path, rows: u32) -> u32 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "second_process_writes_until_it_is_killed",
            "--nocapture",
        ])
        .env(PATH, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut last, mut killed) = (None, false);
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        // The test runner writes its own words around.
        let Some((_, number)) = line.split_once("stored ") else {
            continue;
        };
        last = number.parse::<u32>().ok().or(last);
        if !killed && last >= Some(rows) {
            child.kill().unwrap();
            killed = true;
        }
    }
    child.wait().unwrap();
    assert!(killed, "the second process ended by itself");
    last.unwrap()
}

#[tokio::test]
async fn every_acknowledged_row_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zone.db");
    let mut last = 0;
    for more in [0, 1, 17, 64, 150] {
        last = killed_after(&path, last + more);
        let store = SqliteStore::open(&path).await.unwrap();
        for number in 0..=last {
            let found = store.firm(&scope(), &firm(number).key).await;
            assert_eq!(
                found.unwrap().value,
                firm(number),
                "row {number} of {last} was acknowledged"
            );
        }
        let words = store.synonyms(&scope()).await.unwrap();
        for (number, word) in (0..=last).zip(&words) {
            assert_eq!(*word, synonym(number), "word {number} was acknowledged");
        }
        assert!(words.len() > last as usize, "{} of {last}", words.len());
        let codes = store.own_codes(&scope()).await.unwrap();
        for (number, code) in (0..=last).zip(&codes) {
            assert_eq!(*code, own_code(number), "code {number} was acknowledged");
        }
        assert!(codes.len() > last as usize, "{} of {last}", codes.len());
        store.check_integrity().await.unwrap();
        store.close().await;
    }
}
