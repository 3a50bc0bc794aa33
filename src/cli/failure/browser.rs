//! Failures of a browser login.

use super::{Code, Failure};
use crate::actions::BrowserLoginError;
use crate::domain::Hint;
use crate::oauth::AuthorizationError;

impl From<BrowserLoginError> for Failure {
    fn from(error: BrowserLoginError) -> Self {
        match error {
            BrowserLoginError::Listen { .. } => Self::from_error(Code::Failed, error).with_hint(
                Hint::from("choose another port with --callback-port, or run ")
                    .command("login --browser --paste"),
            ),
            BrowserLoginError::DeviceFlowRefused(cause) => Self::from(cause)
                .wrap("the server refuses the device flow to this client")
                .with_hint(Hint::from("sign in in a browser: ").command("login --browser")),
        }
    }
}

pub(super) fn code(error: &AuthorizationError) -> Code {
    match error {
        AuthorizationError::Denied { .. } => Code::Denied,
        AuthorizationError::TimedOut { .. } => Code::CodeExpired,
        AuthorizationError::Refused { error, .. } => match error.as_str() {
            "server_error" | "temporarily_unavailable" => Code::Unavailable,
            "login_required"
            | "interaction_required"
            | "consent_required"
            | "account_selection_required" => Code::LoginRequired,
            _ => Code::Rejected,
        },
        AuthorizationError::NotTheRedirect { .. } | AuthorizationError::Cut => Code::Usage,
        AuthorizationError::WrongState
        | AuthorizationError::Repeated { .. }
        | AuthorizationError::MissingIssuer { .. }
        | AuthorizationError::ForeignIssuer { .. }
        | AuthorizationError::NoCode
        | AuthorizationError::InvalidCode => Code::Failed,
    }
}

pub(super) fn hint(error: &AuthorizationError) -> Hint {
    let nothing_stored = Hint::from("nothing was stored; ");
    let again = |text| {
        nothing_stored
            .clone()
            .text("run ")
            .command("login --browser")
            .text(text)
    };
    match error {
        AuthorizationError::Refused { error, .. } => match error.as_str() {
            "invalid_scope" => nothing_stored.text("check --scope"),
            "invalid_target" => nothing_stored.text("check --resource and --audience"),
            "unauthorized_client" | "unsupported_response_type" => nothing_stored
                .text("the server does not permit this login to the client: check --client-id, or run ")
                .command("login --device"),
            "invalid_request" | "invalid_request_object" | "invalid_request_uri" => nothing_stored.text(
                "check --client-id, and the redirect URIs that are registered for it (--callback-port, --callback-host)",
            ),
            "server_error" | "temporarily_unavailable" => nothing_stored.text("try again later"),
            _ => again(" and complete the steps on the page"),
        },
        AuthorizationError::NotTheRedirect { expected } => Hint::from(format!(
            "paste the address that the browser ends at; it starts with {expected}"
        )),
        AuthorizationError::Cut => {
            Hint::from("copy the whole address again; a terminal or chat may have broken it")
        }
        AuthorizationError::ForeignIssuer { .. } | AuthorizationError::MissingIssuer { .. } => {
            nothing_stored.text("the code was not used; another server may have tried to get it")
        }
        _ => again(" to try again"),
    }
}
