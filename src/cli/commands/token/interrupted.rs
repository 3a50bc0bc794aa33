//! Hints after a creation or rotation that failed or was interrupted.

use jiff::Timestamp;

use crate::actions::ProfileSession;
use crate::cli::failure::{Code, Failure};
use crate::domain::{Hint, TokenId};
use crate::vault::JournalKind;

/// An operation that may have created a token.
pub(super) struct Operation<'a> {
    pub(super) session: ProfileSession<'a>,
    pub(super) journal: JournalKind,
    pub(super) began: Timestamp,
}

impl Operation<'_> {
    /// Adds `may_exist` if a token may be left over, and `done` if the operation was complete when it was interrupted.
    pub(super) fn explain(
        &self,
        failure: Failure,
        may_exist: Hint,
        done: impl FnOnce(&TokenId) -> Hint,
    ) -> Failure {
        if failure.code != Code::Interrupted || self.has_journal() {
            return failure.hint_if_unanswered(may_exist);
        }
        match self.written_token() {
            Some(id) => failure.with_hint(done(&id)),
            None => failure,
        }
    }

    fn has_journal(&self) -> bool {
        let (vault, profile) = (&self.session.context.vault, &self.session.target.name);
        let open = vault.unfinished_journals(Some(profile));
        open.iter().any(|journal| journal.kind == self.journal)
    }

    /// Returns the token whose secret the operation wrote to targets.
    fn written_token(&self) -> Option<TokenId> {
        let remembered = self.session.remembered_targets().ok()?;
        let mut written = remembered.into_iter().filter(|it| it.since >= self.began);
        written.next().map(|entry| entry.token.id)
    }
}
