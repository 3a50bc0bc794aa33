//! `--permanent`, `--temporary` and `--kind`

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

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

/// Parses the value of `--kind`.
pub(super) fn kind_parser() -> impl TypedValueParser<Value = TokenKind> {
    let kinds = [TokenKind::Permanent, TokenKind::Temporary];
    PossibleValuesParser::new(kinds.map(TokenKind::label)).try_map(move |name| {
        let mut kinds = kinds.into_iter();
        kinds
            .find(|kind| kind.label() == name)
            .ok_or("unknown kind")
    })
}
