//! What is on the screen, as values: everything that a view shows, and nothing of how.

mod dialog;
mod form;
mod input;
mod login;
mod tokens;

pub(super) use dialog::{Confirm, Dialog, Made, Outcomes, Then, Underway};
pub(super) use form::{Answer, Field, Form, Purpose};
pub(super) use input::Input;
pub(super) use login::{Device, Login, Step};
pub(super) use tokens::{Loading, Span as Period, Tokens};

use jiff::Timestamp;

use super::msg::{Session, Standing, Task, Told};
use crate::domain::{ApiToken, ProfileName, TokenId};
use crate::ui::Look;

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
    Good(String),
    Warning(String),
    Trouble(Told),
}

/// Everything.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) look: Look,
    /// Columns and lines.
    pub(super) size: (u16, u16),
    pub(super) now: Timestamp,
    pub(super) profile: ProfileName,
    /// How the profile stands; `None` until that is known.
    pub(super) standing: Option<Standing>,
    pub(super) screen: Screen,
    /// Whether the credential is being verified for the first time.
    pub(super) is_starting: bool,
    /// The topmost is the last.
    pub(super) dialogs: Vec<Dialog>,
    pub(super) notice: Option<Notice>,
    pub(super) tokens: Tokens,
    pub(super) sessions: Vec<Session>,
    pub(super) sessions_cursor: usize,
    pub(super) login: Login,
    /// When the session was last renewed by itself, or that was tried.
    pub(super) renewed_at: Option<Timestamp>,
    /// When the standing was last looked at.
    pub(super) stood_at: Timestamp,
    /// The number of the work that was begun last.
    last_task: Task,
    /// The number of the work whose answers about the credential count.
    pub(super) checking: Task,
    /// Whether the list under way has brought a page.
    pub(super) got_pages: bool,
}

impl Model {
    pub(super) fn new(look: Look, size: (u16, u16), now: Timestamp, profile: ProfileName) -> Self {
        Self {
            look,
            size,
            now,
            profile,
            standing: None,
            screen: Screen::Tokens,
            is_starting: true,
            dialogs: Vec::new(),
            notice: None,
            tokens: Tokens::default(),
            sessions: Vec::new(),
            sessions_cursor: 0,
            login: Login::default(),
            renewed_at: None,
            stood_at: now,
            last_task: 0,
            checking: 0,
            got_pages: false,
        }
    }

    /// A number that no work had before.
    pub(super) fn next_task(&mut self) -> Task {
        self.last_task += 1;
        self.last_task
    }

    /// The row of a profile among the sessions; the first where it is not among them.
    pub(super) fn row_of(&self, profile: &ProfileName) -> usize {
        let is_it = |session: &Session| session.status.profile == *profile;
        self.sessions.iter().position(is_it).unwrap_or(0)
    }

    /// The session that is looked at.
    pub(super) fn session(&self) -> Option<&Session> {
        self.sessions.get(self.sessions_cursor)
    }
}

/// The token with `id` as one speaks of it, whether or not it is known.
pub(super) fn called_with(id: &TokenId, token: Option<&ApiToken>) -> String {
    token.map_or_else(|| format!("token {id}"), called)
}

/// A token as one speaks of it: by its name, else by its id.
pub(super) fn called(token: &ApiToken) -> String {
    let name = token.name.clone().filter(|name| !name.is_empty());
    let id = || token.id.as_ref().map(|id| format!("token {id}"));
    name.or_else(id).unwrap_or_else(|| "a token".to_owned())
}
