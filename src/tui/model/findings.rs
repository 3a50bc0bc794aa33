//! The findings of an audit.

use super::Loading;
use crate::actions::{Audit, AuditFinding};
use crate::domain::TokenId;

#[derive(Debug, Default)]
pub(in crate::tui) struct FindingList {
    pub(in crate::tui) audit: Audit,
    pub(in crate::tui) cursor: usize,
    pub(in crate::tui) loading: Loading,
    /// The project file that has a part of the policy.
    pub(in crate::tui) policy_file: Option<String>,
}

impl FindingList {
    pub(in crate::tui) fn selected(&self) -> Option<&AuditFinding> {
        self.audit.findings.get(self.cursor)
    }

    pub(in crate::tui) fn selected_token(&self) -> Option<TokenId> {
        self.selected()?.token.clone()
    }

    pub(in crate::tui) fn replace(&mut self, audit: Audit) {
        self.audit = audit;
        let last = self.audit.findings.len().saturating_sub(1);
        self.cursor = self.cursor.min(last);
        self.loading = Loading::Done;
    }
}
