//! Detects what the three standard streams are connected to.

use std::io::{self, IsTerminal};

use super::Environment;

const DEFAULT_WIDTH: usize = 80;

/// Properties of the terminal, detected once. Tests modify [`Terminal::absent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, not the states of one machine"
)]
pub struct Terminal {
    /// Whether stdin is a terminal, so that the user can be prompted.
    pub stdin: bool,
    pub stdout: bool,
    pub stderr: bool,
    /// Columns: `COLUMNS`, else the window width, else 80.
    pub width: usize,
    /// Whether the locale uses UTF-8.
    pub utf8: bool,
    /// `NO_COLOR` is set (no-color.org).
    pub no_color: bool,
    /// `CLICOLOR_FORCE` is set, and not to 0 (bixense.com/clicolors).
    pub force_color: bool,
    /// `TERM=dumb`: no colour and no cursor movement.
    pub dumb: bool,
}

impl Terminal {
    pub fn detect(environment: &Environment) -> Self {
        let forced = environment.get("CLICOLOR_FORCE");
        Self {
            stdin: io::stdin().is_terminal(),
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
            width: width(environment),
            utf8: is_utf8_locale(environment),
            no_color: environment.get("NO_COLOR").is_some(),
            force_color: forced.is_some_and(|value| value != "0"),
            dumb: environment.get("TERM") == Some("dumb"),
        }
    }

    /// Returns the properties of three pipes and a UTF-8 locale.
    pub fn absent() -> Self {
        Self {
            stdin: false,
            stdout: false,
            stderr: false,
            width: DEFAULT_WIDTH,
            utf8: true,
            no_color: false,
            force_color: false,
            dumb: false,
        }
    }
}

fn width(environment: &Environment) -> usize {
    let sane = |columns: usize| (1..=10_000).contains(&columns).then_some(columns);
    let variable = environment
        .get("COLUMNS")
        .and_then(|text| text.trim().parse().ok());
    variable
        .and_then(sane)
        .or_else(|| window_width().and_then(sane))
        .unwrap_or(DEFAULT_WIDTH)
}

fn window_width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stderr())
        .or_else(|_| rustix::termios::tcgetwinsize(rustix::stdio::stdout()));
    size.ok().map(|size| usize::from(size.ws_col))
}

/// POSIX.1-2017 §8.2: the first of these variables that is set and not empty decides.
fn is_utf8_locale(environment: &Environment) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| environment.get(name));
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// Returns `true` if stderr is a regular file.
pub fn stderr_is_file() -> bool {
    let found = rustix::fs::fstat(rustix::stdio::stderr());
    let kind = found.map(|found| rustix::fs::FileType::from_raw_mode(found.st_mode));
    kind == Ok(rustix::fs::FileType::RegularFile)
}

/// Returns `false` if this process was started with a closed stdout. Rust's runtime then opens `/dev/null` for
/// reading and writing; a shell's `>/dev/null` opens it only for writing.
pub fn stdout_is_open() -> bool {
    let stdout = rustix::stdio::stdout();
    let flags = rustix::fs::fcntl_getfl(stdout);
    if !flags.is_ok_and(|flags| flags.contains(rustix::fs::OFlags::RDWR)) {
        return true;
    }
    let (Ok(found), Ok(null)) = (rustix::fs::fstat(stdout), rustix::fs::stat("/dev/null")) else {
        return true;
    };
    (found.st_rdev, found.st_mode) != (null.st_rdev, null.st_mode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_set_locale_variable_decides() {
        for (variables, expected) in [
            (&[("LANG", "de_CH.UTF-8")][..], true),
            (&[("LANG", "C.utf8")], true),
            (&[("LC_ALL", "C"), ("LANG", "de_CH.UTF-8")], false),
            (
                &[("LC_ALL", ""), ("LC_CTYPE", "en_US.UTF-8"), ("LANG", "C")],
                true,
            ),
            (&[], false),
        ] {
            let environment = Environment::from_vars(variables.iter().copied());
            assert_eq!(is_utf8_locale(&environment), expected, "{variables:?}");
        }
    }

    #[test]
    fn invalid_columns_are_ignored() {
        assert_eq!(width(&Environment::from_vars([("COLUMNS", "132")])), 132);
        for nonsense in ["0", "-1", "wide", "99999999999999999999"] {
            let width = width(&Environment::from_vars([("COLUMNS", nonsense)]));
            assert!((1..=10_000).contains(&width), "{nonsense}");
        }
    }

    #[test]
    fn colour_settings_are_read_from_the_environment() {
        let facts = |variables: &[(&str, &str)]| {
            Terminal::detect(&Environment::from_vars(variables.iter().copied()))
        };
        assert!(facts(&[("NO_COLOR", "1")]).no_color);
        assert!(!facts(&[("NO_COLOR", "")]).no_color);
        assert!(facts(&[("CLICOLOR_FORCE", "1")]).force_color);
        assert!(!facts(&[("CLICOLOR_FORCE", "0")]).force_color);
        assert!(facts(&[("TERM", "dumb")]).dumb);
    }
}
