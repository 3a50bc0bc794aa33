//! Reads a repository with git. The repository may be hostile: nothing in its configuration runs a program.

use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::{self, JoinHandle};

use super::Environment;
use super::git::find_git;
use crate::domain::sanitize_line;

/// The number of messages of one command that an error repeats.
const MAX_MESSAGES: usize = 3;
/// The longest message that is read as one line.
const MAX_MESSAGE: u64 = 4096;

/// Replaces settings that would run a program, connect to a server, hide objects or change what git prints.
const SETTINGS: &[&str] = &[
    // Git prints this hint because of `GIT_GRAFT_FILE`.
    "advice.graftFileDeprecated=false",
    // A commit graph replaces the content of commits, also of those that are missing.
    "core.commitGraph=false",
    "core.fsmonitor=false",
    "core.alternateRefsCommand=",
    "core.maxTreeDepth=2048",
    // A damaged index of several packs hides objects that the index of each pack has.
    "core.multiPackIndex=false",
    "core.sshCommand=false",
    "diff.external=",
    "diff.ignoreSubmodules=none",
    // Git fails if it cannot read the file.
    "diff.orderFile=/dev/null",
    "diff.relative=false",
    "i18n.logOutputEncoding=UTF-8",
    // To show a merge commit, "remerge" merges its parents again, which can run a program.
    "log.diffMerges=separate",
    "log.showSignature=false",
    // A damaged reverse index hides objects of its pack.
    "pack.readReverseIndex=false",
    "protocol.allow=never",
];

const INHERITED_VARIABLES: &[&str] = &["PATH", "HOME", "XDG_CONFIG_HOME"];

/// The variables with which git passes the repository and the index of a commit to a hook.
const HOOK_VARIABLES: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
];

#[derive(Debug, thiserror::Error)]
pub enum GitError {
    #[error("git is not installed")]
    NotInstalled,
    #[error("git does not start")]
    Start(#[source] io::Error),
    #[error("git failed: {message}")]
    Failed { message: String },
}

/// Runs git in a directory.
#[derive(Debug, Clone)]
pub struct GitRepository {
    program: PathBuf,
    directory: PathBuf,
    variables: Vec<(&'static str, String)>,
}

/// What git reads from stdin.
pub enum GitInput {
    Nothing,
    Text(String),
    /// The output of another git command.
    Output(GitOutput),
}

/// The output of a running git command.
pub struct GitOutput {
    command: String,
    stdout: Option<ChildStdout>,
    children: Vec<RunningGit>,
}

/// A running command, and a thread that reads its errors: git waits if nothing reads them.
struct RunningGit {
    child: Child,
    errors: Option<JoinHandle<Vec<String>>>,
}

impl RunningGit {
    fn new(mut child: Child) -> Self {
        let stderr = child.stderr.take();
        let errors = stderr.map(|stderr| thread::spawn(move || read_errors(stderr)));
        Self { child, errors }
    }

    /// Waits for the command, and returns its errors. Git prints an error without failing if it skips a file.
    fn finish(&mut self, name: &str) -> Result<(), GitError> {
        let has_succeeded = self.child.wait().is_ok_and(|status| status.success());
        let errors = self.errors.take().map(JoinHandle::join);
        let errors = errors.and_then(Result::ok).unwrap_or_default();
        if has_succeeded && errors.is_empty() {
            return Ok(());
        }
        let message = if errors.is_empty() {
            format!("\"git {}\" reports an error", sanitize_line(name))
        } else {
            errors.join("; ")
        };
        Err(GitError::Failed { message })
    }
}

impl GitRepository {
    /// Uses the repository of `directory`.
    ///
    /// # Errors
    /// If git is not installed.
    pub fn at(environment: &Environment, directory: &Path) -> Result<Self, GitError> {
        Self::with_variables(environment, directory, INHERITED_VARIABLES.iter())
    }

    /// Uses the repository of `directory`, or the one that git passes to a hook, with the index of its commit.
    ///
    /// # Errors
    /// If git is not installed.
    pub fn in_hook(environment: &Environment, directory: &Path) -> Result<Self, GitError> {
        Self::with_variables(
            environment,
            directory,
            INHERITED_VARIABLES.iter().chain(HOOK_VARIABLES),
        )
    }

    fn with_variables(
        environment: &Environment,
        directory: &Path,
        names: impl Iterator<Item = &'static &'static str>,
    ) -> Result<Self, GitError> {
        let value = |name: &'static &'static str| Some((*name, environment.get(name)?.to_owned()));
        Ok(Self {
            program: find_git(environment).ok_or(GitError::NotInstalled)?,
            directory: directory.to_owned(),
            variables: names.filter_map(value).collect(),
        })
    }

    /// Returns what git prints.
    ///
    /// # Errors
    /// If git does not start or fails.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Result<Vec<u8>, GitError> {
        let mut command = self.command(arguments, &["core.hooksPath=/dev/null"]);
        let output = command.stderr(Stdio::piped()).output();
        require_success(&output.map_err(GitError::Start)?)
    }

    /// Returns the version of git; `None` if it cannot be read.
    pub fn version(&self) -> Option<(u32, u32)> {
        parse_version(&self.run(&["version"]).ok()?)
    }

    /// Returns the directory of the hooks that git runs. Runs none of them.
    ///
    /// # Errors
    /// If git does not start or fails.
    pub fn hooks_directory(&self) -> Result<PathBuf, GitError> {
        // A relative setting is relative to the root of the work tree, whatever the directory is.
        let root = self.run(&["rev-parse", "--show-toplevel"]);
        let root = root.map(|root| path_of(&root));
        let here = Self {
            directory: root.unwrap_or_else(|_| self.directory.clone()),
            ..self.clone()
        };
        let mut command = here.command(&["rev-parse", "--git-path", "hooks"], &[]);
        let output = command.stderr(Stdio::piped()).output();
        let path = path_of(&require_success(&output.map_err(GitError::Start)?)?);
        Ok(here.directory.join(path))
    }

    /// Returns the directory with the data of the repository, and its work tree if the data is found from there. A
    /// setting can name any directory as the work tree.
    pub fn directories(&self) -> Vec<PathBuf> {
        let printed = |option| {
            let line = self.run(&["rev-parse", option]).ok()?;
            Some(self.directory.join(path_of(&line)))
        };
        let work_tree = printed("--show-toplevel").filter(|tree| tree.join(".git").exists());
        printed("--git-common-dir")
            .into_iter()
            .chain(work_tree)
            .collect()
    }

    /// Starts git; its output is read while it runs.
    ///
    /// # Errors
    /// If git does not start.
    pub fn start<A: AsRef<OsStr>>(
        &self,
        arguments: &[A],
        input: GitInput,
    ) -> Result<GitOutput, GitError> {
        let mut command = self.command(arguments, &["core.hooksPath=/dev/null"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let (mut children, mut text) = (Vec::new(), None);
        match input {
            GitInput::Nothing => {}
            GitInput::Text(lines) => {
                command.stdin(Stdio::piped());
                text = Some(lines);
            }
            GitInput::Output(mut other) => {
                if let Some(stdout) = other.stdout.take() {
                    command.stdin(stdout);
                }
                children.append(&mut other.children);
            }
        }
        let mut child = command.spawn().map_err(GitError::Start)?;
        if let (Some(text), Some(stdin)) = (text, child.stdin.take()) {
            write_in_background(stdin, text);
        }
        let stdout = child.stdout.take();
        children.push(RunningGit::new(child));
        let name = arguments.first().map(AsRef::as_ref).unwrap_or_default();
        Ok(GitOutput {
            command: name.to_string_lossy().into_owned(),
            stdout,
            children,
        })
    }

    fn command<A: AsRef<OsStr>>(&self, arguments: &[A], more_settings: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--no-pager").arg("--literal-pathspecs");
        for setting in SETTINGS.iter().chain(more_settings) {
            command.args(["-c", setting]);
        }
        command
            .args(arguments)
            .current_dir(&self.directory)
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            // Unlike `protocol.allow`, this has precedence over `protocol.ext.allow` of a repository.
            .env("GIT_ALLOW_PROTOCOL", "none")
            // A replacement or a graft can hide an object with a key.
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_GRAFT_FILE", "/dev/null")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}

/// Reads `git version 2.39.5 (…)`.
fn parse_version(line: &[u8]) -> Option<(u32, u32)> {
    let line = str::from_utf8(line).ok()?;
    let mut numbers = line.strip_prefix("git version ")?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// Returns the path on a line of git's output.
fn path_of(line: &[u8]) -> PathBuf {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    PathBuf::from(OsStr::from_bytes(line))
}

fn write_in_background(mut stdin: ChildStdin, text: String) {
    // Git ends early if it fails; its status reports that.
    thread::spawn(move || drop(stdin.write_all(text.as_bytes())));
}

fn require_success(output: &std::process::Output) -> Result<Vec<u8>, GitError> {
    if output.status.success() {
        return Ok(output.stdout.clone());
    }
    let message = first_error(&String::from_utf8_lossy(&output.stderr));
    Err(GitError::Failed {
        message: if message.is_empty() {
            output.status.to_string()
        } else {
            message
        },
    })
}

/// Returns the text of an error that git prints; `None` for a warning or a hint.
fn error_text(line: &str) -> Option<&str> {
    let prefixes = ["error: ", "fatal: "];
    prefixes.iter().find_map(|prefix| line.strip_prefix(prefix))
}

/// Returns the first error, or the first line if no line is an error.
fn first_error(stderr: &str) -> String {
    let error = stderr.lines().find_map(error_text);
    sanitize_line(error.or_else(|| stderr.lines().next()).unwrap_or_default())
}

impl GitOutput {
    /// Returns the reader of the output, once.
    pub fn reader(&mut self) -> BufReader<Box<dyn io::Read + Send>> {
        const BUFFER: usize = 64 * 1024;
        let stdout = self.stdout.take();
        let stdout = stdout.map(|stdout| Box::new(stdout) as Box<dyn io::Read + Send>);
        BufReader::with_capacity(BUFFER, stdout.unwrap_or_else(|| Box::new(io::empty())))
    }

    /// Waits for the commands.
    ///
    /// # Errors
    /// If one of them failed or printed an error.
    pub fn finish(mut self) -> Result<(), GitError> {
        let mut result = Ok(());
        for mut child in self.children.drain(..) {
            result = result.and(child.finish(&self.command));
        }
        result
    }
}

impl Drop for GitOutput {
    /// A command whose output is no longer read would wait forever.
    fn drop(&mut self) {
        for RunningGit { child, .. } in &mut self.children {
            let _ended = child.kill().and_then(|()| child.wait());
        }
    }
}

/// Returns the first errors that git prints, without warnings. Reads all of them.
fn read_errors(stderr: ChildStderr) -> Vec<String> {
    let mut reader = BufReader::new(stderr);
    let (mut errors, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        let read = reader
            .by_ref()
            .take(MAX_MESSAGE)
            .read_until(b'\n', &mut line);
        if !read.is_ok_and(|length| length > 0) {
            return errors;
        }
        let text = String::from_utf8_lossy(&line);
        if let Some(message) = error_text(&text).map(sanitize_line)
            && errors.len() < MAX_MESSAGES
            && !errors.contains(&message)
        {
            errors.push(message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_of_git_is_read() {
        for (line, version) in [
            ("git version 2.39.5 (Apple Git-154)\n", Some((2, 39))),
            ("git version 2.47.3\n", Some((2, 47))),
            ("git version 3.0-rc1\n", None),
            ("", None),
        ] {
            assert_eq!(parse_version(line.as_bytes()), version, "{line}");
        }
    }

    #[test]
    fn first_error_is_preferred_to_hints() {
        let hinted = "hint: grafts are deprecated\nfatal: index file smaller than expected\n";
        assert_eq!(first_error(hinted), "index file smaller than expected");
        assert_eq!(first_error("usage: git\nmore\n"), "usage: git");
        assert_eq!(first_error(""), "");
    }
}
