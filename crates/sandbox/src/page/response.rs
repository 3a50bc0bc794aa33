//! Sends the response to an authorization request to the client, through the browser.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::security_headers::FormTarget;
use super::views::{self, FormPost, Layout};
use crate::oauth::{AuthServer, AuthorizationResponse, ResponseMode};

/// Submits the form; without scripts, the person presses its button.
const SCRIPT: &str = "document.forms[0].submit()";

pub(super) fn send(server: &AuthServer, response: AuthorizationResponse) -> Response {
    if response.mode == ResponseMode::Query {
        return Redirect::to(&response.url()).into_response();
    }
    let root = super::step_path(server, "");
    let view = FormPost {
        layout: Layout::standalone(server.service.title, &root, "Return to the program"),
        redirect_uri: response.redirect_uri,
        parameters: response.parameters,
        script: SCRIPT,
    };
    let target = FormTarget::of_response(&view.redirect_uri, SCRIPT);
    let mut page = views::render(StatusCode::OK, &view);
    page.extensions_mut().insert(target);
    page
}
