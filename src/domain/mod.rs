//! Pure values that every room shares. No I/O, no clock, no environment.

mod api_token;
mod credential;
pub mod env_text;
mod expiry;
mod names;
mod origin;
mod scopes;
mod secret;
mod stored;
mod text;
mod token_fact;

pub use api_token::{ApiToken, MintedToken, TokenKind};
pub use credential::{Credential, CredentialKind};
pub use expiry::{Expiry, Freshness, Moment};
pub use names::{InvalidName, ProfileName, ProviderId, TokenId};
pub use origin::{BaseUrl, InvalidUrl, Origin, hosts_apart, is_loopback};
pub use scopes::Scopes;
pub use secret::Secret;
pub use stored::{Authority, StoredCredential};
pub use text::{flat, one_line, printable, shell_word};
pub use token_fact::TokenFact;
