//! `token inspect`: decodes a token from stdin or a prompt. Must not use the network or print the token.

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::actions::{Inspection, Jwt, ServiceRef, TokenFormat, inspect_token};
use crate::cli::app::{App, CommandOutput};
use crate::cli::failure::{Code, Failure};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{Hint, format_count, time_format};
use crate::ui::{KeyValues, OutputError, Shell, Span, prompt};

#[derive(Debug, Args)]
#[command(
    before_help = "Reads a token from a prompt or stdin and prints its service, its format and the claims of a JWT, without network access. The claims are not verified, and the token itself is not printed.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps token inspect < key.txt",
        "brainmaps credential print | brainmaps token inspect --json",
    ],
    see: "brainmaps token get --with-token, brainmaps credential explain"
}
)]
pub struct InspectArgs {}

#[derive(Serialize)]
pub(super) struct InspectOutput {
    #[serde(flatten)]
    found: Inspection,
    #[serde(skip)]
    now: Timestamp,
}

pub(super) fn run(app: &App, _: &InspectArgs) -> Result<InspectOutput, Failure> {
    if app.shell.terminal().stdin && !app.can_prompt() {
        let failure = Failure::new(Code::Usage, "no token on stdin, and prompting is disabled");
        let hint = Hint::from("pipe it in: ").command("token inspect < key.txt");
        return Err(failure.with_hint(hint));
    }
    let token = prompt::read_secret(&app.shell, "token")?;
    let context = app.context()?;
    Ok(InspectOutput {
        found: inspect_token(&context, &token),
        now: context.now(),
    })
}

impl CommandOutput for InspectOutput {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        shell.key_values(&key_values(&self.found))?;
        if let Some(jwt) = &self.found.jwt {
            shell.result("")?;
            shell.result(Span::warn("not verified: the claims are the token's own"))?;
            shell.key_values(&jwt_key_values(self.now, jwt))?;
        }
        if let Some(scheme) = &self.found.scheme {
            shell.note(format!("ignored the scheme `{scheme}` before the token"));
        }
        Ok(())
    }
}

fn key_values(found: &Inspection) -> KeyValues {
    let format = match found.form {
        TokenFormat::ApiKey => "API key",
        TokenFormat::Jwt if is_unsigned(found) => "JWT (not signed: `alg` is `none`)",
        TokenFormat::Jwt => "JWT (signature not verified)",
        TokenFormat::EncryptedJwt => "JWT (encrypted)",
        TokenFormat::Opaque => "opaque",
    };
    let service = match (service_names(&found.services), found.form) {
        (Some(names), TokenFormat::Jwt) => format!("{names}, by the issuer that it names"),
        (Some(names), _) => names,
        (None, _) => "unknown".to_owned(),
    };
    let well_formed = match (found.well_formed, found.form) {
        (Some(true), _) => Some(Span::good("yes")),
        (Some(false), _) => Some(Span::warn("no: the prefix matches, the rest does not")),
        (None, _) => None,
    };
    let could_be =
        service_names(&found.possible).map(|names| format!("{names} (no documented key format)"));
    KeyValues::default()
        .with("form", format)
        .with("service", Span::bold(service))
        .with_some("could be", could_be)
        .with_some("well formed", well_formed)
        .with_some("begins with", found.prefix.as_deref())
        .with("length", format_count(found.length, "character"))
        .with("fingerprint", format!("sha256:{}…", found.fingerprint))
}

/// RFC 7518 §3.6; some libraries accepted any case.
fn is_unsigned(found: &Inspection) -> bool {
    let algorithm = found.jwt.as_ref().and_then(|jwt| jwt.header.get("alg"));
    let algorithm = algorithm.and_then(Value::as_str);
    algorithm.is_some_and(|name| name.eq_ignore_ascii_case("none"))
}

fn service_names(services: &[ServiceRef]) -> Option<String> {
    let names: Vec<&str> = services.iter().map(|one| one.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn jwt_key_values(now: Timestamp, jwt: &Jwt) -> KeyValues {
    let header = object_rows("header ", &jwt.header, |_| None);
    let times = |name: &str| {
        let time = match name {
            "exp" => jwt.expires_at,
            "nbf" => jwt.not_before,
            "iat" => jwt.issued_at,
            _ => None,
        };
        time.map(|time| format!("{time} ({})", time_format::format_relative(now, time)))
    };
    let claims = object_rows("", &jwt.claims, times);
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

fn object_rows<'m>(
    prefix: &'m str,
    members: &'m Map<String, Value>,
    describe: impl Fn(&str) -> Option<String> + 'm,
) -> impl Iterator<Item = (String, Span)> + 'm {
    members.iter().map(move |(name, value)| {
        let text = match value {
            Value::String(text) => text.clone(),
            other => describe(name).unwrap_or_else(|| other.to_string()),
        };
        let name = crate::domain::sanitize_line(&format!("{prefix}{name}"));
        (name, Span::plain(text))
    })
}
