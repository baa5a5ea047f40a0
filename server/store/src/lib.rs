//! Durable store of declarations and runs behind one trait.
