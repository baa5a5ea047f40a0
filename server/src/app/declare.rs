//! Firms, sites and flows, one at a time. What is written is read by the rules of the importer.

use std::collections::BTreeMap;

use boucle_domain::diagnostic::Severity;
use boucle_domain::flow::Flow;
use boucle_domain::id::{FirmKey, FlowKey, SiteKey, ZoneId};
use boucle_domain::organisation::{Firm, Site};
use boucle_domain::validate::{
    Context, Declaration, Draft, Field, Finding, firm_key, gather, read_row, written_site,
};
use boucle_store::{FlowFilter, MAX_PAGE, Page, Removal, SiteFilter, StoreError, Stored};

use super::error::{Result, ServiceError};
use super::page::{PageRequest, Paged, token};
use super::{App, version_of};
use crate::auth::Access;
use crate::clock::{now, today};

/// A flow with who declares it.
pub struct FlowView {
    /// The flow.
    pub stored: Stored<Flow>,
    /// Its site.
    pub site: Site,
    /// Its firm.
    pub firm: Firm,
}

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

    /// A flow, if the caller may know of it.
    pub async fn flow(&self, access: &Access, key: &FlowKey) -> Result<FlowView> {
        let stored = self.store.flow(&access.scope, key).await?;
        let (site, firm) = self.holder(access, &key.site).await?;
        if !access.viewer.sees_flow(&firm.key, stored.value.visibility) {
            return Err(ServiceError::NotFound("flow"));
        }
        Ok(FlowView { stored, site, firm })
    }

    /// Flows by key that the caller may know of, of a zone, of a site or of all.
    pub async fn flows(
        &self,
        access: &Access,
        zone: Option<ZoneId>,
        site: Option<SiteKey>,
        page: &PageRequest,
    ) -> Result<Paged<FlowView>> {
        let list = (access.scope.territory().clone(), zone.clone(), site.clone());
        let filter = FlowFilter {
            zone,
            site,
            direction: None,
        };
        let mut after = page.after::<FlowKey>("flows", &list)?;
        let wanted = page.rows() as usize;
        let mut holders: BTreeMap<SiteKey, (Site, Firm)> = BTreeMap::new();
        let mut items: Vec<FlowView> = Vec::new();
        // Flows the caller may not know of are passed over, so a page may take several reads.
        let more = 'filled: loop {
            let rows = Page {
                after: after.clone(),
                limit: page.rows(),
            };
            let rows = self.store.flows(&access.scope, &filter, &rows).await?;
            for stored in rows.items {
                let key = stored.value.key.clone();
                if !holders.contains_key(&key.site) {
                    holders.insert(key.site.clone(), self.holder(access, &key.site).await?);
                }
                if let Some((site, firm)) = holders.get(&key.site)
                    && access.viewer.sees_flow(&firm.key, stored.value.visibility)
                {
                    if items.len() == wanted {
                        break 'filled true;
                    }
                    items.push(FlowView {
                        stored,
                        site: site.clone(),
                        firm: firm.clone(),
                    });
                }
                after = Some(key);
            }
            if !rows.more {
                break false;
            }
        };
        let next = match after {
            Some(after) if more => token("flows", &list, after)?,
            _ => String::new(),
        };
        Ok(Paged { items, next })
    }

    /// Declares a flow of a site.
    pub async fn create_flow(
        &self,
        access: &Access,
        site: &SiteKey,
        draft: Draft,
    ) -> Result<FlowView> {
        let (site, firm) = self.holder(access, site).await?;
        declares(access, &firm.key)?;
        let flow = self.read_flow(access, &firm, &site, draft).await?;
        let stored = self.store.create_flow(&access.scope, &flow, now()).await?;
        Ok(FlowView { stored, site, firm })
    }

    /// Replaces a flow read with `etag`; an empty etag overwrites.
    pub async fn update_flow(
        &self,
        access: &Access,
        key: &FlowKey,
        draft: Draft,
        etag: &str,
    ) -> Result<FlowView> {
        let present = self.flow(access, key).await?;
        declares(access, &present.firm.key)?;
        let expected = version_of(etag)?.unwrap_or(present.stored.version);
        let flow = self
            .read_flow(access, &present.firm, &present.site, draft)
            .await?;
        if flow.key != *key {
            return Err(ServiceError::field(
                "flow.key.reference",
                "écrire la référence que le flux porte",
                "write the reference that the flow bears",
            ));
        }
        let stored = self
            .store
            .update_flow(&access.scope, &flow, expected, now())
            .await?;
        Ok(FlowView {
            stored,
            site: present.site,
            firm: present.firm,
        })
    }

    /// Removes a flow.
    pub async fn delete_flow(&self, access: &Access, key: &FlowKey) -> Result<()> {
        let present = self.flow(access, key).await?;
        declares(access, &present.firm.key)?;
        Ok(self.store.delete_flow(&access.scope, key, None).await?)
    }

    /// A site with its firm.
    async fn holder(&self, access: &Access, site: &SiteKey) -> Result<(Site, Firm)> {
        let site = self.store.site(&access.scope, site).await?.value;
        let firm = self.store.firm(&access.scope, &site.firm).await?.value;
        Ok((site, firm))
    }

    /// Reads the words of a flow of a known site.
    async fn read_flow(
        &self,
        access: &Access,
        firm: &Firm,
        site: &Site,
        mut draft: Draft,
    ) -> Result<Flow> {
        let known = written_site(firm, site);
        for field in [Field::Firm, Field::FirmId, Field::Site, Field::SiteId] {
            draft.set(field, known.get(field));
        }
        // A partner may be any site of the territory; without one the flow's own site is enough.
        let (firms, sites) = if draft.has(Field::Partner) {
            self.everyone(access).await?
        } else {
            (vec![firm.clone()], vec![site.clone()])
        };
        let context =
            Context::new(&self.knowledge, today(), site.zone.clone()).with_known(firms, sites);
        let declaration = read(&[draft], &context)?;
        match declaration.flows.into_iter().next() {
            Some(flow) if flow.key.site == site.key => Ok(flow),
            _ => Err(ServiceError::field(
                "flow.key.site",
                "l'établissement n'est pas reconnu sous ses noms et identifiants",
                "the site is not recognised by its names and identifiers",
            )),
        }
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
