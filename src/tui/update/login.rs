//! The login screen.

use super::sessions::move_cursor;
use super::{open_screen, start_task};
use crate::actions::LoginMethod;
use crate::domain::{ProfileName, Secret};
use crate::tui::keys::Command;
use crate::tui::model::{DeviceApproval, Form, LoginState, LoginStep, Model, Notice, Screen};
use crate::tui::msg::{Effect, ErrorView, LoginInput, TaskKind};

pub(super) fn handle_command(model: &mut Model, command: Command) -> Vec<Effect> {
    let last = row_count(model).saturating_sub(1);
    move_cursor(&mut model.login.cursor, last, command);
    match (command, &model.login.step) {
        (Command::Reload, _) => vec![start_task(model, TaskKind::ListSessions)],
        (Command::Enter, LoginStep::ChooseProfile) => {
            let chosen = model.sessions.get(model.login.cursor);
            let profile = chosen.map(|session| session.status.profile.clone());
            profile.map_or_else(Vec::new, |profile| choose_method(model, profile))
        }
        (Command::Enter, LoginStep::ChooseMethod(ways)) => {
            let way = ways.get(model.login.cursor).cloned();
            way.map_or_else(Vec::new, |way| start_method(model, way))
        }
        (Command::Close, LoginStep::Waiting(task)) => {
            let task = *task;
            reset_to_profiles(model);
            vec![Effect::Cancel(task)]
        }
        (Command::Close, LoginStep::ApproveDevice(device)) => {
            let task = device.task;
            reset_to_profiles(model);
            vec![Effect::Cancel(task)]
        }
        (Command::Close, _) => {
            reset_to_profiles(model);
            vec![start_task(model, TaskKind::ListSessions)]
        }
        (command, LoginStep::ApproveDevice(device)) => {
            let device = device.clone();
            handle_device_command(model, &device, command)
        }
        _ => Vec::new(),
    }
}

fn row_count(model: &Model) -> usize {
    match &model.login.step {
        LoginStep::ChooseProfile => model.sessions.len(),
        LoginStep::ChooseMethod(ways) => ways.len(),
        _ => 0,
    }
}

/// Back to the list of profiles.
fn reset_to_profiles(model: &mut Model) {
    let profile = model.login.profile.take();
    let cursor = profile.map_or(0, |profile| model.session_index(&profile));
    model.login = LoginState {
        cursor,
        ..LoginState::default()
    };
}

/// Asks for a sign-in because of `why`, to the profile in use.
pub(super) fn require_login(model: &mut Model, why: Option<ErrorView>) -> Vec<Effect> {
    let profile = model.profile.clone();
    let effects = choose_method(model, profile);
    model.login.error = why;
    effects
}

/// Signs in to `profile`: which ways are there?
pub(super) fn choose_method(model: &mut Model, profile: ProfileName) -> Vec<Effect> {
    let shown = open_screen(model, Screen::Login);
    let task = model.next_task();
    model.login = LoginState {
        step: LoginStep::Waiting(task),
        profile: Some(profile.clone()),
        ..LoginState::default()
    };
    shown
        .into_iter()
        .chain([Effect::StartTask(task, profile, TaskKind::ListLoginMethods)])
        .collect()
}

pub(super) fn start_method(model: &mut Model, way: LoginMethod) -> Vec<Effect> {
    let service = model.login.provider_name.clone();
    let form = match way {
        LoginMethod::Device => return sign_in(model, LoginInput::Device),
        LoginMethod::Password(name) => Form::password_login(&service, &name),
        LoginMethod::Cookie(note) => Form::cookie_login(&service, note.as_deref()),
        LoginMethod::ApiKey => Form::api_key_login(&service),
    };
    model.login.step = LoginStep::Form(form);
    Vec::new()
}

/// Tries to sign in.
pub(super) fn sign_in(model: &mut Model, input: LoginInput) -> Vec<Effect> {
    let Some(profile) = model.login.profile.clone() else {
        return Vec::new();
    };
    let task = model.next_task();
    model.login.step = LoginStep::Waiting(task);
    model.login.error = None;
    vec![Effect::StartTask(task, profile, TaskKind::SignIn(input))]
}

fn handle_device_command(
    model: &mut Model,
    device: &DeviceApproval,
    command: Command,
) -> Vec<Effect> {
    let (what, text) = match command {
        Command::OpenBrowser => {
            return vec![start_task(
                model,
                TaskKind::OpenBrowser(device.uri_to_open().to_owned()),
            )];
        }
        Command::CopyUrl => ("address", device.uri_to_open()),
        Command::CopyCode => ("code", device.user_code.as_str()),
        _ => return Vec::new(),
    };
    let told = format!("the {what} was sent to the terminal's clipboard");
    model.notice = Some(Notice::Success(told));
    vec![Effect::Copy(Secret::new(text))]
}
