//! Decides whether a login may replace the stored credential of another server, which requires the user's consent, and
//! revokes the session that the login replaced.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::actions::credential::revoke_session::{revoke_refresh_token, revoke_session};
use crate::actions::login::authorization_server::expected_base;
use crate::actions::login::resource_target::login_target;
use crate::actions::{
    ActionError, Context, LoginOptions, ProfileSession, Replacement, RevocationOutcome,
    SessionError, Target,
};
use crate::domain::{
    CredentialKind, Freshness, Origin, ProfileName, StoredCredential, format_relative,
    sanitize_line,
};

/// Time limit for revoking a replaced session.
const REVOCATION_TIMEOUT: Duration = Duration::from_secs(10);

/// Returns the credential of another server that a login with `options` would replace. Sends nothing.
///
/// # Errors
/// If the settings are invalid.
pub fn find_replacement(
    context: &Context,
    options: &LoginOptions,
) -> Result<Option<Replacement>, ActionError> {
    let target = login_target(context, options)?;
    let session = context.session(&target);
    let base = expected_base(session, options);
    Ok(base.and_then(|base| find_replaced_by_login(session, &base.origin())))
}

/// A credential of the same server that a login replaces.
#[derive(Debug, Clone)]
pub struct ActiveLogin {
    pub profile: ProfileName,
    pub account: Option<String>,
    pub kind: CredentialKind,
    pub origin: Origin,
    /// `None` if the expiry is unknown, or the session is refreshed automatically.
    pub expires_at: Option<Timestamp>,
}

impl ActiveLogin {
    /// Returns whose credential it is and how long it is valid: `profile "work" is signed in as a@example.com`.
    pub fn description(&self, now: Timestamp) -> String {
        let account = match &self.account {
            Some(account) => format!("as {}", sanitize_line(account)),
            None => format!("with the {} for {}", self.kind.label(), self.origin),
        };
        let expiry = self.expires_at.map_or_else(String::new, |end| {
            format!(", expires {}", format_relative(now, end))
        });
        format!(
            "profile \"{}\" is signed in {account}{expiry}",
            self.profile
        )
    }
}

/// Returns the usable credential that a login with `options` would replace. Sends nothing.
///
/// # Errors
/// As [`find_replacement`].
pub fn find_active_login(
    context: &Context,
    options: &LoginOptions,
) -> Result<Option<ActiveLogin>, ActionError> {
    let target = login_target(context, options)?;
    let session = context.session(&target);
    Ok(active_credential(session).map(|stored| ActiveLogin {
        profile: target.name.clone(),
        kind: stored.credential.kind,
        expires_at: stored
            .expires_at()
            .filter(|_| !session.can_refresh(&stored)),
        origin: stored.origin,
        account: stored.account,
    }))
}

/// Fails if a login at `origin` would replace a credential of another server without consent.
pub(crate) fn check_replacement(
    session: ProfileSession<'_>,
    origin: &Origin,
) -> Result<(), ActionError> {
    match find_replaced_by_login(session, origin) {
        Some(replacement) if !session.context.options.replace => Err(replacement.into()),
        _ => Ok(()),
    }
}

fn find_replaced_by_login(session: ProfileSession<'_>, new: &Origin) -> Option<Replacement> {
    let old = active_credential(session)?;
    let is_other_server = old.origin != *new || old.provider != session.target.descriptor.id;
    is_other_server.then(|| Replacement {
        profile: session.target.name.clone(),
        old: old.origin,
        new: new.clone(),
        provider: session.target.descriptor.id.clone(),
    })
}

/// Returns the stored credential unless it has expired and cannot be refreshed. A damaged one is ignored: saving the
/// login quarantines it.
pub(crate) fn active_credential(session: ProfileSession<'_>) -> Option<StoredCredential> {
    let storage = session
        .target
        .reload_storage(session.context)
        .profile
        .storage;
    let stored = session
        .vault()
        .read(&session.target.name, storage)
        .ok()
        .flatten();
    stored.filter(|stored| {
        let freshness = session.context.freshness_of(stored, SignedDuration::ZERO);
        freshness != Freshness::Expired || session.can_refresh(stored)
    })
}

/// Revokes a replaced session of another server. Returns a note for the user; a session that unexpectedly stays valid
/// is a warning.
pub(crate) async fn revoke_replaced(
    session: ProfileSession<'_>,
    old: &StoredCredential,
    new: &StoredCredential,
) -> Option<String> {
    let (kind, origin) = (old.credential.kind, &old.origin);
    let is_same_account = is_same_account(old, new);
    let is_same_server = *origin == new.origin && old.provider == new.provider;
    if is_same_server && old.credential == new.credential {
        return None;
    }
    if is_same_server && is_same_account {
        return Some(describe_previous(old));
    }
    let old_target = target_at_origin(session, origin);
    let revoking = revoke_session(session.context.session(&old_target), old);
    let reason = match await_revocation(revoking).await {
        Ok(()) => {
            return Some(format!(
                "revoked the replaced {} for {origin}",
                kind.label()
            ));
        }
        Err(reason) => reason,
    };
    session.context.warn(format!(
        "the replaced {} for {origin} is still valid{}{reason}",
        kind.label(),
        validity_note(kind)
    ));
    None
}

/// Returns the note that a new login of the same account did not revoke the previous credential.
fn describe_previous(old: &StoredCredential) -> String {
    let (kind, origin) = (old.credential.kind, &old.origin);
    if old.refresh_token.is_some() {
        // The session does not expire with its access token.
        return format!(
            "the previous session is still valid at {origin}; to revoke a session, run `logout` before the next login"
        );
    }
    let note = validity_note(kind);
    format!(
        "the previous {} is still valid at {origin}{note}",
        kind.label()
    )
}

/// Returns whether `new` extends the session `old`, of the same account.
///
/// # Errors
/// [`SessionError::OtherAccount`] if the user signed in with another account, without consent to replace the session.
pub(crate) fn is_extension_of(
    session: ProfileSession<'_>,
    old: Option<&StoredCredential>,
    new: &StoredCredential,
) -> Result<bool, SessionError> {
    let Some(old) = old else {
        return Ok(false);
    };
    let is_same = is_same_account(old, new);
    if is_same || session.context.options.replace {
        return Ok(is_same);
    }
    Err(SessionError::OtherAccount {
        profile: session.target.name.to_string(),
    })
}

/// Revokes the refresh token of a session that the new one extends, unless the new session could end with it or has fewer
/// scopes than requested. Returns a note for the user.
pub(crate) async fn revoke_extended(
    session: ProfileSession<'_>,
    old: &StoredCredential,
    new: &StoredCredential,
    is_complete: bool,
) -> Option<String> {
    let token = old.refresh_token.as_ref()?;
    // The server extended the grant of the old refresh token.
    if new.refresh_token.as_ref() == Some(token) {
        return None;
    }
    let reason = if new.refresh_token.is_none() {
        " (the new session has no refresh token)".to_owned()
    } else if !is_complete {
        " (not all scopes were granted)".to_owned()
    } else {
        let revoking = revoke_refresh_token(session, old.oauth_server.as_ref()?, token);
        match await_revocation(revoking).await {
            Ok(()) => return Some("revoked the refresh token of the previous session".to_owned()),
            Err(reason) => reason,
        }
    };
    session.context.warn(format!(
        "the previous session is still valid{}{reason}",
        validity_note(old.credential.kind)
    ));
    None
}

/// Waits for a revocation. Fails with the reason, in brackets, if the session may still be valid.
async fn await_revocation(
    revoking: impl Future<Output = Result<RevocationOutcome, ActionError>>,
) -> Result<(), String> {
    match tokio::time::timeout(REVOCATION_TIMEOUT, revoking).await {
        Ok(Ok(RevocationOutcome::Revoked)) => Ok(()),
        Ok(Ok(RevocationOutcome::Refused(reason))) => Err(format!(" ({reason})")),
        Ok(Err(error)) => Err(format!(" ({error})")),
        Err(_) => Err(" (the server did not respond)".to_owned()),
        Ok(Ok(RevocationOutcome::NotOffered | RevocationOutcome::NotAsked)) => Err(String::new()),
    }
}

/// Compares the identifiers of the accounts, else their names. Unknown accounts count as the same.
fn is_same_account(old: &StoredCredential, new: &StoredCredential) -> bool {
    let is_same =
        |old: &Option<String>, new: &Option<String>| Some(old.as_deref()? == new.as_deref()?);
    is_same(&old.subject, &new.subject)
        .or_else(|| is_same(&old.account, &new.account))
        .unwrap_or(true)
}

fn validity_note(kind: CredentialKind) -> &'static str {
    if kind == CredentialKind::ApiKey {
        return ": revoke it if nothing else uses it";
    }
    " until it expires or is revoked on the website of the service"
}

/// Returns the same profile at the server of its previous credential.
fn target_at_origin(session: ProfileSession<'_>, origin: &Origin) -> Target {
    let configured = session.target.configured_base(session.context);
    let configured = configured.filter(|base| base.origin() == *origin);
    Target {
        base: configured.or_else(|| origin.to_string().parse().ok()),
        ..session.target.clone()
    }
}
