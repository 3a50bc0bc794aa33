//! Shows the user code of a device login.

use serde_json::json;
use url::Url;

use crate::actions::Event;
use crate::domain::{differing_hosts, sanitize_line, time_format};
use crate::ui::{Line, Shell, Span};

use super::display::{Display, SANDBOX_PAGE};

impl Display {
    /// A QR code fills a terminal of 24 lines, so that only the user code follows it.
    pub(super) fn show_device_code(&self, event: &Event) {
        emit_json(&self.shell, event);
        if self.qr {
            show_caution(&self.shell, event);
            show_qr(&self.shell, event);
            self.show_steps(event);
        } else {
            self.show_steps(event);
            show_caution(&self.shell, event);
        }
    }

    /// What to do: the code and the plain address are always there (RFC 8628 §3.3).
    fn show_steps(&self, event: &Event) {
        let Event::DeviceCode {
            user_code,
            verification_uri,
            verification_uri_complete,
            ..
        } = event
        else {
            return;
        };
        let step = |label: &'static str, value: Span| {
            let line = Line::from([Span::plain(label), value]);
            self.shell.announce(line);
        };
        step("Open       ", Span::bold(verification_uri.as_str()));
        step("Enter code ", Span::bold(user_code.as_str()));
        // The QR code contains it.
        let complete = verification_uri_complete.as_ref().filter(|_| !self.qr);
        if let Some(complete) = complete {
            step("or open    ", Span::plain(complete.as_str()));
        }
        if self.is_sandbox {
            let approve = format!("brainmaps sandbox approve {user_code}");
            step("or run     ", Span::plain(approve));
            step("", Span::dim(SANDBOX_PAGE));
        }
    }
}

fn emit_json(shell: &Shell, event: &Event) {
    if let Event::DeviceCode {
        user_code,
        verification_uri,
        verification_uri_complete,
        expires_in,
        ..
    } = event
    {
        shell.event(&json!({
            "event": "device_code",
            "user_code": user_code,
            "verification_uri": verification_uri,
            "verification_uri_complete": verification_uri_complete,
            "expires_in": expires_in.as_secs(),
        }));
    }
}

fn show_qr(shell: &Shell, event: &Event) {
    if let Event::DeviceCode {
        verification_uri,
        verification_uri_complete,
        ..
    } = event
    {
        let page = verification_uri_complete.as_ref();
        if !shell.qr(page.unwrap_or(verification_uri).as_str()) {
            shell.status("Cannot show the QR code: stderr is not a terminal or is too small.");
        }
    }
}

/// Shows the client, the requested scopes and a warning (RFC 8628 §5.4).
fn show_caution(shell: &Shell, event: &Event) {
    let Event::DeviceCode {
        verification_uri,
        expires_in,
        client_id,
        issuer,
        scopes,
        ..
    } = event
    else {
        return;
    };
    show_client(
        shell,
        &ClientRequest {
            page: verification_uri,
            issuer,
            client_id,
            scopes,
        },
    );
    shell.announce(Span::dim(format!(
        "The code expires in {}. Approve only a sign-in you started.",
        time_format::format_duration(*expires_in)
    )));
}

/// What the page asks the user to authorize.
pub(super) struct ClientRequest<'a> {
    pub(super) page: &'a Url,
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) scopes: &'a str,
}

/// Shows which server asks, and for what.
pub(super) fn show_client(shell: &Shell, request: &ClientRequest<'_>) {
    let ClientRequest {
        page,
        issuer,
        client_id,
        scopes,
    } = request;
    if let Some((page, server)) = differing_hosts(page, issuer) {
        shell.announce(format!(
            "The page is on {page}, but you are signing in to {server}."
        ));
    }
    let request = if scopes.is_empty() {
        format!("`{client_id}`")
    } else {
        format!("`{client_id}` (scopes: {scopes})")
    };
    let request = sanitize_line(&request);
    shell.announce(Span::dim(format!(
        "The page asks you to authorize {request}."
    )));
}
