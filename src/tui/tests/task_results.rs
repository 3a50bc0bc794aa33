//! What follows from the results of tasks: the check at the start, lists that arrive late, sessions that expire.

use crossterm::event::KeyCode;
use jiff::SignedDuration;

use super::driver::{press, screen_text, started_tasks, task_id, type_text};
use super::fixture;
use crate::actions::{CredentialState, LogoutResult, RevocationOutcome};
use crate::domain::Hint;
use crate::tui::model::{Loading, LoginStep, Model, Notice, Screen};
use crate::tui::msg::{Effect, ErrorView, Msg, TaskKind, TaskResult};
use crate::tui::update::{update, verify_credential};

/// Starts, and receives the result of the check.
fn start_with(state: CredentialState) -> (Model, Vec<Effect>) {
    let mut model = fixture::starting();
    let effects = [verify_credential(&mut model)];
    let task = task_id(&effects, |kind| *kind == TaskKind::VerifyCredential);
    let state = fixture::profile_state("brainmaps", state);
    let result = TaskResult::Verified(Ok(state));
    let effects = update(&mut model, Msg::Done(task, result));
    (model, effects)
}

#[test]
fn verified_state_is_kept_until_the_credential_source_changes() {
    for (source, expected) in [
        ("stored", CredentialState::Valid),
        ("elsewhere", CredentialState::Unverified),
    ] {
        let (mut model, _) = start_with(CredentialState::Valid);
        let mut state = fixture::profile_state("brainmaps", CredentialState::Unverified);
        state.status.source = Some(source.to_owned());
        update(&mut model, Msg::Done(0, TaskResult::Status(Ok(state))));
        let state = model.profile_state.unwrap().status.state;
        assert_eq!(state, expected, "{source}");
    }
}

#[test]
fn usable_credential_opens_the_tokens_and_any_other_opens_the_login() {
    for (state, screen) in [
        (CredentialState::Valid, Screen::Tokens),
        (CredentialState::Unverified, Screen::Tokens),
        (CredentialState::ExpiredRefreshable, Screen::Tokens),
        (CredentialState::None, Screen::Login),
        (CredentialState::Rejected, Screen::Login),
        (CredentialState::Expired, Screen::Login),
        (CredentialState::Local, Screen::Sessions),
    ] {
        let (model, effects) = start_with(state);
        assert_eq!(model.screen, screen, "{state:?}");
        let is_listing = started_tasks(&effects).contains(&&TaskKind::ListTokens);
        assert_eq!(is_listing, screen == Screen::Tokens, "{state:?}");
        assert_eq!(
            model.login.error.is_some(),
            matches!(state, CredentialState::Rejected | CredentialState::Expired),
            "{state:?}"
        );
    }
}

#[test]
fn unreachable_server_is_reported_without_opening_the_login() {
    let mut model = fixture::starting();
    let effects = [verify_credential(&mut model)];
    let task = task_id(&effects, |kind| *kind == TaskKind::VerifyCredential);
    let result = TaskResult::Verified(Err(fixture::connection_error()));
    update(&mut model, Msg::Done(task, result));
    assert_eq!(model.screen, Screen::Tokens);
    assert!(matches!(model.notice, Some(Notice::Error(_))));
    let effects = press(&mut model, KeyCode::Char('r'));
    let is_listing = started_tasks(&effects).contains(&&TaskKind::ListTokens);
    assert!(is_listing, "r retries");
}

#[test]
fn session_that_expires_while_the_screen_is_open_opens_the_login_with_the_reason() {
    let mut model = fixture::with_tokens();
    let effects = press(&mut model, KeyCode::Char('r'));
    let task = task_id(&effects, |kind| *kind == TaskKind::ListTokens);
    let hints = vec![Hint::run("login")];
    let error = ErrorView {
        needs_login: true,
        ..ErrorView::new("the session has expired", hints)
    };
    let result = TaskResult::TokensListed(Err(error.clone()));
    update(&mut model, Msg::Done(task, result));
    assert_eq!(model.screen, Screen::Login);
    assert_eq!(model.login.error, Some(error));
}

#[test]
fn pages_of_a_cancelled_list_are_ignored() {
    let mut model = fixture::with_tokens();
    let effects = press(&mut model, KeyCode::Char('r'));
    let first = task_id(&effects, |kind| *kind == TaskKind::ListTokens);
    let effects = press(&mut model, KeyCode::Char('r'));
    assert!(effects.contains(&Effect::Cancel(first)));
    let second = task_id(&effects, |kind| *kind == TaskKind::ListTokens);
    let page = || TaskResult::TokenPage(fixture::tokens());
    update(&mut model, Msg::Done(second, page()));
    update(&mut model, Msg::Done(first, page()));
    assert_eq!(model.tokens.total_count(), fixture::tokens().len());
    let end = TaskResult::TokensListed(Ok(Vec::new()));
    update(&mut model, Msg::Done(second, end));
    assert_eq!(model.tokens.loading, Loading::Done);
}

#[test]
fn session_is_refreshed_before_it_expires_but_not_in_a_loop() {
    let mut model = fixture::with_tokens();
    let state = model.profile_state.as_ref().unwrap();
    let expiry = state.status.expires_at.unwrap();
    let refreshes = |model: &mut Model, seconds_before: i64| {
        let now = expiry - SignedDuration::from_secs(seconds_before);
        let effects = update(model, Msg::Tick(now));
        started_tasks(&effects)
            .iter()
            .any(|kind| matches!(kind, TaskKind::RefreshSession(Some(_))))
    };
    assert!(!refreshes(&mut model, 120));
    assert!(refreshes(&mut model, 59));
    assert!(!refreshes(&mut model, 58));
    assert!(refreshes(&mut model, 20));
}

#[test]
fn new_credential_source_causes_a_warning() {
    let mut model = fixture::with_tokens();
    let mut state = fixture::profile_state("brainmaps", CredentialState::Unverified);
    state.status.source = Some("dotenv:/work/.env".to_owned());
    update(&mut model, Msg::Done(99, TaskResult::Status(Ok(state))));
    assert!(
        matches!(&model.notice, Some(Notice::Warning(text)) if text.contains("dotenv:/work/.env"))
    );
}

#[test]
fn lost_response_to_a_token_creation_warns_that_the_token_may_exist_and_reloads_the_list() {
    for may_have_been_processed in [true, false] {
        let mut model = fixture::create_form("brainmaps");
        type_text(&mut model, "ci");
        let effects = press(&mut model, KeyCode::Enter);
        let task = task_id(&effects, |kind| matches!(kind, TaskKind::CreateToken(_)));
        let error = ErrorView {
            may_have_been_processed,
            ..fixture::connection_error()
        };
        let effects = update(&mut model, Msg::Done(task, TaskResult::Created(Err(error))));
        let text = screen_text(&mut model, (80, 24));
        let has_hint = text.contains("may have created the token");
        assert_eq!(has_hint, may_have_been_processed, "{text}");
        let is_listing = started_tasks(&effects).contains(&&TaskKind::ListTokens);
        assert_eq!(is_listing, may_have_been_processed);
        assert!(text.contains("New BrainMaps token"), "{text}");
    }
}

#[test]
fn lost_response_to_a_rotation_or_login_has_a_hint() {
    let error = || ErrorView {
        may_have_been_processed: true,
        ..fixture::connection_error()
    };
    let mut model = fixture::with_tokens();
    update(&mut model, Msg::Done(9, TaskResult::Rotated(Err(error()))));
    let text = screen_text(&mut model, (80, 24));
    assert!(text.contains("rotate the token again"), "{text}");

    let mut model = fixture::on_login(LoginStep::Waiting(7));
    update(&mut model, Msg::Done(7, TaskResult::SignedIn(Err(error()))));
    let text = screen_text(&mut model, (80, 24));
    assert!(text.contains("session"), "{text}");
}

#[test]
fn sign_out_reports_whether_the_session_was_revoked() {
    for (server, expected) in [
        (RevocationOutcome::Revoked, "and revoked the session."),
        (
            RevocationOutcome::Refused("why".to_owned()),
            "did not revoke the session: why",
        ),
        (RevocationOutcome::NotOffered, "stays valid there"),
        (RevocationOutcome::NotAsked, "No credential was stored"),
    ] {
        let mut model = fixture::on_sessions();
        let profile: crate::domain::ProfileName = "neuroio".parse().unwrap();
        let logout = LogoutResult {
            profile: profile.clone(),
            kind: None,
            server,
            expires_at: None,
            deleted: true,
        };
        let result = TaskResult::LoggedOut(profile, Ok(logout));
        update(&mut model, Msg::Done(9, result));
        let Some(Notice::Success(text)) = &model.notice else {
            panic!("{:?}", model.notice);
        };
        assert!(text.contains(expected), "{text}");
    }
}
