//! Messages into the update, and effects out of it. All input, time and results arrive as a [`Msg`]; all output leaves as an
//! [`Effect`], so that the update itself is a pure function.

use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::Event as Input;
use jiff::Timestamp;

use crate::actions::{
    Audit, Event, LoginMethod, LoginResult, LogoutResult, ProfileStatus, Replacement,
    RotationResult, SecretTarget, SourceReport, TokenTargets,
};
use crate::domain::{
    ApiToken, CreatedToken, Hint, InteractiveMethod, ProfileName, RepeatedOptions, Secret,
    TokenFact, TokenId,
};
use crate::provider::Descriptor;
use crate::service::{NewToken, RightsChange};

/// An error as the commands print it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ErrorView {
    /// The error with its causes.
    pub message: String,
    pub hints: Vec<Hint>,
    /// Whether only a new login helps.
    pub needs_login: bool,
    /// Whether the request may have been processed although its response was lost.
    pub may_have_been_processed: bool,
}

impl ErrorView {
    pub(super) fn new(message: impl Into<String>, hints: Vec<Hint>) -> Self {
        Self {
            message: message.into(),
            hints,
            needs_login: false,
            may_have_been_processed: false,
        }
    }

    /// Returns the hints with the options that their commands must have.
    pub(super) fn hint_lines(&self, options: &RepeatedOptions) -> Vec<String> {
        let hints = self.hints.iter();
        hints
            .map(|hint| format!("hint: {}", hint.render(options)))
            .collect()
    }

    pub(super) fn with_hint_if_response_lost(mut self, hint: &str) -> Self {
        if self.may_have_been_processed {
            self.hints.push(hint.into());
        }
        self
    }
}

pub(super) type ViewResult<T> = Result<T, ErrorView>;

/// Identifies a task, so that a late result of a cancelled task is not mistaken for the next one.
pub(super) type TaskId = u64;

#[derive(Debug)]
pub(super) enum Msg {
    Input(Input),
    /// Arrives once a second.
    Tick(Timestamp),
    /// A signal, or the end of the input: the program has to exit.
    Stop,
    Progress(TaskId, Event),
    Done(TaskId, TaskResult),
}

#[derive(Debug)]
pub(super) enum TaskResult {
    Verified(ViewResult<ProfileState>),
    Status(ViewResult<ProfileState>),
    /// More pages may follow.
    TokenPage(Vec<ApiToken>),
    /// The last page has arrived. Contains where the keys of the tokens were written.
    TokensListed(ViewResult<Vec<TokenTargets>>),
    Sessions(ViewResult<Vec<SessionRow>>),
    Audited(ViewResult<AuditResult>),
    /// The name of the provider and its login methods.
    LoginMethods(ViewResult<(String, Vec<LoginMethod>)>),
    SignedIn(ViewResult<SignInResult>),
    Created(ViewResult<CreatedToken>),
    Rotated(ViewResult<RotateResult>),
    /// A token after the change, or `None` if it was revoked.
    BulkCompleted(ViewResult<Vec<(TokenId, ViewResult<Option<ApiToken>>)>>),
    Saved(ViewResult<SaveResult>),
    Refreshed(ProfileName, ViewResult<()>),
    LoggedOut(ProfileName, ViewResult<LogoutResult>),
    DefaultProfileSet(ViewResult<ProfileName>),
    BrowserOpened(bool),
}

#[derive(Debug)]
pub(super) struct AuditResult {
    pub(super) audit: Audit,
    /// The project file that has a part of the policy.
    pub(super) policy_file: Option<PathBuf>,
}

#[derive(Debug)]
pub(super) enum RotateResult {
    Done(Box<RotationResult>),
    /// Nothing was changed, because the new token would have more rights or live longer. The request accepts these changes.
    WouldWiden(RotateRequest, Vec<RightsChange>),
    /// Nothing was changed, because the key in the env file may belong to one of these tokens. The request replaces it.
    UnknownKey(RotateRequest, Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RotateRequest {
    pub(super) id: TokenId,
    /// The file that holds the secret; `None` for the profile's stored key.
    pub(super) env_file: Option<PathBuf>,
    /// The properties that may become wider.
    pub(super) accepted: Vec<TokenFact>,
    /// Whether the key in the file is replaced although it may be another token's.
    pub(super) replaces_unknown: bool,
}

#[derive(Debug, Clone)]
pub(super) struct ProfileState {
    pub(super) status: ProfileStatus,
    pub(super) provider: Box<Descriptor>,
}

/// A row of the sessions screen: one profile.
#[derive(Debug, Clone)]
pub(super) struct SessionRow {
    pub(super) status: ProfileStatus,
    pub(super) provider_name: String,
    pub(super) is_default: bool,
    pub(super) is_stored: bool,
    /// All credential sources, in order of precedence.
    pub(super) sources: Vec<SourceReport>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LoginInput {
    Page(InteractiveMethod),
    Password(String, Secret),
    Cookie(Secret),
    ApiKey(Secret),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SignInRequest {
    pub(super) input: LoginInput,
    /// Whether a session of another server is replaced.
    pub(super) replaces_session: bool,
}

#[derive(Debug)]
pub(super) enum SignInResult {
    Done(Box<LoginResult>),
    /// Nothing was sent, because the profile holds a session of another server. The request replaces it.
    WouldReplace(SignInRequest, Replacement),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BulkAction {
    Activate,
    Deactivate,
    Revoke,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SaveResult {
    Written(PathBuf),
    /// Nothing was written, because the file already sets this variable.
    KeyExists(SecretTarget, String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    /// `true` exits like Ctrl-C.
    Quit(bool),
    Suspend,
    Redraw,
    Copy(Secret),
    Cancel(TaskId),
    StartTask(TaskId, ProfileName, TaskKind),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TaskKind {
    /// Asks the service whether the credential is valid.
    VerifyCredential,
    /// Reads the state of the profile without a request.
    RefreshStatus,
    ListTokens,
    ListSessions,
    AuditTokens,
    ListLoginMethods,
    SignIn(SignInRequest),
    CreateToken(NewToken),
    RotateToken(RotateRequest),
    ApplyBulkAction(BulkAction, Vec<TokenId>),
    SaveSecret(SecretTarget, Secret),
    /// With a duration, refreshes only a session that expires within it.
    RefreshSession(Option<Duration>),
    LogOut,
    SetDefaultProfile,
    OpenBrowser(String),
}
