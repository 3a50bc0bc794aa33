//! Every failure as a user meets it: a code, a cause, hints, an exit status.

use serde::{Serialize, Serializer};

use crate::actions::{ActionError, ConfigError};
use crate::http::HttpError;
use crate::oauth::OauthError;
use crate::provider::ProviderError;
use crate::service::{Refusal, RefusalKind, ServiceError};
use crate::ui::OutputError;
use crate::ui::ask::AskError;
use crate::vault::VaultError;

/// The codes that programs see with `--json`; each has one exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(
    missing_docs,
    reason = "the README's table of exit codes explains each"
)]
pub enum Code {
    Failed,
    Storage,
    Usage,
    Config,
    Unsupported,
    Denied,
    Forbidden,
    PaymentRequired,
    LoginRequired,
    LoginExpired,
    CredentialRejected,
    CodeExpired,
    Unreachable,
    Unavailable,
    RateLimited,
    Busy,
    NotFound,
    Rejected,
    Interrupted,
}

impl Code {
    /// The exit status that goes with the code.
    pub fn exit(self) -> u8 {
        match self {
            Self::Failed | Self::Storage => 1,
            Self::Usage | Self::Config | Self::Unsupported => 2,
            Self::Denied | Self::Forbidden | Self::PaymentRequired => 3,
            Self::LoginRequired | Self::LoginExpired | Self::CredentialRejected => 4,
            Self::CodeExpired => 5,
            Self::Unreachable | Self::Unavailable | Self::RateLimited | Self::Busy => 6,
            Self::NotFound => 7,
            Self::Rejected => 8,
            Self::Interrupted => 130,
        }
    }
}

/// A failure at the edge of the program.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// For programs.
    pub code: Code,
    /// For people: one sentence, lower case, no full stop.
    pub message: String,
    /// What is behind it.
    #[source]
    pub source: Option<anyhow::Error>,
    /// What to do next.
    pub hints: Vec<String>,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// The number that the service's support asks for.
    pub request_id: Option<String>,
}

/// The failure as `--json` shows it.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    code: Code,
    message: String,
    hint: Option<String>,
    exit: u8,
    status: Option<u16>,
    request_id: Option<&'a str>,
}

impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let causes = self
            .causes()
            .iter()
            .map(|cause| format!(": {cause}"))
            .collect::<String>();
        Shown {
            code: self.code,
            message: format!("{}{causes}", self.message),
            hint: (!self.hints.is_empty()).then(|| self.hints.join("; ")),
            exit: self.code.exit(),
            status: self.status,
            request_id: self.request_id.as_deref(),
        }
        .serialize(serializer)
    }
}

impl Failure {
    /// A failure that says all by itself.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            source: None,
            hints: Vec::new(),
            status: None,
            request_id: None,
        }
    }

    /// Ctrl-C.
    pub fn interrupted() -> Self {
        Self::new(Code::Interrupted, "interrupted")
    }

    /// What is behind it, outermost first.
    pub fn causes(&self) -> Vec<String> {
        let chain = self
            .source
            .iter()
            .flat_map(|source| source.chain().map(ToString::to_string));
        let mut causes: Vec<String> = Vec::new();
        for cause in chain {
            let told = |before: &str| before.contains(cause.as_str());
            if !told(&self.message) && !causes.iter().any(|before| told(before)) {
                causes.push(cause);
            }
        }
        causes
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Option<String>>) -> Self {
        self.hints.extend(hint.into());
        self
    }

    pub(crate) fn of(code: Code, error: impl std::error::Error + Send + Sync + 'static) -> Self {
        let message = error.to_string();
        Self {
            source: Some(error.into()),
            ..Self::new(code, message)
        }
    }

    fn with_status(mut self, status: Option<u16>, request_id: Option<String>) -> Self {
        self.status = status;
        self.request_id = request_id;
        self
    }
}

impl From<ActionError> for Failure {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Vault(error) => error.into(),
            ActionError::Oauth(error) => error.into(),
            ActionError::Service(error) => error.into(),
            ActionError::Http(error) => error.into(),
            ActionError::Provider(error) => error.into(),
            ActionError::Config(error) => error.into(),
            ActionError::CredentialRejected { ref refusal, .. } => {
                let (status, id) = (Some(refusal.status), refusal.request_id.clone());
                let said = refusal
                    .message
                    .clone()
                    .map(|text| format!("the service says: {text}"));
                let next = "replace it where it comes from, or run `brainmaps login`".to_owned();
                Self::of(Code::CredentialRejected, error)
                    .with_status(status, id)
                    .hint(said)
                    .hint(next)
            }
            ActionError::StillAlive(behind) => {
                let message = "signed out here, but the session may still be alive at the server";
                let behind = Self::from(*behind);
                let outer = Self {
                    status: behind.status,
                    ..Self::new(behind.code, message)
                };
                Self {
                    source: Some(behind.into()),
                    ..outer
                }
                .hint("end it on the service's website, or wait until it expires".to_owned())
            }
            ref told => {
                let (code, hint) = plain(told);
                Self::of(code, error).hint(hint)
            }
        }
    }
}

/// The failures that carry all they have to say.
fn plain(error: &ActionError) -> (Code, Option<String>) {
    let say = |text: &str| Some(text.to_owned());
    match error {
        ActionError::NoSuchProfile { known, .. } => (
            Code::Config,
            Some(format!(
                "there are: {}; `brainmaps profile add NAME --provider SERVICE` makes one",
                known.join(", ")
            )),
        ),
        ActionError::NotInSandbox { .. } => (
            Code::Unsupported,
            say("leave out --sandbox, or choose another profile"),
        ),
        ActionError::NoAddress { profile } => (
            Code::Config,
            Some(format!(
                "run `brainmaps --profile {profile} login --issuer URL --api-url URL`"
            )),
        ),
        ActionError::NoSuchLogin { .. } => (
            Code::Unsupported,
            say("store a key: `brainmaps login --with-token < FILE`"),
        ),
        ActionError::NoClient { .. } => (
            Code::Usage,
            say("name the client that the server knows: --client-id ID"),
        ),
        ActionError::ForeignKey { .. } => (
            Code::Usage,
            say("choose the key's own service with --profile"),
        ),
        ActionError::LoginRequired { profile, reasons } => {
            let mut hints = reasons.clone();
            hints.push(format!(
                "run `brainmaps --profile {profile} login`, or set the service's key variable"
            ));
            (Code::LoginRequired, Some(hints.join("; ")))
        }
        ActionError::LoginExpired { profile } => (
            Code::LoginExpired,
            Some(format!("run `brainmaps --profile {profile} login`")),
        ),
        ActionError::NotRefreshable { .. } => (
            Code::Unsupported,
            say("only sessions from `brainmaps login` renew themselves"),
        ),
        ActionError::TooShort { .. } => (
            Code::LoginExpired,
            say("run `brainmaps login`, or ask for less with --min-ttl"),
        ),
        ActionError::ProfileExists { .. } => (
            Code::Config,
            say("choose another name, or `brainmaps profile remove` it first"),
        ),
        ActionError::StillSignedIn { name } => (
            Code::Config,
            Some(format!("run `brainmaps --profile {name} logout` first")),
        ),
        ActionError::NoVariable { .. } => (
            Code::Unsupported,
            say("leave out --env-file: the secret is then shown once"),
        ),
        ActionError::Name(_) | ActionError::Url(_) => (Code::Usage, None),
        _ => (Code::Failed, None),
    }
}

impl From<OauthError> for Failure {
    fn from(error: OauthError) -> Self {
        if let OauthError::Http(error) = error {
            return error.into();
        }
        let code = match &error {
            OauthError::Denied => Code::Denied,
            OauthError::CodeExpired { .. } => Code::CodeExpired,
            OauthError::InvalidGrant { .. } => Code::LoginExpired,
            OauthError::Refused { .. } => Code::Rejected,
            OauthError::Status { status, .. } if status.as_u16() == 429 => Code::RateLimited,
            OauthError::Status { status, .. } if status.is_server_error() => Code::Unavailable,
            OauthError::NotAnIssuer { .. } => Code::Usage,
            OauthError::NoDeviceFlow { .. } | OauthError::NoEndpoint { .. } => Code::Unsupported,
            OauthError::Status { .. }
            | OauthError::Malformed { .. }
            | OauthError::MissingField { .. }
            | OauthError::UnsafeAddress { .. }
            | OauthError::IssuerMismatch { .. }
            | OauthError::NoMetadata { .. }
            | OauthError::Http(_) => Code::Failed,
        };
        let hint = error.hint().or_else(|| oauth_hint(&error));
        let (status, id) = (
            error.status().map(|status| status.as_u16()),
            error.request_id().map(str::to_owned),
        );
        Self::of(code, error).with_status(status, id).hint(hint)
    }
}

fn oauth_hint(error: &OauthError) -> Option<String> {
    let text = match error {
        OauthError::Denied => "nothing was stored; run `brainmaps login` to try again",
        OauthError::CodeExpired { .. } => {
            "nothing was stored; run `brainmaps login` for a new code"
        }
        OauthError::NoDeviceFlow { .. } => {
            "if the server has a device endpoint that it does not list, describe the service in a file of your own \
             (see the README), or store a key: `brainmaps login --with-token < FILE`"
        }
        OauthError::NoMetadata { .. } => "check the issuer's address",
        OauthError::Refused {
            error: Some(code), ..
        } if code == "invalid_client" => "check --client-id",
        OauthError::Refused {
            error: Some(code), ..
        } if code == "invalid_scope" => "check --scope",
        OauthError::Malformed { .. }
        | OauthError::MissingField { .. }
        | OauthError::UnsafeAddress { .. } => "the server is at fault; nothing was stored",
        _ => return None,
    };
    Some(text.to_owned())
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Refused(ref refusal) => {
                let (status, id) = (Some(refusal.status), refusal.request_id.clone());
                let hint = refusal_hint(refusal);
                Self::of(refusal_code(refusal.kind), error)
                    .with_status(status, id)
                    .hint(hint)
            }
            ServiceError::Unsupported { ref offered, .. } => {
                let hint = (!offered.is_empty())
                    .then(|| format!("its token calls are: {}", offered.join(", ")));
                Self::of(Code::Unsupported, error).hint(hint)
            }
            ServiceError::Option { .. } => Self::of(Code::Unsupported, error),
            ServiceError::Http(error) => error.into(),
            ServiceError::Malformed { .. } => Self::of(Code::Failed, error)
                .hint("the service, or something between, is at fault".to_owned()),
            ServiceError::Url(_) => Self::of(Code::Failed, error),
        }
    }
}

fn refusal_code(kind: RefusalKind) -> Code {
    match kind {
        RefusalKind::CredentialRejected => Code::CredentialRejected,
        RefusalKind::PaymentRequired => Code::PaymentRequired,
        RefusalKind::Forbidden => Code::Forbidden,
        RefusalKind::NotFound => Code::NotFound,
        RefusalKind::RateLimited => Code::RateLimited,
        RefusalKind::Unavailable => Code::Unavailable,
        RefusalKind::Rejected => Code::Rejected,
    }
}

fn refusal_hint(refusal: &Refusal) -> Option<String> {
    if let Some(link) = &refusal.link {
        return Some(format!("see {link}"));
    }
    if let Some(wait) = refusal.retry_after {
        return Some(format!("try again in {} s", wait.as_secs()));
    }
    let text = match refusal.kind {
        RefusalKind::NotFound => "`brainmaps token list` shows the ids there are",
        RefusalKind::Unavailable | RefusalKind::RateLimited => "try again later",
        _ => return None,
    };
    Some(text.to_owned())
}

impl From<HttpError> for Failure {
    fn from(error: HttpError) -> Self {
        let code = match &error {
            HttpError::Connect { .. }
            | HttpError::Tls { .. }
            | HttpError::Timeout { .. }
            | HttpError::Interrupted { .. } => Code::Unreachable,
            HttpError::NotPermitted { .. } => Code::Usage,
            HttpError::TooLarge { .. }
            | HttpError::Redirected { .. }
            | HttpError::ForeignOrigin { .. }
            | HttpError::Header { .. }
            | HttpError::Setup { .. } => Code::Failed,
        };
        let hint = error.hint();
        Self::of(code, error).hint(hint)
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let code = if matches!(error, VaultError::Busy { .. }) {
            Code::Busy
        } else {
            Code::Storage
        };
        let hint = error.hint();
        Self::of(code, error).hint(hint)
    }
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        let hint = match &error {
            ProviderError::Unknown { known, .. } => {
                Some(format!("there are: {}", known.join(", ")))
            }
            ProviderError::Unreadable { .. } | ProviderError::Invalid { .. } => None,
        };
        Self::of(Code::Config, error).hint(hint)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        match error {
            ConfigError::Vault(error) => error.into(),
            ConfigError::UnknownKey { .. } | ConfigError::InvalidValue { .. } => {
                Self::of(Code::Usage, error)
            }
            ConfigError::Unreadable { .. } | ConfigError::Invalid { .. } => {
                Self::of(Code::Config, error)
            }
        }
    }
}

impl From<AskError> for Failure {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Interrupted => Self::interrupted(),
            AskError::Io(_) => Self::of(Code::Failed, error),
            AskError::NoTerminal => {
                Self::of(Code::Usage, error).hint("pipe the secret in on stdin".to_owned())
            }
            AskError::Ended
            | AskError::Empty
            | AskError::TooLong
            | AskError::SeveralLines
            | AskError::NotText => Self::of(Code::Usage, error),
        }
    }
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        Self::of(Code::Failed, error)
    }
}
