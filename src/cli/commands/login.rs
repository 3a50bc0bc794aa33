//! `login`

mod args;
mod import;
mod prompted;
mod save_options;

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;

use crate::actions::{
    Context, CredentialState, Event, LoginOptions, LoginResult, PreparedLogin, Source, Target,
    Verification, choose_login_method, login_with_device_flow, prepare_cookie_login,
    prepare_password_login, read_client_secret,
};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::{Code, Failure};
use crate::domain::{Scopes, differing_hosts, sanitize_line, time_format};
use crate::oauth::issuer_from_metadata_url;
use crate::ui::prompt;
use crate::ui::{KeyValues, Line, Progress, Shell, Span};
use crate::vault::Storage;
use args::StorageArg;
use save_options::{SaveOptions, save_options};

pub(crate) use args::LoginArgs;
pub(super) use save_options::may_replace;

pub(crate) fn run(app: &App, args: &LoginArgs) -> Result<ExitStatus, Failure> {
    let storage = args.storage.map(|storage| match storage {
        StorageArg::File => Storage::File,
        StorageArg::Keyring => Storage::Keyring,
    });
    if let Some(method) = named_method(app, args)? {
        return prompted::run(app, &method, args, save_options(app, args, storage)?);
    }
    if let Some(file) = &args.import {
        return import::import(
            app,
            file.as_deref(),
            args,
            save_options(app, args, storage)?,
        );
    }
    if app.is_sandbox() && (args.issuer.is_some() || args.client_id.is_some()) {
        let text = "the sandbox has authorization servers and clients of its own";
        let hint = "leave out --issuer and --client-id, or --sandbox";
        return Err(Failure::new(Code::Usage, text).with_hint(hint.to_owned()));
    }
    let has_oauth_options = args.issuer.is_some()
        || args.client_id.is_some()
        || args.client_secret_file.is_some()
        || args.resource.is_some()
        || args.audience.is_some()
        || !args.scope.is_empty();
    let names_device = args.device || has_oauth_options;
    if !names_device && has_working_key(app)? {
        return Ok(SUCCESS);
    }
    start_login(app, args, names_device, save_options(app, args, storage)?)
}

/// The way that the arguments name, unless it is by device.
fn named_method(app: &App, args: &LoginArgs) -> Result<Option<PreparedLogin>, Failure> {
    if args.with_token {
        return Ok(Some(PreparedLogin::ApiKey));
    }
    if args.with_cookie {
        return Ok(Some(prepare_cookie_login(&app.context()?)?));
    }
    if args.password || args.password_stdin || args.username.is_some() {
        return Ok(Some(prepare_password_login(&app.context()?)?));
    }
    Ok(None)
}

/// A key in the environment or `.env` that the service accepts: then no login is needed.
fn has_working_key(app: &App) -> Result<bool, Failure> {
    let context = app.context()?;
    let Ok(target) = Target::resolve(&context) else {
        return Ok(false);
    };
    let Ok(selected) = context.session(&target).resolve_credential() else {
        return Ok(false);
    };
    if selected.source == Source::Stored || target.descriptor.whoami.is_none() {
        return Ok(false);
    }
    let found = block_on_interruptible(&context, || context.session(&target).check_status())?;
    let source = selected.source.label();
    if found.state != CredentialState::Valid {
        let service = &target.descriptor.name;
        app.shell.warning(format!(
            "{service} rejects the key from {source}; going on to sign in"
        ));
        return Ok(false);
    }
    if app.shell.options().json {
        app.shell.document(&found)?;
    } else {
        app.shell.result([
            Span::good("✓"),
            Span::plain(format!(" the key from {source} works; no login is needed")),
        ])?;
        let repeated = app.globals.as_flags_text();
        app.shell.note(format!(
            "to sign in anyway: `brainmaps{repeated} login --device`"
        ));
    }
    Ok(true)
}

/// By device where the user or the service says so; else by the best other way.
fn start_login(
    app: &App,
    args: &LoginArgs,
    names_device: bool,
    storing: SaveOptions,
) -> Result<ExitStatus, Failure> {
    let waiting = Arc::new(Mutex::new("asking the server".to_owned()));
    let (shell, text, qr) = (Arc::clone(&app.shell), Arc::clone(&waiting), args.qr);
    let mut context = app.context_with_events(move |event| show_event(&shell, &text, qr, event))?;
    context.options.replace = storing.replace;
    let options = options_with_secret(app, args, storing.storage)?;
    let work = || async {
        if names_device {
            return Ok(LoginStep::Done(Box::new(
                login_with_device_flow(&context, &options).await?,
            )));
        }
        Ok(match choose_login_method(&context, &options).await? {
            PreparedLogin::Device(_) if app.is_input_disabled() => LoginStep::NeedsApproval,
            PreparedLogin::Device(login) => {
                LoginStep::Done(Box::new(login.run(&context, &options).await?))
            }
            other => LoginStep::NeedsInput(other),
        })
    };
    let text = || {
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    };
    match block_on_interruptible(&context, || {
        Progress::new(&app.shell).run_while(text, work())
    })? {
        LoginStep::Done(signed_in) => show(app, &context, &signed_in),
        LoginStep::NeedsInput(method) => prompted::run(app, &method, args, storing),
        LoginStep::NeedsApproval => Err(Failure::new(
            Code::Usage,
            "cannot wait for an approval: input is disabled",
        )
        .with_hint(
            "run `brainmaps login --device` to wait anyway, or store an API key: `brainmaps login --with-token < FILE`"
                .to_owned(),
        )),
    }
}

/// How far a login got without anything typed.
enum LoginStep {
    NeedsApproval,
    Done(Box<LoginResult>),
    NeedsInput(PreparedLogin),
}

/// Returns the options with the client secret, which may be on stdin, and is read only once.
fn options_with_secret(
    app: &App,
    args: &LoginArgs,
    storage: Option<Storage>,
) -> Result<LoginOptions, Failure> {
    let mut options = options(app, args, storage);
    options.client_secret = match &args.client_secret_file {
        Some(file) if file.as_os_str() == "-" => Some(prompt::stdin_secret()?),
        Some(file) => Some(read_client_secret(&app.context()?, file)?),
        None => None,
    };
    Ok(options)
}

fn options(app: &App, args: &LoginArgs, storage: Option<Storage>) -> LoginOptions {
    let scopes = args.scope.iter().flat_map(|words| words.split_whitespace());
    LoginOptions {
        issuer: args.issuer.as_deref().map(issuer_from_metadata_url),
        client_id: args.client_id.clone(),
        client_secret: None,
        resource: args.resource.clone(),
        audience: args.audience.clone(),
        scopes: scopes.collect(),
        open_browser: !args.no_browser && app.can_prompt(),
        storage,
    }
}

fn show_event(shell: &Shell, waiting: &Mutex<String>, qr: bool, event: &Event) {
    let set_progress =
        |text: String| *waiting.lock().unwrap_or_else(PoisonError::into_inner) = text;
    match event {
        Event::DeviceCode {
            user_code,
            verification_uri,
            verification_uri_complete,
            expires_in,
            ..
        } => {
            shell.event(&json!({
                "event": "device_code",
                "user_code": user_code,
                "verification_uri": verification_uri,
                "verification_uri_complete": verification_uri_complete,
                "expires_in": expires_in.as_secs(),
            }));
            show_device_code(shell, event, qr);
            set_progress(waiting_text(*expires_in));
        }
        Event::BrowserOpened(true) => shell.status("Opened the page in your browser."),
        Event::BrowserOpened(false) => {
            shell.status("Cannot open a browser; open the page yourself.");
        }
        Event::Waiting { remaining } => set_progress(waiting_text(*remaining)),
        Event::Retrying { cause } => shell.status(Span::dim(format!("{cause}; still waiting"))),
        Event::Warning(text) => shell.warning(text.as_str()),
        Event::Progress { .. } | Event::Rotation(_) | Event::FileChoice(_) => {}
    }
}

fn waiting_text(remaining: std::time::Duration) -> String {
    format!(
        "waiting for your approval, {} left (Ctrl-C to cancel)",
        time_format::format_countdown(remaining)
    )
}

/// What to do: the code and the plain address are always there (RFC 8628 §3.3).
fn show_device_code(shell: &Shell, event: &Event, qr: bool) {
    let Event::DeviceCode {
        user_code,
        verification_uri,
        verification_uri_complete,
        ..
    } = event
    else {
        return;
    };
    let step = |label: &'static str, value: Span| {
        shell.announce(Line::from([Span::plain(label), value]));
    };
    step("Open       ", Span::bold(verification_uri.as_str()));
    step("Enter code ", Span::bold(user_code.as_str()));
    if let Some(complete) = verification_uri_complete {
        step("or open    ", Span::plain(complete.as_str()));
    }
    let page = verification_uri_complete
        .as_ref()
        .unwrap_or(verification_uri);
    if qr && !shell.qr(page.as_str()) {
        shell.status("Cannot show the QR code: stderr is not a terminal or is too small.");
    }
    show_device_code_warning(shell, event);
}

/// Who asks, for what, and a word of caution (RFC 8628 §5.4).
fn show_device_code_warning(shell: &Shell, event: &Event) {
    let Event::DeviceCode {
        verification_uri,
        expires_in,
        client_id,
        issuer,
        scopes,
        ..
    } = event
    else {
        return;
    };
    if let Some((page, server)) = differing_hosts(verification_uri, issuer) {
        shell.announce(format!(
            "The page is on {page}, but you are signing in to {server}."
        ));
    }
    let host = verification_uri.host_str().unwrap_or_default();
    let request = if scopes.is_empty() {
        format!("`{client_id}`")
    } else {
        format!("`{client_id}` (scopes: {scopes})")
    };
    let request = sanitize_line(&request);
    shell.announce(Span::dim(format!(
        "{host} will ask you to authorize {request}."
    )));
    shell.announce(Span::dim(format!(
        "The code expires in {}. Approve only a sign-in you started.",
        time_format::format_duration(*expires_in)
    )));
}

fn show(app: &App, context: &Context, signed_in: &LoginResult) -> Result<ExitStatus, Failure> {
    if let Some(path) = &signed_in.set_aside {
        app.shell.warning(format!(
            "replaced a damaged file; the old one is kept as {}",
            path.display()
        ));
    }
    if !signed_in.missing_scopes.is_empty() {
        app.shell
            .warning(format!("scopes not granted: {}", signed_in.missing_scopes));
    }
    if app.shell.options().json {
        app.shell.document(signed_in)?;
        return Ok(SUCCESS);
    }
    app.shell.status([
        Span::good("✓"),
        Span::plain(format!(" signed in as profile `{}`", signed_in.profile)),
    ]);
    app.shell.key_values(&key_values(context, signed_in))?;
    for note in &signed_in.notes {
        app.shell.note(note.as_str());
    }
    note_unverified(app, signed_in);
    Ok(SUCCESS)
}

/// What `--no-verify` says.
pub(super) fn verification(no_verify: bool) -> Verification {
    if no_verify {
        Verification::Skip
    } else {
        Verification::Check
    }
}

/// An unverified credential was stored: the service may reject it.
pub(super) fn note_unverified(app: &App, signed_in: &LoginResult) {
    if !signed_in.verified {
        let options = app.globals.as_flags_text();
        app.shell.note(format!(
            "not verified; run `brainmaps{options} status --check`"
        ));
    }
}

fn key_values(context: &Context, signed_in: &LoginResult) -> KeyValues {
    let expires = signed_in.expires_at.map(|end| {
        let suffix = if signed_in.refreshable {
            ", refreshed automatically"
        } else {
            ", then sign in again"
        };
        format!(
            "{}{suffix}",
            time_format::format_relative(context.now(), end)
        )
    });
    let granted = Some(&signed_in.scopes).filter(|scopes| !scopes.is_empty());
    KeyValues::default()
        .with("profile", signed_in.profile.to_string())
        .with("service", signed_in.provider.to_string())
        .with("api url", signed_in.origin.as_str())
        .with_some("account", signed_in.account.as_deref())
        .with_some("issuer", signed_in.issuer.as_deref())
        .with("kind", signed_in.kind.label())
        .with_some("expires", expires)
        .with_some("scopes", granted.map(Scopes::to_string))
}
