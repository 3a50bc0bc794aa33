//! Stores authorization requests and the person's decision.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::authorization_response::{AuthorizationResponse, ResponseMode};
use super::redirect_uri::ResponseTarget;
use super::valid_request::{Prompt, ValidRequest};
use super::{AuthServer, Decision, RequestStatus, Scopes};
use crate::base::{Millis, SandboxError, deadline, secrets};
use crate::state::account;

pub(super) const SCHEMA: &str = "
    CREATE TABLE authorization_requests (
        id TEXT PRIMARY KEY,
        service TEXT NOT NULL,
        client_id TEXT NOT NULL,
        client_name TEXT NOT NULL,
        redirect_uri TEXT NOT NULL,
        response_state TEXT,
        response_mode TEXT NOT NULL,
        issuer TEXT NOT NULL,
        scopes TEXT NOT NULL,
        resource TEXT,
        challenge TEXT,
        nonce TEXT,
        prompt TEXT CHECK (prompt IN ('none', 'login')),
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'redeemed')),
        account_id INTEGER,
        decided_at INTEGER,
        code BLOB UNIQUE,
        grant_id TEXT
    ) STRICT;";

/// Keeps requests for a day after expiry, so that a code that is used twice is recognized.
pub(super) const DELETE_EXPIRED: &[&str] =
    &["DELETE FROM authorization_requests WHERE expires_at < ?1 - 86400000"];

/// How long a code is valid. RFC 6749 §4.1.2 recommends at most ten minutes.
pub(super) const CODE_LIFETIME: Millis = 60_000;

/// The outcome of a valid request.
pub(crate) enum Started {
    /// The id of the request, which a person decides.
    Pending(String),
    Decided(AuthorizationResponse),
}

/// An authorization request, as shown to the person.
pub(crate) struct StoredRequest {
    pub(crate) id: String,
    pub(crate) client_name: String,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Scopes,
    pub(crate) prompt: Option<Prompt>,
    pub(crate) created_at: Millis,
    pub(crate) status: RequestStatus,
    response_state: Option<String>,
    response_mode: ResponseMode,
    issuer: String,
}

impl StoredRequest {
    fn target(&self) -> ResponseTarget {
        ResponseTarget {
            redirect_uri: self.redirect_uri.clone(),
            state: self.response_state.clone(),
            mode: self.response_mode,
            issuer: self.issuer.clone(),
        }
    }
}

/// Stores `request`, and decides it at once if the sandbox approves every sign-in.
pub(super) fn start(server: &AuthServer, request: &ValidRequest) -> Result<Started, SandboxError> {
    let id = secrets::uuid()?;
    server.sandbox.write(|tx, now| {
        insert(tx, now, server, request, &id)?;
        if !server.sandbox.settings().auto_approve {
            return Ok(Started::Pending(id));
        }
        let decision = Decision::Approve(account::DEMO_ID);
        let response = decide_authorization(tx, now, server, &id, decision)?;
        Ok(Started::Decided(response))
    })
}

fn insert(
    tx: &Transaction<'_>,
    now: Millis,
    server: &AuthServer,
    request: &ValidRequest,
    id: &str,
) -> Result<(), SandboxError> {
    let (target, requested) = (&request.target, &request.requested);
    tx.execute(
        "INSERT INTO authorization_requests (id, service, client_id, client_name, redirect_uri, response_state, issuer,
            scopes, resource, challenge, nonce, prompt, created_at, expires_at, response_mode, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 'pending')",
        params![
            id,
            server.service.id,
            request.client.id,
            request.client.name,
            target.redirect_uri,
            target.state,
            target.issuer,
            requested.access.scopes.to_string(),
            requested.access.resource,
            requested.challenge,
            requested.nonce,
            requested.prompt.map(Prompt::as_str),
            now,
            deadline(now, server.sandbox.settings().code_ttl),
            target.mode.as_str(),
        ],
    )?;
    Ok(())
}

/// Returns the request with this id at `server`.
pub(crate) fn find_authorization(
    connection: &Connection,
    now: Millis,
    server: &AuthServer,
    id: &str,
) -> Result<Option<StoredRequest>, SandboxError> {
    let read = |row: &Row<'_>| {
        let is_expired = row.get::<_, Millis>(7)? <= now;
        Ok(StoredRequest {
            id: id.to_owned(),
            client_name: row.get(0)?,
            redirect_uri: row.get(1)?,
            response_state: row.get(2)?,
            response_mode: ResponseMode::parse(&row.get::<_, String>(9)?)
                .unwrap_or(ResponseMode::Query),
            issuer: row.get(3)?,
            scopes: Scopes::parse(&row.get::<_, String>(4)?),
            prompt: row
                .get::<_, Option<String>>(5)?
                .and_then(|prompt| Prompt::parse(&prompt)),
            created_at: row.get(6)?,
            status: RequestStatus::parse(&row.get::<_, String>(8)?, is_expired),
        })
    };
    let sql = "SELECT client_name, redirect_uri, response_state, issuer, scopes, prompt, created_at, expires_at, state,
            response_mode
        FROM authorization_requests WHERE id = ?1 AND service = ?2";
    let key = params![id, server.service.id];
    Ok(connection.query_row(sql, key, read).optional()?)
}

/// Stores the decision. Returns the response, or an error unless the request is pending.
pub(crate) fn decide_authorization(
    tx: &Transaction<'_>,
    now: Millis,
    server: &AuthServer,
    id: &str,
    decision: Decision,
) -> Result<AuthorizationResponse, SandboxError> {
    let request = find_pending(tx, now, server, id)?;
    let Decision::Approve(account) = decision else {
        return deny(
            tx,
            &request,
            "access_denied",
            "the person denied the request",
        );
    };
    let code = secrets::generate("ac_")?;
    tx.execute(
        "UPDATE authorization_requests SET state = 'approved', account_id = ?2, decided_at = ?3, expires_at = ?4, code = ?5
         WHERE id = ?1",
        params![
            id,
            account,
            now,
            now + CODE_LIFETIME,
            secrets::hash(code.expose())
        ],
    )?;
    Ok(request.target().with_code(code.expose()))
}

/// Ends a request that must not be shown (`prompt=none`). Returns the error response.
pub(crate) fn refuse_authorization(
    tx: &Transaction<'_>,
    request: &StoredRequest,
    error: &'static str,
) -> Result<AuthorizationResponse, SandboxError> {
    deny(
        tx,
        request,
        error,
        "the person must sign in or decide on a page, which the prompt forbids",
    )
}

fn deny(
    tx: &Transaction<'_>,
    request: &StoredRequest,
    error: &str,
    description: &str,
) -> Result<AuthorizationResponse, SandboxError> {
    tx.execute(
        "UPDATE authorization_requests SET state = 'denied' WHERE id = ?1",
        [&request.id],
    )?;
    Ok(request.target().with_error(error, description))
}

fn find_pending(
    tx: &Transaction<'_>,
    now: Millis,
    server: &AuthServer,
    id: &str,
) -> Result<StoredRequest, SandboxError> {
    let request = find_authorization(tx, now, server, id)?.ok_or(SandboxError::UnknownCode)?;
    request.status.check_pending()?;
    Ok(request)
}
