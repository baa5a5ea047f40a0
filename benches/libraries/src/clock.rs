//! Time spent computing: the machine may be shared.

use std::time::Instant;

/// Seconds since its start, of this thread on a processor where the system tells (Linux), else by
/// the clock.
pub struct Stopwatch {
    start: Instant,
    on_processor: Option<u64>,
}

impl Stopwatch {
    pub fn start() -> Stopwatch {
        Stopwatch {
            start: Instant::now(),
            on_processor: on_processor(),
        }
    }

    pub fn seconds(&self) -> f64 {
        match (self.on_processor, on_processor()) {
            (Some(before), Some(now)) if now > before => (now - before) as f64 * 1e-9,
            _ => self.start.elapsed().as_secs_f64(),
        }
    }
}

/// Nanoseconds.
fn on_processor() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    status.split_whitespace().next()?.parse().ok()
}
