#![doc = include_str!("exchange.md")]

pub(crate) mod component;
pub(crate) mod conflict;
pub(crate) mod cost;
pub(crate) mod formulate;
mod leftover;
pub(crate) mod model;
mod narrow;
pub(crate) mod period;
pub(crate) mod plan;
pub(crate) mod round;
mod season;
pub(crate) mod solve;

#[cfg(test)]
mod tests;
