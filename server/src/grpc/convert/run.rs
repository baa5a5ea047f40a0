//! Runs and their plans.

use boucle_domain::id::FirmKey;
use boucle_domain::text::Text;
use boucle_domain::units::{Carbon, Money};
use boucle_proto::v1;
use boucle_solver::answer::{PlanKind, PlanStatus, PlanSummary, Question};
use boucle_solver::{Progress, Stage};
use boucle_store::{Failure, Micros, RunProgress, RunState};
use std::collections::BTreeMap;

use super::flow::flow_key;
use super::quantity::{interval, money, money_interval, text};
use super::settings::settings;
use crate::app::run::RunView;
use crate::app::sight::Reader;
use crate::auth::{Access, Viewer};
use crate::jobs::FailureKind;

/// A run, for a reader.
pub fn run(access: &Access, view: &RunView) -> v1::Run {
    let run = &view.run;
    let viewer = &access.viewer;
    let snapshot = view.input.as_ref().map(|input| &input.snapshot);
    let told = view
        .progress
        .map(progress)
        .or_else(|| run.progress.as_ref().map(stored_progress));
    let reader = view
        .input
        .as_ref()
        .map(|input| Reader::new(viewer.clone(), input.clone()));
    v1::Run {
        id: run.id.to_string(),
        territory: access.scope.territory().to_string(),
        zones: run.zones.iter().map(ToString::to_string).collect(),
        valid_on: snapshot
            .map(|snapshot| snapshot.valid_on().to_string())
            .unwrap_or_default(),
        state: state(run.state).into(),
        progress: told.filter(|_| run.state == RunState::Running),
        failure: run.failure.as_ref().map(|reason| failure(viewer, reason)),
        // Forced and forbidden links are the animator's; they name flows and reasons.
        settings: view
            .input
            .as_ref()
            .filter(|_| viewer.sees_both_sides())
            .map(|input| settings(&input.settings)),
        input_digest: run.input_digest.clone(),
        knowledge_version: run.knowledge_version.clone(),
        solver_version: run.solver_version.clone(),
        attempts: run.attempts,
        create_time: Some(timestamp(run.created_at)),
        start_time: run.started_at.map(timestamp),
        end_time: run.finished_at.map(timestamp),
        plans: match &view.answered {
            None => Vec::new(),
            Some(answered) => {
                let plans = answered.outline.plans.iter().zip(&answered.gains);
                plans
                    .map(|(plan, gains)| plan_summary(viewer, plan, gains))
                    .collect()
            }
        },
        flow_count: snapshot.map_or(0, |snapshot| {
            u32::try_from(snapshot.flows().len()).unwrap_or(u32::MAX)
        }),
        private_flows_left_out: view.left_out,
        questions: match (&view.answered, &reader) {
            (Some(answered), Some(reader)) => {
                let asked = answered
                    .outline
                    .questions
                    .iter()
                    .filter(|question| reader.answers_for(&question.flow));
                asked.map(question).collect()
            }
            _ => Vec::new(),
        },
    }
}

/// A state.
fn state(state: RunState) -> v1::RunState {
    match state {
        RunState::Queued => v1::RunState::Queued,
        RunState::Running => v1::RunState::Running,
        RunState::Succeeded => v1::RunState::Succeeded,
        RunState::Failed => v1::RunState::Failed,
        RunState::Cancelled => v1::RunState::Cancelled,
    }
}

fn progress(progress: Progress) -> v1::Progress {
    v1::Progress {
        stage: stage(progress.stage).into(),
        done: progress.done,
        total: progress.total,
    }
}

fn stored_progress(progress: &RunProgress) -> v1::Progress {
    let word = serde_json::Value::String(progress.stage.clone());
    let stage = serde_json::from_value(word).map_or(v1::Stage::Unspecified, stage);
    v1::Progress {
        stage: stage.into(),
        done: progress.done,
        total: progress.total,
    }
}

fn stage(stage: Stage) -> v1::Stage {
    match stage {
        Stage::Recognise => v1::Stage::Recognise,
        Stage::Candidates => v1::Stage::Candidates,
        Stage::FirmPlan => v1::Stage::FirmPlan,
        Stage::ProspectivePlan => v1::Stage::ProspectivePlan,
        Stage::Check => v1::Stage::Check,
        Stage::Explain => v1::Stage::Explain,
    }
}

/// Why a run failed. The detail may name flows, so it is for those who see all of them.
fn failure(viewer: &Viewer, failure: &Failure) -> v1::Failure {
    let (kind, mut words) = match FailureKind::from_code(&failure.code) {
        FailureKind::Contradiction => (
            v1::FailureKind::Contradiction,
            Text::new(
                "Les limites demandées se contredisent",
                "The limits asked for contradict each other",
            ),
        ),
        FailureKind::Setting => (
            v1::FailureKind::Setting,
            Text::new(
                "Un réglage ne peut pas être suivi",
                "A setting cannot be followed",
            ),
        ),
        FailureKind::Internal => (
            v1::FailureKind::Internal,
            Text::new(
                "Le calcul a échoué par notre faute",
                "The run failed, and the fault is ours",
            ),
        ),
        FailureKind::TooManyAttempts => (
            v1::FailureKind::TooManyAttempts,
            Text::new(
                "Le calcul a été interrompu trois fois",
                "The run was interrupted three times",
            ),
        ),
        FailureKind::KnowledgeChanged => (
            v1::FailureKind::KnowledgeChanged,
            Text::new(
                "Les tables de connaissances ont changé depuis la demande : relancer un calcul",
                "The tables of knowledge changed since it was asked for: ask for a new run",
            ),
        ),
    };
    if viewer.sees_both_sides() && !failure.detail.is_empty() {
        words = Text::new(
            format!("{} : {}", words.fr, failure.detail),
            format!("{}: {}", words.en, failure.detail),
        );
    }
    v1::Failure {
        kind: kind.into(),
        text: Some(text(&words)),
    }
}

/// Which plan.
pub fn plan_kind(plan: PlanKind) -> v1::PlanKind {
    match plan {
        PlanKind::Firm => v1::PlanKind::Firm,
        PlanKind::Prospective => v1::PlanKind::Prospective,
    }
}

/// A plan in numbers. Costs are for those who see both sides; the gain and what comes with it also
/// for the others, when no firm can be read out of it.
fn plan_summary(
    viewer: &Viewer,
    plan: &PlanSummary,
    gains: &BTreeMap<FirmKey, Money>,
) -> v1::PlanSummary {
    let costs = viewer.sees_both_sides();
    let totals = viewer.sees_total(gains);
    let mut withheld = Vec::new();
    if !costs {
        let names = [
            "cost_today",
            "cost",
            "unrounded_cost_euros",
            "rounded_cost_euros",
            "rounding_bound",
            "bound_euros",
            "own_bound_euros",
            "displaced",
        ];
        withheld.extend(names.map(str::to_owned));
    }
    if !totals {
        withheld.extend(["gain", "carbon_avoided_kg", "links"].map(str::to_owned));
    }
    let status = match plan.status {
        PlanStatus::Optimal => v1::PlanStatus::Optimal,
        PlanStatus::Feasible => v1::PlanStatus::Feasible,
    };
    v1::PlanSummary {
        kind: plan_kind(plan.kind).into(),
        status: status.into(),
        cost_today: costs.then(|| money(plan.cost_today)),
        cost: costs.then(|| money(plan.cost)),
        unrounded_cost_euros: costs.then_some(plan.unrounded_cost_euros),
        rounding_bound: costs.then(|| money(plan.rounding_bound)),
        bound_euros: costs.then_some(plan.bound_euros),
        relative_gap: plan.relative_gap,
        gain: totals.then(|| money_interval(&plan.gain)),
        carbon_avoided_kg: totals.then(|| interval(&plan.carbon_avoided, Carbon::kilograms)),
        links: if totals { plan.links } else { 0 },
        components: plan.components,
        arcs: plan.arcs,
        withheld,
        rounded_cost_euros: costs.then_some(plan.rounded_cost_euros),
        displaced: costs.then(|| money(plan.displaced)),
        own_bound_euros: costs.then_some(plan.own_bound_euros),
    }
}

fn question(question: &Question) -> v1::Question {
    let choice = |(key, label): &(String, Text)| v1::Choice {
        key: key.clone(),
        label: Some(text(label)),
    };
    v1::Question {
        flow: Some(flow_key(&question.flow)),
        text: Some(text(&question.text)),
        candidates: question.candidates.iter().map(choice).collect(),
        id: question.id.clone().unwrap_or_default(),
    }
}

fn timestamp(micros: Micros) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: micros.div_euclid(1_000_000),
        // The remainder is below a million, so the product fits.
        nanos: micros.rem_euclid(1_000_000) as i32 * 1_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_before_1970_has_positive_nanoseconds() {
        let moment = timestamp(-1);
        assert_eq!((moment.seconds, moment.nanos), (-1, 999_999_000));
    }
}
