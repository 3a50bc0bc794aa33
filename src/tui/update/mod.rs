//! What follows from what happens: `update(model, msg)` changes the model and says what is to be done. No clock, no
//! terminal, no network: each of these is a message or an effect.

mod dialogs;
mod forms;
mod login;
mod mouse;
mod sessions;
mod task_results;
mod tokens;

pub(super) use task_results::format_expiry;

use crossterm::event::{Event as Input, KeyEvent, KeyEventKind};

use super::keys::{self, Command, InputContext};
use super::layout;
use super::model::{Dialog, LoginStep, Model, NewSecret, OnConfirm, Screen};
use super::msg::{Effect, Msg, TaskKind};
use super::view;

/// Seconds after which the files are looked at again: another process may have signed in or out.
const STATUS_INTERVAL: i64 = 15;
/// A session that renews itself is renewed this many seconds before its end.
const REFRESH_BEFORE_EXPIRY: u64 = 60;
/// Seconds between two attempts to renew.
const REFRESH_RETRY_INTERVAL: i64 = 30;

/// What is done first of all.
pub(super) fn start(model: &mut Model) -> Vec<Effect> {
    let effect = start_task(model, TaskKind::VerifyCredential);
    model.verification_task = task_id(&effect);
    vec![effect]
}

/// Takes in `msg`; what is to be done about it.
pub(super) fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let effects = match msg {
        Msg::Input(Input::Key(key)) if key.kind != KeyEventKind::Release => on_key(model, key),
        Msg::Input(Input::Paste(_) | Input::Mouse(_)) if !layout::is_large_enough(model) => {
            Vec::new()
        }
        Msg::Input(Input::Paste(text)) => forms::on_paste(model, &text),
        Msg::Input(Input::Mouse(event)) => mouse::on_mouse(model, event),
        Msg::Input(Input::Resize(width, height)) => {
            model.size = (width, height);
            Vec::new()
        }
        Msg::Input(_) => Vec::new(),
        Msg::Tick(now) => on_tick(model, now),
        Msg::Stop => vec![Effect::Quit(true)],
        Msg::Progress(task, event) => task_results::on_progress(model, task, event),
        Msg::Done(task, done) => task_results::on_task_result(model, task, done),
    };
    let height = layout::token_row_count(model);
    model.tokens.scroll_to_cursor(height);
    view::clamp_scroll(model);
    effects
}

fn on_key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let place = InputContext::current(model);
    if !layout::is_large_enough(model) {
        return on_key_when_too_small(model, place, key);
    }
    model.notice = None;
    if place.accepts_text() && forms::on_key(model, key) {
        return Vec::new();
    }
    keys::command_for(place, key)
        .map_or_else(Vec::new, |command| handle_command(model, place, command))
}

/// In a window that shows nothing no key does anything but what is about the window.
fn on_key_when_too_small(model: &mut Model, place: InputContext, key: KeyEvent) -> Vec<Effect> {
    match keys::command_for(place, key) {
        Some(command @ (Command::QuitNow | Command::Suspend | Command::Redraw)) => {
            handle_command(model, place, command)
        }
        _ => Vec::new(),
    }
}

/// Does what a command says at a place.
pub(super) fn handle_command(
    model: &mut Model,
    place: InputContext,
    command: Command,
) -> Vec<Effect> {
    match command {
        Command::Quit => return vec![Effect::Quit(false)],
        Command::QuitNow => return vec![Effect::Quit(true)],
        Command::Suspend => return suspend(model),
        Command::Redraw => return vec![Effect::Redraw],
        Command::Help => {
            model.dialogs.push(Dialog::Help(0));
            return Vec::new();
        }
        Command::GoTo(screen) => return open_screen(model, screen),
        Command::NextScreen => return open_screen(model, screen_at_offset(model.screen, 1)),
        Command::PreviousScreen => {
            return open_screen(model, screen_at_offset(model.screen, Screen::ALL.len() - 1));
        }
        _ => {}
    }
    match place {
        InputContext::Tokens
        | InputContext::Filter
        | InputContext::Timeline
        | InputContext::Details => tokens::handle_command(model, place, command),
        InputContext::Sessions => sessions::handle_command(model, command),
        InputContext::LoginProfiles
        | InputContext::LoginMethods
        | InputContext::LoginWaiting
        | InputContext::LoginDevice => login::handle_command(model, command),
        InputContext::Form | InputContext::LoginForm => forms::handle_command(model, command),
        InputContext::Help
        | InputContext::Confirm
        | InputContext::NewSecret
        | InputContext::InProgress
        | InputContext::BulkResults => dialogs::handle_command(model, command),
    }
}

/// What is on the screen when the user comes back may be seen by others.
fn suspend(model: &mut Model) -> Vec<Effect> {
    for dialog in &mut model.dialogs {
        if let Dialog::NewSecret(NewSecret { is_revealed, .. }) = dialog {
            *is_revealed = false;
        }
    }
    vec![Effect::Suspend]
}

fn screen_at_offset(screen: Screen, steps: usize) -> Screen {
    let place = Screen::ALL.iter().position(|it| *it == screen).unwrap_or(0);
    Screen::ALL[(place + steps) % Screen::ALL.len()]
}

/// Shows a screen, and looks at what it shows.
pub(super) fn open_screen(model: &mut Model, screen: Screen) -> Vec<Effect> {
    model.screen = screen;
    if matches!(model.login.step, LoginStep::ChooseProfile) {
        model.login.cursor = model.session_index(&model.profile);
    }
    match screen {
        Screen::Tokens => tokens::load_if_needed(model),
        Screen::Sessions | Screen::Login => vec![start_task(model, TaskKind::ListSessions)],
    }
}

/// Work for the profile in use.
fn start_task(model: &mut Model, work: TaskKind) -> Effect {
    let profile = model.profile.clone();
    Effect::StartTask(model.next_task(), profile, work)
}

/// The number of a work.
fn task_id(effect: &Effect) -> u64 {
    match effect {
        Effect::StartTask(task, ..) => *task,
        _ => 0,
    }
}

/// A second passed: what is shown of it changes by itself; a session is kept alive.
fn on_tick(model: &mut Model, now: jiff::Timestamp) -> Vec<Effect> {
    model.now = now;
    let since = |then: jiff::Timestamp| now.duration_since(then).as_secs();
    let tried = model
        .refresh_attempted_at
        .is_some_and(|then| since(then) < REFRESH_RETRY_INTERVAL);
    if !tried && needs_refresh(model) {
        model.refresh_attempted_at = Some(now);
        let least = std::time::Duration::from_secs(REFRESH_BEFORE_EXPIRY);
        return vec![start_task(model, TaskKind::RefreshSession(Some(least)))];
    }
    if since(model.status_read_at) < STATUS_INTERVAL {
        return Vec::new();
    }
    model.status_read_at = now;
    let mut effects = vec![start_task(model, TaskKind::RefreshStatus)];
    if model.screen == Screen::Sessions {
        effects.push(start_task(model, TaskKind::ListSessions));
    }
    effects
}

fn needs_refresh(model: &Model) -> bool {
    let Some(standing) = model
        .profile_state
        .as_ref()
        .filter(|it| it.status.refreshable)
    else {
        return false;
    };
    let left = standing
        .status
        .expires_at
        .map(|end| end.duration_since(model.now).as_secs());
    model.screen != Screen::Login
        && left.is_some_and(|left| left < REFRESH_BEFORE_EXPIRY.cast_signed())
}

/// Asks before `then`.
fn ask_confirmation(model: &mut Model, question: String, about: Vec<String>, then: OnConfirm) {
    use super::model::Confirm;
    model.dialogs.push(Dialog::Confirm(Confirm {
        question,
        details: about,
        on_confirm: then,
        top: 0,
    }));
}
