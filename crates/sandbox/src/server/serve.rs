//! Serves the sandbox on a TCP listener.

use std::future::Future;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::fault::{BreakableListener, ConnectionHandle};
use crate::state::Sandbox;

/// How long shutdown waits for requests in flight. Browsers keep idle connections open; those are dropped.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// Serves on `listener`, with the configured faults, until `shutdown` completes. Then waits up to two seconds for requests in
/// flight.
///
/// # Errors
/// Returns an error if the listener fails.
pub async fn serve(
    sandbox: Sandbox,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    serve_router(sandbox.faulty_router(), listener, shutdown).await
}

/// Serves `router`, which may have more layers than [`Sandbox::faulty_router`].
pub(crate) async fn serve_router(
    router: Router,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (sender, receiver) = oneshot::channel();
    let stop = async move {
        shutdown.await;
        // Sending fails only if the server has already ended.
        let _ = sender.send(());
    };
    let service = router.into_make_service_with_connect_info::<ConnectionHandle>();
    let server = axum::serve(BreakableListener(listener), service).with_graceful_shutdown(stop);
    let timeout = async move {
        if receiver.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(SHUTDOWN_TIMEOUT).await;
    };
    tokio::select! {
        result = server => result,
        () = timeout => Ok(()),
    }
}
