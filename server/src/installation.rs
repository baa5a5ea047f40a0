//! What runs behind any transport: store, knowledge, runs in hand, use cases.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use boucle_domain::knowledge::{Knowledge, KnowledgeError};
use boucle_proto::v1;
use boucle_proto::v1::declaration_service_server::DeclarationServiceServer;
use boucle_proto::v1::own_code_service_server::OwnCodeServiceServer;
use boucle_proto::v1::question_service_server::QuestionServiceServer;
use boucle_proto::v1::reference_service_server::ReferenceServiceServer;
use boucle_proto::v1::run_service_server::RunServiceServer;
use boucle_proto::v1::suggestion_service_server::SuggestionServiceServer;
use boucle_proto::v1::synonym_service_server::SynonymServiceServer;
use boucle_proto::v1::territory_service_server::TerritoryServiceServer;
use boucle_store::{SqliteStore, Store, StoreError};
use tonic::server::NamedService;
use tonic::service::{InterceptorLayer, Routes};
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use crate::app::App;
use crate::app::error::ServiceError;
use crate::auth::TokenError;
use crate::grpc::caller::Callers;
use crate::grpc::{LARGEST_RECEIVED, LARGEST_SENT, Services};
use crate::jobs::{Jobs, Limits, Solver};

/// Time given to runs to stop.
const RUN_PATIENCE: Duration = Duration::from_secs(10);

/// Where the data and the tables are.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// File of the store; `None`: a store that vanishes with the service.
    pub store: Option<PathBuf>,
    /// Folder of tables that replace the embedded ones, by file name.
    pub knowledge: Option<PathBuf>,
    /// How much is computed at once.
    pub limits: Limits,
}

/// Why the service does not start, or stops.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Anyone could reach the server, and nobody would have to say who they are.
    #[error("{0} is not a loopback address: a token file is required")]
    TokensRequired(SocketAddr),
    /// The token file cannot be used.
    #[error(transparent)]
    Tokens(#[from] TokenError),
    /// A file cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The folder of tables holds none.
    #[error("{} holds no table (*.csv)", .0.display())]
    NoTable(PathBuf),
    /// The tables cannot be used.
    #[error(transparent)]
    Knowledge(#[from] KnowledgeError),
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Unfinished runs cannot be taken up.
    #[error("unfinished runs cannot be taken up: {0}")]
    Recovery(ServiceError),
    /// The address cannot be listened on.
    #[error("{address} cannot be listened on: {source}")]
    Address {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The transport failed.
    #[error("transport: {0}")]
    Transport(#[from] tonic::transport::Error),
    /// The service could not be put together.
    #[error("service: {0}")]
    Assembly(String),
}

/// The service without its transport.
pub(crate) struct Installation {
    app: Arc<App>,
    jobs: Jobs,
    store: Arc<dyn Store>,
    health: HealthReporter,
}

impl Installation {
    /// Opens store and tables, and takes up unfinished runs.
    pub(crate) async fn open(place: &Place) -> Result<Installation, ServeError> {
        let solver: Arc<Solver> = Arc::new(boucle_solver::solve);
        Installation::with_solver(place, solver).await
    }

    /// The same with another solver.
    pub(crate) async fn with_solver(
        place: &Place,
        solver: Arc<Solver>,
    ) -> Result<Installation, ServeError> {
        let folder = place.knowledge.clone();
        let knowledge = tokio::task::spawn_blocking(move || knowledge(folder.as_deref()))
            .await
            .map_err(|error| ServeError::Assembly(error.to_string()))??;
        let knowledge = Arc::new(knowledge);
        let store: Arc<dyn Store> = match &place.store {
            Some(path) => Arc::new(SqliteStore::open(path).await?),
            None => Arc::new(SqliteStore::temporary().await?),
        };
        let jobs = Jobs::new(
            Arc::clone(&store),
            Arc::clone(&knowledge),
            solver,
            place.limits,
        )
        .map_err(|error| ServeError::Assembly(error.to_string()))?;
        let app = Arc::new(App::new(Arc::clone(&store), knowledge, jobs.clone()));
        jobs.recover().await.map_err(ServeError::Recovery)?;
        Ok(Installation {
            app,
            jobs,
            store,
            health: HealthReporter::new(),
        })
    }

    /// Everything that answers on the wire. Health and reflection answer without a token.
    pub(crate) async fn routes(&self, callers: Callers) -> Result<Routes, ServeError> {
        let services = Services {
            app: Arc::clone(&self.app),
        };
        let guard = InterceptorLayer::new(callers);
        macro_rules! guarded {
            ($server:ident) => {{
                self.health.set_serving::<$server<Services>>().await;
                let server = $server::new(services.clone())
                    .max_decoding_message_size(LARGEST_RECEIVED)
                    .max_encoding_message_size(LARGEST_SENT);
                tower::Layer::layer(&guard, server)
            }};
        }
        let reflection = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(v1::FILE_DESCRIPTOR_SET)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        let assembly =
            |error: tonic_reflection::server::Error| ServeError::Assembly(error.to_string());
        let health = tonic_health::pb::health_server::HealthServer::new(
            tonic_health::server::HealthService::from_health_reporter(self.health.clone()),
        );
        Ok(Routes::new(guarded!(TerritoryServiceServer))
            .add_service(guarded!(DeclarationServiceServer))
            .add_service(guarded!(RunServiceServer))
            .add_service(guarded!(QuestionServiceServer))
            .add_service(guarded!(ReferenceServiceServer))
            .add_service(guarded!(SuggestionServiceServer))
            .add_service(guarded!(SynonymServiceServer))
            .add_service(guarded!(OwnCodeServiceServer))
            .add_service(health)
            .add_service(reflection().build_v1().map_err(assembly)?)
            .add_service(reflection().build_v1alpha().map_err(assembly)?))
    }

    /// Says that no call should be sent here any more, and interrupts the runs so that those who
    /// watch them are told.
    pub(crate) async fn withdraw(&self) {
        for name in [
            TerritoryServiceServer::<Services>::NAME,
            DeclarationServiceServer::<Services>::NAME,
            RunServiceServer::<Services>::NAME,
            QuestionServiceServer::<Services>::NAME,
            ReferenceServiceServer::<Services>::NAME,
            SuggestionServiceServer::<Services>::NAME,
            SynonymServiceServer::<Services>::NAME,
            OwnCodeServiceServer::<Services>::NAME,
            "",
        ] {
            self.health
                .set_service_status(name, ServingStatus::NotServing)
                .await;
        }
        self.jobs.interrupt();
    }

    /// Interrupts the runs without waiting.
    pub(crate) fn interrupt(&self) {
        self.jobs.interrupt();
    }

    /// Waits for the runs to stop and lets go of the store.
    pub(crate) async fn close(&self) {
        self.jobs.stop(RUN_PATIENCE).await;
        self.store.close().await;
    }
}

/// The embedded tables, or those with some replaced by the files of a folder.
fn knowledge(folder: Option<&Path>) -> Result<Knowledge, ServeError> {
    let Some(folder) = folder else {
        return Ok(Knowledge::embedded()?);
    };
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| ServeError::Unreadable { path, source }
    };
    let mut tables = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if path.extension().is_some_and(|extension| extension == "csv") {
            tables.insert(
                name.to_owned(),
                std::fs::read_to_string(&path).map_err(unreadable(&path))?,
            );
        }
    }
    if tables.is_empty() {
        return Err(ServeError::NoTable(folder.to_owned()));
    }
    Ok(Knowledge::from_tables(&tables)?)
}
