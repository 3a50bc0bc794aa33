//! The tasks about profiles and their credentials.

use std::time::Duration;

use jiff::SignedDuration;

use super::dependencies::Dependencies;
use crate::actions::{
    ActionError, Context, LoginMethod, LoginOptions, LoginResult, ProfileSession, ProfileStatus,
    ProfileView, RefreshReason, Target, Verification, audit_profiles, effective_policy,
    find_replacement, list_profiles, login_methods, login_with_api_key, login_with_browser,
    login_with_cookie, login_with_device_flow, login_with_password,
};
use crate::domain::{AuditSettings, InteractiveMethod, ProfileName, StoredCredential};
use crate::tui::msg::{
    AuditResult, LoginInput, ProfileState, SessionRow, SignInRequest, SignInResult, ViewResult,
};

pub(super) async fn verify_credential(
    session: ProfileSession<'_>,
) -> Result<ProfileState, ActionError> {
    session.require_usable_sources()?;
    let stored = session.resolve_credential().ok().and_then(|it| it.stored);
    let status = if session.can_verify(stored.as_ref()) {
        session.check_status().await?
    } else {
        session.read_status()?
    };
    Ok(ProfileState {
        status,
        provider: session.target.descriptor.clone(),
    })
}

pub(super) fn profile_state(context: &Context) -> Result<ProfileState, ActionError> {
    let target = Target::resolve(context)?;
    context.session(&target).require_usable_sources()?;
    let status = context.session(&target).read_status()?;
    Ok(ProfileState {
        status,
        provider: target.descriptor,
    })
}

/// Returns all profiles, each as a command for it would see it.
pub(super) fn list_sessions(
    dependencies: &Dependencies,
    context: &Context,
) -> ViewResult<Vec<SessionRow>> {
    let to_view = &dependencies.to_error_view;
    let profiles = list_profiles(context).map_err(|error| to_view(error))?;
    let index = context.vault.index();
    let index = index.map_err(|error| to_view(error.into()))?;
    let default = index.default_profile.as_ref();
    let rows = profiles.iter().map(|profile| {
        let context = (dependencies.context)(&profile.profile, Box::new(|_| {}))?;
        session_row(&context, profile, default).map_err(|error| to_view(error))
    });
    rows.collect()
}

fn session_row(
    context: &Context,
    profile: &ProfileView,
    default: Option<&ProfileName>,
) -> Result<SessionRow, ActionError> {
    let target = Target::resolve(context)?;
    let sources = context.session(&target).explain();
    // The sources report a damaged credential. It must not hide the other profiles.
    let status = context
        .session(&target)
        .read_status()
        .unwrap_or_else(|_| ProfileStatus {
            origin: profile.api_url.clone(),
            ..ProfileStatus::empty(&profile.profile, &profile.provider)
        });
    Ok(SessionRow {
        status,
        is_default: default == Some(&profile.profile),
        is_stored: profile.signed_in,
        sources,
        provider_name: target.descriptor.name,
    })
}

/// Returns the name of the provider and its login methods.
pub(super) fn list_login_methods(
    context: &Context,
) -> Result<(String, Vec<LoginMethod>), ActionError> {
    let target = Target::for_login(context, false)?;
    Ok((target.descriptor.name.clone(), login_methods(&target)))
}

/// Signs in. If that would replace a session of another server, the user is asked first.
pub(super) async fn sign_in(
    context: &Context,
    mut request: SignInRequest,
) -> Result<SignInResult, ActionError> {
    let options = LoginOptions {
        should_open_browser: true,
        ..LoginOptions::default()
    };
    if !request.replaces_session
        && let Some(found) = find_replacement(context, &options)?
    {
        request.replaces_session = true;
        return Ok(SignInResult::WouldReplace(request, found));
    }
    let login = Box::pin(log_in(context, &options, request.input)).await?;
    Ok(SignInResult::Done(Box::new(login)))
}

async fn log_in(
    context: &Context,
    options: &LoginOptions,
    input: LoginInput,
) -> Result<LoginResult, ActionError> {
    match input {
        LoginInput::Page(InteractiveMethod::Device) => {
            login_with_device_flow(context, options).await
        }
        LoginInput::Page(InteractiveMethod::Browser) => login_with_browser(context, options).await,
        LoginInput::Password(name, password) => {
            login_with_password(context, &name, &password, None).await
        }
        LoginInput::Cookie(cookie) => {
            login_with_cookie(context, &cookie, None, Verification::Check).await
        }
        LoginInput::ApiKey(key) => {
            login_with_api_key(context, key, None, Verification::Check).await
        }
    }
}

/// Refreshes the session; with `min_lifetime`, only if it expires within it.
pub(super) async fn refresh(
    session: ProfileSession<'_>,
    min_lifetime: Option<Duration>,
) -> Result<(), ActionError> {
    let credential = session.resolve_credential()?;
    let what = credential.source.label();
    let stored = credential.into_stored();
    let stored = stored.filter(StoredCredential::is_refreshable);
    let stored = stored.ok_or(ActionError::NotRefreshable { what })?;
    let reason = min_lifetime.map_or(RefreshReason::Requested, |min_lifetime| {
        RefreshReason::Expiring(SignedDuration::try_from(min_lifetime).unwrap_or_default())
    });
    session.refresh_session(&stored, reason).await.map(drop)
}

/// Audits the tokens of the profile in use, with the policy of `token audit`.
pub(super) async fn audit_tokens(context: &Context) -> Result<AuditResult, ActionError> {
    let one = AuditSettings {
        all_profiles: Some(false),
        ..AuditSettings::default()
    };
    let (policy, policy_file) = effective_policy(context, one)?;
    let report = audit_profiles(context, &policy).await?;
    Ok(AuditResult {
        audit: report.audit,
        policy_file,
    })
}
