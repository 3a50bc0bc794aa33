//! A credential that works, for as long as a command runs: renewed before it ends, and once after a refusal.

use jiff::SignedDuration;
use tokio::sync::Mutex;

use crate::actions::credential::expiry_warning::warn_if_expiring;
use crate::actions::credential::file_choice::report_credential_file;
use crate::actions::credential::refresh::{RefreshReason, is_refreshable};
use crate::actions::{
    ActionError, Context, Purpose, ResolvedCredential, Target, refresh_session, resolve_credential,
};
use crate::domain::{Credential, CredentialKind, Freshness, StoredCredential};
use crate::http::{Request, Response};
use crate::provider::Descriptor;
use crate::service::{ApiError, ApiErrorKind, ApiTransport, Service};

/// The way to one service with one credential.
pub struct AuthenticatedClient<'a> {
    context: &'a Context,
    /// The profile and its service.
    pub target: &'a Target,
    /// Also the gate: whoever holds it may renew, the others of this process wait and find the result.
    selected: Mutex<ResolvedCredential>,
}

/// The credential at hand, and whether it has to be renewed first.
#[derive(Debug)]
pub enum PickedCredential {
    /// Usable as it is.
    Fresh(ResolvedCredential),
    /// Renew it first.
    NeedsRefresh(ResolvedCredential),
}

impl PickedCredential {
    /// Selects the credential without any network, and reports the file that chose it where `purpose` asks for that.
    ///
    /// # Errors
    /// When there is none, or when it is over for good.
    pub fn pick(
        context: &Context,
        target: &Target,
        min_ttl: SignedDuration,
        purpose: Purpose,
    ) -> Result<Self, ActionError> {
        let selected = resolve_credential(context, target)?;
        report_credential_file(context, target, &selected, purpose);
        let Some(stored) = &selected.stored else {
            return Ok(Self::Fresh(selected));
        };
        warn_if_expiring(context, target, stored);
        match stored
            .expiry
            .freshness_at(context.clock_reading_for(stored), min_ttl)
        {
            Freshness::Fresh => Ok(Self::Fresh(selected)),
            _ if is_refreshable(&target.descriptor, stored) => Ok(Self::NeedsRefresh(selected)),
            Freshness::Expiring if !expires_within(context, stored, min_ttl) => {
                Ok(Self::Fresh(selected))
            }
            Freshness::Expiring => Err(lifetime_too_short(context, stored)),
            Freshness::Expired => Err(ActionError::LoginExpired {
                profile: target.name.to_string(),
            }),
        }
    }

    /// The credential, whatever its state.
    pub fn into_resolved(self) -> ResolvedCredential {
        match self {
            Self::Fresh(selected) | Self::NeedsRefresh(selected) => selected,
        }
    }
}

impl<'a> AuthenticatedClient<'a> {
    /// Selects the credential for `target`; a refresh waits until the first request. `purpose` decides whether the file
    /// that chose the credential is reported.
    ///
    /// # Errors
    /// When there is none.
    pub fn open(
        context: &'a Context,
        target: &'a Target,
        purpose: Purpose,
    ) -> Result<Self, ActionError> {
        let held = PickedCredential::pick(context, target, SignedDuration::ZERO, purpose)?;
        Ok(Self::with_credential(context, target, held.into_resolved()))
    }

    /// The way with a credential that was picked before.
    pub fn with_credential(
        context: &'a Context,
        target: &'a Target,
        selected: ResolvedCredential,
    ) -> Self {
        Self {
            context,
            target,
            selected: Mutex::new(selected),
        }
    }

    /// The service, spoken to through this access.
    pub async fn service(&self) -> Service<'_, Self> {
        let base = self.selected.lock().await.base.clone();
        Service {
            descriptor: &self.target.descriptor,
            base_url: base,
            transport: self,
        }
    }

    /// The credential, fresh for at least `min_ttl`.
    ///
    /// # Errors
    /// When it cannot be renewed and is over.
    pub async fn ensure_fresh(
        &self,
        min_ttl: SignedDuration,
    ) -> Result<ResolvedCredential, ActionError> {
        let mut selected = self.selected.lock().await;
        let Some(stored) = selected.stored.clone() else {
            return Ok(selected.clone());
        };
        let state = stored
            .expiry
            .freshness_at(self.context.clock_reading_for(&stored), min_ttl);
        if state == Freshness::Fresh || !self.can_refresh(&stored) {
            return Ok(selected.clone());
        }
        let can_wait =
            state == Freshness::Expiring && !expires_within(self.context, &stored, min_ttl);
        match refresh_session(
            self.context,
            self.target,
            &stored,
            RefreshReason::Expiring(min_ttl),
        )
        .await
        {
            Ok(renewed) => {
                let renewed = renewed.into_stored();
                if expires_within(self.context, &renewed, min_ttl) {
                    self.context
                        .warn("even a renewed credential does not live as long as was asked for");
                }
                replace_credential(&mut selected, renewed);
            }
            Err(error) if can_wait && is_transient(&error) => {
                self.context
                    .warn(format!("could not renew the credential yet: {error}"));
            }
            Err(error) => return Err(error),
        }
        Ok(selected.clone())
    }

    /// After a 401: renews once, unless somebody did meanwhile. `None` where nothing can be renewed.
    async fn refresh_after_401(
        &self,
        rejected: &Credential,
    ) -> Result<Option<ResolvedCredential>, ActionError> {
        let mut selected = self.selected.lock().await;
        let Some(stored) = selected.stored.clone().filter(|it| self.can_refresh(it)) else {
            return Ok(None);
        };
        if selected.credential == *rejected {
            let renewed =
                refresh_session(self.context, self.target, &stored, RefreshReason::Rejected)
                    .await?;
            replace_credential(&mut selected, renewed.into_stored());
        }
        Ok(Some(selected.clone()))
    }

    fn can_refresh(&self, stored: &StoredCredential) -> bool {
        is_refreshable(&self.target.descriptor, stored)
    }

    async fn send_authorized(
        &self,
        request: &Request,
        selected: &ResolvedCredential,
    ) -> Result<Response, ActionError> {
        send_with_credential(self.context, self.target, request.clone(), selected).await
    }

    fn rejection_error(
        &self,
        selected: &ResolvedCredential,
        answer: &Response,
    ) -> Option<ActionError> {
        // A long list is not read twice.
        if answer.is_success() && self.target.descriptor.errors.success.is_none() {
            return None;
        }
        let refusal = ApiError::from_response(&self.target.descriptor, answer);
        let rejected = refusal.kind == ApiErrorKind::CredentialRejected;
        let stored = selected.stored.as_ref();
        rejected.then(|| ActionError::CredentialRejected {
            source_name: selected.source.label(),
            refusal: Box::new(refusal),
            // As a refusal to renew it leaves it.
            is_session_expired: stored
                .is_some_and(|it| it.oauth_server.is_some() && it.refresh_token.is_none()),
        })
    }
}

impl ApiTransport for AuthenticatedClient<'_> {
    type Error = ActionError;

    async fn credential_kind(&self) -> Option<CredentialKind> {
        Some(self.selected.lock().await.credential.kind)
    }

    async fn send(&self, request: Request) -> Result<Response, ActionError> {
        let selected = self.ensure_fresh(SignedDuration::ZERO).await?;
        let answer = self.send_authorized(&request, &selected).await?;
        let Some(rejected) = self.rejection_error(&selected, &answer) else {
            return Ok(answer);
        };
        let Some(again) = self.refresh_after_401(&selected.credential).await? else {
            return Err(rejected);
        };
        let answer = self.send_authorized(&request, &again).await?;
        self.rejection_error(&again, &answer)
            .map_or(Ok(answer), Err)
    }
}

/// One request with the credential, and the answer.
pub(crate) async fn send_with_credential(
    context: &Context,
    target: &Target,
    request: Request,
    selected: &ResolvedCredential,
) -> Result<Response, ActionError> {
    let request = add_workspace_header(context, &target.descriptor, request)?;
    let mut signed = authorize(&target.descriptor, request, selected)?;
    // Not sent, but the server knows it.
    if let Some(token) = selected
        .stored
        .as_ref()
        .and_then(|it| it.refresh_token.as_ref())
    {
        signed = signed.redact_if_echoed(token);
    }
    Ok(context.http.send(signed).await?)
}

/// Names the workspace that the user's settings choose for the service.
fn add_workspace_header(
    context: &Context,
    descriptor: &Descriptor,
    request: Request,
) -> Result<Request, ActionError> {
    let Some(workspace) = context.config.workspace.get(&descriptor.id) else {
        return Ok(request);
    };
    let Some(form) = &descriptor.workspace else {
        let (id, name) = (&descriptor.id, &descriptor.name);
        context.warn(format!(
            "the setting workspace.{id} is not used: the description of {name} has no workspaces"
        ));
        return Ok(request);
    };
    Ok(request.header(form.header.name().clone(), workspace)?)
}

/// Attaches the credential in the header that the service documents for its kind, bound to the credential's origin.
fn authorize(
    descriptor: &Descriptor,
    request: Request,
    selected: &ResolvedCredential,
) -> Result<Request, ActionError> {
    let kind = selected.credential.kind;
    let no_header = || ActionError::NoHeader {
        service: descriptor.name.clone(),
        kind,
    };
    let form = descriptor.header(kind).ok_or_else(no_header)?;
    let name = form.name.name().clone();
    let origin = selected
        .stored
        .as_ref()
        .map_or_else(|| selected.base.origin(), |stored| stored.origin.clone());
    Ok(request.authorize(&origin, name, &form.value(&selected.credential.secret))?)
}

fn replace_credential(selected: &mut ResolvedCredential, stored: StoredCredential) {
    selected.credential = stored.credential.clone();
    selected.stored = Some(stored);
}

fn expires_within(context: &Context, stored: &StoredCredential, min_ttl: SignedDuration) -> bool {
    let left = stored.expiry.remaining(context.clock_reading_for(stored));
    left.is_some_and(|left| left < min_ttl)
}

fn lifetime_too_short(context: &Context, stored: &StoredCredential) -> ActionError {
    let left = stored.expiry.remaining(context.clock_reading_for(stored));
    ActionError::LifetimeTooShort {
        left: left
            .and_then(|left| left.try_into().ok())
            .unwrap_or_default(),
    }
}

/// Whether the session is not over, so that a credential that is still valid may be used meanwhile: no answer, a web
/// page, `invalid_client`, too many requests and a full disk end nothing. (What does comes as `LoginExpired`.)
fn is_transient(error: &ActionError) -> bool {
    matches!(
        error,
        ActionError::Oauth(_)
            | ActionError::Vault(_)
            | ActionError::Service(_)
            | ActionError::Http(_)
    )
}
