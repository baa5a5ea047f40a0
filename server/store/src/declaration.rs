//! What goes in and out of the declared part of the store.

use boucle_domain::answer::GivenAnswer;
use boucle_domain::flow::Flow;
use boucle_domain::id::{Direction, FirmKey, FlowKey, SiteKey, ZoneId};
use boucle_domain::organisation::{Firm, Site, Territory, Zone};
use boucle_domain::snapshot::Snapshot;
use boucle_domain::synonym::KeptSynonym;
use jiff::civil::Date;

use crate::Micros;

/// A value as the store holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored<T> {
    /// The value.
    pub value: T,
    /// Revision of the territory at which the value was last written: its etag. It grows with
    /// every write, and a key deleted and created again gets a new one.
    pub version: i64,
    /// When it was last written.
    pub updated_at: Micros,
}

/// What to do with what hangs on the thing to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// Refuse the deletion.
    OnlyUnused,
    /// Delete it as well.
    Cascade,
}

/// Which sites to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteFilter {
    /// Only those of this zone and the zones below it.
    pub zone: Option<ZoneId>,
    /// Only those of this firm.
    pub firm: Option<FirmKey>,
}

/// Which flows to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlowFilter {
    /// Only those of this zone and the zones below it.
    pub zone: Option<ZoneId>,
    /// Only those of this site.
    pub site: Option<SiteKey>,
    /// Only outputs, or only inputs.
    pub direction: Option<Direction>,
}

/// An import, to be applied as a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Revision of the territory the changes were worked out on; a write in between is a conflict.
    /// `None` applies them to whatever is there.
    pub expected_revision: Option<i64>,
    /// Firms to create or replace.
    pub firms: Vec<Firm>,
    /// Sites to create or replace; each in the zone of the import or below it.
    pub sites: Vec<Site>,
    /// Flows to create or replace.
    pub flows: Vec<Flow>,
    /// Flows to delete, before the others are written.
    pub removed_flows: Vec<FlowKey>,
    /// Sites to delete, once they have no flow left.
    pub removed_sites: Vec<SiteKey>,
}

/// What an import did. A row that was there with the same content is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Revision of the territory after the import.
    pub revision: i64,
    /// Firms created or changed.
    pub firms: u64,
    /// Sites created or changed.
    pub sites: u64,
    /// Flows created or changed.
    pub flows: u64,
    /// Flows and sites deleted.
    pub removed: u64,
}

/// Names one request of one caller, so that sending it twice does it once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// Who asks: two callers may choose the same identifier.
    pub principal: String,
    /// Identifier chosen by the caller.
    pub request_id: String,
    /// Digest of the content of the request.
    pub hash: Vec<u8>,
}

/// Outcome of a write that may be a repetition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written<T> {
    /// It was done now.
    Done(T),
    /// It was done before: the bytes that were to be answered then.
    Replayed(Vec<u8>),
}

/// Everything a run reads, as of one moment, each list in the order of its keys.
#[derive(Clone, Debug, PartialEq)]
pub struct SnapshotParts {
    /// Revision of the territory at that moment.
    pub revision: i64,
    /// The territory.
    pub territory: Territory,
    /// The chosen zones and those below them. The parent of a chosen zone is not among them.
    pub zones: Vec<Zone>,
    /// Firms with a site in these zones.
    pub firms: Vec<Firm>,
    /// Sites in these zones.
    pub sites: Vec<Site>,
    /// Their flows.
    pub flows: Vec<Flow>,
    /// Every answer given in the territory; a snapshot keeps those about its flows.
    pub answers: Vec<GivenAnswer>,
    /// Every word of the territory.
    pub synonyms: Vec<KeptSynonym>,
}

impl SnapshotParts {
    /// The snapshot that judges everything on one day.
    pub fn into_snapshot(self, valid_on: Date) -> Snapshot {
        Snapshot::new(
            self.territory,
            valid_on,
            self.zones,
            self.firms,
            self.sites,
            self.flows,
        )
        .with_answers(self.answers)
        .with_synonyms(self.synonyms.into_iter().map(|kept| kept.synonym).collect())
    }
}
