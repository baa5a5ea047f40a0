//! Open questions of a run, and the answers given to them.

use std::collections::{BTreeMap, BTreeSet};

use boucle_domain::answer::{AnswerValue, GivenAnswer, QuestionId};
use boucle_domain::flow::{Identity, Visibility};
use boucle_domain::id::{FlowKey, PairKey};
use boucle_domain::text::Text;
use boucle_solver::answer::{LegalVerdict, Proposal};
use boucle_store::{Page, RunId};

use super::App;
use super::error::{Result, ServiceError};
use crate::auth::Access;
use crate::clock::{now, today};

/// A question that nobody has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenQuestion {
    /// Its name; empty where the sheet is to be completed instead.
    pub id: String,
    /// The question.
    pub text: Text,
    /// Answers to choose from.
    pub candidates: Vec<(String, Text)>,
    /// The flow it is about.
    pub flow: FlowKey,
    /// The pair it is about, of a question of the law.
    pub pair: Option<PairKey>,
    /// What its answer is worth, in hundredths of a point of the score.
    pub worth: i64,
}

/// Worth of knowing what a flow is: nothing can be proposed without it, so the whole score.
const WHOLE_SCORE: i64 = 10_000;

/// What a caller answers.
#[derive(Clone, Debug, Default)]
pub struct AnswerRequest {
    /// Name of the question.
    pub question: String,
    /// The answer, as written.
    pub value: String,
    /// Who gives it, in a word; empty: the caller.
    pub by: String,
    /// On what ground.
    pub evidence: String,
}

impl App {
    /// Questions of a run that nobody has answered since, most valuable first.
    pub async fn questions(&self, access: &Access, run: &RunId) -> Result<Vec<OpenQuestion>> {
        let answered = self.answered(access, run).await?;
        let reader = self.reader(access, answered.input.clone());
        let given = self.store.given_answers(&access.scope).await?;
        let given: BTreeSet<String> = given.iter().map(|one| one.question.to_string()).collect();
        let mut open: Vec<OpenQuestion> = Vec::new();
        for question in &answered.outline.questions {
            if reader.answers_for(&question.flow) {
                open.push(OpenQuestion {
                    id: question.id.clone().unwrap_or_default(),
                    text: question.text.clone(),
                    candidates: question.candidates.clone(),
                    flow: question.flow.clone(),
                    pair: None,
                    worth: WHOLE_SCORE,
                });
            }
        }
        let mut after = None;
        loop {
            let page = Page { after, limit: PAGE };
            let rows = self
                .store
                .proposals(&access.scope, run, None, &page)
                .await?;
            for row in &rows.items {
                let proposal: Proposal =
                    serde_json::from_str(&row.json).map_err(ServiceError::internal)?;
                if reader.sees_pair(&proposal.pair) {
                    open.extend(of_proposal(&proposal));
                }
            }
            match rows.items.last() {
                Some(last) if rows.more => after = Some(last.rank),
                _ => break,
            }
        }
        open.retain(|question| question.id.is_empty() || !given.contains(&question.id));
        Ok(ordered(open))
    }

    /// Keeps an answer. The next run reads it.
    ///
    /// # Errors
    /// A violation of `question` or `value`; not found for a flow that is not declared or may not be
    /// seen.
    pub async fn give_answer(&self, access: &Access, ask: &AnswerRequest) -> Result<GivenAnswer> {
        let question = question(&ask.question)?;
        let value = AnswerValue::read(&question, &ask.value).ok_or_else(|| match &question {
            QuestionId::Exists(_) | QuestionId::Hazardous(_) | QuestionId::Legal(..) => {
                ServiceError::field("value", "écrire oui ou non", "write yes or no")
            }
            QuestionId::Identity(_) => ServiceError::field(
                "value",
                "écrire une clé du catalogue : DON:… pour un sortant, une ressource sinon",
                "write a key of the catalogue: DON:… for an output, else a resource",
            ),
            QuestionId::Property(..) => ServiceError::field(
                "value",
                "écrire un nombre, une plage 1..3, ou une classe",
                "write a number, a range 1..3, or a class",
            ),
        })?;
        self.known(&value)?;
        let ends: Vec<&FlowKey> = match &question {
            QuestionId::Legal(pair, ..) => vec![&pair.output, &pair.input],
            // A flow of a profile is not declared; its site is.
            QuestionId::Exists(flow) => {
                self.store.site(&access.scope, &flow.site).await?;
                Vec::new()
            }
            other => other.flow().into_iter().collect(),
        };
        for key in ends {
            let flow = self.store.flow(&access.scope, key).await?.value;
            if flow.visibility == Visibility::Private && !access.viewer.sees_private() {
                return Err(ServiceError::NotFound("flow"));
            }
        }
        let by = match ask.by.trim() {
            "" => access.principal.clone(),
            named => named.to_owned(),
        };
        let answer = GivenAnswer {
            question,
            value,
            by,
            on: today(),
            evidence: ask.evidence.trim().to_owned(),
        };
        self.store
            .give_answer(&access.scope, &answer, now())
            .await?;
        Ok(answer)
    }

    /// Forgets an answer; answers whether there was one.
    pub async fn withdraw_answer(&self, access: &Access, name: &str) -> Result<bool> {
        let question = question(name)?;
        Ok(self.store.withdraw_answer(&access.scope, &question).await?)
    }

    /// Every answer given in the territory.
    pub async fn given_answers(&self, access: &Access) -> Result<Vec<GivenAnswer>> {
        Ok(self.store.given_answers(&access.scope).await?)
    }

    /// Whether the key of an identity is one of the catalogue.
    fn known(&self, value: &AnswerValue) -> Result<()> {
        let found = match value {
            AnswerValue::Identity(Identity::Donor(key)) => self.knowledge.donor(key).is_some(),
            AnswerValue::Identity(Identity::Resource(key)) => {
                self.knowledge.resource(key).is_some()
            }
            _ => true,
        };
        if found {
            Ok(())
        } else {
            Err(ServiceError::field(
                "value",
                "cette clé n'est pas dans le catalogue",
                "this key is not in the catalogue",
            ))
        }
    }
}

/// Proposals read at a time.
const PAGE: u32 = 500;

/// What a proposal leaves open: what is unknown of it, and what the law asks of it.
fn of_proposal(proposal: &Proposal) -> Vec<OpenQuestion> {
    let about = |id: &str, text: &Text, worth: i64| {
        let legal = matches!(QuestionId::parse(id), Some(QuestionId::Legal(..)));
        OpenQuestion {
            id: id.to_owned(),
            text: text.clone(),
            candidates: Vec::new(),
            flow: proposal.pair.output.clone(),
            pair: legal.then(|| proposal.pair.clone()),
            worth,
        }
    };
    let unknown = proposal.unknowns.iter().map(|unknown| {
        about(
            unknown.id.as_deref().unwrap_or_default(),
            &unknown.question,
            unknown.worth,
        )
    });
    let settled = |verdict| matches!(verdict, LegalVerdict::Plausible | LegalVerdict::Excluded);
    let legal: Vec<_> = proposal
        .flags
        .iter()
        .filter(|flag| !settled(flag.verdict))
        .flat_map(|flag| &flag.questions)
        .filter(|question| question.answer.is_none())
        .collect();
    // The regulatory part of the score, shared by what is open of it.
    let share = 100.0 * 100.0 * REGULATORY_SHARE / legal.len().max(1) as f64;
    let legal = legal
        .into_iter()
        .map(|question| about(&question.id, &question.text, share.round() as i64));
    unknown.chain(legal).collect()
}

/// Part of the score that regulation decides, at the default weights.
const REGULATORY_SHARE: f64 = 0.10;

/// Once each, most valuable first; a question that several pairs raise is worth what it is to all.
fn ordered(open: Vec<OpenQuestion>) -> Vec<OpenQuestion> {
    let mut once: BTreeMap<(String, FlowKey, String), OpenQuestion> = BTreeMap::new();
    for question in open {
        // Without a name, its words tell it apart.
        let words = match question.id.as_str() {
            "" => question.text.en.clone(),
            _ => String::new(),
        };
        let name = (question.id.clone(), question.flow.clone(), words);
        let worth = question.worth;
        once.entry(name)
            .and_modify(|other| other.worth = other.worth.saturating_add(worth))
            .or_insert(question);
    }
    let mut once: Vec<OpenQuestion> = once.into_values().collect();
    once.sort_by(|a, b| {
        b.worth
            .cmp(&a.worth)
            .then_with(|| a.flow.cmp(&b.flow))
            .then_with(|| a.id.cmp(&b.id))
    });
    once
}

fn question(name: &str) -> Result<QuestionId> {
    QuestionId::parse(name).ok_or_else(|| {
        ServiceError::field(
            "question",
            "écrire le nom d'une question, tel que « boucle questions » l'imprime",
            "write the name of a question, as \"boucle questions\" prints it",
        )
    })
}
