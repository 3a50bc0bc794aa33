//! Prompts on a terminal, and secrets from stdin.
//!
//! Prompts go to stderr, because stdout is for the result. During a prompt the terminal does not echo and does not turn
//! Ctrl-C into a signal, which would end the process and leave a terminal without echo. Ctrl-C, SIGTERM and SIGHUP end the
//! prompt with [`PromptError::Interrupted`], and the terminal is restored in every case.

mod hidden_lines;
mod key_reader;
mod line_editor;
mod stdin;

use std::io;

use zeroize::Zeroizing;

use crate::domain::Secret;

use super::{Line, Shell, Span};

pub use hidden_lines::HiddenLines;
pub use stdin::{stdin_lines, stdin_password, stdin_secret};

/// Why nothing was read.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// stdin or stderr is not a terminal.
    #[error("cannot prompt: no terminal")]
    NoTerminal,
    /// As [`Self::NoTerminal`], for a question.
    #[error("cannot ask for confirmation: stdin or stderr is not a terminal")]
    NoConfirmation,
    /// Ctrl-C, SIGTERM or SIGHUP.
    #[error("interrupted")]
    Interrupted,
    /// Ctrl-D.
    #[error("the input ended unexpectedly")]
    Ended,
    #[error("the input is empty")]
    Empty,
    #[error("the input is too long to be a secret (more than 64 KiB)")]
    TooLong,
    #[error("the input has more than one line")]
    SeveralLines,
    /// Control characters or bytes that are not UTF-8.
    #[error("the input is not plain text")]
    NotText,
    #[error("cannot read the input")]
    Io(#[from] io::Error),
}

/// Asks a yes-or-no question. Enter alone returns `default`, Ctrl-D returns false.
pub fn confirm(shell: &Shell, question: &str, default: bool) -> Result<bool, PromptError> {
    let choices = if default { "[Y/n]" } else { "[y/N]" };
    let prompt = Line::from([Span::bold(question), Span::dim(format!(" {choices} "))]);
    loop {
        let answer = match read_line(shell, &prompt, true) {
            Ok(answer) => answer.trim().to_lowercase(),
            Err(PromptError::Ended) => return Ok(false),
            Err(PromptError::NoTerminal) => return Err(PromptError::NoConfirmation),
            Err(error) => return Err(error),
        };
        match answer.as_str() {
            "" => return Ok(default),
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => shell.question_detail("type yes or no"),
        }
    }
}

/// Prompts for a line with echo, such as a username.
pub fn line(shell: &Shell, question: &str) -> Result<String, PromptError> {
    let answer = read_line(shell, &Span::bold(format!("{question}: ")).into(), true)?;
    match answer.trim() {
        "" => Err(PromptError::Empty),
        text => Ok(text.to_owned()),
    }
}

/// Prompts for a secret without echo.
pub fn secret(shell: &Shell, question: &str) -> Result<Secret, PromptError> {
    let answer = read_line(shell, &Span::bold(format!("{question}: ")).into(), false)?;
    let secret = Secret::new(answer.as_str());
    if secret.is_empty() {
        return Err(PromptError::Empty);
    }
    Ok(secret)
}

/// Reads a secret: from a prompt if stdin is a terminal, else all of stdin.
pub fn read_secret(shell: &Shell, question: &str) -> Result<Secret, PromptError> {
    if shell.terminal().stdin {
        secret(shell, question)
    } else {
        stdin_secret()
    }
}

/// Reads a password like [`read_secret`], but keeps white space at its ends.
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
    let prompt = prompt.paint(&shell.stderr_style());
    shell.to_stderr(&prompt);
    let echo = |text: &str| {
        if is_shown {
            shell.to_stderr(text);
        }
    };
    let suspend = |line: &str| {
        mode.suspend()?;
        shell.to_stderr(&prompt);
        echo(line);
        Ok(())
    };
    let outcome = line_editor::read_line(|| keys.next(), echo, suspend);
    shell.to_stderr("\n");
    drop(mode);
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Terminal;
    use crate::ui::{Options, TestShell};

    #[test]
    fn prompts_require_a_terminal() {
        let blind = Terminal {
            stdin: true,
            ..Terminal::absent()
        };
        for terminal in [Terminal::absent(), blind] {
            let TestShell {
                shell,
                stdout,
                stderr,
            } = Shell::with_test_buffers(terminal, Options::default());
            assert!(matches!(
                confirm(&shell, "sure?", true),
                Err(PromptError::NoConfirmation)
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
