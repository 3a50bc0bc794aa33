//! When this computer last used each token, by the audit log: few services report the last use.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::actions::ProfileSession;
use crate::domain::{CredentialEvent, EventRecord, Origin, ProfileName, TokenId};

/// The last use of a token on this computer. Other computers may have used it later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalUse {
    pub profile: ProfileName,
    pub token: TokenId,
    pub name: Option<String>,
    pub at: Timestamp,
}

impl ProfileSession<'_> {
    /// Returns the last use of each token at `origin`; none if there is no log, or it cannot be read: `doctor` reports that.
    pub(super) fn read_local_use(self, origin: &Origin) -> HashMap<TokenId, Timestamp> {
        let log = self.context.recorder.log.as_ref();
        let content = log.and_then(|log| log.read().ok().flatten());
        let (provider, origin) = (self.target.descriptor.id.to_string(), origin.to_string());
        let is_of_service = |event: &EventRecord| {
            event.provider.as_ref() == Some(&provider) && event.origin.as_ref() == Some(&origin)
        };
        let mut uses = HashMap::new();
        for event in content.unwrap_or_default().events {
            if event.result == EventRecord::OK
                && CredentialEvent::is_use(&event.event)
                && is_of_service(&event)
                && let Some(id) = event.token_id
            {
                // The log is in order, but the clock may not be.
                let at = uses.entry(TokenId::new(id)).or_insert(event.time);
                *at = event.time.max(*at);
            }
        }
        uses
    }
}
