//! Failures of authorization servers, of services, and of the connections to them.

use super::actions::service_message;
use super::{Code, ErrorResponse, Failure, browser, description};
use crate::domain::{CommandLine, Hint, format_wait};
use crate::http::HttpError;
use crate::oauth::OauthError;
use crate::service::{ApiError, ApiErrorKind, ServiceError};

impl From<OauthError> for Failure {
    fn from(error: OauthError) -> Self {
        if let OauthError::Http(error) = error {
            return error.into();
        }
        let code = match &error {
            OauthError::Denied => Code::Denied,
            OauthError::CodeExpired { .. } => Code::CodeExpired,
            OauthError::InvalidGrant { .. } => Code::LoginExpired,
            OauthError::Refused { .. } | OauthError::GatewayPage { .. } => Code::Rejected,
            OauthError::GrantLost(_) => Code::Unreachable,
            OauthError::Status { status, .. } if status.as_u16() == 429 => Code::RateLimited,
            OauthError::Status { status, .. } if status.is_server_error() => Code::Unavailable,
            OauthError::NotAnIssuer { .. } | OauthError::ClientKey(_) => Code::Usage,
            OauthError::NoDeviceFlow { .. }
            | OauthError::NoEndpoint { .. }
            | OauthError::NoPkce { .. }
            | OauthError::SignedUserinfo { .. } => Code::Unsupported,
            OauthError::Authorization(error) => browser::code(error),
            OauthError::Status { .. }
            | OauthError::Malformed { .. }
            | OauthError::MissingField { .. }
            | OauthError::UnusableAccessToken { .. }
            | OauthError::UnsafeAddress { .. }
            | OauthError::UnusableEndpoint { .. }
            | OauthError::ForeignEndpoint { .. }
            | OauthError::IssuerMismatch { .. }
            | OauthError::NoMetadata { .. }
            | OauthError::OtherSubject { .. }
            | OauthError::Http(_) => Code::Failed,
        };
        let hint = error.hint().or_else(|| oauth_hint(&error));
        let response = ErrorResponse::from(&error);
        Self::from_error(code, error)
            .with_response(response)
            .with_hints(hint)
    }
}

fn oauth_hint(error: &OauthError) -> Option<Hint> {
    let after_login = |effect| {
        let nothing_stored = Hint::from("nothing was stored; run ");
        Some(nothing_stored.command("login").text(effect))
    };
    match error {
        OauthError::Denied => after_login(" to try again"),
        OauthError::CodeExpired { .. } => after_login(" for a new code"),
        OauthError::GrantLost(_) => Some(
            Hint::from("nothing was stored, and the code is used up; run ")
                .command("login")
                .text(" for a new code"),
        ),
        OauthError::Authorization(error) => Some(browser::hint(error)),
        OauthError::NoDeviceFlow {
            has_browser_login: true,
            ..
        } => Some(Hint::from("sign in in a browser: ").command("login --browser")),
        OauthError::NoDeviceFlow { .. } => {
            let describe = "if the server has a device endpoint that it does not list, describe the service in a file of \
                            your own (see ";
            let hint = Hint::from(describe).command("help provider-format");
            let hint = hint.text("), or store a key: ");
            Some(hint.command("login --with-token < FILE"))
        }
        OauthError::ForeignEndpoint { .. } => {
            let describe = "nothing was sent to it and nothing was stored; if the service really uses that host, describe \
                            it in a file of your own: token_endpoint and the other endpoints as URLs of one host, below \
                            [oauth] (see ";
            let hint = Hint::from(describe).command("help provider-format");
            Some(hint.text(")"))
        }
        other => oauth_text_hint(other).map(Hint::from),
    }
}

fn oauth_text_hint(error: &OauthError) -> Option<&'static str> {
    Some(match error {
        OauthError::GatewayPage { .. } => {
            "a proxy, VPN or firewall responded instead of the server; check the network, then try again"
        }
        OauthError::NoMetadata { .. } => {
            "check the issuer URL; a server without metadata can be described in a provider file"
        }
        OauthError::Refused {
            error: Some(code), ..
        } => return code_hint(code),
        OauthError::Malformed { .. }
        | OauthError::MissingField { .. }
        | OauthError::UnsafeAddress { .. }
        | OauthError::UnusableEndpoint { .. } => {
            "the server's response is invalid; nothing was stored"
        }
        _ => return None,
    })
}

/// Names the option that an OAuth error code is about.
fn code_hint(code: &str) -> Option<&'static str> {
    match code {
        "invalid_client" => Some(
            "check --client-id, and what authenticates it: --client-secret-file, or --key, --key-id and --assertion-audience",
        ),
        "invalid_scope" => Some("check --scope"),
        "invalid_target" => Some("check --resource and --audience"),
        _ => None,
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Api(api_error) => api_error_failure(api_error),
            ServiceError::WrongPassword(_) | ServiceError::ConfirmationRejected { .. } => {
                rejected_password(error)
            }
            ServiceError::KeyNotFound { .. } => {
                Self::from_error(Code::NotFound, error).with_hint(key_not_found_hint())
            }
            ServiceError::Unsupported { .. } | ServiceError::UnsupportedOption { .. } => {
                unsupported(error)
            }
            ServiceError::UnreportedFact { instead, .. } => {
                let hint = instead.map(|option| format!("{option} can be used instead"));
                Self::from_error(Code::Unsupported, error).with_hints(hint)
            }
            ServiceError::InvalidArgument { .. } | ServiceError::InvalidId(_) => {
                Self::from_error(Code::Usage, error)
            }
            ServiceError::Http(error) => error.into(),
            ServiceError::Malformed {
                member, ref file, ..
            } => {
                let hint = description::pointer_hint(member, file.as_deref());
                Self::from_error(Code::Failed, error).with_hint(hint)
            }
            ServiceError::RefreshTokenRejected(_)
            | ServiceError::AmbiguousKey { .. }
            | ServiceError::SecretId { .. }
            | ServiceError::KindRequired { .. }
            | ServiceError::UnknownKind { .. }
            | ServiceError::SeveralKinds { .. }
            | ServiceError::MissingParameter { .. }
            | ServiceError::MissingConfirmation { .. }
            | ServiceError::Unproven { .. } => described(error),
            ServiceError::Url(_) => Self::from_error(Code::Failed, error),
        }
    }
}

fn unsupported(error: ServiceError) -> Failure {
    let mut hints: Vec<Hint> = Vec::new();
    match &error {
        ServiceError::Unsupported {
            offered,
            verb,
            file,
            ..
        } => {
            if verb.starts_with("token") && !offered.is_empty() {
                hints.push(format!("supported: {}", offered.join(", ")).into());
            }
            hints.extend(description::missing_call_hint(verb, file.as_deref()));
        }
        ServiceError::UnsupportedOption { option, file, .. } => {
            hints.extend(description::missing_option_hint(option, file.as_deref()));
        }
        _ => {}
    }
    Failure::from_error(Code::Unsupported, error).with_hints(hints)
}

/// Returns the failure of an error that a description or a setting can resolve.
fn described(error: ServiceError) -> Failure {
    let (code, hint) = match &error {
        ServiceError::RefreshTokenRejected(_) => (Code::LoginExpired, Hint::run("login")),
        ServiceError::AmbiguousKey { .. } => (
            Code::Failed,
            Hint::from("").command("token list").text(" shows them all"),
        ),
        ServiceError::SecretId { .. } => (
            Code::Usage,
            Hint::from("use the name of the token, or the beginning of its secret as ")
                .command("token list")
                .text(" shows it"),
        ),
        ServiceError::MissingConfirmation { what, .. } if *what == "user name" => {
            (Code::Usage, Hint::run("login").text(", which stores it"))
        }
        ServiceError::MissingConfirmation { .. } => (
            Code::Usage,
            Hint::from("run the token command on a terminal, which asks for it"),
        ),
        ServiceError::MissingParameter { name, .. } => (Code::Config, set_parameter_hint(name)),
        ServiceError::Unproven { file, .. } => {
            let place = file.as_ref().map_or_else(
                || "the description of the service".to_owned(),
                |file| file.display().to_string(),
            );
            let hint = format!(
                " if the credential may be wrong; else correct `whoami.account` in {place}"
            );
            (Code::CredentialRejected, Hint::run("login").text(hint))
        }
        other => match kind_hint(other) {
            Some(hint) => (Code::Usage, hint),
            None => return Failure::from_error(Code::Failed, error),
        },
    };
    Failure::from_error(code, error).with_hint(hint)
}

/// Returns what to do about a kind of token that is missing, unknown or ambiguous.
fn kind_hint(error: &ServiceError) -> Option<Hint> {
    Some(match error {
        ServiceError::KindRequired { .. } => {
            "name one: --kind KIND, or KIND:ID in place of an id".into()
        }
        ServiceError::UnknownKind { kind, .. }
            if ["permanent", "temporary"].contains(&kind.as_str()) =>
        {
            format!("use --{kind}, if the service has such tokens").into()
        }
        ServiceError::UnknownKind { known, .. } if known.is_empty() => "omit --kind".into(),
        ServiceError::UnknownKind { known, .. } => {
            format!("the kinds are {}", known.join(", ")).into()
        }
        ServiceError::SeveralKinds { .. } => "run one command for each kind".into(),
        _ => return None,
    })
}

/// Returns the failure of a call with a password that the user typed.
fn rejected_password(error: ServiceError) -> Failure {
    let (api_error, hint) = match &error {
        ServiceError::WrongPassword(api_error) => (
            api_error,
            "not retried automatically; the stored credential is unchanged",
        ),
        ServiceError::ConfirmationRejected {
            api_error,
            takes_one_time_password: true,
            ..
        } => (
            api_error,
            "not retried automatically; --otp-stdin and a terminal accept a one-time password",
        ),
        ServiceError::ConfirmationRejected { api_error, .. } => {
            (api_error, "not retried automatically")
        }
        _ => return Failure::from_error(Code::CredentialRejected, error),
    };
    let (message, response) = (
        service_message(api_error),
        ErrorResponse::from(&**api_error),
    );
    Failure::from_error(Code::CredentialRejected, error)
        .with_response(response)
        .with_hints(message)
        .with_hint(hint)
}

fn api_error_failure(api_error: Box<ApiError>) -> Failure {
    let response = ErrorResponse::from(&*api_error);
    let (code, hints) = (api_error_code(api_error.kind), api_error_hints(&api_error));
    Failure::from_error(code, ServiceError::Api(api_error))
        .with_response(response)
        .with_hints(hints)
}

fn key_not_found_hint() -> Hint {
    Hint::from("it was revoked, or belongs to another account: run ")
        .command("whoami")
        .text(" to see whose tokens are listed")
}

fn api_error_code(kind: ApiErrorKind) -> Code {
    match kind {
        ApiErrorKind::CredentialRejected => Code::CredentialRejected,
        ApiErrorKind::PaymentRequired => Code::PaymentRequired,
        ApiErrorKind::Forbidden => Code::Forbidden,
        ApiErrorKind::NotFound => Code::NotFound,
        ApiErrorKind::RateLimited => Code::RateLimited,
        ApiErrorKind::Unavailable => Code::Unavailable,
        ApiErrorKind::Rejected => Code::Rejected,
    }
}

/// What helps, then when to try again or what usually helps.
fn api_error_hints(api_error: &ApiError) -> Vec<Hint> {
    let link = api_error.link.iter();
    let link = link.map(|link| Hint::from(format!("see {link}")));
    let mut hints: Vec<Hint> = link.chain(api_error.advice.iter().cloned()).collect();
    if let Some(wait) = api_error.retry_after {
        hints.push(format!("try again in {}", format_wait(wait)).into());
    } else if hints.is_empty() {
        hints.extend(default_hint(api_error).map(Hint::from));
    }
    hints
}

fn default_hint(api_error: &ApiError) -> Option<String> {
    if let (ApiErrorKind::RateLimited, Some(limit)) = (api_error.kind, &api_error.limit) {
        return Some(format!("the service allows {limit}; try again later"));
    }
    let text = match api_error.kind {
        ApiErrorKind::Unavailable | ApiErrorKind::RateLimited => "try again later",
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
            HttpError::Proxy { .. } | HttpError::CaCert { .. } => Code::Config,
            HttpError::Encoding { .. }
            | HttpError::RequestBody { .. }
            | HttpError::TooLarge { .. }
            | HttpError::Redirected { .. }
            | HttpError::ForeignOrigin { .. }
            | HttpError::OutsideResource { .. }
            | HttpError::PrivateAddress { .. }
            | HttpError::Header { .. }
            | HttpError::Setup { .. } => Code::Failed,
        };
        let hint = error.hint();
        Self::from_error(code, error).with_hints(hint)
    }
}

fn set_parameter_hint(name: &str) -> Hint {
    let set = CommandLine::from("config set").argument(format!("parameter.{name}"));
    Hint::run(set.argument("VALUE"))
}
