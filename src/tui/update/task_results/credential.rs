//! Answers about credentials: the start, sign-ins, sessions.

use super::{show_error_or_login, show_result};
use crate::actions::{
    CredentialState, LoginMethod, LoginResult, LogoutResult, ProfileStatus, RevocationOutcome,
};
use crate::domain::{CredentialKind, ProfileName};
use crate::tui::model::{LoginState, LoginStep, Model, Notice, Screen, TokenList};
use crate::tui::msg::{Effect, ErrorView, ProfileState, SessionRow, TaskId, TaskKind, ViewResult};
use crate::tui::update::{login, open_screen, sessions as switching, start_task, tokens};
use crate::ui::status_label;

/// The rule of the start: valid, and the tokens are shown; invalid or missing, and the login is. Where nobody could be asked,
/// what is here is shown and the trouble told.
pub(super) fn on_verified(model: &mut Model, outcome: ViewResult<ProfileState>) -> Vec<Effect> {
    model.is_starting = false;
    let standing = match outcome {
        Ok(standing) => standing,
        Err(told) if told.needs_login => return login::require_login(model, Some(told)),
        Err(told) => {
            model.notice = Some(Notice::Error(told));
            return vec![start_task(model, TaskKind::RefreshStatus)];
        }
    };
    let state = standing.status.state;
    let source = standing.status.source.clone();
    model.profile_state = Some(standing);
    match state {
        CredentialState::Local => open_screen(model, Screen::Sessions),
        state if state.is_usable() => tokens::load_if_needed(model),
        CredentialState::None => login::require_login(model, None),
        state => {
            let goes_first = source.as_deref().filter(|source| *source != "stored");
            let hints = goes_first.map(|source| {
                format!("replace or remove what is in {source}: it goes before a sign-in")
            });
            let hints = hints.into_iter().collect();
            let source = source.map_or_else(String::new, |source| format!(" (from {source})"));
            let message = format!("the credential{source} is {}", status_label(state).0);
            login::require_login(
                model,
                Some(ErrorView {
                    message,
                    hints,
                    needs_login: true,
                }),
            )
        }
    }
}

pub(super) fn on_status(model: &mut Model, outcome: ViewResult<ProfileState>) -> Vec<Effect> {
    match outcome {
        Ok(mut standing) if standing.status.profile == model.profile => {
            // The files cannot say what the service said of the same credential.
            if let Some(known) = &model.profile_state
                && is_same_credential(&known.status, &standing.status)
                && standing.status.state == CredentialState::Unverified
            {
                standing.status.state = known.status.state;
            }
            warn_if_source_changed(model, &standing.status);
            model.profile_state = Some(standing);
        }
        Ok(_) => {}
        Err(told) => model.notice = Some(Notice::Error(told)),
    }
    Vec::new()
}

/// A key in a file, or a sign-in elsewhere, may take the place of what was used until now.
fn warn_if_source_changed(model: &mut Model, now: &ProfileStatus) {
    let before = model
        .profile_state
        .as_ref()
        .and_then(|it| it.status.source.clone());
    if let (Some(before), Some(source)) = (before, &now.source)
        && before != *source
    {
        let text =
            format!("from here on the credential from {source} is used: it goes before {before}");
        model.notice = Some(Notice::Warning(text));
    }
}

fn is_same_credential(one: &ProfileStatus, other: &ProfileStatus) -> bool {
    let facts = |it: &ProfileStatus| (it.source.clone(), it.kind, it.expires_at);
    facts(one) == facts(other)
}

pub(super) fn on_sessions(model: &mut Model, outcome: ViewResult<Vec<SessionRow>>) -> Vec<Effect> {
    match outcome {
        Ok(sessions) => {
            let are_new = model.sessions.is_empty();
            model.sessions = sessions;
            if are_new {
                model.sessions_cursor = model.session_index(&model.profile);
            }
            let last = model.sessions.len().saturating_sub(1);
            model.sessions_cursor = model.sessions_cursor.min(last);
        }
        Err(told) => model.notice = Some(Notice::Error(told)),
    }
    Vec::new()
}

pub(super) fn on_login_methods(
    model: &mut Model,
    task: TaskId,
    outcome: ViewResult<(String, Vec<LoginMethod>)>,
) -> Vec<Effect> {
    if !matches!(model.login.step, LoginStep::Waiting(waiting) if waiting == task) {
        return Vec::new();
    }
    match outcome {
        Ok((service, ways)) => {
            model.login.provider_name = service;
            model.login.cursor = 0;
            model.login.step = LoginStep::ChooseMethod(ways);
        }
        Err(told) => {
            model.login.step = LoginStep::ChooseProfile;
            model.login.error = Some(told);
        }
    }
    Vec::new()
}

/// Signed in: on to the tokens. Else it is told in place, and the ways are offered again.
pub(super) fn on_signed_in(
    model: &mut Model,
    task: TaskId,
    outcome: ViewResult<LoginResult>,
) -> Vec<Effect> {
    let waiting = match &model.login.step {
        LoginStep::Waiting(waiting) => *waiting == task,
        LoginStep::ApproveDevice(device) => device.task == task,
        _ => false,
    };
    match outcome {
        Ok(signed_in) => {
            let profile = signed_in.profile;
            // What a user brings along is stored as it is.
            let told = match signed_in.kind {
                CredentialKind::ApiKey | CredentialKind::Cookie => {
                    format!("stored for profile `{profile}`; the service is asked about it")
                }
                _ => format!("signed in as profile `{profile}`"),
            };
            let effects = switching::switch_profile(model, profile.clone());
            model.login = LoginState::default();
            model.notice = Some(Notice::Success(told));
            effects
        }
        Err(told) if waiting => {
            let profile = model.login.profile.clone();
            let effects = profile.map_or_else(Vec::new, |it| login::choose_method(model, it));
            model.login.error = Some(told);
            effects
        }
        Err(_) => Vec::new(),
    }
}

pub(super) fn on_refreshed(
    model: &mut Model,
    profile: &ProfileName,
    outcome: ViewResult<()>,
) -> Vec<Effect> {
    match outcome {
        Ok(()) if model.screen == Screen::Sessions => {
            model.notice = Some(Notice::Success(format!(
                "the session of `{profile}` is renewed"
            )));
        }
        Ok(()) => {}
        Err(told) if *profile == model.profile => return show_error_or_login(model, told),
        Err(told) => model.notice = Some(Notice::Error(told)),
    }
    reload_status(model)
}

fn reload_status(model: &mut Model) -> Vec<Effect> {
    vec![
        start_task(model, TaskKind::RefreshStatus),
        start_task(model, TaskKind::ListSessions),
    ]
}

pub(super) fn on_logged_out(
    model: &mut Model,
    profile: &ProfileName,
    outcome: ViewResult<LogoutResult>,
) -> Vec<Effect> {
    let told = |ended: LogoutResult| match ended.server {
        RevocationOutcome::Revoked => format!("`{profile}` is signed out, at the server and here"),
        RevocationOutcome::Refused(why) => {
            format!("`{profile}` is signed out here; the server would not end the session: {why}")
        }
        RevocationOutcome::NotOffered => format!(
            "`{profile}` is signed out here; the service has no way to end the session there"
        ),
        RevocationOutcome::NotAsked => format!("`{profile}` had nothing stored"),
    };
    show_result(model, outcome.map(told));
    if *profile == model.profile {
        model.tokens = TokenList::default();
    }
    reload_status(model)
}
