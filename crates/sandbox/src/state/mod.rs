//! The state of all services: the settings, the accounts and the SQLite database, which several processes may share.

pub(crate) mod account;
pub(crate) mod attempt_limit;
mod database_file;
mod sandbox;
mod schema;
mod service;
mod settings;
mod store;

pub use sandbox::Sandbox;
pub(crate) use schema::Schema;
pub(crate) use service::{Registration, Service};
pub use settings::{Settings, State};
