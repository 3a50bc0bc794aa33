//! `--permanent` and `--temporary`

use clap::Args;

use crate::domain::TokenKind;

/// One kind of token, or both.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct KindArgs {
    /// Those that live until they are revoked
    #[arg(long, conflicts_with = "temporary")]
    permanent: bool,
    /// Those that end by themselves
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
