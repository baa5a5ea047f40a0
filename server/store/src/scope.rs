//! Whose data a call may touch.

use boucle_domain::id::TerritoryId;

/// Leave to read and write one territory.
///
/// Every method of the store takes one, and uses it as the first column of every key it reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    territory: TerritoryId,
}

impl Scope {
    /// The scope of a caller whose right to `territory` was checked.
    ///
    /// Only the layer that authenticates callers constructs scopes. The store itself makes one in
    /// a single place, [`RunStore::claim_unfinished`](crate::RunStore::claim_unfinished), for runs
    /// that were authorised when they were created.
    pub fn authorised(territory: TerritoryId) -> Scope {
        Scope { territory }
    }

    /// The territory.
    pub fn territory(&self) -> &TerritoryId {
        &self.territory
    }

    /// The territory, as a column holds it.
    pub(crate) fn id(&self) -> &str {
        self.territory.as_str()
    }
}
