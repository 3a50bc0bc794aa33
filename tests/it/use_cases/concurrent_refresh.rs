//! Concurrent refreshes: requests of one process, several processes, a held lock, a full disk, and a session that is
//! removed meanwhile.

use std::time::Duration;

use brainmaps::actions::{
    ActionError, AuthenticatedClient, Purpose, RefreshOutcome, RefreshReason,
};

use super::fixture::{Fixture, error_chain, session, target, write_private_file};
use super::refresh::{REFRESH, accept_tokens, new_session_response, token_endpoint, whoami};

#[tokio::test(start_paused = true)]
async fn concurrent_requests_refresh_once() {
    for (left, good) in [(0, "new"), (3600, "new")] {
        let fixture = Fixture::new();
        fixture
            .store("brainmaps", &session("old", "old-refresh", left))
            .await;
        fixture.network.set_latency(Duration::from_millis(300));
        token_endpoint(&fixture, new_session_response());
        accept_tokens(&fixture, &[good]);
        let context = fixture.context();
        let target = target(&context);
        let access = AuthenticatedClient::open(context.session(&target), Purpose::Read).unwrap();
        let service = access.service().await;
        let (a, b, c) = tokio::join!(service.whoami(), service.whoami(), service.whoami());
        assert!(a.is_ok() && b.is_ok() && c.is_ok());
        assert_eq!(fixture.network.count(REFRESH), 1, "{left}");
    }
}

#[tokio::test(start_paused = true)]
async fn rfc9700_2_2_2_two_processes_refresh_once_and_share_the_result() {
    let fixture = Fixture::new();
    fixture
        .store("brainmaps", &session("old", "old-refresh", 0))
        .await;
    fixture.network.set_latency(Duration::from_secs(2));
    token_endpoint(&fixture, new_session_response());
    accept_tokens(&fixture, &["new"]);
    let results = tokio::join!(whoami(&fixture), whoami(&fixture), whoami(&fixture));
    assert!(results.0.is_ok() && results.1.is_ok() && results.2.is_ok());
    assert_eq!(fixture.network.count(REFRESH), 1);
}

#[tokio::test(start_paused = true)]
async fn two_processes_at_the_sandbox_never_cause_a_reuse() {
    let fixture = Fixture::with_settings(|settings| settings.access_ttl = Duration::from_secs(20));
    let login = brainmaps::actions::LoginOptions::default();
    brainmaps::actions::login_with_device_flow(&fixture.in_sandbox("brainmaps"), &login)
        .await
        .unwrap();
    fixture.network.set_latency(Duration::from_millis(40));
    let one = fixture.in_sandbox("brainmaps");
    let target = target(&one);
    let turn = async |_: usize| {
        let context = fixture.in_sandbox("brainmaps");
        let access = AuthenticatedClient::open(context.session(&target), Purpose::Read).unwrap();
        access.service().await.whoami().await.unwrap();
    };
    for round in 0..20 {
        fixture.advance(19).await;
        tokio::join!(turn(0), turn(1), turn(2));
        assert_eq!(fixture.network.count("POST /oauth2/token"), 2 + round);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_is_never_released_is_an_error_without_a_refresh() {
    let fixture = Fixture::new();
    fixture
        .store("brainmaps", &session("old", "old-refresh", 0))
        .await;
    let context = fixture.context();
    let name = "brainmaps".parse().unwrap();
    let _held = context.vault.try_lock(&name).unwrap().unwrap();
    let error = whoami(&fixture).await.unwrap_err();
    assert!(
        error_chain(&error).contains("timed out waiting for the lock"),
        "{error}"
    );
    assert_eq!(
        fixture.network.lines(),
        [""; 0],
        "no refresh without the lock"
    );
}

/// The limit of the file size applies to a whole process, so the check runs in a process of its own.
#[test]
fn a_full_disk_prevents_the_refresh_before_the_token_is_used() {
    let output = std::process::Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 8; exec \"$0\" --exact --ignored --quiet \"$1\"",
        ])
        .arg(std::env::current_exe().unwrap())
        .arg("use_cases::concurrent_refresh::child_on_a_full_disk")
        .output()
        .unwrap();
    // A name that matches no test exits with 0 too.
    let has_run = String::from_utf8_lossy(&output.stdout).contains("1 passed");
    assert!(output.status.success() && has_run, "{output:?}");
}

#[tokio::test(start_paused = true)]
#[ignore = "run as a child by a_full_disk_prevents_the_refresh_before_the_token_is_used"]
async fn child_on_a_full_disk() {
    let fixture = Fixture::new();
    let probe = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(fixture.path("probe"));
    if std::io::Write::write_all(&mut probe.unwrap(), &vec![b' '; 64 * 1024]).is_ok() {
        return;
    }
    fixture
        .store("brainmaps", &session("old", "old-refresh", 0))
        .await;
    token_endpoint(&fixture, new_session_response());
    let error = whoami(&fixture).await.unwrap_err();
    assert!(matches!(error, ActionError::Vault(_)), "{error}");
    assert_eq!(fixture.network.lines(), [""; 0]);
    assert_eq!(
        fixture.stored("brainmaps"),
        Some(session("old", "old-refresh", 0))
    );
}

#[tokio::test(start_paused = true)]
async fn a_requested_refresh_is_sent_unless_another_process_just_refreshed() {
    let fixture = Fixture::new();
    let old = session("old", "old-refresh", 3600);
    fixture.store("brainmaps", &old).await;
    token_endpoint(&fixture, new_session_response());
    let context = fixture.context();
    let target = target(&context);
    let refreshed = context
        .session(&target)
        .refresh_session(&old, RefreshReason::Requested)
        .await
        .unwrap();
    assert!(matches!(refreshed, RefreshOutcome::Refreshed(_)));
    let adopted = context
        .session(&target)
        .refresh_session(&old, RefreshReason::Requested)
        .await
        .unwrap();
    assert!(matches!(adopted, RefreshOutcome::AlreadyRefreshed(_)));
    assert_eq!(fixture.network.count(REFRESH), 1);
}

#[tokio::test(start_paused = true)]
async fn a_session_removed_meanwhile_is_not_refreshed() {
    let fixture = Fixture::new();
    let old = session("old", "old-refresh", 0);
    fixture.store("brainmaps", &old).await;
    let context = fixture.context();
    let target = target(&context);
    std::fs::remove_file(fixture.credential_file("brainmaps")).unwrap();
    let error = context
        .session(&target)
        .refresh_session(&old, RefreshReason::Requested)
        .await
        .unwrap_err();
    assert!(
        matches!(error, ActionError::LoginRequired { .. }),
        "{error}"
    );
    write_private_file(&fixture.credential_file("brainmaps"), "{");
    let error = context
        .session(&target)
        .refresh_session(&old, RefreshReason::Requested)
        .await
        .unwrap_err();
    assert!(error_chain(&error).contains("is damaged"), "{error}");
    assert!(context.session(&target).check_status().await.is_err());
    assert_eq!(fixture.network.lines(), [""; 0]);
}
