//! Servers, clients and a browser that nobody here wrote. Each journey runs the real program.

#[cfg(feature = "sandbox")]
mod browser;
mod oidc_provider;
#[cfg(feature = "sandbox")]
mod openid_client;
