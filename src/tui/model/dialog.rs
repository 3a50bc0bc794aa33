//! What stands before everything else until it is answered.

use std::path::PathBuf;

use super::form::Form;
use crate::actions::SecretTarget;
use crate::domain::{Secret, TokenId};
use crate::tui::msg::{BulkAction, RotateRequest, TaskId, ViewResult};

/// A window on top.
#[derive(Debug, Clone)]
pub(crate) enum Dialog {
    /// All keys; the line that is at the top.
    Help(usize),
    /// One token's facts; the line that is at the top.
    Details(TokenId, usize),
    Form(Form),
    Confirm(Confirm),
    NewSecret(NewSecret),
    InProgress(InProgress),
    BulkResults(BulkResults),
}

/// A question that only `y` says yes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Confirm {
    pub(crate) question: String,
    /// What it is about, one a line.
    pub(crate) details: Vec<String>,
    pub(crate) on_confirm: OnConfirm,
    /// The line that is at the top.
    pub(crate) top: usize,
}

/// What a yes leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OnConfirm {
    ApplyBulkAction(BulkAction, Vec<TokenId>),
    LogOut(crate::domain::ProfileName),
    /// A secret that nobody has kept goes for good.
    DiscardSecret,
    /// A token is replaced; its key is in the file, or stored.
    RotateToken(RotateRequest),
    /// The secret of the dialog below replaces a key in an env file.
    ReplaceKey(SecretTarget),
}

/// A token that was just made. Its secret is gone when this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewSecret {
    pub(crate) title: String,
    pub(crate) secret: Secret,
    pub(crate) is_revealed: bool,
    /// Whether it was saved, or stands where it is used.
    pub(crate) is_saved: bool,
    /// Whether it was sent to the clipboard, which not every terminal takes.
    pub(crate) is_copied: bool,
    /// Where it stands.
    pub(crate) env_file: Option<PathBuf>,
    /// Whether saving it is under way.
    pub(crate) save_task: Option<TaskId>,
}

/// Work that one waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InProgress {
    pub(crate) task: TaskId,
    pub(crate) title: String,
    /// The steps that are done, as they happen.
    pub(crate) completed_steps: Vec<String>,
    /// Whether it was given up.
    pub(crate) is_cancelling: bool,
    /// How many of how many are done.
    pub(crate) progress: Option<(usize, usize)>,
}

/// What became of each.
#[derive(Debug, Clone)]
pub(crate) struct BulkResults {
    pub(crate) title: String,
    pub(crate) rows: Vec<(String, ViewResult<()>)>,
    /// The row that is at the top.
    pub(crate) top: usize,
}
