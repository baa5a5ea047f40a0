//! `boucle serve`: the service on an address.

use std::net::SocketAddr;
use std::path::PathBuf;

use boucle_server::{Bound, Config, Limits, Place};
use clap::Args;
use tracing_subscriber::EnvFilter;

use crate::failure::{Failure, Result};
use crate::output::{self, Data};
use crate::text::Language;

/// Where to listen and what to keep.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address; port 0 takes a free one. Any other than this machine's own asks for --tokens
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7878")]
    listen: SocketAddr,
    /// File of the store; without it everything is forgotten when the service stops
    #[arg(long, value_name = "PATH")]
    store: Option<PathBuf>,
    /// Folder of tables (*.csv) that replace those built in, by file name
    #[arg(long, value_name = "DIR")]
    knowledge: Option<PathBuf>,
    /// File of tokens, one a line: token, role, territory, firm, parted by tabs
    #[arg(long, value_name = "FILE")]
    tokens: Option<PathBuf>,
    /// Threads that solve, 0 for one on each core
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
}

/// Serves until interrupted. The address is told on standard output; the log goes to standard
/// error, as much of it as BOUCLE_LOG says.
pub async fn run(args: &ServeArgs, language: Language) -> Result<()> {
    let filter = EnvFilter::try_from_env("BOUCLE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A log set up before is as good.
    let _ = log.try_init();
    let place = Place {
        store: args.store.clone(),
        knowledge: args.knowledge.clone(),
        limits: Limits {
            threads: args.threads,
            ..Limits::default()
        },
    };
    let config = Config {
        place,
        tokens: args.tokens.clone(),
        ..Config::new(args.listen)
    };
    // Asked for before the address is told, so that whoever reads it may stop us at once.
    let stop = stop_signal()?;
    let bound = Bound::bind(config)
        .await
        .map_err(|error| Failure::Error(error.to_string()))?;
    if args.store.is_none() {
        output::say(language.pick(
            "boucle : sans --store, tout est oublié à l'arrêt",
            "boucle: without --store everything is forgotten on stopping",
        ));
    }
    let mut data = Data::open();
    data.line(&format!("listening on http://{}", bound.address()))?;
    data.close()?;
    bound
        .run(stop)
        .await
        .map_err(|error| Failure::Error(error.to_string()))
}

/// Resolves when the process is asked to end.
#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Resolves when the process is asked to end.
#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
