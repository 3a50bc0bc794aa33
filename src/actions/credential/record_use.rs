//! Records in the audit log that a credential was handed out.

use crate::actions::event_recorder::{fingerprint, public_id};
use crate::actions::{AuthenticatedClient, ProfileSession, ResolvedCredential};
use crate::domain::CredentialEvent;

impl ProfileSession<'_> {
    /// Records that the credential in use was handed out.
    pub fn record_use(self, event: CredentialEvent, selected: &ResolvedCredential) {
        self.record_event(event, |record| {
            let stored = selected.stored.as_ref();
            let own = stored.and_then(|stored| self.stored_token_id(stored));
            record.origin = Some(selected.base.origin().to_string());
            record.source = Some(selected.source.id());
            record.token_id = own.or_else(|| self.created_token_id(selected));
            record.fingerprint = Some(fingerprint(&selected.credential.secret));
        });
    }

    /// Returns the id of the token if this computer created the key.
    fn created_token_id(self, selected: &ResolvedCredential) -> Option<String> {
        let origin = selected.base.origin();
        let keys = self.vault().created_keys().ok()?;
        public_id(keys.id_of(self.issuing_profile(&origin), &selected.credential.secret)?)
    }
}

impl AuthenticatedClient<'_> {
    /// Records that requests were sent with the credential.
    pub fn record_use(&self, event: CredentialEvent) {
        // No request is in progress any more.
        if let Ok(selected) = self.selected.try_lock() {
            self.session.record_use(event, &selected);
        }
    }
}
