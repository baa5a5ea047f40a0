//! What every backend does.

use async_trait::async_trait;
use boucle_domain::answer::{GivenAnswer, QuestionId};
use boucle_domain::flow::Flow;
use boucle_domain::id::{Direction, FirmKey, FlowKey, PairKey, SiteKey, TerritoryId, ZoneId};
use boucle_domain::organisation::{Firm, Site, Territory, Zone};
use boucle_domain::own_code::{OwnCode, OwnList};
use boucle_domain::synonym::KeptSynonym;

use crate::{
    Applied, Changes, CreatedRun, Failure, FlowFilter, FlowRejectionRow, Micros, NewRun, Page,
    ProposalRow, Removal, RequestKey, Result, Rows, Run, RunAnswer, RunId, RunInput, RunPosition,
    RunProgress, RunState, Scope, SiteFilter, SnapshotParts, Stored, Written,
};

/// The whole store.
///
/// Through `dyn Store` every method of its parts can be called without naming them.
#[async_trait]
pub trait Store:
    TerritoryStore + DeclarationStore + AnswerStore + SynonymStore + OwnCodeStore + RunStore
{
    /// Reads the whole database and compares it with itself.
    ///
    /// # Errors
    /// `Corrupt` with the first finding.
    async fn check_integrity(&self) -> Result<()>;

    /// Ends all work and lets go of the file. Later calls fail.
    async fn close(&self);
}

/// Territories and their zones.
#[async_trait]
pub trait TerritoryStore: Send + Sync {
    /// Creates the territory of the scope.
    async fn create_territory(
        &self,
        scope: &Scope,
        territory: &Territory,
        now: Micros,
    ) -> Result<Stored<Territory>>;

    /// The territory of the scope.
    async fn territory(&self, scope: &Scope) -> Result<Stored<Territory>>;

    /// Every territory, by identifier. It takes no scope: it is for the operator of the
    /// installation, and the caller checks that.
    async fn territories(&self, page: &Page<TerritoryId>) -> Result<Rows<Stored<Territory>>>;

    /// Replaces the territory of the scope.
    async fn update_territory(
        &self,
        scope: &Scope,
        territory: &Territory,
        expected: i64,
        now: Micros,
    ) -> Result<Stored<Territory>>;

    /// Deletes the territory of the scope. `OnlyUnused` refuses while it has a zone, a firm or a run.
    async fn delete_territory(
        &self,
        scope: &Scope,
        expected: Option<i64>,
        removal: Removal,
    ) -> Result<()>;

    /// Revision of the territory: it grows with every write to a zone, firm, site or flow.
    async fn revision(&self, scope: &Scope) -> Result<i64>;

    /// Creates a zone.
    async fn create_zone(&self, scope: &Scope, zone: &Zone, now: Micros) -> Result<Stored<Zone>>;

    /// The zone of an identifier.
    async fn zone(&self, scope: &Scope, zone: &ZoneId) -> Result<Stored<Zone>>;

    /// Zones by identifier.
    async fn zones(&self, scope: &Scope, page: &Page<ZoneId>) -> Result<Rows<Stored<Zone>>>;

    /// Replaces a zone. A parent that is the zone itself or stands below it is `Invalid`.
    async fn update_zone(
        &self,
        scope: &Scope,
        zone: &Zone,
        expected: i64,
        now: Micros,
    ) -> Result<Stored<Zone>>;

    /// Deletes a zone. `OnlyUnused` refuses while it has a site or a zone below it; `Cascade`
    /// deletes these and their flows, and leaves the firms.
    async fn delete_zone(
        &self,
        scope: &Scope,
        zone: &ZoneId,
        expected: Option<i64>,
        removal: Removal,
    ) -> Result<()>;
}

/// Firms, sites, flows; imports; what a run reads.
#[async_trait]
pub trait DeclarationStore: Send + Sync {
    /// Creates a firm.
    async fn create_firm(&self, scope: &Scope, firm: &Firm, now: Micros) -> Result<Stored<Firm>>;

    /// The firm of a key.
    async fn firm(&self, scope: &Scope, firm: &FirmKey) -> Result<Stored<Firm>>;

    /// Firms by key; with a zone, those that have a site in it or below it.
    async fn firms(
        &self,
        scope: &Scope,
        zone: Option<&ZoneId>,
        page: &Page<FirmKey>,
    ) -> Result<Rows<Stored<Firm>>>;

    /// Replaces a firm.
    async fn update_firm(
        &self,
        scope: &Scope,
        firm: &Firm,
        expected: i64,
        now: Micros,
    ) -> Result<Stored<Firm>>;

    /// Deletes a firm. `OnlyUnused` refuses while it has a site; `Cascade` deletes its sites and their flows.
    async fn delete_firm(
        &self,
        scope: &Scope,
        firm: &FirmKey,
        expected: Option<i64>,
        removal: Removal,
    ) -> Result<()>;

    /// Creates a site of a known firm in a known zone.
    async fn create_site(&self, scope: &Scope, site: &Site, now: Micros) -> Result<Stored<Site>>;

    /// The site of a key.
    async fn site(&self, scope: &Scope, site: &SiteKey) -> Result<Stored<Site>>;

    /// Sites by key.
    async fn sites(
        &self,
        scope: &Scope,
        filter: &SiteFilter,
        page: &Page<SiteKey>,
    ) -> Result<Rows<Stored<Site>>>;

    /// Replaces a site; its flows move with it to another zone.
    async fn update_site(
        &self,
        scope: &Scope,
        site: &Site,
        expected: i64,
        now: Micros,
    ) -> Result<Stored<Site>>;

    /// Deletes a site. `OnlyUnused` refuses while it has a flow; `Cascade` deletes its flows.
    async fn delete_site(
        &self,
        scope: &Scope,
        site: &SiteKey,
        expected: Option<i64>,
        removal: Removal,
    ) -> Result<()>;

    /// Creates a flow of a known site.
    async fn create_flow(&self, scope: &Scope, flow: &Flow, now: Micros) -> Result<Stored<Flow>>;

    /// The flow of a key.
    async fn flow(&self, scope: &Scope, flow: &FlowKey) -> Result<Stored<Flow>>;

    /// Flows by key: site, outputs before inputs, reference.
    async fn flows(
        &self,
        scope: &Scope,
        filter: &FlowFilter,
        page: &Page<FlowKey>,
    ) -> Result<Rows<Stored<Flow>>>;

    /// Replaces a flow.
    async fn update_flow(
        &self,
        scope: &Scope,
        flow: &Flow,
        expected: i64,
        now: Micros,
    ) -> Result<Stored<Flow>>;

    /// Deletes a flow.
    async fn delete_flow(&self, scope: &Scope, flow: &FlowKey, expected: Option<i64>)
    -> Result<()>;

    /// Applies an import to a zone, as a whole or not at all.
    ///
    /// `request` is the name of the request, and the bytes to answer a repetition with; they are
    /// kept in the same transaction.
    ///
    /// # Errors
    /// `Conflict` if the territory is not at the expected revision; `OutsideZone` if a site or flow
    /// stands, or stood, outside the zone; `AlreadyExists` if a key is given twice; `NotFound` if a
    /// firm, site or removed flow is unknown; `InUse` if a removed site keeps a flow;
    /// `RequestReused`.
    async fn replace_declaration(
        &self,
        scope: &Scope,
        zone: &ZoneId,
        changes: &Changes,
        request: Option<(&RequestKey, &[u8])>,
        now: Micros,
    ) -> Result<Written<Applied>>;

    /// The bytes kept for a request that was done before, `None` if it was not.
    ///
    /// # Errors
    /// `RequestReused` if it was done with another content.
    async fn recorded_response(
        &self,
        scope: &Scope,
        request: &RequestKey,
    ) -> Result<Option<Vec<u8>>>;

    /// Keeps which column is which in sheets of a shape, as JSON, in place of what was kept before.
    async fn keep_mapping(&self, scope: &Scope, shape: &str, data: &str, now: Micros)
    -> Result<()>;

    /// What is kept of sheets of the territory, by shape.
    async fn mappings(&self, scope: &Scope) -> Result<Vec<(String, String)>>;

    /// Forgets requests of the territory made before a moment; answers how many.
    async fn prune_requests(&self, scope: &Scope, before: Micros) -> Result<u64>;

    /// Everything a run on these zones (and those below them) reads, as of one moment; no zone
    /// means the whole territory.
    async fn snapshot_parts(&self, scope: &Scope, zones: &[ZoneId]) -> Result<SnapshotParts>;
}

/// Answers given to the questions of runs: kept by the name of the question, for every run after.
#[async_trait]
pub trait AnswerStore: Send + Sync {
    /// Keeps an answer, in place of an earlier one to the same question.
    ///
    /// # Errors
    /// `NotFound` if there is no such territory.
    async fn give_answer(&self, scope: &Scope, answer: &GivenAnswer, now: Micros) -> Result<()>;

    /// Forgets the answer to a question; answers whether there was one.
    async fn withdraw_answer(&self, scope: &Scope, question: &QuestionId) -> Result<bool>;

    /// The answers of the territory, in the order of the names of their questions.
    async fn given_answers(&self, scope: &Scope) -> Result<Vec<GivenAnswer>>;
}

/// Words of a territory: what its operator decided that a name means on one side.
#[async_trait]
pub trait SynonymStore: Send + Sync {
    /// Keeps a decision and answers it; the same one taken before is answered as it was taken.
    ///
    /// # Errors
    /// `AlreadyExists` if the words name another key on this side; `Invalid` if they hold no letter
    /// and no digit or are longer than [`Synonym::LONGEST`], or if the territory holds
    /// [`Synonym::MOST`]; `NotFound` if there is no such territory.
    ///
    /// [`Synonym::LONGEST`]: boucle_domain::synonym::Synonym::LONGEST
    /// [`Synonym::MOST`]: boucle_domain::synonym::Synonym::MOST
    async fn add_synonym(
        &self,
        scope: &Scope,
        synonym: &KeptSynonym,
        now: Micros,
    ) -> Result<KeptSynonym>;

    /// Forgets what a name means on one side; answers whether there was a decision.
    async fn remove_synonym(&self, scope: &Scope, direction: Direction, name: &str)
    -> Result<bool>;

    /// The decisions of the territory, by name, outputs before inputs.
    async fn synonyms(&self, scope: &Scope) -> Result<Vec<KeptSynonym>>;
}

/// Codes of a territory's own, which stand for codes of the reference lists.
#[async_trait]
pub trait OwnCodeStore: Send + Sync {
    /// Keeps codes, all or none; answers how many were new. One kept already with the same days and
    /// the same meaning stays as it was.
    ///
    /// # Errors
    /// `AlreadyExists` if a code of the same name has another meaning on a day of its own; `Invalid`
    /// if one is beyond the bounds of [`OwnCode`], or if the territory would hold more than
    /// [`OwnCode::MOST`]; `NotFound` if there is no such territory.
    async fn add_own_codes(&self, scope: &Scope, codes: &[OwnCode], now: Micros) -> Result<usize>;

    /// Forgets a code of a list by its name, whatever its days; answers what was kept.
    async fn remove_own_code(
        &self,
        scope: &Scope,
        list: OwnList,
        name: &str,
    ) -> Result<Vec<OwnCode>>;

    /// The codes of the territory, those of wastes first, by name and first day.
    async fn own_codes(&self, scope: &Scope) -> Result<Vec<OwnCode>>;
}

/// Runs: a run is stored with its input before it starts, and can be started again from it.
#[async_trait]
pub trait RunStore: Send + Sync {
    /// Stores a run in state `Queued`, with its snapshot, settings and versions. The same request
    /// made again answers with the run it made the first time.
    async fn create_run(
        &self,
        scope: &Scope,
        run: &NewRun,
        request: Option<&RequestKey>,
        now: Micros,
    ) -> Result<CreatedRun>;

    /// The run of a name.
    async fn run(&self, scope: &Scope, run: &RunId) -> Result<Run>;

    /// Runs, newest first.
    async fn runs(
        &self,
        scope: &Scope,
        state: Option<RunState>,
        page: &Page<RunPosition>,
    ) -> Result<Rows<Run>>;

    /// Deletes a run and its answer. A run that is not over is `InUse` by itself: cancel it first.
    async fn delete_run(&self, scope: &Scope, run: &RunId) -> Result<()>;

    /// Snapshot and settings of a run; `Corrupt` if the snapshot no longer has its digest.
    async fn run_input(&self, scope: &Scope, run: &RunId) -> Result<RunInput>;

    /// `Queued` becomes `Running`; counts an attempt.
    async fn start_run(&self, scope: &Scope, run: &RunId, now: Micros) -> Result<Run>;

    /// Notes how far a running run is; answers whether its owner wants it stopped.
    async fn report_progress(
        &self,
        scope: &Scope,
        run: &RunId,
        progress: &RunProgress,
        now: Micros,
    ) -> Result<bool>;

    /// `Running` becomes `Succeeded`, with the whole answer in one transaction.
    async fn succeed_run(
        &self,
        scope: &Scope,
        run: &RunId,
        answer: &RunAnswer,
        now: Micros,
    ) -> Result<Run>;

    /// `Queued` or `Running` becomes `Failed`.
    async fn fail_run(
        &self,
        scope: &Scope,
        run: &RunId,
        failure: &Failure,
        now: Micros,
    ) -> Result<Run>;

    /// Asks for the end of a run: `Queued` becomes `Cancelled` at once, `Running` is marked and
    /// whoever solves it stops it. A run that is over stays as it is.
    async fn request_cancel(&self, scope: &Scope, run: &RunId, now: Micros) -> Result<Run>;

    /// `Queued` or `Running` becomes `Cancelled`: the solver has stopped.
    async fn cancel_run(&self, scope: &Scope, run: &RunId, now: Micros) -> Result<Run>;

    /// `Running` becomes `Queued` again and the attempt is not counted: the server stops in good order.
    async fn requeue_run(&self, scope: &Scope, run: &RunId, now: Micros) -> Result<Run>;

    /// Called once, when the server starts and before any run is started: settles what a stop left
    /// behind, in every territory, and answers the runs to start, oldest first.
    ///
    /// A run found `Running` was interrupted. It is `Queued` again, or `Cancelled` if its owner
    /// wanted that, or `Failed` with [`ATTEMPTS_EXHAUSTED`](crate::ATTEMPTS_EXHAUSTED) after
    /// [`MAX_ATTEMPTS`](crate::MAX_ATTEMPTS) tries.
    async fn claim_unfinished(&self, now: Micros) -> Result<Vec<(Scope, Run)>>;

    /// The whole answer of a run; `NotFound` while there is none.
    async fn answer(&self, scope: &Scope, run: &RunId) -> Result<Vec<u8>>;

    /// Proposals of a run by rank, of one plan or of all.
    async fn proposals(
        &self,
        scope: &Scope,
        run: &RunId,
        plan: Option<&str>,
        page: &Page<u32>,
    ) -> Result<Rows<ProposalRow>>;

    /// The best ranked proposal of a pair in a run.
    async fn proposal(&self, scope: &Scope, run: &RunId, pair: &PairKey) -> Result<ProposalRow>;

    /// Rejections of a run by flow.
    async fn rejections(
        &self,
        scope: &Scope,
        run: &RunId,
        page: &Page<FlowKey>,
    ) -> Result<Rows<FlowRejectionRow>>;

    /// Rejections of one flow in a run.
    async fn rejection(
        &self,
        scope: &Scope,
        run: &RunId,
        flow: &FlowKey,
    ) -> Result<FlowRejectionRow>;
}
