//! The score of a proposal: what it brings, by saturating functions, less its doubts.
//!
//! `score = 100 x gate x [S_low + kappa x (S_mid - S_low)]`, `S = Σ w·u / Σ w`. More quantity, a
//! shorter distance or better data never lowers it; an unknown never beats a known good.

use boucle_domain::settings::Weights;

use crate::answer::{CarbonBalance, Economics, FlagEffect, LegalFlag, Score};

/// What a score is computed from.
pub(crate) struct Grounds<'a> {
    /// Money.
    pub economics: &'a Economics,
    /// Carbon.
    pub carbon: &'a CarbonBalance,
    /// Tonnes carried per year.
    pub tonnes: f64,
    /// Treatment steps that do something.
    pub steps: usize,
    /// Legal flags.
    pub flags: &'a [LegalFlag],
    /// Distance, km.
    pub kilometres: f64,
    /// Confidence of the rule, 1 to 3.
    pub confidence: u8,
    /// Quality of the worse of the two declarations, 0 to 1.
    pub quality: f64,
    /// Unknowns.
    pub unknowns: usize,
}

/// Gain at which the economy reaches one half, EUR per year: ten times the default cost of a link.
const HALF_GAIN: f64 = 20_000.0;
/// Carbon at which the climate reaches one half, kg CO2e per year.
const HALF_CARBON: f64 = 50_000.0;
/// Tonnes at which the resource reaches one half.
const HALF_TONNES: f64 = 500.0;
/// Distance at which the locality falls to one half, km.
const HALF_DISTANCE: f64 = 50.0;

/// The score of a proposal.
pub(crate) fn score(grounds: &Grounds<'_>, weights: &Weights) -> Score {
    scored(grounds, weights, grounds.unknowns)
}

/// What an answer to one unknown would change, in points: the score with one doubt less against
/// nothing at all, should the answer be bad.
pub(crate) fn worth_of_an_answer(grounds: &Grounds<'_>, weights: &Weights) -> f64 {
    scored(grounds, weights, grounds.unknowns.saturating_sub(1)).value
}

fn scored(grounds: &Grounds<'_>, weights: &Weights, unknowns: usize) -> Score {
    let technical = 1.0 / (1.0 + grounds.steps as f64 * 0.5);
    let doubt: f64 = grounds.flags.iter().map(weight_of_flag).sum();
    let regulatory = 1.0 / (1.0 + doubt);
    let locality = HALF_DISTANCE / (HALF_DISTANCE + grounds.kilometres.max(0.0));
    let resource = saturating(grounds.tonnes, HALF_TONNES);
    let parts = |euros: f64, kilograms: f64| {
        let economy = saturating(euros, HALF_GAIN);
        let climate = saturating(kilograms, HALF_CARBON);
        let total = weights.economy
            + weights.climate
            + weights.resource
            + weights.technical
            + weights.regulatory
            + weights.locality;
        let sum = weights.economy * economy
            + weights.climate * climate
            + weights.resource * resource
            + weights.technical * technical
            + weights.regulatory * regulatory
            + weights.locality * locality;
        (
            economy,
            climate,
            if total > 0.0 { sum / total } else { 0.0 },
        )
    };
    let low = parts(
        grounds.economics.gain.low().euros(),
        grounds.carbon.avoided.low().kilograms(),
    );
    let mid = parts(
        grounds.economics.gain.mid().euros(),
        grounds.carbon.avoided.mid().kilograms(),
    );
    let kappa = match grounds.confidence {
        0 | 1 => 0.2,
        2 => 0.5,
        _ => 0.8,
    } * grounds.quality;
    let gate = 0.5f64.powi(unknowns.min(4) as i32);
    Score {
        value: 100.0 * gate * (low.2 + kappa * (mid.2 - low.2)),
        economy: mid.0,
        climate: mid.1,
        resource,
        technical,
        regulatory,
        locality,
    }
}

/// From 0 at nothing to 1 at infinity, one half at `half`; 0 below nothing.
fn saturating(value: f64, half: f64) -> f64 {
    if value <= 0.0 {
        0.0
    } else {
        value / (value + half)
    }
}

fn weight_of_flag(flag: &LegalFlag) -> f64 {
    match flag.effect {
        FlagEffect::BlockUnlessAccepted => 0.5,
        FlagEffect::Warn => 0.2,
        FlagEffect::Info => 0.02,
    }
}
