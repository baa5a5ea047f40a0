//! Generated types and services of boucle.v1; no logic.
