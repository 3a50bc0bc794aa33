//! Prepares the credential that is passed to another program. The program keeps it and cannot refresh it, so that it is
//! refreshed earlier than for a request of this program.

use jiff::SignedDuration;

use crate::actions::credential::client::{keeps_session, warn_refresh_postponed};
use crate::actions::{
    ActionError, AuthenticatedClient, PickedCredential, ProfileSession, Purpose, ResolvedCredential,
};
use crate::domain::{AuthHeader, Freshness, StoredCredential};

/// A credential that is handed over stays valid at least this long, unless the user requests another time.
const PREFERRED_TTL: SignedDuration = SignedDuration::from_mins(5);

/// The credential for another program, before its refresh.
pub struct Handover<'a> {
    session: ProfileSession<'a>,
    picked: PickedCredential,
    min_ttl: SignedDuration,
    /// Whether the credential is handed over although its refresh failed, if it is still valid.
    is_refresh_optional: bool,
}

impl<'a> Handover<'a> {
    /// Selects the credential without network access. Without `min_ttl`, it is refreshed if it expires within five
    /// minutes or a tenth of its lifetime, whichever is less.
    ///
    /// # Errors
    /// As [`PickedCredential::pick`].
    pub fn prepare(
        session: ProfileSession<'a>,
        min_ttl: Option<SignedDuration>,
    ) -> Result<Self, ActionError> {
        let required = min_ttl.unwrap_or_default();
        let picked = PickedCredential::pick(session, required, Purpose::Disclose)?;
        let preferred = match &picked {
            PickedCredential::Fresh(selected) => selected.stored.as_ref().and_then(preferred_ttl),
            PickedCredential::NeedsRefresh(_) => None,
        };
        let Some(preferred) = preferred.filter(|_| min_ttl.is_none()) else {
            return Ok(Self::new(session, picked, required));
        };
        Ok(Self {
            is_refresh_optional: true,
            ..Self::new(
                session,
                refresh_earlier(session, picked, preferred),
                preferred,
            )
        })
    }

    fn new(session: ProfileSession<'a>, picked: PickedCredential, min_ttl: SignedDuration) -> Self {
        Self {
            session,
            picked,
            min_ttl,
            is_refresh_optional: false,
        }
    }

    /// The selected credential, not refreshed yet.
    pub fn selected(&self) -> &ResolvedCredential {
        match &self.picked {
            PickedCredential::Fresh(selected) | PickedCredential::NeedsRefresh(selected) => {
                selected
            }
        }
    }

    pub fn needs_refresh(&self) -> bool {
        matches!(self.picked, PickedCredential::NeedsRefresh(_))
    }

    pub fn into_selected(self) -> ResolvedCredential {
        self.picked.into_resolved()
    }

    /// Refreshes the credential.
    ///
    /// # Errors
    /// As [`AuthenticatedClient::refresh_if_expiring`], unless the credential stays valid and the failure is temporary.
    pub async fn refresh(self) -> Result<ResolvedCredential, ActionError> {
        let access = AuthenticatedClient::with_credential(self.session, self.selected().clone());
        match access.refresh_if_expiring(self.min_ttl).await {
            Err(error) if self.is_refresh_optional && keeps_session(&error) => {
                warn_refresh_postponed(self.session.context, &error);
                Ok(self.into_selected())
            }
            other => other,
        }
    }
}

/// Returns how long the credential should stay valid; `None` if it has no expiry.
fn preferred_ttl(stored: &StoredCredential) -> Option<SignedDuration> {
    let lifetime = stored.expires_at()?.duration_since(stored.expiry.issued_at);
    Some(PREFERRED_TTL.min(lifetime / 10))
}

/// Marks the credential as one to refresh if it expires within `min_ttl` and can be refreshed.
fn refresh_earlier(
    session: ProfileSession<'_>,
    picked: PickedCredential,
    min_ttl: SignedDuration,
) -> PickedCredential {
    let selected = picked.into_resolved();
    let is_expiring = selected.stored.as_ref().is_some_and(|stored| {
        let freshness = session.context.freshness_of(stored, min_ttl);
        session.can_refresh(stored) && freshness != Freshness::Fresh
    });
    if is_expiring {
        return PickedCredential::NeedsRefresh(selected);
    }
    PickedCredential::Fresh(selected)
}

impl ProfileSession<'_> {
    /// Returns the header that the service requires for `selected`; `Authorization` without a scheme if the description
    /// names none for this kind of credential.
    pub fn auth_header(self, selected: &ResolvedCredential) -> AuthHeader {
        let form = self.target.descriptor.header(selected.credential.kind);
        let name = form.map_or("Authorization", |form| form.name.as_str());
        let scheme = form.and_then(|form| form.scheme.as_ref());
        AuthHeader {
            name: name.to_owned(),
            scheme: scheme.map(|scheme| scheme.as_str().to_owned()),
            secret: form.map_or_else(
                || selected.credential.secret.clone(),
                |form| form.encode(&selected.credential.secret),
            ),
        }
    }
}
