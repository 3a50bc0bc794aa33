//! The real program with its own home directory. The output is recorded for the leak harness, which runs when the home
//! is dropped.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
    thread,
};

use serde_json::Value;
use tempfile::TempDir;

use super::{
    leak::Record,
    process::{ExitedProcess, RunningProcess, wait_until},
    temp_dir::temp_dir,
};

/// The commands that may print a token on stdout, so that the leak harness does not check it.
const MAY_SHOW_A_TOKEN: &[&[&str]] = &[
    &["token", "create"],
    &["token", "new"],
    &["token", "rotate"],
    &["credential", "print"],
    &["helper", "git", "get"],
    &["helper", "docker", "get"],
    &["helper", "kubectl"],
    &["helper", "cargo"],
    &["helper", "goauth"],
    &["helper", "keyring", "get"],
    &["helper", "pnpm"],
    &["helper", "terraform", "get"],
];

/// The options that deliver the token elsewhere, so that stdout is checked.
const DELIVER_THE_TOKEN: [&str; 4] = ["--env-file", "--config", "--to", "--dotenv"];

/// The global options with a value.
const WITH_A_VALUE: [&str; 6] = [
    "--profile",
    "--api-url",
    "--ca-cert",
    "--jq",
    "--format",
    "--color",
];

/// Returns whether the command, or the command of this program that it runs, may print a token on stdout.
fn may_show_a_token(arguments: &[String]) -> bool {
    let program = env!("CARGO_BIN_EXE_brainmaps");
    let nested = arguments.iter().rposition(|it| it == program);
    let arguments = &arguments[nested.map_or(0, |at| at + 1)..];
    let mut remaining = arguments.iter().map(String::as_str);
    let mut command = Vec::new();
    while let Some(argument) = remaining.next() {
        if WITH_A_VALUE.contains(&argument) {
            remaining.next();
        } else if !argument.starts_with('-') {
            command.push(argument);
        }
    }
    let is_delivered = |it: &String| DELIVER_THE_TOKEN.contains(&it.as_str());
    MAY_SHOW_A_TOKEN.iter().any(|it| command.starts_with(it)) && !arguments.iter().any(is_delivered)
}

#[test]
fn only_exempt_commands_may_show_a_token() {
    let program = env!("CARGO_BIN_EXE_brainmaps");
    let nested = format!("exec -- {program} --profile work credential print");
    for (command, is_exempt) in [
        ("--profile work --json credential --quiet print", true),
        (&nested, true),
        ("helper git get", true),
        ("helper git erase", false),
        ("profile add credential print", false),
        ("exec -- other credential print", false),
        ("token rotate 1 --env-file .env", false),
    ] {
        let arguments: Vec<String> = command.split(' ').map(ToOwned::to_owned).collect();
        assert_eq!(may_show_a_token(&arguments), is_exempt, "{command}");
    }
}

/// A home directory, and the record of its commands.
pub(crate) struct TestHome {
    directory: TempDir,
    record: Record,
    variables: Vec<(String, String)>,
    /// The program through which the commands run, with its arguments; empty to run them directly.
    wrapper: Mutex<Vec<String>>,
}

/// The result of a command.
#[derive(Debug)]
pub(crate) struct CommandResult {
    pub(crate) command: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A running command.
pub(crate) struct RunningCommand {
    pub(crate) running: RunningProcess,
    record: Record,
    arguments: Vec<String>,
}

impl TestHome {
    pub(crate) fn new() -> Self {
        let directory = temp_dir();
        for folder in ["bin", "tmp", "work"] {
            std::fs::create_dir(directory.path().join(folder)).unwrap();
        }
        Self {
            directory,
            record: Record::default(),
            variables: Vec::new(),
            wrapper: Mutex::default(),
        }
    }

    /// Runs later commands through another program, which gets these arguments and the command; directly if empty.
    #[cfg(feature = "sandbox")]
    pub(crate) fn wrap(&self, wrapper: &[&str]) {
        *self.wrapper.lock().unwrap() = wrapper.iter().map(|it| (*it).to_owned()).collect();
    }

    /// Sets a variable for later commands.
    pub(crate) fn set(&mut self, name: &str, value: &str) -> &mut Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The default data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.directory.path().join(".local/share/brainmaps")
    }

    /// The working directory of the commands, initially empty.
    pub(crate) fn work(&self) -> PathBuf {
        self.directory.path().join("work")
    }

    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    /// Returns the command with a cleared environment. `PATH` is empty, so that no browser is started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let wrapper = self.wrapper.lock().unwrap();
        let program = env!("CARGO_BIN_EXE_brainmaps");
        let mut command = Command::new(wrapper.first().map_or(program, String::as_str));
        if !wrapper.is_empty() {
            command.args(&wrapper[1..]).arg(program);
        }
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.path())
            .env("PATH", self.path().join("bin"))
            .env("TMPDIR", self.path().join("tmp"))
            .env("LANG", "C.UTF-8")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.work());
        command
    }

    /// Runs the program and waits for it.
    pub(crate) fn run(&self, arguments: &[&str]) -> CommandResult {
        self.run_with_input(arguments, "")
    }

    /// Runs the program with `input` on stdin.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> CommandResult {
        self.start_with_input(arguments, input).wait()
    }

    /// Starts the program.
    pub(crate) fn start(&self, arguments: &[&str]) -> RunningCommand {
        self.start_with_input(arguments, "")
    }

    /// Starts the program with `input` on stdin.
    pub(crate) fn start_with_input(&self, arguments: &[&str], input: &str) -> RunningCommand {
        self.start_command(&mut self.command(arguments), arguments, input)
    }

    /// Runs another program with the environment of the commands.
    #[cfg(feature = "sandbox")]
    pub(crate) fn run_program(&self, program: &str, arguments: &[&str]) -> CommandResult {
        self.start_program(program, arguments).wait()
    }

    /// Starts another program with the environment of the commands.
    #[cfg(feature = "sandbox")]
    pub(crate) fn start_program(&self, program: &str, arguments: &[&str]) -> RunningCommand {
        let mut command = Command::new(program);
        let variables = self.command(&[]);
        let variables = variables
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?)));
        command
            .env_clear()
            .envs(variables)
            .args(arguments)
            .current_dir(self.work());
        self.start_command(&mut command, arguments, "")
    }

    /// Starts `command`, which a test may have modified; `arguments` name it in failures.
    pub(crate) fn start_command(
        &self,
        command: &mut Command,
        arguments: &[&str],
        input: &str,
    ) -> RunningCommand {
        RunningCommand {
            running: RunningProcess::start(command, input),
            record: self.record.clone(),
            arguments: arguments.iter().map(|it| (*it).to_owned()).collect(),
        }
    }
}

/// Sets the lifetime of every stored credential to an hour, two hours ago.
pub(crate) fn expire_all(home: &TestHome) {
    for file in credential_files(home) {
        expire(&file);
    }
}

/// Waits until every stored credential has expired, at its server too: the server starts the lifetime before it responds.
pub(crate) fn wait_until_all_expire(home: &TestHome) {
    let files = credential_files(home);
    assert!(!files.is_empty(), "no stored credential");
    for file in files {
        let stored: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let expiry: jiff::Timestamp = stored["expires_at"].as_str().unwrap().parse().unwrap();
        wait_until("a credential expires", || jiff::Timestamp::now() > expiry);
    }
}

fn credential_files(home: &TestHome) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(home.data().join("credentials")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it == "json"));
    paths
}

/// Sets the lifetime of a stored credential to an hour, two hours ago.
pub(crate) fn expire(file: &Path) {
    let mut stored: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let now = jiff::Timestamp::now();
    for (member, hours) in [("issued_at", 2), ("expires_at", 1)] {
        let time = now - jiff::SignedDuration::from_hours(hours);
        stored[member] = Value::String(time.to_string());
    }
    std::fs::write(file, stored.to_string()).unwrap();
}

impl Drop for TestHome {
    fn drop(&mut self) {
        let leaks = self.record.leaks(self.directory.path());
        if !thread::panicking() {
            assert!(leaks.is_empty(), "secrets leaked:\n{}", leaks.join("\n"));
        }
    }
}

impl RunningCommand {
    /// Waits for the exit and records the output.
    pub(crate) fn wait(self) -> CommandResult {
        let command = format!("brainmaps {}", self.arguments.join(" "));
        let ExitedProcess {
            code,
            stdout,
            stderr,
        } = self.running.wait();
        if !may_show_a_token(&self.arguments) {
            self.record
                .output(format!("stdout of `{command}`"), stdout.as_str());
        }
        self.record
            .output(format!("stderr of `{command}`"), stderr.as_str());
        CommandResult {
            command,
            code,
            stdout,
            stderr,
        }
    }
}

impl CommandResult {
    /// Fails unless the program exited with this status.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        assert!(!self.stderr.contains("panicked at"), "{self}");
        self
    }

    /// Returns the JSON document on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("stdout is not a JSON document ({error}): {self}"))
    }

    /// Returns the error code in the JSON document on stdout.
    #[track_caller]
    pub(crate) fn error_code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("no error.code: {self}"))
            .to_owned()
    }
}

impl std::fmt::Display for CommandResult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`{}` exited with {:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.command, self.code, self.stdout, self.stderr
        )
    }
}
