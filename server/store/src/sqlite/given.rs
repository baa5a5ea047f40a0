//! Answers given to the questions of runs.

use async_trait::async_trait;
use boucle_domain::answer::{GivenAnswer, QuestionId};
use sqlx::SqliteConnection;

use super::advance;
use super::row::{decoded, encoded};
use crate::{AnswerStore, Entity, Micros, Result, Scope, SqliteStore};

/// The answers of a territory, inside a transaction of the caller.
pub(super) async fn answers(
    connection: &mut SqliteConnection,
    scope: &Scope,
) -> Result<Vec<GivenAnswer>> {
    const SQL: &str =
        "SELECT question, data FROM answers WHERE territory_id = $1 ORDER BY question";
    let rows: Vec<(String, String)> = sqlx::query_as(SQL)
        .bind(scope.id())
        .fetch_all(connection)
        .await?;
    rows.into_iter()
        .map(|(question, json)| decoded(Entity::GivenAnswer, &question, &json))
        .collect()
}

#[async_trait]
impl AnswerStore for SqliteStore {
    async fn give_answer(&self, scope: &Scope, answer: &GivenAnswer, now: Micros) -> Result<()> {
        const SQL: &str = "INSERT INTO answers (territory_id, question, data, updated_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (territory_id, question) \
             DO UPDATE SET data = excluded.data, updated_at = excluded.updated_at";
        let mut transaction = self.write().await?;
        advance(&mut transaction, scope).await?;
        sqlx::query(SQL)
            .bind(scope.id())
            .bind(answer.question.to_string())
            .bind(encoded(Entity::GivenAnswer, answer)?)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn withdraw_answer(&self, scope: &Scope, question: &QuestionId) -> Result<bool> {
        const SQL: &str = "DELETE FROM answers WHERE territory_id = $1 AND question = $2";
        let mut transaction = self.write().await?;
        advance(&mut transaction, scope).await?;
        let deleted = sqlx::query(SQL)
            .bind(scope.id())
            .bind(question.to_string())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(deleted.rows_affected() > 0)
    }

    async fn given_answers(&self, scope: &Scope) -> Result<Vec<GivenAnswer>> {
        let mut connection = self.read().await?;
        answers(&mut connection, scope).await
    }
}
