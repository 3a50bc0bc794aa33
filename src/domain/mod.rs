//! Pure values that every room shares. No I/O, no clock, no environment.

mod api_token;
mod credential;
pub mod env_text;
mod expiry;
mod names;
mod origin;
mod sanitize;
mod scopes;
mod secret;
mod stored_credential;
mod token_fact;

pub use api_token::{ApiToken, CreatedToken, TokenKind};
pub use credential::{Credential, CredentialKind};
pub use expiry::{ClockReading, Expiry, Freshness};
pub use names::{InvalidName, ProfileName, ProviderId, TokenId};
pub use origin::{BaseUrl, InvalidUrl, Origin, differing_hosts, is_loopback};
pub use sanitize::{quote_for_shell, sanitize_line, sanitize_line_untrimmed, sanitize_text};
pub use scopes::Scopes;
pub use secret::Secret;
pub use stored_credential::{OAuthServer, StoredCredential};
pub use token_fact::TokenFact;
