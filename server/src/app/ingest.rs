//! Whole sheets: imported, checked, exported; and the empty template.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use boucle_domain::answer::{AnswerValue, GivenAnswer, QuestionId};
use boucle_domain::diagnostic::{Diagnostic, refuses};
use boucle_domain::id::{FlowKey, ZoneId};
use boucle_domain::organisation::{Firm, Site};
use boucle_domain::synonym::Synonym;
use boucle_domain::text::{Language, Text};
use boucle_domain::validate::{Context, Declaration};
use boucle_import::{Mappings, Reading};
use boucle_store::{Changes, SnapshotParts, StoreError, Written};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::App;
use super::error::{Result, ServiceError};
use super::recognise::Reader;
use super::run::named_request;
use crate::auth::Access;
use crate::clock::{now, today};

pub use boucle_import::{Format, Listed, Mapping, Mode};

/// Times an import is worked out again because someone wrote in between.
const RETRIES: usize = 3;

/// A file that is read together with the one that is imported or checked.
#[derive(Clone, Debug)]
pub struct Accompanying {
    /// Its name, for people.
    pub name: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// What a caller asks of an import.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// Zone the sites stand in.
    pub zone: ZoneId,
    /// Name of the file, for people.
    pub file_name: String,
    /// Files read together with it.
    pub accompanying: Vec<Accompanying>,
    /// What to do with flows already declared.
    pub mode: Mode,
    /// Report only.
    pub dry_run: bool,
    /// Identifier of the request; empty: none.
    pub request_id: String,
    /// Day at which codes are judged; `None`: today.
    pub valid_on: Option<Date>,
    /// Which column is which; `None`: what was kept, else what the headings say.
    pub mapping: Option<Mapping>,
}

/// What a caller asks of a check.
#[derive(Clone, Debug, Default)]
pub struct CheckRequest {
    /// Name of the file, for people.
    pub file_name: String,
    /// Files read together with it.
    pub accompanying: Vec<Accompanying>,
    /// Day at which codes are judged; `None`: today.
    pub valid_on: Option<Date>,
    /// Which column is which; `None`: what was kept, else what the headings say.
    pub mapping: Option<Mapping>,
}

/// Everything found in a file and what it changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Every finding, in the order of the file.
    pub findings: Vec<Diagnostic>,
    /// Flows added, changed and removed; empty when an error refused the file, or on a check.
    pub changes: Vec<FlowChange>,
    /// Flows the file leaves as they are.
    pub unchanged: u32,
    /// Whether it was written.
    pub applied: bool,
    /// Rows read.
    pub rows: u32,
    /// Rows left aside.
    pub skipped_rows: u32,
    /// Firms in the file.
    pub firms: u32,
    /// Sites in the file.
    pub sites: u32,
    /// Flows in the file.
    pub flows: u32,
    /// The flows that could be read, row by row.
    #[serde(default)]
    pub listed: Vec<Listed>,
    /// Rows that could not be read.
    #[serde(default)]
    pub refused: Vec<(String, u32)>,
    /// Rows that are no flows, and what they are.
    #[serde(default)]
    pub skipped: Vec<(String, u32, Text)>,
    /// The mapping to confirm.
    #[serde(default)]
    pub proposal: Option<Mapping>,
}

/// A flow that an import adds, changes or removes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowChange {
    /// What happened.
    pub kind: ChangeKind,
    /// The flow.
    pub flow: FlowKey,
    /// Fields of the template that differ.
    pub fields: Vec<String>,
}

/// What happened to a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeKind {
    /// New.
    Added,
    /// Declared before, and different now.
    Changed,
    /// Declared before, and gone.
    Removed,
}

/// What a sheet comes to, before anything is written.
#[derive(Default)]
struct WorkedOut {
    report: Report,
    /// Absent when an error refuses the sheet.
    changes: Option<Changes>,
    /// Shapes of the tables that were read with the mapping given.
    shapes: BTreeSet<String>,
    /// Suggestions that the sheet denies.
    denied: BTreeSet<FlowKey>,
}

impl App {
    /// Reads a sheet and writes it, all or nothing.
    pub async fn import(
        &self,
        access: &Access,
        ask: ImportRequest,
        bytes: Vec<u8>,
    ) -> Result<Report> {
        let accompanying = ask.accompanying.iter().flat_map(|file| {
            let size = file.bytes.len().to_be_bytes();
            [file.name.as_bytes(), &size, &file.bytes].concat()
        });
        let mut content = [
            ask.zone.as_str().as_bytes(),
            &[0, ask.mode as u8, 0],
            ask.valid_on
                .map_or(String::new(), |day| day.to_string())
                .as_bytes(),
            bytes.as_slice(),
            &serde_json::to_vec(&ask.mapping).map_err(ServiceError::internal)?,
        ]
        .concat();
        content.extend(accompanying);
        let request = named_request(access, "import", &ask.request_id, &content)?;
        drop(content);
        if let Some(request) = request.as_ref().filter(|_| !ask.dry_run)
            && let Some(response) = self.store.recorded_response(&access.scope, request).await?
        {
            return recorded(&response);
        }
        let bytes: Arc<[u8]> = bytes.into();
        let mappings = self.mappings(Some(access), ask.mapping.clone()).await?;
        let mut tries = 0;
        loop {
            let parts = self
                .store
                .snapshot_parts(&access.scope, std::slice::from_ref(&ask.zone))
                .await?;
            let (revision, answers) = (parts.revision, parts.answers.clone());
            let (firms, sites) = self.everyone(access).await?;
            let WorkedOut {
                mut report,
                changes,
                shapes,
                denied,
            } = self
                .work_out(
                    access,
                    &ask,
                    Arc::clone(&bytes),
                    parts,
                    (firms, sites),
                    &mappings,
                )
                .await?;
            let Some(changes) = changes.filter(|_| !ask.dry_run) else {
                return Ok(report);
            };
            self.keep_mapping(access, &ask.mapping, &shapes).await?;
            if self.deny(access, denied, &answers).await? {
                // The answers moved the revision; next time they are there.
                continue;
            }
            report.applied = true;
            let changes = Changes {
                expected_revision: Some(revision),
                ..changes
            };
            let response = serde_json::to_vec(&report).map_err(ServiceError::internal)?;
            let named = request
                .as_ref()
                .map(|request| (request, response.as_slice()));
            match self
                .store
                .replace_declaration(&access.scope, &ask.zone, &changes, named, now())
                .await
            {
                Ok(Written::Done(applied)) => {
                    tracing::info!(
                        rows = report.rows,
                        flows = applied.flows,
                        removed = applied.removed,
                        revision = applied.revision,
                        "import written"
                    );
                    return Ok(report);
                }
                Ok(Written::Replayed(response)) => return recorded(&response),
                Err(StoreError::Conflict { .. }) if tries < RETRIES => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Reads a sheet and says what it found; writes nothing and needs no zone. With leave for a
    /// territory, the mappings kept for it are used.
    pub async fn check(
        &self,
        access: Option<&Access>,
        ask: CheckRequest,
        bytes: Vec<u8>,
    ) -> Result<Report> {
        let reading = self.looked_at(access, &ask, Arc::from(bytes)).await?;
        let own = self.own_words(access).await?;
        let (knowledge, lexicon) = (Arc::clone(&self.knowledge), self.lexicon.clone());
        let reported = tokio::task::spawn_blocking(move || {
            let findings = reading.findings.clone();
            report_of(&reading, findings, &lexicon.reader(&knowledge, &own))
        });
        reported.await.map_err(ServiceError::internal)
    }

    /// A copy of a sheet with what was found as comments, in a language.
    pub async fn annotate(
        &self,
        access: Option<&Access>,
        ask: CheckRequest,
        language: Language,
        bytes: Vec<u8>,
    ) -> Result<Vec<u8>> {
        let bytes: Arc<[u8]> = bytes.into();
        let reading = self.looked_at(access, &ask, Arc::clone(&bytes)).await?;
        let written = tokio::task::spawn_blocking(move || {
            boucle_import::annotate(&bytes, &ask.file_name, &reading.findings, language)
        });
        written
            .await
            .map_err(ServiceError::internal)?
            .map_err(ServiceError::internal)
    }

    /// What a sheet says, on its own.
    async fn looked_at(
        &self,
        access: Option<&Access>,
        ask: &CheckRequest,
        bytes: Arc<[u8]>,
    ) -> Result<Reading> {
        let mappings = self.mappings(access, ask.mapping.clone()).await?;
        let (knowledge, ask) = (Arc::clone(&self.knowledge), ask.clone());
        let own = self.own_words(access).await?;
        let own_codes = match access {
            Some(access) => self.store.own_codes(&access.scope).await?,
            None => Vec::new(),
        };
        let lexicon = self.lexicon.clone();
        let read = tokio::task::spawn_blocking(move || {
            let day = ask.valid_on.unwrap_or_else(today);
            let context =
                Context::new(&knowledge, day, ZoneId::new("check")).with_own_codes(own_codes);
            let mut reading = read(
                &bytes,
                &ask.file_name,
                &ask.accompanying,
                &context,
                &mappings,
            );
            lexicon.reader(&knowledge, &own).tell(&mut reading);
            reading
        });
        read.await.map_err(ServiceError::internal)
    }

    /// The mapping given, and those kept for the territory.
    async fn mappings(&self, access: Option<&Access>, given: Option<Mapping>) -> Result<Mappings> {
        let mut mappings = Mappings {
            given,
            ..Mappings::default()
        };
        let Some(access) = access else {
            return Ok(mappings);
        };
        for (shape, data) in self.store.mappings(&access.scope).await? {
            let mapping = serde_json::from_str(&data)
                .map_err(|_| ServiceError::Internal("a kept mapping is damaged".to_owned()))?;
            mappings.kept.insert(shape, mapping);
        }
        Ok(mappings)
    }

    /// Keeps of suggestions that a sheet denies that the site has no such flow; says whether any of
    /// that is new.
    async fn deny(
        &self,
        access: &Access,
        denied: BTreeSet<FlowKey>,
        given: &[GivenAnswer],
    ) -> Result<bool> {
        let mut new = false;
        for flow in denied {
            let question = QuestionId::Exists(flow);
            let value = AnswerValue::YesNo(false);
            let known = |one: &GivenAnswer| one.question == question && one.value == value;
            if given.iter().any(known) {
                continue;
            }
            let answer = GivenAnswer {
                question,
                value,
                by: access.principal.clone(),
                on: today(),
                evidence: "feuille de suggestions".to_owned(),
            };
            let store = &self.store;
            store.give_answer(&access.scope, &answer, now()).await?;
            new = true;
        }
        Ok(new)
    }

    /// Keeps a mapping by which a sheet was written, for the next of the same shape.
    async fn keep_mapping(
        &self,
        access: &Access,
        mapping: &Option<Mapping>,
        shapes: &BTreeSet<String>,
    ) -> Result<()> {
        let Some(mapping) = mapping else {
            return Ok(());
        };
        let data = serde_json::to_string(mapping).map_err(ServiceError::internal)?;
        for shape in shapes {
            self.store
                .keep_mapping(&access.scope, shape, &data, now())
                .await?;
        }
        Ok(())
    }

    /// The flows of a zone in the columns of the template.
    pub async fn export(
        &self,
        access: &Access,
        zone: ZoneId,
        format: Format,
        language: Language,
    ) -> Result<Vec<u8>> {
        let mut parts = self
            .store
            .snapshot_parts(&access.scope, std::slice::from_ref(&zone))
            .await?;
        let sites = &parts.sites;
        parts.flows.retain(|flow| {
            find(sites, |site| site.key.cmp(&flow.key.site))
                .is_some_and(|site| access.viewer.sees_flow(&site.firm, flow.visibility))
        });
        let written = tokio::task::spawn_blocking(move || {
            let declaration = Declaration {
                firms: parts.firms,
                sites: parts.sites,
                flows: parts.flows,
            };
            boucle_import::export(&declaration, language, format)
        });
        written
            .await
            .map_err(ServiceError::internal)?
            .map_err(ServiceError::internal)
    }

    /// The empty template.
    pub async fn template(&self, language: Language) -> Result<Vec<u8>> {
        let knowledge = Arc::clone(&self.knowledge);
        let written =
            tokio::task::spawn_blocking(move || boucle_import::template(language, &knowledge));
        written
            .await
            .map_err(ServiceError::internal)?
            .map_err(ServiceError::internal)
    }

    /// Reads a sheet against what is declared; the changes are absent when an error refuses it.
    async fn work_out(
        &self,
        access: &Access,
        ask: &ImportRequest,
        bytes: Arc<[u8]>,
        parts: SnapshotParts,
        (firms, sites): (Vec<Firm>, Vec<Site>),
        mappings: &Mappings,
    ) -> Result<WorkedOut> {
        let own: Vec<Synonym> = parts
            .synonyms
            .iter()
            .map(|kept| kept.synonym.clone())
            .collect();
        // Read after the revision of the parts: a code decided since then makes this try stale.
        let own_codes = self.store.own_codes(&access.scope).await?;
        let (knowledge, lexicon) = (Arc::clone(&self.knowledge), self.lexicon.clone());
        let (ask, viewer, mappings) = (ask.clone(), access.viewer.clone(), mappings.clone());
        let worked_out = tokio::task::spawn_blocking(move || {
            let context = Context::new(
                &knowledge,
                ask.valid_on.unwrap_or_else(today),
                ask.zone.clone(),
            )
            .with_known(firms, sites)
            .with_own_codes(own_codes);
            let mut reading = read(
                &bytes,
                &ask.file_name,
                &ask.accompanying,
                &context,
                &mappings,
            );
            let reader = lexicon.reader(&knowledge, &own);
            reader.tell(&mut reading);
            let old = Declaration {
                firms: parts.firms,
                sites: parts.sites,
                flows: parts.flows,
            };
            let mut difference = boucle_import::changes(&old, &reading.declaration, ask.mode);
            // What the caller may not see is not his to take away.
            let seen = |key: &FlowKey| {
                let flow = find(&old.flows, |flow| flow.key.cmp(key));
                let site = find(&old.sites, |site| site.key.cmp(&key.site));
                match (flow, site) {
                    (Some(flow), Some(site)) => viewer.sees_flow(&site.firm, flow.visibility),
                    _ => false,
                }
            };
            difference.removed.retain(seen);
            let conflicts = reading.conflicts(&difference.conflicts);
            let mut findings = std::mem::take(&mut reading.findings);
            findings.extend(conflicts);
            let mut report = report_of(&reading, findings, &reader);
            let shapes = std::mem::take(&mut reading.mapped_shapes);
            if refuses(&report.findings) {
                return WorkedOut {
                    report,
                    ..WorkedOut::default()
                };
            }
            let change = |kind, flow: FlowKey, fields| FlowChange { kind, flow, fields };
            report.changes.extend(
                difference
                    .added
                    .into_iter()
                    .map(|key| change(ChangeKind::Added, key, Vec::new())),
            );
            report
                .changes
                .extend(difference.changed.into_iter().map(|changed| {
                    let fields = changed
                        .fields
                        .into_iter()
                        .map(|field| field.code().to_owned());
                    change(ChangeKind::Changed, changed.key, fields.collect())
                }));
            report.changes.extend(
                difference
                    .removed
                    .iter()
                    .cloned()
                    .map(|key| change(ChangeKind::Removed, key, Vec::new())),
            );
            report.unchanged = count(difference.unchanged);
            let changes = Changes {
                expected_revision: None,
                firms: reading.declaration.firms,
                sites: reading.declaration.sites,
                flows: reading.declaration.flows,
                removed_flows: difference.removed,
                removed_sites: Vec::new(),
            };
            WorkedOut {
                report,
                changes: Some(changes),
                shapes,
                denied: reading.denied,
            }
        });
        worked_out.await.map_err(ServiceError::internal)
    }
}

/// Reads a file with those that accompany it.
fn read(
    bytes: &[u8],
    name: &str,
    accompanying: &[Accompanying],
    context: &Context,
    mappings: &Mappings,
) -> Reading {
    let file = |name, bytes| boucle_import::File { name, bytes };
    let others: Vec<_> = accompanying
        .iter()
        .map(|other| file(other.name.as_str(), &other.bytes))
        .collect();
    boucle_import::read_files(file(name, bytes), &others, context, mappings)
}

/// What was found, before anything is compared.
fn report_of(reading: &Reading, findings: Vec<Diagnostic>, reader: &Reader) -> Report {
    let declaration = &reading.declaration;
    let refused = reading.refused.iter();
    let skipped = reading.skipped.iter();
    Report {
        findings,
        rows: count(reading.rows),
        skipped_rows: count(reading.left_aside()),
        firms: count(declaration.firms.len()),
        sites: count(declaration.sites.len()),
        flows: count(declaration.flows.len()),
        listed: reading.listed(&|flow, site| reader.by_words(flow, site)),
        refused: refused
            .map(|place| (place.sheet.clone(), place.row))
            .collect(),
        skipped: skipped
            .map(|row| (row.place.sheet.clone(), row.place.row, row.reason.text()))
            .collect(),
        proposal: reading.proposal.clone(),
        ..Report::default()
    }
}

/// The report answered before to the same request.
fn recorded(response: &[u8]) -> Result<Report> {
    serde_json::from_slice(response)
        .map_err(|_| ServiceError::Internal("recorded response is damaged".to_owned()))
}

/// The thing of a key in a list sorted by it, as the store gives them.
fn find<T>(sorted: &[T], order: impl FnMut(&T) -> Ordering) -> Option<&T> {
    sorted.binary_search_by(order).ok().map(|at| &sorted[at])
}

/// A count on the wire; sheets are far below its bound.
fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
