//! `login`

mod by_hand;
mod import;
mod storing;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use clap::{ArgGroup, Args, ValueEnum};
use serde_json::json;

use crate::actions::{
    Context, Event, LoginOptions, SignedIn, Source, State, Target, Verification, Way, best_way,
    checked_status, cookie_way, device_login, password_way, select,
};
use crate::cli::app::{App, block_on};
use crate::cli::{Code, DONE, Exit, Failure};
use crate::domain::{Scopes, hosts_apart, one_line};
use crate::ui::{Facts, Line, Progress, Shell, Span, humane};
use crate::vault::Storage;
pub(super) use storing::may_replace;
use storing::{Storing, storing};

/// Signs in and stores the result, so that every later command has a credential.
///
/// Without a method, the best one that the service offers is used: device authorization, where you approve in any
/// browser; then name and password; then the cookie of a web session; then a key. Secrets are typed unseen or piped in.
/// A key in the environment that works makes a login unnecessary.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("method").args(["device", "password", "with_token", "with_cookie", "import"]))]
#[command(after_help = "Examples:\n  \
    brainmaps login\n  \
    brainmaps login --no-browser --qr                        on a server: scan the code\n  \
    brainmaps --profile work login --issuer https://id.example.com --client-id my-cli\n  \
    brainmaps login --username me@example.com --password-stdin < password.txt\n  \
    brainmaps login --with-token < key.txt\n  \
    brainmaps --profile SERVICE login --import               from the service's own client")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of a command line"
)]
pub struct LoginArgs {
    /// Approve in a browser, on this device or another
    #[arg(long)]
    device: bool,
    /// With a name and a password, typed unseen
    #[arg(long, conflicts_with_all = ["issuer", "client_id", "scope", "qr", "no_browser"])]
    password: bool,
    /// Store an API key, read from stdin or typed unseen
    #[arg(long, conflicts_with_all = ["issuer", "client_id", "scope", "qr", "no_browser"])]
    with_token: bool,
    /// Take over the session that the service's own client keeps on this machine, in FILE or where the service's
    /// description says
    #[arg(long, value_name = "FILE", num_args = 0..=1, value_hint = clap::ValueHint::FilePath, conflicts_with_all = ["scope", "qr", "no_browser"])]
    #[expect(
        clippy::option_option,
        reason = "clap's way of an option whose value may be left out"
    )]
    import: Option<Option<PathBuf>>,
    /// Store the cookie of a web session, read from stdin or typed unseen
    #[arg(long, conflicts_with_all = ["issuer", "client_id", "scope", "qr", "no_browser"])]
    with_cookie: bool,
    /// The name or e-mail that goes with the password
    #[arg(long, value_name = "NAME", conflicts_with_all = ["device", "with_token", "with_cookie", "import"])]
    username: Option<String>,
    /// Read the password from stdin
    #[arg(long, conflicts_with_all = ["device", "with_token", "with_cookie", "import"])]
    password_stdin: bool,
    /// The OAuth2 authorization server
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// The public client to sign in as
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// What to ask for; may be repeated
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// Do not open a browser
    #[arg(long)]
    no_browser: bool,
    /// Show the page's address as a QR code
    #[arg(long)]
    qr: bool,
    /// Store a key or a cookie without asking the service whether it accepts it
    #[arg(long)]
    no_verify: bool,
    /// Where to keep the credential [default: file]
    #[arg(long, value_name = "WHERE")]
    storage: Option<StorageArg>,
    /// Replace a stored session of another server without asking
    #[arg(long)]
    replace: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StorageArg {
    File,
    Keyring,
}

pub(crate) fn run(app: &App, args: &LoginArgs) -> Result<Exit, Failure> {
    let storage = args.storage.map(|storage| match storage {
        StorageArg::File => Storage::File,
        StorageArg::Keyring => Storage::Keyring,
    });
    if let Some(way) = named_way(app, args)? {
        return by_hand::run(app, &way, args, storing(app, args, storage)?);
    }
    if let Some(file) = &args.import {
        return import::take_over(app, file.as_deref(), args, storing(app, args, storage)?);
    }
    if app.is_sandbox() && (args.issuer.is_some() || args.client_id.is_some()) {
        let text = "the sandbox has authorization servers and clients of its own";
        let hint = "leave out --issuer and --client-id, or --sandbox";
        return Err(Failure::new(Code::Usage, text).hint(hint.to_owned()));
    }
    let oauth_words = args.issuer.is_some() || args.client_id.is_some() || !args.scope.is_empty();
    let names_device = args.device || oauth_words;
    if !names_device && has_working_key(app)? {
        return Ok(DONE);
    }
    begin(app, args, names_device, storing(app, args, storage)?)
}

/// The way that the arguments name, unless it is by device.
fn named_way(app: &App, args: &LoginArgs) -> Result<Option<Way>, Failure> {
    if args.with_token {
        return Ok(Some(Way::Token));
    }
    if args.with_cookie {
        return Ok(Some(cookie_way(&app.context()?)?));
    }
    if args.password || args.password_stdin || args.username.is_some() {
        return Ok(Some(password_way(&app.context()?)?));
    }
    Ok(None)
}

/// A key in the environment or `.env` that the service accepts: then no login is needed.
fn has_working_key(app: &App) -> Result<bool, Failure> {
    let context = app.context()?;
    let Ok(target) = Target::resolve(&context) else {
        return Ok(false);
    };
    let Ok(selected) = select(&context, &target) else {
        return Ok(false);
    };
    if selected.source == Source::Stored || target.descriptor.whoami.is_none() {
        return Ok(false);
    }
    let found = block_on(&context, || checked_status(&context, &target))?;
    let source = selected.source.label();
    if found.state != State::Valid {
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
        let repeated = app.globals.to_repeat();
        app.shell.note(format!(
            "to sign in anyway: `brainmaps{repeated} login --device`"
        ));
    }
    Ok(true)
}

/// By device where the user or the service says so; else by the best other way.
fn begin(
    app: &App,
    args: &LoginArgs,
    names_device: bool,
    storing: Storing,
) -> Result<Exit, Failure> {
    let waiting = Arc::new(Mutex::new("asking the server".to_owned()));
    let (shell, text, qr) = (Arc::clone(&app.shell), Arc::clone(&waiting), args.qr);
    let mut context = app.context_telling(move |event| tell(&shell, &text, qr, event))?;
    context.choice.replace = storing.replace;
    let options = options(app, args, storing.storage);
    let work = || async {
        if names_device {
            return Ok(Begun::Done(Box::new(
                device_login(&context, &options).await?,
            )));
        }
        Ok(match best_way(&context, &options).await? {
            Way::Device(login) => Begun::Done(Box::new(login.run(&context, &options).await?)),
            other => Begun::Needs(other),
        })
    };
    let text = || {
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    };
    match block_on(&context, || Progress::new(&app.shell).during(text, work()))? {
        Begun::Done(signed_in) => show(app, &context, &signed_in),
        Begun::Needs(way) => by_hand::run(app, &way, args, storing),
    }
}

/// How far a login got without anything typed.
enum Begun {
    Done(Box<SignedIn>),
    Needs(Way),
}

fn options(app: &App, args: &LoginArgs, storage: Option<Storage>) -> LoginOptions {
    let words = args.scope.iter().flat_map(|words| words.split_whitespace());
    LoginOptions {
        issuer: args.issuer.clone(),
        client_id: args.client_id.clone(),
        scopes: words.collect(),
        open_browser: !args.no_browser && app.may_ask(),
        storage,
    }
}

fn tell(shell: &Shell, waiting: &Mutex<String>, qr: bool, event: &Event) {
    let wait = |text: String| *waiting.lock().unwrap_or_else(PoisonError::into_inner) = text;
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
            invite(shell, event, qr);
            wait(waiting_for(*expires_in));
        }
        Event::BrowserOpened(true) => shell.status("Your browser should show the page now."),
        Event::BrowserOpened(false) => {
            shell.status("No browser could be opened here; open the page yourself.");
        }
        Event::Waiting { remaining } => wait(waiting_for(*remaining)),
        Event::Retrying { cause } => shell.status(Span::dim(format!("{cause}; still waiting"))),
        Event::Warning(text) => shell.warning(text.as_str()),
        Event::Step { .. } | Event::Rotation(_) | Event::FileChoice(_) => {}
    }
}

fn waiting_for(remaining: std::time::Duration) -> String {
    format!(
        "waiting for your approval, {} left (Ctrl-C to give up)",
        humane::countdown(remaining)
    )
}

/// What to do: the code and the plain address are always there (RFC 8628 §3.3).
fn invite(shell: &Shell, event: &Event, qr: bool) {
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
        shell.status("The QR code does not fit here, or this is no terminal.");
    }
    caution(shell, event);
}

/// Who asks, for what, and a word of caution (RFC 8628 §5.4).
fn caution(shell: &Shell, event: &Event) {
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
    if let Some((page, server)) = hosts_apart(verification_uri, issuer) {
        shell.announce(format!(
            "The page is on {page}, not on {server}, the server that you sign in to."
        ));
    }
    let host = verification_uri.host_str().unwrap_or_default();
    let asked = one_line(&format!("`{client_id}` for {scopes}"));
    let asked = asked.trim_end_matches(" for");
    shell.announce(Span::dim(format!("{host} will ask you about {asked}.")));
    shell.announce(Span::dim(format!(
        "The code is good for {}. Approve only what you started yourself.",
        humane::duration(*expires_in)
    )));
}

fn show(app: &App, context: &Context, signed_in: &SignedIn) -> Result<Exit, Failure> {
    if let Some(path) = &signed_in.set_aside {
        app.shell.warning(format!(
            "a damaged file was in the way; it is kept as {}",
            path.display()
        ));
    }
    if !signed_in.missing_scopes.is_empty() {
        app.shell.warning(format!(
            "asked for, but not granted: {}",
            signed_in.missing_scopes
        ));
    }
    if app.shell.options().json {
        app.shell.document(signed_in)?;
        return Ok(DONE);
    }
    app.shell.status([
        Span::good("✓"),
        Span::plain(format!(" signed in as profile `{}`", signed_in.profile)),
    ]);
    app.shell.facts(&facts(context, signed_in))?;
    for note in &signed_in.notes {
        app.shell.note(note.as_str());
    }
    note_unverified(app, signed_in);
    Ok(DONE)
}

/// What `--no-verify` says.
pub(super) fn verification(no_verify: bool) -> Verification {
    if no_verify {
        Verification::Skip
    } else {
        Verification::Ask
    }
}

/// What a user brought along was stored as it is: the service may not know it.
pub(super) fn note_unverified(app: &App, signed_in: &SignedIn) {
    if !signed_in.verified {
        let options = app.globals.to_repeat();
        app.shell.note(format!(
            "the service was not asked about it; `brainmaps{options} status --check` does"
        ));
    }
}

fn facts(context: &Context, signed_in: &SignedIn) -> Facts {
    let ends = signed_in.expires_at.map(|end| {
        let renews = if signed_in.refreshable {
            ", renews itself"
        } else {
            ", then sign in again"
        };
        format!("{}{renews}", humane::relative(context.now(), end))
    });
    let granted = Some(&signed_in.scopes).filter(|scopes| !scopes.is_empty());
    Facts::default()
        .with("profile", signed_in.profile.to_string())
        .with("service", signed_in.provider.to_string())
        .with("used at", signed_in.origin.as_str())
        .with_some("account", signed_in.account.as_deref())
        .with_some("issuer", signed_in.issuer.as_deref())
        .with("kind", signed_in.kind.label())
        .with_some("expires", ends)
        .with_some("scopes", granted.map(Scopes::to_string))
}
