//! The secret of a token that was just created or rotated.

use crate::domain::Secret;
use crate::tui::msg::TaskId;

/// Closing its dialog drops the secret, which nothing can show again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewSecret {
    pub(crate) title: String,
    pub(crate) secret: Secret,
    pub(crate) is_revealed: bool,
    /// Whether it is in a file or in the credential store.
    pub(crate) is_saved: bool,
    /// Whether it was sent to the clipboard. Terminals do not report whether they support that.
    pub(crate) is_copied: bool,
    /// The file or the targets that have it.
    pub(crate) saved_in: Option<String>,
    pub(crate) save_task: Option<TaskId>,
}
