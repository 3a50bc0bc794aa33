//! Results about credentials: the check at the start, sign-ins, sessions.

use super::{is_waiting_for, show_error_or_login, show_result};
use crate::actions::{
    CredentialState, LoginMethod, LoginResult, LogoutResult, ProfileStatus, RevocationOutcome,
};
use crate::domain::{CredentialKind, Hint, ProfileName};
use crate::tui::model::{LoginState, LoginStep, Model, Notice, OnConfirm, Screen, TokenList};
use crate::tui::msg::{
    Effect, ErrorView, ProfileState, SessionRow, SignInResult, TaskId, TaskKind, ViewResult,
};
use crate::tui::update::open_dialog::ask_confirmation;
use crate::tui::update::screens::open_screen;
use crate::tui::update::sessions::switch_profile;
use crate::tui::update::start_task::start_task;
use crate::tui::update::{findings, login, tokens};
use crate::ui::status_label;

const MAY_BE_SIGNED_IN: &str =
    "the service may have created a session; it expires there unless you revoke it";

/// Opens the tokens if the credential is usable, and the login screen if it is missing or invalid. If the service cannot be
/// reached, shows the error and what is stored.
pub(super) fn on_verified(model: &mut Model, result: ViewResult<ProfileState>) -> Vec<Effect> {
    model.is_starting = false;
    let state = match result {
        Ok(state) => state,
        Err(error) if error.needs_login => return login::require_login(model, Some(error)),
        Err(error) => {
            model.notice = Some(Notice::Error(error));
            return vec![start_task(model, TaskKind::RefreshStatus)];
        }
    };
    let status = state.status.clone();
    model.profile_state = Some(state);
    match status.state {
        CredentialState::Local => open_screen(model, Screen::Sessions),
        state if state.is_usable() => load_screen(model),
        CredentialState::None => login::require_login(model, None),
        _ => login::require_login(model, Some(unusable_credential(&status))),
    }
}

fn load_screen(model: &mut Model) -> Vec<Effect> {
    match model.screen {
        Screen::Findings => findings::load_if_needed(model),
        _ => tokens::load_if_needed(model),
    }
}

fn unusable_credential(status: &ProfileStatus) -> ErrorView {
    let source = status.source.as_deref();
    let hint = source.filter(|source| *source != "stored").map(|source| {
        format!(
            "replace or remove the credential in {source}; it takes precedence over a stored login"
        )
    });
    let source = source.map_or_else(String::new, |source| format!(" (from {source})"));
    let label = status_label(status.state).0;
    let message = format!("the credential{source} is {label}");
    ErrorView {
        needs_login: true,
        ..ErrorView::new(message, hint.map(Hint::from).into_iter().collect())
    }
}

pub(super) fn on_status(model: &mut Model, result: ViewResult<ProfileState>) -> Vec<Effect> {
    match result {
        Ok(mut state) if state.status.profile == model.profile => {
            // Without a request, the state is never better than "not verified" and the account of a key is unknown: keep what
            // an earlier verification found out.
            if let Some(known) = &model.profile_state
                && is_same_credential(&known.status, &state.status)
            {
                if state.status.state == CredentialState::Unverified {
                    state.status.state = known.status.state;
                }
                let account = state.status.account.take();
                state.status.account = account.or_else(|| known.status.account.clone());
            }
            warn_if_source_changed(model, &state.status);
            model.profile_state = Some(state);
        }
        Ok(_) => {}
        Err(error) => model.notice = Some(Notice::Error(error)),
    }
    Vec::new()
}

/// A new env file, or a login by another process, can take precedence over the credential in use.
fn warn_if_source_changed(model: &mut Model, status: &ProfileStatus) {
    let known = model.profile_state.as_ref();
    let before = known.and_then(|it| it.status.source.clone());
    if let (Some(before), Some(source)) = (before, &status.source)
        && before != *source
    {
        let text = format!(
            "the credential from {source} is used from now on; it takes precedence over {before}"
        );
        model.notice = Some(Notice::Warning(text));
    }
}

fn is_same_credential(one: &ProfileStatus, other: &ProfileStatus) -> bool {
    let key = |it: &ProfileStatus| (it.source.clone(), it.kind, it.expires_at);
    key(one) == key(other)
}

pub(super) fn on_sessions(model: &mut Model, result: ViewResult<Vec<SessionRow>>) -> Vec<Effect> {
    match result {
        Ok(sessions) => {
            let is_first = model.sessions.is_empty();
            model.sessions = sessions;
            if is_first {
                model.sessions_cursor = model.session_index(&model.profile);
            }
            let last = model.sessions.len().saturating_sub(1);
            model.sessions_cursor = model.sessions_cursor.min(last);
        }
        Err(error) => model.notice = Some(Notice::Error(error)),
    }
    Vec::new()
}

pub(super) fn on_login_methods(
    model: &mut Model,
    task: TaskId,
    result: ViewResult<(String, Vec<LoginMethod>)>,
) -> Vec<Effect> {
    if !is_waiting_for(model, task) {
        return Vec::new();
    }
    match result {
        Ok((provider_name, methods)) => {
            model.login.provider_name = provider_name;
            model.login.cursor = 0;
            model.login.step = LoginStep::ChooseMethod(methods);
        }
        Err(error) => {
            model.login.step = LoginStep::ChooseProfile;
            model.login.error = Some(error);
        }
    }
    Vec::new()
}

/// Shows the tokens after a login. After an error, shows it above the login methods.
pub(super) fn on_signed_in(
    model: &mut Model,
    task: TaskId,
    result: ViewResult<SignInResult>,
) -> Vec<Effect> {
    let is_current = match &model.login.step {
        LoginStep::Approve(approval) => approval.task == task,
        _ => is_waiting_for(model, task),
    };
    match result {
        Ok(SignInResult::Done(login)) => show_login(model, *login),
        Ok(SignInResult::WouldReplace(request, found)) if is_current => {
            let effects = choose_method_again(model);
            let on_confirm = OnConfirm::SignIn(request);
            ask_confirmation(model, found.question(), Vec::new(), on_confirm);
            effects
        }
        Err(error) if is_current => {
            let effects = choose_method_again(model);
            model.login.error = Some(error.with_hint_if_response_lost(MAY_BE_SIGNED_IN));
            effects
        }
        Ok(SignInResult::WouldReplace(..)) | Err(_) => Vec::new(),
    }
}

fn show_login(model: &mut Model, login: LoginResult) -> Vec<Effect> {
    let profile = login.profile;
    // Keys and cookies are stored without a check.
    let text = match login.kind {
        CredentialKind::ApiKey | CredentialKind::Cookie => {
            format!("Stored the credential of profile {profile}; verifying it.")
        }
        _ => format!("Signed in to profile {profile}."),
    };
    let effects = switch_profile(model, profile);
    model.login = LoginState::default();
    model.notice = Some(Notice::Success(text));
    effects
}

fn choose_method_again(model: &mut Model) -> Vec<Effect> {
    let profile = model.login.profile.clone();
    profile.map_or_else(Vec::new, |it| login::choose_method(model, it))
}

pub(super) fn on_refreshed(
    model: &mut Model,
    profile: &ProfileName,
    result: ViewResult<()>,
) -> Vec<Effect> {
    match result {
        Ok(()) if model.screen == Screen::Sessions => {
            let text = format!("Refreshed the session of profile {profile}.");
            model.notice = Some(Notice::Success(text));
        }
        Ok(()) => {}
        Err(error) if *profile == model.profile => return show_error_or_login(model, error),
        Err(error) => model.notice = Some(Notice::Error(error)),
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
    result: ViewResult<LogoutResult>,
) -> Vec<Effect> {
    let text = |logout: LogoutResult| match logout.server {
        RevocationOutcome::Revoked => {
            format!("Signed out of profile {profile} and revoked the session.")
        }
        RevocationOutcome::Refused(reason) => format!(
            "Signed out of profile {profile}, but the server did not revoke the session: {reason}"
        ),
        RevocationOutcome::NotOffered => format!(
            "Signed out of profile {profile}. The service cannot revoke the session; it stays valid there until it expires."
        ),
        RevocationOutcome::NotAsked => {
            format!("No credential was stored for profile {profile}.")
        }
    };
    show_result(model, result.map(text));
    if *profile == model.profile {
        model.tokens = TokenList::default();
    }
    reload_status(model)
}
