//! The sign-in: device authorization, which the demo approves.

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use url::Url;

use super::assertions::{StepResult, ensure, read_stored, step_failure};
use super::fixture::Fixture;
use super::reporter::Reporter;
use crate::actions::{Event, LoginOptions, Target, login_with_device_flow};
use crate::domain::time_format;
use crate::sandbox::DEMO_EMAIL;
use crate::ui::Progress;

/// A user code and its verification URL.
type UserCode = (String, Url);

pub(super) async fn sign_in(fixture: &Fixture, reporter: &mut Reporter<'_>) -> StepResult {
    reporter.start_step(
        "Sign in",
        "You approve a short code in any browser: the program never sees your password.",
        "brainmaps login".to_owned(),
    )?;
    let (sender, codes) = unbounded_channel();
    let context = fixture.context_with_events(move |event| {
        if let Event::DeviceCode {
            user_code,
            verification_uri,
            ..
        } = event
        {
            // The receiver is closed if the step has failed.
            let _closed = sender.send((user_code.clone(), verification_uri.clone()));
        }
    });
    let options = LoginOptions::default();
    let login = Box::pin(async { Ok(login_with_device_flow(&context, &options).await?) });
    let login_and_approval = async { tokio::try_join!(login, approve(fixture, reporter, codes)) };
    let waiting = || "polling every second for the approval".to_owned();
    let (signed_in, ()) = Progress::new(&fixture.shell)
        .run_while(waiting, login_and_approval)
        .await?;
    ensure(signed_in.refreshable, "the session has no refresh token")?;
    let target = Target::resolve(&context)?;
    let stored = read_stored(context.session(&target))?;
    let lifetime = stored
        .expires_at()
        .map(|expiry| expiry.duration_since(stored.expiry.issued_at));
    let lifetime = lifetime.and_then(|lifetime| lifetime.try_into().ok());
    reporter.finish_step(format!(
        "Signed in; the access token expires in {}, and a refresh token replaces it",
        time_format::format_duration(lifetime.unwrap_or_default())
    ))?;
    Ok(())
}

/// Approves the user code, as the user does in the browser.
async fn approve(
    fixture: &Fixture,
    reporter: &Reporter<'_>,
    mut codes: UnboundedReceiver<UserCode>,
) -> StepResult {
    let received = codes.recv().await;
    let (code, page) = received.ok_or_else(|| step_failure("no user code was received"))?;
    reporter.detail(&format!("Open {page} and enter code {code}"))?;
    reporter.detail(&format!(
        "The demo approves it as {DEMO_EMAIL}, as you would in the browser."
    ))?;
    Ok(fixture.sandbox.approve(&code)?)
}
