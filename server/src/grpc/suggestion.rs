//! Suggestions on the wire.

use boucle_domain::answer::QuestionId;
use boucle_domain::flow::Identity;
use boucle_domain::id::{SiteKey, ZoneId};
use boucle_domain::suggestion::Suggestion;
use boucle_domain::text::Text;
use boucle_proto::v1;
use boucle_proto::v1::suggestion_service_server::SuggestionService;
use tonic::{Request, Response, Status};

use super::chunk::{Answers, send};
use super::convert::declaration::format;
use super::convert::flow::flow_key;
use super::convert::quantity::{language, text};
use super::{Call, Services};
use crate::app::App;
use crate::auth::Action;

#[tonic::async_trait]
impl SuggestionService for Services {
    async fn list_suggestions(
        &self,
        request: Request<v1::ListSuggestionsRequest>,
    ) -> Result<Response<v1::ListSuggestionsResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::Exchange)?;
            let zone = named(request.zone).map(ZoneId::new);
            let site = named(request.site).map(SiteKey::new);
            let found = self
                .app
                .suggestions(&access, zone.as_ref(), site.as_ref())
                .await?;
            let suggestions = found
                .suggestions
                .iter()
                .map(|one| suggestion(&self.app, one));
            Ok(v1::ListSuggestionsResponse {
                suggestions: suggestions.collect(),
                silent_sites: found.silent.iter().map(ToString::to_string).collect(),
            })
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    type ExportSuggestionsStream = Answers<v1::FileChunk>;

    async fn export_suggestions(
        &self,
        request: Request<v1::ExportSuggestionsRequest>,
    ) -> Result<Response<Answers<v1::FileChunk>>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let written = async {
            let access = call.access(&request.territory, Action::Exchange)?;
            let form = format(request.format)?;
            let zone = named(request.zone).map(ZoneId::new);
            let site = named(request.site).map(SiteKey::new);
            let found = self
                .app
                .suggestions(&access, zone.as_ref(), site.as_ref())
                .await?;
            self.app
                .suggestions_sheet(found, language(request.language), form)
                .await
        };
        let bytes = written.await.map_err(|error| call.refuse(error))?;
        Ok(Response::new(send(bytes, |data| v1::FileChunk { data })))
    }
}

fn named(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn suggestion(app: &App, one: &Suggestion) -> v1::Suggestion {
    let knowledge = app.knowledge();
    let (resource, label) = match &one.flow.identity {
        Identity::Donor(key) => (
            key.to_string(),
            knowledge.donor(key).map(|donor| donor.label.clone()),
        ),
        Identity::Resource(key) => (
            key.to_string(),
            knowledge
                .resource(key)
                .map(|resource| resource.label.clone()),
        ),
        Identity::Unrecognised => (String::new(), None),
    };
    let label = label.unwrap_or_else(|| Text::new(&one.flow.name, &one.flow.name));
    let amount = one.flow.quantity.amount();
    v1::Suggestion {
        flow: Some(flow_key(&one.flow.key)),
        label: Some(text(&label)),
        resource,
        low: amount.low().units(),
        mid: amount.mid().units(),
        high: amount.high().units(),
        unit: one.flow.unit.code().to_owned(),
        share: one.share,
        question: Some(text(&one.question)),
        source: one.source.clone(),
        id: QuestionId::Exists(one.flow.key.clone()).to_string(),
    }
}
