//! `exec`: replaces this process with a command that gets the credential in variables or in-memory files.

mod broker;

use std::ffi::OsString;
use std::io;

use clap::Args;
use jiff::SignedDuration;

use crate::actions::{Delivery, DeliveryMethod, Form, ProgramVariable, VariableName};
use crate::cli::app::{App, Receiver, WantedCredential, scoped_credential};
use crate::cli::failure::{Code, ExitStatus, Failure};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::{CredentialEvent, sanitize_line};
use crate::host;
use crate::proxy::AllowRule;

/// The exit statuses that shells use (POSIX.1-2024, Shell Command Language 2.8.2).
const NOT_EXECUTABLE: ExitStatus = 126;
const NOT_FOUND: ExitStatus = 127;

#[derive(Debug, Default, Args)]
#[command(
    before_help = "Refreshes the credential if it expires soon, sets a variable to it, and replaces itself by \
        the command. The exit status is the command's, 127 if it is not found, 126 if it cannot run. Without --env, \
        --header-env, --fd and --header-fd, the variable is the service's own, such as BRAINMAPS_API_KEY.",
    help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps exec -- python sync.py",
        "brainmaps --profile work exec --env TWINE_PASSWORD -- twine upload dist/*",
        "brainmaps exec --broker -- jupyter lab",
    ],
    see: "brainmaps proxy, brainmaps credential print"
}
)]
pub struct ExecArgs {
    /// Set this variable to the credential (repeatable)
    #[arg(long, value_name = "NAME")]
    env: Vec<VariableName>,
    /// Set this variable to the whole HTTP header, `Name: value` (repeatable)
    #[arg(long, value_name = "NAME", conflicts_with = "broker")]
    header_env: Vec<VariableName>,
    /// Set this variable to the path of an in-memory file with the credential (repeatable)
    #[arg(long, value_name = "NAME", conflicts_with = "broker")]
    fd: Vec<VariableName>,
    /// Set this variable to the path of an in-memory file with the whole HTTP header (repeatable)
    #[arg(long, value_name = "NAME", conflicts_with = "broker")]
    header_fd: Vec<VariableName>,
    /// Refresh the credential unless it stays valid for this long [default: 5m, or a tenth of its lifetime]
    #[arg(long, value_name = "TIME", conflicts_with = "broker", value_parser = crate::cli::options::duration::parse)]
    min_ttl: Option<SignedDuration>,
    /// Pass a new access token that has only this scope of the session (repeatable)
    #[arg(long, value_name = "SCOPE", value_parser = crate::cli::options::text::parse_scope, conflicts_with_all = ["broker", "min_ttl"])]
    scope: Vec<String>,
    /// Run a proxy for the command, and pass its URL instead of the credential; --env sets a placeholder
    #[arg(long)]
    broker: bool,
    /// Set this variable to the URL of the proxy instead of the service's own (repeatable)
    #[arg(long, value_name = "NAME", requires = "broker", conflicts_with_all = ["header_env", "fd", "header_fd", "min_ttl", "scope"])]
    url_env: Vec<VariableName>,
    /// Allow only requests that match this rule, as `proxy --allow` (repeatable)
    #[arg(long, value_name = "RULE", requires = "broker", conflicts_with_all = ["header_env", "fd", "header_fd", "min_ttl", "scope"])]
    allow: Vec<AllowRule>,
    /// Command to run, with its arguments
    #[arg(last = true, required = true, value_name = "COMMAND", value_hint = clap::ValueHint::CommandWithArguments)]
    command: Vec<OsString>,
}

impl ExecArgs {
    /// Returns the arguments of `exec -- COMMAND`.
    pub(crate) fn of_command(command: &[OsString]) -> Self {
        Self {
            command: command.to_vec(),
            ..Self::default()
        }
    }

    fn deliveries(&self) -> Vec<Delivery> {
        let options = [
            (&self.env, Form::Credential, DeliveryMethod::Variable),
            (&self.header_env, Form::HeaderLine, DeliveryMethod::Variable),
            (&self.fd, Form::Credential, DeliveryMethod::File),
            (&self.header_fd, Form::HeaderLine, DeliveryMethod::File),
        ];
        let named = options.into_iter().flat_map(|(names, form, method)| {
            names.iter().map(move |variable| Delivery {
                variable: variable.clone(),
                form,
                method,
            })
        });
        named.collect()
    }
}

/// Returns only if the command cannot run.
pub(crate) fn run(app: &App, args: &ExecArgs) -> Result<ExitStatus, Failure> {
    refuse_json(app, "exec")?;
    if args.broker {
        return broker::run(app, args);
    }
    let (context, target) = app.context_and_target()?;
    let session = context.session(&target);
    let deliveries = session.plan_exec(args.deliveries())?;
    let wanted = WantedCredential {
        min_ttl: args.min_ttl,
        scopes: &args.scope,
    };
    let receiver = Receiver {
        event: CredentialEvent::Exec,
        name: "exec",
    };
    let selected = scoped_credential(session, receiver, &wanted)?;
    let added = session.program_environment(&selected, &deliveries)?;
    let variables = added.variables.iter().map(ProgramVariable::as_pair);
    let error = host::exec(&args.command, variables);
    Ok(report_not_run(app, &args.command, &error))
}

/// Returns the exit status of a command that cannot run.
pub(crate) fn report_not_run(app: &App, command: &[OsString], error: &io::Error) -> ExitStatus {
    let program = command.first().map(|name| name.to_string_lossy());
    let program = sanitize_line(&program.unwrap_or_default());
    app.shell
        .error(format!("cannot run \"{program}\": {error}"));
    if error.kind() == io::ErrorKind::NotFound {
        return NOT_FOUND;
    }
    NOT_EXECUTABLE
}

/// Fails with `--json`, `--jq` and `--format`: the output belongs to another program.
pub(crate) fn refuse_json(app: &App, command: &str) -> Result<(), Failure> {
    if let Some(option) = app.globals.document_option() {
        let message = format!("{option} cannot be used with \"{command}\"");
        return Err(Failure::new(Code::Usage, message));
    }
    Ok(())
}
