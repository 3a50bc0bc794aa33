//! Servers, clients and a browser that nobody here wrote. Each home runs the real program.

#[cfg(feature = "sandbox")]
mod browser;
#[cfg(feature = "sandbox")]
mod curl;
mod oidc_provider;
#[cfg(feature = "sandbox")]
mod openid_client;
