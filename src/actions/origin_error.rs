//! Errors that prevent sending or storing a secret for the wrong server.

use crate::actions::Replacement;

#[derive(Debug, thiserror::Error)]
pub enum OriginError {
    #[error(
        "cannot sign in to {} as profile \"{}\": it holds a session for {}, which would be replaced",
        .0.new, .0.profile, .0.old
    )]
    WouldReplace(Replacement),
    #[error("cannot create a profile for \"{issuer}\": profile \"{name}\" already exists")]
    IssuerProfileTaken { issuer: String, name: String },
}
