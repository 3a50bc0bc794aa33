//! The sessions screen.

use super::{begin, confirm, go_to, login, work};
use crate::actions::State;
use crate::tui::keys::Command;
use crate::tui::model::{Loading, Model, Notice, Screen, Then, Tokens};
use crate::tui::msg::{Effect, Work};

pub(super) fn obey(model: &mut Model, command: Command) -> Vec<Effect> {
    let last = model.sessions.len().saturating_sub(1);
    step(&mut model.sessions_cursor, last, command);
    if command == Command::Reload {
        return vec![work(model, Work::Sessions)];
    }
    let Some(session) = model.session() else {
        return Vec::new();
    };
    let profile = session.status.profile.clone();
    match command {
        Command::Enter if session.status.state == State::None => login::choose(model, profile),
        Command::Enter => switch(model, profile),
        Command::SignIn => login::choose(model, profile),
        Command::Renew => vec![Effect::Work(model.next_task(), profile, Work::Renew(None))],
        Command::MakeDefault => vec![Effect::Work(model.next_task(), profile, Work::MakeDefault)],
        Command::LogOut if session.is_stored => {
            let question = format!("Log out of profile `{profile}`, at the server and here?");
            confirm(model, question, Vec::new(), Then::LogOut(profile));
            Vec::new()
        }
        Command::LogOut => {
            let text = format!("nothing is stored for profile `{profile}`");
            model.notice = Some(Notice::Warning(text));
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Moves a cursor in a list whose last row is `last`; whether the command is about that.
pub(super) fn step(cursor: &mut usize, last: usize, command: Command) -> bool {
    const PAGE: usize = 5;
    // The list may have become shorter since.
    let at = (*cursor).min(last);
    let moved = match command {
        Command::Up => at.saturating_sub(1),
        Command::Down => at.saturating_add(1),
        Command::PageUp => at.saturating_sub(PAGE),
        Command::PageDown => at.saturating_add(PAGE),
        Command::First => 0,
        Command::Last => last,
        _ => {
            *cursor = at;
            return false;
        }
    };
    *cursor = moved.min(last);
    true
}

/// Looks after another profile from here on: as at the start, its credential is verified first.
pub(super) fn switch(model: &mut Model, profile: crate::domain::ProfileName) -> Vec<Effect> {
    let given_up = match model.tokens.loading {
        Loading::Underway(task) => Some(Effect::Cancel(task)),
        _ => None,
    };
    model.profile = profile;
    model.tokens = Tokens::default();
    model.standing = None;
    model.renewed_at = None;
    model.is_starting = true;
    let shown = go_to(model, Screen::Tokens);
    given_up
        .into_iter()
        .chain(shown)
        .chain(begin(model))
        .collect()
}
