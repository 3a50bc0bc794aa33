//! Why a secret is not sent to a server, or not stored for it.

use crate::actions::Replacement;

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
}
