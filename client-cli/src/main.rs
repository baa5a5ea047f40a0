//! The `boucle` command.
fn main() {}
