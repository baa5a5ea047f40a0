//! The service inside the process, over an in-memory channel.

use hyper_util::rt::TokioIo;
use tokio::io::DuplexStream;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::transport::{Channel, Endpoint, Server, Uri};

use crate::grpc::caller::Callers;
use crate::installation::{Installation, Place, ServeError};

/// Bytes that may be on their way in each direction.
const BUFFER: usize = 1 << 20;

/// The service in this process; whoever holds it is the person at the machine.
///
/// Dropped without [`stop`](Embedded::stop), it interrupts its runs; those of a store in a file are
/// taken up when the file is next opened.
pub struct Embedded {
    channel: Channel,
    installation: Installation,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Embedded {
    /// Starts the service.
    ///
    /// # Errors
    /// Why store or tables cannot be used.
    pub async fn start(place: Place) -> Result<Embedded, ServeError> {
        Embedded::over(Installation::open(&place).await?, Callers::Local).await
    }

    /// A channel to the service; clone it freely.
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// Stops in good order: open calls end, runs are put back in the queue, the store is let go.
    pub async fn stop(mut self) {
        self.installation.withdraw().await;
        self.stop.send_replace(true);
        self.channel = closed();
        if tokio::time::timeout(std::time::Duration::from_secs(5), &mut self.server)
            .await
            .is_err()
        {
            self.server.abort();
        }
        self.installation.close().await;
    }

    /// The service over an installation, for callers of some kind.
    pub(crate) async fn over(
        installation: Installation,
        callers: Callers,
    ) -> Result<Embedded, ServeError> {
        let routes = installation.routes(callers).await?;
        let (connect, incoming) = mpsc::unbounded_channel::<DuplexStream>();
        let (stop, mut stopped) = watch::channel(false);
        let incoming = UnboundedReceiverStream::new(incoming).map(Ok::<_, std::io::Error>);
        let server = tokio::spawn(async move {
            let served = Server::builder()
                .add_routes(routes)
                .serve_with_incoming_shutdown(incoming, async move {
                    let _ = stopped.wait_for(|&stop| stop).await;
                });
            if let Err(error) = served.await {
                tracing::error!(%error, "embedded service stopped");
            }
        });
        let connector = tower::service_fn(move |_: Uri| {
            let (client, server) = tokio::io::duplex(BUFFER);
            let refused = |_| std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
            let sent = connect.send(server).map_err(refused);
            async move { sent.map(|()| TokioIo::new(client)) }
        });
        let endpoint = Endpoint::from_static("http://embedded.invalid");
        let channel = endpoint.connect_with_connector(connector).await?;
        Ok(Embedded {
            channel,
            installation,
            stop,
            server,
        })
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.installation.interrupt();
        self.stop.send_replace(true);
        self.server.abort();
    }
}

/// A channel that leads nowhere.
fn closed() -> Channel {
    Endpoint::from_static("http://closed.invalid").connect_lazy()
}
