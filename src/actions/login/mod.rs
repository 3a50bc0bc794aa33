//! Signs in by every login method and saves the result. Must not print or read the terminal.

pub(crate) mod api_key;
pub(crate) mod authorization_server;
pub(crate) mod browser;
pub(crate) mod callback;
pub(crate) mod choice;
pub(crate) mod client;
pub(crate) mod client_credentials;
pub(crate) mod cookie;
pub(crate) mod device;
mod discovered;
pub(crate) mod email_verification;
pub(crate) mod extend;
pub(crate) mod grant;
pub(crate) mod import;
pub(crate) mod method;
pub(crate) mod options;
pub(crate) mod password;
pub(crate) mod redirect;
pub(crate) mod registered;
pub(crate) mod registration;
pub(crate) mod replace;
pub(crate) mod resource;
pub(crate) mod resource_client;
pub(crate) mod resource_target;
pub(crate) mod save;
pub(crate) mod verify;
pub(crate) mod workload;
