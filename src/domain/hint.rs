//! Hints about what the user can do next: text that may contain commands of this program.
//!
//! A command is kept apart from the text, because it is shown with the global options of the user's own command:
//! without them it would use another credential.

use std::fmt;

use super::{BaseUrl, ProfileName, shell_argument};

/// The global options that select a credential, as the user gave them.
#[derive(Debug, Clone, Default)]
pub struct RepeatedOptions {
    pub sandbox: bool,
    pub profile: Option<ProfileName>,
    pub api_url: Option<BaseUrl>,
}

/// A command line of this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    profile: ProfileOption,
    api_url: Option<String>,
    arguments: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum ProfileOption {
    /// The profile option of the user's own command, if any.
    Repeated,
    Named(String),
    /// The command takes the profile as an argument.
    None,
}

impl<T: Into<String>> From<T> for CommandLine {
    fn from(arguments: T) -> Self {
        Self {
            profile: ProfileOption::Repeated,
            api_url: None,
            arguments: arguments.into(),
        }
    }
}

impl CommandLine {
    /// A command about `profile`, whatever the user's own command was about.
    pub fn for_profile(profile: impl fmt::Display, arguments: impl Into<String>) -> Self {
        Self {
            profile: ProfileOption::Named(profile.to_string()),
            ..Self::from(arguments)
        }
    }

    /// A command that takes a profile as an argument, not as an option.
    pub fn without_profile(arguments: impl Into<String>) -> Self {
        Self {
            profile: ProfileOption::None,
            ..Self::from(arguments)
        }
    }

    /// Adds one argument, quoted for a shell: ids come from services, names and paths from users.
    #[must_use]
    pub fn argument(mut self, argument: impl fmt::Display) -> Self {
        self.arguments.push(' ');
        self.arguments += &shell_argument(&argument.to_string());
        self
    }

    #[must_use]
    pub fn api_url(self, url: impl fmt::Display) -> Self {
        Self {
            api_url: Some(url.to_string()),
            ..self
        }
    }

    /// Returns the command line, with the `options` of the user's own command.
    pub fn render(&self, options: &RepeatedOptions) -> String {
        let profile = match &self.profile {
            ProfileOption::Repeated => options.profile.as_ref().map(ToString::to_string),
            ProfileOption::Named(name) => Some(name.clone()),
            ProfileOption::None => None,
        };
        // The user's URL belongs to the user's profile.
        let is_other = matches!(self.profile, ProfileOption::Named(_));
        let repeated_url = options.api_url.as_ref().filter(|_| !is_other);
        let url = self
            .api_url
            .clone()
            .or(repeated_url.map(ToString::to_string));
        let words = [
            Some("brainmaps".to_owned()),
            options.sandbox.then(|| "--sandbox".to_owned()),
            profile.map(|name| format!("--profile {name}")),
            url.map(|url| format!("--api-url {url}")),
            Some(self.arguments.clone()),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Command(CommandLine),
}

/// What to do next, in lower case and without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint(Vec<Part>);

impl<T: Into<String>> From<T> for Hint {
    fn from(text: T) -> Self {
        Self(vec![Part::Text(text.into())])
    }
}

impl Hint {
    /// `` run `brainmaps COMMAND` ``
    pub fn run(command: impl Into<CommandLine>) -> Self {
        Self::from("run ").command(command)
    }

    #[must_use]
    pub fn command(mut self, command: impl Into<CommandLine>) -> Self {
        self.0.push(Part::Command(command.into()));
        self
    }

    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Part::Text(text.into()));
        self
    }

    /// Names `profile` in the commands that would be about the user's own, for a hint about one of several profiles.
    #[must_use]
    pub fn about_profile(mut self, profile: &ProfileName) -> Self {
        for part in &mut self.0 {
            if let Part::Command(command) = part
                && command.profile == ProfileOption::Repeated
            {
                command.profile = ProfileOption::Named(profile.to_string());
            }
        }
        self
    }

    /// Returns the hint as one line, with `options` in its commands.
    pub fn render(&self, options: &RepeatedOptions) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Command(command) => format!("`{}`", command.render(options)),
        };
        self.0.iter().map(part).collect()
    }

    #[cfg(test)]
    pub(crate) fn plain(&self) -> String {
        self.render(&RepeatedOptions::default())
    }
}

/// A problem that does not stop the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pub text: String,
    pub hint: Option<Hint>,
}

impl<T: Into<String>> From<T> for Warning {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            hint: None,
        }
    }
}

impl Warning {
    pub fn with_hint(text: impl Into<String>, hint: Hint) -> Self {
        Self {
            text: text.into(),
            hint: Some(hint),
        }
    }

    /// Returns the warning and its hint as one line.
    pub fn render(&self, options: &RepeatedOptions) -> String {
        let hint = self.hint.as_ref().map(|hint| hint.render(options));
        let parts = [Some(self.text.clone()), hint];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> RepeatedOptions {
        RepeatedOptions {
            sandbox: true,
            profile: Some("work".parse().unwrap()),
            api_url: Some("https://a.example".parse().unwrap()),
        }
    }

    #[test]
    fn commands_repeat_the_options_that_select_the_credential() {
        let add = CommandLine::without_profile("profile add x");
        for (hint, expected) in [
            (Hint::from("no command"), "no command"),
            (
                Hint::run("login").text(", or set KEY"),
                "run `brainmaps --sandbox --profile work --api-url https://a.example login`, or set KEY",
            ),
            (
                Hint::run(CommandLine::for_profile("x", "logout")),
                "run `brainmaps --sandbox --profile x logout`",
            ),
            (
                Hint::run(add.clone()),
                "run `brainmaps --sandbox --api-url https://a.example profile add x`",
            ),
            (
                Hint::run(add.api_url("https://b.example")),
                "run `brainmaps --sandbox --api-url https://b.example profile add x`",
            ),
        ] {
            assert_eq!(hint.render(&options()), expected);
        }
    }

    #[test]
    fn arguments_are_quoted_for_a_shell() {
        for (argument, expected) in [
            ("bm_12", "run `brainmaps token rotate bm_12`"),
            ("1;id>pwn #", "run `brainmaps token rotate '1;id>pwn #'`"),
            ("`$(id)`", "run `brainmaps token rotate '`$(id)`'`"),
            ("", "run `brainmaps token rotate ''`"),
        ] {
            let command = CommandLine::from("token rotate").argument(argument);
            assert_eq!(Hint::run(command).plain(), expected);
        }
    }

    #[test]
    fn hint_about_one_of_several_profiles_names_it() {
        let logout = CommandLine::for_profile("x", "logout");
        let hint = Hint::run("login").text(" or ").command(logout);
        let hint = hint.about_profile(&"other".parse().unwrap());
        assert_eq!(
            hint.render(&options()),
            "run `brainmaps --sandbox --profile other login` or `brainmaps --sandbox --profile x logout`"
        );
    }

    #[test]
    fn commands_are_short_without_global_options() {
        let hint = Hint::from("see ").command("token list").text(" and ");
        let hint = hint.command("login");
        let text = hint.plain();
        assert_eq!(text, "see `brainmaps token list` and `brainmaps login`");
    }

    #[test]
    fn warning_ends_with_its_hint() {
        let warning = Warning::with_hint("it expires", Hint::run("login").text(" before"));
        let text = warning.render(&RepeatedOptions::default());
        assert_eq!(text, "it expires; run `brainmaps login` before");
    }
}
