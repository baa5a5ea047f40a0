//! The catalogue on the wire.

use boucle_domain::id::{DonorKey, ResourceKey, RuleId};
use boucle_domain::units::Unit;
use boucle_proto::v1;
use boucle_proto::v1::reference_service_server::ReferenceService;
use tonic::{Request, Response, Status};

use super::convert::quantity::language;
use super::convert::recognition::{recognition, written_flow};
use super::convert::reference::{donor, resource, rule, unit, waste_code};
use super::{Call, Services, page};
use crate::auth::Action;

#[tonic::async_trait]
impl ReferenceService for Services {
    async fn list_units(
        &self,
        request: Request<v1::ListUnitsRequest>,
    ) -> Result<Response<v1::ListUnitsResponse>, Status> {
        Call::of(&request)?;
        Ok(Response::new(v1::ListUnitsResponse {
            units: Unit::ALL.into_iter().map(unit).collect(),
        }))
    }

    async fn list_resources(
        &self,
        request: Request<v1::ListResourcesRequest>,
    ) -> Result<Response<v1::ListResourcesResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let under = Some(request.under)
            .filter(|key| !key.is_empty())
            .map(ResourceKey::new);
        let found = self
            .app
            .resources(under.as_ref(), &page(request.page_size, request.page_token));
        let found = found.map_err(|error| call.refuse(error))?;
        Ok(Response::new(v1::ListResourcesResponse {
            resources: found.items.into_iter().map(resource).collect(),
            next_page_token: found.next,
        }))
    }

    async fn list_donors(
        &self,
        request: Request<v1::ListDonorsRequest>,
    ) -> Result<Response<v1::ListDonorsResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = self
            .app
            .donors(&page(request.page_size, request.page_token));
        let found = found.map_err(|error| call.refuse(error))?;
        Ok(Response::new(v1::ListDonorsResponse {
            donors: found.items.into_iter().map(donor).collect(),
            next_page_token: found.next,
        }))
    }

    async fn list_rules(
        &self,
        request: Request<v1::ListRulesRequest>,
    ) -> Result<Response<v1::ListRulesResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let from = Some(request.donor)
            .filter(|key| !key.is_empty())
            .map(DonorKey::new);
        let found = self
            .app
            .rules(from.as_ref(), &page(request.page_size, request.page_token));
        let found = found.map_err(|error| call.refuse(error))?;
        Ok(Response::new(v1::ListRulesResponse {
            rules: found
                .items
                .into_iter()
                .map(|one| rule(self.app.knowledge(), one))
                .collect(),
            next_page_token: found.next,
        }))
    }

    async fn get_rule(
        &self,
        request: Request<v1::GetRuleRequest>,
    ) -> Result<Response<v1::Rule>, Status> {
        let call = Call::of(&request)?;
        let found = self
            .app
            .rule(&RuleId::new(request.into_inner().rule))
            .map_err(|error| call.refuse(error))?;
        Ok(Response::new(rule(self.app.knowledge(), found)))
    }

    async fn get_waste_code(
        &self,
        request: Request<v1::GetWasteCodeRequest>,
    ) -> Result<Response<v1::WasteCode>, Status> {
        let call = Call::of(&request)?;
        let found = self
            .app
            .waste_code(&request.get_ref().code)
            .map_err(|error| call.refuse(error))?;
        Ok(Response::new(waste_code(found)))
    }

    async fn explain_code(
        &self,
        request: Request<v1::ExplainCodeRequest>,
    ) -> Result<Response<v1::ExplainCodeResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let (code, page) = self
            .app
            .explain_code(&request.code, language(request.language))
            .map_err(|error| call.refuse(error))?;
        Ok(Response::new(v1::ExplainCodeResponse {
            code: code.as_str().to_owned(),
            page: page.to_owned(),
        }))
    }

    async fn recognise(
        &self,
        request: Request<v1::RecogniseRequest>,
    ) -> Result<Response<v1::RecogniseResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let read = async {
            let access = match request.territory.as_str() {
                "" => None,
                named => Some(call.access(named, Action::ReadWords)?),
            };
            let flows = request.flows.into_iter().map(written_flow).collect();
            let read = self.app.recognise(access.as_ref(), flows).await?;
            Ok(v1::RecogniseResponse {
                recognitions: read.iter().map(recognition).collect(),
            })
        };
        read.await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn get_server_info(
        &self,
        request: Request<v1::GetServerInfoRequest>,
    ) -> Result<Response<v1::GetServerInfoResponse>, Status> {
        let call = Call::of(&request)?;
        let principal = call.principal();
        Ok(Response::new(v1::GetServerInfoResponse {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            knowledge_version: self.app.knowledge().version().to_owned(),
            role: principal.role.code().to_owned(),
            territory: principal
                .territory
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        }))
    }
}
