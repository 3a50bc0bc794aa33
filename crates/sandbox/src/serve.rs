//! The sandbox as a server of its own.

use std::future::Future;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::Sandbox;
use super::fault::{Breakable, Line};

/// How long a request under way may take to finish once the server is told to stop. A browser keeps connections open
/// without asking anything; nobody waits for those.
const GRACE: Duration = Duration::from_secs(2);

/// Answers on `listener`, with the faults of the settings, until `shutdown` is ready, then lets what is under way finish, for two seconds at most.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    sandbox: Sandbox,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    serve_router(sandbox.faulty_router(), listener, shutdown).await
}

/// The same for a router that somebody has put something around.
pub(super) async fn serve_router(
    router: Router,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (told, stopping) = oneshot::channel();
    let stop = async move {
        shutdown.await;
        // The receiver is gone only when the server ended by itself.
        let _ = told.send(());
    };
    let service = router.into_make_service_with_connect_info::<Line>();
    let server = axum::serve(Breakable(listener), service).with_graceful_shutdown(stop);
    let patience = async move {
        if stopping.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = server => ended,
        () = patience => Ok(()),
    }
}
