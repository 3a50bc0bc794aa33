//! Use cases in process: the real vault and HTTP client, the sandbox or scripted servers, paused time. Every request is
//! recorded.

mod api_keys;
mod authorization_servers;
mod concurrent_refresh;
mod error_responses;
mod fixture;
mod identity;
mod interrupted_refresh;
mod login;
mod login_defaults;
mod login_methods;
mod logout;
mod malformed_responses;
mod mounted_secrets;
mod network;
mod origin_binding;
mod pagination;
mod refresh;
mod rotate;
mod selection;
mod service_refresh;
mod status;
mod token_calls;
mod tokens;
mod userinfo;
