//! What follows from what happens: `update(model, msg)` changes the model and says what is to be done. No clock, no
//! terminal, no network: each of these is a message or an effect.

mod answers;
mod changes;
mod forms;
mod login;
mod mouse;
mod sessions;
mod tokens;

pub(super) use answers::ends;

use crossterm::event::{Event as Input, KeyEvent, KeyEventKind};

use super::keys::{self, Command, Place};
use super::layout;
use super::model::{Dialog, Made, Model, Screen, Step, Then};
use super::msg::{Effect, Msg, Work};
use super::view;

/// Seconds after which the files are looked at again: another process may have signed in or out.
const LOOK_AGAIN: i64 = 15;
/// A session that renews itself is renewed this many seconds before its end.
const RENEW_BEFORE: u64 = 60;
/// Seconds between two attempts to renew.
const RENEW_PAUSE: i64 = 30;

/// What is done first of all.
pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    let effect = work(model, Work::Check);
    model.checking = task_of(&effect);
    vec![effect]
}

/// Takes in `msg`; what is to be done about it.
pub(super) fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let effects = match msg {
        Msg::Input(Input::Key(key)) if key.kind != KeyEventKind::Release => typed(model, key),
        Msg::Input(Input::Paste(_) | Input::Mouse(_)) if !layout::is_large_enough(model) => {
            Vec::new()
        }
        Msg::Input(Input::Paste(text)) => forms::paste(model, &text),
        Msg::Input(Input::Mouse(event)) => mouse::update(model, event),
        Msg::Input(Input::Resize(width, height)) => {
            model.size = (width, height);
            Vec::new()
        }
        Msg::Input(_) => Vec::new(),
        Msg::Tick(now) => tick(model, now),
        Msg::Stop => vec![Effect::Quit(true)],
        Msg::Progress(task, event) => answers::progress(model, task, event),
        Msg::Done(task, done) => answers::done(model, task, done),
    };
    let height = layout::table_rows(model);
    model.tokens.scroll_to_cursor(height);
    view::keep_scrolled(model);
    effects
}

fn typed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let place = Place::of(model);
    if !layout::is_large_enough(model) {
        return unseen(model, place, key);
    }
    model.notice = None;
    if place.takes_text() && forms::typed(model, key) {
        return Vec::new();
    }
    keys::command(place, key).map_or_else(Vec::new, |command| obey(model, place, command))
}

/// In a window that shows nothing no key does anything but what is about the window.
fn unseen(model: &mut Model, place: Place, key: KeyEvent) -> Vec<Effect> {
    match keys::command(place, key) {
        Some(command @ (Command::GiveUp | Command::Suspend | Command::Redraw)) => {
            obey(model, place, command)
        }
        _ => Vec::new(),
    }
}

/// Does what a command says at a place.
pub(super) fn obey(model: &mut Model, place: Place, command: Command) -> Vec<Effect> {
    match command {
        Command::Quit => return vec![Effect::Quit(false)],
        Command::GiveUp => return vec![Effect::Quit(true)],
        Command::Suspend => return suspend(model),
        Command::Redraw => return vec![Effect::Redraw],
        Command::Help => {
            model.dialogs.push(Dialog::Help(0));
            return Vec::new();
        }
        Command::GoTo(screen) => return go_to(model, screen),
        Command::NextScreen => return go_to(model, neighbour(model.screen, 1)),
        Command::PreviousScreen => {
            return go_to(model, neighbour(model.screen, Screen::ALL.len() - 1));
        }
        _ => {}
    }
    match place {
        Place::Tokens | Place::Filter | Place::Timeline | Place::Details => {
            tokens::obey(model, place, command)
        }
        Place::Sessions => sessions::obey(model, command),
        Place::Profiles | Place::Ways | Place::Waiting | Place::Device => {
            login::obey(model, command)
        }
        Place::Form | Place::LoginForm => forms::obey(model, command),
        Place::Help | Place::Confirm | Place::Made | Place::Underway | Place::Outcomes => {
            changes::obey(model, command)
        }
    }
}

/// What is on the screen when the user comes back may be seen by others.
fn suspend(model: &mut Model) -> Vec<Effect> {
    for dialog in &mut model.dialogs {
        if let Dialog::Made(Made { is_revealed, .. }) = dialog {
            *is_revealed = false;
        }
    }
    vec![Effect::Suspend]
}

fn neighbour(screen: Screen, steps: usize) -> Screen {
    let place = Screen::ALL.iter().position(|it| *it == screen).unwrap_or(0);
    Screen::ALL[(place + steps) % Screen::ALL.len()]
}

/// Shows a screen, and looks at what it shows.
pub(super) fn go_to(model: &mut Model, screen: Screen) -> Vec<Effect> {
    model.screen = screen;
    if matches!(model.login.step, Step::Profiles) {
        model.login.cursor = model.row_of(&model.profile);
    }
    match screen {
        Screen::Tokens => tokens::load_once(model),
        Screen::Sessions | Screen::Login => vec![work(model, Work::Sessions)],
    }
}

/// Work for the profile in use.
fn work(model: &mut Model, work: Work) -> Effect {
    let profile = model.profile.clone();
    Effect::Work(model.next_task(), profile, work)
}

/// The number of a work.
fn task_of(effect: &Effect) -> u64 {
    match effect {
        Effect::Work(task, ..) => *task,
        _ => 0,
    }
}

/// A second passed: what is shown of it changes by itself; a session is kept alive.
fn tick(model: &mut Model, now: jiff::Timestamp) -> Vec<Effect> {
    model.now = now;
    let since = |then: jiff::Timestamp| now.duration_since(then).as_secs();
    let tried = model
        .renewed_at
        .is_some_and(|then| since(then) < RENEW_PAUSE);
    if !tried && needs_renewal(model) {
        model.renewed_at = Some(now);
        let least = std::time::Duration::from_secs(RENEW_BEFORE);
        return vec![work(model, Work::Renew(Some(least)))];
    }
    if since(model.stood_at) < LOOK_AGAIN {
        return Vec::new();
    }
    model.stood_at = now;
    let mut effects = vec![work(model, Work::Stand)];
    if model.screen == Screen::Sessions {
        effects.push(work(model, Work::Sessions));
    }
    effects
}

fn needs_renewal(model: &Model) -> bool {
    let Some(standing) = model.standing.as_ref().filter(|it| it.status.refreshable) else {
        return false;
    };
    let left = standing
        .status
        .expires_at
        .map(|end| end.duration_since(model.now).as_secs());
    model.screen != Screen::Login && left.is_some_and(|left| left < RENEW_BEFORE.cast_signed())
}

/// Asks before `then`.
fn confirm(model: &mut Model, question: String, about: Vec<String>, then: Then) {
    use super::model::Confirm;
    model.dialogs.push(Dialog::Confirm(Confirm {
        question,
        about,
        then,
        top: 0,
    }));
}
