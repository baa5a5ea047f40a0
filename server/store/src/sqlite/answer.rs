//! The answer of a run: whole, and row by row.

use std::collections::BTreeSet;

use boucle_domain::id::{FlowKey, PairKey};
use boucle_domain::units::Amount;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::listing::push_flow_key;
use super::row::{decoded, direction_code, encoded, flow_columns, flow_key};
use crate::{
    Entity, FlowRejectionRow, Page, ProposalRow, Result, Rows, RunAnswer, RunId, Scope, StoreError,
};

/// Rows written by one statement.
const CHUNK: usize = 500;

/// Makes sure that an answer can be stored.
///
/// # Errors
/// `Invalid` if a rank or a flow comes twice, or a score is not a number.
pub(super) fn check(answer: &RunAnswer) -> Result<()> {
    let mut ranks = BTreeSet::new();
    let mut flows = BTreeSet::new();
    if !answer
        .proposals
        .iter()
        .all(|proposal| ranks.insert(proposal.rank))
    {
        return Err(StoreError::Invalid {
            what: Entity::Proposal,
            why: "a rank comes twice",
        });
    }
    if !answer
        .proposals
        .iter()
        .all(|proposal| proposal.score.is_finite())
    {
        return Err(StoreError::Invalid {
            what: Entity::Proposal,
            why: "a score is not finite",
        });
    }
    if !answer
        .rejections
        .iter()
        .all(|rejection| flows.insert(&rejection.flow))
    {
        return Err(StoreError::Invalid {
            what: Entity::Rejection,
            why: "a flow comes twice",
        });
    }
    Ok(())
}

/// Writes the answer of a run that has none.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    scope: &Scope,
    run: &RunId,
    answer: &RunAnswer,
) -> Result<()> {
    const PROPOSALS: &str =
        "INSERT INTO proposals (territory_id, run_id, rank, pair_key, plan, score, sent, data) ";
    const REJECTIONS: &str =
        "INSERT INTO rejections (territory_id, run_id, site_key, direction, reference, data) ";
    sqlx::query("INSERT INTO run_answers (territory_id, run_id, answer) VALUES ($1, $2, $3)")
        .bind(scope.id())
        .bind(run.as_str())
        .bind(&answer.bytes)
        .execute(&mut *connection)
        .await?;
    for chunk in answer.proposals.chunks(CHUNK) {
        let pairs = chunk
            .iter()
            .map(|row| encoded(Entity::Proposal, &row.pair))
            .collect::<Result<Vec<_>>>()?;
        let mut insert = QueryBuilder::<Sqlite>::new(PROPOSALS);
        insert.push_values(chunk.iter().zip(pairs), |mut values, (row, pair)| {
            values
                .push_bind(scope.id().to_owned())
                .push_bind(run.as_str().to_owned())
                .push_bind(i64::from(row.rank));
            values
                .push_bind(pair)
                .push_bind(row.plan.clone())
                .push_bind(row.score);
            values
                .push_bind(row.sent.milli())
                .push_bind(row.json.clone());
        });
        insert.build().execute(&mut *connection).await?;
    }
    for chunk in answer.rejections.chunks(CHUNK) {
        let mut insert = QueryBuilder::<Sqlite>::new(REJECTIONS);
        insert.push_values(chunk, |mut values, row| {
            values
                .push_bind(scope.id().to_owned())
                .push_bind(run.as_str().to_owned());
            flow_columns(&row.flow)
                .into_iter()
                .for_each(|column| column.push(&mut values));
            values.push_bind(row.json.clone());
        });
        insert.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// The whole answer.
///
/// # Errors
/// `NotFound` while there is none.
pub(super) async fn bytes(
    connection: &mut SqliteConnection,
    scope: &Scope,
    run: &RunId,
) -> Result<Vec<u8>> {
    sqlx::query_scalar("SELECT answer FROM run_answers WHERE territory_id = $1 AND run_id = $2")
        .bind(scope.id())
        .bind(run.as_str())
        .fetch_optional(connection)
        .await?
        .ok_or_else(|| StoreError::not_found(Entity::Answer, run))
}

/// Rank, pair, plan, score, sent, JSON.
type ProposalColumns = (u32, String, String, f64, i64, String);

/// A proposal from its columns.
fn proposal_of((rank, pair, plan, score, sent, json): ProposalColumns) -> Result<ProposalRow> {
    let pair = decoded(Entity::Proposal, &rank.to_string(), &pair)?;
    Ok(ProposalRow {
        rank,
        pair,
        plan,
        score,
        sent: Amount::from_milli(sent),
        json,
    })
}

/// A page of proposals.
pub(super) async fn proposals(
    connection: &mut SqliteConnection,
    scope: &Scope,
    run: &RunId,
    plan: Option<&str>,
    page: &Page<u32>,
) -> Result<Rows<ProposalRow>> {
    let mut select = QueryBuilder::<Sqlite>::new(
        "SELECT rank, pair_key, plan, score, sent, data FROM proposals",
    );
    select
        .push(" WHERE territory_id = ")
        .push_bind(scope.id().to_owned());
    select
        .push(" AND run_id = ")
        .push_bind(run.as_str().to_owned());
    if let Some(plan) = plan {
        select.push(" AND plan = ").push_bind(plan.to_owned());
    }
    if let Some(after) = page.after {
        select.push(" AND rank > ").push_bind(i64::from(after));
    }
    select.push(" ORDER BY rank LIMIT ").push_bind(page.fetch());
    let rows: Vec<ProposalColumns> = select.build_query_as().fetch_all(connection).await?;
    Ok(Rows::of(
        rows.into_iter().map(proposal_of).collect::<Result<_>>()?,
        page,
    ))
}

/// The best ranked proposal of a pair.
///
/// # Errors
/// `NotFound`.
pub(super) async fn proposal(
    connection: &mut SqliteConnection,
    scope: &Scope,
    run: &RunId,
    pair: &PairKey,
) -> Result<ProposalRow> {
    const SQL: &str = "SELECT rank, pair_key, plan, score, sent, data FROM proposals \
         WHERE territory_id = $1 AND run_id = $2 AND pair_key = $3 ORDER BY rank LIMIT 1";
    let key = encoded(Entity::Proposal, pair)?;
    let row: Option<ProposalColumns> = sqlx::query_as(SQL)
        .bind(scope.id())
        .bind(run.as_str())
        .bind(&key)
        .fetch_optional(connection)
        .await?;
    proposal_of(row.ok_or_else(|| StoreError::not_found(Entity::Proposal, pair))?)
}

/// Site, direction, reference, JSON.
type RejectionColumns = (String, i64, String, String);

/// A rejection from its columns.
fn rejection_of((site, direction, reference, json): RejectionColumns) -> FlowRejectionRow {
    FlowRejectionRow {
        flow: flow_key(site, direction, reference),
        json,
    }
}

/// A page of rejections.
pub(super) async fn rejections(
    connection: &mut SqliteConnection,
    scope: &Scope,
    run: &RunId,
    page: &Page<FlowKey>,
) -> Result<Rows<FlowRejectionRow>> {
    let mut select =
        QueryBuilder::<Sqlite>::new("SELECT site_key, direction, reference, data FROM rejections");
    select
        .push(" WHERE territory_id = ")
        .push_bind(scope.id().to_owned());
    select
        .push(" AND run_id = ")
        .push_bind(run.as_str().to_owned());
    if let Some(after) = &page.after {
        select.push(" AND (site_key, direction, reference) > ");
        push_flow_key(&mut select, after);
    }
    select
        .push(" ORDER BY site_key, direction, reference LIMIT ")
        .push_bind(page.fetch());
    let rows: Vec<RejectionColumns> = select.build_query_as().fetch_all(connection).await?;
    Ok(Rows::of(rows.into_iter().map(rejection_of).collect(), page))
}

/// The rejections of one flow.
///
/// # Errors
/// `NotFound`.
pub(super) async fn rejection(
    connection: &mut SqliteConnection,
    scope: &Scope,
    run: &RunId,
    flow: &FlowKey,
) -> Result<FlowRejectionRow> {
    const SQL: &str = "SELECT site_key, direction, reference, data FROM rejections WHERE territory_id = $1 \
         AND run_id = $2 AND site_key = $3 AND direction = $4 AND reference = $5";
    let row: Option<RejectionColumns> = sqlx::query_as(SQL)
        .bind(scope.id())
        .bind(run.as_str())
        .bind(flow.site.as_str())
        .bind(direction_code(flow.direction))
        .bind(&flow.reference)
        .fetch_optional(connection)
        .await?;
    row.map(rejection_of)
        .ok_or_else(|| StoreError::not_found(Entity::Rejection, flow))
}
