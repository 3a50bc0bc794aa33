//! The password and the one-time password that some services require again for calls that change tokens.

use clap::Args;

use crate::actions::TypedSecrets;
use crate::cli::app::App;
use crate::cli::failure::{Code, Failure};
use crate::domain::{Hint, Secret};
use crate::provider::{Descriptor, Placeholder, TokenVerb};
use crate::service::ServiceError;
use crate::ui::prompt::{self, PromptError};

#[derive(Debug, Args)]
pub(super) struct PasswordArgs {
    /// Read the password of the account from stdin, for services that require it for this call
    #[arg(long)]
    password_stdin: bool,
    /// Read the one-time password from stdin; with --password-stdin from the second line
    #[arg(long)]
    otp_stdin: bool,
}

impl PasswordArgs {
    /// Reads what the requests of `verb` require: from stdin if an option says so, otherwise from a prompt.
    pub(super) fn read(
        &self,
        app: &App,
        descriptor: &Descriptor,
        verb: TokenVerb,
    ) -> Result<TypedSecrets, Failure> {
        let requests = descriptor.requests_of(verb);
        let needs = |wanted: &Placeholder| requests.iter().any(|request| request.needs(wanted));
        let needed = [needs(&Placeholder::Password), needs(&Placeholder::Otp)];
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
                .then(|| self.read_password(app, verb, &mut lines))
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
        if !self.password_stdin && !self.otp_stdin {
            return Ok(());
        }
        let text = "stdin cannot hold both the ids and the password";
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
        verb: TokenVerb,
        lines: &mut impl Iterator<Item = Secret>,
    ) -> Result<Secret, Failure> {
        if self.password_stdin && !app.shell.terminal().stdin {
            return Ok(lines.next().ok_or(PromptError::Empty)?);
        }
        if app.can_prompt() {
            return Ok(prompt::read_password(&app.shell, "Password")?);
        }
        let failure = Failure::new(Code::Usage, "password required, but prompting is disabled");
        let command = format!("token {} --password-stdin < password.txt", verb.name());
        Err(failure.with_hint(Hint::from("pipe it in: ").command(command)))
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
