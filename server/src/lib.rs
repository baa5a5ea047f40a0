//! Use cases and gRPC transport of Boucle.
