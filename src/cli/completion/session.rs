//! What completion reads: the global options on the command line, and the local files.

use std::ffi::OsString;
use std::io;
use std::sync::Arc;

use crate::actions::{Context, Target};
use crate::cli::app::App;
use crate::cli::options::Globals;
use crate::host::{Environment, Terminal};
use crate::ui::{Options, Shell};

pub(super) struct CompletionSession {
    environment: Environment,
    /// The words behind the first `--`: the command line that is completed.
    pub(super) words: Vec<OsString>,
}

impl CompletionSession {
    pub(super) fn new(environment: &Environment, arguments: &[OsString]) -> Self {
        let words = arguments.iter().skip_while(|word| *word != "--").skip(2);
        Self {
            environment: environment.clone(),
            words: words.cloned().collect(),
        }
    }

    /// Runs `read` with the context of a command with the same global options; `None` if it cannot be built. Nothing is
    /// printed.
    pub(super) fn with_context<T>(&self, read: impl FnOnce(&Context) -> Option<T>) -> Option<T> {
        let app = self.app()?;
        let context = app.context_builder().all_events(Box::new(|_| {}));
        read(&context.build().ok()?)
    }

    /// As [`Self::with_context`], with the profile.
    pub(super) fn with_target<T>(
        &self,
        read: impl FnOnce(&Context, &Target) -> Option<T>,
    ) -> Option<T> {
        self.with_context(|context| read(context, &Target::resolve(context).ok()?))
    }

    pub(super) fn app(&self) -> Option<App> {
        let (terminal, options) = (Terminal::absent(), Options::default());
        let (stdout, stderr) = (Box::new(io::sink()), Box::new(io::sink()));
        let shell = Shell::with_writers(terminal, options, stdout, stderr);
        let globals = parse_globals(&self.words)?;
        Some(App::new(Arc::new(shell), globals, self.environment.clone()))
    }
}

/// The command line is not complete, so that only these options are parsed; `None` if the value of one is not valid.
fn parse_globals(words: &[OsString]) -> Option<Globals> {
    let words = words.iter().take_while(|word| *word != "--");
    let mut words = words.filter_map(|word| word.to_str());
    let mut globals = Globals::default();
    while let Some(word) = words.next() {
        let (name, joined) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        };
        let mut value = || {
            let value = joined.or_else(|| words.next());
            value.filter(|value| !value.is_empty())
        };
        match name {
            "--profile" | "-p" => globals.profile = value().map(str::parse).transpose().ok()?,
            "--api-url" => globals.api_url = value().map(str::parse).transpose().ok()?,
            "--sandbox" => globals.sandbox = true,
            _ => {}
        }
    }
    Some(globals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn global_options_are_found_anywhere_on_an_incomplete_command_line() {
        for (words, profile, is_sandbox) in [
            (&["token", "get", ""][..], None, false),
            (&["-p", "work", "token", "get", "--s"], Some("work"), false),
            (
                &["token", "--profile=work", "--sandbox"],
                Some("work"),
                true,
            ),
            (&["token", "--profile"], None, false),
            (&["--profile", ""], None, false),
            (&["--profile="], None, false),
            (&["-p", "work", "status", "-p", "wo"], Some("wo"), false),
            (&["exec", "--", "--profile", "other"], None, false),
        ] {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            let globals = parse_globals(&words).unwrap();
            let found = globals.profile.map(|name| name.to_string());
            assert_eq!(found.as_deref(), profile, "{words:?}");
            assert_eq!(globals.sandbox, is_sandbox, "{words:?}");
        }
        assert!(parse_globals(&["--profile".into(), "../x".into()]).is_none());
    }
}
