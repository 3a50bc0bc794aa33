//! Runs the real program as root and as two unprivileged users.
//! Only root can change the user; otherwise the tests print a line starting with `SKIPPED`.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{
    process::{ExitedProcess, RunningProcess, copy_program},
    skip::report_skipped,
};

/// A user and group id. It needs no account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct User(pub(crate) u32);

pub(crate) const ROOT: User = User(0);
pub(crate) const VICTIM: User = User(61_001);
pub(crate) const ATTACKER: User = User(61_002);

/// A directory of root (mode 0755) with a home for each user and a program that all users can execute.
pub(crate) struct Users {
    folder: TempDir,
    setpriv: PathBuf,
}

impl Users {
    /// Returns `None` without root or `setpriv`, and prints a line starting with `SKIPPED`.
    pub(crate) fn new(test: &str) -> Option<Self> {
        let places = ["/usr/bin/setpriv", "/bin/setpriv", "/usr/local/bin/setpriv"];
        let setpriv = places.iter().map(Path::new).find(|path| path.is_file());
        let (true, Some(setpriv)) = (rustix::process::geteuid().is_root(), setpriv) else {
            report_skipped(test, "needs root and setpriv");
            return None;
        };
        let folder = TempDir::with_prefix("brainmaps-users-").unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let users = Self {
            setpriv: setpriv.to_owned(),
            folder,
        };
        users.install_program();
        for user in [ROOT, VICTIM, ATTACKER] {
            directory(&users.home(user), user, 0o700);
        }
        Some(users)
    }

    /// Links or copies the program into the directory, because other users may not be able to read the checkout.
    fn install_program(&self) {
        let (built, program) = (env!("CARGO_BIN_EXE_brainmaps"), self.program());
        let is_executable = fs::metadata(built).unwrap().permissions().mode() & 0o005 == 0o005;
        if !is_executable || fs::hard_link(built, &program).is_err() {
            copy_program(&program);
        }
    }

    fn program(&self) -> PathBuf {
        self.path("brainmaps")
    }

    /// A path in the directory, which only root can change.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The home directory of `user`, mode 0700.
    pub(crate) fn home(&self, user: User) -> PathBuf {
        self.path(&format!("home-{}", user.0))
    }

    /// Returns the command as `user` in `directory`, with a cleared environment.
    pub(crate) fn command(&self, user: User, directory: &Path, arguments: &[&str]) -> Command {
        let mut command = if user == ROOT {
            Command::new(self.program())
        } else {
            let mut command = Command::new(&self.setpriv);
            command
                .arg(format!("--reuid={}", user.0))
                .arg(format!("--regid={}", user.0))
                .args(["--clear-groups", "--"])
                .arg(self.program());
            command
        };
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.home(user))
            .env("PATH", self.path("no-programs"))
            .env("LANG", "C.UTF-8")
            .current_dir(directory);
        command
    }

    /// Runs the program and waits for it.
    pub(crate) fn run(&self, user: User, directory: &Path, arguments: &[&str]) -> ExitedProcess {
        run(&mut self.command(user, directory, arguments), "")
    }

    /// Returns the command that stores the key on stdin for the profile `brainmaps`.
    pub(crate) fn login_command(&self, user: User, directory: &Path) -> Command {
        self.command(user, directory, &["login", "--with-token", "--no-verify"])
    }

    /// Stores a key for the profile `brainmaps`.
    pub(crate) fn store_key(&self, user: User, key: &str) {
        self.store_key_in(user, &self.home(user), key);
    }

    /// Stores a key for the profile `brainmaps`, with `directory` as the working directory.
    pub(crate) fn store_key_in(&self, user: User, directory: &Path, key: &str) {
        let login = run(&mut self.login_command(user, directory), key);
        assert_eq!(login.code, Some(0), "{login:?}");
    }
}

/// Runs `command` with `input` on stdin and waits for it.
pub(crate) fn run(command: &mut Command, input: &str) -> ExitedProcess {
    RunningProcess::start(command, input).wait()
}

/// Creates a directory.
pub(crate) fn directory(path: &Path, owner: User, mode: u32) -> PathBuf {
    fs::create_dir(path).unwrap();
    set_owner_and_mode(path, owner, mode);
    path.to_owned()
}

/// Creates or replaces a file.
pub(crate) fn file(path: &Path, text: &str, owner: User, mode: u32) -> PathBuf {
    fs::write(path, text).unwrap();
    set_owner_and_mode(path, owner, mode);
    path.to_owned()
}

/// Creates a symbolic link.
pub(crate) fn link(path: &Path, target: impl AsRef<Path>, owner: User) -> PathBuf {
    std::os::unix::fs::symlink(target, path).unwrap();
    std::os::unix::fs::lchown(path, Some(owner.0), Some(owner.0)).unwrap();
    path.to_owned()
}

/// Creates a FIFO.
pub(crate) fn fifo(path: &Path, owner: User) -> PathBuf {
    let mode = rustix::fs::Mode::from_raw_mode(0o644);
    rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    set_owner_and_mode(path, owner, 0o644);
    path.to_owned()
}

/// Changes owner, group and mode.
pub(crate) fn set_owner_and_mode(path: &Path, owner: User, mode: u32) {
    chown(path, Some(owner.0), Some(owner.0)).unwrap();
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}
