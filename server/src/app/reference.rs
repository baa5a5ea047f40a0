//! What the catalogue knows, page by page.

use boucle_domain::diagnostic::Code;
use boucle_domain::id::{DonorKey, ResourceKey, RuleId};
use boucle_domain::knowledge::{Donor, Knowledge, Resource, Rule, WasteEntry};
use boucle_domain::text::Language;

use super::App;
use super::error::{Result, ServiceError};
use super::page::{PageRequest, Paged, token};

impl App {
    /// The catalogue.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// Resources, all or those within one.
    pub fn resources(
        &self,
        under: Option<&ResourceKey>,
        page: &PageRequest,
    ) -> Result<Paged<&Resource>> {
        if under.is_some_and(|key| self.knowledge.resource(key).is_none()) {
            return Err(ServiceError::NotFound("resource"));
        }
        let within = |resource: &&Resource| {
            under.is_none_or(|key| self.knowledge.is_within(&resource.key, key))
        };
        page_of(
            "resources",
            &under,
            page,
            self.knowledge.resources().iter().filter(within),
        )
    }

    /// Donors.
    pub fn donors(&self, page: &PageRequest) -> Result<Paged<&Donor>> {
        page_of("donors", &(), page, self.knowledge.donors().iter())
    }

    /// Rules, all or those of one donor.
    pub fn rules(&self, donor: Option<&DonorKey>, page: &PageRequest) -> Result<Paged<&Rule>> {
        if donor.is_some_and(|key| self.knowledge.donor(key).is_none()) {
            return Err(ServiceError::NotFound("donor"));
        }
        let starts = |rule: &&Rule| donor.is_none_or(|key| rule.donors.contains(key));
        page_of(
            "rules",
            &donor,
            page,
            self.knowledge.rules().iter().filter(starts),
        )
    }

    /// A rule.
    pub fn rule(&self, id: &RuleId) -> Result<&Rule> {
        self.knowledge
            .rule(id)
            .ok_or(ServiceError::NotFound("rule"))
    }

    /// A waste code, however it is written.
    pub fn waste_code(&self, code: &str) -> Result<&WasteEntry> {
        self.knowledge
            .waste_code(code)
            .ok_or(ServiceError::NotFound("waste code"))
    }

    /// The page of a finding's code.
    pub fn explain_code(&self, code: &str, language: Language) -> Result<(Code, &'static str)> {
        let code = Code::from_text(code).ok_or(ServiceError::NotFound("code"))?;
        Ok((code, code.page(language)))
    }
}

/// A page of a list that never changes: its token is a count.
fn page_of<'k, T>(
    list: &str,
    filter: &impl serde::Serialize,
    page: &PageRequest,
    rows: impl Iterator<Item = &'k T>,
) -> Result<Paged<&'k T>> {
    let before = page.after::<usize>(list, filter)?.unwrap_or(0);
    let size = page.rows() as usize;
    let mut rows = rows.skip(before);
    let items: Vec<&T> = rows.by_ref().take(size).collect();
    let next = if rows.next().is_some() {
        token(list, filter, before + items.len())?
    } else {
        String::new()
    };
    Ok(Paged { items, next })
}
