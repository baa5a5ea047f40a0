//! Firms and sites, one at a time, and the reading of drafts by the rules of the importer.

use boucle_domain::diagnostic::Severity;
use boucle_domain::id::{FirmKey, SiteKey, ZoneId};
use boucle_domain::organisation::{Firm, Site};
use boucle_domain::validate::{Context, Declaration, Draft, Finding, firm_key, gather, read_row};
use boucle_store::{MAX_PAGE, Page, Removal, SiteFilter, StoreError, Stored};

use super::error::{Result, ServiceError};
use super::page::{PageRequest, Paged, token};
use super::{App, version_of};
use crate::auth::Access;
use crate::clock::{now, today};

mod flow;

pub use flow::FlowView;

impl App {
    /// A firm.
    pub async fn firm(&self, access: &Access, firm: &FirmKey) -> Result<Stored<Firm>> {
        Ok(self.store.firm(&access.scope, firm).await?)
    }

    /// Firms by key.
    pub async fn firms(&self, access: &Access, page: &PageRequest) -> Result<Paged<Stored<Firm>>> {
        let filter = access.scope.territory().clone();
        let after = page.after::<FirmKey>("firms", &filter)?;
        let rows = self
            .store
            .firms(
                &access.scope,
                None,
                &Page {
                    after,
                    limit: page.rows(),
                },
            )
            .await?;
        let next = match rows.items.last() {
            Some(last) if rows.more => token("firms", &filter, &last.value.key)?,
            _ => String::new(),
        };
        Ok(Paged {
            items: rows.items,
            next,
        })
    }

    /// A site.
    pub async fn site(&self, access: &Access, site: &SiteKey) -> Result<Stored<Site>> {
        Ok(self.store.site(&access.scope, site).await?)
    }

    /// Sites by key, of a zone or of all.
    pub async fn sites(
        &self,
        access: &Access,
        zone: Option<ZoneId>,
        page: &PageRequest,
    ) -> Result<Paged<Stored<Site>>> {
        let filter = (access.scope.territory().clone(), zone.clone());
        let after = page.after::<SiteKey>("sites", &filter)?;
        let rows = Page {
            after,
            limit: page.rows(),
        };
        let rows = self
            .store
            .sites(&access.scope, &SiteFilter { zone, firm: None }, &rows)
            .await?;
        let next = match rows.items.last() {
            Some(last) if rows.more => token("sites", &filter, &last.value.key)?,
            _ => String::new(),
        };
        Ok(Paged {
            items: rows.items,
            next,
        })
    }

    /// Declares a site, and its firm when it is new. The first draft is the site, the others its
    /// agreements.
    pub async fn create_site(
        &self,
        access: &Access,
        zone: ZoneId,
        drafts: &[Draft],
    ) -> Result<Stored<Site>> {
        self.store.zone(&access.scope, &zone).await?;
        let (firm, site) = self.read_site(access, zone, drafts).await?;
        match self.store.create_firm(&access.scope, &firm, now()).await {
            Ok(_) | Err(StoreError::AlreadyExists { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(self.store.create_site(&access.scope, &site, now()).await?)
    }

    /// Replaces a site read with `etag`; an empty etag overwrites. The key does not change.
    pub async fn update_site(
        &self,
        access: &Access,
        key: &SiteKey,
        drafts: &[Draft],
        etag: &str,
    ) -> Result<Stored<Site>> {
        let present = self.site(access, key).await?;
        declares(access, &present.value.firm)?;
        let expected = version_of(etag)?.unwrap_or(present.version);
        let (_, site) = self
            .read_site(access, present.value.zone.clone(), drafts)
            .await?;
        if site.key != *key {
            return Err(ServiceError::field(
                "site.site_id",
                format!(
                    "ces noms et identifiants désignent l'établissement {}",
                    site.key
                ),
                format!("these names and identifiers are those of site {}", site.key),
            ));
        }
        Ok(self
            .store
            .update_site(&access.scope, &site, expected, now())
            .await?)
    }

    /// Removes a site, with its flows only when asked.
    pub async fn delete_site(&self, access: &Access, key: &SiteKey, cascade: bool) -> Result<()> {
        declares(access, &self.site(access, key).await?.value.firm)?;
        let removal = if cascade {
            Removal::Cascade
        } else {
            Removal::OnlyUnused
        };
        Ok(self
            .store
            .delete_site(&access.scope, key, None, removal)
            .await?)
    }

    /// Reads the words of a site of a firm the caller declares for.
    async fn read_site(
        &self,
        access: &Access,
        zone: ZoneId,
        drafts: &[Draft],
    ) -> Result<(Firm, Site)> {
        let known = match self.named_firm(access, &zone, drafts).await? {
            Some(firm) => vec![firm],
            None => Vec::new(),
        };
        let context = Context::new(&self.knowledge, today(), zone).with_known(known, Vec::new());
        let declaration = read(drafts, &context)?;
        let site = declaration.sites.into_iter().next();
        let firm = site.as_ref().and_then(|site| {
            declaration
                .firms
                .into_iter()
                .find(|firm| firm.key == site.firm)
        });
        let (Some(firm), Some(site)) = (firm, site) else {
            return Err(ServiceError::field(
                "site.firm",
                "écrire le nom de l'entreprise",
                "write the name of the firm",
            ));
        };
        declares(access, &firm.key)?;
        Ok((firm, site))
    }

    /// The stored firm that the drafts name, if there is one.
    async fn named_firm(
        &self,
        access: &Access,
        zone: &ZoneId,
        drafts: &[Draft],
    ) -> Result<Option<Firm>> {
        let context = Context::new(&self.knowledge, today(), zone.clone());
        let Some(draft) = drafts.first() else {
            return Ok(None);
        };
        let named = read_row(draft, &context).value.firm;
        match self
            .store
            .firm(
                &access.scope,
                &firm_key(&named.name, named.external.as_ref()),
            )
            .await
        {
            Ok(stored) => Ok(Some(stored.value)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Every firm and site of the territory.
    pub(super) async fn everyone(&self, access: &Access) -> Result<(Vec<Firm>, Vec<Site>)> {
        let (mut firms, mut sites) = (Vec::new(), Vec::new());
        let mut after = None;
        loop {
            let rows = self
                .store
                .firms(
                    &access.scope,
                    None,
                    &Page {
                        after,
                        limit: MAX_PAGE,
                    },
                )
                .await?;
            firms.extend(rows.items.into_iter().map(|stored| stored.value));
            after = firms.last().map(|firm: &Firm| firm.key.clone());
            if !rows.more {
                break;
            }
        }
        let mut after = None;
        loop {
            let page = Page {
                after,
                limit: MAX_PAGE,
            };
            let rows = self
                .store
                .sites(&access.scope, &SiteFilter::default(), &page)
                .await?;
            sites.extend(rows.items.into_iter().map(|stored| stored.value));
            after = sites.last().map(|site: &Site| site.key.clone());
            if !rows.more {
                break;
            }
        }
        Ok((firms, sites))
    }
}

/// Whether the caller may declare for a firm.
fn declares(access: &Access, firm: &FirmKey) -> Result<()> {
    if access.viewer.declares_for(firm) {
        Ok(())
    } else {
        Err(ServiceError::Role(access.viewer.role()))
    }
}

/// Reads drafts into a declaration.
///
/// # Errors
/// `Findings` with every finding that refuses it.
fn read(drafts: &[Draft], context: &Context<'_>) -> Result<Declaration> {
    let rows: Vec<_> = drafts
        .iter()
        .map(|draft| read_row(draft, context))
        .collect();
    let mut findings: Vec<(usize, Finding)> = Vec::new();
    let mut values = Vec::with_capacity(rows.len());
    for (at, row) in rows.into_iter().enumerate() {
        findings.extend(row.findings.into_iter().map(|finding| (at, finding)));
        values.push(row.value);
    }
    let gathered = gather(&values, context);
    findings.extend(gathered.findings);
    findings.retain(|(_, finding)| finding.severity() == Severity::Error);
    findings.sort_by_key(|(at, _)| *at);
    if findings.is_empty() {
        Ok(gathered.declaration)
    } else {
        Err(ServiceError::Findings(findings))
    }
}
