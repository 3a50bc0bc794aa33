//! `--permanent`, `--temporary` and `--kind`: select tokens of one kind.

use clap::Args;

use crate::actions::{Target, TokenArgument};
use crate::cli::failure::Failure;
use crate::domain::TokenKind;

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct KindArgs {
    /// Select permanent tokens
    #[arg(long, conflicts_with = "temporary")]
    permanent: bool,
    /// Select temporary tokens
    #[arg(long)]
    temporary: bool,
}

impl KindArgs {
    /// The kind that was named.
    pub(super) fn kind(self) -> Option<TokenKind> {
        match (self.permanent, self.temporary) {
            (true, _) => Some(TokenKind::Permanent),
            (_, true) => Some(TokenKind::Temporary),
            _ => None,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct ServiceKindArgs {
    /// Select this kind of token, if the service has several kinds
    #[arg(long = "kind", value_name = "KIND")]
    service_kind: Option<String>,
}

impl ServiceKindArgs {
    /// Selects the kind that is named, or that the ids begin with.
    pub(super) fn select(&self, target: &mut Target, ids: &[TokenArgument]) -> Result<(), Failure> {
        Ok(target.select_token_kind(self.service_kind.as_deref(), ids)?)
    }
}

/// Returns the lifetime that `token list --kind` names; otherwise selects the kind of the service.
pub(super) fn select_listed(
    target: &mut Target,
    name: Option<&str>,
) -> Result<Option<TokenKind>, Failure> {
    let lifetimes = [TokenKind::Permanent, TokenKind::Temporary];
    let mut lifetimes = lifetimes.into_iter();
    let lifetime = lifetimes.find(|kind| name == Some(kind.label()));
    if lifetime.is_none() {
        target.select_token_kind(name, &[])?;
    }
    Ok(lifetime)
}
