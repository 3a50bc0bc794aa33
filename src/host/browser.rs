//! Opens web pages in the user's browser.

use std::io;

use url::Url;

use super::Environment;

#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// Another scheme could start a program.
    #[error("unsupported URL scheme `{0}` (only http and https)")]
    UnsupportedScheme(String),
    /// There is no browser, or it must not be used.
    #[error("no browser is available")]
    Unavailable,
    /// The launcher is missing or failed at once.
    #[error("cannot start a browser")]
    Launch(#[source] io::Error),
}

pub trait Browser: Send + Sync {
    /// Passes `url` to a browser and returns without waiting for it.
    ///
    /// # Errors
    /// [`BrowserError`] if no page was opened.
    fn open(&self, url: &Url) -> Result<(), BrowserError>;
}

/// Opens nothing: used with `--no-browser`, with `--no-input` and on servers.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&self, _url: &Url) -> Result<(), BrowserError> {
        Err(BrowserError::Unavailable)
    }
}

#[derive(Debug, Clone, Default)]
pub struct SystemBrowser {
    preferred: Option<String>,
}

impl SystemBrowser {
    /// Uses the browser in `BROWSER`, else the desktop's.
    pub fn new(environment: &Environment) -> Self {
        Self {
            preferred: environment.get("BROWSER").and_then(plain_command),
        }
    }

    /// Returns `true` if the user would see the browser. Over SSH it would open on the wrong machine, and without a
    /// display it cannot open. `BROWSER` overrides both, because remote editors set it to a helper that opens the page
    /// locally.
    pub fn can_open(environment: &Environment) -> bool {
        let has = |names: &[&str]| names.iter().any(|name| environment.get(name).is_some());
        if has(&["BROWSER"]) {
            return true;
        }
        if has(&["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]) {
            return false;
        }
        cfg!(any(target_os = "macos", windows))
            || has(&[
                "DISPLAY",
                "WAYLAND_DISPLAY",
                "WSL_DISTRO_NAME",
                "WSL_INTEROP",
            ])
    }
}

impl Browser for SystemBrowser {
    /// The launcher runs in its own session, with its streams connected to the null device. It is watched for a
    /// quarter of a second to detect an immediate failure.
    fn open(&self, url: &Url) -> Result<(), BrowserError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BrowserError::UnsupportedScheme(url.scheme().to_owned()));
        }
        let preferred = self.preferred.as_deref();
        if preferred.is_some_and(|command| open::with_detached(url.as_str(), command).is_ok()) {
            return Ok(());
        }
        open::that_detached(url.as_str()).map_err(BrowserError::Launch)
    }
}

/// Returns the first of the colon-separated commands in `BROWSER`. A command with arguments or `%s` returns `None`:
/// the desktop's launcher parses those.
fn plain_command(list: &str) -> Option<String> {
    let first = list.split(':').next().unwrap_or_default().trim();
    let is_plain = !first.is_empty() && !first.contains([' ', '\t', '%', '\'', '"']);
    is_plain.then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_pages_are_opened() {
        for url in ["file:///etc/passwd", "javascript:alert(1)", "ms-cxh:x"] {
            let outcome = SystemBrowser::default().open(&Url::parse(url).unwrap());
            assert!(
                matches!(outcome, Err(BrowserError::UnsupportedScheme(_))),
                "{url}"
            );
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn no_browser_opens_over_ssh_or_without_a_display() {
        let display = ("DISPLAY", ":0");
        let ssh = ("SSH_CONNECTION", "1.2.3.4 5 6.7.8.9 22");
        for (variables, expected) in [
            (&[][..], false),
            (&[display], true),
            (&[("WAYLAND_DISPLAY", "wayland-0")], true),
            (&[("WSL_DISTRO_NAME", "Ubuntu")], true),
            (&[display, ssh], false),
            (&[ssh, ("BROWSER", "/remote/helper.sh")], true),
        ] {
            let environment = Environment::from_vars(variables.iter().copied());
            assert_eq!(
                SystemBrowser::can_open(&environment),
                expected,
                "{variables:?}"
            );
        }
    }

    #[test]
    fn browser_variable_with_arguments_is_not_used() {
        assert_eq!(plain_command("firefox:lynx").as_deref(), Some("firefox"));
        for odd in ["", "firefox -P work", "w3m %s"] {
            assert_eq!(plain_command(odd), None, "{odd}");
        }
    }
}
