//! Shows the events of a login.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::actions::{Event, PreparedLogin};
use crate::domain::time_format;
use crate::ui::{Shell, Span};

/// The embedded sandbox serves no page, and its URLs have the default port of the server.
pub(super) const SANDBOX_PAGE: &str =
    "The page needs `brainmaps sandbox serve` at its default port.";

#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, not the states of one machine"
)]
pub(super) struct Display {
    pub(super) shell: Arc<Shell>,
    /// The line that is shown while the program waits.
    pub(super) progress_text: Arc<Mutex<String>>,
    pub(super) qr: bool,
    pub(super) is_sandbox: bool,
    pub(super) is_over_ssh: bool,
    /// Whether the user can paste the response while the program listens.
    pub(super) can_paste: bool,
    /// Whether a browser would be opened if an option named the method: without a terminal.
    pub(super) needs_browser_option: bool,
}

impl Display {
    pub(super) fn show(&self, event: &Event) {
        let shell = &self.shell;
        match event {
            Event::DeviceCode { expires_in, .. } => {
                self.show_device_code(event);
                self.start_waiting(*expires_in);
            }
            Event::AuthorizationUrl {
                is_pasted,
                expires_in,
                ..
            } => {
                self.show_authorization_url(event);
                if !is_pasted {
                    self.start_waiting(*expires_in);
                }
            }
            Event::BrowserOpened(true) => shell.status("Opened the page in your browser."),
            Event::BrowserOpened(false) => {
                shell.status("Cannot open a browser; open the page yourself.");
            }
            Event::PastedTextRefused(reason) => shell.announce(reason.as_str()),
            Event::Waiting { remaining } => self.set_progress(waiting_text(*remaining)),
            Event::Retrying { cause } => shell.status(Span::dim(format!("{cause}; still waiting"))),
            Event::Warning(_)
            | Event::Progress { .. }
            | Event::Rotation(_)
            | Event::RememberedTargets(_)
            | Event::TargetOutput(_)
            | Event::WaitingForCommand(_)
            | Event::FileChoice(_)
            | Event::VariablesWritten(_)
            | Event::MaskInLog(_) => {}
        }
    }

    fn start_waiting(&self, limit: Duration) {
        let text = waiting_text(limit);
        // A dumb terminal shows no progress line.
        if self.shell.terminal().stderr && self.shell.terminal().dumb {
            self.shell.status(text.as_str());
        }
        self.set_progress(text);
    }

    fn set_progress(&self, text: String) {
        let progress = self.progress_text.lock();
        *progress.unwrap_or_else(PoisonError::into_inner) = text;
    }
}

/// Describes an unusual choice of the method.
pub(super) fn describe_choice(login: &PreparedLogin, reason: &str) -> String {
    let method = match login {
        PreparedLogin::Browser(_) => "in a browser",
        PreparedLogin::Paste(_) => "in a browser with --paste",
        PreparedLogin::ClientCredentials(_) => "with client credentials",
        _ => "with the device flow",
    };
    format!("Signing in {method}: {reason}.")
}

fn waiting_text(remaining: Duration) -> String {
    format!(
        "waiting for your approval, {} left (Ctrl-C to cancel)",
        time_format::format_countdown(remaining)
    )
}
