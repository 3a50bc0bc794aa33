//! Records in the audit log who used or changed a credential. A log that cannot be written never fails a command.

use crate::actions::{Context, ProfileSession};
use crate::domain::{
    CredentialEvent, EventRecord, Hint, Secret, StoredCredential, TokenId, Warning,
};
use crate::host::calling_process;
use crate::vault::{EventLog, VaultError};

/// The credential sources that the log names without a lookup.
pub(crate) const STORED: &str = "stored";
pub(crate) const WORKLOAD: &str = "workload";

/// The key of the warning, which comes once per command.
pub const AUDIT_LOG: &str = "audit log";

/// The warning about a log that cannot be written.
pub fn audit_log_warning(error: &VaultError) -> Warning {
    let text = format!("cannot write the audit log: {}", error.to_line());
    Warning::with_hint(text, Hint::run("doctor"))
}

impl Context {
    fn write_event(&self, log: &EventLog, record: &EventRecord) {
        if let Err(error) = log.append(record) {
            self.warn_once(AUDIT_LOG, audit_log_warning(&error));
        }
    }

    /// Records that the setting of the audit log changes, before it does.
    pub fn record_log_setting(&self) {
        let Some(log) = &self.recorder.log else {
            return;
        };
        if let Err(error) = log.append(&self.new_event(CredentialEvent::LogSetting)) {
            let cause = error.to_line();
            self.warn(format!(
                "cannot write the change to the previous audit log: {cause}"
            ));
        }
    }

    /// Records that the events without a result failed with the error code `result`, while the command goes on.
    pub fn record_failures(&self, result: &str) {
        if let Err(error) = self.recorder.pending.fail(result) {
            self.warn_once(AUDIT_LOG, audit_log_warning(&error));
        }
    }

    fn new_event(&self, event: CredentialEvent) -> EventRecord {
        EventRecord {
            time: self.now(),
            event: event.name().to_owned(),
            result: EventRecord::OK.to_owned(),
            sandbox: self.options.sandbox,
            process: calling_process(&self.environment),
            ..EventRecord::default()
        }
    }
}

impl ProfileSession<'_> {
    /// Notes that `event` begins. If the command fails before the event is recorded, its failure is recorded.
    pub fn begin_event(self, event: CredentialEvent) {
        if let Some(log) = &self.context.recorder.log {
            let pending = &self.context.recorder.pending;
            pending.insert(log, self.new_event(event));
        }
    }

    /// Forgets an event that began, because it did not happen.
    pub fn cancel_event(self, event: CredentialEvent) {
        if self.context.recorder.log.is_some() {
            let pending = &self.context.recorder.pending;
            pending.remove(&self.new_event(event));
        }
    }

    /// Records that the stored credential changed: `None` if it is unknown.
    pub(crate) fn record_stored(self, event: CredentialEvent, stored: Option<&StoredCredential>) {
        self.record_event(event, |record| {
            record.source = Some(STORED.to_owned());
            if let Some(stored) = stored {
                record.origin = Some(stored.origin.to_string());
                record.token_id = self.stored_token_id(stored);
                record.fingerprint = Some(fingerprint(&stored.credential.secret));
            }
        });
    }

    /// Records a session for the identity of this process, which is not stored.
    pub(crate) fn record_workload_login(self, session: &StoredCredential) {
        self.record_event(CredentialEvent::Login, |record| {
            record.source = Some(WORKLOAD.to_owned());
            record.origin = Some(session.origin.to_string());
            record.fingerprint = Some(fingerprint(&session.credential.secret));
        });
    }

    /// Records that token `id` changed; `None` for all of a kind.
    pub(crate) fn record_token(self, event: CredentialEvent, id: Option<&TokenId>) {
        self.record_event(event, |record| record.token_id = id.and_then(public_id));
    }

    pub(crate) fn record_new_token(
        self,
        event: CredentialEvent,
        id: Option<&TokenId>,
        secret: &Secret,
    ) {
        self.record_event(event, |record| {
            record.token_id = id.and_then(public_id);
            record.fingerprint = Some(fingerprint(secret));
        });
    }

    /// Records the new token of a rotation.
    pub(crate) fn record_rotated(self, id: Option<&TokenId>, secret: &Secret) {
        self.record_new_token(CredentialEvent::TokenRotate, id, secret);
    }

    /// Records that a key was revoked whose token is unknown.
    #[cfg(feature = "scan")]
    pub(crate) fn record_revoked_key(self, key: &Secret) {
        self.record_new_token(CredentialEvent::TokenRevoke, None, key);
    }

    /// Records that the event failed for a token with the error code `result`, while the command goes on. Without the id:
    /// what the user typed may be a key.
    pub fn record_failed_token(self, event: CredentialEvent, result: &str) {
        self.record_event(event, |record| result.clone_into(&mut record.result));
    }

    /// Returns the service's id of the credential, unless its ids are secrets.
    pub(crate) fn stored_token_id(self, stored: &StoredCredential) -> Option<String> {
        let is_secret = self.target.descriptor.tokens.fields.id_is_secret;
        stored.token_id.clone().filter(|_| !is_secret)
    }

    /// Describes the event with `describe` and writes it. Does nothing if the log is off.
    pub(crate) fn record_event(
        self,
        event: CredentialEvent,
        describe: impl FnOnce(&mut EventRecord),
    ) {
        let Some(log) = &self.context.recorder.log else {
            return;
        };
        let mut record = self.new_event(event);
        self.context.recorder.pending.remove(&record);
        describe(&mut record);
        self.context.write_event(log, &record);
    }

    fn new_event(self, event: CredentialEvent) -> EventRecord {
        let base = self.target.base.as_ref();
        EventRecord {
            profile: Some(self.target.name.to_string()),
            provider: Some(self.target.descriptor.id.to_string()),
            origin: base.map(|base| base.origin().to_string()),
            ..self.context.new_event(event)
        }
    }
}

/// A plain hash, as in the reports of a scan, so that the log shows where a leaked key was used. Keys have too much entropy
/// to be guessed from it.
pub(crate) fn fingerprint(secret: &Secret) -> String {
    secret.fingerprint(Secret::REPORT_FINGERPRINT)
}

/// Returns `None` for an id that is a secret.
pub(crate) fn public_id(id: &TokenId) -> Option<String> {
    (!id.is_secret()).then(|| id.to_string())
}
