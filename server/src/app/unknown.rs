//! Names of stored flows that no key is known for, collected for whoever decides what they mean.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use boucle_domain::answer::QuestionId;
use boucle_domain::flow::{Flow, Identity};
use boucle_domain::id::{Direction, FirmKey, FlowKey, SiteKey, ZoneId};
use boucle_domain::organisation::Site;
use boucle_recognise::Reason;
use boucle_store::SnapshotParts;

use super::App;
use super::error::{Result, ServiceError};
use super::recognise::{Candidate, Outcome, Reader, Recognition};
use crate::auth::{Access, Viewer};

/// Names that differ by case, accents, plurals and measures only.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownWords {
    /// The spelling most flows bear.
    pub words: String,
    /// The side they stand on.
    pub direction: Direction,
    /// Flows that bear them.
    pub flows: u32,
    /// Firms that write them.
    pub firms: u32,
    /// `Ask` where some flow of theirs leaves a choice, else `Unknown`.
    pub outcome: Outcome,
    /// What they might mean, most likely first.
    pub candidates: Vec<Candidate>,
}

/// What nobody knows, as far as it was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unknowns {
    /// Those of most flows first.
    pub words: Vec<UnknownWords>,
    /// How many more there are.
    pub left_out: u32,
}

/// Names told when no number is asked for, and at most.
pub const WORDS: u32 = 1_000;

/// Meanings told of each.
const CANDIDATES: usize = 8;

impl App {
    /// Names of declared flows, of a zone or of all, that neither key nor answer nor word settles: no
    /// quantity, and no flow that the caller may not know of.
    pub async fn unknown_words(
        &self,
        access: &Access,
        zone: Option<ZoneId>,
        most: u32,
    ) -> Result<Unknowns> {
        let zones: Vec<ZoneId> = zone.into_iter().collect();
        let parts = self.store.snapshot_parts(&access.scope, &zones).await?;
        let (knowledge, lexicon) = (Arc::clone(&self.knowledge), self.lexicon.clone());
        let viewer = access.viewer.clone();
        let most = if most == 0 { WORDS } else { most.min(WORDS) };
        let collected = tokio::task::spawn_blocking(move || {
            let words = parts.synonyms.iter().map(|one| one.synonym.clone());
            let own: Vec<_> = words.collect();
            collected(&parts, &viewer, &lexicon.reader(&knowledge, &own), most)
        });
        collected.await.map_err(ServiceError::internal)
    }
}

/// What is known of the flows of one name so far.
#[derive(Default)]
struct Gathered {
    spellings: BTreeMap<String, u32>,
    firms: BTreeSet<FirmKey>,
    asked: bool,
    candidates: Vec<Candidate>,
}

fn collected(parts: &SnapshotParts, viewer: &Viewer, reader: &Reader, most: u32) -> Unknowns {
    let sites: BTreeMap<&SiteKey, &Site> =
        parts.sites.iter().map(|site| (&site.key, site)).collect();
    let answered: BTreeSet<&FlowKey> = parts
        .answers
        .iter()
        .filter_map(|answer| match &answer.question {
            QuestionId::Identity(flow) => Some(flow),
            _ => None,
        })
        .collect();
    let open =
        |flow: &&Flow| flow.identity == Identity::Unrecognised && !answered.contains(&flow.key);
    let mut gathered: BTreeMap<(String, Direction), Gathered> = BTreeMap::new();
    for flow in parts.flows.iter().filter(open) {
        let Some(site) = sites.get(&flow.key.site).copied() else {
            continue;
        };
        if !viewer.sees_flow(&site.firm, flow.visibility) {
            continue;
        }
        let read = reader.read(flow, Some(site));
        let form = reader.form(&flow.name);
        if form.is_empty() || settled(&read) {
            continue;
        }
        let one = gathered.entry((form, flow.key.direction)).or_default();
        *one.spellings
            .entry(flow.name.trim().to_owned())
            .or_default() += 1;
        one.firms.insert(site.firm.clone());
        one.asked |= read.outcome == Outcome::Ask;
        merge(&mut one.candidates, read.candidates);
    }
    let mut words: Vec<UnknownWords> = gathered
        .into_iter()
        .map(|((_, direction), one)| one.told(direction))
        .collect();
    words.sort_by(|a, b| {
        let size = |one: &UnknownWords| (one.flows, one.firms);
        let name = |one: &UnknownWords| (one.words.clone(), one.direction);
        size(b).cmp(&size(a)).then_with(|| name(a).cmp(&name(b)))
    });
    let left_out = words.len().saturating_sub(most as usize);
    words.truncate(most as usize);
    Unknowns {
        words,
        left_out: u32::try_from(left_out).unwrap_or(u32::MAX),
    }
}

/// Whether words are known, if only to be confirmed, or were decided and the code disagrees.
fn settled(read: &Recognition) -> bool {
    let own = |reason: &Reason| matches!(reason, Reason::OwnWords(_));
    read.outcome == Outcome::Recognised || read.reasons.iter().any(own)
}

/// Keeps of each key the greater confidence.
fn merge(kept: &mut Vec<Candidate>, found: Vec<Candidate>) {
    for candidate in found {
        match kept.iter_mut().find(|one| one.key == candidate.key) {
            Some(one) => one.confidence = one.confidence.max(candidate.confidence),
            None => kept.push(candidate),
        }
    }
}

impl Gathered {
    fn told(mut self, direction: Direction) -> UnknownWords {
        let flows = self.spellings.values().sum();
        // The commonest spelling; of two as common, the first by letter.
        let commonest = self
            .spellings
            .into_iter()
            .rev()
            .max_by_key(|(_, number)| *number);
        self.candidates.sort_by(|a, b| {
            let by_key = || a.key.key().cmp(b.key.key());
            b.confidence.total_cmp(&a.confidence).then_with(by_key)
        });
        self.candidates.truncate(CANDIDATES);
        UnknownWords {
            words: commonest.map(|(words, _)| words).unwrap_or_default(),
            direction,
            flows,
            firms: u32::try_from(self.firms.len()).unwrap_or(u32::MAX),
            outcome: match self.asked {
                true => Outcome::Ask,
                false => Outcome::Unknown,
            },
            candidates: self.candidates,
        }
    }
}
