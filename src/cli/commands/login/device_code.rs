//! Shows the user code of a device login, and how long it is still valid.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;

use crate::actions::Event;
use crate::domain::{differing_hosts, sanitize_line, time_format};
use crate::ui::{Line, Shell, Span};

/// Shows the events of a login.
pub(super) struct Display {
    pub(super) shell: Arc<Shell>,
    /// The line that is shown while the program waits.
    pub(super) progress_text: Arc<Mutex<String>>,
    pub(super) qr: bool,
    pub(super) is_sandbox: bool,
}

impl Display {
    pub(super) fn show(&self, event: &Event) {
        let shell = &self.shell;
        match event {
            Event::DeviceCode { expires_in, .. } => {
                self.show_device_code(event);
                let text = waiting_text(*expires_in);
                // A dumb terminal shows no progress line.
                if shell.terminal().stderr && shell.terminal().dumb {
                    shell.status(text.as_str());
                }
                self.set_progress(text);
            }
            Event::BrowserOpened(true) => shell.status("Opened the page in your browser."),
            Event::BrowserOpened(false) => {
                shell.status("Cannot open a browser; open the page yourself.");
            }
            Event::Waiting { remaining } => self.set_progress(waiting_text(*remaining)),
            Event::Retrying { cause } => shell.status(Span::dim(format!("{cause}; still waiting"))),
            Event::Warning(_)
            | Event::Progress { .. }
            | Event::Rotation(_)
            | Event::FileChoice(_) => {}
        }
    }

    fn set_progress(&self, text: String) {
        let progress = self.progress_text.lock();
        *progress.unwrap_or_else(PoisonError::into_inner) = text;
    }

    /// A QR code fills a terminal of 24 lines, so that only the user code follows it.
    fn show_device_code(&self, event: &Event) {
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
            // The embedded sandbox serves no page.
            let approve = format!("brainmaps sandbox approve {user_code}");
            step("or run     ", Span::plain(approve));
            step("", Span::dim("The page needs `brainmaps sandbox serve`."));
        }
    }
}

fn waiting_text(remaining: Duration) -> String {
    format!(
        "waiting for your approval, {} left (Ctrl-C to cancel)",
        time_format::format_countdown(remaining)
    )
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

/// Who asks, for what, and a word of caution (RFC 8628 §5.4).
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
    if let Some((page, server)) = differing_hosts(verification_uri, issuer) {
        shell.announce(format!(
            "The page is on {page}, but you are signing in to {server}."
        ));
    }
    let host = verification_uri.host_str().unwrap_or_default();
    let request = if scopes.is_empty() {
        format!("`{client_id}`")
    } else {
        format!("`{client_id}` (scopes: {scopes})")
    };
    let request = sanitize_line(&request);
    shell.announce(Span::dim(format!(
        "{host} will ask you to authorize {request}."
    )));
    shell.announce(Span::dim(format!(
        "The code expires in {}. Approve only a sign-in you started.",
        time_format::format_duration(*expires_in)
    )));
}
