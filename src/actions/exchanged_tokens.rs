//! The short-lived tokens that keys of this command were exchanged for.

use tokio::sync::Mutex;

use crate::domain::{Credential, Expiry, Origin, Secret};

/// The tokens of this command.
#[derive(Debug, Default)]
pub struct ExchangedTokens(pub(super) Mutex<Vec<ExchangedToken>>);

#[derive(Debug)]
pub(super) struct ExchangedToken {
    pub(super) origin: Origin,
    pub(super) key: Secret,
    pub(super) credential: Credential,
    pub(super) expiry: Expiry,
}
