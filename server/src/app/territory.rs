//! Territories and their zones.

use boucle_domain::id::{TerritoryId, ZoneId};
use boucle_domain::organisation::{Territory, Zone};
use boucle_store::{Page, Removal, StoreError, Stored};

use super::error::{Result, ServiceError, Violation};
use super::page::{PageRequest, Paged, token};
use super::{App, version_of};
use crate::auth::{Access, Action, Principal};
use crate::clock::now;

/// Characters of the longest identifier or name.
const LONGEST_ID: usize = 63;
const LONGEST_NAME: usize = 200;

impl App {
    /// Opens a territory; with `allow_existing`, answers the one that is there.
    pub async fn create_territory(
        &self,
        access: &Access,
        territory: &Territory,
        allow_existing: bool,
    ) -> Result<Territory> {
        let mut violations = identifier("territory.id", territory.id.as_str());
        violations.extend(name("territory.name", &territory.name));
        refuse(violations)?;
        match self
            .store
            .create_territory(&access.scope, territory, now())
            .await
        {
            Ok(stored) => Ok(stored.value),
            Err(StoreError::AlreadyExists { .. }) if allow_existing => self.territory(access).await,
            Err(error) => Err(error.into()),
        }
    }

    /// The territory of a call.
    pub async fn territory(&self, access: &Access) -> Result<Territory> {
        Ok(self.store.territory(&access.scope).await?.value)
    }

    /// The territories a caller belongs to: one for most, all for the operator and the person at
    /// the machine.
    pub async fn territories(
        &self,
        principal: &Principal,
        page: &PageRequest,
    ) -> Result<Paged<Territory>> {
        if let Some(own) = &principal.territory {
            let access = principal.access(own, Action::ReadTerritory)?;
            return match self.store.territory(&access.scope).await {
                Ok(stored) => Ok(Paged {
                    items: vec![stored.value],
                    next: String::new(),
                }),
                Err(StoreError::NotFound { .. }) => Ok(Paged {
                    items: Vec::new(),
                    next: String::new(),
                }),
                Err(error) => Err(error.into()),
            };
        }
        let after = page.after::<TerritoryId>("territories", &())?;
        let rows = self
            .store
            .territories(&Page {
                after,
                limit: page.rows(),
            })
            .await?;
        let next = match rows.items.last() {
            Some(last) if rows.more => token("territories", &(), &last.value.id)?,
            _ => String::new(),
        };
        Ok(Paged {
            items: rows.items.into_iter().map(|stored| stored.value).collect(),
            next,
        })
    }

    /// Opens a zone; with `allow_existing`, answers the one that is there.
    pub async fn create_zone(
        &self,
        access: &Access,
        zone: &Zone,
        allow_existing: bool,
    ) -> Result<Stored<Zone>> {
        let mut violations = identifier("zone.id", zone.id.as_str());
        violations.extend(name("zone.name", &zone.name));
        refuse(violations)?;
        match self.store.create_zone(&access.scope, zone, now()).await {
            Ok(stored) => Ok(stored),
            Err(StoreError::AlreadyExists { .. }) if allow_existing => {
                self.zone(access, &zone.id).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A zone.
    pub async fn zone(&self, access: &Access, zone: &ZoneId) -> Result<Stored<Zone>> {
        Ok(self.store.zone(&access.scope, zone).await?)
    }

    /// Zones by identifier.
    pub async fn zones(&self, access: &Access, page: &PageRequest) -> Result<Paged<Stored<Zone>>> {
        let filter = access.scope.territory().clone();
        let after = page.after::<ZoneId>("zones", &filter)?;
        let rows = self
            .store
            .zones(
                &access.scope,
                &Page {
                    after,
                    limit: page.rows(),
                },
            )
            .await?;
        let next = match rows.items.last() {
            Some(last) if rows.more => token("zones", &filter, &last.value.id)?,
            _ => String::new(),
        };
        Ok(Paged {
            items: rows.items,
            next,
        })
    }

    /// Replaces a zone read with `etag`; an empty etag overwrites.
    pub async fn update_zone(
        &self,
        access: &Access,
        zone: &Zone,
        etag: &str,
    ) -> Result<Stored<Zone>> {
        refuse(name("zone.name", &zone.name))?;
        let expected = match version_of(etag)? {
            Some(version) => version,
            None => self.zone(access, &zone.id).await?.version,
        };
        Ok(self
            .store
            .update_zone(&access.scope, zone, expected, now())
            .await?)
    }

    /// Removes a zone, with what it holds only when asked.
    pub async fn delete_zone(&self, access: &Access, zone: &ZoneId, cascade: bool) -> Result<()> {
        let removal = if cascade {
            Removal::Cascade
        } else {
            Removal::OnlyUnused
        };
        Ok(self
            .store
            .delete_zone(&access.scope, zone, None, removal)
            .await?)
    }
}

/// Fails with the violations, if there are any.
fn refuse(violations: Vec<Violation>) -> Result<()> {
    if violations.is_empty() {
        Ok(())
    } else {
        Err(ServiceError::Fields(violations))
    }
}

/// What is wrong with an identifier.
fn identifier(field: &str, id: &str) -> Vec<Violation> {
    let mut bytes = id.bytes();
    let good = id.len() <= LONGEST_ID
        && bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if good {
        return Vec::new();
    }
    vec![Violation::new(
        field,
        "écrire des minuscules sans accent, des chiffres et des tirets, 63 au plus, en commençant par une lettre",
        "write lower-case letters without accents, digits and hyphens, 63 at most, beginning with a letter",
    )]
}

/// What is wrong with a name shown to people.
fn name(field: &str, name: &str) -> Vec<Violation> {
    if !name.trim().is_empty()
        && name.chars().count() <= LONGEST_NAME
        && !name.chars().any(char::is_control)
    {
        return Vec::new();
    }
    vec![Violation::new(
        field,
        "écrire un nom de 1 à 200 caractères",
        "write a name of 1 to 200 characters",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_begins_with_a_letter_and_holds_no_accent() {
        for good in ["a", "flandre-dunkerque", "zone-2"] {
            assert!(identifier("id", good).is_empty(), "{good}");
        }
        for bad in ["", "2-zone", "Zone", "zoné", "a b", &"a".repeat(64)] {
            assert_eq!(identifier("id", bad).len(), 1, "{bad}");
        }
    }
}
