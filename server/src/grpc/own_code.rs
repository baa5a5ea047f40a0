//! Codes of a territory's own on the wire.

use boucle_proto::v1;
use boucle_proto::v1::own_code_service_server::OwnCodeService;
use tonic::{Request, Response, Status};

use super::convert::own_code::{named_list, own_code, own_codes};
use super::{Call, Services};
use crate::auth::Action;

#[tonic::async_trait]
impl OwnCodeService for Services {
    async fn add_own_codes(
        &self,
        request: Request<v1::AddOwnCodesRequest>,
    ) -> Result<Response<v1::AddOwnCodesResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let done = async {
            let access = call.access(&request.territory, Action::DecideCodes)?;
            let ask = own_codes(request.codes);
            let done = self.app.add_own_codes(&access, ask).await?;
            Ok(v1::AddOwnCodesResponse {
                codes: done.codes.iter().map(own_code).collect(),
                added: u32::try_from(done.added).unwrap_or(u32::MAX),
            })
        };
        done.await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn list_own_codes(
        &self,
        request: Request<v1::ListOwnCodesRequest>,
    ) -> Result<Response<v1::ListOwnCodesResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadDeclarations)?;
            let codes = self.app.own_codes(&access).await?;
            Ok(v1::ListOwnCodesResponse {
                codes: codes.iter().map(own_code).collect(),
            })
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn remove_own_code(
        &self,
        request: Request<v1::RemoveOwnCodeRequest>,
    ) -> Result<Response<v1::RemoveOwnCodeResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let done = async {
            let access = call.access(&request.territory, Action::DecideCodes)?;
            let list = named_list("list", request.list())?;
            let removed = self
                .app
                .remove_own_code(&access, list, &request.code)
                .await?;
            Ok(v1::RemoveOwnCodeResponse {
                removed: removed.iter().map(own_code).collect(),
            })
        };
        done.await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }
}
