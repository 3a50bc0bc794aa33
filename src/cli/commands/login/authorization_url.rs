//! Shows the page of a browser login.

use serde_json::json;

use crate::actions::Event;
use crate::domain::time_format;
use crate::ui::{Line, Span};

use super::device_code::{ClientRequest, show_client};
use super::display::Display;

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
        let link = Span::bold(url.as_str());
        shell.announce(Line::from([Span::plain("Open  "), link]));
        show_client(
            shell,
            &ClientRequest {
                page: url,
                issuer,
                client_id,
                scopes,
            },
        );
        let limit = open_within.map_or_else(String::new, |limit| {
            let limit = time_format::format_duration(limit);
            format!("Open the page within {limit}. ")
        });
        let caution = "Approve only a sign-in you started.";
        shell.announce(Span::dim(format!("{limit}{caution}")));
        if *is_pasted {
            let text = format!(
                "The browser ends at a page that does not load. Copy its address, which starts with {redirect_uri}."
            );
            shell.announce(text);
        } else if self.is_over_ssh {
            self.show_forward(redirect_uri.port().unwrap_or_default());
        }
        if self.is_sandbox {
            shell.announce(Span::dim("The page needs `brainmaps sandbox serve`."));
        }
    }

    /// A browser on the user's machine reaches this one only through the SSH connection.
    fn show_forward(&self, port: u16) {
        let text = "If the browser is on another machine, run this there, with HOST as you connected to it:";
        self.shell.announce(text);
        let command = format!("  ssh -N -L {port}:127.0.0.1:{port} HOST");
        self.shell.announce(Span::bold(command));
    }
}
