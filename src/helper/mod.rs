//! Protocols by which other programs ask for a credential, and the forms in which they read one: bytes in, a request out;
//! a credential in, bytes out. One file per protocol.
//!
//! This module does no I/O and does not decide which credential a program gets. It imports only `domain`.

pub mod cargo;
pub mod ci_commands;
pub mod config_text;
pub mod docker;
pub mod git;
pub mod goauth;
pub mod keyring;
pub mod kubectl;
mod origin;
pub mod pnpm;
pub mod terraform;
pub mod text;

use jiff::Timestamp;

use crate::domain::{AuthHeader, Secret};

pub use origin::{is_server, parse_origin, parse_url_origin};

/// The credential for a program, and how to send it.
#[derive(Debug, Clone)]
pub struct Grant {
    pub header: AuthHeader,
    /// When the program should ask again.
    pub expires_at: Option<Timestamp>,
    pub account: Option<String>,
}

/// The user name for protocols that require one, of an account without a name. Token servers ignore it.
const ANY_USER: &str = "oauth2accesstoken";

/// Marks an OAuth 2.0 refresh token in the protocol of docker.
const TOKEN_USER: &str = "<token>";

impl Grant {
    fn secret(&self) -> &Secret {
        &self.header.secret
    }

    /// Returns the account, unless its name cannot be sent in HTTP Basic authentication (RFC 7617 §2).
    fn user(&self) -> &str {
        let account = self.account.as_deref();
        let is_sendable = |name: &&str| {
            !name.is_empty() && *name != TOKEN_USER && !name.contains([':', '\0', '\r', '\n'])
        };
        account.filter(is_sendable).unwrap_or(ANY_USER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grant for the codecs' tests, which expires at second 1000.
    pub(super) fn grant(account: Option<&str>) -> Grant {
        Grant {
            header: AuthHeader {
                name: "Authorization".to_owned(),
                scheme: Some("Bearer".to_owned()),
                secret: Secret::new("key"),
            },
            expires_at: Some(Timestamp::from_second(1000).unwrap()),
            account: account.map(str::to_owned),
        }
    }
}
