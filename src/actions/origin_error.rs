//! Why a secret is not sent to a server, or not stored for it.

use std::path::PathBuf;

use super::Replacement;
use crate::domain::Origin;

/// A secret would go to another server, or take the place of another server's.
#[derive(Debug, thiserror::Error)]
pub enum OriginError {
    /// A sign-in would replace a credential of another server.
    #[error(
        "cannot sign in to {} as profile \"{}\": it holds a session for {}, which would be replaced",
        .0.new, .0.profile, .0.old
    )]
    WouldReplace(Replacement),
    /// The profile name that an issuer stands for is that of another profile.
    #[error("cannot create a profile for `{issuer}`: there is a profile \"{name}\" already")]
    IssuerProfileTaken {
        /// The issuer.
        issuer: String,
        /// The name.
        name: String,
    },
    /// A key that is not for the service's own URL needs a variable for the URL beside it.
    #[error(
        "cannot write the key to `{}`: it is for {here}, and {service} has no environment variable for its URL",
        path.display()
    )]
    NoUrlVariable {
        /// The file.
        path: PathBuf,
        /// The service's name.
        service: String,
        /// Where the key is created.
        here: Origin,
    },
    /// A key in an env file is sent to the address in it.
    #[error("cannot write the key to `{}`: {variable} in it is not {here}, where the key is created", path.display())]
    OtherAddress {
        /// The file.
        path: PathBuf,
        /// The variable that holds the address.
        variable: String,
        /// Where the key is made.
        here: Origin,
    },
}
