//! What stands before everything else until it is answered.

use std::path::PathBuf;

use super::form::Form;
use crate::actions::SecretTarget;
use crate::domain::{Secret, TokenId};
use crate::tui::msg::{Change, Outcome, Rotate, Task};

/// A window on top.
#[derive(Debug, Clone)]
pub(crate) enum Dialog {
    /// All keys; the line that is at the top.
    Help(usize),
    /// One token's facts; the line that is at the top.
    Details(TokenId, usize),
    Form(Form),
    Confirm(Confirm),
    Made(Made),
    Underway(Underway),
    Outcomes(Outcomes),
}

/// A question that only `y` says yes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Confirm {
    pub(crate) question: String,
    /// What it is about, one a line.
    pub(crate) about: Vec<String>,
    pub(crate) then: Then,
    /// The line that is at the top.
    pub(crate) top: usize,
}

/// What a yes leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Then {
    Change(Change, Vec<TokenId>),
    LogOut(crate::domain::ProfileName),
    /// A secret that nobody has kept goes for good.
    Forget,
    /// A token is replaced; its key is in the file, or stored.
    Rotate(Rotate),
    /// The secret of the dialog below replaces a key in an env file.
    Replace(SecretTarget),
}

/// A token that was just made. Its secret is gone when this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) title: String,
    pub(crate) secret: Secret,
    pub(crate) is_revealed: bool,
    /// Whether it was saved, or stands where it is used.
    pub(crate) is_kept: bool,
    /// Whether it was sent to the clipboard, which not every terminal takes.
    pub(crate) is_copied: bool,
    /// Where it stands.
    pub(crate) place: Option<PathBuf>,
    /// Whether saving it is under way.
    pub(crate) saving: Option<Task>,
}

/// Work that one waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Underway {
    pub(crate) task: Task,
    pub(crate) title: String,
    /// The steps that are done, as they happen.
    pub(crate) steps: Vec<String>,
    /// Whether it was given up.
    pub(crate) is_stopping: bool,
    /// How many of how many are done.
    pub(crate) done: Option<(usize, usize)>,
}

/// What became of each.
#[derive(Debug, Clone)]
pub(crate) struct Outcomes {
    pub(crate) title: String,
    pub(crate) rows: Vec<(String, Outcome<()>)>,
    /// The row that is at the top.
    pub(crate) top: usize,
}
