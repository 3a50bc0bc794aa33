//! A command of the user that a new key is passed to.

use std::io;
use std::pin::pin;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use bytes::Bytes;

use crate::actions::{ActionError, Context, Event, TargetError};
use crate::domain::{Secret, TokenId, Warning, sanitize_text};
use crate::host::{ShellCommand, ShellEnd, ShellRun, run_shell_command};
use crate::http::SecretScanner;
use crate::vault::TargetCommand;

/// Fails if the directory of the command was deleted.
pub(super) fn check_directory(target: &TargetCommand) -> Result<(), TargetError> {
    if target.directory.is_dir() {
        return Ok(());
    }
    Err(TargetError::NoDirectory {
        command: target.command.clone(),
        directory: target.directory.clone(),
    })
}

/// Runs the command with the secret on its standard input and the id, or an empty text, in a variable. Shows what it prints, unless
/// that is the secret.
///
/// # Errors
/// [`TargetError`] unless it exits with 0 within the time limit.
pub(super) async fn run(
    context: &Context,
    target: &TargetCommand,
    id: Option<&TokenId>,
    secret: &Secret,
) -> Result<(), ActionError> {
    let shell_command = ShellCommand {
        command: &target.command,
        directory: &target.directory,
        variables: &[(TargetCommand::ID_VARIABLE, id.map_or("", TokenId::as_str))],
        input: secret,
        limit: context.target_command_limit,
    };
    let command = || target.command.clone();
    let ran = run_to_end(context, &shell_command).await;
    let ran = ran.map_err(|source| TargetError::NotStarted {
        command: command(),
        source,
    })?;
    show_output(context, target, &ran.output, secret);
    match ran.end {
        ShellEnd::Exited(0) => Ok(()),
        ShellEnd::Exited(status) => {
            let command = command();
            Err(TargetError::Failed { command, status }.into())
        }
        ShellEnd::Killed(signal) => {
            let command = command();
            Err(TargetError::Killed { command, signal }.into())
        }
        ShellEnd::TimedOut => {
            let (command, limit) = (command(), context.target_command_limit);
            Err(TargetError::TimedOut { command, limit }.into())
        }
    }
}

/// Emits an event if the program must wait for the command to exit.
async fn run_to_end(context: &Context, command: &ShellCommand<'_>) -> io::Result<ShellRun> {
    let mut run = pin!(run_shell_command(command));
    tokio::select! {
        ran = run.as_mut() => ran,
        () = context.shutdown_guard.begun() => {
            context.emit(&Event::WaitingForCommand(command.limit));
            run.await
        }
    }
}

/// Emits the output, unless it contains the secret: the command has it, but its own log may have it too.
fn show_output(context: &Context, target: &TargetCommand, output: &[u8], secret: &Secret) {
    if has_secret(output, secret) {
        let text = format!(
            "command `{}` printed the secret; its output is not shown",
            crate::domain::sanitize_line(&target.command)
        );
        return context.warn(Warning::from(text));
    }
    let text = sanitize_text(&String::from_utf8_lossy(output));
    let text = text.trim_end_matches(['\r', '\n']);
    if !text.trim().is_empty() {
        context.emit(&Event::TargetOutput(text.to_owned()));
    }
}

/// Returns true if the output contains the secret: as it is, percent-encoded, as base64 or as hexadecimal digits; also between
/// line breaks, control characters and the zero bytes of UTF-16.
fn has_secret(output: &[u8], secret: &Secret) -> bool {
    let forms = forms(secret);
    let is_in = |bytes: &[u8], forms: &[Secret]| {
        let mut scanner = SecretScanner::new(forms);
        scanner.scan(Bytes::copy_from_slice(bytes));
        scanner.finish();
        scanner.has_found()
    };
    let visible = |bytes: &[u8]| {
        let bytes = bytes.iter().copied();
        bytes.filter(u8::is_ascii_graphic).collect::<Vec<u8>>()
    };
    let joined = forms.iter().filter_map(|form| {
        let form = String::from_utf8(visible(form.expose().as_bytes()));
        form.ok().map(Secret::new)
    });
    is_in(output, &forms) || is_in(&visible(output), &joined.collect::<Vec<_>>())
}

/// Base64 of a text depends on the position of the secret in it: without the ends, which depend on what is beside it, there
/// are three forms.
fn forms(secret: &Secret) -> Vec<Secret> {
    let bytes = secret.expose().as_bytes();
    let mut forms = vec![
        secret.clone(),
        Secret::new(STANDARD.encode(bytes)),
        Secret::new(hex::encode(bytes)),
        Secret::new(hex::encode_upper(bytes)),
    ];
    for skipped in 0..3_usize {
        // As many bytes in front as make the rest begin at a group of three.
        let rest = bytes.get(skipped..).unwrap_or_default();
        let whole = rest.get(..rest.len() / 3 * 3).unwrap_or_default();
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            forms.push(Secret::new(engine.encode(whole)));
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "k3y_c4n4ry/+of%a token";

    #[test]
    fn secret_is_found_in_every_form() {
        let secret = Secret::new(KEY);
        let wrapped = |text: &str| {
            let bytes: Vec<&[u8]> = text.as_bytes().chunks(10).collect();
            String::from_utf8(bytes.join(&b'\n')).unwrap()
        };
        let between = |separator: char| -> String {
            let chars = KEY.chars().flat_map(|c| [c, separator]);
            chars.collect()
        };
        for text in [
            KEY.to_owned(),
            "k3y_c4n4ry%2F%2Bof%25a%20token".to_owned(),
            STANDARD.encode(KEY),
            STANDARD.encode(format!("x{KEY}y")),
            STANDARD.encode(format!("user:{KEY}")),
            URL_SAFE_NO_PAD.encode(format!("ab{KEY}\n")),
            hex::encode(KEY),
            wrapped(KEY),
            wrapped(&STANDARD.encode(KEY)),
            wrapped(&hex::encode(KEY)),
            between('\0'),
            between('\u{7}'),
        ] {
            assert!(
                has_secret(format!("a {text} b\n").as_bytes(), &secret),
                "{text}"
            );
        }
        assert!(!has_secret(b"ok \x1b[31mred\n", &secret));
    }
}
