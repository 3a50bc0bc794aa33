//! Commands on the login screen.

use super::cursor::move_cursor;
use super::screens::open_screen;
use super::start_task::start_task;
use crate::actions::{LoginMethod, TypedLogin};
use crate::domain::{ProfileName, Secret};
use crate::tui::keys::Command;
use crate::tui::model::{Approval, Form, LoginState, LoginStep, Model, Notice, Screen};
use crate::tui::msg::{Effect, ErrorView, LoginInput, SignInRequest, TaskKind};

const PAGE: usize = 5;

pub(super) fn handle_command(model: &mut Model, command: Command) -> Vec<Effect> {
    let last = row_count(model).saturating_sub(1);
    move_cursor(&mut model.login.cursor, last, PAGE, command);
    match (command, &model.login.step) {
        (Command::Reload, _) => vec![start_task(model, TaskKind::ListSessions)],
        (Command::Enter, LoginStep::ChooseProfile) => {
            let selected = model.sessions.get(model.login.cursor);
            let profile = selected.map(|session| session.status.profile.clone());
            profile.map_or_else(Vec::new, |profile| choose_method(model, profile))
        }
        (Command::Enter, LoginStep::ChooseMethod(methods)) => {
            let method = methods.get(model.login.cursor).cloned();
            method.map_or_else(Vec::new, |method| start_method(model, method))
        }
        (Command::Close, LoginStep::Waiting(task)) => {
            let task = *task;
            reset_to_profiles(model);
            vec![Effect::Cancel(task)]
        }
        (Command::Close, LoginStep::Approve(approval)) => {
            let task = approval.task;
            reset_to_profiles(model);
            vec![Effect::Cancel(task)]
        }
        (Command::Close, _) => {
            reset_to_profiles(model);
            vec![start_task(model, TaskKind::ListSessions)]
        }
        (command, LoginStep::Approve(approval)) => {
            let approval = approval.clone();
            handle_approval_command(model, &approval, command)
        }
        _ => Vec::new(),
    }
}

fn row_count(model: &Model) -> usize {
    match &model.login.step {
        LoginStep::ChooseProfile => model.sessions.len(),
        LoginStep::ChooseMethod(methods) => methods.len(),
        _ => 0,
    }
}

fn reset_to_profiles(model: &mut Model) {
    let profile = model.login.profile.take();
    let cursor = profile.map_or(0, |profile| model.session_index(&profile));
    model.login = LoginState {
        cursor,
        ..LoginState::default()
    };
}

/// Opens the login screen for the profile in use, with the reason why a login is required.
pub(super) fn require_login(model: &mut Model, error: Option<ErrorView>) -> Vec<Effect> {
    let profile = model.profile.clone();
    let effects = choose_method(model, profile);
    model.login.error = error;
    effects
}

/// Opens the login screen for a profile and loads its login methods.
pub(super) fn choose_method(model: &mut Model, profile: ProfileName) -> Vec<Effect> {
    let mut effects = open_screen(model, Screen::Login);
    let task = model.next_task();
    model.login = LoginState {
        step: LoginStep::Waiting(task),
        profile: Some(profile.clone()),
        ..LoginState::default()
    };
    effects.push(Effect::StartTask(task, profile, TaskKind::ListLoginMethods));
    effects
}

pub(super) fn start_method(model: &mut Model, method: LoginMethod) -> Vec<Effect> {
    let provider = model.login.provider_name.clone();
    let form = match method {
        LoginMethod::Page(method) => return sign_in(model, LoginInput::Page(method)),
        LoginMethod::Typed(TypedLogin::Password(name)) => Form::password_login(&provider, &name),
        LoginMethod::Typed(TypedLogin::Cookie(hint)) => {
            Form::cookie_login(&provider, hint.as_deref())
        }
        LoginMethod::Typed(TypedLogin::ApiKey) => Form::api_key_login(&provider),
    };
    model.login.step = LoginStep::Form(form);
    Vec::new()
}

pub(super) fn sign_in(model: &mut Model, input: LoginInput) -> Vec<Effect> {
    let request = SignInRequest {
        input,
        replaces_session: false,
    };
    start_sign_in(model, request)
}

pub(super) fn start_sign_in(model: &mut Model, request: SignInRequest) -> Vec<Effect> {
    let Some(profile) = model.login.profile.clone() else {
        return Vec::new();
    };
    let task = model.next_task();
    model.login.step = LoginStep::Waiting(task);
    model.login.error = None;
    vec![Effect::StartTask(task, profile, TaskKind::SignIn(request))]
}

fn handle_approval_command(
    model: &mut Model,
    approval: &Approval,
    command: Command,
) -> Vec<Effect> {
    let (name, text) = match command {
        Command::OpenBrowser => {
            let kind = TaskKind::OpenBrowser(approval.uri_to_open().to_owned());
            return vec![start_task(model, kind)];
        }
        Command::CopyUrl => ("URL", approval.uri_to_open()),
        Command::CopyCode => match &approval.user_code {
            Some(code) => ("code", code.as_str()),
            None => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let text_sent = format!("Sent the {name} to the terminal's clipboard.");
    model.notice = Some(Notice::Success(text_sent));
    vec![Effect::Copy(Secret::new(text))]
}
