//! The first step: device authorization, with the demo as the person in the browser.

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use url::Url;

use super::assertions::{StepResult, ensure, read_stored, step_failure};
use super::fixture::Fixture;
use super::reporter::Reporter;
use crate::actions::{Event, LoginOptions, Target, login_with_device_flow};
use crate::sandbox::DEMO_EMAIL;
use crate::ui::{Progress, time_format};

/// A code to type, and where.
type UserCode = (String, Url);

pub(super) async fn sign_in(stage: &Fixture, narrator: &mut Reporter<'_>) -> StepResult {
    narrator.start_step(
        "Sign in",
        "A short code, approved in any browser: no password passes through here.",
        "brainmaps login".to_owned(),
    )?;
    let (sender, codes) = unbounded_channel();
    let context = stage.context_with_events(move |event| {
        if let Event::DeviceCode {
            user_code,
            verification_uri,
            ..
        } = event
        {
            // Nobody listens any more once the step has failed.
            let _late = sender.send((user_code.clone(), verification_uri.clone()));
        }
    });
    let options = LoginOptions::default();
    let login = Box::pin(async { Ok(login_with_device_flow(&context, &options).await?) });
    let login_and_approval = async { tokio::try_join!(login, approve(stage, narrator, codes)) };
    let waiting = || "asking every second whether it is approved".to_owned();
    let (signed_in, ()) = Progress::new(&stage.shell)
        .run_while(waiting, login_and_approval)
        .await?;
    ensure(signed_in.refreshable, "the session cannot be renewed")?;
    let stored = read_stored(&context, &Target::resolve(&context)?)?;
    let life = stored
        .expires_at()
        .map(|end| end.duration_since(stored.expiry.issued_at));
    let life = life.and_then(|life| life.try_into().ok());
    narrator.finish_step(format!(
        "signed in; the access token lives {}, a refresh token renews it",
        time_format::format_duration(life.unwrap_or_default())
    ))?;
    Ok(())
}

/// The person in the browser.
async fn approve(
    stage: &Fixture,
    narrator: &Reporter<'_>,
    mut codes: UnboundedReceiver<UserCode>,
) -> StepResult {
    let received = codes.recv().await;
    let (code, page) = received.ok_or_else(|| step_failure("no code came"))?;
    narrator.detail(&format!("Open {page} and enter code {code}"))?;
    narrator.detail(&format!(
        "The demo approves it as {DEMO_EMAIL}, as you would in the browser."
    ))?;
    Ok(stage.sandbox.approve(&code)?)
}
