//! Asking the user, on a terminal alone; and the one secret that a pipe may bring.
//!
//! Prompts go to stderr, so that stdout keeps the result. While a prompt stands, the terminal neither echoes nor
//! turns Ctrl-C into a signal: the key ends the prompt as [`PromptError::Interrupted`], as do SIGTERM and SIGHUP, and the
//! terminal is restored on every way out. (A signal would kill the process first and leave a terminal that echoes
//! nothing.)

mod key_reader;
mod line_editor;
mod stdin;

use std::io;

use zeroize::Zeroizing;

use crate::domain::Secret;

use super::{Line, Shell, Span};

pub use stdin::{stdin_password, stdin_secret};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// Nobody can be asked: stdin is no terminal, or stderr, where the question would stand, is none.
    #[error("there is no terminal to ask on")]
    NoTerminal,
    /// Ctrl-C, or a signal that asks the program to stop.
    #[error("interrupted")]
    Interrupted,
    /// The input ended (Ctrl-D).
    #[error("the input ended before there was an answer")]
    Ended,
    /// Nothing was typed or piped.
    #[error("nothing was given")]
    Empty,
    /// More than a secret can be.
    #[error("the input is too long to be a secret (more than 64 KiB)")]
    TooLong,
    /// Several lines, where a secret is one.
    #[error("the input has more than one line")]
    SeveralLines,
    /// Control characters or bytes that are not UTF-8.
    #[error("the input is not plain text")]
    NotText,
    /// The terminal or the pipe failed.
    #[error("the input could not be read")]
    Io(#[from] io::Error),
}

/// Asks a question that is answered with yes or no. Enter alone gives `default`, the end of the input means no.
///
/// # Errors
/// [`PromptError`] when there is no answer.
pub fn confirm(shell: &Shell, question: &str, default: bool) -> Result<bool, PromptError> {
    let choices = if default { "[Y/n]" } else { "[y/N]" };
    let prompt = Line::from([Span::bold(question), Span::dim(format!(" {choices} "))]);
    loop {
        let answer = match read_line(shell, &prompt, true) {
            Ok(answer) => answer.trim().to_lowercase(),
            Err(PromptError::Ended) => return Ok(false),
            Err(error) => return Err(error),
        };
        match answer.as_str() {
            "" => return Ok(default),
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => shell.announce("please answer yes or no"),
        }
    }
}

/// Asks for one line that anybody may see, such as a user name.
///
/// # Errors
/// [`PromptError`] when there is no answer or an empty one.
pub fn line(shell: &Shell, question: &str) -> Result<String, PromptError> {
    let answer = read_line(shell, &Span::bold(format!("{question}: ")).into(), true)?;
    match answer.trim() {
        "" => Err(PromptError::Empty),
        text => Ok(text.to_owned()),
    }
}

/// Asks for one line that nobody may see.
///
/// # Errors
/// [`PromptError`] when there is no answer or an empty one.
pub fn secret(shell: &Shell, question: &str) -> Result<Secret, PromptError> {
    let answer = read_line(shell, &Span::bold(format!("{question}: ")).into(), false)?;
    let secret = Secret::new(answer.as_str());
    if secret.is_empty() {
        return Err(PromptError::Empty);
    }
    Ok(secret)
}

/// Takes a secret as it comes: typed where stdin is a terminal, else the whole of what is piped in.
///
/// # Errors
/// As [`secret`] and [`stdin_secret`].
pub fn read_secret(shell: &Shell, question: &str) -> Result<Secret, PromptError> {
    if shell.terminal().stdin {
        secret(shell, question)
    } else {
        stdin_secret()
    }
}

/// Takes a password as it comes, as [`read_secret`]; white space at its ends is part of it.
///
/// # Errors
/// As [`secret`] and [`stdin_password`].
pub fn read_password(shell: &Shell, question: &str) -> Result<Secret, PromptError> {
    if !shell.terminal().stdin {
        return stdin_password();
    }
    let answer = read_line(shell, &Span::bold(format!("{question}: ")).into(), false)?;
    if answer.is_empty() {
        return Err(PromptError::Empty);
    }
    Ok(Secret::verbatim(answer.as_str().to_owned()))
}

fn read_line(
    shell: &Shell,
    prompt: &Line,
    is_shown: bool,
) -> Result<Zeroizing<String>, PromptError> {
    let terminal = shell.terminal();
    if !terminal.stdin || !terminal.stderr {
        return Err(PromptError::NoTerminal);
    }
    let keys = key_reader::KeyReader::start()?;
    let mode = line_editor::RawModeGuard::enter(is_shown)?;
    shell.to_stderr(&prompt.paint(&shell.stderr_style()));
    let outcome = line_editor::read_line(
        || keys.next(),
        |echo| {
            if is_shown {
                shell.to_stderr(echo);
            }
        },
    );
    shell.to_stderr("\n");
    drop(mode);
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Terminal;
    use crate::ui::Options;

    #[test]
    fn prompts_require_a_terminal() {
        let blind = Terminal {
            stdin: true,
            ..Terminal::absent()
        };
        for terminal in [Terminal::absent(), blind] {
            let (shell, stdout, stderr) = Shell::with_test_buffers(terminal, Options::default());
            assert!(matches!(
                confirm(&shell, "sure?", true),
                Err(PromptError::NoTerminal)
            ));
            assert!(matches!(line(&shell, "name"), Err(PromptError::NoTerminal)));
            assert!(matches!(
                secret(&shell, "password"),
                Err(PromptError::NoTerminal)
            ));
            assert_eq!(stdout.text() + &stderr.text(), "");
        }
    }
}
