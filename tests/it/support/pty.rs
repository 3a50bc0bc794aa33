//! A program on a pseudo-terminal. The test or the benchmark is the user at its other end.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::{ffi::OsStringExt as _, fs::OpenOptionsExt as _},
    path::PathBuf,
    process::{Child, Command},
};

use rustix::{
    fs::OFlags,
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{Winsize, tcsetwinsize},
};

/// A program and both ends of its terminal.
pub(crate) struct Pty {
    pub(crate) child: Child,
    /// The user's end: reads the output, writes the input.
    pub(crate) user: File,
    /// The program's end. While it is open, the last output can still be read.
    pub(crate) line: File,
}

impl Pty {
    /// Starts `command` as the leader of a session on a terminal of this many columns and lines.
    /// `prepare` gets the terminal before the program does.
    pub(crate) fn start(
        command: &Command,
        size: (u16, u16),
        prepare: impl FnOnce(&File),
    ) -> io::Result<Self> {
        let user = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&user)?;
        unlockpt(&user)?;
        let name = ptsname(&user, Vec::new())?.into_bytes();
        let line = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(OFlags::NOCTTY.bits().cast_signed())
            .open(PathBuf::from(std::ffi::OsString::from_vec(name)))?;
        set_size(&line, size)?;
        prepare(&line);
        // Signals go to the session of a terminal; `setsid` (util-linux) creates one and becomes the program.
        let mut leader = Command::new("/usr/bin/setsid");
        leader
            .arg("--ctty")
            .arg(command.get_program())
            .args(command.get_args())
            .env_clear()
            .envs(
                command
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .stdin(line.try_clone()?)
            .stdout(line.try_clone()?)
            .stderr(line.try_clone()?);
        if let Some(folder) = command.get_current_dir() {
            leader.current_dir(folder);
        }
        Ok(Self {
            child: leader.spawn()?,
            user: user.into(),
            line,
        })
    }

    /// Changes the size of the window.
    pub(crate) fn resize(&self, size: (u16, u16)) -> io::Result<()> {
        set_size(&self.line, size)
    }
}

fn set_size(line: &File, (columns, lines): (u16, u16)) -> io::Result<()> {
    let size = Winsize {
        ws_row: lines,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    Ok(tcsetwinsize(line, size)?)
}
