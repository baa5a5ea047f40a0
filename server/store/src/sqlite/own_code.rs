//! Codes of a territory's own.

use async_trait::async_trait;
use boucle_domain::own_code::{OwnCode, OwnList};
use sqlx::SqliteConnection;

use super::advance;
use super::row::{decoded, encoded};
use crate::{Entity, Micros, OwnCodeStore, Result, Scope, SqliteStore, StoreError};

/// What is kept under a name of one list, by first day.
async fn kept(
    connection: &mut SqliteConnection,
    scope: &Scope,
    list: OwnList,
    name: &str,
) -> Result<Vec<OwnCode>> {
    const SQL: &str = "SELECT data FROM own_codes \
         WHERE territory_id = $1 AND list = $2 AND name = $3 ORDER BY valid_from";
    let rows: Vec<String> = sqlx::query_scalar(SQL)
        .bind(scope.id())
        .bind(list.code())
        .bind(name)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|json| decoded(Entity::OwnCode, name, json))
        .collect()
}

/// The name of a code that may be kept.
fn name(own: &OwnCode) -> Result<String> {
    let longer = |text: &str, most: usize| text.chars().count() > most;
    let name = own.name();
    let why = if name.is_empty() {
        "no letter and no digit"
    } else if longer(&own.code, OwnCode::LONGEST_CODE)
        || longer(&own.label, OwnCode::LONGEST_TEXT)
        || longer(&own.source, OwnCode::LONGEST_TEXT)
    {
        "too many characters"
    } else if own.stands_for.is_empty() || own.stands_for.len() > OwnCode::MOST_CODES {
        "it stands for none or for too many"
    } else if own.validity.is_empty() {
        "it ends before it begins"
    } else {
        return Ok(name);
    };
    Err(refused(why))
}

fn refused(why: &'static str) -> StoreError {
    StoreError::Invalid {
        what: Entity::OwnCode,
        why,
    }
}

#[async_trait]
impl OwnCodeStore for SqliteStore {
    async fn add_own_codes(&self, scope: &Scope, codes: &[OwnCode], now: Micros) -> Result<usize> {
        const COUNT: &str = "SELECT count(*) FROM own_codes WHERE territory_id = $1";
        const INSERT: &str = "INSERT INTO own_codes (territory_id, list, name, valid_from, data, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6)";
        let mut transaction = self.write().await?;
        advance(&mut transaction, scope).await?;
        let mut added = 0;
        for own in codes {
            let name = name(own)?;
            let before = kept(&mut transaction, scope, own.list, &name).await?;
            if before.iter().any(|before| before.says_the_same(own)) {
                continue;
            }
            if before.iter().any(|before| before.meets(own)) {
                return Err(StoreError::already_exists(Entity::OwnCode, name));
            }
            let from = own.validity.from.map(|from| from.to_string());
            sqlx::query(INSERT)
                .bind(scope.id())
                .bind(own.list.code())
                .bind(&name)
                .bind(from.unwrap_or_default())
                .bind(encoded(Entity::OwnCode, own)?)
                .bind(now)
                .execute(&mut *transaction)
                .await?;
            added += 1;
        }
        if added == 0 {
            // Dropped unwritten: what is kept already is added once.
            return Ok(0);
        }
        let held: i64 = sqlx::query_scalar(COUNT)
            .bind(scope.id())
            .fetch_one(&mut *transaction)
            .await?;
        if usize::try_from(held).is_ok_and(|held| held > OwnCode::MOST) {
            return Err(refused("the territory holds too many"));
        }
        transaction.commit().await?;
        Ok(added)
    }

    async fn remove_own_code(
        &self,
        scope: &Scope,
        list: OwnList,
        name: &str,
    ) -> Result<Vec<OwnCode>> {
        const SQL: &str =
            "DELETE FROM own_codes WHERE territory_id = $1 AND list = $2 AND name = $3";
        let mut transaction = self.write().await?;
        advance(&mut transaction, scope).await?;
        let removed = kept(&mut transaction, scope, list, name).await?;
        if removed.is_empty() {
            return Ok(removed);
        }
        sqlx::query(SQL)
            .bind(scope.id())
            .bind(list.code())
            .bind(name)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(removed)
    }

    async fn own_codes(&self, scope: &Scope) -> Result<Vec<OwnCode>> {
        const SQL: &str = "SELECT name, data FROM own_codes WHERE territory_id = $1 \
             ORDER BY list DESC, name, valid_from";
        let mut connection = self.read().await?;
        let rows: Vec<(String, String)> = sqlx::query_as(SQL)
            .bind(scope.id())
            .fetch_all(&mut *connection)
            .await?;
        rows.into_iter()
            .map(|(name, json)| decoded(Entity::OwnCode, &name, &json))
            .collect()
    }
}
