//! The state of the interface as plain values: what the views show, without how they show it. Reads neither the clock nor
//! the terminal nor the network, so that tests can build any state.

mod dialog;
mod findings;
mod form;
mod login;
mod new_secret;
mod period;
mod text_input;
mod tokens;

pub(super) use dialog::{BulkResults, Confirm, Dialog, InProgress, OnConfirm};
pub(super) use findings::FindingList;
pub(super) use form::{Field, FieldValue, Form, FormPurpose};
pub(super) use login::{Approval, LoginState, LoginStep};
pub(super) use new_secret::NewSecret;
pub(super) use period::Period;
pub(super) use text_input::TextInput;
pub(super) use tokens::{Loading, TokenList, display_name, display_name_or_id};

use jiff::Timestamp;

use super::msg::{ErrorView, ProfileState, SessionRow, TaskId};
use crate::domain::{ProfileName, RepeatedOptions, TokenId};
use crate::ui::StreamStyle;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Screen {
    Tokens,
    Sessions,
    Login,
    Findings,
}

impl Screen {
    pub(super) const ALL: [Self; 4] = [Self::Tokens, Self::Sessions, Self::Login, Self::Findings];

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Tokens => "Tokens",
            Self::Sessions => "Sessions",
            Self::Login => "Sign in",
            Self::Findings => "Audit",
        }
    }
}

/// A message above the bottom line. The next key removes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Notice {
    Success(String),
    Warning(String),
    Error(ErrorView),
}

#[derive(Debug)]
pub(super) struct Model {
    pub(super) stream_style: StreamStyle,
    /// Columns and lines.
    pub(super) size: (u16, u16),
    pub(super) now: Timestamp,
    pub(super) profile: ProfileName,
    /// The options of the user's own command, which a shown command must repeat.
    pub(super) repeated_options: RepeatedOptions,
    /// `None` until the first check of the credential is done.
    pub(super) profile_state: Option<ProfileState>,
    pub(super) screen: Screen,
    /// Whether the first check of the credential is in progress.
    pub(super) is_starting: bool,
    /// The last one is on top and receives the keys.
    pub(super) dialogs: Vec<Dialog>,
    pub(super) notice: Option<Notice>,
    pub(super) tokens: TokenList,
    pub(super) sessions: Vec<SessionRow>,
    pub(super) sessions_cursor: usize,
    pub(super) login: LoginState,
    pub(super) findings: FindingList,
    pub(super) refresh_attempted_at: Option<Timestamp>,
    pub(super) status_read_at: Timestamp,
    /// The profile of the user's own command.
    first_profile: ProfileName,
    last_task: TaskId,
    /// The latest check of the credential: results of earlier ones are ignored.
    pub(super) verification_task: TaskId,
    /// Whether the list in progress has received a page: the first one replaces the old list.
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
            first_profile: profile.clone(),
            profile,
            repeated_options: RepeatedOptions::default(),
            profile_state: None,
            screen: Screen::Tokens,
            is_starting: true,
            dialogs: Vec::new(),
            notice: None,
            tokens: TokenList::default(),
            sessions: Vec::new(),
            sessions_cursor: 0,
            login: LoginState::default(),
            findings: FindingList::default(),
            refresh_attempted_at: None,
            status_read_at: now,
            last_task: 0,
            verification_task: 0,
            has_received_page: false,
        }
    }

    pub(super) fn next_task(&mut self) -> TaskId {
        self.last_task += 1;
        self.last_task
    }

    /// Returns the options that a command about the profile on the screen must have.
    pub(super) fn command_options(&self) -> RepeatedOptions {
        self.options_of(&self.profile)
    }

    /// As [`Self::command_options`], for the profile that the login is for.
    pub(super) fn login_options(&self) -> RepeatedOptions {
        let profile = self.login.profile.as_ref();
        self.options_of(profile.unwrap_or(&self.profile))
    }

    fn options_of(&self, profile: &ProfileName) -> RepeatedOptions {
        if *profile == self.first_profile {
            return self.repeated_options.clone();
        }
        RepeatedOptions {
            profile: Some(profile.clone()),
            api_url: None,
            ..self.repeated_options
        }
    }

    /// Returns the row of a profile in the list of sessions, or the first row.
    pub(super) fn session_index(&self, profile: &ProfileName) -> usize {
        let matches = |session: &SessionRow| session.status.profile == *profile;
        self.sessions.iter().position(matches).unwrap_or(0)
    }

    pub(super) fn selected_session(&self) -> Option<&SessionRow> {
        self.sessions.get(self.sessions_cursor)
    }

    /// Returns the form that receives the keys.
    pub(super) fn focused_form(&mut self) -> Option<&mut Form> {
        match (self.dialogs.last_mut(), &mut self.login.step) {
            (Some(Dialog::Form(form)), _) => Some(form),
            (None, LoginStep::Form(form)) if self.screen == Screen::Login => Some(form),
            _ => None,
        }
    }

    /// Returns the tokens that a command applies to: the one whose details are open, else the one of the selected finding,
    /// else the marked ones, else the selected one.
    pub(super) fn command_targets(&self) -> Vec<TokenId> {
        // The help can be open above the details.
        let mut dialogs = self.dialogs.iter().rev();
        match dialogs.find(|dialog| !matches!(dialog, Dialog::Help(_))) {
            Some(Dialog::Details(id, _)) => vec![id.clone()],
            _ if self.screen == Screen::Findings => {
                self.findings.selected_token().into_iter().collect()
            }
            _ => self.tokens.command_targets(),
        }
    }

    /// Returns the targets without those that are revoked already.
    pub(super) fn unrevoked_targets(&self) -> Vec<TokenId> {
        let mut targets = self.command_targets();
        if let [id] = targets.as_slice() {
            let token = self.tokens.find(id);
            return if token.is_some_and(|token| token.revoked) {
                Vec::new()
            } else {
                targets
            };
        }
        let tokens = self.tokens.by_id();
        targets.retain(|id| tokens.get(id).is_none_or(|token| !token.revoked));
        targets
    }

    pub(super) fn token_name(&self, id: &TokenId) -> String {
        display_name_or_id(id, self.tokens.find(id))
    }
}
