//! How far a sign-in has come.

use std::time::Duration;

use jiff::Timestamp;

use super::form::Form;
use crate::actions::LoginMethod;
use crate::domain::ProfileName;
use crate::tui::msg::{ErrorView, TaskId};

/// The login screen.
#[derive(Debug, Default)]
pub(crate) struct LoginState {
    pub(crate) step: LoginStep,
    /// The row that is looked at, in a list.
    pub(crate) cursor: usize,
    /// Whom it is for, once that was chosen.
    pub(crate) profile: Option<ProfileName>,
    /// The name of its service, once that is known.
    pub(crate) provider_name: String,
    /// Why it is needed, or why the last attempt came to nothing.
    pub(crate) error: Option<ErrorView>,
}

/// What is to be done next.
#[derive(Debug, Default)]
pub(crate) enum LoginStep {
    /// Choosing a profile.
    #[default]
    ChooseProfile,
    /// Choosing how.
    ChooseMethod(Vec<LoginMethod>),
    /// Typing.
    Form(Form),
    /// The server is asked.
    Waiting(TaskId),
    /// The user approves in a browser.
    ApproveDevice(Box<DeviceApproval>),
}

/// A code that waits for its approval.
#[derive(Debug, Clone)]
pub(crate) struct DeviceApproval {
    pub(crate) task: TaskId,
    pub(crate) user_code: String,
    pub(crate) verification_uri: String,
    /// The hosts of the page and of the issuer, where they differ.
    pub(crate) differing_hosts: Option<(String, String)>,
    pub(crate) verification_uri_complete: Option<String>,
    pub(crate) expires_at: Timestamp,
    pub(crate) client_id: String,
    pub(crate) scopes: String,
    /// What happens meanwhile.
    pub(crate) status_message: Option<String>,
}

impl DeviceApproval {
    /// The address with the code in it, where the server tells one.
    pub(crate) fn uri_to_open(&self) -> &str {
        self.verification_uri_complete
            .as_deref()
            .unwrap_or(&self.verification_uri)
    }

    pub(crate) fn remaining(&self, now: Timestamp) -> Duration {
        let left = self.expires_at.duration_since(now);
        left.try_into().unwrap_or_default()
    }
}
