//! `token scan`: defines the arguments, also in builds that cannot scan.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::cli::options::{AnnotationArgs, number};

#[derive(Debug, Args)]
#[command(
    before_help = "Searches the files of the current directory, or PATHs, for keys of all services. Prints where they are and a fingerprint, never the key. Exits with 9 if it finds a key, and with 1 if it finds none and cannot read a file. A line with the comment brainmaps:allow is not reported.",
    help_template = WITH_DETAILS,
    args_conflicts_with_subcommands = true,
    after_help = after_help! {
    examples: [
            "brainmaps token scan",
            "brainmaps token scan --staged",
            "brainmaps token scan --revoke --dry-run",
        ],
    see: "brainmaps token inspect, brainmaps token revoke"
}
)]
pub struct ScanArgs {
    #[command(subcommand)]
    pub(super) command: Option<HookCommand>,
    /// Files and directories [default: the current directory]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath, conflicts_with = "source")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) source: SourceArgs,
    #[command(flatten)]
    pub(super) tree: TreeArgs,
    #[command(flatten)]
    pub(super) baseline: BaselineArgs,
    /// Print SARIF 2.1.0, the format of code scanning services
    #[arg(long)]
    pub(super) sarif: bool,
    #[command(flatten)]
    pub(super) annotations: AnnotationArgs,
    /// Exit with N instead of 9 if a key is found
    #[arg(long, value_name = "N", value_parser = number::<u8>("a number from 0 to 255"))]
    pub(super) exit_code: Option<u8>,
    #[command(flatten)]
    pub(super) keys: KeyArgs,
}

#[derive(Debug, Args)]
pub(super) struct TreeArgs {
    /// Scan files that `.gitignore` excludes, too
    #[arg(long, conflicts_with = "source")]
    pub(super) no_ignore: bool,
    /// Scan submodules, too
    #[arg(long, conflicts_with = "source")]
    pub(super) recurse_submodules: bool,
}

#[derive(Debug, Args)]
pub(super) struct BaselineArgs {
    /// Accept the keys in this file, a list of fingerprints
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) baseline: Option<PathBuf>,
    /// Write all keys that are found to the baseline
    #[arg(long, requires = "baseline", conflicts_with_all = ["verify", "revoke"])]
    pub(super) update_baseline: bool,
}

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of a command line"
)]
pub(super) struct KeyArgs {
    /// Send each key to its own service, to see whether it still works
    #[arg(long)]
    pub(super) verify: bool,
    /// Revoke the keys at their services
    #[arg(long)]
    pub(super) revoke: bool,
    /// Print the first step of --revoke for each key, and send nothing
    #[arg(long, requires = "revoke", conflicts_with_all = ["verify", "sarif", "annotations"])]
    pub(super) dry_run: bool,
    /// Do not ask before keys are sent or revoked
    #[arg(short, long)]
    pub(super) yes: bool,
}

#[derive(Debug, Args)]
#[group(id = "source", multiple = false)]
pub(super) struct SourceArgs {
    /// Scan the staged changes (the content of the index)
    #[arg(long)]
    pub(super) staged: bool,
    /// Scan every object of the repository, or of a range such as `main..HEAD`
    #[arg(long, value_name = "RANGE", num_args = 0..=1, default_missing_value = "")]
    pub(super) history: Option<String>,
    /// Scan the text on stdin
    #[arg(long)]
    pub(super) stdin: bool,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum HookCommand {
    /// Scan before each commit in this repository
    #[command(after_help = after_help! {
        examples: [
            "brainmaps token scan install-hook",
            "brainmaps token scan install-hook && git commit   # scans what is staged",
        ],
        see: "brainmaps token scan --staged"
    })]
    InstallHook,
    /// Remove the hook of `install-hook`
    #[command(after_help = after_help! {
        examples: [
            "brainmaps token scan uninstall-hook",
            "git commit --no-verify   # skips the hooks once",
        ],
        see: "brainmaps token scan install-hook"
    })]
    UninstallHook,
}

#[cfg(not(feature = "scan"))]
pub(super) fn unsupported() -> crate::cli::failure::Failure {
    use crate::cli::failure::{Code, Failure};

    Failure::new(Code::Unsupported, "this build cannot scan for keys")
}
