//! How far a sign-in has come.

use std::time::Duration;

use jiff::Timestamp;

use super::form::Form;
use crate::actions::WayName;
use crate::domain::ProfileName;
use crate::tui::msg::{Task, Told};

/// The login screen.
#[derive(Debug, Default)]
pub(crate) struct Login {
    pub(crate) step: Step,
    /// The row that is looked at, in a list.
    pub(crate) cursor: usize,
    /// Whom it is for, once that was chosen.
    pub(crate) profile: Option<ProfileName>,
    /// The name of its service, once that is known.
    pub(crate) service: String,
    /// Why it is needed, or why the last attempt came to nothing.
    pub(crate) trouble: Option<Told>,
}

/// What is to be done next.
#[derive(Debug, Default)]
pub(crate) enum Step {
    /// Choosing a profile.
    #[default]
    Profiles,
    /// Choosing how.
    Ways(Vec<WayName>),
    /// Typing.
    Form(Form),
    /// The server is asked.
    Waiting(Task),
    /// The user approves in a browser.
    Device(Box<Device>),
}

/// A code that waits for its approval.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) task: Task,
    pub(crate) user_code: String,
    pub(crate) page: String,
    /// The hosts of the page and of the issuer, where they differ.
    pub(crate) elsewhere: Option<(String, String)>,
    pub(crate) complete: Option<String>,
    pub(crate) ends_at: Timestamp,
    pub(crate) client: String,
    pub(crate) scopes: String,
    /// What happens meanwhile.
    pub(crate) remark: Option<String>,
}

impl Device {
    /// The address with the code in it, where the server tells one.
    pub(crate) fn address(&self) -> &str {
        self.complete.as_deref().unwrap_or(&self.page)
    }

    pub(crate) fn left(&self, now: Timestamp) -> Duration {
        let left = self.ends_at.duration_since(now);
        left.try_into().unwrap_or_default()
    }
}
