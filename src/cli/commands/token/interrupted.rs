//! Hints after a creation or rotation that failed or was interrupted.

use jiff::Timestamp;

use crate::actions::ProfileSession;
use crate::cli::failure::{Code, Failure};
use crate::domain::{CommandLine, Hint, TokenId};
use crate::provider::TokenVerb;
use crate::vault::{JournalKind, JournaledOperation};

/// An operation that may have created a token.
pub(super) struct Operation<'a> {
    pub(super) session: ProfileSession<'a>,
    journal: JournalKind,
    began: Timestamp,
    /// The operations that earlier runs did not finish, except the one that this run continues.
    others: Vec<JournaledOperation>,
}

impl<'a> Operation<'a> {
    pub(super) fn creation(session: ProfileSession<'a>) -> Self {
        Self::begin(session, JournalKind::Creation, |_| false)
    }

    pub(super) fn rotation(session: ProfileSession<'a>, id: &TokenId) -> Self {
        let continues = |open: &JournaledOperation| match open {
            JournaledOperation::Rotation(rotation) => session.is_rotation_of(rotation, id),
            JournaledOperation::Creation { .. } => false,
        };
        Self::begin(session, JournalKind::Rotation, continues)
    }

    fn begin(
        session: ProfileSession<'a>,
        journal: JournalKind,
        continues: impl Fn(&JournaledOperation) -> bool,
    ) -> Self {
        let mut others = unfinished(session, journal);
        others.retain(|open| open.as_ref().is_none_or(|open| !continues(open)));
        Self {
            session,
            journal,
            began: session.context.now(),
            others: others.into_iter().flatten().collect(),
        }
    }

    /// Adds the hint about a token whose secret may be lost.
    pub(super) fn explain_creation(&self, failure: Failure) -> Failure {
        let hint = if self.session.target.descriptor.supports(TokenVerb::List) {
            Hint::from("the service may have created the token: the next ")
                .command("token create")
                .text(" looks for it, or find it with ")
                .command("token list")
                .text(" and run ")
                .command("token revoke ID")
        } else {
            let text =
                "the service may have created the token: look for it on the website of the service";
            Hint::from(text)
        };
        self.explain(failure, hint, |id| {
            Hint::from(format!(
                "token {id} was created; if a target lacks its secret, run "
            ))
            .command(CommandLine::from("token rotate").argument(id))
        })
    }

    /// Adds `may_exist` if a token may be left over, and `done` if the operation was complete when it was interrupted.
    pub(super) fn explain(
        &self,
        failure: Failure,
        may_exist: Hint,
        done: impl FnOnce(&TokenId) -> Hint,
    ) -> Failure {
        if failure.code != Code::Interrupted || self.has_journal() {
            return failure.hint_if_response_lost(may_exist);
        }
        match self.written_token() {
            Some(id) => failure.with_hint(done(&id)),
            None => failure,
        }
    }

    /// Returns whether the operation left a journal. A damaged one may be its own.
    fn has_journal(&self) -> bool {
        let open = unfinished(self.session, self.journal);
        let is_own = |open: &JournaledOperation| !self.others.contains(open);
        open.iter().any(|open| open.as_ref().is_none_or(is_own))
    }

    /// Returns the token whose secret the operation wrote to targets.
    fn written_token(&self) -> Option<TokenId> {
        let remembered = self.session.remembered_targets().ok()?;
        let mut written = remembered.into_iter().filter(|it| it.since >= self.began);
        let written = written.find(|entry| !self.is_of_other(&entry.token.id));
        written.map(|entry| entry.token.id)
    }

    /// Returns whether `id` is the new token of another rotation, which this run may have finished first.
    fn is_of_other(&self, id: &TokenId) -> bool {
        self.others.iter().any(|other| match other {
            JournaledOperation::Rotation(rotation) => rotation.new.as_ref() == Some(id),
            JournaledOperation::Creation { .. } => false,
        })
    }
}

/// Returns the unfinished operations of the profile; `None` for a damaged journal.
fn unfinished(session: ProfileSession<'_>, kind: JournalKind) -> Vec<Option<JournaledOperation>> {
    let (vault, profile) = (&session.context.vault, &session.target.name);
    let open = vault.unfinished_journals(Some(profile)).into_iter();
    let open = open.filter(|journal| journal.kind == kind);
    open.map(|journal| journal.content.ok()).collect()
}
