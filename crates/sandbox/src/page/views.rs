//! The page templates, one per step.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::browser_session::BrowserSession;
use crate::base::Millis;
use crate::oauth::AuthServer;

/// The data of the common layout.
pub(crate) struct Layout {
    pub(crate) title: &'static str,
    pub(crate) service: &'static str,
    /// The path of the pages.
    pub(crate) root: String,
    csrf: String,
    /// 1 to 3; 0 for pages outside the steps.
    pub(crate) step: u8,
}

impl Layout {
    /// Creates the layout of a page at `root` outside the device flow, whose forms have no token.
    pub(crate) fn standalone(service: &'static str, root: &str, title: &'static str) -> Self {
        Self {
            title,
            service,
            root: root.to_owned(),
            csrf: String::new(),
            step: 0,
        }
    }

    pub(super) fn new(
        server: &AuthServer,
        session: &BrowserSession,
        step: u8,
        title: &'static str,
    ) -> Self {
        Self {
            title,
            service: server.service.title,
            root: super::step_path(server, ""),
            csrf: session.csrf(),
            step,
        }
    }
}

#[derive(Template)]
#[template(path = "code.html")]
pub(super) struct Code {
    pub(super) layout: Layout,
    pub(super) typed: String,
    /// The code comes from the link; the person only compares it.
    pub(super) is_comparison: bool,
    pub(super) error: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
pub(super) struct SignIn {
    pub(super) layout: Layout,
    pub(super) email: String,
    pub(super) demo_email: &'static str,
    pub(super) demo_password: &'static str,
    pub(super) error: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "consent.html")]
pub(super) struct Consent {
    pub(super) layout: Layout,
    pub(super) client: String,
    pub(super) account: String,
    pub(super) source: RequestSource,
    pub(super) age: String,
    pub(super) scopes: Vec<&'static str>,
}

/// Where a request comes from.
pub(super) enum RequestSource {
    Terminal {
        code: String,
    },
    Program {
        /// The id of the authorization request.
        request: String,
        /// The origin of the redirect URI.
        destination: String,
    },
}

/// An authorization request whose redirect URI is not verified.
#[derive(Template)]
#[template(path = "invalid_request.html")]
pub(super) struct InvalidRequest {
    pub(super) layout: Layout,
    pub(super) reason: &'static str,
}

/// A form that posts the response to the client.
#[derive(Template)]
#[template(path = "form_post.html")]
pub(super) struct FormPost {
    pub(super) layout: Layout,
    pub(super) redirect_uri: String,
    pub(super) parameters: Vec<(&'static str, String)>,
    pub(super) script: &'static str,
}

#[derive(Template)]
#[template(path = "outcome.html")]
pub(super) struct Outcome {
    pub(super) layout: Layout,
    pub(super) kind: OutcomeKind,
    pub(super) client: &'static str,
    pub(super) wait: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OutcomeKind {
    Approved,
    Denied,
    Expired,
    /// Decided before in another browser.
    AlreadyUsed,
    TooManyAttempts,
    /// An authorization request that was decided or has expired.
    RequestClosed,
    /// The form token is missing or old.
    StaleForm,
}

impl OutcomeKind {
    /// Returns the SVG path: a check mark, a cross, clock hands, or an exclamation mark.
    fn icon(self) -> &'static str {
        match self {
            Self::Approved => "m17 29 8 8 15-17",
            Self::Denied => "m20 20 16 16M36 20 20 36",
            Self::Expired => "M28 14v15l9 6",
            Self::AlreadyUsed | Self::RequestClosed | Self::TooManyAttempts | Self::StaleForm => {
                "M28 15v15M28 40v.01"
            }
        }
    }
}

/// Renders `view` and sets the cookie of a new session.
pub(super) fn show(
    server: &AuthServer,
    session: &BrowserSession,
    status: StatusCode,
    view: &impl Template,
) -> Response {
    with_cookie(server, session, render(status, view))
}

pub(super) fn render(status: StatusCode, view: &impl Template) -> Response {
    match view.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

pub(super) fn with_cookie(
    server: &AuthServer,
    session: &BrowserSession,
    mut response: Response,
) -> Response {
    if let Some(cookie) = session.set_cookie(server) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Rejects attempts for the next `wait` milliseconds.
pub(super) fn too_many_attempts(
    server: &AuthServer,
    session: &BrowserSession,
    wait: Millis,
) -> Response {
    let seconds = wait.div_euclid(1000) + 1;
    let layout = Layout::new(server, session, 0, "Too many attempts");
    let view = Outcome {
        layout,
        kind: OutcomeKind::TooManyAttempts,
        client: server.registration.client_name,
        wait: seconds,
    };
    let mut response = show(server, session, StatusCode::TOO_MANY_REQUESTS, &view);
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Rejects a form with a missing or old token.
pub(super) fn stale_form(server: &AuthServer, session: &BrowserSession) -> Response {
    let view = Outcome {
        layout: Layout::new(server, session, 0, "This form has expired"),
        kind: OutcomeKind::StaleForm,
        client: server.registration.client_name,
        wait: 0,
    };
    show(server, session, StatusCode::FORBIDDEN, &view)
}
