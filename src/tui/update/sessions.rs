//! The sessions screen.

use super::{ask_confirmation, login, open_screen, start, start_task};
use crate::actions::CredentialState;
use crate::tui::keys::Command;
use crate::tui::model::{Loading, Model, Notice, OnConfirm, Screen, TokenList};
use crate::tui::msg::{Effect, TaskKind};

pub(super) fn handle_command(model: &mut Model, command: Command) -> Vec<Effect> {
    let last = model.sessions.len().saturating_sub(1);
    move_cursor(&mut model.sessions_cursor, last, command);
    if command == Command::Reload {
        return vec![start_task(model, TaskKind::ListSessions)];
    }
    let Some(session) = model.selected_session() else {
        return Vec::new();
    };
    let profile = session.status.profile.clone();
    match command {
        Command::Enter if session.status.state == CredentialState::None => {
            login::choose_method(model, profile)
        }
        Command::Enter => switch_profile(model, profile),
        Command::SignIn => login::choose_method(model, profile),
        Command::RefreshSession => vec![Effect::StartTask(
            model.next_task(),
            profile,
            TaskKind::RefreshSession(None),
        )],
        Command::MakeDefault => vec![Effect::StartTask(
            model.next_task(),
            profile,
            TaskKind::SetDefaultProfile,
        )],
        Command::LogOut if session.is_stored => {
            let question = format!("Log out of profile `{profile}`, at the server and here?");
            ask_confirmation(model, question, Vec::new(), OnConfirm::LogOut(profile));
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
pub(super) fn move_cursor(cursor: &mut usize, last: usize, command: Command) -> bool {
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
pub(super) fn switch_profile(
    model: &mut Model,
    profile: crate::domain::ProfileName,
) -> Vec<Effect> {
    let given_up = match model.tokens.loading {
        Loading::InProgress(task) => Some(Effect::Cancel(task)),
        _ => None,
    };
    model.profile = profile;
    model.tokens = TokenList::default();
    model.profile_state = None;
    model.refresh_attempted_at = None;
    model.is_starting = true;
    let shown = open_screen(model, Screen::Tokens);
    given_up
        .into_iter()
        .chain(shown)
        .chain(start(model))
        .collect()
}
