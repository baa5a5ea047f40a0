//! The immutable input of a run: validated, in canonical units and order, with a digest.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::answer::{self, GivenAnswer, QuestionId};
use crate::flow::{Flow, Identity};
use crate::geo::{Position, PositionSource};
use crate::id::{FlowKey, ZoneId};
use crate::knowledge::Knowledge;
use crate::organisation::{Firm, Site, Territory, Zone};
use crate::suggestion::{self, Suggestion};
use crate::synonym::Synonym;

/// Share of the firms of an activity from which a suggested flow enters a run that asks for them.
const LIKELY_SHARE: f64 = 0.5;

/// Everything a run reads about a territory, each list sorted by its stable key.
///
/// Contacts and staff are in no snapshot; neither are row numbers or file names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    territory: Territory,
    /// The day at which codes, contracts and validities are judged.
    valid_on: Date,
    zones: Vec<Zone>,
    firms: Vec<Firm>,
    sites: Vec<Site>,
    flows: Vec<Flow>,
    /// Answers given, by question; those about flows are laid over the flows already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    answers: Vec<GivenAnswer>,
    /// Flows that are no declarations but suggestions of a sector profile.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    suggested: Vec<FlowKey>,
    /// Words of the territory, by name and side.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    synonyms: Vec<Synonym>,
}

impl Snapshot {
    /// A snapshot in canonical order. Flows whose validity does not hold `valid_on` are left out.
    pub fn new(
        territory: Territory,
        valid_on: Date,
        mut zones: Vec<Zone>,
        mut firms: Vec<Firm>,
        mut sites: Vec<Site>,
        mut flows: Vec<Flow>,
    ) -> Snapshot {
        zones.sort_by(|a, b| a.id.cmp(&b.id));
        firms.sort_by(|a, b| a.key.cmp(&b.key));
        for site in &mut sites {
            // Better a wide guess than none: distances then carry five kilometres of doubt.
            if site.position.is_none() {
                site.position = centre(&zones, &site.zone);
            }
            site.icpe_rubrics.sort();
            site.agreements.sort_by(|a, b| {
                (&a.reference, &a.waste_codes).cmp(&(&b.reference, &b.waste_codes))
            });
        }
        sites.sort_by(|a, b| a.key.cmp(&b.key));
        flows.retain(|flow| flow.validity.contains(valid_on));
        flows.sort_by(|a, b| a.key.cmp(&b.key));
        Snapshot {
            territory,
            valid_on,
            zones,
            firms,
            sites,
            flows,
            answers: Vec::new(),
            suggested: Vec::new(),
            synonyms: Vec::new(),
        }
    }

    /// The same with the flows that sites probably have: those of at least one firm in two of their
    /// activity, marked as suggestions.
    pub fn with_suggestions(mut self, knowledge: &Knowledge) -> Snapshot {
        let likely = |suggestion: &Suggestion| suggestion.share >= LIKELY_SHARE;
        let found = suggestion::suggestions(&self, knowledge);
        let flows: Vec<Flow> = found
            .into_iter()
            .filter(likely)
            .map(|suggestion| suggestion.flow)
            .filter(|flow| self.flow(&flow.key).is_none())
            .collect();
        self.suggested = flows.iter().map(|flow| flow.key.clone()).collect();
        self.suggested.sort();
        self.flows.extend(flows);
        self.flows.sort_by(|a, b| a.key.cmp(&b.key));
        self
    }

    /// Whether a flow is a suggestion of a profile that nobody has confirmed.
    pub fn is_suggested(&self, key: &FlowKey) -> bool {
        self.suggested.binary_search(key).is_ok()
    }

    /// The same with the answers given so far; those about what is not in it are left out.
    pub fn with_answers(mut self, mut answers: Vec<GivenAnswer>) -> Snapshot {
        answers.retain(|answer| match &answer.question {
            QuestionId::Legal(pair, ..) => {
                self.flow(&pair.output).is_some() && self.flow(&pair.input).is_some()
            }
            QuestionId::Exists(flow) => self.site(&flow.site).is_some(),
            other => other.flow().is_some_and(|flow| self.flow(flow).is_some()),
        });
        answers.sort_by(|a, b| a.question.cmp(&b.question));
        answers.dedup_by(|a, b| a.question == b.question);
        answer::lay_over(&mut self.flows, &answers);
        self.answers = answers;
        self
    }

    /// The same, with what flows are that declare it neither by a key nor by a label; `named` says.
    pub fn with_identities(mut self, named: impl Fn(&Flow) -> Option<Identity>) -> Snapshot {
        for flow in &mut self.flows {
            if flow.identity == Identity::Unrecognised
                && let Some(identity) = named(flow)
            {
                flow.identity = identity;
            }
        }
        self
    }

    /// The same with the words of the territory, by which flows without a key are read.
    pub fn with_synonyms(mut self, mut synonyms: Vec<Synonym>) -> Snapshot {
        synonyms.sort_by_cached_key(|one| (one.name(), one.direction, one.words.clone()));
        synonyms.dedup_by_key(|one| (one.name(), one.direction));
        self.synonyms = synonyms;
        self
    }

    /// Words of the territory, by name and side.
    pub fn synonyms(&self) -> &[Synonym] {
        &self.synonyms
    }

    /// Answers given, by question.
    pub fn answers(&self) -> &[GivenAnswer] {
        &self.answers
    }

    /// The answer to a question.
    pub fn answer(&self, question: &QuestionId) -> Option<&GivenAnswer> {
        self.answers
            .binary_search_by(|answer| answer.question.cmp(question))
            .ok()
            .map(|at| &self.answers[at])
    }

    /// The territory.
    pub fn territory(&self) -> &Territory {
        &self.territory
    }

    /// The day at which everything is judged.
    pub fn valid_on(&self) -> Date {
        self.valid_on
    }

    /// Zones by identifier.
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// Firms by key.
    pub fn firms(&self) -> &[Firm] {
        &self.firms
    }

    /// Sites by key.
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// Flows by key.
    pub fn flows(&self) -> &[Flow] {
        &self.flows
    }

    /// The firm of a key.
    pub fn firm(&self, key: &crate::id::FirmKey) -> Option<&Firm> {
        self.firms
            .binary_search_by(|firm| firm.key.cmp(key))
            .ok()
            .map(|at| &self.firms[at])
    }

    /// The site of a key.
    pub fn site(&self, key: &crate::id::SiteKey) -> Option<&Site> {
        self.sites
            .binary_search_by(|site| site.key.cmp(key))
            .ok()
            .map(|at| &self.sites[at])
    }

    /// The flow of a key.
    pub fn flow(&self, key: &crate::id::FlowKey) -> Option<&Flow> {
        self.flows
            .binary_search_by(|flow| flow.key.cmp(key))
            .ok()
            .map(|at| &self.flows[at])
    }

    /// SHA-256 of the canonical form, in hexadecimal: the same for any order of declaration.
    pub fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        // Writing to a hasher cannot fail, and every type here serialises.
        if let Ok(bytes) = serde_json::to_vec(self) {
            hasher.update(&bytes);
        }
        hexadecimal(&hasher.finalize())
    }
}

/// Centre of a zone, or of the nearest zone that contains it.
fn centre(zones: &[Zone], of: &ZoneId) -> Option<Position> {
    let mut id = of;
    // A tree is at most as deep as it has zones; a cycle would otherwise never end.
    for _ in 0..=zones.len() {
        let zone = zones.iter().find(|zone| zone.id == *id)?;
        if let Some(centre) = zone.centre {
            return Some(Position {
                point: centre.point,
                source: PositionSource::ZoneCentre,
            });
        }
        id = zone.parent.as_ref()?;
    }
    None
}

/// Lower-case hexadecimal digits of bytes.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::geo::Point;
    use crate::id::{Direction, FirmKey, SiteKey, TerritoryId};
    use crate::organisation::ZoneKind;

    fn zone(id: &str, parent: Option<&str>, centre: Option<(f64, f64)>) -> Zone {
        Zone {
            id: ZoneId::new(id),
            name: id.into(),
            kind: ZoneKind::BusinessPark,
            parent: parent.map(ZoneId::new),
            centre: centre.map(|(latitude, longitude)| Position {
                point: Point::new(latitude, longitude).unwrap(),
                source: PositionSource::Declared,
            }),
        }
    }

    #[test]
    fn words_of_the_territory_stand_in_one_order_and_in_the_digest_only_where_there_are_any() {
        let territory = Territory {
            id: TerritoryId::new("t"),
            name: String::new(),
        };
        let empty = || {
            let day = date(2027, 1, 1);
            Snapshot::new(territory.clone(), day, vec![], vec![], vec![], vec![])
        };
        let word = |words: &str, key: &str| Synonym {
            words: words.to_owned(),
            direction: match key.starts_with("DON:") {
                true => Direction::Output,
                false => Direction::Input,
            },
            key: Identity::of_key(key),
        };
        let (a, b) = (
            word("Trucmuche", "DON:sawdust"),
            word("bidule", "mat.mineral"),
        );
        let one = empty().with_synonyms(vec![a.clone(), b.clone()]);
        let other = empty().with_synonyms(vec![b.clone(), a.clone()]);
        assert_eq!(one.digest(), other.digest());
        assert_eq!(one.synonyms(), [b, a.clone()]);
        let plain = empty();
        assert_ne!(one.digest(), plain.digest());
        assert_eq!(empty().with_synonyms(Vec::new()).digest(), plain.digest());
        let json = serde_json::to_string(&plain).unwrap();
        assert!(
            !json.contains("synonyms"),
            "older snapshots keep their digest"
        );
        // The two sides of one word stand beside each other; twice the same side does not.
        let both = vec![a.clone(), word("trucmuche", "mat.mineral"), a];
        assert_eq!(empty().with_synonyms(both).synonyms().len(), 2);
    }

    #[test]
    fn a_site_without_a_place_stands_at_the_centre_of_the_nearest_zone_that_has_one() {
        let site = |zone: &str| Site {
            key: SiteKey::new(zone),
            firm: FirmKey::new("f"),
            zone: ZoneId::new(zone),
            name: String::new(),
            external: None,
            activity: None,
            commune: None,
            position: None,
            headcount: None,
            icpe_rubrics: Vec::new(),
            agreements: Vec::new(),
        };
        let zones = vec![
            zone("basin", None, Some((50.0, 2.0))),
            zone("park", Some("basin"), None),
            zone("apart", Some("apart"), None),
        ];
        let sites = vec![site("park"), site("apart"), site("nowhere")];
        let territory = Territory {
            id: TerritoryId::new("t"),
            name: String::new(),
        };
        let snapshot = Snapshot::new(
            territory,
            date(2027, 1, 1),
            zones,
            Vec::new(),
            sites,
            Vec::new(),
        );
        let at = |key: &str| snapshot.site(&SiteKey::new(key)).unwrap().position;
        assert_eq!(
            at("park").map(|p| p.source),
            Some(PositionSource::ZoneCentre)
        );
        assert_eq!(at("apart"), None);
        assert_eq!(at("nowhere"), None);
    }
}
