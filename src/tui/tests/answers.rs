//! What follows from what work came to: the rule of the start, lists that come late, sessions that end.

use jiff::SignedDuration;

use super::fixture;
use super::pictures::{drawn, lines};
use crate::actions::{CredentialState, Event};
use crate::domain::ApiToken;
use crate::tui::keys::InputContext;
use crate::tui::model::{Dialog, Form, Loading, LoginStep, Model, Notice, Screen};
use crate::tui::msg::{BulkAction, Effect, ErrorView, Msg, TaskKind, TaskResult};
use crate::tui::update::{start, update};
use crossterm::event::{
    Event as Input, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

fn works(effects: &[Effect]) -> Vec<&TaskKind> {
    let works = effects.iter().filter_map(|effect| match effect {
        Effect::StartTask(_, _, work) => Some(work),
        _ => None,
    });
    works.collect()
}

/// The number of the work that does this.
fn task(effects: &[Effect], is_it: impl Fn(&TaskKind) -> bool) -> u64 {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::StartTask(task, _, work) if is_it(work) => Some(*task),
        _ => None,
    });
    found.expect("no such work")
}

pub(super) fn press(model: &mut Model, code: KeyCode) -> Vec<Effect> {
    let key = KeyEvent::new(code, KeyModifiers::NONE);
    update(model, Msg::Input(Input::Key(key)))
}

fn typed(model: &mut Model, text: &str) {
    for c in text.chars() {
        press(model, KeyCode::Char(c));
    }
}

fn checked(state: CredentialState) -> (Model, Vec<Effect>) {
    let mut model = fixture::starting();
    let effects = start(&mut model);
    let task = task(&effects, |work| *work == TaskKind::VerifyCredential);
    let standing = fixture::profile_state("brainmaps", state);
    let effects = update(
        &mut model,
        Msg::Done(task, TaskResult::Verified(Ok(standing))),
    );
    (model, effects)
}

#[test]
fn a_verified_credential_stays_so_when_the_files_are_looked_at_again_and_another_one_does_not() {
    for (source, then) in [
        ("stored", CredentialState::Valid),
        ("elsewhere", CredentialState::Unverified),
    ] {
        let (mut model, _) = checked(CredentialState::Valid);
        let mut standing = fixture::profile_state("brainmaps", CredentialState::Unverified);
        standing.status.source = Some(source.to_owned());
        update(&mut model, Msg::Done(0, TaskResult::Status(Ok(standing))));
        assert_eq!(model.profile_state.unwrap().status.state, then, "{source}");
    }
}

#[test]
fn a_valid_credential_leads_to_the_tokens_and_any_other_to_the_login() {
    for (state, screen) in [
        (CredentialState::Valid, Screen::Tokens),
        (CredentialState::Unverified, Screen::Tokens),
        (CredentialState::ExpiredRefreshable, Screen::Tokens),
        (CredentialState::None, Screen::Login),
        (CredentialState::Rejected, Screen::Login),
        (CredentialState::Expired, Screen::Login),
        (CredentialState::Local, Screen::Sessions),
    ] {
        let (model, effects) = checked(state);
        assert_eq!(model.screen, screen, "{state:?}");
        let lists = works(&effects).contains(&&TaskKind::ListTokens);
        assert_eq!(lists, screen == Screen::Tokens, "{state:?}");
        let says_why = model.login.error.is_some();
        assert_eq!(
            says_why,
            matches!(state, CredentialState::Rejected | CredentialState::Expired),
            "{state:?}"
        );
    }
}

#[test]
fn a_server_that_cannot_be_reached_is_told_and_nobody_is_sent_to_the_login() {
    let mut model = fixture::starting();
    let effects = start(&mut model);
    let task = task(&effects, |work| *work == TaskKind::VerifyCredential);
    update(
        &mut model,
        Msg::Done(task, TaskResult::Verified(Err(fixture::connection_error()))),
    );
    assert_eq!(model.screen, Screen::Tokens);
    assert!(matches!(model.notice, Some(Notice::Error(_))));
    let effects = press(&mut model, KeyCode::Char('r'));
    assert!(
        works(&effects).contains(&&TaskKind::ListTokens),
        "r tries again"
    );
}

#[test]
fn a_session_that_ends_while_one_looks_leads_to_the_login_with_the_reason() {
    let mut model = fixture::with_tokens();
    let effects = press(&mut model, KeyCode::Char('r'));
    let task = task(&effects, |work| *work == TaskKind::ListTokens);
    let told = ErrorView {
        message: "the sign-in has expired".to_owned(),
        hints: vec!["run `brainmaps login`".to_owned()],
        needs_login: true,
    };
    update(
        &mut model,
        Msg::Done(task, TaskResult::TokensListed(Err(told.clone()))),
    );
    assert_eq!(model.screen, Screen::Login);
    assert_eq!(model.login.error, Some(told));
}

#[test]
fn pages_of_a_list_that_was_given_up_do_not_come_into_the_next() {
    let mut model = fixture::with_tokens();
    let effects = press(&mut model, KeyCode::Char('r'));
    let first = task(&effects, |work| *work == TaskKind::ListTokens);
    let effects = press(&mut model, KeyCode::Char('r'));
    assert!(effects.contains(&Effect::Cancel(first)));
    let second = task(&effects, |work| *work == TaskKind::ListTokens);
    let page = || TaskResult::TokenPage(fixture::tokens());
    update(&mut model, Msg::Done(second, page()));
    update(&mut model, Msg::Done(first, page()));
    assert_eq!(model.tokens.total_count(), fixture::tokens().len());
    update(
        &mut model,
        Msg::Done(second, TaskResult::TokensListed(Ok(()))),
    );
    assert_eq!(model.tokens.loading, Loading::Done);
}

#[test]
fn ten_thousand_tokens_that_come_page_by_page_stay_in_order_and_the_cursor_stays_in_sight() {
    let mut model = fixture::loading();
    let Loading::InProgress(task) = model.tokens.loading else {
        unreachable!()
    };
    press(&mut model, KeyCode::Char('s'));
    for page in 0..100 {
        let tokens = (0..100).map(|row| {
            let number = (page * 100 + row) * 7919 % 10_000;
            ApiToken {
                id: Some(fixture::id(&number.to_string())),
                name: Some(format!("{number:05}")),
                ..ApiToken::default()
            }
        });
        update(
            &mut model,
            Msg::Done(task, TaskResult::TokenPage(tokens.collect())),
        );
    }
    update(
        &mut model,
        Msg::Done(task, TaskResult::TokensListed(Ok(()))),
    );
    press(&mut model, KeyCode::End);
    assert_eq!(
        model.tokens.selected().unwrap().name.as_deref(),
        Some("09999")
    );
    let picture = lines(&drawn(&mut model, (80, 24))).join("\n");
    assert!(
        picture.contains("09999") && picture.contains("10000 of 10000"),
        "{picture}"
    );
    press(&mut model, KeyCode::PageUp);
    press(&mut model, KeyCode::Home);
    let picture = lines(&drawn(&mut model, (80, 24))).join("\n");
    assert!(picture.contains("00000"), "{picture}");
}

#[test]
fn a_filter_narrows_as_one_types_and_the_cursor_stays_on_its_token() {
    let mut model = fixture::with_tokens();
    typed(&mut model, "jj/PHO");
    assert_eq!(model.tokens.visible_count(), 1);
    assert_eq!(
        model.tokens.selected().unwrap().name.as_deref(),
        Some("phone")
    );
    press(&mut model, KeyCode::Enter);
    assert_eq!(InputContext::current(&model), InputContext::Tokens);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.tokens.visible_count(), model.tokens.total_count());
    assert_eq!(
        model.tokens.selected().unwrap().name.as_deref(),
        Some("phone")
    );
}

#[test]
fn a_paste_is_never_taken_for_commands() {
    let mut model = fixture::with_tokens();
    let effects = update(&mut model, Msg::Input(Input::Paste("xyq".to_owned())));
    assert!(effects.is_empty());
    assert!(model.dialogs.is_empty());
}

#[test]
fn revoking_names_the_token_and_only_y_does_it() {
    for (key, revokes) in [('n', false), ('q', false), ('y', true)] {
        let mut model = fixture::with_tokens();
        press(&mut model, KeyCode::Char('x'));
        let Some(Dialog::Confirm(confirm)) = model.dialogs.last() else {
            panic!("no question")
        };
        assert!(
            confirm.question.contains("`nightly build` (1)"),
            "{}",
            confirm.question
        );
        let effects = press(&mut model, KeyCode::Char(key));
        let expected = TaskKind::ApplyBulkAction(BulkAction::Revoke, vec![fixture::id("1")]);
        assert_eq!(works(&effects).contains(&&expected), revokes, "{key}");
    }
}

#[test]
fn each_outcome_is_told_and_what_failed_stays_marked() {
    let mut model = fixture::with_tokens();
    typed(&mut model, "  x");
    let effects = press(&mut model, KeyCode::Char('y'));
    let task = task(&effects, |work| {
        matches!(work, TaskKind::ApplyBulkAction(..))
    });
    let step = Event::Progress { done: 1, of: 2 };
    update(&mut model, Msg::Progress(task, step));
    assert!(
        lines(&drawn(&mut model, (80, 24)))
            .join("\n")
            .contains("1 of 2 done")
    );
    let rows = vec![
        (fixture::id("1"), Ok(None)),
        (fixture::id("2"), Err(fixture::connection_error())),
    ];
    update(
        &mut model,
        Msg::Done(task, TaskResult::BulkCompleted(Ok(rows))),
    );
    let picture = lines(&drawn(&mut model, (80, 24))).join("\n");
    assert!(
        picture.contains("✓ nightly build") && picture.contains("✗ laptop:"),
        "{picture}"
    );
    assert!(model.tokens.find(&fixture::id("1")).is_none());
    assert!(model.tokens.marked.contains(&fixture::id("2")));
}

#[test]
fn a_secret_that_nobody_kept_is_asked_about_before_it_goes() {
    let mut model = fixture::with_dialog(Dialog::NewSecret(fixture::new_secret()));
    press(&mut model, KeyCode::Esc);
    assert_eq!(InputContext::current(&model), InputContext::Confirm);
    press(&mut model, KeyCode::Char('n'));
    assert_eq!(InputContext::current(&model), InputContext::NewSecret);
    let effects = press(&mut model, KeyCode::Char('c'));
    assert!(matches!(effects.as_slice(), [Effect::Copy(_)]));
    press(&mut model, KeyCode::Esc);
    let Some(Dialog::Confirm(confirm)) = model.dialogs.last() else {
        panic!("not every terminal takes a copy")
    };
    assert!(
        confirm.question.contains("clipboard"),
        "{}",
        confirm.question
    );
    press(&mut model, KeyCode::Char('y'));
    assert_eq!(InputContext::current(&model), InputContext::Tokens);
}

#[test]
fn a_form_checks_what_the_service_takes_before_anything_is_sent() {
    let mut model = fixture::create_form("brainpercent");
    let effects = press(&mut model, KeyCode::Enter);
    let Some(Dialog::Form(form)) = model.dialogs.last() else {
        panic!("the form is gone: {effects:?}")
    };
    assert!(form.error.is_some() || form.focus > 0);
    assert!(effects.is_empty());
}

#[test]
fn a_session_that_renews_itself_is_renewed_before_its_end_and_not_over_and_over() {
    let mut model = fixture::with_tokens();
    let end = model
        .profile_state
        .as_ref()
        .unwrap()
        .status
        .expires_at
        .unwrap();
    let tick = |model: &mut Model, before: i64| {
        let now = end - SignedDuration::from_secs(before);
        let effects = update(model, Msg::Tick(now));
        works(&effects)
            .iter()
            .any(|work| matches!(work, TaskKind::RefreshSession(Some(_))))
    };
    assert!(!tick(&mut model, 120));
    assert!(tick(&mut model, 59));
    assert!(!tick(&mut model, 58));
    assert!(tick(&mut model, 20));
}

#[test]
fn a_login_that_is_cancelled_is_stopped_and_its_late_answer_changes_nothing() {
    let mut model = fixture::on_login(fixture::device());
    let effects = press(&mut model, KeyCode::Esc);
    assert!(effects.contains(&Effect::Cancel(7)));
    update(
        &mut model,
        Msg::Done(7, TaskResult::SignedIn(Err(fixture::connection_error()))),
    );
    assert!(matches!(model.login.step, LoginStep::ChooseProfile));
    assert_eq!(model.login.error, None);
}

#[test]
fn a_wrong_password_is_told_where_it_was_typed_and_the_ways_are_there_again() {
    let form = Form::password_login("BrainMaps", "e-mail");
    let mut model = fixture::on_login(LoginStep::Form(form));
    typed(&mut model, "me@lab.org");
    press(&mut model, KeyCode::Enter);
    typed(&mut model, "hunter2 ");
    let effects = press(&mut model, KeyCode::Enter);
    let sign_in = task(&effects, |work| matches!(work, TaskKind::SignIn(_)));
    let effects = update(
        &mut model,
        Msg::Done(
            sign_in,
            TaskResult::SignedIn(Err(fixture::connection_error())),
        ),
    );
    let ways = task(&effects, |work| *work == TaskKind::ListLoginMethods);
    let offered = ("BrainMaps".to_owned(), fixture::login_methods());
    update(
        &mut model,
        Msg::Done(ways, TaskResult::LoginMethods(Ok(offered))),
    );
    let picture = lines(&drawn(&mut model, (80, 24))).join("\n");
    assert!(
        picture.contains("connection refused") && picture.contains("hint:"),
        "{picture}"
    );
    assert!(picture.contains("with e-mail and password"), "{picture}");
}

#[test]
fn a_click_chooses_a_row_a_second_one_opens_it_and_keys_and_tabs_can_be_clicked() {
    let mut model = fixture::with_tokens();
    let picture = lines(&drawn(&mut model, (80, 24)));
    let click = |model: &mut Model, text: &str| {
        let row = picture.iter().position(|line| line.contains(text)).unwrap();
        let column = picture[row].find(text).unwrap();
        let event = MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: u16::try_from(column).unwrap(),
            row: u16::try_from(row).unwrap(),
            modifiers: KeyModifiers::NONE,
        };
        update(model, Msg::Input(Input::Mouse(event)))
    };
    click(&mut model, "phone");
    assert_eq!(
        model.tokens.selected().unwrap().name.as_deref(),
        Some("phone")
    );
    click(&mut model, "phone");
    assert_eq!(InputContext::current(&model), InputContext::Details);
    model.dialogs.clear();
    click(&mut model, "n new");
    assert_eq!(InputContext::current(&model), InputContext::Form);
    model.dialogs.clear();
    click(&mut model, "Sessions");
    assert_eq!(model.screen, Screen::Sessions);
}

#[test]
fn a_credential_that_takes_the_place_of_another_is_told() {
    let mut model = fixture::with_tokens();
    let mut standing = fixture::profile_state("brainmaps", CredentialState::Unverified);
    standing.status.source = Some("dotenv:/work/.env".to_owned());
    update(&mut model, Msg::Done(99, TaskResult::Status(Ok(standing))));
    assert!(
        matches!(&model.notice, Some(Notice::Warning(text)) if text.contains("dotenv:/work/.env"))
    );
}
