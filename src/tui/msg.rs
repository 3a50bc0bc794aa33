//! What comes in and what goes out: everything that can happen, and everything that is to be done about it.

use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::Event as Input;
use jiff::Timestamp;

use crate::actions::{
    Candidate, Event, LoggedOut, ProfileStatus, Rotated, SecretTarget, SignedIn, WayName,
};
use crate::domain::{ApiToken, MintedToken, ProfileName, Secret, TokenFact, TokenId};
use crate::provider::Descriptor;
use crate::service::{NewToken, RightsChange};

/// What went wrong, in the words that the commands use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What, with its causes.
    pub message: String,
    /// What to do about it.
    pub hints: Vec<String>,
    /// Whether a new sign-in mends it.
    pub needs_login: bool,
}

/// How something ended.
pub(super) type Outcome<T> = Result<T, Told>;

/// Which of several works an answer belongs to: an answer to a question that was given up must not be taken for the answer
/// to the next.
pub(super) type Task = u64;

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
    Progress(Task, Event),
    /// What work came to.
    Done(Task, Done),
}

/// What a work came to.
#[derive(Debug)]
pub(super) enum Done {
    /// The credential in use was verified, or that was not possible.
    Checked(Outcome<Standing>),
    /// How the profile stands, without asking.
    Stands(Outcome<Standing>),
    /// A page of tokens.
    Page(Vec<ApiToken>),
    /// There are no more pages.
    Listed(Outcome<()>),
    /// All profiles.
    Sessions(Outcome<Vec<Session>>),
    /// The name of a profile's service, and how one can sign in to it.
    Ways(Outcome<(String, Vec<WayName>)>),
    /// A sign-in.
    SignedIn(Outcome<SignedIn>),
    /// A token was made.
    Created(Outcome<MintedToken>),
    /// A token was replaced, or would be wider.
    Rotated(Outcome<Rotation>),
    /// Tokens were switched on or off, or revoked, one by one.
    Each(Outcome<Vec<(TokenId, Outcome<Option<ApiToken>>)>>),
    /// A secret was put into a file.
    Saved(Outcome<Saved>),
    /// A session was renewed.
    Renewed(ProfileName, Outcome<()>),
    /// A session was ended.
    LoggedOut(ProfileName, Outcome<LoggedOut>),
    /// The profile that is used when none is named.
    MadeDefault(Outcome<ProfileName>),
    /// Whether the browser was opened.
    Opened(bool),
}

/// What a rotation came to.
#[derive(Debug)]
pub(super) enum Rotation {
    Done(Box<Rotated>),
    /// It was refused because the new token would be wider; the same work with these changes accepted.
    Wider(Rotate, Vec<RightsChange>),
}

/// A token to rotate, the file that holds it, and what may become wider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rotate {
    pub(super) id: TokenId,
    pub(super) env_file: Option<PathBuf>,
    pub(super) accepted: Vec<TokenFact>,
}

/// A profile, how it stands, and what its service can do.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) status: ProfileStatus,
    pub(super) service: Box<Descriptor>,
}

/// One profile in the list of all.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) status: ProfileStatus,
    pub(super) service_name: String,
    /// Whether it is used when none is named.
    pub(super) is_default: bool,
    /// Whether something is stored for it.
    pub(super) is_stored: bool,
    /// Every source of its credential, in order.
    pub(super) sources: Vec<Candidate>,
}

/// How to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Attempt {
    Device,
    Password(String, Secret),
    Cookie(Secret),
    Token(Secret),
}

/// What is to be done to several tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Activate,
    Deactivate,
    Revoke,
}

/// What became of saving a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Saved {
    /// It is in this file.
    In(PathBuf),
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
    Cancel(Task),
    /// Work for a profile, whose answers carry the number.
    Work(Task, ProfileName, Work),
}

/// Work that takes time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Work {
    Check,
    Stand,
    List,
    Sessions,
    Ways,
    SignIn(Attempt),
    Create(NewToken),
    Rotate(Rotate),
    Change(Change, Vec<TokenId>),
    Save(SecretTarget, Secret),
    /// Renew; `None` in any case, else what lives shorter.
    Renew(Option<Duration>),
    LogOut,
    MakeDefault,
    Open(String),
}
