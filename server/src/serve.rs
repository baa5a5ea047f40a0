//! The service on a network address.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::Server;

use crate::auth::Tokens;
use crate::grpc::caller::Callers;
use crate::installation::{Installation, Place, ServeError};

/// Calls answered at once on one connection; further ones wait.
const CALLS_PER_CONNECTION: usize = 128;

/// How a server is started.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address to listen on; port 0 takes a free one.
    pub address: SocketAddr,
    /// Data and tables.
    pub place: Place,
    /// Token file. Required unless the address is loopback; without one, whoever reaches the server
    /// is the animator of every territory.
    pub tokens: Option<PathBuf>,
    /// Time given to open calls when the server stops.
    pub drain: Duration,
}

impl Config {
    /// A server on an address, with a store that vanishes with it.
    pub fn new(address: SocketAddr) -> Config {
        Config {
            address,
            place: Place::default(),
            tokens: None,
            drain: Duration::from_secs(20),
        }
    }
}

/// Listens until `shutdown`, then drains.
///
/// # Errors
/// Why the server could not start, or what its transport failed of.
pub async fn serve(
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    Bound::bind(config).await?.run(shutdown).await
}

/// A server that has its address and its store, and takes no call yet.
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    callers: Callers,
    installation: Installation,
    drain: Duration,
}

impl Bound {
    /// Opens the store, takes up unfinished runs and takes the address.
    ///
    /// # Errors
    /// `TokensRequired` before anything is opened, when anyone could reach the address.
    pub async fn bind(config: Config) -> Result<Bound, ServeError> {
        let callers = match &config.tokens {
            None if config.address.ip().is_loopback() => Callers::Local,
            None => return Err(ServeError::TokensRequired(config.address)),
            Some(path) => {
                let text = std::fs::read_to_string(path);
                let text = text.map_err(|source| ServeError::Unreadable {
                    path: path.clone(),
                    source,
                })?;
                Callers::Tokens(Arc::new(Tokens::read(&text)?))
            }
        };
        let failed = |source| ServeError::Address {
            address: config.address,
            source,
        };
        let listener = TcpListener::bind(config.address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let installation = Installation::open(&config.place).await?;
        Ok(Bound {
            listener,
            address,
            callers,
            installation,
            drain: config.drain,
        })
    }

    /// The address, with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes calls until `shutdown`. Then says so to those who ask for its health, interrupts the
    /// runs (they are taken up at the next start), lets open calls end, and lets go of the store.
    ///
    /// # Errors
    /// What the transport failed of.
    pub async fn run(
        self,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let routes = self.installation.routes(self.callers.clone()).await?;
        let (stop, mut stopped) = watch::channel(false);
        let server = Server::builder()
            .concurrency_limit_per_connection(CALLS_PER_CONNECTION)
            .http2_keepalive_interval(Some(Duration::from_secs(60)))
            .tcp_nodelay(true)
            .add_routes(routes)
            .serve_with_incoming_shutdown(TcpListenerStream::new(self.listener), async move {
                // An error means that the sender is gone, which is a stop as well.
                let _ = stopped.wait_for(|&stop| stop).await;
            });
        tokio::pin!(server);
        tracing::info!(address = %self.address, "listening");
        let served = tokio::select! {
            served = &mut server => served,
            () = shutdown => {
                tracing::info!("stopping");
                self.installation.withdraw().await;
                stop.send_replace(true);
                match tokio::time::timeout(self.drain, &mut server).await {
                    Ok(served) => served,
                    Err(_) => {
                        tracing::warn!(seconds = self.drain.as_secs_f64(), "calls still open are cut off");
                        Ok(())
                    }
                }
            }
        };
        self.installation.close().await;
        Ok(served?)
    }
}
