//! Declarations on the wire.

use boucle_domain::id::{FirmKey, SiteKey, ZoneId};
use boucle_proto::v1;
use boucle_proto::v1::declaration_service_server::DeclarationService;
use tonic::{Request, Response, Status, Streaming};

use super::chunk::{Answers, Part, Received, receive, send};
use super::convert::declaration::{format, mode, report, site_drafts, site_path, under_paths};
use super::convert::flow::{draft, flow, path, read_flow_key};
use super::convert::quantity::{day, language};
use super::convert::sheet::read_mapping;
use super::convert::zone::{firm, missing, site};
use super::{Call, Services, page, refuse};
use crate::app::error;
use crate::app::ingest::{Accompanying, CheckRequest, ImportRequest};
use crate::auth::{Access, Action};

/// An identifier, unless it is empty.
fn named(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// Files that accompany another, as they came in.
fn files(received: Vec<(String, Vec<u8>)>) -> Vec<Accompanying> {
    let file = |(name, bytes): (String, Vec<u8>)| Accompanying {
        name,
        bytes: bytes.into(),
    };
    received.into_iter().map(file).collect()
}

/// What a header asks of a check, and leave for the territory whose mappings may be used.
fn check_asked(
    call: &Call,
    header: v1::CheckHeader,
    accompanying: Vec<(String, Vec<u8>)>,
) -> error::Result<(Option<Access>, CheckRequest)> {
    let access = match header.territory.is_empty() {
        true => None,
        false => Some(call.access(&header.territory, Action::Exchange)?),
    };
    let mut violations = Vec::new();
    let valid_on = day("header.valid_on", &header.valid_on, &mut violations);
    refuse(violations)?;
    let ask = CheckRequest {
        file_name: header.file_name,
        accompanying: files(accompanying),
        valid_on,
        mapping: read_mapping(header.mapping)?,
    };
    Ok((access, ask))
}

#[tonic::async_trait]
impl DeclarationService for Services {
    async fn get_firm(
        &self,
        request: Request<v1::GetFirmRequest>,
    ) -> Result<Response<v1::Firm>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadDeclarations)?;
            self.app.firm(&access, &FirmKey::new(request.firm)).await
        };
        found
            .await
            .map(|found| Response::new(firm(&found)))
            .map_err(|error| call.refuse(error))
    }

    async fn list_firms(
        &self,
        request: Request<v1::ListFirmsRequest>,
    ) -> Result<Response<v1::ListFirmsResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadDeclarations)?;
            self.app
                .firms(&access, &page(request.page_size, request.page_token))
                .await
        };
        let found = found.await.map_err(|error| call.refuse(error))?;
        Ok(Response::new(v1::ListFirmsResponse {
            firms: found.items.iter().map(firm).collect(),
            next_page_token: found.next,
        }))
    }

    async fn create_site(
        &self,
        request: Request<v1::CreateSiteRequest>,
    ) -> Result<Response<v1::Site>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let created = async {
            let access = call.access(&request.territory, Action::Declare)?;
            let drafts = site_drafts(&request.site.ok_or_else(|| missing("site"))?);
            let created = self
                .app
                .create_site(&access, ZoneId::new(request.zone), &drafts)
                .await;
            created.map_err(|error| under_paths(error, site_path))
        };
        created
            .await
            .map(|created| Response::new(site(&created)))
            .map_err(|error| call.refuse(error))
    }

    async fn get_site(
        &self,
        request: Request<v1::GetSiteRequest>,
    ) -> Result<Response<v1::Site>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadDeclarations)?;
            self.app.site(&access, &SiteKey::new(request.site)).await
        };
        found
            .await
            .map(|found| Response::new(site(&found)))
            .map_err(|error| call.refuse(error))
    }

    async fn list_sites(
        &self,
        request: Request<v1::ListSitesRequest>,
    ) -> Result<Response<v1::ListSitesResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadDeclarations)?;
            let zone = named(request.zone).map(ZoneId::new);
            self.app
                .sites(&access, zone, &page(request.page_size, request.page_token))
                .await
        };
        let found = found.await.map_err(|error| call.refuse(error))?;
        Ok(Response::new(v1::ListSitesResponse {
            sites: found.items.iter().map(site).collect(),
            next_page_token: found.next,
        }))
    }

    async fn update_site(
        &self,
        request: Request<v1::UpdateSiteRequest>,
    ) -> Result<Response<v1::Site>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let updated = async {
            let access = call.access(&request.territory, Action::Declare)?;
            let drafts = site_drafts(&request.site.ok_or_else(|| missing("site"))?);
            let updated = self
                .app
                .update_site(&access, &SiteKey::new(request.key), &drafts, &request.etag)
                .await;
            updated.map_err(|error| under_paths(error, site_path))
        };
        updated
            .await
            .map(|updated| Response::new(site(&updated)))
            .map_err(|error| call.refuse(error))
    }

    async fn delete_site(
        &self,
        request: Request<v1::DeleteSiteRequest>,
    ) -> Result<Response<v1::DeleteSiteResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let deleted = async {
            let access = call.access(&request.territory, Action::Declare)?;
            self.app
                .delete_site(&access, &SiteKey::new(request.site), request.cascade)
                .await
        };
        deleted.await.map_err(|error| call.refuse(error))?;
        Ok(Response::new(v1::DeleteSiteResponse {}))
    }

    async fn create_flow(
        &self,
        request: Request<v1::CreateFlowRequest>,
    ) -> Result<Response<v1::Flow>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let created = async {
            let access = call.access(&request.territory, Action::Declare)?;
            let message = request.flow.ok_or_else(|| missing("flow"))?;
            let site = message
                .key
                .as_ref()
                .ok_or_else(|| missing("flow.key"))?
                .site
                .clone();
            let created = self
                .app
                .create_flow(&access, &SiteKey::new(site), draft(&message))
                .await;
            let created = created.map_err(|error| under_paths(error, |_, field| path(field)))?;
            Ok(flow(&access.viewer, &created, call.language()))
        };
        created
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn get_flow(
        &self,
        request: Request<v1::GetFlowRequest>,
    ) -> Result<Response<v1::Flow>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadDeclarations)?;
            let mut violations = Vec::new();
            let key = read_flow_key("key", request.key, &mut violations);
            refuse(violations)?;
            let found = self
                .app
                .flow(&access, &key.ok_or_else(|| missing("key"))?)
                .await?;
            Ok(flow(&access.viewer, &found, call.language()))
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn list_flows(
        &self,
        request: Request<v1::ListFlowsRequest>,
    ) -> Result<Response<v1::ListFlowsResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadDeclarations)?;
            let (zone, site) = (
                named(request.zone).map(ZoneId::new),
                named(request.site).map(SiteKey::new),
            );
            let page = page(request.page_size, request.page_token);
            let found = self.app.flows(&access, zone, site, &page).await?;
            let flows = found
                .items
                .iter()
                .map(|view| flow(&access.viewer, view, call.language()));
            Ok(v1::ListFlowsResponse {
                flows: flows.collect(),
                next_page_token: found.next,
            })
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn update_flow(
        &self,
        request: Request<v1::UpdateFlowRequest>,
    ) -> Result<Response<v1::Flow>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let updated = async {
            let access = call.access(&request.territory, Action::Declare)?;
            let message = request.flow.ok_or_else(|| missing("flow"))?;
            let mut violations = Vec::new();
            let key = read_flow_key("flow.key", message.key.clone(), &mut violations);
            refuse(violations)?;
            let key = key.ok_or_else(|| missing("flow.key"))?;
            let updated = self
                .app
                .update_flow(&access, &key, draft(&message), &message.etag)
                .await;
            let updated = updated.map_err(|error| under_paths(error, |_, field| path(field)))?;
            Ok(flow(&access.viewer, &updated, call.language()))
        };
        updated
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn delete_flow(
        &self,
        request: Request<v1::DeleteFlowRequest>,
    ) -> Result<Response<v1::DeleteFlowResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let deleted = async {
            let access = call.access(&request.territory, Action::Declare)?;
            let mut violations = Vec::new();
            let key = read_flow_key("key", request.key, &mut violations);
            refuse(violations)?;
            self.app
                .delete_flow(&access, &key.ok_or_else(|| missing("key"))?)
                .await
        };
        deleted.await.map_err(|error| call.refuse(error))?;
        Ok(Response::new(v1::DeleteFlowResponse {}))
    }

    async fn import_declarations(
        &self,
        request: Request<Streaming<v1::ImportDeclarationsRequest>>,
    ) -> Result<Response<v1::ImportReport>, Status> {
        use v1::import_declarations_request::Part as Message;
        let call = Call::of(&request)?;
        let received = receive(&call, request.into_inner(), |message| {
            match message.part? {
                Message::Header(header) => Some(Part::Header(header)),
                Message::Chunk(chunk) => Some(Part::Chunk(chunk)),
                Message::Accompanying(file) => Some(Part::Accompanying(file.file_name)),
            }
        })
        .await?;
        let Received {
            header,
            bytes,
            accompanying,
        } = received;
        let done = async {
            let access = call.access(&header.territory, Action::Exchange)?;
            let mut violations = Vec::new();
            let valid_on = day("header.valid_on", &header.valid_on, &mut violations);
            refuse(violations)?;
            let ask = ImportRequest {
                zone: ZoneId::new(header.zone),
                file_name: header.file_name,
                accompanying: files(accompanying),
                mode: mode(header.mode)?,
                dry_run: header.dry_run,
                request_id: header.request_id,
                valid_on,
                mapping: read_mapping(header.mapping)?,
            };
            self.app.import(&access, ask, bytes).await
        };
        done.await
            .map(|done| Response::new(report(&done)))
            .map_err(|error| call.refuse(error))
    }

    async fn check_declarations(
        &self,
        request: Request<Streaming<v1::CheckDeclarationsRequest>>,
    ) -> Result<Response<v1::ImportReport>, Status> {
        use v1::check_declarations_request::Part as Message;
        let call = Call::of(&request)?;
        let received = receive(&call, request.into_inner(), |message| {
            match message.part? {
                Message::Header(header) => Some(Part::Header(header)),
                Message::Chunk(chunk) => Some(Part::Chunk(chunk)),
                Message::Accompanying(file) => Some(Part::Accompanying(file.file_name)),
            }
        })
        .await?;
        let Received {
            header,
            bytes,
            accompanying,
        } = received;
        let done = async {
            let (access, ask) = check_asked(&call, header, accompanying)?;
            self.app.check(access.as_ref(), ask, bytes).await
        };
        done.await
            .map(|done| Response::new(report(&done)))
            .map_err(|error| call.refuse(error))
    }

    type AnnotateDeclarationsStream = Answers<v1::FileChunk>;

    async fn annotate_declarations(
        &self,
        request: Request<Streaming<v1::AnnotateDeclarationsRequest>>,
    ) -> Result<Response<Answers<v1::FileChunk>>, Status> {
        use v1::annotate_declarations_request::Part as Message;
        let call = Call::of(&request)?;
        let received = receive(&call, request.into_inner(), |message| {
            match message.part? {
                Message::Header(header) => Some(Part::Header(header)),
                Message::Chunk(chunk) => Some(Part::Chunk(chunk)),
                Message::Accompanying(file) => Some(Part::Accompanying(file.file_name)),
            }
        })
        .await?;
        let Received {
            header,
            bytes,
            accompanying,
        } = received;
        let done = async {
            let in_language = language(header.language);
            let (access, ask) = check_asked(&call, header.check.unwrap_or_default(), accompanying)?;
            self.app
                .annotate(access.as_ref(), ask, in_language, bytes)
                .await
        };
        let bytes = done.await.map_err(|error| call.refuse(error))?;
        Ok(Response::new(send(bytes, |data| v1::FileChunk { data })))
    }

    type ExportDeclarationsStream = Answers<v1::FileChunk>;

    async fn export_declarations(
        &self,
        request: Request<v1::ExportDeclarationsRequest>,
    ) -> Result<Response<Answers<v1::FileChunk>>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let written = async {
            let access = call.access(&request.territory, Action::Exchange)?;
            let format = format(request.format)?;
            self.app
                .export(
                    &access,
                    ZoneId::new(request.zone),
                    format,
                    language(request.language),
                )
                .await
        };
        let bytes = written.await.map_err(|error| call.refuse(error))?;
        Ok(Response::new(send(bytes, |data| v1::FileChunk { data })))
    }

    type GetTemplateStream = Answers<v1::FileChunk>;

    async fn get_template(
        &self,
        request: Request<v1::GetTemplateRequest>,
    ) -> Result<Response<Answers<v1::FileChunk>>, Status> {
        let call = Call::of(&request)?;
        let bytes = self
            .app
            .template(language(request.get_ref().language))
            .await;
        let bytes = bytes.map_err(|error| call.refuse(error))?;
        Ok(Response::new(send(bytes, |data| v1::FileChunk { data })))
    }
}
