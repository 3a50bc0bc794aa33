//! The steps of a session's life after the sign-in: it outlives its access token, ends, and stays ended.

use jiff::SignedDuration;

use super::assertions::{
    StepResult, describe_failure, ensure, expect_failure, http_status, read_stored, verify_account,
};
use super::fixture::Fixture;
use super::reporter::Reporter;
use crate::actions::{
    ActionError, AuthenticatedClient, Context, CredentialState, RefreshReason, ResolvedCredential,
    RevocationOutcome, Source, Target,
};
use crate::cli::failure::Code;
use crate::domain::{Freshness, StoredCredential};
use crate::ui::{Progress, time_format};

pub(super) async fn refresh_expired_session(
    stage: &Fixture,
    narrator: &mut Reporter<'_>,
) -> StepResult {
    narrator.start_step(
        "Outlive the access token",
        "Short-lived, so that a leak is soon worthless; nobody should notice.",
        "brainmaps whoami".to_owned(),
    )?;
    let context = stage.context();
    let target = Target::resolve(&context)?;
    let before = read_stored(&context, &target)?;
    Progress::new(&stage.shell)
        .run_while(
            || countdown_text(&context, &before),
            wait_for_expiry(&context, &before),
        )
        .await;
    ensure(
        context.session(&target).read_status()?.state == CredentialState::ExpiredRefreshable,
        "the session does not count as expired",
    )?;
    let failure = expect_failure(
        call_without_refresh(&context, &target, &before).await,
        Code::LoginExpired,
    )?;
    narrator.detail(&format!(
        "It has expired: the service refuses it{}.",
        http_status(&failure)
    ))?;
    let account = verify_account(&context, &target).await?;
    let after = read_stored(&context, &target)?;
    ensure(
        after.credential != before.credential && after.refresh_token != before.refresh_token,
        "what is stored was not renewed",
    )?;
    narrator.finish_step(format!("renewed, saved, and only then used: {account}"))?;
    Ok(())
}

fn countdown_text(context: &Context, stored: &StoredCredential) -> String {
    let duration = time_left(context, stored).try_into().unwrap_or_default();
    format!(
        "waiting for the access token to expire, {}",
        time_format::format_countdown(duration)
    )
}

/// Until the wall clock says that it is over: a timer alone might be early.
async fn wait_for_expiry(context: &Context, stored: &StoredCredential) {
    while stored
        .expiry
        .freshness_at(context.now(), SignedDuration::ZERO)
        != Freshness::Expired
    {
        let duration = time_left(context, stored).try_into().unwrap_or_default();
        tokio::time::sleep(duration).await;
    }
}

fn time_left(context: &Context, stored: &StoredCredential) -> SignedDuration {
    stored
        .expires_at()
        .map(|end| end.duration_since(context.now()))
        .unwrap_or_default()
}

/// What the service says to the access token alone, without the refresh token that would save the day.
async fn call_without_refresh(
    context: &Context,
    target: &Target,
    stored: &StoredCredential,
) -> Result<Option<String>, ActionError> {
    let without_refresh_token = StoredCredential {
        refresh_token: None,
        ..stored.clone()
    };
    let selected = ResolvedCredential {
        source: Source::Stored,
        base: target.base()?.clone(),
        credential: without_refresh_token.credential.clone(),
        stored: Some(without_refresh_token),
    };
    let access = AuthenticatedClient::with_credential(context.session(target), selected);
    Ok(access.service().await.whoami().await?.account)
}

pub(super) async fn log_out(stage: &Fixture, narrator: &mut Reporter<'_>) -> StepResult {
    narrator.start_step(
        "Log out",
        "At the server first: to delete a file here would end nothing there.",
        "brainmaps logout".to_owned(),
    )?;
    let context = stage.context();
    let target = Target::resolve(&context)?;
    let out = context.session(&target).logout(false).await?;
    ensure(
        out.server == RevocationOutcome::Revoked,
        "the server did not end the session",
    )?;
    ensure(
        out.deleted && context.session(&target).read_status()?.state == CredentialState::None,
        "something is still stored",
    )?;
    narrator.finish_step("the session is over at the server, and its file here is deleted")?;
    Ok(())
}

pub(super) async fn use_stolen_copy(narrator: &mut Reporter<'_>, copy: &Context) -> StepResult {
    narrator.start_step(
        "Use a stolen copy",
        "The demo copied the session before that, as a backup or a thief would.",
        "BRAINMAPS_DATA_DIR=copy brainmaps credential refresh --force".to_owned(),
    )?;
    let target = Target::resolve(copy)?;
    let stored = read_stored(copy, &target)?;
    let failure = expect_failure(
        copy.session(&target)
            .refresh_session(&stored, RefreshReason::Requested)
            .await,
        Code::LoginExpired,
    )?;
    narrator.finish_step(describe_failure(&failure))?;
    Ok(())
}
