//! Protocols by which other programs ask for a credential, and the forms in which they read one: bytes in, a request out;
//! a credential in, bytes out. One file per protocol.
//!
//! This module does no I/O and does not decide which credential a program gets. It imports only `domain`.

pub mod git;
mod origin;
pub mod text;

use jiff::Timestamp;

use crate::domain::{AuthHeader, Secret};

pub use origin::parse_origin;

/// What a program gets.
#[derive(Debug, Clone)]
pub struct Grant {
    pub header: AuthHeader,
    /// When the program should ask again.
    pub expires_at: Option<Timestamp>,
    pub account: Option<String>,
}

/// The user name for protocols that require one, of an account without a name. Token servers ignore it.
const ANY_USER: &str = "oauth2accesstoken";

impl Grant {
    fn secret(&self) -> &Secret {
        &self.header.secret
    }

    /// Returns the account, unless its name cannot be sent in HTTP Basic authentication (RFC 7617 §2).
    fn user(&self) -> &str {
        let account = self.account.as_deref();
        let is_sendable = |name: &&str| !name.is_empty() && !name.contains([':', '\0', '\r', '\n']);
        account.filter(is_sendable).unwrap_or(ANY_USER)
    }
}
