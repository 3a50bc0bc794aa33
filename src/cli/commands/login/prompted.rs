//! `login` with what a user types or pipes in.

use crate::actions::{
    LoginResult, PreparedLogin, login_with_api_key, login_with_cookie, login_with_password,
};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::exit::ExitStatus;
use crate::cli::failure::{Code, Failure};
use crate::domain::Secret;
use crate::ui::prompt;

use super::save_options::SaveOptions;
use super::{LoginArgs, show};

/// A sign-in with a password creates a session, whose token is lost with the response.
const SESSION_MAY_EXIST: &str = "the service may have created a session that was not stored: revoke it on the service's website, \
                                or wait until it expires";

/// Prompts once for what `method` requires, and signs in with it.
pub(super) fn run(
    app: &App,
    method: &PreparedLogin,
    args: &LoginArgs,
    storing: SaveOptions,
) -> Result<ExitStatus, Failure> {
    let (name, secret) = read_input(app, method, args)?;
    let verification = super::verification(args.no_verify);
    let mut context = app.context()?;
    context.options.replace = storing.replace;
    let storage = storing.storage;
    let signed_in: LoginResult = block_on_interruptible(&context, || async {
        match method {
            PreparedLogin::Password(_) => {
                login_with_password(&context, &name, &secret, storage).await
            }
            PreparedLogin::Cookie(_) => {
                login_with_cookie(&context, &secret, storage, verification).await
            }
            PreparedLogin::ApiKey | PreparedLogin::Device(_) => {
                login_with_api_key(&context, secret, storage, verification).await
            }
        }
    })
    .map_err(|failure| match method {
        PreparedLogin::Password(_) => failure.hint_if_unanswered(SESSION_MAY_EXIST),
        PreparedLogin::Cookie(_) | PreparedLogin::ApiKey | PreparedLogin::Device(_) => failure,
    })?;
    show(app, &context, &signed_in)
}

/// Reads the user name, where the method has one, and the secret.
fn read_input(
    app: &App,
    method: &PreparedLogin,
    args: &LoginArgs,
) -> Result<(String, Secret), Failure> {
    match method {
        PreparedLogin::Password(label) => {
            Ok((read_username(app, args, label)?, read_password(app, args)?))
        }
        PreparedLogin::Cookie(note) => {
            if let Some(note) = note.as_ref().filter(|_| app.can_prompt()) {
                app.shell.announce(format!("{}.", capitalize(note)));
            }
            let secret = read_secret(app, args.with_cookie, ("cookie", "--with-cookie"))?;
            Ok((String::new(), secret))
        }
        PreparedLogin::ApiKey | PreparedLogin::Device(_) => {
            let secret = read_secret(app, args.with_token, ("API key", "--with-token"))?;
            Ok((String::new(), secret))
        }
    }
}

/// `text` as the beginning of a sentence.
fn capitalize(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next();
    let first = first.into_iter().flat_map(char::to_uppercase);
    first.chain(rest).collect()
}

fn read_username(app: &App, args: &LoginArgs, label: &str) -> Result<String, Failure> {
    if let Some(name) = &args.username {
        return Ok(name.clone());
    }
    if args.password_stdin || !app.can_prompt() {
        return Err(missing_input(
            label,
            "--username NAME --password-stdin < password.txt",
        ));
    }
    Ok(prompt::line(&app.shell, &capitalize(label))?)
}

fn read_password(app: &App, args: &LoginArgs) -> Result<Secret, Failure> {
    let may_read = args.password_stdin && !app.shell.terminal().stdin;
    if !may_read && !app.can_prompt() {
        return Err(missing_input(
            "password",
            "--username NAME --password-stdin < password.txt",
        ));
    }
    Ok(prompt::read_password(&app.shell, "Password")?)
}

/// Reads a key or a cookie from stdin if an option says so, otherwise from a prompt.
fn read_secret(
    app: &App,
    is_requested: bool,
    (what, flag): (&str, &str),
) -> Result<Secret, Failure> {
    let may_read = is_requested && !app.shell.terminal().stdin;
    if !may_read && !app.can_prompt() {
        let file = if flag == "--with-cookie" {
            "cookie.txt"
        } else {
            "key.txt"
        };
        return Err(missing_input(what, &format!("{flag} < {file}")));
    }
    Ok(prompt::read_secret(&app.shell, &capitalize(what))?)
}

fn missing_input(what: &str, flags: &str) -> Failure {
    let command = format!("brainmaps login {flags}");
    Failure::new(
        Code::Usage,
        format!("{what} required, but prompting is disabled"),
    )
    .with_hint(format!("pipe it in: `{command}`"))
}
