//! A credential that works, for as long as a command runs: renewed before it ends, and once after a refusal.

use jiff::SignedDuration;
use tokio::sync::Mutex;

use super::choice::report_selection;
use super::ending::warn_of_end;
use super::renew::{Why, renewable};
use super::{ActionError, Context, Purpose, Selected, Target, renew, select};
use crate::domain::{Credential, CredentialKind, Freshness, StoredCredential};
use crate::http::{Answer, Request};
use crate::provider::Descriptor;
use crate::service::{Channel, Refusal, RefusalKind, Service};

/// The way to one service with one credential.
pub struct Access<'a> {
    context: &'a Context,
    /// The profile and its service.
    pub target: &'a Target,
    /// Also the gate: whoever holds it may renew, the others of this process wait and find the result.
    selected: Mutex<Selected>,
}

/// The credential at hand, and whether it has to be renewed first.
#[derive(Debug)]
pub enum Held {
    /// Usable as it is.
    Ready(Selected),
    /// Renew it first.
    Stale(Selected),
}

impl Held {
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
        let selected = select(context, target)?;
        report_selection(context, target, &selected, purpose);
        let Some(stored) = &selected.stored else {
            return Ok(Self::Ready(selected));
        };
        warn_of_end(context, target, stored);
        match stored.expiry.at(context.moment_for(stored), min_ttl) {
            Freshness::Fresh => Ok(Self::Ready(selected)),
            _ if renewable(&target.descriptor, stored) => Ok(Self::Stale(selected)),
            Freshness::Expiring if !falls_short(context, stored, min_ttl) => {
                Ok(Self::Ready(selected))
            }
            Freshness::Expiring => Err(too_short(context, stored)),
            Freshness::Expired => Err(ActionError::LoginExpired {
                profile: target.profile.to_string(),
            }),
        }
    }

    /// The credential, whatever its state.
    pub fn selected(self) -> Selected {
        match self {
            Self::Ready(selected) | Self::Stale(selected) => selected,
        }
    }
}

impl<'a> Access<'a> {
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
        let held = Held::pick(context, target, SignedDuration::ZERO, purpose)?;
        Ok(Self::holding(context, target, held.selected()))
    }

    /// The way with a credential that was picked before.
    pub fn holding(context: &'a Context, target: &'a Target, selected: Selected) -> Self {
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
            base,
            channel: self,
        }
    }

    /// The credential, fresh for at least `min_ttl`.
    ///
    /// # Errors
    /// When it cannot be renewed and is over.
    pub async fn fresh(&self, min_ttl: SignedDuration) -> Result<Selected, ActionError> {
        let mut selected = self.selected.lock().await;
        let Some(stored) = selected.stored.clone() else {
            return Ok(selected.clone());
        };
        let state = stored.expiry.at(self.context.moment_for(&stored), min_ttl);
        if state == Freshness::Fresh || !self.renews(&stored) {
            return Ok(selected.clone());
        }
        let can_wait = state == Freshness::Expiring && !falls_short(self.context, &stored, min_ttl);
        match renew(self.context, self.target, &stored, Why::Expiring(min_ttl)).await {
            Ok(renewed) => {
                let renewed = renewed.into_stored();
                if falls_short(self.context, &renewed, min_ttl) {
                    self.context
                        .warn("even a renewed credential does not live as long as was asked for");
                }
                adopt(&mut selected, renewed);
            }
            Err(error) if can_wait && is_passing(&error) => {
                self.context
                    .warn(format!("could not renew the credential yet: {error}"));
            }
            Err(error) => return Err(error),
        }
        Ok(selected.clone())
    }

    /// After a 401: renews once, unless somebody did meanwhile. `None` where nothing can be renewed.
    async fn after_refusal(&self, refused: &Credential) -> Result<Option<Selected>, ActionError> {
        let mut selected = self.selected.lock().await;
        let Some(stored) = selected.stored.clone().filter(|it| self.renews(it)) else {
            return Ok(None);
        };
        if selected.credential == *refused {
            let renewed = renew(self.context, self.target, &stored, Why::Rejected).await?;
            adopt(&mut selected, renewed.into_stored());
        }
        Ok(Some(selected.clone()))
    }

    fn renews(&self, stored: &StoredCredential) -> bool {
        renewable(&self.target.descriptor, stored)
    }

    async fn signed(&self, request: &Request, selected: &Selected) -> Result<Answer, ActionError> {
        exchange(self.context, self.target, request.clone(), selected).await
    }

    fn rejection(&self, selected: &Selected, answer: &Answer) -> Option<ActionError> {
        // A long list is not read twice.
        if answer.is_success() && self.target.descriptor.errors.success.is_none() {
            return None;
        }
        let refusal = Refusal::read(&self.target.descriptor, answer);
        let rejected = refusal.kind == RefusalKind::CredentialRejected;
        let stored = selected.stored.as_ref();
        rejected.then(|| ActionError::CredentialRejected {
            source_name: selected.source.label(),
            refusal: Box::new(refusal),
            // As a refusal to renew it leaves it.
            is_over: stored.is_some_and(|it| it.authority.is_some() && it.refresh_token.is_none()),
        })
    }
}

impl Channel for Access<'_> {
    type Error = ActionError;

    async fn kind(&self) -> Option<CredentialKind> {
        Some(self.selected.lock().await.credential.kind)
    }

    async fn send(&self, request: Request) -> Result<Answer, ActionError> {
        let selected = self.fresh(SignedDuration::ZERO).await?;
        let answer = self.signed(&request, &selected).await?;
        let Some(rejected) = self.rejection(&selected, &answer) else {
            return Ok(answer);
        };
        let Some(again) = self.after_refusal(&selected.credential).await? else {
            return Err(rejected);
        };
        let answer = self.signed(&request, &again).await?;
        self.rejection(&again, &answer).map_or(Ok(answer), Err)
    }
}

/// One request with the credential, and the answer.
pub(super) async fn exchange(
    context: &Context,
    target: &Target,
    request: Request,
    selected: &Selected,
) -> Result<Answer, ActionError> {
    let request = in_workspace(context, &target.descriptor, request)?;
    let mut signed = sign(&target.descriptor, request, selected)?;
    // Not sent, but the server knows it.
    if let Some(token) = selected
        .stored
        .as_ref()
        .and_then(|it| it.refresh_token.as_ref())
    {
        signed = signed.confiding(token);
    }
    Ok(context.http.send(signed).await?)
}

/// Names the workspace that the user's settings choose for the service.
fn in_workspace(
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
fn sign(
    descriptor: &Descriptor,
    request: Request,
    selected: &Selected,
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

fn adopt(selected: &mut Selected, stored: StoredCredential) {
    selected.credential = stored.credential.clone();
    selected.stored = Some(stored);
}

fn falls_short(context: &Context, stored: &StoredCredential, min_ttl: SignedDuration) -> bool {
    let left = stored.expiry.left(context.moment_for(stored));
    left.is_some_and(|left| left < min_ttl)
}

fn too_short(context: &Context, stored: &StoredCredential) -> ActionError {
    let left = stored.expiry.left(context.moment_for(stored));
    ActionError::TooShort {
        left: left
            .and_then(|left| left.try_into().ok())
            .unwrap_or_default(),
    }
}

/// Whether the session is not over, so that a credential that is still valid may be used meanwhile: no answer, a web
/// page, `invalid_client`, too many requests and a full disk end nothing. (What does comes as `LoginExpired`.)
fn is_passing(error: &ActionError) -> bool {
    matches!(
        error,
        ActionError::Oauth(_)
            | ActionError::Vault(_)
            | ActionError::Service(_)
            | ActionError::Http(_)
    )
}
