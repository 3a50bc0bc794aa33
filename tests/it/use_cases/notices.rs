//! The warning before a session expires, in commands that use it.

use brainmaps::actions::{AuthenticatedClient, Purpose};
use brainmaps::vault::Vault;

use super::fixture::{Fixture, session, target};

/// A session of 30 days that cannot be refreshed.
const LIFETIME: u64 = 30 * 86_400;

#[tokio::test(start_paused = true)]
async fn session_that_expires_is_reported_once_a_day_and_again_at_each_threshold() {
    let fixture = Fixture::new();
    let stored = session("a", "", i64::try_from(LIFETIME).unwrap());
    fixture.store("brainmaps", &stored).await;
    let count = |shows_notices| {
        let mut context = fixture.context();
        context.options.shows_notices = shows_notices;
        context.vault = Vault::new(fixture.path("data"));
        let before = fixture.warnings().len();
        let target = target(&context);
        AuthenticatedClient::open(context.session(&target), Purpose::Read).unwrap();
        fixture.warnings().len() - before
    };
    assert_eq!(count(true), 0, "before the last tenth of the lifetime");
    fixture.advance(LIFETIME - 2 * 86_400 - 43_200).await;
    assert_eq!(count(false), 0, "turned off");
    assert_eq!([count(true), count(true)], [1, 0], "once a day");
    fixture.advance(86_400).await;
    assert_eq!([count(true), count(true)], [1, 0], "on the next day");
    fixture.advance(13 * 3_600).await;
    assert_eq!([count(true), count(true)], [1, 0], "on its last day");
    let last = fixture.warnings().pop().unwrap();
    assert!(last.contains("cannot be refreshed"), "{last}");
}
