//! `provider`: lists services, and checks, tries and adds their descriptions.

mod add;
mod check;
mod client_metadata;
mod data_access;
mod explain;
mod export_rules;
mod new;
mod schema;
mod test;

use clap::Subcommand;
use serde::Serialize;
use serde_json::Value;

use crate::actions::{Context, ProviderView, get_provider, list_providers};
use crate::cli::app::{App, CommandOutput};
use crate::cli::failure::{ExitStatus, Failure};
use crate::cli::options::help_text::after_help;
use crate::domain::{Hint, ProviderId};
use crate::provider::{Charset, Descriptor, KeyFormat, PageUrl, Source};
use crate::ui::{Column, KeyValues, OutputError, Shell, Span, Table};
use add::AddArgs;
use check::CheckArgs;
use client_metadata::ClientMetadataArgs;
use data_access::DataAccess;
use explain::ExplainArgs;
use export_rules::ExportRulesArgs;
use new::NewArgs;
use test::TestArgs;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ProviderCommand {
    /// List services and their features
    #[command(
        visible_alias = "ls",
        after_help = after_help! {
        examples: [
            "brainmaps provider list",
            "brainmaps provider list --all",
            "brainmaps provider list --json",
        ],
        see: "brainmaps provider show, brainmaps provider add"
    }
    )]
    List {
        /// Include the services that can be added with `provider add`
        #[arg(long)]
        all: bool,
    },
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
    /// Add a service from a file, a URL or the gallery
    Add(AddArgs),
    /// Print a new provider file to fill in
    New(NewArgs),
    /// Try the calls of a provider file
    Test(TestArgs),
    /// Explain the members of provider files
    Explain(ExplainArgs),
    /// Print the JSON schema of provider files, for editors
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps provider schema > provider.schema.json",
            "brainmaps provider schema | jq '.properties | keys'",
        ],
        see: "brainmaps provider new, brainmaps provider explain"
    }
    )]
    Schema,
    /// Print rules for another scanner that find the keys of services
    ExportRules(ExportRulesArgs),
    /// Print the document about this program for authorization servers
    ClientMetadata(ClientMetadataArgs),
}

#[derive(Serialize)]
struct ProviderList {
    #[serde(skip)]
    with_gallery: bool,
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

pub(crate) fn run(app: &App, command: ProviderCommand) -> Result<ExitStatus, Failure> {
    let mut context = app.context()?;
    match command {
        ProviderCommand::List { all } => app.print(&ProviderList {
            with_gallery: all,
            providers: list_providers(&context, all),
        }),
        ProviderCommand::Show { id } => app.print(&show(&context, &id)?),
        ProviderCommand::ClientMetadata(args) => {
            app.print(&client_metadata::document(&context, args)?)
        }
        ProviderCommand::Check(args) => app.print(&check::check(&context, &args)?),
        ProviderCommand::New(args) => app.print(&new::new(&context, args)?),
        ProviderCommand::Test(args) => app.print(&test::test(app, &mut context, &args)?),
        ProviderCommand::Explain(args) => app.print(&explain::explain(&args)?),
        ProviderCommand::ExportRules(args) => {
            app.print(&export_rules::export(app, &context, &args)?)
        }
        ProviderCommand::Schema => app.print(&schema::schema()?),
        ProviderCommand::Add(args) => app.print(&add::add(app, &context, &args)?),
    }
}

impl CommandOutput for ProviderList {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let titles = ["ID", "NAME", "SOURCE"].map(Column::fixed);
        let evidence = self.with_gallery.then(|| Column::wrapped("EVIDENCE"));
        let offers = Column::wrapped("OFFERS");
        let mut table = Table::new(titles.into_iter().chain(evidence).chain([offers]));
        for view in &self.providers {
            let first = [
                Span::bold(view.id.as_str()),
                Span::plain(view.name.as_str()),
                Span::plain(source_label(view.source)),
            ];
            let evidence = (self.with_gallery).then(|| {
                Span::plain(
                    view.evidence
                        .as_ref()
                        .map_or(String::new(), format_evidence),
                )
            });
            let offers = Span::plain(view.offers.join(", "));
            table.add_row(first.into_iter().chain(evidence).chain([offers]));
        }
        shell.table(&table)?;
        if self.with_gallery {
            let hint = Hint::from("to add a service of the gallery, run ");
            shell.note(hint.command("provider add ID"));
        }
        Ok(())
    }
}

/// Returns `verified 2026-11-30` or `from documentation 2026-11-30`.
fn format_evidence(source: &Source) -> String {
    format!("{} {}", source.label(), source.date.as_str())
}

fn source_label(source: &str) -> String {
    source.replace('_', "-")
}

fn show(context: &Context, id: &ProviderId) -> Result<ProviderDetails, Failure> {
    let found = get_provider(context, id)?;
    Ok(ProviderDetails {
        access: DataAccess::of(&found.descriptor),
        view: found.view,
        description: found.description,
        descriptor: found.descriptor,
    })
}

impl CommandOutput for ProviderDetails {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        shell.key_values(&key_values(&self.view, &self.descriptor))?;
        self.access.print(shell)?;
        let show = format!("provider show {} --json", self.view.id);
        shell.note(Hint::from("for the full description, run ").command(show));
        if self.view.source == "gallery" {
            let add = format!("provider add {}", self.view.id);
            shell.note(Hint::from("not added; to use it, run ").command(add));
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
    let facts = with_evidence(facts, view.evidence.as_ref());
    facts.with("offers", view.offers.join(", "))
}

fn with_evidence(facts: KeyValues, evidence: Option<&Source>) -> KeyValues {
    let page = evidence.and_then(|it| it.documentation.as_ref());
    facts
        .with_some("verified", evidence.and_then(|it| it.verified.as_deref()))
        .with_some("documentation", page.map(PageUrl::as_str))
        .with_some("date", evidence.map(|it| it.date.as_str()))
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
