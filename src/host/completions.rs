//! Detects whether the user's shell completes the commands of this program.

use std::fs;
use std::path::{Path, PathBuf};

use super::Environment;
use super::paths::base_directory;

/// No start-up file of a shell is longer. A longer one is not read.
const MAX_BYTES: u64 = 1024 * 1024;

/// A start-up file that contains this registers the program.
const REGISTRATION: &str = "brainmaps completions";

/// The user's shell, and the file that registers this program with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completions {
    pub shell: &'static str,
    /// `None` if no file was found in the places where the shell looks.
    pub file: Option<PathBuf>,
    /// The line that registers the program, and the start-up file to which it belongs.
    pub line: &'static str,
    pub startup_file: &'static str,
}

impl Completions {
    /// Looks for completions of the shell in `SHELL`; `None` for a shell without completions.
    pub fn find(environment: &Environment) -> Option<Self> {
        let path = environment.path("SHELL")?;
        let shell = SHELLS
            .iter()
            .find(|shell| path.file_name().is_some_and(|name| name == shell.name))?;
        let installed = (shell.installed)(environment).into_iter();
        let startup = (shell.startup)(environment).into_iter();
        let mut files = installed
            .filter(|path| path.is_file())
            .chain(startup.filter(|path| is_registered_in(path)));
        Some(Self {
            shell: shell.name,
            file: files.next(),
            line: shell.line,
            startup_file: shell.startup_file,
        })
    }
}

struct ShellFiles {
    name: &'static str,
    line: &'static str,
    startup_file: &'static str,
    /// Returns the files that the shell loads when it completes the name of this program.
    installed: fn(&Environment) -> Vec<PathBuf>,
    /// Returns the files that the shell loads at start.
    startup: fn(&Environment) -> Vec<PathBuf>,
}

const SHELLS: &[ShellFiles] = &[
    ShellFiles {
        name: "bash",
        line: "eval \"$(brainmaps completions bash)\"",
        startup_file: "~/.bashrc",
        installed: |environment| {
            let mut files = below_data(environment, "bash-completion/completions/brainmaps");
            files.push("/etc/bash_completion.d/brainmaps".into());
            files
        },
        startup: |environment| {
            let names = [".bashrc", ".bash_profile", ".bash_completion", ".profile"];
            names
                .iter()
                .filter_map(|name| in_home(environment, name))
                .collect()
        },
    },
    ShellFiles {
        name: "zsh",
        line: "eval \"$(brainmaps completions zsh)\"",
        startup_file: "~/.zshrc",
        installed: |environment| {
            let system = ["site-functions", "vendor-completions"].into_iter();
            let mut files: Vec<_> = system
                .flat_map(|folder| below_data(environment, &format!("zsh/{folder}/_brainmaps")))
                .collect();
            files.extend(in_home(environment, ".zfunc/_brainmaps"));
            files
        },
        startup: |environment| {
            let directory = environment.path("ZDOTDIR");
            let file = directory.map(|directory| directory.join(".zshrc"));
            file.or_else(|| in_home(environment, ".zshrc"))
                .into_iter()
                .collect()
        },
    },
    ShellFiles {
        name: "fish",
        line: "brainmaps completions fish | source",
        startup_file: "~/.config/fish/config.fish",
        installed: |environment| {
            let mut files = below_data(environment, "fish/vendor_completions.d/brainmaps.fish");
            files.extend(in_config(environment, "fish/completions/brainmaps.fish"));
            files
        },
        startup: |environment| {
            in_config(environment, "fish/config.fish")
                .into_iter()
                .collect()
        },
    },
    ShellFiles {
        name: "elvish",
        line: "eval (brainmaps completions elvish | slurp)",
        startup_file: "~/.config/elvish/rc.elv",
        installed: |_| Vec::new(),
        startup: |environment| {
            in_config(environment, "elvish/rc.elv")
                .into_iter()
                .collect()
        },
    },
];

fn in_home(environment: &Environment, name: &str) -> Option<PathBuf> {
    environment.home().map(|home| home.join(name))
}

fn in_config(environment: &Environment, name: &str) -> Option<PathBuf> {
    base_directory(environment, "XDG_CONFIG_HOME", ".config").map(|base| base.join(name))
}

/// Returns `name` in the user's data directory and in those of the system.
fn below_data(environment: &Environment, name: &str) -> Vec<PathBuf> {
    let mut directories = environment.paths("XDG_DATA_DIRS");
    if directories.is_empty() {
        directories.extend(["/usr/local/share".into(), "/usr/share".into()]);
    }
    directories.extend(base_directory(environment, "XDG_DATA_HOME", ".local/share"));
    let files = directories.into_iter();
    files.map(|directory| directory.join(name)).collect()
}

/// Start-up files are often links into a repository, so links are followed: nothing in the file is used.
fn is_registered_in(path: &Path) -> bool {
    let metadata = fs::metadata(path).ok();
    let is_small = metadata.is_some_and(|it| it.is_file() && it.len() <= MAX_BYTES);
    is_small
        && fs::read(path).is_ok_and(|text| {
            let text = String::from_utf8_lossy(&text);
            let mut lines = text.lines().map(str::trim_start);
            lines.any(|line| !line.starts_with('#') && line.contains(REGISTRATION))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(home: &Path, shell: &str) -> Option<Completions> {
        let none = home.join("none").into_os_string();
        Completions::find(&Environment::from_vars([
            ("HOME", home.as_os_str().to_owned()),
            ("SHELL", shell.into()),
            ("XDG_DATA_DIRS", none),
        ]))
    }

    #[test]
    fn completions_are_found_as_files_and_as_lines_of_start_up_files() {
        let cases = [
            (
                "bash",
                ".local/share/bash-completion/completions/brainmaps",
                "",
            ),
            ("bash", ".bashrc", "eval \"$(brainmaps completions bash)\""),
            ("zsh", ".zfunc/_brainmaps", ""),
            ("zsh", ".zshrc", "  source <(brainmaps completions zsh)"),
            ("fish", ".config/fish/completions/brainmaps.fish", ""),
            (
                "fish",
                ".config/fish/config.fish",
                "brainmaps completions fish | source",
            ),
            (
                "elvish",
                ".config/elvish/rc.elv",
                "eval (brainmaps completions elvish | slurp)",
            ),
        ];
        for (shell, name, text) in cases {
            let home = tempfile::tempdir().unwrap();
            let path = home.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let file = fs::File::create_new(&path).unwrap();
            std::io::Write::write_all(&mut &file, text.as_bytes()).unwrap();
            let found = find(home.path(), &format!("/usr/bin/{shell}")).unwrap();
            assert_eq!((found.shell, found.file), (shell, Some(path)));
        }
    }

    #[test]
    fn a_commented_line_registers_nothing_and_other_shells_have_no_completions() {
        let home = tempfile::tempdir().unwrap();
        let file = fs::File::create_new(home.path().join(".bashrc")).unwrap();
        let line = b"# eval \"$(brainmaps completions bash)\"\n";
        std::io::Write::write_all(&mut &file, line).unwrap();
        let found = find(home.path(), "/bin/bash").unwrap();
        assert!(found.file.is_none_or(|it| it.starts_with("/etc")));
        assert_eq!(find(home.path(), "/bin/dash"), None);
        assert_eq!(find(home.path(), "/bin/bash/"), find(home.path(), "bash"));
    }
}
