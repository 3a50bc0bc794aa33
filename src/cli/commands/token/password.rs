//! The password and the one-time password that some services require again for calls that change tokens.

use clap::Args;

use crate::actions::TypedSecrets;
use crate::cli::app::App;
use crate::cli::failure::{Code, Failure};
use crate::domain::{Hint, Secret, shell_argument};
use crate::provider::{Descriptor, Placeholder, TokenVerb};
use crate::service::ServiceError;
use crate::ui::prompt::{self, PromptError};

/// A command whose requests may have to be confirmed.
pub(in crate::cli::commands) struct ConfirmedCommand<'a> {
    verbs: &'a [TokenVerb],
    /// The command without the options that read stdin. `None` for a command without these options.
    line: Option<String>,
}

impl<'a> ConfirmedCommand<'a> {
    /// `token VERB` with its `arguments`, which contain no key.
    pub(super) fn new<A: AsRef<str>>(verb: &'a TokenVerb, arguments: &[A]) -> Self {
        let words = arguments
            .iter()
            .map(|argument| shell_argument(argument.as_ref()));
        let words = [format!("token {}", verb.name())].into_iter().chain(words);
        Self {
            verbs: std::slice::from_ref(verb),
            line: Some(words.collect::<Vec<_>>().join(" ")),
        }
    }

    /// A command that only asks at a terminal.
    pub(in crate::cli::commands) fn at_a_terminal(verbs: &'a [TokenVerb]) -> Self {
        Self { verbs, line: None }
    }

    /// Returns whether a request has a password, and whether one has a one-time password.
    fn needs(&self, descriptor: &Descriptor) -> [bool; 2] {
        let requests = self.verbs.iter();
        let requests: Vec<_> = requests
            .flat_map(|verb| descriptor.requests_of(*verb))
            .collect();
        [Placeholder::Password, Placeholder::Otp]
            .map(|wanted| requests.iter().any(|request| request.needs(&wanted)))
    }

    fn hint(&self) -> Hint {
        match &self.line {
            Some(line) => Hint::from("pipe it in: ")
                .command(format!("{line} --password-stdin < password.txt")),
            None => "run the command on a terminal, which asks for it".into(),
        }
    }
}

#[derive(Debug, Default, Args)]
pub(in crate::cli::commands) struct PasswordArgs {
    /// Read the password of the account from stdin, for services that require it for this call
    #[arg(long)]
    password_stdin: bool,
    /// Read the one-time password from stdin; with --password-stdin from the second line
    #[arg(long)]
    otp_stdin: bool,
}

impl PasswordArgs {
    /// Reads what the requests of `command` require: from stdin if an option says so, otherwise from a prompt.
    pub(in crate::cli::commands) fn read(
        &self,
        app: &App,
        descriptor: &Descriptor,
        command: &ConfirmedCommand<'_>,
    ) -> Result<TypedSecrets, Failure> {
        let needed = command.needs(descriptor);
        self.refuse_unneeded(descriptor, needed)?;
        let is_piped = (self.password_stdin || self.otp_stdin) && !app.shell.terminal().stdin;
        let mut lines = if is_piped {
            prompt::stdin_lines()?.into_iter()
        } else {
            Vec::new().into_iter()
        };
        let [needs_password, needs_otp] = needed;
        Ok(TypedSecrets {
            password: needs_password
                .then(|| self.read_password(app, command, &mut lines))
                .transpose()?,
            one_time_password: if needs_otp {
                self.read_one_time_password(app, &mut lines)?
            } else {
                None
            },
        })
    }

    /// Fails if an option reads stdin, which another argument needs.
    pub(super) fn require_unused_stdin(&self) -> Result<(), Failure> {
        let what = match (self.password_stdin, self.otp_stdin) {
            (false, false) => return Ok(()),
            (false, true) => "the one-time password",
            (true, _) => "the password",
        };
        let text = format!("stdin cannot hold both the ids and {what}");
        Err(Failure::new(Code::Usage, text).with_hint("name the ids as arguments"))
    }

    /// Fails for an option whose value no request of the command has.
    fn refuse_unneeded(&self, descriptor: &Descriptor, needed: [bool; 2]) -> Result<(), Failure> {
        let [needs_password, needs_otp] = needed;
        let options = [
            (self.password_stdin, needs_password, "--password-stdin"),
            (self.otp_stdin, needs_otp, "--otp-stdin"),
        ];
        match options
            .into_iter()
            .find(|(is_given, is_needed, _)| *is_given && !is_needed)
        {
            Some((_, _, option)) => Err(ServiceError::UnsupportedOption {
                service: descriptor.name.clone(),
                option,
                file: descriptor.file.clone(),
            }
            .into()),
            None => Ok(()),
        }
    }

    fn read_password(
        &self,
        app: &App,
        command: &ConfirmedCommand<'_>,
        lines: &mut impl Iterator<Item = Secret>,
    ) -> Result<Secret, Failure> {
        if self.password_stdin && !app.shell.terminal().stdin {
            return Ok(lines.next().ok_or(PromptError::Empty)?);
        }
        if app.can_prompt() {
            return Ok(prompt::read_password(&app.shell, "Password")?);
        }
        let failure = Failure::new(Code::Usage, "password required, but prompting is disabled");
        Err(failure.with_hint(command.hint()))
    }

    /// Returns `None` for an account without a second factor.
    fn read_one_time_password(
        &self,
        app: &App,
        lines: &mut impl Iterator<Item = Secret>,
    ) -> Result<Option<Secret>, Failure> {
        if self.otp_stdin && !app.shell.terminal().stdin {
            return Ok(Some(lines.next().ok_or(PromptError::Empty)?));
        }
        if !app.can_prompt() {
            return Ok(None);
        }
        match prompt::secret(&app.shell, "One-time password (Enter for none)") {
            Err(PromptError::Empty) => Ok(None),
            read => Ok(Some(read?)),
        }
    }
}
