//! Reads a generated register once and says how fast, into how many flows, and at what peak of
//! memory: `cargo run --release -p boucle-benches --bin register -- 200000`.
//!
//! With a file name behind the number the register is written there instead.

use std::time::Instant;

use boucle_benches::instance::{DAY, ZONE};
use boucle_benches::register::Register;
use boucle_domain::id::ZoneId;
use boucle_domain::knowledge::Knowledge;
use boucle_import::{Context, read};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let lines = arguments.next().map_or(Ok(200_000), |text| text.parse())?;
    let register = Register::generate(lines, 1);
    if let Some(file) = arguments.next() {
        std::fs::write(file, &register.csv)?;
        println!("{} kg in {} lines", register.kilograms, register.lines);
        return Ok(());
    }
    let knowledge = Knowledge::embedded()?;
    let context = Context::new(&knowledge, DAY, ZoneId::new(ZONE));
    let before = peak();
    let start = Instant::now();
    let reading = read(register.csv.as_bytes(), "register.csv", &context);
    let seconds = start.elapsed().as_secs_f64();
    let kept: i64 = reading
        .declaration
        .flows
        .iter()
        .map(|flow| flow.quantity.amount().mid().milli())
        .sum();
    println!(
        "{lines} lines, {:.1} MiB: {seconds:.2} s, {:.0} lines/s, {} flows, {} kg declared, {kept} kg kept, {} findings, refused: {}",
        register.csv.len() as f64 / f64::from(1 << 20),
        lines as f64 / seconds,
        reading.declaration.flows.len(),
        register.kilograms,
        reading.findings.len(),
        reading.is_refused(),
    );
    if let (Some(before), Some(after)) = (before, peak()) {
        println!("peak of memory: {before} KiB before reading, {after} KiB after");
    }
    Ok(())
}

/// Most memory the process ever held, in KiB, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
