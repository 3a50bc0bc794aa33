//! `provider export-rules`: prints rules by which other scanners find the keys of services.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Args};

use crate::actions::{Context, GitleaksRules, export_rules};
use crate::cli::app::{App, CommandOutput};
use crate::cli::failure::{Code, Failure};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::ProviderId;
use crate::ui::{OutputError, Shell};

const GITLEAKS: &str = "gitleaks";

#[derive(Debug, Args)]
#[command(
    mut_args(own_format),
    before_help = "Prints a configuration of gitleaks or betterleaks that finds the keys of these services: by their documented form, else as the value of the service's variable. Without ID, for all services of `provider list`.",
    help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps provider export-rules > .gitleaks.toml",
        "brainmaps provider export-rules --format gitleaks npm grafana",
        "brainmaps provider export-rules --json | jq -r '.rules[].regex'",
    ],
    see: "brainmaps token scan, brainmaps provider list --all"
}
)]
pub struct ExportRulesArgs {
    /// Services, which may be in the gallery
    #[arg(value_name = "ID")]
    ids: Vec<ProviderId>,
}

/// Makes the global `--format` an option of this command, with values of its own.
fn own_format(option: Arg) -> Arg {
    if option.get_id() != "format" {
        return option;
    }
    option
        .help("Set the scanner that the rules are for [default: gitleaks]")
        .help_heading(None)
        .hide(false)
        .value_name("SCANNER")
        .value_parser(PossibleValuesParser::new([GITLEAKS]))
}

pub(super) fn export(
    app: &App,
    context: &Context,
    args: &ExportRulesArgs,
) -> Result<GitleaksRules, Failure> {
    let format = app.globals.own_format.as_deref().unwrap_or(GITLEAKS);
    if format != GITLEAKS {
        let message = "a template cannot be used with \"provider export-rules\"";
        return Err(Failure::new(Code::Usage, message).with_hint("its own --format is gitleaks"));
    }
    let rules = export_rules(context, &args.ids)?;
    if rules.rules.is_empty() {
        let message = "the services describe neither the form of their keys nor a variable";
        return Err(Failure::new(Code::Unsupported, message));
    }
    Ok(rules)
}

impl CommandOutput for GitleaksRules {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let text = toml::to_string(self);
        let text = text.map_err(|error| OutputError::Failed(std::io::Error::other(error)))?;
        shell.bytes(text.as_bytes())
    }
}
