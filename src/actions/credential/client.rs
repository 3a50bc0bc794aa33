//! Sends requests to a service with the profile's credential. Refreshes the credential before it expires, and once more
//! after a 401.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::sync::{Mutex, OnceCell};

use crate::actions::credential::authorize::send_with_credential;
use crate::actions::credential::expiry_warning::notify_if_expiring;
use crate::actions::credential::file_choice::report_credential_file;
use crate::actions::credential::refresh::RefreshReason;
use crate::actions::{ActionError, Context, ProfileSession, Purpose, ResolvedCredential, Source};
use crate::domain::{Credential, CredentialKind, Freshness, Origin, Secret, StoredCredential};
use crate::http::{Request, Response};
use crate::provider::Placeholder;
use crate::service::{ApiError, ApiErrorKind, ApiTransport, Service};

/// A client of one service that authorizes each request with one credential.
pub struct AuthenticatedClient<'a> {
    pub session: ProfileSession<'a>,
    /// Refreshing requires this lock, so that concurrent requests of this process refresh once.
    pub(super) selected: Mutex<ResolvedCredential>,
    /// The response to `whoami`, for parameters that it reports.
    account: OnceCell<Value>,
}

/// The credential of a profile, and whether it must be refreshed before use.
#[derive(Debug)]
pub enum PickedCredential {
    Fresh(ResolvedCredential),
    NeedsRefresh(ResolvedCredential),
}

impl PickedCredential {
    /// Selects the credential without network access, and reports the file that chose it if `purpose` requires that.
    ///
    /// # Errors
    /// If no credential is found, or the credential has expired and cannot be refreshed.
    pub fn pick(
        session: ProfileSession<'_>,
        min_ttl: SignedDuration,
        purpose: Purpose,
    ) -> Result<Self, ActionError> {
        let selected = session.resolve_credential()?;
        report_credential_file(session, &selected, purpose);
        if let Some(stored) = &selected.stored {
            notify_if_expiring(session, stored);
        }
        Self::of(session, selected, min_ttl)
    }

    /// Decides whether `selected` must be refreshed.
    ///
    /// # Errors
    /// If it has expired, or expires within `min_ttl`, and cannot be refreshed.
    pub(super) fn of(
        session: ProfileSession<'_>,
        selected: ResolvedCredential,
        min_ttl: SignedDuration,
    ) -> Result<Self, ActionError> {
        let Some(stored) = &selected.stored else {
            return Ok(Self::Fresh(selected));
        };
        match session.context.freshness_of(stored, min_ttl) {
            Freshness::Fresh => Ok(Self::Fresh(selected)),
            _ if session.can_refresh(stored) => Ok(Self::NeedsRefresh(selected)),
            Freshness::Expiring if !expires_within(session.context, stored, min_ttl) => {
                Ok(Self::Fresh(selected))
            }
            Freshness::Expiring => Err(to_lifetime_error(session.context, stored)),
            Freshness::Expired => Err(ActionError::LoginExpired {
                profile: session.target.name.to_string(),
            }),
        }
    }

    pub fn into_resolved(self) -> ResolvedCredential {
        match self {
            Self::Fresh(selected) | Self::NeedsRefresh(selected) => selected,
        }
    }
}

impl<'a> AuthenticatedClient<'a> {
    /// Selects the credential of the profile. Refreshing waits until the first request. `purpose` decides whether the
    /// file that chose the credential is reported.
    ///
    /// # Errors
    /// If no credential is found.
    pub fn open(session: ProfileSession<'a>, purpose: Purpose) -> Result<Self, ActionError> {
        let picked = PickedCredential::pick(session, SignedDuration::ZERO, purpose)?;
        Ok(Self::with_credential(session, picked.into_resolved()))
    }

    /// Creates a client for a credential that was selected before.
    pub fn with_credential(session: ProfileSession<'a>, selected: ResolvedCredential) -> Self {
        Self {
            session,
            selected: Mutex::new(selected),
            account: OnceCell::new(),
        }
    }

    pub async fn service(&self) -> Service<'_, Self> {
        let base = self.selected.lock().await.base.clone();
        Service {
            descriptor: &self.session.target.descriptor,
            base_url: base,
            transport: self,
        }
    }

    /// Returns the credential, refreshed if it expires within `min_ttl`. One that cannot be refreshed is returned as it is.
    ///
    /// # Errors
    /// If the refresh fails, unless the credential stays valid for `min_ttl` and the failure is temporary.
    pub async fn refresh_if_expiring(
        &self,
        min_ttl: SignedDuration,
    ) -> Result<ResolvedCredential, ActionError> {
        let mut selected = self.selected.lock().await;
        let Some(stored) = selected.stored.clone() else {
            return Ok(selected.clone());
        };
        let context = self.session.context;
        let freshness = context.freshness_of(&stored, min_ttl);
        if freshness == Freshness::Fresh || !self.can_refresh(&stored) {
            return Ok(selected.clone());
        }
        let is_still_usable =
            freshness == Freshness::Expiring && !expires_within(context, &stored, min_ttl);
        let reason = RefreshReason::Expiring(min_ttl);
        match self.refresh(&selected.source, &stored, reason).await {
            Ok(refreshed) => {
                if expires_within(context, &refreshed, min_ttl) {
                    context.warn("the refreshed credential expires before the requested time");
                }
                replace_credential(&mut selected, refreshed);
            }
            Err(error) if is_still_usable && keeps_session(&error) => {
                warn_refresh_postponed(context, &error);
            }
            Err(error) => return Err(error),
        }
        Ok(selected.clone())
    }

    pub(crate) async fn selected(&self) -> ResolvedCredential {
        self.selected.lock().await.clone()
    }

    /// Returns the credential if it is fresh, or cannot be refreshed anyway; `None` if it must be refreshed first.
    pub(crate) async fn selected_if_fresh(&self) -> Option<ResolvedCredential> {
        let selected = self.selected.lock().await;
        let is_fresh = selected.stored.as_ref().is_none_or(|stored| {
            let freshness = self
                .session
                .context
                .freshness_of(stored, SignedDuration::ZERO);
            freshness == Freshness::Fresh || !self.can_refresh(stored)
        });
        is_fresh.then(|| selected.clone())
    }

    /// Selects the credential again, after the service rejected this one; `None` if the sources have no other one for the
    /// same server.
    pub(crate) async fn reselect(
        &self,
        rejected: &Credential,
    ) -> Result<Option<ResolvedCredential>, ActionError> {
        let mut selected = self.selected.lock().await;
        let resolved = self.session.resolve_credential()?;
        if resolved.credential == *rejected || resolved.base != selected.base {
            return Ok(None);
        }
        *selected = resolved;
        Ok(Some(selected.clone()))
    }

    /// Refreshes after a 401, unless another request of this process already did. Returns `None` if the credential
    /// cannot be refreshed.
    pub(crate) async fn refresh_after_401(
        &self,
        rejected: &Credential,
    ) -> Result<Option<ResolvedCredential>, ActionError> {
        let mut selected = self.selected.lock().await;
        let Some(stored) = selected.stored.clone().filter(|it| self.can_refresh(it)) else {
            return Ok(None);
        };
        if selected.credential == *rejected {
            let reason = RefreshReason::Rejected;
            let refreshed = self.refresh(&selected.source, &stored, reason).await?;
            replace_credential(&mut selected, refreshed);
        }
        Ok(Some(selected.clone()))
    }

    /// Refreshes the session of a workload identity in memory, and any other session in the vault.
    async fn refresh(
        &self,
        source: &Source,
        stored: &StoredCredential,
        reason: RefreshReason,
    ) -> Result<StoredCredential, ActionError> {
        if *source == Source::Workload {
            // Boxed to keep the futures of all callers small.
            return Box::pin(self.session.refresh_workload_session(stored)).await;
        }
        let refreshed = Box::pin(self.session.refresh_session(stored, reason)).await?;
        Ok(refreshed.into_stored())
    }

    fn can_refresh(&self, stored: &StoredCredential) -> bool {
        self.session.can_refresh(stored)
    }

    async fn send_authorized(
        &self,
        request: &Request,
        selected: &ResolvedCredential,
    ) -> Result<Response, ActionError> {
        // Boxed to keep the futures of all callers small.
        Box::pin(send_with_credential(
            self.session,
            request.clone(),
            selected,
        ))
        .await
    }

    pub(super) fn rejection_error(
        &self,
        selected: &ResolvedCredential,
        response: &Response,
    ) -> Option<ActionError> {
        // Without a success field in the description, the status decides. Then the body, perhaps a long list, is not parsed here.
        if response.is_success() && self.session.target.descriptor.errors.success.is_none() {
            return None;
        }
        let api_error = ApiError::from_response(&self.session.target.descriptor, response);
        let rejected = api_error.kind == ApiErrorKind::CredentialRejected;
        rejected.then(|| selected.rejection(Box::new(api_error)))
    }
}

impl ApiTransport for AuthenticatedClient<'_> {
    type Error = ActionError;

    async fn credential_kind(&self) -> Option<CredentialKind> {
        Some(self.selected.lock().await.credential.kind)
    }

    fn parameter(&self, name: &str) -> Option<String> {
        self.session.parameter(name)
    }

    fn typed_secret(&self, placeholder: &Placeholder) -> Option<Secret> {
        self.session.context.typed_secrets.get(placeholder)
    }

    async fn stored_account(&self) -> Option<String> {
        let selected = self.selected.lock().await;
        selected.stored.as_ref()?.account.clone()
    }

    fn account_cache(&self) -> Option<&OnceCell<Value>> {
        Some(&self.account)
    }

    fn server_time(&self, origin: &Origin) -> Timestamp {
        self.session.context.time_at(origin)
    }

    async fn credential_rejected_error(&self, api_error: Box<ApiError>) -> ActionError {
        self.selected.lock().await.rejection(api_error)
    }

    async fn send(&self, request: Request) -> Result<Response, ActionError> {
        let selected = self.refresh_if_expiring(SignedDuration::ZERO).await?;
        let response = self.send_authorized(&request, &selected).await?;
        let rejected = self.rejection_error(&selected, &response);
        let Some(rejected) = rejected.filter(|_| !request.is_confirmed_by_user()) else {
            return Ok(response);
        };
        let Some(refreshed) = self.refresh_after_401(&selected.credential).await? else {
            return Err(rejected);
        };
        let response = self.send_authorized(&request, &refreshed).await?;
        self.rejection_error(&refreshed, &response)
            .map_or(Ok(response), Err)
    }
}

fn replace_credential(selected: &mut ResolvedCredential, stored: StoredCredential) {
    selected.credential = stored.credential.clone();
    selected.stored = Some(stored);
}

pub(super) fn warn_refresh_postponed(context: &Context, error: &ActionError) {
    context.warn(format!("cannot refresh the credential yet: {error}"));
}

fn expires_within(context: &Context, stored: &StoredCredential, min_ttl: SignedDuration) -> bool {
    let remaining = stored.expiry.remaining(context.clock_reading_for(stored));
    remaining.is_some_and(|remaining| remaining < min_ttl)
}

fn to_lifetime_error(context: &Context, stored: &StoredCredential) -> ActionError {
    let remaining = stored.expiry.remaining(context.clock_reading_for(stored));
    ActionError::LifetimeTooShort {
        remaining: remaining
            .and_then(|remaining| remaining.try_into().ok())
            .unwrap_or_default(),
    }
}

/// Returns true if the session is still valid after this error of a refresh (network, 5xx, 429, full disk, a 4xx other than
/// `invalid_grant`). Its credential may be used until it expires.
pub(super) fn keeps_session(error: &ActionError) -> bool {
    matches!(
        error,
        ActionError::Oauth(_)
            | ActionError::RefreshRejected { .. }
            | ActionError::Client(_)
            | ActionError::Workload(_)
            | ActionError::Vault(_)
            | ActionError::Service(_)
            | ActionError::Http(_)
    )
}
