//! `brainmaps-sandbox serve`: serves all services on a loopback port until SIGINT or SIGTERM.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use brainmaps_sandbox::{DEMO_EMAIL, DEMO_PASSWORD, Sandbox, State, serve};
use tokio::net::TcpListener;

use super::args::ServeArgs;
use super::{Result, settings};

pub(crate) fn run(args: ServeArgs) -> Result<()> {
    let mut settings = settings(args.state.map_or(State::Memory, State::File))?;
    let seconds = |given: Option<u64>, default| given.map_or(default, Duration::from_secs);
    settings.auto_approve = args.auto_approve;
    settings.interval = seconds(args.interval, settings.interval);
    settings.access_ttl = seconds(args.access_ttl, settings.access_ttl);
    settings.code_ttl = seconds(args.code_ttl, settings.code_ttl);
    settings.require_par = args.require_par;
    settings.redirect_uris = args.redirect_uris;
    settings.faults.add(args.faults);
    let sandbox = Sandbox::open(settings)?;
    runtime()?.block_on(async {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| format!("cannot listen on {address}: {error}"))?;
        let port = listener.local_addr()?.port();
        let stop = shutdown_signal()?;
        writeln!(
            io::stdout(),
            "listening on http://localhost:{port}\naccount {DEMO_EMAIL}, password {DEMO_PASSWORD}; press Ctrl-C to stop"
        )?;
        Ok(serve(sandbox, listener, stop).await?)
    })
}

pub(crate) fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// Completes on SIGINT or SIGTERM. The handlers are installed before this returns.
pub(crate) fn shutdown_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
