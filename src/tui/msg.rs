//! What comes in and what goes out: everything that can happen, and everything that is to be done about it.

use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::Event as Input;
use jiff::Timestamp;

use crate::actions::{
    Event, LoginMethod, LoginResult, LogoutResult, ProfileStatus, RotationResult, SecretTarget,
    SourceReport,
};
use crate::domain::{ApiToken, CreatedToken, ProfileName, Secret, TokenFact, TokenId};
use crate::provider::Descriptor;
use crate::service::{NewToken, RightsChange};

/// What went wrong, in the words that the commands use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ErrorView {
    /// What, with its causes.
    pub message: String,
    /// What to do about it.
    pub hints: Vec<String>,
    /// Whether a new sign-in mends it.
    pub needs_login: bool,
}

/// How something ended.
pub(super) type ViewResult<T> = Result<T, ErrorView>;

/// Which of several works an answer belongs to: an answer to a question that was given up must not be taken for the answer
/// to the next.
pub(super) type TaskId = u64;

/// Something that happened.
#[derive(Debug)]
pub(super) enum Msg {
    /// A key, the mouse, a paste, another size.
    Input(Input),
    /// A second passed.
    Tick(Timestamp),
    /// The process is to stop (SIGTERM, SIGHUP), or nothing can be typed any more.
    Stop,
    /// An action tells of its progress.
    Progress(TaskId, Event),
    /// What work came to.
    Done(TaskId, TaskResult),
}

/// What a work came to.
#[derive(Debug)]
pub(super) enum TaskResult {
    /// The credential in use was verified, or that was not possible.
    Verified(ViewResult<ProfileState>),
    /// How the profile stands, without asking.
    Status(ViewResult<ProfileState>),
    /// A page of tokens.
    TokenPage(Vec<ApiToken>),
    /// There are no more pages.
    TokensListed(ViewResult<()>),
    /// All profiles.
    Sessions(ViewResult<Vec<SessionRow>>),
    /// The name of a profile's service, and how one can sign in to it.
    LoginMethods(ViewResult<(String, Vec<LoginMethod>)>),
    /// A sign-in.
    SignedIn(ViewResult<LoginResult>),
    /// A token was made.
    Created(ViewResult<CreatedToken>),
    /// A token was replaced, or would be wider.
    Rotated(ViewResult<RotateResult>),
    /// Tokens were switched on or off, or revoked, one by one.
    BulkCompleted(ViewResult<Vec<(TokenId, ViewResult<Option<ApiToken>>)>>),
    /// A secret was put into a file.
    Saved(ViewResult<SaveResult>),
    /// A session was renewed.
    Refreshed(ProfileName, ViewResult<()>),
    /// A session was ended.
    LoggedOut(ProfileName, ViewResult<LogoutResult>),
    /// The profile that is used when none is named.
    DefaultProfileSet(ViewResult<ProfileName>),
    /// Whether the browser was opened.
    BrowserOpened(bool),
}

/// What a rotation came to.
#[derive(Debug)]
pub(super) enum RotateResult {
    Done(Box<RotationResult>),
    /// It was refused because the new token would be wider; the same work with these changes accepted.
    WouldWiden(RotateRequest, Vec<RightsChange>),
}

/// A token to rotate, the file that holds it, and what may become wider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RotateRequest {
    pub(super) id: TokenId,
    pub(super) env_file: Option<PathBuf>,
    pub(super) accepted: Vec<TokenFact>,
}

/// A profile, how it stands, and what its service can do.
#[derive(Debug, Clone)]
pub(super) struct ProfileState {
    pub(super) status: ProfileStatus,
    pub(super) provider: Box<Descriptor>,
}

/// One profile in the list of all.
#[derive(Debug, Clone)]
pub(super) struct SessionRow {
    pub(super) status: ProfileStatus,
    pub(super) provider_name: String,
    /// Whether it is used when none is named.
    pub(super) is_default: bool,
    /// Whether something is stored for it.
    pub(super) is_stored: bool,
    /// Every source of its credential, in order.
    pub(super) sources: Vec<SourceReport>,
}

/// How to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LoginInput {
    Device,
    Password(String, Secret),
    Cookie(Secret),
    ApiKey(Secret),
}

/// What is to be done to several tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BulkAction {
    Activate,
    Deactivate,
    Revoke,
}

/// What became of saving a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SaveResult {
    /// It is in this file.
    Written(PathBuf),
    /// The variable holds a key already, and nothing was written.
    KeyExists(SecretTarget, String),
}

/// Something that is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    /// End; `true` when the user gave up rather than was done (Ctrl-C).
    Quit(bool),
    /// Give the terminal back until the user comes again.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Put a text into the clipboard.
    Copy(Secret),
    /// Give up what is under way.
    Cancel(TaskId),
    /// Work for a profile, whose answers carry the number.
    StartTask(TaskId, ProfileName, TaskKind),
}

/// Work that takes time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TaskKind {
    VerifyCredential,
    RefreshStatus,
    ListTokens,
    ListSessions,
    ListLoginMethods,
    SignIn(LoginInput),
    CreateToken(NewToken),
    RotateToken(RotateRequest),
    ApplyBulkAction(BulkAction, Vec<TokenId>),
    SaveSecret(SecretTarget, Secret),
    /// Renew; `None` in any case, else what lives shorter.
    RefreshSession(Option<Duration>),
    LogOut,
    SetDefaultProfile,
    OpenBrowser(String),
}
