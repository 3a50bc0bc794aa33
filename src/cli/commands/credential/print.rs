//! `credential print`: prints the credential for another program, and refreshes it first if it expires soon.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Args, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::ci::{CiTarget, CiValue};
use crate::actions::{ProfileSession, ResolvedCredential};
use crate::cli::app::{
    App, CommandOutput, Exposed, OfProfile, Receiver, WantedCredential, scoped_credential,
};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{CredentialEvent, CredentialKind, Secret, StoredCredential};
use crate::helper::text::{TextContext, TextFormat};
use crate::ui::{OutputError, Shell};

#[derive(Debug, Default, Args)]
#[command(
    mut_args(own_format),
    before_help = "In a job of GitHub Actions or Azure Pipelines, masks the credential in the log first.",
    help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
            "brainmaps credential print",
            "curl -H \"$(brainmaps credential print --header)\" https://api.example.com/",
            "eval \"$(brainmaps credential print --format export)\"",
        ],
    see: "brainmaps credential explain, brainmaps credential refresh, brainmaps token create"
}
)]
pub struct PrintArgs {
    /// Print the HTTP header that the service requires
    #[arg(long)]
    header: bool,
    /// Refresh the credential unless it stays valid for this long, for example `5m`
    #[arg(long, value_name = "TIME", default_value = "0s", hide_default_value = true, value_parser = crate::cli::options::duration::parse)]
    min_ttl: SignedDuration,
    /// Print a new access token that has only this scope of the session (repeatable)
    #[arg(long, value_name = "SCOPE", value_parser = crate::cli::options::text::parse_scope, conflicts_with = "min_ttl")]
    scope: Vec<String>,
    #[command(flatten)]
    ci: CiTarget,
}

/// The forms of [`TextFormat`], and the JSON document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PrintFormat {
    Env,
    Export,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Json,
    Header,
    HeaderJson,
    Curl,
    Netrc,
}

/// Makes the global `--format` an option of this command, with values of its own.
fn own_format(option: Arg) -> Arg {
    if option.get_id() != "format" {
        return option;
    }
    option
        .help("Print the credential for another program")
        .help_heading(None)
        .hide(false)
        .value_name("FORMAT")
        .conflicts_with("header")
        .value_parser(PossibleValuesParser::new(PrintFormat::names()))
}

impl PrintFormat {
    fn names() -> Vec<PossibleValue> {
        let forms = Self::value_variants().iter();
        forms.filter_map(Self::to_possible_value).collect()
    }

    /// # Errors
    /// If the global option `--format` was given before the command, which is a template.
    fn parse(name: &str) -> Result<Self, Failure> {
        Self::from_str(name, false).map_err(|_| {
            let message = "a template cannot be used with \"credential print\"";
            let names: Vec<String> = Self::names()
                .iter()
                .map(|name| name.get_name().to_owned())
                .collect();
            let hint = format!("its own --format is one of {}", names.join(", "));
            Failure::new(Code::Usage, message).with_hint(hint)
        })
    }

    /// Returns `None` for the JSON document.
    fn as_text(self) -> Option<TextFormat> {
        Some(match self {
            Self::Env => TextFormat::Env,
            Self::Export => TextFormat::Export,
            Self::Fish => TextFormat::Fish,
            Self::PowerShell => TextFormat::PowerShell,
            Self::Header => TextFormat::Header,
            Self::HeaderJson => TextFormat::HeaderJson,
            Self::Curl => TextFormat::Curl,
            Self::Netrc => TextFormat::Netrc,
            Self::Json => return None,
        })
    }
}

#[derive(Serialize)]
struct PrintedCredential {
    kind: CredentialKind,
    origin: String,
    token: Exposed,
    header: Exposed,
    expires_at: Option<Timestamp>,
    /// The text for people and other programs.
    #[serde(skip)]
    text: Secret,
}

impl PrintArgs {
    fn credential(&self, session: ProfileSession<'_>) -> Result<ResolvedCredential, Failure> {
        let wanted = WantedCredential {
            min_ttl: Some(self.min_ttl),
            scopes: &self.scope,
        };
        let receiver = Receiver {
            event: CredentialEvent::Print,
            name: "credential print",
        };
        scoped_credential(session, receiver, &wanted)
    }
}

pub(super) fn run(
    app: &App,
    session: ProfileSession<'_>,
    args: &PrintArgs,
) -> Result<ExitStatus, Failure> {
    if let Some(delivery) = args.ci.prepare(app)? {
        let selected = args.credential(session)?;
        return delivery.deliver(
            app,
            session,
            CiValue {
                selected,
                is_header: args.header,
            },
        );
    }
    let format = app.globals.own_format.as_deref();
    let format = format.map(PrintFormat::parse).transpose()?;
    let format = format.map(PrintFormat::as_text);
    if let Some(Some(format)) = format {
        session.require_variable(format)?;
    }
    let selected = args.credential(session)?;
    let printed = printed(session, &selected, args, format.flatten());
    let printed = OfProfile::new(session.target, printed);
    if format == Some(None) {
        for secret in printed.secrets() {
            app.shell.mask(&secret);
        }
        app.shell.document(&printed)?;
        return Ok(SUCCESS);
    }
    app.print(&printed)
}

fn printed(
    session: ProfileSession<'_>,
    selected: &ResolvedCredential,
    args: &PrintArgs,
    format: Option<TextFormat>,
) -> PrintedCredential {
    let grant = session.grant(selected);
    let origin = selected.base.origin();
    let context = TextContext {
        variable: session.target.descriptor.environment.api_key.as_deref(),
        origin: &origin,
    };
    let header = args.header.then_some(TextFormat::Header);
    let format = header.or(format);
    let stored = selected.stored.as_ref();
    let token = selected.credential.secret.clone();
    PrintedCredential {
        kind: selected.credential.kind,
        origin: origin.to_string(),
        header: Exposed(grant.header.line()),
        expires_at: stored.and_then(StoredCredential::expires_at),
        text: format.map_or_else(|| token.clone(), |format| format.render(&grant, context)),
        token: Exposed(token),
    }
}

impl CommandOutput for OfProfile<PrintedCredential> {
    /// The text contains the credential in another form if it had to be quoted.
    fn secrets(&self) -> Vec<Secret> {
        let (Exposed(token), text) = (&self.result.token, &self.result.text);
        let is_quoted = !text.expose().contains(token.expose());
        let quoted = is_quoted.then(|| text.clone());
        std::iter::once(token.clone()).chain(quoted).collect()
    }

    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        shell.secret(&self.result.text)
    }
}
