//! Flows, one at a time.

use std::collections::BTreeMap;

use boucle_domain::flow::Flow;
use boucle_domain::id::{FlowKey, SiteKey, ZoneId};
use boucle_domain::organisation::{Firm, Site};
use boucle_domain::validate::{Context, Draft, Field, written_site};
use boucle_store::{FlowFilter, Page, Stored};

use super::{declares, read};
use crate::app::error::{Result, ServiceError};
use crate::app::page::{PageRequest, Paged, token};
use crate::app::{App, version_of};
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
}
