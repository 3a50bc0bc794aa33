//! What follows from what work came to: the rule of the start, lists that come late, sessions that end.

use jiff::SignedDuration;

use super::pictures::{drawn, lines};
use super::stage;
use crate::actions::{Event, State};
use crate::domain::ApiToken;
use crate::tui::keys::Place;
use crate::tui::model::{Dialog, Form, Loading, Model, Notice, Screen, Step};
use crate::tui::msg::{Change, Done, Effect, Msg, Told, Work};
use crate::tui::update::{begin, update};
use crossterm::event::{
    Event as Input, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

fn works(effects: &[Effect]) -> Vec<&Work> {
    let works = effects.iter().filter_map(|effect| match effect {
        Effect::Work(_, _, work) => Some(work),
        _ => None,
    });
    works.collect()
}

/// The number of the work that does this.
fn task(effects: &[Effect], is_it: impl Fn(&Work) -> bool) -> u64 {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::Work(task, _, work) if is_it(work) => Some(*task),
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

fn checked(state: State) -> (Model, Vec<Effect>) {
    let mut model = stage::starting();
    let effects = begin(&mut model);
    let task = task(&effects, |work| *work == Work::Check);
    let standing = stage::standing("brainmaps", state);
    let effects = update(&mut model, Msg::Done(task, Done::Checked(Ok(standing))));
    (model, effects)
}

#[test]
fn a_verified_credential_stays_so_when_the_files_are_looked_at_again_and_another_one_does_not() {
    for (source, then) in [("stored", State::Valid), ("elsewhere", State::Unverified)] {
        let (mut model, _) = checked(State::Valid);
        let mut standing = stage::standing("brainmaps", State::Unverified);
        standing.status.source = Some(source.to_owned());
        update(&mut model, Msg::Done(0, Done::Stands(Ok(standing))));
        assert_eq!(model.standing.unwrap().status.state, then, "{source}");
    }
}

#[test]
fn a_valid_credential_leads_to_the_tokens_and_any_other_to_the_login() {
    for (state, screen) in [
        (State::Valid, Screen::Tokens),
        (State::Unverified, Screen::Tokens),
        (State::ExpiredRefreshable, Screen::Tokens),
        (State::None, Screen::Login),
        (State::Rejected, Screen::Login),
        (State::Expired, Screen::Login),
        (State::Local, Screen::Sessions),
    ] {
        let (model, effects) = checked(state);
        assert_eq!(model.screen, screen, "{state:?}");
        let lists = works(&effects).contains(&&Work::List);
        assert_eq!(lists, screen == Screen::Tokens, "{state:?}");
        let says_why = model.login.trouble.is_some();
        assert_eq!(
            says_why,
            matches!(state, State::Rejected | State::Expired),
            "{state:?}"
        );
    }
}

#[test]
fn a_server_that_cannot_be_reached_is_told_and_nobody_is_sent_to_the_login() {
    let mut model = stage::starting();
    let effects = begin(&mut model);
    let task = task(&effects, |work| *work == Work::Check);
    update(
        &mut model,
        Msg::Done(task, Done::Checked(Err(stage::told()))),
    );
    assert_eq!(model.screen, Screen::Tokens);
    assert!(matches!(model.notice, Some(Notice::Trouble(_))));
    let effects = press(&mut model, KeyCode::Char('r'));
    assert!(works(&effects).contains(&&Work::List), "r tries again");
}

#[test]
fn a_session_that_ends_while_one_looks_leads_to_the_login_with_the_reason() {
    let mut model = stage::with_tokens();
    let effects = press(&mut model, KeyCode::Char('r'));
    let task = task(&effects, |work| *work == Work::List);
    let told = Told {
        message: "the sign-in has expired".to_owned(),
        hints: vec!["run `brainmaps login`".to_owned()],
        needs_login: true,
    };
    update(&mut model, Msg::Done(task, Done::Listed(Err(told.clone()))));
    assert_eq!(model.screen, Screen::Login);
    assert_eq!(model.login.trouble, Some(told));
}

#[test]
fn pages_of_a_list_that_was_given_up_do_not_come_into_the_next() {
    let mut model = stage::with_tokens();
    let effects = press(&mut model, KeyCode::Char('r'));
    let first = task(&effects, |work| *work == Work::List);
    let effects = press(&mut model, KeyCode::Char('r'));
    assert!(effects.contains(&Effect::Cancel(first)));
    let second = task(&effects, |work| *work == Work::List);
    let page = || Done::Page(stage::tokens());
    update(&mut model, Msg::Done(second, page()));
    update(&mut model, Msg::Done(first, page()));
    assert_eq!(model.tokens.count(), stage::tokens().len());
    update(&mut model, Msg::Done(second, Done::Listed(Ok(()))));
    assert_eq!(model.tokens.loading, Loading::Done);
}

#[test]
fn ten_thousand_tokens_that_come_page_by_page_stay_in_order_and_the_cursor_stays_in_sight() {
    let mut model = stage::loading();
    let Loading::Underway(task) = model.tokens.loading else {
        unreachable!()
    };
    press(&mut model, KeyCode::Char('s'));
    for page in 0..100 {
        let tokens = (0..100).map(|row| {
            let number = (page * 100 + row) * 7919 % 10_000;
            ApiToken {
                id: Some(stage::id(&number.to_string())),
                name: Some(format!("{number:05}")),
                ..ApiToken::default()
            }
        });
        update(&mut model, Msg::Done(task, Done::Page(tokens.collect())));
    }
    update(&mut model, Msg::Done(task, Done::Listed(Ok(()))));
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
    let mut model = stage::with_tokens();
    typed(&mut model, "jj/PHO");
    assert_eq!(model.tokens.shown(), 1);
    assert_eq!(
        model.tokens.selected().unwrap().name.as_deref(),
        Some("phone")
    );
    press(&mut model, KeyCode::Enter);
    assert_eq!(Place::of(&model), Place::Tokens);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.tokens.shown(), model.tokens.count());
    assert_eq!(
        model.tokens.selected().unwrap().name.as_deref(),
        Some("phone")
    );
}

#[test]
fn a_paste_is_never_taken_for_commands() {
    let mut model = stage::with_tokens();
    let effects = update(&mut model, Msg::Input(Input::Paste("xyq".to_owned())));
    assert!(effects.is_empty());
    assert!(model.dialogs.is_empty());
}

#[test]
fn revoking_names_the_token_and_only_y_does_it() {
    for (key, revokes) in [('n', false), ('q', false), ('y', true)] {
        let mut model = stage::with_tokens();
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
        let expected = Work::Change(Change::Revoke, vec![stage::id("1")]);
        assert_eq!(works(&effects).contains(&&expected), revokes, "{key}");
    }
}

#[test]
fn each_outcome_is_told_and_what_failed_stays_marked() {
    let mut model = stage::with_tokens();
    typed(&mut model, "  x");
    let effects = press(&mut model, KeyCode::Char('y'));
    let task = task(&effects, |work| matches!(work, Work::Change(..)));
    let step = Event::Step { done: 1, of: 2 };
    update(&mut model, Msg::Progress(task, step));
    assert!(
        lines(&drawn(&mut model, (80, 24)))
            .join("\n")
            .contains("1 of 2 done")
    );
    let rows = vec![
        (stage::id("1"), Ok(None)),
        (stage::id("2"), Err(stage::told())),
    ];
    update(&mut model, Msg::Done(task, Done::Each(Ok(rows))));
    let picture = lines(&drawn(&mut model, (80, 24))).join("\n");
    assert!(
        picture.contains("✓ nightly build") && picture.contains("✗ laptop:"),
        "{picture}"
    );
    assert!(model.tokens.find(&stage::id("1")).is_none());
    assert!(model.tokens.marked.contains(&stage::id("2")));
}

#[test]
fn a_secret_that_nobody_kept_is_asked_about_before_it_goes() {
    let mut model = stage::under(Dialog::Made(stage::made()));
    press(&mut model, KeyCode::Esc);
    assert_eq!(Place::of(&model), Place::Confirm);
    press(&mut model, KeyCode::Char('n'));
    assert_eq!(Place::of(&model), Place::Made);
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
    assert_eq!(Place::of(&model), Place::Tokens);
}

#[test]
fn a_form_checks_what_the_service_takes_before_anything_is_sent() {
    let mut model = stage::create_form("brainpercent");
    let effects = press(&mut model, KeyCode::Enter);
    let Some(Dialog::Form(form)) = model.dialogs.last() else {
        panic!("the form is gone: {effects:?}")
    };
    assert!(form.wrong.is_some() || form.focus > 0);
    assert!(effects.is_empty());
}

#[test]
fn a_session_that_renews_itself_is_renewed_before_its_end_and_not_over_and_over() {
    let mut model = stage::with_tokens();
    let end = model.standing.as_ref().unwrap().status.expires_at.unwrap();
    let tick = |model: &mut Model, before: i64| {
        let now = end - SignedDuration::from_secs(before);
        let effects = update(model, Msg::Tick(now));
        works(&effects)
            .iter()
            .any(|work| matches!(work, Work::Renew(Some(_))))
    };
    assert!(!tick(&mut model, 120));
    assert!(tick(&mut model, 59));
    assert!(!tick(&mut model, 58));
    assert!(tick(&mut model, 20));
}

#[test]
fn a_login_that_is_cancelled_is_stopped_and_its_late_answer_changes_nothing() {
    let mut model = stage::on_login(stage::device());
    let effects = press(&mut model, KeyCode::Esc);
    assert!(effects.contains(&Effect::Cancel(7)));
    update(&mut model, Msg::Done(7, Done::SignedIn(Err(stage::told()))));
    assert!(matches!(model.login.step, Step::Profiles));
    assert_eq!(model.login.trouble, None);
}

#[test]
fn a_wrong_password_is_told_where_it_was_typed_and_the_ways_are_there_again() {
    let form = Form::password("BrainMaps", "e-mail");
    let mut model = stage::on_login(Step::Form(form));
    typed(&mut model, "me@lab.org");
    press(&mut model, KeyCode::Enter);
    typed(&mut model, "hunter2 ");
    let effects = press(&mut model, KeyCode::Enter);
    let sign_in = task(&effects, |work| matches!(work, Work::SignIn(_)));
    let effects = update(
        &mut model,
        Msg::Done(sign_in, Done::SignedIn(Err(stage::told()))),
    );
    let ways = task(&effects, |work| *work == Work::Ways);
    let offered = ("BrainMaps".to_owned(), stage::ways());
    update(&mut model, Msg::Done(ways, Done::Ways(Ok(offered))));
    let picture = lines(&drawn(&mut model, (80, 24))).join("\n");
    assert!(
        picture.contains("connection refused") && picture.contains("hint:"),
        "{picture}"
    );
    assert!(picture.contains("with e-mail and password"), "{picture}");
}

#[test]
fn a_click_chooses_a_row_a_second_one_opens_it_and_keys_and_tabs_can_be_clicked() {
    let mut model = stage::with_tokens();
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
    assert_eq!(Place::of(&model), Place::Details);
    model.dialogs.clear();
    click(&mut model, "n new");
    assert_eq!(Place::of(&model), Place::Form);
    model.dialogs.clear();
    click(&mut model, "Sessions");
    assert_eq!(model.screen, Screen::Sessions);
}

#[test]
fn a_credential_that_takes_the_place_of_another_is_told() {
    let mut model = stage::with_tokens();
    let mut standing = stage::standing("brainmaps", State::Unverified);
    standing.status.source = Some("dotenv:/work/.env".to_owned());
    update(&mut model, Msg::Done(99, Done::Stands(Ok(standing))));
    assert!(
        matches!(&model.notice, Some(Notice::Warning(text)) if text.contains("dotenv:/work/.env"))
    );
}
