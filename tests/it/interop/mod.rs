//! Third-party servers, clients and a browser, with the real program.

#[cfg(feature = "sandbox")]
mod authlib;
mod better_auth;
#[cfg(feature = "sandbox")]
mod browser;
#[cfg(feature = "sandbox")]
mod browser_login;
#[cfg(feature = "sandbox")]
mod client_credentials;
#[cfg(feature = "sandbox")]
mod clients;
#[cfg(feature = "sandbox")]
mod curl;
#[cfg(feature = "sandbox")]
mod fastmcp;
#[cfg(feature = "sandbox")]
mod gallery;
#[cfg(feature = "sandbox")]
mod git;
#[cfg(feature = "sandbox")]
mod mcp;
#[cfg(feature = "sandbox")]
mod mcp_resource;
#[cfg(feature = "sandbox")]
mod msal;
#[cfg(feature = "sandbox")]
mod oidc_agent;
mod oidc_provider;
#[cfg(feature = "sandbox")]
mod openid_client;
#[cfg(feature = "sandbox")]
mod protected_resource;
#[cfg(feature = "sandbox")]
mod token_exchange;
