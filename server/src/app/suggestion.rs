//! Flows that sites probably have, from the profile of their activity.

use boucle_domain::flow::Visibility;
use boucle_domain::id::{SiteKey, ZoneId};
use boucle_domain::organisation::{Firm, Site};
use boucle_domain::suggestion::{self, Suggestion};
use boucle_domain::text::Language;
use boucle_import::Format;

use super::App;
use super::error::{Result, ServiceError};
use crate::auth::Access;
use crate::clock::today;

/// What sites probably have.
pub struct Suggested {
    /// Suggestions, site by site, the likeliest first.
    pub suggestions: Vec<Suggestion>,
    /// Sites without activity or headcount.
    pub silent: Vec<SiteKey>,
    firms: Vec<Firm>,
    sites: Vec<Site>,
}

impl App {
    /// What the sites of a zone, or one of them, probably have and neither declare nor deny.
    pub async fn suggestions(
        &self,
        access: &Access,
        zone: Option<&ZoneId>,
        site: Option<&SiteKey>,
    ) -> Result<Suggested> {
        let zones: Vec<ZoneId> = zone.into_iter().cloned().collect();
        let mut parts = self.store.snapshot_parts(&access.scope, &zones).await?;
        let all = access.viewer.sees_private();
        parts
            .flows
            .retain(|flow| all || flow.visibility != Visibility::Private);
        if let Some(site) = site {
            parts.sites.retain(|other| other.key == *site);
            if parts.sites.is_empty() {
                return Err(ServiceError::NotFound("site"));
            }
        }
        let (firms, sites) = (parts.firms.clone(), parts.sites.clone());
        let snapshot = parts.into_snapshot(today());
        let knowledge = std::sync::Arc::clone(&self.knowledge);
        let suggestions =
            tokio::task::spawn_blocking(move || suggestion::suggestions(&snapshot, &knowledge))
                .await
                .map_err(ServiceError::internal)?;
        let tells = |site: &&Site| site.activity.is_none() || site.headcount.is_none();
        Ok(Suggested {
            suggestions,
            silent: sites
                .iter()
                .filter(tells)
                .map(|site| site.key.clone())
                .collect(),
            firms,
            sites,
        })
    }

    /// The same as a sheet, to be confirmed line by line.
    pub async fn suggestions_sheet(
        &self,
        suggested: Suggested,
        language: Language,
        format: Format,
    ) -> Result<Vec<u8>> {
        let written = tokio::task::spawn_blocking(move || {
            boucle_import::suggestions(
                &suggested.firms,
                &suggested.sites,
                &suggested.suggestions,
                language,
                format,
            )
        });
        written
            .await
            .map_err(ServiceError::internal)?
            .map_err(ServiceError::internal)
    }
}
