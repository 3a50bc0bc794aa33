//! What completion reads: the global options on the command line, and the local files.

use std::ffi::OsString;
use std::io;
use std::sync::Arc;

use clap::{Args as _, Command, FromArgMatches as _};

use crate::actions::{Context, Target};
use crate::cli::app::App;
use crate::cli::options::Globals;
use crate::host::{Environment, Terminal};
use crate::ui::{Options, Shell};

/// The global options that decide which files are read, with their value if they have one.
const OPTIONS: [(&str, Option<&str>, bool); 3] = [
    ("--profile", Some("-p"), true),
    ("--api-url", None, true),
    ("--sandbox", None, false),
];

pub(super) struct CompletionSession {
    environment: Environment,
    /// The words behind the first `--`: the command line that is completed.
    words: Vec<OsString>,
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

/// The command line is not complete, so that only these options are parsed.
fn parse_globals(words: &[OsString]) -> Option<Globals> {
    let words = words.iter().take_while(|word| *word != "--");
    let mut words = words.filter_map(|word| word.to_str());
    let mut found = vec!["brainmaps".to_owned()];
    while let Some(word) = words.next() {
        for (long, short, has_value) in OPTIONS {
            let is_named = word == long || Some(word) == short;
            let joined = word.strip_prefix(long);
            let joined = joined.is_some_and(|value| value.starts_with('='));
            if is_named && has_value {
                let value = words.next().filter(|value| !value.is_empty());
                found.extend(value.map(|value| format!("{long}={value}")));
                break;
            }
            if is_named || (joined && has_value) {
                found.push(word.to_owned());
            }
        }
    }
    let command = Globals::augment_args(Command::new("brainmaps"));
    let matches = command.try_get_matches_from(found).ok()?;
    Globals::from_arg_matches(&matches).ok()
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
