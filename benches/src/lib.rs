//! Seeded instance generator and benchmarks.
