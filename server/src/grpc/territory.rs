//! Territories and zones on the wire.

use boucle_domain::id::ZoneId;
use boucle_proto::v1;
use boucle_proto::v1::territory_service_server::TerritoryService;
use tonic::{Request, Response, Status};

use super::convert::zone::{missing, read_territory, read_zone, territory, zone};
use super::{Call, Services, page};
use crate::auth::Action;

#[tonic::async_trait]
impl TerritoryService for Services {
    async fn create_territory(
        &self,
        request: Request<v1::CreateTerritoryRequest>,
    ) -> Result<Response<v1::Territory>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let created = async {
            let wanted = read_territory(request.territory)?;
            let access = call.access(wanted.id.as_str(), Action::OpenTerritory)?;
            self.app
                .create_territory(&access, &wanted, request.allow_existing)
                .await
        };
        let created = created.await.map_err(|error| call.refuse(error))?;
        Ok(Response::new(territory(&created)))
    }

    async fn get_territory(
        &self,
        request: Request<v1::GetTerritoryRequest>,
    ) -> Result<Response<v1::Territory>, Status> {
        let call = Call::of(&request)?;
        let found = async {
            let access = call.access(&request.get_ref().territory, Action::ReadTerritory)?;
            self.app.territory(&access).await
        };
        let found = found.await.map_err(|error| call.refuse(error))?;
        Ok(Response::new(territory(&found)))
    }

    async fn list_territories(
        &self,
        request: Request<v1::ListTerritoriesRequest>,
    ) -> Result<Response<v1::ListTerritoriesResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = self
            .app
            .territories(
                call.principal(),
                &page(request.page_size, request.page_token),
            )
            .await;
        let found = found.map_err(|error| call.refuse(error))?;
        Ok(Response::new(v1::ListTerritoriesResponse {
            territories: found.items.iter().map(territory).collect(),
            next_page_token: found.next,
        }))
    }

    async fn create_zone(
        &self,
        request: Request<v1::CreateZoneRequest>,
    ) -> Result<Response<v1::Zone>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let created = async {
            let message = request.zone.ok_or_else(|| missing("zone"))?;
            let access = call.access(&message.territory, Action::WriteZones)?;
            let created = self
                .app
                .create_zone(&access, &read_zone(message)?, request.allow_existing)
                .await?;
            Ok(zone(access.scope.territory(), &created))
        };
        created
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn get_zone(
        &self,
        request: Request<v1::GetZoneRequest>,
    ) -> Result<Response<v1::Zone>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadTerritory)?;
            let found = self.app.zone(&access, &ZoneId::new(request.zone)).await?;
            Ok(zone(access.scope.territory(), &found))
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn list_zones(
        &self,
        request: Request<v1::ListZonesRequest>,
    ) -> Result<Response<v1::ListZonesResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadTerritory)?;
            let found = self
                .app
                .zones(&access, &page(request.page_size, request.page_token))
                .await?;
            let zones = found
                .items
                .iter()
                .map(|stored| zone(access.scope.territory(), stored));
            Ok(v1::ListZonesResponse {
                zones: zones.collect(),
                next_page_token: found.next,
            })
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn update_zone(
        &self,
        request: Request<v1::UpdateZoneRequest>,
    ) -> Result<Response<v1::Zone>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let updated = async {
            let message = request.zone.ok_or_else(|| missing("zone"))?;
            let access = call.access(&message.territory, Action::WriteZones)?;
            let etag = message.etag.clone();
            let updated = self
                .app
                .update_zone(&access, &read_zone(message)?, &etag)
                .await?;
            Ok(zone(access.scope.territory(), &updated))
        };
        updated
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn delete_zone(
        &self,
        request: Request<v1::DeleteZoneRequest>,
    ) -> Result<Response<v1::DeleteZoneResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let deleted = async {
            let access = call.access(&request.territory, Action::WriteZones)?;
            self.app
                .delete_zone(&access, &ZoneId::new(request.zone), request.cascade)
                .await
        };
        deleted.await.map_err(|error| call.refuse(error))?;
        Ok(Response::new(v1::DeleteZoneResponse {}))
    }
}
