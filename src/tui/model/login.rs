//! The state of the login screen.

use std::time::Duration;

use jiff::Timestamp;

use super::form::Form;
use crate::actions::LoginMethod;
use crate::domain::ProfileName;
use crate::tui::msg::{ErrorView, TaskId};

#[derive(Debug, Default)]
pub(crate) struct LoginState {
    pub(crate) step: LoginStep,
    pub(crate) cursor: usize,
    pub(crate) profile: Option<ProfileName>,
    /// Empty until it is loaded.
    pub(crate) provider_name: String,
    /// Why a login is required, or why the last attempt failed.
    pub(crate) error: Option<ErrorView>,
}

#[derive(Debug, Default)]
pub(crate) enum LoginStep {
    #[default]
    ChooseProfile,
    ChooseMethod(Vec<LoginMethod>),
    Form(Form),
    Waiting(TaskId),
    Approve(Box<Approval>),
}

impl LoginState {
    pub(crate) fn approval(&self) -> Option<&Approval> {
        match &self.step {
            LoginStep::Approve(approval) => Some(approval),
            _ => None,
        }
    }
}

/// A login that waits until the user approves it on a page.
#[derive(Debug, Clone)]
pub(crate) struct Approval {
    pub(crate) task: TaskId,
    /// The code to enter on the page (RFC 8628 section 3.3); `None` for a browser login.
    pub(crate) user_code: Option<String>,
    pub(crate) verification_uri: String,
    /// The hosts of the verification URL and of the issuer, if they differ.
    pub(crate) differing_hosts: Option<(String, String)>,
    pub(crate) verification_uri_complete: Option<String>,
    pub(crate) expires_at: Timestamp,
    pub(crate) client_id: String,
    pub(crate) scopes: String,
    pub(crate) status_message: Option<String>,
}

impl Approval {
    /// Returns the URL that contains the user code, if the server sent one.
    pub(crate) fn uri_to_open(&self) -> &str {
        let complete = self.verification_uri_complete.as_deref();
        complete.unwrap_or(&self.verification_uri)
    }

    pub(crate) fn remaining(&self, now: Timestamp) -> Duration {
        let remaining = self.expires_at.duration_since(now);
        remaining.try_into().unwrap_or_default()
    }
}
