//! State of one command: streams, global options and environment.
//!
//! Nothing here opens a connection or starts a runtime before a command needs it.

mod context_builder;
#[cfg(feature = "sandbox")]
pub(crate) mod embedded_sandbox;
mod handover;
mod network_options;
mod output;
mod paths;
mod runtime;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::actions::{
    AUDIT_LOG, Config, Context, PendingEvents, Switch, Target, Workload, WorkloadSessions,
    audit_log_warning, open_workload_session, unfinished_operations,
};
use crate::cli::failure::{Code, Failure};
use crate::cli::options::Globals;
use crate::domain::{ProfileName, Warning};
use crate::host::{Clock as _, Environment, Paths, SecretFiles, SystemClock, stdout_is_open};
use crate::http::{self, Network, Transport, WireLog};
use crate::ui::Shell;
use crate::vault::{JournalKind, WaitLog};

pub(crate) use context_builder::ContextBuilder;
pub(crate) use handover::{Receiver, WantedCredential, finish_handover, scoped_credential};
pub(crate) use output::{CommandOutput, Exposed, Message, OfProfile};
pub(crate) use runtime::{Runtime, block_on_interruptible, interruptible, run_to_completion};

#[derive(Clone)]
pub(crate) struct App {
    pub(crate) shell: Arc<Shell>,
    pub(crate) globals: Globals,
    pub(crate) environment: Environment,
    secret_files: Arc<SecretFiles>,
    /// What was reported already, in whichever context of this command.
    reported: Arc<Mutex<BTreeSet<String>>>,
    workload_sessions: Arc<WorkloadSessions>,
    /// The events of this command that have no result yet.
    pending_events: Arc<PendingEvents>,
    /// Whether another program runs the command, so that stderr is not read by the user.
    is_helper: bool,
}

impl App {
    pub(crate) fn new(shell: Arc<Shell>, globals: Globals, environment: Environment) -> Self {
        Self {
            shell,
            globals,
            environment,
            secret_files: Arc::default(),
            reported: Arc::default(),
            workload_sessions: Arc::default(),
            pending_events: Arc::default(),
            is_helper: false,
        }
    }

    /// Returns true if the program must neither prompt, nor open a browser, nor wait for an approval.
    pub(crate) fn is_input_disabled(&self) -> bool {
        self.globals.no_input
            || self.environment.is_enabled("BRAINMAPS_NO_INPUT")
            || self.environment.is_ci()
    }

    /// Returns the state of a command that another program runs.
    pub(crate) fn for_helper(&self) -> Self {
        Self {
            is_helper: true,
            ..self.clone()
        }
    }

    /// Notices are for people, and for the log of a job.
    fn shows_notices(&self, config: &Config) -> bool {
        let options = self.shell.options();
        let is_read = self.shell.terminal().stderr || self.environment.is_ci();
        let is_wanted = config.notices != Some(Switch::Off);
        is_wanted && is_read && !options.json && !options.quiet && !self.is_helper
    }

    pub(crate) fn can_prompt(&self) -> bool {
        !self.is_input_disabled() && self.shell.terminal().stdin
    }

    /// Whether the program can prompt, and the user sees the question. For questions that have a default without a user; a
    /// confirmation of what cannot be undone requires [`Self::can_prompt`] only, so that it fails if it cannot be shown.
    pub(crate) fn shows_questions(&self) -> bool {
        self.can_prompt() && self.shell.terminal().stderr && !self.shell.options().json
    }

    pub(crate) fn is_sandbox(&self) -> bool {
        self.globals.sandbox || self.environment.is_enabled("BRAINMAPS_SANDBOX")
    }

    pub(crate) fn context_builder(&self) -> ContextBuilder<'_> {
        ContextBuilder::new(self)
    }

    pub(crate) fn context(&self) -> Result<Context, Failure> {
        self.context_builder().build()
    }

    /// Builds the context and resolves the active profile.
    pub(crate) fn context_and_target(&self) -> Result<(Context, Target), Failure> {
        let context = self.context()?;
        let target = Target::resolve(&context)?;
        Ok((context, target))
    }

    pub(crate) fn client(&self, log: WireLog) -> Result<http::Client, Failure> {
        let client = http::Client::new(self.transport(self.paths()?)?, log);
        Ok(client.with_local_time(|| SystemClock.now()))
    }

    /// Returns how commands sign in with the identity of this process, whose platform is never in the sandbox.
    fn workload(&self) -> Workload {
        let network = Arc::new(Network::new(self.network_options()));
        Workload {
            network: http::Client::new(network, self.wire_log()),
            sign_in: open_workload_session,
            sessions: Arc::clone(&self.workload_sessions),
        }
    }

    pub(crate) fn wire_log(&self) -> WireLog {
        if self.shell.options().verbose == 0 {
            return WireLog::silent();
        }
        let shell = Arc::clone(&self.shell);
        WireLog::to(move |line| shell.diagnostic(line))
    }

    pub(super) fn wait_log(&self) -> WaitLog {
        if self.shell.options().verbose == 0 {
            return WaitLog::default();
        }
        let shell = Arc::clone(&self.shell);
        WaitLog::to(move |line| shell.diagnostic(line))
    }

    /// Records that the events without a result failed with `code`. Returns the warning about a log that cannot be written.
    pub(crate) fn record_failure(&self, code: Code) -> Option<Warning> {
        let error = self.pending_events.fail(&code.name()).err()?;
        let reported = self.reported.lock();
        let is_new = reported
            .unwrap_or_else(PoisonError::into_inner)
            .insert(AUDIT_LOG.to_owned());
        is_new.then(|| audit_log_warning(&error))
    }

    /// Warns about interrupted operations of these `kinds`.
    pub(crate) fn warn_about_leftovers(
        &self,
        context: &Context,
        profile: &ProfileName,
        kinds: &[JournalKind],
    ) {
        let mut leftovers = unfinished_operations(context, Some(profile));
        leftovers.retain(|leftover| kinds.contains(&leftover.kind));
        for leftover in leftovers {
            self.shell
                .warning(Warning::with_hint(leftover.message, leftover.hint));
        }
    }

    fn transport(&self, paths: Paths) -> Result<Arc<dyn Transport>, Failure> {
        if self.is_sandbox() {
            return embedded(paths);
        }
        Ok(Arc::new(Network::new(self.network_options())))
    }
}

#[cfg(feature = "sandbox")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "fails in a build without the sandbox"
)]
fn embedded(paths: Paths) -> Result<Arc<dyn Transport>, Failure> {
    Ok(Arc::new(embedded_sandbox::EmbeddedTransport::new(paths)))
}

#[cfg(not(feature = "sandbox"))]
fn embedded(_paths: Paths) -> Result<Arc<dyn Transport>, Failure> {
    Err(Failure::new(Code::Unsupported, "this build has no sandbox"))
}

/// Fails if stdout is closed, because a secret that is printed once would be lost.
pub(crate) fn require_stdout() -> Result<(), Failure> {
    if stdout_is_open() {
        return Ok(());
    }
    let hint = "redirect stdout to a file or a pipe, or write the secret to a file with --env-file";
    let failure = Failure::new(Code::Usage, "cannot print the secret: stdout is closed");
    Err(failure.with_hint(hint))
}
