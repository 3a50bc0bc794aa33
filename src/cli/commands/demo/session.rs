//! The steps of a session's life after the sign-in: it outlives its access token, ends, and stays ended.

use jiff::SignedDuration;

use super::check::{Done, account, expect, http_status, refused, stored, told};
use super::narrator::Narrator;
use super::stage::Stage;
use crate::actions::{
    Access, ActionError, AtServer, Context, Selected, Source, State, Target, Why, local_status,
    logout, renew,
};
use crate::cli::Code;
use crate::domain::{Freshness, StoredCredential};
use crate::ui::{Progress, humane};

pub(super) async fn outlive_access_token(stage: &Stage, narrator: &mut Narrator<'_>) -> Done {
    narrator.begin(
        "Outlive the access token",
        "Short-lived, so that a leak is soon worthless; nobody should notice.",
        "brainmaps whoami".to_owned(),
    )?;
    let context = stage.context();
    let target = Target::resolve(&context)?;
    let before = stored(&context, &target)?;
    Progress::new(&stage.shell)
        .during(|| remaining(&context, &before), expiry(&context, &before))
        .await;
    expect(
        local_status(&context, &target)?.state == State::ExpiredRefreshable,
        "the session does not count as expired",
    )?;
    let refused = refused(alone(&context, &target, &before).await, Code::LoginExpired)?;
    narrator.say(&format!(
        "It has expired: the service refuses it{}.",
        http_status(&refused)
    ))?;
    let account = account(&context, &target).await?;
    let after = stored(&context, &target)?;
    expect(
        after.credential != before.credential && after.refresh_token != before.refresh_token,
        "what is stored was not renewed",
    )?;
    narrator.end(format!("renewed, saved, and only then used: {account}"))?;
    Ok(())
}

fn remaining(context: &Context, stored: &StoredCredential) -> String {
    let left = left(context, stored).try_into().unwrap_or_default();
    format!(
        "waiting for the access token to expire, {}",
        humane::countdown(left)
    )
}

/// Until the wall clock says that it is over: a timer alone might be early.
async fn expiry(context: &Context, stored: &StoredCredential) {
    while stored.expiry.at(context.now(), SignedDuration::ZERO) != Freshness::Expired {
        let left = left(context, stored).try_into().unwrap_or_default();
        tokio::time::sleep(left).await;
    }
}

fn left(context: &Context, stored: &StoredCredential) -> SignedDuration {
    stored
        .expires_at()
        .map(|end| end.duration_since(context.now()))
        .unwrap_or_default()
}

/// What the service says to the access token alone, without the refresh token that would save the day.
async fn alone(
    context: &Context,
    target: &Target,
    stored: &StoredCredential,
) -> Result<Option<String>, ActionError> {
    let alone = StoredCredential {
        refresh_token: None,
        ..stored.clone()
    };
    let selected = Selected {
        source: Source::Stored,
        base: target.base()?.clone(),
        credential: alone.credential.clone(),
        stored: Some(alone),
    };
    let access = Access::holding(context, target, selected);
    Ok(access.service().await.whoami().await?.account)
}

pub(super) async fn log_out(stage: &Stage, narrator: &mut Narrator<'_>) -> Done {
    narrator.begin(
        "Log out",
        "At the server first: to delete a file here would end nothing there.",
        "brainmaps logout".to_owned(),
    )?;
    let context = stage.context();
    let target = Target::resolve(&context)?;
    let out = logout(&context, &target, false).await?;
    expect(
        out.server == AtServer::Revoked,
        "the server did not end the session",
    )?;
    expect(
        out.deleted && local_status(&context, &target)?.state == State::None,
        "something is still stored",
    )?;
    narrator.end("the session is over at the server, and its file here is deleted")?;
    Ok(())
}

pub(super) async fn use_copy(narrator: &mut Narrator<'_>, copy: &Context) -> Done {
    narrator.begin(
        "Use a stolen copy",
        "The demo copied the session before that, as a backup or a thief would.",
        "BRAINMAPS_DATA_DIR=copy brainmaps credential refresh --force".to_owned(),
    )?;
    let target = Target::resolve(copy)?;
    let stored = stored(copy, &target)?;
    let refused = refused(
        renew(copy, &target, &stored, Why::Asked).await,
        Code::LoginExpired,
    )?;
    narrator.end(told(&refused))?;
    Ok(())
}
