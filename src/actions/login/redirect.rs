//! Where the response of a browser login arrives: a listener on loopback, or an address that the user copies.

use url::Url;

use crate::actions::login::choice::InteractiveLogin;
use crate::actions::login::registration::stored_registration;
use crate::actions::{ActionError, BrowserLoginError, Context, LoginOptions};
use crate::host::LoopbackListener;

/// The ports of a redirect that nothing listens on (RFC 6335 §6).
const DYNAMIC_PORTS: std::ops::RangeInclusive<u16> = 49152..=65535;

pub(super) enum Redirect {
    Listener(LoopbackListener),
    /// Nothing listens there: the response is pasted.
    Pasted(Url),
}

impl Redirect {
    /// Chooses it for a login at `issuer`.
    ///
    /// # Errors
    /// As [`Redirect::listen`].
    pub(super) fn choose(
        context: &Context,
        options: &LoginOptions,
        login: InteractiveLogin,
        issuer: &str,
    ) -> Result<Self, ActionError> {
        if login != InteractiveLogin::Paste {
            return Ok(Self::Listener(Self::listen(context, options, issuer)?));
        }
        let port = preferred_port(context, options, issuer).unwrap_or_else(random_port);
        let uri = options.callback.redirect_uri(port);
        let unusable = || listen_error(options, std::io::ErrorKind::InvalidInput.into());
        Ok(Self::Pasted(uri.ok_or_else(unusable)?))
    }

    /// Listens at the preferred port, or at another one if that is in use.
    ///
    /// # Errors
    /// [`BrowserLoginError::Listen`].
    pub(super) fn listen(
        context: &Context,
        options: &LoginOptions,
        issuer: &str,
    ) -> Result<LoopbackListener, ActionError> {
        let mut at_port = options.clone();
        at_port.callback.port = preferred_port(context, options, issuer);
        listen(&at_port).or_else(|_| listen(options))
    }

    pub(super) fn uri(&self) -> &Url {
        match self {
            Self::Listener(listener) => listener.redirect_uri(),
            Self::Pasted(uri) => uri,
        }
    }
}

/// Returns the named port, else the one of the redirect URI that a client is registered with at `issuer`: some servers
/// compare the whole URI.
fn preferred_port(context: &Context, options: &LoginOptions, issuer: &str) -> Option<u16> {
    let registered = || {
        let client = stored_registration(context, issuer)?;
        Url::parse(&client.redirect_uri).ok()?.port()
    };
    options.callback.port.or_else(registered)
}

fn listen(options: &LoginOptions) -> Result<LoopbackListener, ActionError> {
    LoopbackListener::bind(options.callback).map_err(|error| listen_error(options, error))
}

fn listen_error(options: &LoginOptions, source: std::io::Error) -> ActionError {
    let port = options.callback.port;
    let port = port.map_or_else(|| "a free port".to_owned(), |port| format!("port {port}"));
    BrowserLoginError::Listen {
        address: format!("{port} of this machine"),
        source,
    }
    .into()
}

fn random_port() -> u16 {
    let mut bytes = [0; 2];
    // The number is not secret: without randomness, any port serves.
    let _unchanged = getrandom::fill(&mut bytes);
    let count = DYNAMIC_PORTS.end() - DYNAMIC_PORTS.start();
    DYNAMIC_PORTS.start() + u16::from_be_bytes(bytes) % count
}
