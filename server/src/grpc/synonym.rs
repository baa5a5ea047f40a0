//! Words of a territory on the wire.

use boucle_domain::id::ZoneId;
use boucle_proto::v1;
use boucle_proto::v1::synonym_service_server::SynonymService;
use tonic::{Request, Response, Status};

use super::convert::synonym::{side, synonym, unknown_words};
use super::{Call, Services};
use crate::app::synonym::SynonymRequest;
use crate::auth::Action;

#[tonic::async_trait]
impl SynonymService for Services {
    async fn add_synonym(
        &self,
        request: Request<v1::AddSynonymRequest>,
    ) -> Result<Response<v1::Synonym>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let added = async {
            let access = call.access(&request.territory, Action::DecideWords)?;
            let ask = SynonymRequest {
                direction: side(request.direction()),
                words: request.words,
                key: request.key,
                by: request.by,
            };
            Ok(synonym(&self.app.add_synonym(&access, ask).await?))
        };
        added
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn list_synonyms(
        &self,
        request: Request<v1::ListSynonymsRequest>,
    ) -> Result<Response<v1::ListSynonymsResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::ReadWords)?;
            let words = self.app.synonyms(&access).await?;
            Ok(v1::ListSynonymsResponse {
                synonyms: words.iter().map(synonym).collect(),
            })
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn remove_synonym(
        &self,
        request: Request<v1::RemoveSynonymRequest>,
    ) -> Result<Response<v1::RemoveSynonymResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let done = async {
            let access = call.access(&request.territory, Action::DecideWords)?;
            let direction = side(request.direction());
            let removed = self
                .app
                .remove_synonym(&access, &request.words, direction)
                .await?;
            Ok(v1::RemoveSynonymResponse {
                removed: removed.iter().map(synonym).collect(),
            })
        };
        done.await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }

    async fn list_unknown_words(
        &self,
        request: Request<v1::ListUnknownWordsRequest>,
    ) -> Result<Response<v1::ListUnknownWordsResponse>, Status> {
        let call = Call::of(&request)?;
        let request = request.into_inner();
        let found = async {
            let access = call.access(&request.territory, Action::DecideWords)?;
            let zone = Some(request.zone)
                .filter(|zone| !zone.is_empty())
                .map(ZoneId::new);
            let unknown = self.app.unknown_words(&access, zone, request.limit).await?;
            Ok(v1::ListUnknownWordsResponse {
                words: unknown.words.iter().map(unknown_words).collect(),
                left_out: unknown.left_out,
            })
        };
        found
            .await
            .map(Response::new)
            .map_err(|error| call.refuse(error))
    }
}
