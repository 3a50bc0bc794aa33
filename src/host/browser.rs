//! Opens web pages in the user's browser.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

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

/// Opens nothing: used with `--no-open`, with `--no-input` and on servers.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&self, _url: &Url) -> Result<(), BrowserError> {
        Err(BrowserError::Unavailable)
    }
}

#[derive(Debug, Clone, Default)]
pub struct SystemBrowser {
    /// The commands in `BROWSER`; empty for the desktop's browser.
    commands: Vec<BrowserCommand>,
    /// The variables that the browser does not get.
    secret_variables: Vec<String>,
}

/// A program and its arguments. The URL replaces `%s`, or follows the arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
struct BrowserCommand(Vec<String>);

/// How long a browser is watched to detect that it fails at once.
const FAILURE_WINDOW: Duration = Duration::from_millis(250);

impl SystemBrowser {
    /// Uses the browsers in `BROWSER`, else the desktop's.
    pub fn new(environment: &Environment) -> Self {
        Self {
            commands: environment
                .get("BROWSER")
                .map_or_else(Vec::new, parse_commands),
            secret_variables: environment
                .names()
                .filter(|name| is_secret(name))
                .map(str::to_owned)
                .collect(),
        }
    }

    /// Returns `true` if the user would see the browser.
    pub fn can_open(environment: &Environment) -> bool {
        BrowserObstacle::detect(environment).is_none()
    }
}

/// Why a page that this program opens would not be seen by the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrowserObstacle {
    /// `BROWSER=none`.
    Disabled,
    /// The browser would open on the wrong machine.
    Ssh,
    /// A server or a container.
    NoDisplay,
}

impl BrowserObstacle {
    /// `BROWSER` overrides the rest, because remote editors set it to a helper that opens the page locally; `none` means
    /// that no browser is to be opened.
    pub fn detect(environment: &Environment) -> Option<Self> {
        let has = |names: &[&str]| names.iter().any(|name| environment.get(name).is_some());
        if let Some(browser) = environment.get("BROWSER") {
            let is_disabled = browser.trim().eq_ignore_ascii_case("none");
            return is_disabled.then_some(Self::Disabled);
        }
        if is_over_ssh(environment) {
            return Some(Self::Ssh);
        }
        let has_display = cfg!(any(target_os = "macos", windows))
            || has(&[
                "DISPLAY",
                "WAYLAND_DISPLAY",
                "WSL_DISTRO_NAME",
                "WSL_INTEROP",
            ]);
        (!has_display).then_some(Self::NoDisplay)
    }
}

/// Returns `true` if the user's machine is probably another one.
pub fn is_over_ssh(environment: &Environment) -> bool {
    ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]
        .iter()
        .any(|name| environment.get(name).is_some())
}

impl Browser for SystemBrowser {
    /// The launcher runs in its own session or process group, with its streams connected to the null device. It is
    /// watched for a quarter of a second to detect an immediate failure.
    fn open(&self, url: &Url) -> Result<(), BrowserError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BrowserError::UnsupportedScheme(url.scheme().to_owned()));
        }
        let commands = if self.commands.is_empty() {
            open::commands(url.as_str())
        } else {
            let named = self.commands.iter();
            named.filter_map(|command| command.with_url(url)).collect()
        };
        let mut result = Err(BrowserError::Unavailable);
        for mut command in commands {
            for name in &self.secret_variables {
                command.env_remove(name);
            }
            result = start(&mut command).map_err(BrowserError::Launch);
            if result.is_ok() {
                break;
            }
        }
        result
    }
}

/// Returns `true` for the usual names of variables with keys and client secrets. Windows of a browser stay open for days,
/// and its extensions and helpers share its environment.
fn is_secret(name: &str) -> bool {
    ["_API_KEY", "_CLIENT_SECRET"]
        .iter()
        .any(|suffix| name.ends_with(suffix))
}

/// Starts a browser and watches it for a moment.
fn start(command: &mut Command) -> io::Result<()> {
    let mut browser = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    let program = command.get_program().display();
    // The Windows Explorer, which WSL starts, always exits with 1.
    let always_fails = program.to_string().contains("explorer.exe");
    let started = Instant::now();
    while started.elapsed() < FAILURE_WINDOW {
        match browser.try_wait()? {
            Some(status) if status.success() || always_fails => return Ok(()),
            Some(status) => return Err(io::Error::other(format!("{program}: {status}"))),
            None => thread::sleep(FAILURE_WINDOW / 10),
        }
    }
    Ok(())
}

impl BrowserCommand {
    fn with_url(&self, url: &Url) -> Option<Command> {
        let (program, arguments) = self.0.split_first()?;
        let mut arguments: Vec<String> = arguments.to_vec();
        match arguments.iter_mut().find(|word| word.contains("%s")) {
            Some(word) => *word = word.replace("%s", url.as_str()),
            None => arguments.push(url.to_string()),
        }
        let mut command = Command::new(program);
        command.args(arguments);
        Some(command)
    }
}

/// Parses `BROWSER`: commands separated by colons, of words separated by spaces. A path with spaces is one word if it is a
/// file.
fn parse_commands(list: &str) -> Vec<BrowserCommand> {
    let commands = list.split(':').map(str::trim);
    let words = |command: &str| {
        if Path::new(command).is_file() {
            return vec![command.to_owned()];
        }
        let unquoted = command
            .split_whitespace()
            .map(|word| word.trim_matches(['"', '\'']).to_owned());
        unquoted.collect()
    };
    commands
        .filter(|command| !command.is_empty())
        .map(|command| BrowserCommand(words(command)))
        .collect()
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
            (&[display, ("BROWSER", "none")], false),
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
    fn browser_variable_is_a_list_of_commands_with_arguments() {
        for (list, expected) in [
            ("firefox:lynx", &[&["firefox"][..], &["lynx"]][..]),
            (" firefox -P work ", &[&["firefox", "-P", "work"]]),
            ("w3m '%s'::", &[&["w3m", "%s"]]),
            ("/bin/sh", &[&["/bin/sh"]]),
            ("", &[]),
        ] {
            let commands = parse_commands(list);
            let words: Vec<&[String]> = commands.iter().map(|it| it.0.as_slice()).collect();
            assert_eq!(words, expected, "{list}");
        }
    }

    #[test]
    fn next_browser_is_tried_if_one_fails_at_once() {
        let url = Url::parse("https://a.example/?x=1").unwrap();
        for (list, opens) in [
            ("no-such-browser:false:true", true),
            ("sh -c 'exit' %s", true),
            ("no-such-browser:false", false),
        ] {
            let commands = parse_commands(list);
            let browser = SystemBrowser {
                commands,
                ..SystemBrowser::default()
            };
            let result = browser.open(&url);
            assert_eq!(result.is_ok(), opens, "{list}: {result:?}");
        }
    }
}
