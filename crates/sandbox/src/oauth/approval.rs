//! Approves or denies a device authorization request (RFC 8628 §3.3).

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::UserCode;
use crate::base::{Millis, SandboxError};
use crate::oauth::Scopes;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Approve for the account with this id.
    Approve(i64),
    Deny,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestStatus {
    Pending,
    /// Approved; the device may or may not have fetched its tokens.
    Approved,
    Denied,
    /// Expired without a decision.
    Expired,
}

impl RequestStatus {
    /// Interprets a stored state.
    pub(super) fn parse(state: &str, is_expired: bool) -> Self {
        match state {
            "denied" => Self::Denied,
            "approved" | "redeemed" => Self::Approved,
            _ if is_expired => Self::Expired,
            _ => Self::Pending,
        }
    }

    pub(super) fn check_pending(self) -> Result<(), SandboxError> {
        match self {
            Self::Pending => Ok(()),
            Self::Expired => Err(SandboxError::CodeExpired),
            Self::Approved | Self::Denied => Err(SandboxError::AlreadyDecided),
        }
    }
}

/// A device authorization request, as shown to the person.
#[derive(Debug, Clone)]
pub(crate) struct DeviceRequest {
    pub(crate) user_code: UserCode,
    /// The id of the service.
    pub(crate) service: String,
    pub(crate) client_name: String,
    pub(crate) scopes: Scopes,
    pub(crate) created_at: Millis,
    pub(crate) status: RequestStatus,
}

pub(crate) fn find_request(
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
            status: RequestStatus::parse(
                &row.get::<_, String>(4)?,
                row.get::<_, Millis>(3)? <= now,
            ),
            client_name: row.get(5)?,
        })
    };
    let sql = "SELECT service, scopes, created_at, expires_at, state, client_name FROM device_codes WHERE user_code = ?1";
    Ok(connection
        .query_row(sql, [code.as_str()], read)
        .optional()?)
}

/// Returns the codes that wait for a decision, the newest first.
pub(crate) fn pending_codes(
    connection: &Connection,
    now: Millis,
) -> Result<Vec<String>, SandboxError> {
    let sql = "SELECT user_code FROM device_codes WHERE state = 'pending' AND expires_at > ?1 ORDER BY created_at DESC";
    let mut statement = connection.prepare(sql)?;
    let codes = statement.query_map([now], |row| row.get::<_, String>(0))?;
    let codes = codes.filter_map(|code| Some(UserCode::parse(&code.ok()?)?.to_string()));
    Ok(codes.collect())
}

/// Stores the decision. Returns an error unless the request is pending.
pub(crate) fn decide(
    tx: &Transaction<'_>,
    now: Millis,
    code: &UserCode,
    decision: Decision,
) -> Result<(), SandboxError> {
    let request = find_request(tx, now, code)?.ok_or(SandboxError::UnknownCode)?;
    request.status.check_pending()?;
    let (state, account) = match decision {
        Decision::Approve(account) => ("approved", Some(account)),
        Decision::Deny => ("denied", None),
    };
    tx.execute(
        "UPDATE device_codes SET state = ?2, account_id = ?3 WHERE user_code = ?1",
        params![code.as_str(), state, account],
    )?;
    Ok(())
}
