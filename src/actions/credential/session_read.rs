//! Reads the stored session while the profile lock is held, and completes a refresh that another process did not finish.
//! Sends nothing.

use jiff::Timestamp;

use crate::actions::{ActionError, ProfileSession};
use crate::domain::StoredCredential;
use crate::vault::{ProfileLock, Storage};

/// The stored session, read while the lock is held.
pub(crate) struct SessionRead {
    pub(crate) current: StoredCredential,
    /// When an earlier refresh began whose result was never saved.
    pub(crate) lost_refresh_at: Option<Timestamp>,
}

/// Prepares the keyring, and reads the session that is stored now, perhaps another one than the caller read before as
/// `seen`. Completes a refresh
/// whose process died before it renamed the new file.
pub(crate) async fn read_session(
    session: ProfileSession<'_>,
    lock: &ProfileLock,
    seen: &StoredCredential,
) -> Result<SessionRead, ActionError> {
    let prepared = session.vault().prepare_keyring(lock, session.storage());
    Box::pin(prepared).await?;
    let current = read_session_like(session, seen)?;
    let (current, lost_refresh_at) = recover_interrupted_refresh(session, lock, current)?;
    Ok(SessionRead {
        current,
        lost_refresh_at,
    })
}

/// Reads the session that is stored now. Fails if it belongs to another server than `seen`.
fn read_session_like(
    session: ProfileSession<'_>,
    seen: &StoredCredential,
) -> Result<StoredCredential, ActionError> {
    let current = session.read_stored()?;
    let current = current.filter(|current| is_same_origin(current, seen));
    current.ok_or_else(|| ActionError::LoginRequired {
        profile: session.target.name.to_string(),
        variable: session.target.descriptor.environment.api_key.clone(),
        reasons: Vec::new(),
    })
}

/// Returns the stored credential and the start time of an earlier refresh whose result was never saved. If that process
/// died after writing the new file but before renaming it, finishes the rename.
fn recover_interrupted_refresh(
    session: ProfileSession<'_>,
    lock: &ProfileLock,
    current: StoredCredential,
) -> Result<(StoredCredential, Option<Timestamp>), ActionError> {
    let token = current.refresh_token.as_ref();
    let lost_refresh_at = token.and_then(|token| lock.interrupted_refresh(token));
    if lost_refresh_at.is_none() || session.storage() != Storage::File {
        return Ok((current, lost_refresh_at));
    }
    let rescued = session.vault().recover_written_credential(lock, &current)?;
    Ok(rescued.map_or((current, lost_refresh_at), |rescued| (rescued, None)))
}

pub(super) fn is_same_origin(one: &StoredCredential, other: &StoredCredential) -> bool {
    one.provider == other.provider
        && one.origin == other.origin
        && one.bound_base() == other.bound_base()
}
