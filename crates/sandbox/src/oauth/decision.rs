//! The person's yes or no to a device's request (RFC 8628 §3.3).

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::UserCode;
use crate::SandboxError;
use crate::oauth::Scopes;
use crate::store::Millis;

/// What a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// For the account with this id.
    Approve(i64),
    /// Nobody gets anything.
    Deny,
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Waiting for a person.
    Pending,
    /// Approved, whether or not the device has fetched its tokens.
    Approved,
    /// Denied.
    Denied,
    /// Nobody decided in time.
    Expired,
}

/// A device's request, as the person sees it.
#[derive(Debug, Clone)]
pub(crate) struct DeviceRequest {
    /// What identifies it.
    pub(crate) user_code: UserCode,
    /// The service it was made at.
    pub(crate) service: String,
    /// What it asks for.
    pub(crate) scopes: Scopes,
    /// When it was made.
    pub(crate) created_at: Millis,
    /// How it stands.
    pub(crate) standing: Standing,
}

/// The request behind `code`.
pub(crate) fn look_up(
    connection: &Connection,
    now: Millis,
    code: &UserCode,
) -> Result<Option<DeviceRequest>, SandboxError> {
    let read = |row: &Row<'_>| {
        Ok(DeviceRequest {
            user_code: code.clone(),
            service: row.get(0)?,
            scopes: Scopes::parse(&row.get::<_, String>(1)?),
            created_at: row.get(2)?,
            standing: standing(&row.get::<_, String>(4)?, row.get::<_, Millis>(3)? <= now),
        })
    };
    let sql = "SELECT service, scopes, created_at, expires_at, state FROM device_codes WHERE user_code = ?1";
    Ok(connection
        .query_row(sql, [code.letters()], read)
        .optional()?)
}

fn standing(state: &str, over: bool) -> Standing {
    match state {
        "denied" => Standing::Denied,
        "approved" | "redeemed" => Standing::Approved,
        _ if over => Standing::Expired,
        _ => Standing::Pending,
    }
}

/// Decides, once.
pub(crate) fn decide(
    tx: &Transaction<'_>,
    now: Millis,
    code: &UserCode,
    decision: Decision,
) -> Result<(), SandboxError> {
    let request = look_up(tx, now, code)?.ok_or(SandboxError::UnknownCode)?;
    match request.standing {
        Standing::Pending => {}
        Standing::Expired => return Err(SandboxError::CodeExpired),
        Standing::Approved | Standing::Denied => return Err(SandboxError::AlreadyDecided),
    }
    let (state, account) = match decision {
        Decision::Approve(account) => ("approved", Some(account)),
        Decision::Deny => ("denied", None),
    };
    tx.execute(
        "UPDATE device_codes SET state = ?2, account_id = ?3 WHERE user_code = ?1",
        params![code.letters(), state, account],
    )?;
    Ok(())
}
