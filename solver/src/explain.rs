//! From plans to an answer: proposals, accounts, rejections, and the words for people.

pub(crate) mod account;
pub(crate) mod alternatives;
pub(crate) mod draws;
#[cfg(test)]
pub(crate) mod example;
pub(crate) mod left_out;
pub(crate) mod money;
pub(crate) mod names;
pub(crate) mod numbers;
pub(crate) mod pair;
pub(crate) mod properties;
pub(crate) mod proposal;
pub(crate) mod question;
pub(crate) mod rejection;
pub(crate) mod score;
pub(crate) mod summary;
pub(crate) mod texts;
