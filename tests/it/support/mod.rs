//! Shared parts of the tests: homes, the real program, servers, and the leak harness.

pub(crate) mod authority;
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
mod socks;
pub(crate) mod temp_dir;
pub(crate) mod test_home;
#[cfg(feature = "sandbox")]
pub(crate) mod users;
#[cfg(feature = "sandbox")]
pub(crate) mod visitor;
