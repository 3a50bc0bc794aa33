//! `--permanent` and `--temporary`

use clap::Args;

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
