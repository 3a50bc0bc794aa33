//! `login` with what a user types or pipes in.

use crate::actions::{
    ActionError, ClientError, MissingSecret, Target, TypedLogin, Verification, login_with_api_key,
    login_with_cookie, login_with_password,
};
use crate::cli::app::block_on_interruptible;
use crate::cli::failure::{Code, Failure};
use crate::domain::{CredentialKind, Hint, Secret, sanitize_line};
use crate::oauth::ResourceError;
use crate::provider::HeaderFormat;
use crate::ui::prompt::{self, PromptError};
use crate::vault::Storage;

use super::Login;
use super::result::LoginOutput;

/// A sign-in with a password creates a session, whose token is lost with the response.
const SESSION_MAY_EXIST: &str = "the service may have created a session that was not stored: revoke it on the service's website, \
                                or wait until it expires";

const PASSWORD_FLAGS: &str = "--username NAME --password-stdin < password.txt";

/// A secret that a login asks for.
struct SecretInput {
    what: &'static str,
    /// How it is piped in.
    flags: &'static str,
    /// Whether an option reads it from stdin.
    is_requested: bool,
}

/// What the user typed or piped in.
struct Input {
    /// Empty for a method without one.
    username: String,
    secret: Secret,
}

impl Login<'_> {
    /// Prompts once for what `method` requires, and signs in with it.
    pub(super) fn sign_in_with_input(
        &mut self,
        method: &TypedLogin,
    ) -> Result<LoginOutput, Failure> {
        // First, because a user may paste the key at the first prompt, and only this one hides what is typed.
        let Input { username, secret } = self.read_input(method)?;
        self.ask_parameters()?;
        let context = &self.context;
        let storage = self.args.storage.map(Storage::from);
        let verification = if self.args.no_verify {
            Verification::Skip
        } else {
            Verification::Check
        };
        let signed_in = block_on_interruptible(context, || async {
            match method {
                TypedLogin::Password(_) => {
                    login_with_password(context, &username, &secret, storage).await
                }
                TypedLogin::Cookie(_) => {
                    login_with_cookie(context, &secret, storage, verification).await
                }
                TypedLogin::ApiKey => {
                    login_with_api_key(context, secret, storage, verification).await
                }
            }
        });
        let creates_session = matches!(method, TypedLogin::Password(_));
        match signed_in {
            Ok(result) => Ok(self.to_output(result)),
            Err(failure) if creates_session => {
                Err(failure.hint_if_response_lost(SESSION_MAY_EXIST))
            }
            Err(failure) => Err(failure),
        }
    }

    /// Reads the secret of a client that needs one: from stdin, otherwise from a prompt. Only a user who reads which server the
    /// resource names can decide to send it there.
    pub(super) fn read_missing_secret(&self, missing: MissingSecret) -> Result<Secret, Failure> {
        let is_piped = !self.app.shell.terminal().stdin;
        let MissingSecret {
            client_id, issuer, ..
        } = missing;
        let mut label = "Client secret".to_owned();
        if let Some(resource) = missing.only_named_by {
            if is_piped {
                let resource = resource.to_string();
                return Err(ResourceError::UnnamedServer { resource, issuer }.into());
            }
            label = format!("Client secret for {}", sanitize_line(&issuer));
        }
        if is_piped || self.app.can_prompt() {
            match prompt::read_secret(&self.app.shell, &label) {
                Err(PromptError::Empty) if is_piped => {}
                read => return Ok(read?),
            }
        }
        Err(ActionError::from(ClientError::NoProof { client_id }).into())
    }

    fn read_input(&self, method: &TypedLogin) -> Result<Input, Failure> {
        let (username, secret) = match method {
            TypedLogin::Password(label) => (self.read_username(label)?, self.read_password()?),
            TypedLogin::Cookie(note) => {
                if let Some(note) = note.as_ref().filter(|_| self.app.can_prompt()) {
                    self.announce_cookie(note)?;
                }
                let secret = self.read_secret(&SecretInput {
                    what: "cookie",
                    flags: "--with-cookie < cookie.txt",
                    is_requested: self.args.with_cookie,
                })?;
                (String::new(), secret)
            }
            TypedLogin::ApiKey => {
                let secret = self.read_secret(&SecretInput {
                    what: "API key",
                    flags: "--with-token < key.txt",
                    is_requested: self.args.with_token,
                })?;
                (String::new(), self.add_second_value(secret)?)
            }
        };
        Ok(Input { username, secret })
    }

    /// Says where to find the cookie. `note` names the page of the service itself.
    fn announce_cookie(&self, note: &str) -> Result<(), Failure> {
        let shell = &self.app.shell;
        if !self.app.is_sandbox() {
            shell.question_detail(format!("{}.", capitalize(note)));
            return Ok(());
        }
        let target = Target::for_login(&self.context, false)?;
        shell.question_detail(format!(
            "Run `brainmaps sandbox serve` at its default port: its page {}/login shows the cookie.",
            target.base()?
        ));
        Ok(())
    }

    /// Asks for the second value of a key that has two.
    fn add_second_value(&self, key: Secret) -> Result<Secret, Failure> {
        // The login itself reports a profile that cannot be used.
        let Ok(target) = Target::for_login(&self.context, false) else {
            return Ok(key);
        };
        let format = target.descriptor.header(CredentialKind::ApiKey);
        let second = format.and_then(|format| Some((format, format.second.as_ref()?)));
        let Some((format, second)) = second.filter(|_| self.app.can_prompt()) else {
            return Ok(key);
        };
        if format.second_value(&key).is_some() {
            return Ok(key);
        }
        let value = prompt::secret(&self.app.shell, &capitalize(&second.label))?;
        Ok(HeaderFormat::join(&key, &value))
    }

    fn read_username(&self, label: &str) -> Result<String, Failure> {
        if let Some(name) = &self.args.username {
            return Ok(name.clone());
        }
        if self.args.password_stdin || !self.app.can_prompt() {
            return Err(missing_input(label, PASSWORD_FLAGS));
        }
        Ok(prompt::line(&self.app.shell, &capitalize(label))?)
    }

    fn read_password(&self) -> Result<Secret, Failure> {
        let is_piped = self.args.password_stdin && !self.app.shell.terminal().stdin;
        if !is_piped && !self.app.can_prompt() {
            return Err(missing_input("password", PASSWORD_FLAGS));
        }
        Ok(prompt::read_password(&self.app.shell, "Password")?)
    }

    /// Reads a key or a cookie from stdin if an option says so, otherwise from a prompt.
    fn read_secret(&self, input: &SecretInput) -> Result<Secret, Failure> {
        let is_piped = input.is_requested && !self.app.shell.terminal().stdin;
        if !is_piped && !self.app.can_prompt() {
            return Err(missing_input(input.what, input.flags));
        }
        let label = capitalize(input.what);
        Ok(prompt::read_secret(&self.app.shell, &label)?)
    }
}

/// `text` as the beginning of a sentence.
fn capitalize(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next();
    let first = first.into_iter().flat_map(char::to_uppercase);
    first.chain(rest).collect()
}

fn missing_input(what: &str, flags: &str) -> Failure {
    let message = format!("{what} required, but prompting is disabled");
    let hint = Hint::from("pipe it in: ").command(format!("login {flags}"));
    Failure::new(Code::Usage, message).with_hint(hint)
}
