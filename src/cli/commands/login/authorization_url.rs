//! Shows the page of a browser login.

use std::time::Duration;

use serde_json::json;
use url::Url;

use crate::actions::Event;
use crate::domain::time_format;
use crate::ui::{Line, Span};

use super::device_code::{ClientRequest, show_client};
use super::display::{Display, SANDBOX_PAGE};

impl Display {
    /// The page is always shown, because a program that opens pages may fail without an error.
    pub(super) fn show_authorization_url(&self, event: &Event) {
        let Event::AuthorizationUrl {
            url,
            redirect_uri,
            is_pasted,
            expires_in,
            open_within,
            client_id,
            issuer,
            scopes,
        } = event
        else {
            return;
        };
        let shell = &self.shell;
        shell.event(&json!({
            "event": "authorization_url",
            "url": url,
            "redirect_uri": redirect_uri,
            "expires_in": (!is_pasted).then_some(expires_in.as_secs()),
            "open_within": open_within.map(|limit| limit.as_secs()),
        }));
        shell.announce(Line::from([
            Span::plain("Open  "),
            Span::bold(url.as_str()),
        ]));
        let request = ClientRequest {
            page: url,
            issuer,
            client_id,
            scopes,
        };
        show_client(shell, &request);
        self.show_caution(*open_within, *expires_in, *is_pasted);
        if !is_pasted {
            self.show_ways_back(redirect_uri);
        }
        self.show_sandbox_server();
    }

    /// How the response of a browser elsewhere arrives.
    fn show_ways_back(&self, redirect_uri: &Url) {
        self.show_browser_option();
        if self.is_over_ssh {
            self.show_forward(redirect_uri);
        }
        if self.can_paste {
            let text = format!(
                "If the last page does not load, paste its address here. It starts with {redirect_uri}."
            );
            self.shell.announce(text);
        }
    }

    fn show_browser_option(&self) {
        if self.needs_browser_option {
            let text = "No browser is opened without a terminal: open the page on this machine, or name the method with --browser.";
            self.shell.announce(text);
        }
    }

    fn show_sandbox_server(&self) {
        if self.is_sandbox {
            self.shell.announce(Span::dim(SANDBOX_PAGE));
        }
    }

    fn show_caution(&self, open_within: Option<Duration>, expires_in: Duration, is_pasted: bool) {
        let limit = open_within.map_or_else(String::new, |limit| {
            let limit = time_format::format_duration(limit);
            if is_pasted {
                return format!("Open the page within {limit}. ");
            }
            let end = time_format::format_duration(expires_in);
            format!("Open the page within {limit}, and finish there within {end}. ")
        });
        let caution = "Approve only a sign-in you started.";
        self.shell.announce(Span::dim(format!("{limit}{caution}")));
    }

    /// A browser on the user's machine reaches this one only through the SSH connection.
    fn show_forward(&self, redirect_uri: &Url) {
        let port = redirect_uri.port().unwrap_or_default();
        let host = redirect_uri.host_str().filter(|host| *host == "[::1]");
        let host = host.unwrap_or("127.0.0.1");
        let text = "If the browser is on another machine, run this there, with HOST as you connected to it:";
        self.shell.announce(text);
        let command = format!("  ssh -N -L {port}:{host}:{port} HOST");
        self.shell.announce(Span::bold(command));
    }
}
