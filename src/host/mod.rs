//! Access to the operating system: clock, browser and its redirect, environment, `.env`, project file, paths, signals and
//! terminal.
//! Tests can replace each part.
//!
//! This module reports facts and executes requests. It does not decide which credential to use, whether to open a
//! browser, or what to print. It imports only `domain` and `files`.

mod browser;
mod byte_source;
mod calling_process;
mod child;
mod clock;
mod completions;
pub mod dotenv;
mod environment;
mod exec;
mod git;
mod git_repository;
mod hardening;
mod loopback_listener;
mod next_program;
mod output_file;
mod own_process;
mod paths;
pub mod project;
mod search;
mod secret_file;
mod shell_command;
mod signals;
mod stdin;
mod terminal;
mod time_limit;
mod tool;
mod version;
mod workload_identity;

pub use browser::{Browser, BrowserError, BrowserObstacle, NoBrowser, SystemBrowser, is_over_ssh};
pub use byte_source::{ByteSource, read_file, read_pipe};
pub use calling_process::calling_process;
pub use child::ChildProgram;
pub use clock::{Clock, SystemClock};
pub use completions::Completions;
pub use dotenv::{DotEnv, DotEnvError, DotEnvReader};
pub use environment::{EXEC_VARIABLE, Environment};
pub use exec::{MemoryFile, exec, sealed_memory_file};
pub use git::is_unignored;
pub use git_repository::{GitError, GitInput, GitOutput, GitRepository};
pub use hardening::disable_core_dumps_and_ptrace;
pub use loopback_listener::{
    CallbackAddress, CallbackHost, CallbackOutcome, CallbackRequest, LoopbackListener,
};
pub use next_program::{
    NextProgram, PASSED_VARIABLE, find_next_program, find_other_programs, find_own_program,
};
pub use output_file::OutputFile;
pub use own_process::{end_with_parent, limit_memory, start_own_program};
pub use paths::{Paths, PathsError};
pub use project::{Project, ProjectBinding, ProjectError};
pub use search::{SearchScope, SkippedFile};
pub use secret_file::{
    MountDirectory, MountedSecret, SecretFileError, SecretFileResult, SecretFiles,
};
pub use shell_command::{ShellCommand, ShellEnd, ShellRun, run_shell_command};
pub use signals::{ContinueSignals, fatal_signal, ignore_sigxfsz, shutdown_signal};
pub use stdin::read_stdin;
pub use terminal::{Terminal, stderr_is_file, stdout_is_open};
pub use tool::{Tool, ToolError};
pub use version::program_version;
pub use workload_identity::{IdentitySource, MissingIdentity, find_identity};
