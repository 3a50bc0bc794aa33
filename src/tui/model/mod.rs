//! What is on the screen, as values: everything that a view shows, and nothing of how.

mod dialog;
mod form;
mod login;
mod text_input;
mod tokens;

pub(super) use dialog::{BulkResults, Confirm, Dialog, InProgress, NewSecret, OnConfirm};
pub(super) use form::{Field, FieldValue, Form, FormPurpose};
pub(super) use login::{DeviceApproval, LoginState, LoginStep};
pub(super) use text_input::TextInput;
pub(super) use tokens::{Loading, Span as Period, TokenList};

use jiff::Timestamp;

use super::msg::{ErrorView, ProfileState, SessionRow, TaskId};
use crate::domain::{ApiToken, ProfileName, TokenId};
use crate::ui::StreamStyle;

/// The three screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Screen {
    Tokens,
    Sessions,
    Login,
}

impl Screen {
    pub(super) const ALL: [Self; 3] = [Self::Tokens, Self::Sessions, Self::Login];

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Tokens => "Tokens",
            Self::Sessions => "Sessions",
            Self::Login => "Sign in",
        }
    }
}

/// Something to be told at the bottom until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Notice {
    Success(String),
    Warning(String),
    Error(ErrorView),
}

/// Everything.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) stream_style: StreamStyle,
    /// Columns and lines.
    pub(super) size: (u16, u16),
    pub(super) now: Timestamp,
    pub(super) profile: ProfileName,
    /// How the profile stands; `None` until that is known.
    pub(super) profile_state: Option<ProfileState>,
    pub(super) screen: Screen,
    /// Whether the credential is being verified for the first time.
    pub(super) is_starting: bool,
    /// The topmost is the last.
    pub(super) dialogs: Vec<Dialog>,
    pub(super) notice: Option<Notice>,
    pub(super) tokens: TokenList,
    pub(super) sessions: Vec<SessionRow>,
    pub(super) sessions_cursor: usize,
    pub(super) login: LoginState,
    /// When the session was last renewed by itself, or that was tried.
    pub(super) refresh_attempted_at: Option<Timestamp>,
    /// When the standing was last looked at.
    pub(super) status_read_at: Timestamp,
    /// The number of the work that was begun last.
    last_task: TaskId,
    /// The number of the work whose answers about the credential count.
    pub(super) verification_task: TaskId,
    /// Whether the list under way has brought a page.
    pub(super) has_received_page: bool,
}

impl Model {
    pub(super) fn new(
        stream_style: StreamStyle,
        size: (u16, u16),
        now: Timestamp,
        profile: ProfileName,
    ) -> Self {
        Self {
            stream_style,
            size,
            now,
            profile,
            profile_state: None,
            screen: Screen::Tokens,
            is_starting: true,
            dialogs: Vec::new(),
            notice: None,
            tokens: TokenList::default(),
            sessions: Vec::new(),
            sessions_cursor: 0,
            login: LoginState::default(),
            refresh_attempted_at: None,
            status_read_at: now,
            last_task: 0,
            verification_task: 0,
            has_received_page: false,
        }
    }

    /// A number that no work had before.
    pub(super) fn next_task(&mut self) -> TaskId {
        self.last_task += 1;
        self.last_task
    }

    /// The row of a profile among the sessions; the first where it is not among them.
    pub(super) fn session_index(&self, profile: &ProfileName) -> usize {
        let is_it = |session: &SessionRow| session.status.profile == *profile;
        self.sessions.iter().position(is_it).unwrap_or(0)
    }

    /// The session that is looked at.
    pub(super) fn selected_session(&self) -> Option<&SessionRow> {
        self.sessions.get(self.sessions_cursor)
    }
}

/// The token with `id` as one speaks of it, whether or not it is known.
pub(super) fn display_name_or_id(id: &TokenId, token: Option<&ApiToken>) -> String {
    token.map_or_else(|| format!("token {id}"), display_name)
}

/// A token as one speaks of it: by its name, else by its id.
pub(super) fn display_name(token: &ApiToken) -> String {
    let name = token.name.clone().filter(|name| !name.is_empty());
    let id = || token.id.as_ref().map(|id| format!("token {id}"));
    name.or_else(id).unwrap_or_else(|| "a token".to_owned())
}
