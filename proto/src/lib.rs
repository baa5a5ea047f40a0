//! Generated types and services of boucle.v1; no logic.

/// Version 1 of the API. Breaking changes are free until the first tag, forbidden after.
pub mod v1 {
    #![allow(missing_docs, clippy::all, rustdoc::all)]
    tonic::include_proto!("boucle.v1");

    /// Serialised descriptors of every file of the package and of what it imports, for reflection.
    pub const FILE_DESCRIPTOR_SET: &[u8] =
        include_bytes!(concat!(env!("OUT_DIR"), "/boucle.v1.bin"));
}
