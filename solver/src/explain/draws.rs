//! The zone's interval by draws: each uncertain input is drawn once and serves every link it touches.

use boucle_domain::interval::Interval;
use boucle_domain::units::{Amount, Money};
use sha2::{Digest, Sha256};

use crate::candidates::pair::Arc;

/// A link of a plan as the draws see it.
pub(crate) struct Drawn<'a> {
    /// The pair.
    pub arc: &'a Arc<'a>,
    /// Sent per year at mid values.
    pub sent: Amount,
    /// Quantity of the output.
    pub quantity: Interval<Amount>,
    /// Part of the outlet price that is really avoided, 0 to 1.
    pub outlet_share: f64,
    /// Part of the supply price that is really avoided.
    pub supply_share: f64,
    /// Gain at mid values, what the draws move around.
    pub gain: Money,
}

/// Number of draws: the tenth and ninetieth percentiles then rest on fifty draws each.
const DRAWS: u32 = 512;

/// Low, mid and high gain: tenth percentile, plan value, ninetieth percentile of seeded draws.
pub(crate) fn interval(links: &[Drawn<'_>], mid: Money) -> Interval<Money> {
    if links.is_empty() {
        return Interval::exact(mid);
    }
    let prepared: Vec<Prepared> = links
        .iter()
        .filter(|link| !link.arc.existing)
        .map(Prepared::of)
        .collect();
    let mut totals: Vec<f64> = (0..DRAWS)
        .map(|draw| prepared.iter().map(|link| link.gain(draw)).sum())
        .collect();
    totals.sort_by(f64::total_cmp);
    let centre: f64 = links.iter().map(|link| link.gain.euros()).sum();
    let at = |share: f64| totals[((totals.len() - 1) as f64 * share).round() as usize] - centre;
    let bound = |difference: f64| mid + Money::from_euros(difference).unwrap_or(Money::ZERO);
    Interval::spanning(bound(at(0.1)).min(mid), mid, bound(at(0.9)).max(mid))
}

/// A link with its inputs, each known by the number its name hashes to.
struct Prepared {
    sent: f64,
    outlet_share: f64,
    supply_share: f64,
    outlet: Input,
    supply: Input,
    ratio: Input,
    treatment: Input,
    residue: Input,
    transport: Input,
    charge: Input,
    quantity: Input,
}

impl Prepared {
    fn of(link: &Drawn<'_>) -> Prepared {
        let arc = link.arc;
        let money = &arc.money;
        let output = arc.key.output.to_string();
        let rule = arc.key.rule.as_str();
        let vehicle = arc
            .freight
            .as_ref()
            .map_or("", |freight| freight.class.code());
        Prepared {
            sent: link.sent.units(),
            outlet_share: link.outlet_share,
            supply_share: link.supply_share,
            outlet: Input::new("outlet", &output, money.outlet.map(|p| p.euros())),
            supply: Input::new(
                "supply",
                &arc.key.input.to_string(),
                money.supply.map(|p| p.euros()),
            ),
            ratio: Input::new("ratio", rule, money.ratio.map(|r| r.value())),
            treatment: Input::new("treatment", rule, money.treatment.map(|p| p.euros())),
            residue: Input::new("residue", rule, money.residue.map(|p| p.euros())),
            transport: Input::new("transport", vehicle, money.transport.map(|p| p.euros())),
            charge: Input::new("link", rule, arc.offer.link.map(|m| m.euros())),
            quantity: Input::new("quantity", &output, link.quantity.map(|a| a.units())),
        }
    }

    /// Gain in one draw, EUR.
    fn gain(&self, draw: u32) -> f64 {
        let planned = self.quantity.interval.mid();
        let scale = if planned > 0.0 {
            self.quantity.value(draw) / planned
        } else {
            1.0
        };
        let avoided = self.outlet.value(draw) * self.outlet_share
            + self.ratio.value(draw) * self.supply.value(draw) * self.supply_share;
        let spent =
            self.treatment.value(draw) + self.residue.value(draw) + self.transport.value(draw);
        self.sent * scale * (avoided - spent) - self.charge.value(draw)
    }
}

/// An uncertain input: the same name moves the same way wherever it is used.
struct Input {
    seed: u64,
    interval: Interval<f64>,
}

impl Input {
    fn new(kind: &str, id: &str, interval: Interval<f64>) -> Input {
        let mut hasher = Sha256::new();
        hasher.update(kind.as_bytes());
        hasher.update([0]);
        hasher.update(id.as_bytes());
        let digest = hasher.finalize();
        let mut bytes = [0u8; 8];
        bytes.copy_from_slice(&digest[..8]);
        Input {
            seed: u64::from_le_bytes(bytes),
            interval,
        }
    }

    /// The value in a draw: triangular between low and high, peak at mid.
    fn value(&self, draw: u32) -> f64 {
        let (low, mid, high) = (
            self.interval.low(),
            self.interval.mid(),
            self.interval.high(),
        );
        let span = high - low;
        if span <= 0.0 {
            return mid;
        }
        let uniform = uniform(self.seed, draw);
        if uniform < (mid - low) / span {
            low + (uniform * span * (mid - low)).sqrt()
        } else {
            high - ((1.0 - uniform) * span * (high - mid)).sqrt()
        }
    }
}

/// A number in [0; 1) fixed by the input and the draw (SplitMix64): the same on every machine.
fn uniform(seed: u64, draw: u32) -> f64 {
    let mut z = seed.wrapping_add(
        u64::from(draw)
            .wrapping_add(1)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15),
    );
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}
