//! The pages that the browser shows after the redirect. They contain nothing of the request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::head::Rejection;

/// What the response of the server means for the login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackOutcome {
    /// A code was received; the program still has to exchange it.
    Approved,
    Denied,
    /// The server reported another error, or the response is invalid.
    Failed,
    /// The response belongs to another login; this one still waits.
    OtherLogin,
}

const STYLE: &str = ":root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;margin:0}\
                     main{max-width:34rem;margin:15vh auto 0;padding:0 1.5rem}h1{font-size:1.6rem}";

/// Removes the code from the address bar and from the history.
const SCRIPT: &str = r#"history.replaceState(null,"",location.pathname)"#;

impl CallbackOutcome {
    fn status(self) -> &'static str {
        match self {
            Self::Approved | Self::Denied => "200 OK",
            Self::Failed | Self::OtherLogin => "400 Bad Request",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Approved => "Sign-in approved",
            Self::Denied => "Sign-in declined",
            Self::Failed => "Sign-in failed",
            Self::OtherLogin => "Not accepted",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Approved => {
                "Return to the terminal, which shows whether the sign-in is complete. You can close this page."
            }
            Self::Denied => {
                "The sign-in was declined, and nothing was stored. You can close this page."
            }
            Self::Failed => {
                "The response of the server is an error or cannot be used. The terminal shows the reason. You can close \
                 this page."
            }
            Self::OtherLogin => {
                "This page does not belong to the sign-in that waits in the terminal. Open the page that the terminal \
                 shows."
            }
        }
    }
}

/// Returns the whole response.
pub(super) fn render(outcome: CallbackOutcome) -> String {
    let (title, text) = (outcome.title(), outcome.text());
    let body = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         <main>\n<h1>{title}</h1>\n<p>{text}</p>\n</main>\n<script>{SCRIPT}</script>\n</html>\n"
    );
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        content_hash(STYLE),
        content_hash(SCRIPT)
    );
    response(outcome.status(), "text/html; charset=utf-8", &policy, &body)
}

/// Returns the response to a request that is not a redirect of a login.
pub(super) fn render_rejection(rejection: Rejection) -> String {
    let status = match rejection {
        Rejection::Closed | Rejection::Malformed => "400 Bad Request",
        Rejection::NotFound => "404 Not Found",
        Rejection::MethodNotAllowed => "405 Method Not Allowed\r\nAllow: GET",
        Rejection::Timeout => "408 Request Timeout",
        Rejection::OtherHost => "421 Misdirected Request",
        Rejection::TooLarge => "431 Request Header Fields Too Large",
    };
    let kind = "text/plain; charset=utf-8";
    response(status, kind, "default-src 'none'", "not found here\n")
}

fn response(status: &str, kind: &str, policy: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Security-Policy: {policy}\r\n\
         X-Content-Type-Options: nosniff\r\n\r\n{body}",
        body.len()
    )
}

/// Returns the source expression that permits an inline element (CSP level 3 §2.3.1).
fn content_hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}
