//! Reads a session while the profile lock is held.

use jiff::Timestamp;

use crate::actions::{ActionError, ProfileSession};
use crate::domain::StoredCredential;
use crate::vault::{ProfileLock, Storage};

/// The stored session, read while the lock is held.
pub(crate) struct SessionRead {
    pub(crate) current: StoredCredential,
    /// The start of an earlier refresh whose result was never saved.
    pub(crate) lost: Option<Timestamp>,
}

/// Reads the stored session that replaced `seen`, and finishes an interrupted refresh.
pub(crate) fn read_session(
    session: ProfileSession<'_>,
    lock: &ProfileLock,
    seen: &StoredCredential,
) -> Result<SessionRead, ActionError> {
    let current = read_session_like(session, seen)?;
    let (current, lost) = recover_interrupted_refresh(session, lock, current)?;
    Ok(SessionRead { current, lost })
}

/// Reads the stored session that replaced `seen`. Fails if it belongs to another server.
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
    let lost = token.and_then(|token| lock.interrupted_refresh(token));
    if lost.is_none() || session.storage() != Storage::File {
        return Ok((current, lost));
    }
    let rescued = session.vault().recover_written_credential(lock, &current)?;
    Ok(rescued.map_or((current, lost), |rescued| (rescued, None)))
}

pub(super) fn is_same_origin(one: &StoredCredential, other: &StoredCredential) -> bool {
    one.provider == other.provider
        && one.origin == other.origin
        && one.bound_base() == other.bound_base()
}
