//! Options that every command accepts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::domain::{BaseUrl, ProfileName, RepeatedOptions};
use crate::host::Environment;
use crate::ui::{ColorWhen, FilterError, JqFilter, Options, OutputFilter, Template};

/// Options that every command takes.
#[derive(Debug, Clone, Default, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of a command line"
)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    #[arg(
        help = "Use this profile [env: BRAINMAPS_PROFILE] [default: brainmaps]",
        short,
        long,
        global = true,
        hide = true,
        value_name = "NAME"
    )]
    pub profile: Option<ProfileName>,
    #[arg(
        help = "Use the embedded sandbox instead of the service [env: BRAINMAPS_SANDBOX]",
        long,
        global = true,
        hide = true
    )]
    pub sandbox: bool,
    #[arg(
        help = "Set the API base URL [env: the variable of the service]",
        long,
        global = true,
        hide = true,
        value_name = "URL"
    )]
    pub api_url: Option<BaseUrl>,
    #[arg(
        help = "Trust more certificate authorities (PEM) [env: BRAINMAPS_CA_CERT]",
        long,
        global = true,
        hide = true,
        value_name = "FILE",
        value_hint = clap::ValueHint::FilePath
    )]
    pub ca_cert: Option<PathBuf>,
    /// Print exactly one JSON document on stdout
    #[arg(long, global = true, hide = true)]
    pub json: bool,
    #[arg(
        help = "Filter the JSON document with a jq expression",
        long,
        global = true,
        hide = true,
        value_name = "EXPR",
        conflicts_with = "format"
    )]
    pub jq: Option<String>,
    #[arg(
        help = "Print fields of the JSON document, for example '{id}\\t{name}'",
        long,
        global = true,
        hide = true,
        value_name = "TEMPLATE"
    )]
    pub format: Option<String>,
    /// The value of `--format` for a command that gives it another meaning.
    #[arg(skip)]
    pub own_format: Option<String>,
    #[arg(
        help = "Never prompt and never open a browser [env: BRAINMAPS_NO_INPUT, CI]",
        long,
        global = true,
        hide = true
    )]
    pub no_input: bool,
    /// Print only results, warnings and errors
    #[arg(short, long, global = true, hide = true, conflicts_with = "verbose")]
    pub quiet: bool,
    #[arg(
        help = "Print every request and wait on stderr, without secrets [env: BRAINMAPS_LOG]",
        short,
        long,
        global = true,
        hide = true,
        overrides_with = "verbose"
    )]
    pub verbose: bool,
    #[arg(
        help = "Use colour: auto, always or never [env: NO_COLOR]",
        long,
        global = true,
        hide = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub color: ColorArg,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    #[default]
    Auto,
    Always,
    Never,
}

impl Globals {
    /// Returns the options that a command in a hint must repeat to use the same credential.
    pub fn repeated_options(&self) -> RepeatedOptions {
        RepeatedOptions {
            sandbox: self.sandbox,
            profile: self.profile.clone(),
            api_url: self.api_url.clone(),
        }
    }

    /// Returns true if the result is a JSON document, or a filtered one.
    pub fn wants_document(&self) -> bool {
        self.json || self.is_filtered()
    }

    /// Returns the option that asks for a document.
    pub fn document_option(&self) -> Option<&'static str> {
        let options = [
            (self.json, "--json"),
            (self.jq.is_some(), "--jq"),
            (self.format.is_some(), "--format"),
        ];
        let found = options.into_iter().find(|(is_given, _)| *is_given);
        found.map(|(_, name)| name)
    }

    fn is_filtered(&self) -> bool {
        self.jq.is_some() || self.format.is_some()
    }

    /// Compiles the filter of the document.
    ///
    /// # Errors
    /// [`FilterError`] for an invalid expression or template.
    pub fn output_filter(&self) -> Result<Option<OutputFilter>, FilterError> {
        Ok(match (&self.jq, &self.format) {
            (Some(expression), _) => Some(OutputFilter::Jq(JqFilter::compile(expression)?)),
            (None, Some(template)) => Some(OutputFilter::Template(Template::parse(template)?)),
            (None, None) => None,
        })
    }

    pub fn output_options(&self, environment: &Environment) -> Options {
        let logs = environment
            .get("BRAINMAPS_LOG")
            .is_some_and(|level| !matches!(level, "off" | "0"));
        Options {
            quiet: self.quiet,
            verbose: u8::from(self.verbose || (logs && !self.quiet)),
            json: self.wants_document(),
            filtered: self.is_filtered(),
            color: match self.color {
                ColorArg::Auto => ColorWhen::Auto,
                ColorArg::Always => ColorWhen::Always,
                ColorArg::Never => ColorWhen::Never,
            },
        }
    }
}
