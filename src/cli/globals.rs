//! Options that every command accepts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::domain::{BaseUrl, ProfileName};
use crate::host::Environment;
use crate::ui::{ColorWhen, Options};

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of a command line"
)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    /// Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]
    #[arg(short, long, global = true, value_name = "NAME")]
    pub profile: Option<ProfileName>,
    /// Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]
    #[arg(long, global = true)]
    pub sandbox: bool,
    /// The service's base URL [env: the service's own, such as `BRAINMAPS_API_URL`]
    #[arg(long, global = true, value_name = "URL")]
    pub api_url: Option<BaseUrl>,
    /// Certificates of authorities (PEM) that are trusted besides the system's [env: `BRAINMAPS_CA_CERT`]
    #[arg(long, global = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub ca_cert: Option<PathBuf>,
    /// Exactly one JSON document on stdout
    #[arg(long, global = true)]
    pub json: bool,
    /// Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Only results, warnings and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// When to use colour [env: `NO_COLOR`]
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true
    )]
    pub color: ColorArg,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

impl Globals {
    /// The options that a command in a hint has to repeat, to be about the same profile at the same server.
    pub fn as_flags_text(&self) -> String {
        [vec![String::new()], self.as_flags()].concat().join(" ")
    }

    /// Returns the options that a command in a hint or warning repeats, so that it is about the same credential.
    pub fn as_flags(&self) -> Vec<String> {
        let sandbox = self.sandbox.then(|| "--sandbox".to_owned());
        let profile = self.profile.as_ref();
        let profile = profile.map(|name| format!("--profile {name}"));
        let url = self.api_url.as_ref();
        let url = url.map(|url| format!("--api-url {url}"));
        [sandbox, profile, url].into_iter().flatten().collect()
    }

    /// What the user asked of the output.
    pub fn output_options(&self, environment: &Environment) -> Options {
        let logs = environment
            .get("BRAINMAPS_LOG")
            .is_some_and(|level| !matches!(level, "off" | "0"));
        Options {
            quiet: self.quiet,
            verbose: self.verbose.max(u8::from(logs && !self.quiet)),
            json: self.json,
            color: match self.color {
                ColorArg::Auto => ColorWhen::Auto,
                ColorArg::Always => ColorWhen::Always,
                ColorArg::Never => ColorWhen::Never,
            },
        }
    }
}
