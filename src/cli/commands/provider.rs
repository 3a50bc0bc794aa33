//! `provider list|show|check`

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::actions::{
    CheckedDescription, ProviderView, check_provider, get_provider, list_providers,
};
use crate::cli::app::App;
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::{Code, Failure};
use crate::cli::help_text::{WITH_DETAILS, after_help};
use crate::domain::ProviderId;
use crate::provider::{Charset, Descriptor, Diagnostic, Disclosure, KeyFormat};
use crate::ui::{Column, KeyValues, Span, Table};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ProviderCommand {
    /// List services and their features
    #[command(
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

pub(crate) fn run(app: &App, command: ProviderCommand) -> Result<ExitStatus, Failure> {
    match command {
        ProviderCommand::List => list(app, &list_providers(&app.context()?)),
        ProviderCommand::Show { id } => show(app, &id),
        ProviderCommand::Check(args) => check(app, &args.file),
    }
}

fn list(app: &App, views: &[ProviderView]) -> Result<ExitStatus, Failure> {
    if app.shell.options().json {
        app.shell.document(&json!({ "providers": views }))?;
        return Ok(SUCCESS);
    }
    let titles = ["ID", "NAME", "SOURCE"].map(Column::fixed);
    let mut table = Table::new(titles.into_iter().chain([Column::wrapped("OFFERS")]));
    for view in views {
        table.add_row([
            Span::bold(view.id.as_str()),
            Span::plain(view.name.as_str()),
            Span::plain(source_label(view.source)),
            Span::plain(view.offers.join(", ")),
        ]);
    }
    app.shell.table(&table)?;
    Ok(SUCCESS)
}

fn source_label(source: &str) -> String {
    source.replace('_', "-")
}

fn show(app: &App, id: &ProviderId) -> Result<ExitStatus, Failure> {
    let (view, service, description) = get_provider(&app.context()?, id)?;
    if app.shell.options().json {
        let mut document = json!(view);
        document["description"] = description;
        document["sends"] = json!(service.disclosures());
        document["reads"] = json!(service.local_sources());
        app.shell.document(&document)?;
        return Ok(SUCCESS);
    }
    app.shell.key_values(&key_values(&view, &service))?;
    show_data_access(app, &service.disclosures(), &service.local_sources())?;
    app.shell.note(format!(
        "for the full description, run `brainmaps provider show {id} --json`"
    ));
    Ok(SUCCESS)
}

/// What a description reads here and sends there.
fn show_data_access(app: &App, sends: &[Disclosure], reads: &[String]) -> Result<(), Failure> {
    for source in reads {
        app.shell.result(format!("reads {source}"))?;
    }
    for Disclosure { what, to } in sends {
        app.shell.result(format!("sends {what} to {to}"))?;
    }
    Ok(())
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
    for (kind, header) in &service.headers {
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

fn check(app: &App, file: &Path) -> Result<ExitStatus, Failure> {
    let CheckedDescription {
        mistakes,
        sends,
        reads,
        warnings,
    } = check_provider(&app.context()?, file)?;
    let exit = if mistakes.is_empty() {
        SUCCESS
    } else {
        Code::Config.exit()
    };
    if app.shell.options().json {
        let valid: Value = mistakes.is_empty().into();
        app.shell
            .document(&json!({
                "file": file, "valid": valid, "mistakes": mistakes, "sends": sends, "reads": reads, "warnings": warnings,
            }))?;
        return Ok(exit);
    }
    for warning in &warnings {
        app.shell.warning(warning.as_str());
    }
    show_diagnostics(app, file, &mistakes)?;
    show_data_access(app, &sends, &reads)?;
    Ok(exit)
}

fn show_diagnostics(app: &App, file: &Path, mistakes: &[Diagnostic]) -> Result<(), Failure> {
    for mistake in mistakes {
        let location = Span::bold(format!(
            "{}:{}:{}: ",
            file.display(),
            mistake.line,
            mistake.column
        ));
        let member = match mistake.at.as_str() {
            "" => String::new(),
            at => format!("{at}: "),
        };
        let text = Span::plain(format!("{member}{}", mistake.message));
        app.shell.result([location, text])?;
    }
    if mistakes.is_empty() {
        let name = file.display();
        app.shell.result([
            Span::good("✓"),
            Span::plain(format!(" {name} is a valid description")),
        ])?;
    } else {
        let count = mistakes.len();
        let plural = if count == 1 { "" } else { "s" };
        app.shell
            .error(format!("found {count} error{plural} in the description"));
        app.shell
            .hint("docs/reference/provider-format.md explains every member");
    }
    Ok(())
}
