//! `provider list|show|check|client-metadata`

mod client_metadata;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::Value;

use crate::actions::{
    CheckedDescription, Context, ProviderView, check_provider, get_provider, list_providers,
};
use crate::cli::app::{App, CommandOutput};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{Hint, ProviderId};
use crate::provider::{Charset, Descriptor, Diagnostic, Disclosure, KeyFormat};
use crate::ui::{Column, KeyValues, Line, OutputError, Shell, Span, Table};
use client_metadata::ClientMetadataArgs;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ProviderCommand {
    /// List services and their features
    #[command(
        visible_alias = "ls",
        after_help = after_help! {
        examples: [
            "brainmaps provider list",
            "brainmaps provider list --json",
        ],
        see: "brainmaps provider show, brainmaps profile add"
    }
    )]
    List,
    /// Show a service (with --json, its whole description)
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps provider show brainmaps",
            "brainmaps provider show brainmaps --json | jq .description",
        ],
        see: "brainmaps provider list, brainmaps provider check"
    }
    )]
    Show {
        /// Id of the service
        id: ProviderId,
    },
    /// Check a provider file and list its errors
    Check(CheckArgs),
    /// Print the document about this program for authorization servers
    ClientMetadata(ClientMetadataArgs),
}

#[derive(Debug, Args)]
#[command(
    before_help = "Prints each error with its line, and what the file reads and sends. Exits with 2 if there is an error.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps provider check ~/.config/brainmaps/providers/maps.toml",
        "brainmaps provider check maps.toml --json | jq '.mistakes[].line'",
    ],
    see: "brainmaps provider show, brainmaps profile add"
}
)]
pub struct CheckArgs {
    /// Path of the provider file
    file: PathBuf,
}

#[derive(Serialize)]
struct ProviderList {
    providers: Vec<ProviderView>,
}

#[derive(Serialize)]
struct ProviderDetails {
    #[serde(flatten)]
    view: ProviderView,
    description: Value,
    #[serde(flatten)]
    access: DataAccess,
    #[serde(skip)]
    descriptor: Descriptor,
}

/// What a description reads here and sends there.
#[derive(Serialize)]
struct DataAccess {
    sends: Vec<Disclosure>,
    reads: Vec<String>,
}

#[derive(Serialize)]
struct CheckResult {
    file: PathBuf,
    valid: bool,
    mistakes: Vec<Diagnostic>,
    #[serde(flatten)]
    access: DataAccess,
    warnings: Vec<String>,
}

pub(crate) fn run(app: &App, command: ProviderCommand) -> Result<ExitStatus, Failure> {
    let context = app.context()?;
    match command {
        ProviderCommand::List => app.print(&ProviderList {
            providers: list_providers(&context),
        }),
        ProviderCommand::Show { id } => app.print(&show(&context, &id)?),
        ProviderCommand::ClientMetadata(args) => {
            app.print(&client_metadata::document(&context, args)?)
        }
        ProviderCommand::Check(args) => app.print(&check(&context, args.file)?),
    }
}

impl CommandOutput for ProviderList {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let titles = ["ID", "NAME", "SOURCE"].map(Column::fixed);
        let mut table = Table::new(titles.into_iter().chain([Column::wrapped("OFFERS")]));
        for view in &self.providers {
            table.add_row([
                Span::bold(view.id.as_str()),
                Span::plain(view.name.as_str()),
                Span::plain(source_label(view.source)),
                Span::plain(view.offers.join(", ")),
            ]);
        }
        shell.table(&table)
    }
}

fn source_label(source: &str) -> String {
    source.replace('_', "-")
}

fn show(context: &Context, id: &ProviderId) -> Result<ProviderDetails, Failure> {
    let (view, descriptor, description) = get_provider(context, id)?;
    Ok(ProviderDetails {
        view,
        description,
        access: DataAccess {
            sends: descriptor.disclosures(),
            reads: descriptor.local_sources(),
        },
        descriptor,
    })
}

impl CommandOutput for ProviderDetails {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        shell.key_values(&key_values(&self.view, &self.descriptor))?;
        self.access.print(shell)?;
        let show = format!("provider show {} --json", self.view.id);
        shell.note(Hint::from("for the full description, run ").command(show));
        Ok(())
    }
}

impl DataAccess {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        for source in &self.reads {
            shell.result(format!("reads {source}"))?;
        }
        for Disclosure { what, to } in &self.sends {
            shell.result(format!("sends {what} to {to}"))?;
        }
        Ok(())
    }
}

fn key_values(view: &ProviderView, service: &Descriptor) -> KeyValues {
    let names = &service.environment;
    let variables = [
        &names.api_key,
        &names.api_url,
        &names.issuer,
        &names.client_id,
    ];
    let variables: Vec<&str> = variables
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let oauth = service.oauth.as_ref();
    let mut facts = KeyValues::default()
        .with("service", Span::bold(view.id.as_str()))
        .with("name", view.name.as_str())
        .with("source", source_label(view.source))
        .with_some(
            "file",
            view.file.as_ref().map(|path| path.display().to_string()),
        )
        .with_some("api url", view.api_url.as_deref())
        .with_some(
            "variables",
            (!variables.is_empty()).then(|| variables.join(", ")),
        )
        .with_some("keys", service.key.as_ref().map(describe_key_format))
        .with_some("issuer", oauth.and_then(|oauth| oauth.issuer.as_deref()))
        .with_some("client", oauth.and_then(|oauth| oauth.client_id.as_deref()));
    for (kind, header) in service.headers.iter() {
        let scheme = header
            .scheme
            .as_ref()
            .map(|scheme| format!("{} ", scheme.as_str()));
        let value = format!("{}: {}…", header.name.as_str(), scheme.unwrap_or_default());
        facts = facts.with(kind.label(), value);
    }
    facts.with("offers", view.offers.join(", "))
}

/// Describes the format of a key: `bp_` and 64 hexadecimal digits.
fn describe_key_format(key: &KeyFormat) -> String {
    let charset = match key.alphabet {
        Some(Charset::Alphanumeric) => "letters and digits",
        Some(Charset::Hex) => "hexadecimal digits",
        Some(Charset::Word) => "letters, digits and underscores",
        None => "characters",
    };
    let rest = match key.length {
        Some(length) => format!("{length} {charset}"),
        None => charset.to_owned(),
    };
    match &key.separator {
        Some(separator) => format!("{}<id>{separator}<secret of {rest}>", key.prefix),
        None => format!("{}<{rest}>", key.prefix),
    }
}

fn check(context: &Context, file: PathBuf) -> Result<CheckResult, Failure> {
    let CheckedDescription {
        mistakes,
        sends,
        reads,
        warnings,
    } = check_provider(context, &file)?;
    Ok(CheckResult {
        file,
        valid: mistakes.is_empty(),
        mistakes,
        access: DataAccess { sends, reads },
        warnings,
    })
}

impl CommandOutput for CheckResult {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        for warning in &self.warnings {
            shell.warning(warning.as_str());
        }
        for mistake in &self.mistakes {
            self.print_mistake(shell, mistake)?;
        }
        if self.valid {
            let name = self.file.display();
            shell.result(Line::success(format!("{name} is a valid description")))?;
        } else {
            let count = self.mistakes.len();
            let plural = if count == 1 { "" } else { "s" };
            shell.error(format!("found {count} error{plural} in the description"));
            let hint = Hint::run("help provider-format");
            shell.hint(hint.text(" for the meaning of every member"));
        }
        self.access.print(shell)
    }

    fn exit(&self) -> ExitStatus {
        if self.valid {
            SUCCESS
        } else {
            Code::Config.exit()
        }
    }
}

impl CheckResult {
    fn print_mistake(&self, shell: &Shell, mistake: &Diagnostic) -> Result<(), OutputError> {
        let file = self.file.display();
        let location = format!("{file}:{}:{}: ", mistake.line, mistake.column);
        let member = match mistake.at.as_str() {
            "" => String::new(),
            at => format!("{at}: "),
        };
        let text = Span::plain(format!("{member}{}", mistake.message));
        shell.result([Span::bold(location), text])
    }
}
