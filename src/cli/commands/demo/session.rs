//! The steps about the session: it is refreshed, revoked, and cannot be used again.

use jiff::SignedDuration;

use super::assertions::{
    StepResult, describe_failure, ensure, expect_failure, http_status, read_stored, verify_account,
};
use super::fixture::Fixture;
use super::reporter::Reporter;
use crate::actions::{
    ActionError, AuthenticatedClient, Context, CredentialState, ProfileSession, RefreshReason,
    ResolvedCredential, RevocationOutcome, Source, Target,
};
use crate::cli::failure::Code;
use crate::domain::{Freshness, StoredCredential, time_format};
use crate::ui::Progress;

pub(super) async fn refresh_expired_session(
    fixture: &Fixture,
    reporter: &mut Reporter<'_>,
) -> StepResult {
    reporter.start_step(
        "Refresh the expired session",
        "Access tokens expire soon, so that a leaked one is of little use.",
        "brainmaps whoami".to_owned(),
    )?;
    let context = fixture.context();
    let target = Target::resolve(&context)?;
    let before = read_stored(context.session(&target))?;
    Progress::new(&fixture.shell)
        .run_while(
            || countdown_text(&context, &before),
            wait_for_expiry(&context, &before),
        )
        .await;
    ensure(
        context.session(&target).read_status()?.state == CredentialState::ExpiredRefreshable,
        "the session is not reported as expired",
    )?;
    let failure = expect_failure(
        call_without_refresh(context.session(&target), &before).await,
        Code::LoginExpired,
    )?;
    reporter.detail(&format!(
        "The access token has expired: the service rejects it{}.",
        http_status(&failure)
    ))?;
    let account = verify_account(context.session(&target)).await?;
    let after = read_stored(context.session(&target))?;
    ensure(
        after.credential != before.credential && after.refresh_token != before.refresh_token,
        "the stored session was not refreshed",
    )?;
    reporter.finish_step(format!("Refreshed and saved, then used: {account}"))?;
    Ok(())
}

fn countdown_text(context: &Context, stored: &StoredCredential) -> String {
    let duration = time_left(context, stored).try_into().unwrap_or_default();
    format!(
        "waiting for the access token to expire, {}",
        time_format::format_countdown(duration)
    )
}

/// Compares with the wall clock, because a timer can fire early.
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
        .map(|expiry| expiry.duration_since(context.now()))
        .unwrap_or_default()
}

/// Calls `whoami` with the access token alone, so that it is not refreshed.
async fn call_without_refresh(
    session: ProfileSession<'_>,
    stored: &StoredCredential,
) -> Result<Option<String>, ActionError> {
    let without_refresh_token = StoredCredential {
        refresh_token: None,
        ..stored.clone()
    };
    let selected = ResolvedCredential {
        source: Source::Stored,
        base: session.target.base()?.clone(),
        credential: without_refresh_token.credential.clone(),
        stored: Some(without_refresh_token),
    };
    let client = AuthenticatedClient::with_credential(session, selected);
    Ok(client.service().await.whoami().await?.account)
}

pub(super) async fn log_out(fixture: &Fixture, reporter: &mut Reporter<'_>) -> StepResult {
    reporter.start_step(
        "Sign out",
        "The server revokes the session first: it would stay valid if only the file were deleted.",
        "brainmaps logout".to_owned(),
    )?;
    let context = fixture.context();
    let target = Target::resolve(&context)?;
    let result = context.session(&target).logout(false).await?;
    ensure(
        result.server == RevocationOutcome::Revoked,
        "the server did not revoke the session",
    )?;
    ensure(
        result.deleted && context.session(&target).read_status()?.state == CredentialState::None,
        "a credential is still stored",
    )?;
    reporter.finish_step("Revoked the session at the server and deleted its file")?;
    Ok(())
}

pub(super) async fn use_stolen_copy(reporter: &mut Reporter<'_>, copy: &Context) -> StepResult {
    reporter.start_step(
        "Use a stolen copy",
        "The demo copied the session before it signed out, as a backup or a thief would.",
        "BRAINMAPS_DATA_DIR=copy brainmaps credential refresh --force".to_owned(),
    )?;
    let target = Target::resolve(copy)?;
    let stored = read_stored(copy.session(&target))?;
    let failure = expect_failure(
        copy.session(&target)
            .refresh_session(&stored, RefreshReason::Requested)
            .await,
        Code::LoginExpired,
    )?;
    reporter.finish_step(describe_failure(&failure))?;
    Ok(())
}
