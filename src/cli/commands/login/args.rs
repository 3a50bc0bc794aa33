//! The arguments of `login`, and which of them exclude each other.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};
use url::Url;

use crate::cli::options::WorkloadArgs;
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::cli::options::text;
use crate::domain::{AssertionAudience, Scopes};
use crate::host::CallbackHost;
use crate::vault::Storage;

/// The methods without an authorization server. Their own options name them too.
const TYPED: [&str; 6] = [
    "password",
    "with_token",
    "with_cookie",
    "import",
    "username",
    "password_stdin",
];

/// What a method of [`TYPED`] does not use, except --import.
const OF_SERVERS: [&str; 5] = ["issuer", "client_id", "scope", "qr", "no_open"];

// `requires` has no effect beside an argument that the required one conflicts with. So the options of a method and of an
// option also name what excludes it.

/// The methods beside [`TYPED`] that exclude --browser.
const NOT_BROWSER: [&str; 3] = ["device", "client_credentials", "workload"];

/// What excludes --no-verify: methods that store what the server issues, and the options of an authorization server.
const NOT_NO_VERIFY: [&str; 21] = [
    "device",
    "browser",
    "client_credentials",
    "workload",
    "password",
    "username",
    "password_stdin",
    "import",
    "issuer",
    "client_id",
    "client_secret_file",
    "key",
    "resource",
    "audience",
    "scope",
    "add_scope",
    "qr",
    "no_open",
    "paste",
    "callback_port",
    "callback_host",
];

/// What excludes --key, beside [`TYPED`].
const NOT_KEY: [&str; 2] = ["client_secret_file", "add_scope"];

#[derive(Debug, Default, Args)]
#[command(group = ArgGroup::new("method").args(["device", "browser", "client_credentials", "password", "with_token", "with_cookie", "import", "workload"]))]
#[command(
    before_help = "Without a method, uses the first that the service offers: the device flow (approve in a browser on any device), a browser on this machine, a username and password, the cookie of a web session, an API key. Does nothing if the environment or .env has an API key that works. With a method, signs in anyway, and warns that the key takes precedence. Secrets are read from a prompt, stdin, a file or the environment, never from arguments.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
            "brainmaps login",
            "brainmaps login --no-open --qr   # on a server: scan the code with a phone",
            "brainmaps login --with-token < key.txt",
        ],
    see: "brainmaps logout, brainmaps status, brainmaps profile add"
}
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of a command line"
)]
pub struct LoginArgs {
    /// Use the device flow: approve in a browser on any device
    #[arg(long)]
    pub(super) device: bool,
    /// Use a browser on this machine (authorization code with PKCE)
    #[arg(long)]
    pub(super) browser: bool,
    /// Paste the URL or code from the last page of the browser, instead of listening for the redirect
    #[arg(long, requires = "browser", conflicts_with_all = TYPED, conflicts_with_all = NOT_BROWSER)]
    pub(super) paste: bool,
    /// Listen on this port, for servers that compare the whole redirect URI [default: a free one]
    #[arg(long, value_name = "PORT", requires = "browser", conflicts_with_all = TYPED, conflicts_with_all = NOT_BROWSER, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) callback_port: Option<u16>,
    /// Set the host name in the redirect URI
    #[arg(
        long,
        value_name = "HOST",
        requires = "browser",
        conflicts_with_all = TYPED, conflicts_with_all = NOT_BROWSER,
        default_value = "127.0.0.1"
    )]
    pub(super) callback_host: CallbackHostArg,
    /// Sign in as the OAuth 2.0 client itself, with its secret or key (for programs; no approval)
    #[arg(long, conflicts_with_all = ["qr", "no_open"])]
    pub(super) client_credentials: bool,
    /// Use a username and password
    #[arg(long, conflicts_with_all = OF_SERVERS)]
    pub(super) password: bool,
    /// Store an API key, read from a prompt or stdin
    #[arg(long, conflicts_with_all = OF_SERVERS)]
    pub(super) with_token: bool,
    /// Import the session of the service's own client, from FILE or its default location
    #[arg(long, value_name = "FILE", num_args = 0..=1, value_hint = clap::ValueHint::FilePath, conflicts_with_all = ["scope", "qr", "no_open"])]
    #[expect(
        clippy::option_option,
        reason = "clap's way of an option whose value may be left out"
    )]
    pub(super) import: Option<Option<PathBuf>>,
    /// Store the cookie of a web session, read from a prompt or stdin
    #[arg(long, conflicts_with_all = OF_SERVERS)]
    pub(super) with_cookie: bool,
    /// Use the identity of this CI job or pod: no key is stored
    #[arg(long, conflicts_with_all = ["qr", "no_open"])]
    pub(super) workload: bool,
    #[command(flatten)]
    pub(super) workload_args: WorkloadArgs,
    /// Set the username or e-mail address for the password
    #[arg(long, value_name = "NAME", conflicts_with_all = OF_SERVERS, conflicts_with_all = ["device", "browser", "client_credentials", "with_token", "with_cookie", "import", "workload"])]
    pub(super) username: Option<String>,
    /// Read the password from stdin
    #[arg(long, conflicts_with_all = OF_SERVERS, conflicts_with_all = ["device", "browser", "client_credentials", "with_token", "with_cookie", "import", "workload"])]
    pub(super) password_stdin: bool,
    /// Set the OAuth 2.0 authorization server
    #[arg(long, value_name = "URL")]
    pub(super) issuer: Option<String>,
    /// Set the OAuth 2.0 client id
    #[arg(long, value_name = "ID")]
    pub(super) client_id: Option<String>,
    /// Read the secret of the OAuth 2.0 client from FILE, or from stdin with `-` [env: `BRAINMAPS_CLIENT_SECRET`]
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with_all = TYPED)]
    pub(super) client_secret_file: Option<PathBuf>,
    /// Authenticate the OAuth 2.0 client with the private key in FILE (PEM or JWK) instead of a secret
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with = "client_secret_file", conflicts_with_all = TYPED)]
    pub(super) key: Option<PathBuf>,
    /// Set the id of the key at the server [default: the `kid` of a JWK]
    #[arg(long, value_name = "ID", requires = "key", conflicts_with_all = TYPED, conflicts_with_all = NOT_KEY)]
    pub(super) key_id: Option<String>,
    /// Set the audience of the signed assertion: `issuer`, `token-endpoint` or a URL
    #[arg(long, value_name = "AUDIENCE", requires = "key", conflicts_with_all = TYPED, conflicts_with_all = NOT_KEY, default_value = "issuer", value_parser = parse_audience)]
    pub(super) assertion_audience: AssertionAudience,
    /// Sign in to this resource, for example an MCP server; with --issuer, request tokens for it (RFC 8707)
    #[arg(long, value_name = "URL", conflicts_with_all = TYPED)]
    pub(super) resource: Option<String>,
    /// Omit the resource parameter, for authorization servers that reject it
    #[arg(long, requires = "resource", conflicts_with_all = TYPED, conflicts_with = "add_scope")]
    pub(super) no_resource_parameter: bool,
    /// Request tokens for this audience, as Auth0 requires
    #[arg(long, value_name = "AUDIENCE", value_parser = text::parse_text, conflicts_with_all = TYPED)]
    pub(super) audience: Option<String>,
    /// Request this scope (repeatable)
    #[arg(long, value_name = "SCOPE", value_parser = text::parse_scope)]
    pub(super) scope: Vec<String>,
    /// Add this scope to the session: sign in again, then revoke the old refresh token (repeatable)
    #[arg(long, value_name = "SCOPE", value_parser = text::parse_scope, conflicts_with_all = ["issuer", "client_id", "client_secret_file", "resource", "audience", "scope", "password", "with_token", "with_cookie", "import", "username", "password_stdin", "client_credentials", "workload", "key"])]
    pub(super) add_scope: Vec<String>,
    /// Print the URL of the page without opening it
    #[arg(long, alias = "no-browser")]
    pub(super) no_open: bool,
    /// Show the verification URL as a QR code
    #[arg(long, conflicts_with = "browser")]
    pub(super) qr: bool,
    /// Store a key or cookie without verifying it with the service
    #[arg(long, conflicts_with_all = NOT_NO_VERIFY)]
    pub(super) no_verify: bool,
    /// Set the storage backend [default: file]
    #[arg(long, value_name = "BACKEND")]
    pub(super) storage: Option<StorageArg>,
    /// Replace the stored credential without asking, also one of another server
    #[arg(long)]
    pub(super) replace: bool,
}

impl LoginArgs {
    /// The arguments of `login --add-scope`.
    pub(super) fn adding(scopes: &Scopes) -> Self {
        Self {
            add_scope: vec![scopes.to_string()],
            ..Self::default()
        }
    }

    /// The arguments of `login --with-token`.
    pub(crate) fn with_token(no_verify: bool, replace: bool) -> Self {
        Self {
            with_token: true,
            no_verify,
            replace,
            ..Self::default()
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum StorageArg {
    File,
    Keyring,
}

/// The host of the redirect URI.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum CallbackHostArg {
    #[default]
    #[value(name = "127.0.0.1")]
    Loopback,
    /// For servers that accept no IP address
    Localhost,
}

impl From<CallbackHostArg> for CallbackHost {
    fn from(argument: CallbackHostArg) -> Self {
        match argument {
            CallbackHostArg::Loopback => Self::Loopback,
            CallbackHostArg::Localhost => Self::Localhost,
        }
    }
}

impl From<StorageArg> for Storage {
    fn from(argument: StorageArg) -> Self {
        match argument {
            StorageArg::File => Self::File,
            StorageArg::Keyring => Self::Keyring,
        }
    }
}

fn parse_audience(text: &str) -> Result<AssertionAudience, String> {
    let audience = AssertionAudience::parse(text);
    match &audience {
        AssertionAudience::Url(url) if Url::parse(url).is_err() => {
            Err("expected issuer, token-endpoint or a URL".to_owned())
        }
        _ => Ok(audience),
    }
}

impl LoginArgs {
    /// Returns `true` if an option concerns the OAuth 2.0 server, so that another method is not possible.
    pub(super) fn has_oauth_options(&self) -> bool {
        let options = [
            &self.issuer,
            &self.client_id,
            &self.resource,
            &self.audience,
        ];
        options.into_iter().any(Option::is_some)
            || self.client_secret_file.is_some()
            || self.key.is_some()
            || !self.scope.is_empty()
    }
}
