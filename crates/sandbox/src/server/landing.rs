//! The page at `/`, for a person who opens the URL that the sandbox prints. Other programs get the response of BrainMaps.

use askama::Template;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::services::SERVICES;
use crate::page::{Layout, set_security_headers};
use crate::state::Service;
use crate::state::account::{DEMO_EMAIL, DEMO_PASSWORD};

#[derive(Template)]
#[template(path = "landing.html")]
struct Landing {
    layout: Layout,
    services: &'static [&'static Service],
    demo_email: &'static str,
    demo_password: &'static str,
}

/// Responds to browsers at `/`, and passes every other request on.
pub(crate) async fn show_to_browsers(request: Request, next: Next) -> Response {
    if !is_browser_at_root(&request) {
        return next.run(request).await;
    }
    let page = Landing {
        layout: Layout::standalone("brainmaps", "/device", "Services"),
        services: &SERVICES,
        demo_email: DEMO_EMAIL,
        demo_password: DEMO_PASSWORD,
    };
    let mut response = match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    set_security_headers(&mut response);
    response
}

fn is_browser_at_root(request: &Request) -> bool {
    let accepted = request.headers().get(header::ACCEPT);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    request.uri().path() == "/"
        && matches!(*request.method(), Method::GET | Method::HEAD)
        && accepted.is_some_and(|types| types.contains("text/html"))
}
