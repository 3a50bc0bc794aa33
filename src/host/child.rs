//! Runs a program as a child process, and passes signals on to it.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use rustix::process::{Pid, Signal, getpgrp, kill_process};
use rustix::termios::tcgetpgrp;
use tokio::process::{Child, Command};

use super::signals::ForwardedSignals;
use crate::domain::Secret;

/// `execvp` runs a script without an interpreter line in this shell, and so does this program.
const SHELL: &str = "/bin/sh";

/// A running child in the process group of this process: the terminal sends its signals to both.
pub struct ChildProgram {
    child: Child,
    signals: ForwardedSignals,
}

impl ChildProgram {
    /// Starts `command` with `variables` added to its environment, or removed from it if they have no value. Requires a
    /// runtime. From here on, signals that would end this process are passed on to the child instead.
    ///
    /// # Errors
    /// If it cannot be run.
    pub fn start<'a>(
        command: &[OsString],
        variables: impl IntoIterator<Item = (&'a str, Option<&'a Secret>)>,
    ) -> io::Result<Self> {
        let Some((program, arguments)) = command.split_first() else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let variables: Vec<_> = variables.into_iter().collect();
        let signals = ForwardedSignals::listen();
        let mut direct = Command::new(program);
        let started = set_environment(direct.args(arguments), &variables).spawn();
        let child = match started {
            Err(error)
                if error.raw_os_error() == Some(rustix::io::Errno::NOEXEC.raw_os_error()) =>
            {
                let mut script = Command::new(SHELL);
                set_environment(script.args(command), &variables).spawn()
            }
            other => other,
        };
        let child = child?;
        Ok(Self { child, signals })
    }

    /// Waits for the end of the child. Returns its exit status as a shell does: 128 and the number of the signal that
    /// ended it.
    ///
    /// # Errors
    /// What the system reports.
    pub async fn wait(&mut self) -> io::Result<u8> {
        loop {
            tokio::select! {
                status = self.child.wait() => return Ok(shell_status(status?)),
                signal = self.signals.next() => self.forward(signal),
            }
        }
    }

    fn forward(&self, signal: Signal) {
        let is_from_keyboard = matches!(signal, Signal::INT | Signal::QUIT) && is_in_foreground();
        // `id` is `None` after the child was waited for: the number may belong to another process.
        let id = self.child.id().and_then(|id| id.try_into().ok());
        if let Some(id) = id.and_then(Pid::from_raw)
            && !is_from_keyboard
        {
            let _gone = kill_process(id, signal);
        }
    }
}

fn set_environment<'c>(
    command: &'c mut Command,
    variables: &[(&str, Option<&Secret>)],
) -> &'c mut Command {
    for (name, value) in variables {
        match value {
            Some(value) => command.env(name, value.expose()),
            None => command.env_remove(name),
        };
    }
    command
}

/// Returns `true` if the terminal sends the signals of its keys to this process group, and so to the child too.
fn is_in_foreground() -> bool {
    let terminal = File::open("/dev/tty");
    terminal.is_ok_and(|terminal| tcgetpgrp(terminal).is_ok_and(|group| group == getpgrp()))
}

fn shell_status(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| Some(128 + status.signal()?));
    code.and_then(|code| u8::try_from(code).ok())
        .unwrap_or(u8::MAX)
}
