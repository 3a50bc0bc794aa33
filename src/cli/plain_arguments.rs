//! Parses the command lines that other programs run again and again, without clap: it would take longer than the rest of
//! the command. Anything else, also what is invalid, is left to clap.

use std::ffi::{OsStr, OsString};

use super::args::{Cli, ModeArgs};
use super::commands::Command;
use super::commands::CommandGroup;
use super::commands::api::ApiArgs;
use super::commands::credential::{CredentialCommand, PrintArgs};
use super::commands::exec::ExecArgs;
use super::commands::helper::HelperCommand;
use super::commands::status::StatusArgs;
use super::options::Globals;
use crate::domain::{ProfileName, parse_duration};

/// Returns `None` unless the command line is a command without options, perhaps after `--profile NAME`, or
/// `status --within TIME` for a prompt.
pub(super) fn parse(arguments: &[OsString]) -> Option<Cli> {
    let (profile, rest) = split_profile(arguments.get(1..)?)?;
    let globals = Globals {
        profile,
        ..Globals::default()
    };
    if let Some((status, quiet)) = parse_status_within(rest) {
        return Some(cli(Globals { quiet, ..globals }, Command::Status(status)));
    }
    let end = rest.iter().position(|argument| argument == "--");
    let (own, others) = match end {
        Some(end) => (&rest[..end], Some(&rest[end + 1..])),
        None => (rest, None),
    };
    let words: Option<Vec<&str>> = own.iter().map(|word| plain_word(word)).collect();
    Some(cli(globals, parse_command(&words?, others)?))
}

fn cli(globals: Globals, command: Command) -> Cli {
    Cli {
        mode: ModeArgs {
            #[cfg(feature = "tui")]
            visual: false,
        },
        globals,
        command: Some(command),
    }
}

/// Returns the arguments of `status --within TIME`, and whether `--quiet` follows.
fn parse_status_within(arguments: &[OsString]) -> Option<(StatusArgs, bool)> {
    let (time, quiet) = match arguments {
        [status, within, time] if status == "status" && within == "--within" => (time, false),
        [status, within, time, quiet]
            if status == "status"
                && within == "--within"
                && (quiet == "-q" || quiet == "--quiet") =>
        {
            (time, true)
        }
        _ => return None,
    };
    let within = parse_duration(plain_word(time)?).ok()?;
    Some((StatusArgs::within(within), quiet))
}

fn split_profile(arguments: &[OsString]) -> Option<(Option<ProfileName>, &[OsString])> {
    let (first, rest) = arguments.split_first()?;
    let first = first.to_str()?;
    if let Some(name) = first.strip_prefix("--profile=") {
        return Some((Some(name.parse().ok()?), rest));
    }
    if first == "--profile" || first == "-p" {
        let (name, rest) = rest.split_first()?;
        return Some((Some(plain_word(name)?.parse().ok()?), rest));
    }
    Some((None, arguments))
}

/// Returns a word that is not an option.
fn plain_word(word: &OsString) -> Option<&str> {
    let word = OsStr::to_str(word)?;
    (!word.is_empty() && !word.starts_with('-')).then_some(word)
}

fn parse_command(words: &[&str], others: Option<&[OsString]>) -> Option<Command> {
    let command = match (words, others) {
        (["exec"], Some(command)) if !command.is_empty() => {
            return Some(Command::Exec(ExecArgs::of_command(command)));
        }
        (["api", request @ ..], None) if !request.is_empty() => {
            return Some(Command::Api(ApiArgs::of_request(request)));
        }
        (["credential", "print"], None) => {
            let command = CredentialCommand::Print(PrintArgs::default());
            return Some(Command::Credential(CommandGroup { command }));
        }
        (["status"], None) => return Some(Command::Status(StatusArgs::default())),
        (["whoami"], None) => return Some(Command::Whoami),
        (["helper", "git", operation], None) => HelperCommand::Git {
            operation: (*operation).to_owned(),
        },
        (["helper", "docker", operation], None) => HelperCommand::Docker {
            operation: (*operation).to_owned(),
        },
        (["helper", "kubectl"], None) => HelperCommand::Kubectl,
        (["helper", "cargo"], None) => HelperCommand::Cargo,
        (["helper", "goauth"], None) => HelperCommand::Goauth { url: None },
        (["helper", "goauth", url], None) => HelperCommand::Goauth {
            url: Some((*url).to_owned()),
        },
        (["helper", "keyring"], Some(arguments)) => HelperCommand::Keyring {
            arguments: arguments.to_vec(),
        },
        (["helper", "pnpm"], None) => HelperCommand::Pnpm,
        (["helper", "terraform", operation, host], None) => HelperCommand::Terraform {
            operation: (*operation).to_owned(),
            host: (*host).to_owned(),
        },
        _ => return None,
    };
    Some(Command::Helper(CommandGroup { command }))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        let words = text.split(' ').filter(|it| !it.is_empty());
        words.map(OsString::from).collect()
    }

    #[test]
    fn result_is_the_same_as_with_clap() {
        for text in [
            "helper git get",
            "helper git help",
            "--profile work helper git erase",
            "--profile=work helper docker get",
            "-p work helper kubectl",
            "helper cargo",
            "helper goauth",
            "helper goauth https://a.example/x",
            "helper keyring -- --mode creds get https://a.example --profile x",
            "helper keyring --",
            "helper pnpm",
            "helper terraform get a.example",
            "api /api/brains/",
            "-p work api POST /api/tokens/",
            "exec -- /bin/true",
            "--profile work exec -- sh -c -- --json",
            "credential print",
            "status",
            "status --within 14d",
            "-p work status --within 14d -q",
            "status --within 14d --quiet",
            "whoami",
            "-p work whoami",
        ] {
            let arguments = words(&format!("brainmaps {text}"));
            let parsed = parse(&arguments).map(|cli| format!("{cli:?}"));
            let with_clap = Cli::try_parse_from(&arguments).unwrap();
            assert_eq!(parsed, Some(format!("{with_clap:?}")), "{text}");
        }
    }

    #[test]
    fn options_and_invalid_command_lines_are_left_to_clap() {
        for text in [
            "",
            "brainmaps",
            "brainmaps --version",
            "brainmaps --profile",
            "brainmaps --profile work",
            "brainmaps --profile=a/b helper git get",
            "brainmaps --profile --json helper git get",
            "brainmaps --profile a --profile b helper git get",
            "brainmaps helper git",
            "brainmaps helper git get x",
            "brainmaps helper git get --json",
            "brainmaps helper git -h",
            "brainmaps helper git get --",
            "brainmaps helper install git",
            "brainmaps helper keyring get x",
            "brainmaps api",
            "brainmaps api /api/brains/ --paginate",
            "brainmaps api -f name=ci /api/brains/",
            "brainmaps api -- /api/brains/",
            "brainmaps exec",
            "brainmaps exec --",
            "brainmaps exec true",
            "brainmaps exec --env X -- true",
            "brainmaps credential print --header",
            "brainmaps status --all",
            "brainmaps status --within soon",
            "brainmaps status --within 14d --all",
            "brainmaps status --within -q",
            "brainmaps -v status",
        ] {
            assert!(parse(&words(text)).is_none(), "{text}");
        }
    }
}
