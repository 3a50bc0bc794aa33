//! What the page shows: one template a step.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::session::Visitor;
use crate::oauth::Desk;
use crate::store::Millis;

/// What every step shows.
pub(crate) struct Frame {
    /// The browser's title: the step.
    pub(crate) title: &'static str,
    pub(crate) service: &'static str,
    /// The page's own path.
    pub(crate) root: String,
    csrf: String,
    /// 1 to 3; 0 beyond the steps.
    pub(crate) step: u8,
}

impl Frame {
    /// Of a page that is no step of the device flow and lies at `root`, whose forms need no token.
    pub(crate) fn alone(service: &'static str, root: &str, title: &'static str) -> Self {
        Self {
            title,
            service,
            root: root.to_owned(),
            csrf: String::new(),
            step: 0,
        }
    }

    pub(super) fn new(desk: &Desk, visitor: &Visitor, step: u8, title: &'static str) -> Self {
        Self {
            title,
            service: desk.service.title,
            root: super::step(desk, ""),
            csrf: visitor.csrf(),
            step,
        }
    }
}

/// Step 1: the code.
#[derive(Template)]
#[template(path = "code.html")]
pub(super) struct Code {
    pub(super) frame: Frame,
    /// What stands in the field.
    pub(super) typed: String,
    /// Whether the link brought the code, so that the person only compares.
    pub(super) compare: bool,
    pub(super) error: Option<&'static str>,
}

/// Step 2: who decides.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(super) struct SignIn {
    pub(super) frame: Frame,
    pub(super) email: String,
    pub(super) demo_email: &'static str,
    pub(super) demo_password: &'static str,
    pub(super) error: Option<&'static str>,
}

/// Step 3: the decision.
#[derive(Template)]
#[template(path = "consent.html")]
pub(super) struct Consent {
    pub(super) frame: Frame,
    pub(super) client: &'static str,
    pub(super) account: String,
    pub(super) code: String,
    pub(super) asked: String,
    pub(super) scopes: Vec<&'static str>,
}

/// The end, one way or another.
#[derive(Template)]
#[template(path = "outcome.html")]
pub(super) struct Outcome {
    pub(super) frame: Frame,
    pub(super) ending: Ending,
    pub(super) client: &'static str,
    pub(super) wait: Millis,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Approved,
    Denied,
    Expired,
    /// Decided before, elsewhere or by somebody else.
    Used,
    /// Too many wrong tries.
    TooMany,
    /// A form that this browser was not shown, or was shown long ago.
    Stale,
}

impl Ending {
    /// What is drawn in the circle: a check mark, a cross, a clock's hands, an exclamation mark.
    fn sign(self) -> &'static str {
        match self {
            Self::Approved => "m17 29 8 8 15-17",
            Self::Denied => "m20 20 16 16M36 20 20 36",
            Self::Expired => "M28 14v15l9 6",
            Self::Used | Self::TooMany | Self::Stale => "M28 15v15M28 40v.01",
        }
    }
}

/// Renders `view`; gives the browser its cookie when it lacks it.
pub(super) fn show(
    desk: &Desk,
    visitor: &Visitor,
    status: StatusCode,
    view: &impl Template,
) -> Response {
    let Ok(text) = view.render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    with_cookie(desk, visitor, (status, Html(text)).into_response())
}

/// `response`, with the browser's cookie when it lacks it.
pub(super) fn with_cookie(desk: &Desk, visitor: &Visitor, mut response: Response) -> Response {
    if let Some(cookie) = visitor.set_cookie(desk) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Refuses for the next `wait` milliseconds.
pub(super) fn too_many(desk: &Desk, visitor: &Visitor, wait: Millis) -> Response {
    let seconds = wait.div_euclid(1000) + 1;
    let frame = Frame::new(desk, visitor, 0, "Too many tries");
    let view = Outcome {
        frame,
        ending: Ending::TooMany,
        client: desk.registration.client_name,
        wait: seconds,
    };
    let mut response = show(desk, visitor, StatusCode::TOO_MANY_REQUESTS, &view);
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Refuses a form that did not come from this browser's own page.
pub(super) fn stale(desk: &Desk, visitor: &Visitor) -> Response {
    let view = Outcome {
        frame: Frame::new(desk, visitor, 0, "This form is out of date"),
        ending: Ending::Stale,
        client: desk.registration.client_name,
        wait: 0,
    };
    show(desk, visitor, StatusCode::FORBIDDEN, &view)
}
