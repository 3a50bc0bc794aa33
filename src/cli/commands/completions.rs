//! `completions`: prints a script that registers the program with a shell.

use clap::Args;
use clap_complete::Shell;

use crate::cli::app::App;
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};

#[derive(Debug, Args)]
#[command(
    before_help = "Completes commands, options, files, profiles, services and known token ids, without network access.",
    help_template = WITH_DETAILS,
    after_help = after_help! {
        examples: [
            "eval \"$(brainmaps completions bash)\"   # in ~/.bashrc",
            "brainmaps completions zsh > ~/.zfunc/_brainmaps   # a directory in $fpath",
            "brainmaps completions fish > ~/.config/fish/completions/brainmaps.fish",
        ],
        see: "brainmaps man"
    }
)]
pub struct CompletionsArgs {
    /// Shell to print the script for
    shell: Shell,
}

pub(crate) fn run(app: &App, args: &CompletionsArgs) -> Result<ExitStatus, Failure> {
    let Some(script) = script(args.shell) else {
        let message = format!("no completions for {}", args.shell);
        return Err(Failure::new(Code::Unsupported, message));
    };
    app.shell.script(script.as_bytes())?;
    Ok(SUCCESS)
}

/// The script evaluates what the installed program prints, so that both are of the same version.
fn script(shell: Shell) -> Option<&'static str> {
    Some(match shell {
        Shell::Bash => include_str!("../../../completions/brainmaps.bash"),
        Shell::Elvish => include_str!("../../../completions/brainmaps.elv"),
        Shell::Fish => include_str!("../../../completions/brainmaps.fish"),
        Shell::PowerShell => include_str!("../../../completions/_brainmaps.ps1"),
        Shell::Zsh => include_str!("../../../completions/_brainmaps"),
        _ => return None,
    })
}
