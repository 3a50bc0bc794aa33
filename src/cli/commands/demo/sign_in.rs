//! The first step: device authorization, with the demo as the person in the browser.

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use url::Url;

use super::check::{Done, expect, missed, stored};
use super::narrator::Narrator;
use super::stage::Stage;
use crate::actions::{Event, LoginOptions, Target, device_login};
use crate::sandbox::DEMO_EMAIL;
use crate::ui::{Progress, humane};

/// A code to type, and where.
type Invitation = (String, Url);

pub(super) async fn sign_in(stage: &Stage, narrator: &mut Narrator<'_>) -> Done {
    narrator.begin(
        "Sign in",
        "A short code, approved in any browser: no password passes through here.",
        "brainmaps login".to_owned(),
    )?;
    let (invite, invitations) = unbounded_channel();
    let context = stage.context_telling(move |event| {
        if let Event::DeviceCode {
            user_code,
            verification_uri,
            ..
        } = event
        {
            // Nobody listens any more once the step has failed.
            let _late = invite.send((user_code.clone(), verification_uri.clone()));
        }
    });
    let options = LoginOptions::default();
    let login = Box::pin(async { Ok(device_login(&context, &options).await?) });
    let both = async { tokio::try_join!(login, approve(stage, narrator, invitations)) };
    let waiting = || "asking every second whether it is approved".to_owned();
    let (signed_in, ()) = Progress::new(&stage.shell).during(waiting, both).await?;
    expect(signed_in.refreshable, "the session cannot be renewed")?;
    let stored = stored(&context, &Target::resolve(&context)?)?;
    let life = stored
        .expires_at()
        .map(|end| end.duration_since(stored.expiry.issued_at));
    let life = life.and_then(|life| life.try_into().ok());
    narrator.end(format!(
        "signed in; the access token lives {}, a refresh token renews it",
        humane::duration(life.unwrap_or_default())
    ))?;
    Ok(())
}

/// The person in the browser.
async fn approve(
    stage: &Stage,
    narrator: &Narrator<'_>,
    mut invitations: UnboundedReceiver<Invitation>,
) -> Done {
    let invited = invitations.recv().await;
    let (code, page) = invited.ok_or_else(|| missed("no code came"))?;
    narrator.say(&format!("Open {page} and enter code {code}"))?;
    narrator.say(&format!(
        "The demo approves it as {DEMO_EMAIL}, as you would in the browser."
    ))?;
    Ok(stage.sandbox.approve(&code)?)
}
