//! Commands on the sessions screen.

use super::cursor::move_cursor;
use super::login;
use super::open_dialog::ask_confirmation;
use super::screens::open_screen;
use super::start_task::{start_task, verify_credential};
use crate::actions::CredentialState;
use crate::domain::ProfileName;
use crate::tui::keys::Command;
use crate::tui::model::{FindingList, Loading, Model, Notice, OnConfirm, Screen, TokenList};
use crate::tui::msg::{Effect, TaskKind};

const PAGE: usize = 5;

pub(super) fn handle_command(model: &mut Model, command: Command) -> Vec<Effect> {
    let last = model.sessions.len().saturating_sub(1);
    move_cursor(&mut model.sessions_cursor, last, PAGE, command);
    if command == Command::Reload {
        return vec![start_task(model, TaskKind::ListSessions)];
    }
    let Some(session) = model.selected_session() else {
        return Vec::new();
    };
    let (profile, is_stored) = (session.status.profile.clone(), session.is_stored);
    let is_signed_out = session.status.state == CredentialState::None;
    let kind = match command {
        Command::Enter if is_signed_out => return login::choose_method(model, profile),
        Command::Enter => return switch_profile(model, profile),
        Command::SignIn => return login::choose_method(model, profile),
        Command::RefreshSession => TaskKind::RefreshSession(None),
        Command::MakeDefault => TaskKind::SetDefaultProfile,
        Command::LogOut => {
            confirm_logout(model, profile, is_stored);
            return Vec::new();
        }
        _ => return Vec::new(),
    };
    vec![Effect::StartTask(model.next_task(), profile, kind)]
}

fn confirm_logout(model: &mut Model, profile: ProfileName, is_stored: bool) {
    if !is_stored {
        let text = format!("no credential is stored for profile {profile}");
        model.notice = Some(Notice::Warning(text));
        return;
    }
    let question = format!("Sign out of profile {profile} and revoke the session?");
    ask_confirmation(model, question, Vec::new(), OnConfirm::LogOut(profile));
}

/// Shows another profile. Its credential is verified first, as at the start.
pub(super) fn switch_profile(model: &mut Model, profile: ProfileName) -> Vec<Effect> {
    let cancelled = [model.tokens.loading, model.findings.loading].map(|loading| match loading {
        Loading::InProgress(task) => Some(Effect::Cancel(task)),
        _ => None,
    });
    model.profile = profile;
    model.tokens = TokenList::default();
    model.findings = FindingList::default();
    model.profile_state = None;
    model.refresh_attempted_at = None;
    model.is_starting = true;
    let opened = open_screen(model, Screen::Tokens);
    let verification = verify_credential(model);
    let effects = cancelled.into_iter().flatten().chain(opened);
    effects.chain([verification]).collect()
}
