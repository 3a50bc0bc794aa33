//! `completions` and `man`: made from the command line's own definition.

use std::path::PathBuf;

use clap::{Args, Command};
use clap_complete::Shell as CompletionShell;

use crate::cli::app::App;
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::{Code, Failure};

/// Prints the completion script for a shell.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps completions bash > ~/.local/share/bash-completion/completions/brainmaps\n  \
    brainmaps completions fish > ~/.config/fish/completions/brainmaps.fish")]
pub struct CompletionsArgs {
    /// The shell
    shell: CompletionShell,
}

/// Prints the manual page, or writes one page a command into a directory.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  brainmaps man | man -l -\n  brainmaps man --out ~/.local/share/man/man1"
)]
pub struct ManArgs {
    /// Write one page a command into this directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn completions(
    app: &App,
    args: &CompletionsArgs,
    mut command: Command,
) -> Result<ExitStatus, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "brainmaps", &mut script);
    app.shell.script(&script)?;
    Ok(SUCCESS)
}

pub(crate) fn man(app: &App, args: &ManArgs, command: Command) -> Result<ExitStatus, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::new(
            Code::Failed,
            format!("the manual cannot be written: {error}"),
        )
    };
    if let Some(directory) = &args.out {
        std::fs::create_dir_all(directory).map_err(cannot)?;
        clap_mangen::generate_to(command, directory).map_err(cannot)?;
        app.shell
            .status(format!("the manual pages are in {}", directory.display()));
        return Ok(SUCCESS);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(cannot)?;
    app.shell.script(&page)?;
    Ok(SUCCESS)
}
