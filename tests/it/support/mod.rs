//! Fixtures that the suites share: homes, the real program, servers, proxies, terminals, and the leak harness.

pub(crate) mod authority;
pub(crate) mod http_client;
#[cfg(feature = "sandbox")]
pub(crate) mod key_service;
#[cfg(all(feature = "sandbox", feature = "keyring"))]
pub(crate) mod keyring;
pub(crate) mod leak;
pub(crate) mod peer;
pub(crate) mod process;
pub(crate) mod proxy;
#[cfg(all(feature = "sandbox", feature = "tui"))]
pub(crate) mod pty;
#[cfg(feature = "sandbox")]
pub(crate) mod recorder;
#[cfg(feature = "sandbox")]
pub(crate) mod sandbox;
pub(crate) mod scripted_server;
pub(crate) mod skip;
mod socks;
pub(crate) mod temp_dir;
pub(crate) mod test_home;
#[cfg(feature = "sandbox")]
pub(crate) mod users;
#[cfg(feature = "sandbox")]
pub(crate) mod visitor;

/// Returns a port that nothing listens on. It is below the range from which the system chooses, so that no other program gets it
/// by chance before the test uses it.
pub(crate) fn unused_port() -> u16 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = std::process::id().wrapping_mul(37) + NEXT.fetch_add(1, Ordering::Relaxed);
        let port = u16::try_from(10_000 + number % 20_000).unwrap();
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
