//! Calls the `keyring` crate, each call on its own thread and with a timeout.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use super::{KeyringError, TIMEOUT};
use crate::domain::sanitize_line;

pub(super) fn get(service: &str, user: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
    let open = entry_opener(service, user);
    run_with_timeout(TIMEOUT, move || {
        let bytes = open()?.get_secret().map(Zeroizing::new);
        none_if_missing(bytes)
    })
}

pub(super) fn set(
    service: &str,
    user: &str,
    bytes: Zeroizing<Vec<u8>>,
) -> Result<(), KeyringError> {
    let open = entry_opener(service, user);
    run_with_timeout(TIMEOUT, move || {
        open()?.set_secret(&bytes).map_err(to_keyring_error)
    })
}

pub(super) fn delete(service: &str, user: &str) -> Result<bool, KeyringError> {
    let open = entry_opener(service, user);
    run_with_timeout(TIMEOUT, move || {
        none_if_missing(open()?.delete_credential()).map(|deleted| deleted.is_some())
    })
}

fn entry_opener(
    service: &str,
    user: &str,
) -> impl FnOnce() -> Result<Entry, KeyringError> + Send + 'static {
    let (service, user) = (service.to_owned(), user.to_owned());
    move || {
        if let Err(error) = Entry::store_status() {
            let reason = error_text(error);
            return Err(KeyringError::NoService { reason });
        }
        Entry::new(&service, &user).map_err(to_keyring_error)
    }
}

/// Runs `work` on its own thread. After a timeout the thread is abandoned; it ends with the process.
fn run_with_timeout<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, KeyringError> + Send + 'static,
) -> Result<T, KeyringError> {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::Builder::new().name("keyring".to_owned());
    // After the timeout there is no receiver, and the result is dropped.
    let spawned = thread.spawn(move || drop(sender.send(work())));
    let other = |reason: String| KeyringError::Other { reason };
    spawned.map_err(|error| other(error.to_string()))?;
    receiver.recv_timeout(limit).unwrap_or_else(|error| {
        Err(match error {
            RecvTimeoutError::Timeout => KeyringError::TimedOut,
            RecvTimeoutError::Disconnected => other("the keyring client panicked".to_owned()),
        })
    })
}

fn none_if_missing<T>(result: Result<T, Error>) -> Result<Option<T>, KeyringError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(to_keyring_error(error)),
    }
}

fn to_keyring_error(error: Error) -> KeyringError {
    let locked = |text: &str| text.contains("IsLocked") || text.contains("object locked");
    match error {
        Error::TooLong(_, limit) => KeyringError::TooLarge {
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
        },
        Error::NoStorageAccess(_) => KeyringError::Locked,
        // The Secret Service client reports a locked collection like this when it creates an item.
        Error::PlatformFailure(ref inner) if locked(&inner.to_string()) => KeyringError::Locked,
        other => KeyringError::Other {
            reason: error_text(&other),
        },
    }
}

/// Returns the crate's message, but not for variants that contain the stored secret.
fn error_text(error: &Error) -> String {
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "the entry is malformed".to_owned(),
        Error::Ambiguous(entries) => format!("{} entries match", entries.len()),
        Error::PlatformFailure(inner) => sanitize_line(&inner.to_string()),
        other => sanitize_line(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hanging_and_panicking_keyrings_return_errors() {
        let hangs = run_with_timeout(Duration::from_millis(20), || {
            thread::sleep(Duration::from_secs(2));
            Ok(())
        });
        assert_eq!(hangs, Err(KeyringError::TimedOut));
        // `resume_unwind` panics without a message on stderr.
        let panics: Result<(), _> =
            run_with_timeout(TIMEOUT, || std::panic::resume_unwind(Box::new(())));
        assert!(
            matches!(panics, Err(KeyringError::Other { .. })),
            "{panics:?}"
        );
    }

    #[test]
    fn keyring_errors_are_classified_and_never_quote_the_secret() {
        let inner = |text: &str| Box::<dyn std::error::Error + Send + Sync>::from(text);
        let name = "org.freedesktop.Secret.Error.IsLocked: no";
        assert_eq!(
            to_keyring_error(Error::PlatformFailure(inner(name))),
            KeyringError::Locked
        );
        assert_eq!(
            to_keyring_error(Error::NoStorageAccess(inner("x"))),
            KeyringError::Locked
        );
        let limit = 2560;
        assert_eq!(
            to_keyring_error(Error::TooLong("secret".into(), limit)),
            KeyringError::TooLarge { limit: 2560 }
        );
        let quoting = to_keyring_error(Error::BadDataFormat(b"canary".to_vec(), inner("canary")));
        assert!(
            !format!("{quoting} {quoting:?}").contains("canary"),
            "{quoting:?}"
        );
        assert_eq!(none_if_missing::<()>(Err(Error::NoEntry)), Ok(None));
    }
}
