//! `token inspect`

use clap::Args;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::actions::{Belonging, Inspection, Jwt, TokenForm, inspect_token};
use crate::cli::app::App;
use crate::cli::{Code, DONE, Exit, Failure};
use crate::ui::{Facts, Span, ask, humane};

/// Reads a token and tells what it is, without any network: which service it belongs to, whether it is well formed,
/// and what a JWT says of itself, which nobody has verified. The token itself is not shown.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps token inspect < key.txt\n  \
    brainmaps credential print | brainmaps token inspect --json")]
pub struct InspectArgs {}

pub(super) fn run(app: &App, _: &InspectArgs) -> Result<Exit, Failure> {
    if app.shell.terminal().stdin && !app.may_ask() {
        let failure = Failure::new(Code::Usage, "no token on stdin, and nobody may be asked");
        return Err(failure.hint("pipe it in: `brainmaps token inspect < key.txt`".to_owned()));
    }
    let token = ask::typed_or_piped_secret(&app.shell, "token")?;
    let context = app.context()?;
    let found = inspect_token(&context, &token);
    if app.shell.options().json {
        app.shell.document(&found)?;
        return Ok(DONE);
    }
    app.shell.facts(&facts(&found))?;
    if let Some(jwt) = &found.jwt {
        app.shell.result("")?;
        app.shell.result(Span::warn(
            "not verified: this is what the token says of itself",
        ))?;
        app.shell.facts(&jwt_facts(context.now(), jwt))?;
    }
    if let Some(scheme) = &found.scheme {
        app.shell
            .note(format!("`{scheme}` before it is no part of the token"));
    }
    Ok(DONE)
}

fn facts(found: &Inspection) -> Facts {
    let form = match found.form {
        TokenForm::ApiKey => "API key",
        TokenForm::Jwt if is_unsigned(found) => "JWT (not signed: `alg` is `none`)",
        TokenForm::Jwt => "JWT (signature not verified)",
        TokenForm::EncryptedJwt => "JWT (encrypted)",
        TokenForm::Opaque => "opaque: its form tells nothing",
    };
    let service = match (names(&found.services), found.form) {
        (Some(names), TokenForm::Jwt) => format!("{names}, by the issuer that it names"),
        (Some(names), _) => names,
        (None, _) => "unknown".to_owned(),
    };
    let well_formed = match (found.well_formed, found.form) {
        (Some(true), _) => Some(Span::good("yes")),
        (Some(false), _) => Some(Span::warn(
            "no: the prefix is right, the rest is not as documented",
        )),
        (None, _) => None,
    };
    let could_be =
        names(&found.possible).map(|names| format!("{names}, whose keys have no documented form"));
    Facts::default()
        .with("form", form)
        .with("service", Span::bold(service))
        .with_some("could be", could_be)
        .with_some("well formed", well_formed)
        .with_some("begins with", found.prefix.as_deref())
        .with("length", format!("{} characters", found.length))
        .with("fingerprint", format!("sha256:{}…", found.fingerprint))
}

/// RFC 7518 §3.6; some libraries accepted any case.
fn is_unsigned(found: &Inspection) -> bool {
    let algorithm = found.jwt.as_ref().and_then(|jwt| jwt.header.get("alg"));
    let algorithm = algorithm.and_then(Value::as_str);
    algorithm.is_some_and(|name| name.eq_ignore_ascii_case("none"))
}

fn names(services: &[Belonging]) -> Option<String> {
    let names: Vec<&str> = services.iter().map(|one| one.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn jwt_facts(now: Timestamp, jwt: &Jwt) -> Facts {
    let header = members("header ", &jwt.header, |_| None);
    let times = |name: &str| {
        let time = match name {
            "exp" => jwt.expires_at,
            "nbf" => jwt.not_before,
            "iat" => jwt.issued_at,
            _ => None,
        };
        time.map(|time| format!("{time} ({})", humane::relative(now, time)))
    };
    let claims = members("", &jwt.claims, times);
    let expired = jwt.expired.map(|is_over| {
        let span = if is_over {
            Span::bad("yes")
        } else {
            Span::good("no")
        };
        ("expired".to_owned(), span)
    });
    header.chain(claims).chain(expired).collect()
}

fn members<'m>(
    before: &'m str,
    members: &'m Map<String, Value>,
    in_words: impl Fn(&str) -> Option<String> + 'm,
) -> impl Iterator<Item = (String, Span)> + 'm {
    members.iter().map(move |(name, value)| {
        let text = match value {
            Value::String(text) => text.clone(),
            other => in_words(name).unwrap_or_else(|| other.to_string()),
        };
        let name = crate::domain::one_line(&format!("{before}{name}"));
        (name, Span::plain(text))
    })
}
