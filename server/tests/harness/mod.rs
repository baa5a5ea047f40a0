//! A service under test and its generated clients.
#![allow(dead_code)] // Each test file uses a part of it.

use std::path::Path;

use boucle_proto::v1;
use boucle_proto::v1::declaration_service_client::DeclarationServiceClient;
use boucle_proto::v1::reference_service_client::ReferenceServiceClient;
use boucle_proto::v1::run_service_client::RunServiceClient;
use boucle_proto::v1::territory_service_client::TerritoryServiceClient;
use boucle_server::{Bound, Config, Embedded, Limits, Place};
use tokio::sync::oneshot;
use tonic::metadata::MetadataValue;
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// Territory and zone of the tests.
pub const TERRITORY: &str = "test";
pub const ZONE: &str = "park";

/// Invented firms and figures, in the columns of the template: an output of gypsum that a plant next
/// door could use, a need for it, and a third firm with wood that nobody declares a need for.
pub const SHEET: &str = "\
firm;site;activity;latitude;longitude;ref;direction;name;resource;quantity;unit;period;price;visibility;properties
Centrale Essai;;D35.11;51.00;2.30;gypse;sortant;Gypse;DON:fgd_gypsum;9000;t;an;30;zone;\"chloride_pct=0.005; moisture_pct=8; purity_pct=96\"
Plaques Essai;;C23.62;51.01;2.31;gypse;entrant;Gypse naturel;mat.mineral.gypsum;12000;t;an;25;zone;
Palettes Essai;;C16.24;51.02;2.32;bois;sortant;Palettes;DON:pallets;300;pièces;an;1;animateur;
";

/// An invented zone of `firms` givers and as many takers of gypsum, so that a run takes a moment.
pub fn crowded(firms: usize) -> String {
    let mut sheet = String::from(SHEET.lines().next().unwrap_or_default());
    sheet.push('\n');
    for at in 0..firms {
        let (north, east) = (
            51.0 + 0.003 * at as f64,
            2.3 + 0.0017 * (at * 7 % firms) as f64,
        );
        let (have, need) = (900 + 37 * at, 1_100 + 53 * (at * 5 % firms));
        sheet.push_str(&format!(
            "Donneur {at};;D35.11;{north};{east};g;sortant;Gypse;DON:fgd_gypsum;{have};t;an;{};zone;\"purity_pct=96; moisture_pct=8; chloride_ppm=50\"\n",
            20 + at % 11
        ));
        sheet.push_str(&format!(
            "Preneur {at};;C23.62;{east_north};{east};g;entrant;Gypse naturel;mat.mineral.gypsum;{need};t;an;{};zone;\n",
            18 + at % 7,
            east_north = north + 0.001,
        ));
    }
    sheet
}

/// A service over its channel, as the person at the machine.
pub struct Service {
    pub embedded: Embedded,
}

impl Service {
    /// A service that vanishes with the test.
    pub async fn temporary() -> Service {
        Service::at(Place {
            limits: one_at_a_time(),
            ..Place::default()
        })
        .await
    }

    /// A service over a file.
    pub async fn at(place: Place) -> Service {
        Service {
            embedded: Embedded::start(place).await.expect("the service starts"),
        }
    }

    pub fn territories(&self) -> TerritoryServiceClient<Channel> {
        TerritoryServiceClient::new(self.embedded.channel())
    }

    pub fn declarations(&self) -> DeclarationServiceClient<Channel> {
        DeclarationServiceClient::new(self.embedded.channel())
    }

    pub fn runs(&self) -> RunServiceClient<Channel> {
        RunServiceClient::new(self.embedded.channel()).max_decoding_message_size(64 << 20)
    }

    pub fn reference(&self) -> ReferenceServiceClient<Channel> {
        ReferenceServiceClient::new(self.embedded.channel())
    }

    /// Opens the territory and the zone of the tests.
    pub async fn open(&self) {
        open(&mut self.territories(), TERRITORY, ZONE).await;
    }

    /// Imports a sheet into the zone; every finding of severity error fails the test.
    pub async fn import(&self, sheet: &[u8]) -> v1::ImportReport {
        let report = import(&mut self.declarations(), header(), sheet)
            .await
            .expect("an import");
        assert!(report.applied, "{:#?}", report.findings);
        report
    }

    /// Creates a run and waits for its end.
    pub async fn solved(&self) -> v1::Run {
        let created = self
            .runs()
            .create_run(run_request())
            .await
            .expect("a run")
            .into_inner();
        self.ended(&created.id).await
    }

    /// Waits for the end of a run by watching it.
    pub async fn ended(&self, run: &str) -> v1::Run {
        ended(&mut self.runs(), run).await
    }
}

pub fn one_at_a_time() -> Limits {
    Limits {
        running: 1,
        threads: 1,
        accepted: 16,
    }
}

/// Opens a territory and a zone.
pub async fn open<S>(client: &mut TerritoryServiceClient<S>, territory: &str, zone: &str)
where
    S: Transport,
{
    let wanted = v1::Territory {
        id: territory.to_owned(),
        name: "Essai".to_owned(),
    };
    let request = v1::CreateTerritoryRequest {
        territory: Some(wanted),
        allow_existing: true,
    };
    client.create_territory(request).await.expect("a territory");
    let wanted = v1::Zone {
        id: zone.to_owned(),
        territory: territory.to_owned(),
        name: "Parc d'essai".to_owned(),
        ..v1::Zone::default()
    };
    client
        .create_zone(v1::CreateZoneRequest {
            zone: Some(wanted),
            allow_existing: true,
        })
        .await
        .expect("a zone");
}

/// What a generated client may speak over.
pub trait Transport:
    tonic::client::GrpcService<
        tonic::body::Body,
        ResponseBody: tonic::codegen::Body<
            Data = tonic::codegen::Bytes,
            Error: Into<tonic::codegen::StdError> + Send,
        > + Send
                          + 'static,
        Error: Into<tonic::codegen::StdError>,
    >
{
}

impl<S> Transport for S where
    S: tonic::client::GrpcService<
            tonic::body::Body,
            ResponseBody: tonic::codegen::Body<
                Data = tonic::codegen::Bytes,
                Error: Into<tonic::codegen::StdError> + Send,
            > + Send
                              + 'static,
            Error: Into<tonic::codegen::StdError>,
        >
{
}

pub fn header() -> v1::ImportHeader {
    v1::ImportHeader {
        territory: TERRITORY.to_owned(),
        zone: ZONE.to_owned(),
        file_name: "essai.csv".to_owned(),
        mode: v1::ImportMode::Merge.into(),
        valid_on: "2026-11-01".to_owned(),
        ..v1::ImportHeader::default()
    }
}

/// Sends a file in chunks.
pub async fn import<S>(
    client: &mut DeclarationServiceClient<S>,
    header: v1::ImportHeader,
    sheet: &[u8],
) -> Result<v1::ImportReport, Status>
where
    S: Transport,
{
    use v1::import_declarations_request::Part;
    let mut parts = vec![v1::ImportDeclarationsRequest {
        part: Some(Part::Header(header)),
    }];
    for chunk in sheet.chunks(7_000) {
        parts.push(v1::ImportDeclarationsRequest {
            part: Some(Part::Chunk(chunk.to_vec())),
        });
    }
    Ok(client
        .import_declarations(tokio_stream::iter(parts))
        .await?
        .into_inner())
}

pub fn run_request() -> v1::CreateRunRequest {
    v1::CreateRunRequest {
        territory: TERRITORY.to_owned(),
        valid_on: "2026-11-01".to_owned(),
        ..v1::CreateRunRequest::default()
    }
}

/// Watches a run to its end; the states come in order and the last one is final.
pub async fn ended<S>(client: &mut RunServiceClient<S>, run: &str) -> v1::Run
where
    S: Transport,
{
    let request = v1::WatchRunRequest {
        territory: TERRITORY.to_owned(),
        run: run.to_owned(),
    };
    let mut states = client
        .watch_run(request)
        .await
        .expect("a watch")
        .into_inner();
    let mut last: Option<v1::WatchRunResponse> = None;
    while let Some(state) = states.message().await.expect("a state") {
        if let Some(before) = &last {
            assert!(
                state.sequence > before.sequence,
                "{} after {}",
                state.sequence,
                before.sequence
            );
        }
        last = Some(state);
    }
    let run = last.and_then(|state| state.run).expect("a last state");
    assert!(run.end_time.is_some(), "{run:?}");
    run
}

/// A server on a loopback port, with tokens.
pub struct Guarded {
    pub endpoint: Channel,
    stop: Option<oneshot::Sender<()>>,
    served: tokio::task::JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl Guarded {
    /// Starts it with the lines of a token file.
    pub async fn start(tokens: &str) -> Guarded {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tokens.tsv");
        std::fs::write(&path, tokens).expect("a token file");
        let mut config = Config::new("127.0.0.1:0".parse().expect("an address"));
        config.tokens = Some(path);
        config.place.limits = one_at_a_time();
        let bound = Bound::bind(config).await.expect("the server starts");
        let endpoint =
            Endpoint::from_shared(format!("http://{}", bound.address())).expect("an endpoint");
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(async move {
            let shutdown = async {
                let _ = stopped.await;
            };
            bound.run(shutdown).await.expect("the server serves");
        });
        let endpoint = endpoint.connect().await.expect("a connection");
        Guarded {
            endpoint,
            stop: Some(stop),
            served,
            _folder: folder,
        }
    }

    pub fn with(&self, token: &str) -> InterceptedService<Channel, Bearer> {
        InterceptedService::new(self.endpoint.clone(), Bearer(token.to_owned()))
    }

    /// Stops it and waits.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        drop(self.endpoint);
        tokio::time::timeout(std::time::Duration::from_secs(30), self.served)
            .await
            .expect("it stops")
            .expect("in order");
    }
}

/// Adds a token to each request.
#[derive(Clone)]
pub struct Bearer(String);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let value: MetadataValue<_> = format!("Bearer {}", self.0).parse().expect("a header");
        request.metadata_mut().insert("authorization", value);
        Ok(request)
    }
}

/// The reason of an error, its code checked.
pub fn reason(status: &Status, code: Code) -> String {
    assert_eq!(status.code(), code, "{status:?}");
    let info = status.get_details_error_info().expect("an ErrorInfo");
    assert_eq!(info.domain, "boucle");
    info.reason
}

/// The details of an error.
pub fn details(status: &Status) -> ErrorDetails {
    status.get_error_details()
}

/// A file of the repository.
pub fn testdata(path: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../testdata")
        .join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
