//! `login` with what a user types or pipes in.

use crate::actions::{SignedIn, Way, cookie_login, password_login, token_login};
use crate::cli::app::{App, block_on};
use crate::cli::{Code, Exit, Failure};
use crate::domain::Secret;
use crate::ui::ask;

use super::storing::Storing;
use super::{LoginArgs, show};

/// A sign-in with a password creates a session, whose token is lost with the response.
const MAY_BE_SIGNED_IN: &str = "the service may have created a session that nobody holds: revoke it on the service's website, or \
                                wait until it expires";

/// Asks for what `way` needs, once, and signs in with it.
pub(super) fn run(
    app: &App,
    way: &Way,
    args: &LoginArgs,
    storing: Storing,
) -> Result<Exit, Failure> {
    let (name, secret) = match way {
        Way::Password(word) => (username(app, args, word)?, password(app, args)?),
        Way::Cookie(note) => {
            if let Some(note) = note.as_ref().filter(|_| app.may_ask()) {
                app.shell.announce(format!("{}.", sentence(note)));
            }
            let flag = "--with-cookie";
            (
                String::new(),
                pasted(app, args.with_cookie, ("cookie", flag))?,
            )
        }
        Way::Token | Way::Device(_) => {
            let flag = "--with-token";
            (
                String::new(),
                pasted(app, args.with_token, ("API key", flag))?,
            )
        }
    };
    let verification = super::verification(args.no_verify);
    let mut context = app.context()?;
    context.choice.replace = storing.replace;
    let storage = storing.storage;
    let signed_in: SignedIn = block_on(&context, || async {
        match way {
            Way::Password(_) => password_login(&context, &name, &secret, storage).await,
            Way::Cookie(_) => cookie_login(&context, &secret, storage, verification).await,
            Way::Token | Way::Device(_) => {
                token_login(&context, secret, storage, verification).await
            }
        }
    })
    .map_err(|failure| match way {
        Way::Password(_) => failure.where_unanswered(MAY_BE_SIGNED_IN),
        Way::Cookie(_) | Way::Token | Way::Device(_) => failure,
    })?;
    show(app, &context, &signed_in)
}

/// `text` as the beginning of a sentence.
fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next();
    let first = first.into_iter().flat_map(char::to_uppercase);
    first.chain(rest).collect()
}

fn username(app: &App, args: &LoginArgs, word: &str) -> Result<String, Failure> {
    if let Some(name) = &args.username {
        return Ok(name.clone());
    }
    if args.password_stdin || !app.may_ask() {
        return Err(nobody(
            word,
            "--username NAME --password-stdin < password.txt",
        ));
    }
    Ok(ask::line(&app.shell, &sentence(word))?)
}

fn password(app: &App, args: &LoginArgs) -> Result<Secret, Failure> {
    let may_read = args.password_stdin && !app.shell.terminal().stdin;
    if !may_read && !app.may_ask() {
        return Err(nobody(
            "password",
            "--username NAME --password-stdin < password.txt",
        ));
    }
    Ok(ask::typed_or_piped_password(&app.shell, "Password")?)
}

/// A key or a cookie: from a pipe where the user said so, typed where somebody may be asked.
fn pasted(app: &App, said_so: bool, (what, flag): (&str, &str)) -> Result<Secret, Failure> {
    let may_read = said_so && !app.shell.terminal().stdin;
    if !may_read && !app.may_ask() {
        let file = if flag == "--with-cookie" {
            "cookie.txt"
        } else {
            "key.txt"
        };
        return Err(nobody(what, &format!("{flag} < {file}")));
    }
    Ok(ask::typed_or_piped_secret(&app.shell, &sentence(what))?)
}

fn nobody(what: &str, how: &str) -> Failure {
    let command = format!("brainmaps login {how}");
    Failure::new(
        Code::Usage,
        format!("no {what} was given, and nobody may be asked"),
    )
    .hint(format!("pipe it in: `{command}`"))
}
