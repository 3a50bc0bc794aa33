//! Shells that put a completed word on the command line without quotation marks. Words with a meaning in such a shell, such
//! as the name of a file with `$(…)` in it, are left out; bash then completes file names with its own rules, and quotes them.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_complete::env::{Bash, EnvCompleter, Powershell};

/// Between words in the output for bash; the registration sets it.
const BASH_SEPARATOR: char = '\u{b}';

pub(super) const SAFE_BASH: SafeShell = SafeShell {
    inner: &Bash,
    separator: BASH_SEPARATOR,
};

pub(super) const SAFE_POWERSHELL: SafeShell = SafeShell {
    inner: &Powershell,
    separator: '\n',
};

pub(super) struct SafeShell {
    inner: &'static dyn EnvCompleter,
    separator: char,
}

impl EnvCompleter for SafeShell {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn is(&self, name: &str) -> bool {
        self.inner.is(name)
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        completer: &str,
        buf: &mut dyn Write,
    ) -> Result<(), io::Error> {
        self.inner
            .write_registration(var, name, bin, completer, buf)
    }

    fn write_complete(
        &self,
        cmd: &mut Command,
        args: Vec<OsString>,
        current_dir: Option<&Path>,
        buf: &mut dyn Write,
    ) -> Result<(), io::Error> {
        let mut written = Vec::new();
        self.inner
            .write_complete(cmd, args, current_dir, &mut written)?;
        buf.write_all(safe_words(&String::from_utf8_lossy(&written), self.separator).as_bytes())
    }
}

fn safe_words(written: &str, separator: char) -> String {
    let is_safe = |entry: &&str| {
        let word = entry.split('\t').next().unwrap_or_default();
        word.chars().all(is_safe_inside)
    };
    let words: Vec<&str> = written.split(separator).filter(is_safe).collect();
    words.join(&separator.to_string())
}

fn is_safe_inside(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(
            c,
            '-' | '_' | '.' | '/' | '+' | '=' | ':' | '@' | ',' | '%' | '~'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_a_meaning_in_the_shell_are_left_out() {
        let words = "a.env\u{b}$(touch x)\u{b}b c\u{b}~/d/\u{b}*\u{b}`id`\u{b}e;f\u{b}g\nh";
        assert_eq!(safe_words(words, BASH_SEPARATOR), "a.env\u{b}~/d/");
        let lines = "list\tList $(API) tokens\n$(id)\thelp\n";
        assert_eq!(safe_words(lines, '\n'), "list\tList $(API) tokens\n");
    }
}
