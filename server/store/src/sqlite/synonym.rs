//! Words of a territory.

use async_trait::async_trait;
use boucle_domain::id::Direction;
use boucle_domain::synonym::{KeptSynonym, Synonym};
use sqlx::SqliteConnection;

use super::advance;
use super::row::{decoded, direction_code, encoded};
use crate::{Entity, Micros, Result, Scope, SqliteStore, StoreError, SynonymStore};

/// The words of a territory by name and side, inside a transaction of the caller.
pub(super) async fn synonyms(
    connection: &mut SqliteConnection,
    scope: &Scope,
) -> Result<Vec<KeptSynonym>> {
    const SQL: &str =
        "SELECT name, data FROM synonyms WHERE territory_id = $1 ORDER BY name, direction";
    let rows: Vec<(String, String)> = sqlx::query_as(SQL)
        .bind(scope.id())
        .fetch_all(connection)
        .await?;
    rows.into_iter()
        .map(|(name, json)| decoded(Entity::Synonym, &name, &json))
        .collect()
}

/// What is kept under a name of one side.
async fn kept(
    connection: &mut SqliteConnection,
    scope: &Scope,
    direction: Direction,
    name: &str,
) -> Result<Option<KeptSynonym>> {
    const SQL: &str =
        "SELECT data FROM synonyms WHERE territory_id = $1 AND direction = $2 AND name = $3";
    let json: Option<String> = sqlx::query_scalar(SQL)
        .bind(scope.id())
        .bind(direction_code(direction))
        .bind(name)
        .fetch_optional(connection)
        .await?;
    json.map(|json| decoded(Entity::Synonym, name, &json))
        .transpose()
}

/// The name of words that may be kept.
fn name(synonym: &Synonym) -> Result<String> {
    let name = synonym.name();
    let why = match name.is_empty() {
        true => "no letter and no digit",
        false if synonym.words.chars().count() > Synonym::LONGEST => "too many characters",
        false => return Ok(name),
    };
    Err(refused(why))
}

fn refused(why: &'static str) -> StoreError {
    StoreError::Invalid {
        what: Entity::Synonym,
        why,
    }
}

#[async_trait]
impl SynonymStore for SqliteStore {
    async fn add_synonym(
        &self,
        scope: &Scope,
        synonym: &KeptSynonym,
        now: Micros,
    ) -> Result<KeptSynonym> {
        const COUNT: &str = "SELECT count(*) FROM synonyms WHERE territory_id = $1";
        const INSERT: &str = "INSERT INTO synonyms (territory_id, direction, name, data, updated_at) \
             VALUES ($1, $2, $3, $4, $5)";
        let decided = &synonym.synonym;
        let name = name(decided)?;
        let mut transaction = self.write().await?;
        advance(&mut transaction, scope).await?;
        if let Some(before) = kept(&mut transaction, scope, decided.direction, &name).await? {
            // Dropped unwritten: a decision taken twice is taken once, and keeps its day.
            return match before.synonym.key == decided.key {
                true => Ok(before),
                false => Err(StoreError::already_exists(Entity::Synonym, name)),
            };
        }
        let held: i64 = sqlx::query_scalar(COUNT)
            .bind(scope.id())
            .fetch_one(&mut *transaction)
            .await?;
        if usize::try_from(held).is_ok_and(|held| held >= Synonym::MOST) {
            return Err(refused("the territory holds too many"));
        }
        sqlx::query(INSERT)
            .bind(scope.id())
            .bind(direction_code(decided.direction))
            .bind(&name)
            .bind(encoded(Entity::Synonym, synonym)?)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(synonym.clone())
    }

    async fn remove_synonym(
        &self,
        scope: &Scope,
        direction: Direction,
        name: &str,
    ) -> Result<bool> {
        const SQL: &str =
            "DELETE FROM synonyms WHERE territory_id = $1 AND direction = $2 AND name = $3";
        let mut transaction = self.write().await?;
        advance(&mut transaction, scope).await?;
        let deleted = sqlx::query(SQL)
            .bind(scope.id())
            .bind(direction_code(direction))
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(deleted.rows_affected() > 0)
    }

    async fn synonyms(&self, scope: &Scope) -> Result<Vec<KeptSynonym>> {
        let mut connection = self.read().await?;
        synonyms(&mut connection, scope).await
    }
}
