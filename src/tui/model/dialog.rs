//! Dialogs: windows above the screen, the topmost of which receives the keys.

use super::form::Form;
use super::new_secret::NewSecret;
use crate::actions::SecretTarget;
use crate::domain::{ProfileName, TokenId};
use crate::tui::msg::{BulkAction, RotateRequest, SignInRequest, TaskId, ViewResult};

#[derive(Debug, Clone)]
pub(crate) enum Dialog {
    /// The first visible line.
    Help(usize),
    /// A token, and the first visible line.
    Details(TokenId, usize),
    Form(Form),
    Confirm(Confirm),
    NewSecret(NewSecret),
    InProgress(InProgress),
    BulkResults(BulkResults),
}

impl Dialog {
    /// Returns the first visible line, if the dialog scrolls.
    pub(crate) fn scroll_offset(&self) -> Option<usize> {
        match self {
            Self::Help(top) | Self::Details(_, top) => Some(*top),
            Self::Confirm(confirm) => Some(confirm.top),
            Self::BulkResults(results) => Some(results.top),
            Self::Form(_) | Self::NewSecret(_) | Self::InProgress(_) => None,
        }
    }

    pub(crate) fn scroll_offset_mut(&mut self) -> Option<&mut usize> {
        match self {
            Self::Help(top) | Self::Details(_, top) => Some(top),
            Self::Confirm(confirm) => Some(&mut confirm.top),
            Self::BulkResults(results) => Some(&mut results.top),
            Self::Form(_) | Self::NewSecret(_) | Self::InProgress(_) => None,
        }
    }
}

/// A question that only `y` confirms: Enter, which opens most dialogs, must not confirm them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Confirm {
    pub(crate) question: String,
    /// What the question is about, one item per line.
    pub(crate) details: Vec<String>,
    pub(crate) action: OnConfirm,
    /// The first visible line.
    pub(crate) top: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OnConfirm {
    ApplyBulkAction(BulkAction, Vec<TokenId>),
    LogOut(ProfileName),
    /// Closes the dialog of a secret that was not saved.
    DiscardSecret,
    RotateToken(RotateRequest),
    SignIn(SignInRequest),
    /// Saves the secret of the dialog below, replacing the key in the env file.
    ReplaceKey(SecretTarget),
}

/// A task that the user waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InProgress {
    pub(crate) task: TaskId,
    pub(crate) title: String,
    pub(crate) completed_steps: Vec<String>,
    pub(crate) is_cancelling: bool,
    /// Completed and total items.
    pub(crate) progress: Option<(usize, usize)>,
}

/// The result of a bulk action for each token.
#[derive(Debug, Clone)]
pub(crate) struct BulkResults {
    pub(crate) title: String,
    pub(crate) rows: Vec<(String, ViewResult<()>)>,
    /// The first visible line.
    pub(crate) top: usize,
}
