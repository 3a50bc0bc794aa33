//! `proxy`: serves a local proxy that adds the credential to each request, until Ctrl-C.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde::Serialize;
use serde_json::json;

use crate::actions::{Handover, ProfileSession, ProxyUpstream};
use crate::cli::app::{
    App, CommandOutput, Exposed, OfProfile, interruptible, require_stdout, run_to_completion,
};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::CredentialEvent;
use crate::host::shutdown_signal;
use crate::proxy::{
    AllowRule, AuditSink, ListenAddress, Listener, RequestRecord, SecretSegment, Settings, serve,
};
use crate::ui::{OutputError, Shell};

/// The time for requests in progress after Ctrl-C; the second Ctrl-C ends it.
const GRACE: Duration = Duration::from_secs(5);

#[derive(Debug, Args)]
#[command(
    before_help = "Prints a URL with a secret path. Requests to it are sent to the service with the credential, which is \
        refreshed when it expires; the programs that use the URL never get the credential. Runs until Ctrl-C.",
    help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps proxy",
        "brainmaps proxy --allow 'GET /api/**' --allow 'POST /api/brains/*/query'",
        "brainmaps proxy --listen unix:$XDG_RUNTIME_DIR/brainmaps/proxy.sock",
    ],
    see: "brainmaps exec --broker, brainmaps credential print"
}
)]
pub struct ProxyArgs {
    /// Listen here: `127.0.0.1:PORT`, `[::1]:PORT` or `unix:PATH`; port 0 selects a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: ListenAddress,
    /// Allow only requests that match this rule: `METHOD PATH`, `*` in a segment, `**` for several (repeatable)
    #[arg(long, value_name = "RULE")]
    allow: Vec<AllowRule>,
}

/// The result of the command, before it serves.
#[derive(Serialize)]
struct ProxyAddress {
    url: Exposed,
    origin: String,
    /// The Unix socket; `null` on loopback.
    socket: Option<String>,
}

impl CommandOutput for OfProfile<ProxyAddress> {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        shell.secret(&self.result.url.0)
    }
}

pub(crate) fn run(app: &App, args: &ProxyArgs) -> Result<ExitStatus, Failure> {
    require_stdout()?;
    let (context, target) = app.context_and_target()?;
    let session = context.session(&target);
    session.begin_event(CredentialEvent::Proxy);
    let handover = Handover::prepare(session, None)?;
    run_to_completion(|| async {
        let upstream = Box::pin(open_upstream(
            app,
            session,
            CredentialEvent::Proxy,
            handover,
        ))
        .await?;
        let listener = Listener::bind(&args.listen).await?;
        let audit = audit_sink(app, true);
        let settings = settings(session, &upstream, &args.allow, audit)?;
        print_address(app, session, args, &listener, &settings)?;
        let serving = serve(listener, &settings, &upstream, shutdown_signal(), GRACE);
        tokio::select! {
            () = serving => Ok(SUCCESS),
            () = async { shutdown_signal().await; shutdown_signal().await } => Err(Failure::interrupted()),
        }
    })
}

/// Refreshes the credential if it expires soon. Nothing listens without a usable one.
pub(crate) async fn open_upstream<'a>(
    app: &App,
    session: ProfileSession<'a>,
    event: CredentialEvent,
    handover: Handover<'a>,
) -> Result<ProxyUpstream<'a>, Failure> {
    let selected = if handover.needs_refresh() {
        Box::pin(interruptible(session.context, handover.refresh())).await?
    } else {
        handover.into_selected()
    };
    session.record_use(event, &selected);
    let shell = Arc::clone(&app.shell);
    let describe = move |error| Failure::from(error).to_rejection(&shell);
    Ok(ProxyUpstream::new(session, selected, Box::new(describe)))
}

pub(crate) fn settings(
    session: ProfileSession<'_>,
    upstream: &ProxyUpstream<'_>,
    rules: &[AllowRule],
    audit: AuditSink,
) -> Result<Settings, Failure> {
    let secret = SecretSegment::generate().map_err(|error| {
        let message = format!("the system has no random numbers: {error}");
        Failure::new(Code::Failed, message)
    })?;
    Ok(Settings {
        base: upstream.base().clone(),
        secret,
        rules: rules.to_vec(),
        credential_headers: session.credential_headers(),
        audit,
    })
}

/// Returns what prints a line for each request. A program on the same terminal would be disturbed by them.
pub(crate) fn audit_sink(app: &App, owns_terminal: bool) -> AuditSink {
    let shell = Arc::clone(&app.shell);
    let is_shown = owns_terminal || !shell.terminal().stderr || shell.options().verbose > 0;
    Arc::new(move |record: &RequestRecord| {
        if shell.options().json {
            shell.event(&request_event(record));
        } else if is_shown {
            shell.notice(record.to_string());
        }
    })
}

fn request_event(record: &RequestRecord) -> serde_json::Value {
    json!({
        "event": "request",
        "method": record.method,
        "path": record.path,
        "status": record.status.map(|status| status.as_u16()),
        "bytes": record.bytes,
        "ms": u64::try_from(record.duration.as_millis()).unwrap_or(u64::MAX),
        "interruption": record.interruption,
    })
}

fn print_address(
    app: &App,
    session: ProfileSession<'_>,
    args: &ProxyArgs,
    listener: &Listener,
    settings: &Settings,
) -> Result<(), Failure> {
    let origin = settings.base.origin();
    let socket = match &args.listen {
        ListenAddress::Unix(path) => Some(path.display().to_string()),
        ListenAddress::Loopback(_) => None,
    };
    let name = &session.target.name;
    app.shell.status(format!(
        "passing requests on to {} with the credential of profile \"{name}\"",
        settings.base
    ));
    for rule in &settings.rules {
        app.shell.status(format!("allowed: {rule}"));
    }
    if let Some(path) = &socket {
        app.shell.status(format!("listening on the socket {path}"));
    }
    app.shell
        .status("the URL gives access to the account; press Ctrl-C to stop");
    let address = ProxyAddress {
        url: Exposed(settings.secret.url(&listener.origin())),
        origin: origin.to_string(),
        socket,
    };
    app.print(&OfProfile::new(session.target, address))?;
    Ok(())
}
