//! The login screen.

use super::sessions::step;
use super::{go_to, work};
use crate::actions::WayName;
use crate::domain::{ProfileName, Secret};
use crate::tui::keys::Command;
use crate::tui::model::{Device, Form, Login, Model, Notice, Screen, Step};
use crate::tui::msg::{Attempt, Effect, Told, Work};

pub(super) fn obey(model: &mut Model, command: Command) -> Vec<Effect> {
    let last = rows(model).saturating_sub(1);
    step(&mut model.login.cursor, last, command);
    match (command, &model.login.step) {
        (Command::Reload, _) => vec![work(model, Work::Sessions)],
        (Command::Enter, Step::Profiles) => {
            let chosen = model.sessions.get(model.login.cursor);
            let profile = chosen.map(|session| session.status.profile.clone());
            profile.map_or_else(Vec::new, |profile| choose(model, profile))
        }
        (Command::Enter, Step::Ways(ways)) => {
            let way = ways.get(model.login.cursor).cloned();
            way.map_or_else(Vec::new, |way| begin(model, way))
        }
        (Command::Close, Step::Waiting(task)) => {
            let task = *task;
            back(model);
            vec![Effect::Cancel(task)]
        }
        (Command::Close, Step::Device(device)) => {
            let task = device.task;
            back(model);
            vec![Effect::Cancel(task)]
        }
        (Command::Close, _) => {
            back(model);
            vec![work(model, Work::Sessions)]
        }
        (command, Step::Device(device)) => {
            let device = device.clone();
            at_code(model, &device, command)
        }
        _ => Vec::new(),
    }
}

fn rows(model: &Model) -> usize {
    match &model.login.step {
        Step::Profiles => model.sessions.len(),
        Step::Ways(ways) => ways.len(),
        _ => 0,
    }
}

/// Back to the list of profiles.
fn back(model: &mut Model) {
    let profile = model.login.profile.take();
    let cursor = profile.map_or(0, |profile| model.row_of(&profile));
    model.login = Login {
        cursor,
        ..Login::default()
    };
}

/// Asks for a sign-in because of `why`, to the profile in use.
pub(super) fn needed(model: &mut Model, why: Option<Told>) -> Vec<Effect> {
    let profile = model.profile.clone();
    let effects = choose(model, profile);
    model.login.trouble = why;
    effects
}

/// Signs in to `profile`: which ways are there?
pub(super) fn choose(model: &mut Model, profile: ProfileName) -> Vec<Effect> {
    let shown = go_to(model, Screen::Login);
    let task = model.next_task();
    model.login = Login {
        step: Step::Waiting(task),
        profile: Some(profile.clone()),
        ..Login::default()
    };
    shown
        .into_iter()
        .chain([Effect::Work(task, profile, Work::Ways)])
        .collect()
}

pub(super) fn begin(model: &mut Model, way: WayName) -> Vec<Effect> {
    let service = model.login.service.clone();
    let form = match way {
        WayName::Device => return attempt(model, Attempt::Device),
        WayName::Password(name) => Form::password(&service, &name),
        WayName::Cookie(note) => Form::cookie(&service, note.as_deref()),
        WayName::Token => Form::token(&service),
    };
    model.login.step = Step::Form(form);
    Vec::new()
}

/// Tries to sign in.
pub(super) fn attempt(model: &mut Model, attempt: Attempt) -> Vec<Effect> {
    let Some(profile) = model.login.profile.clone() else {
        return Vec::new();
    };
    let task = model.next_task();
    model.login.step = Step::Waiting(task);
    model.login.trouble = None;
    vec![Effect::Work(task, profile, Work::SignIn(attempt))]
}

fn at_code(model: &mut Model, device: &Device, command: Command) -> Vec<Effect> {
    let (what, text) = match command {
        Command::OpenBrowser => {
            return vec![work(model, Work::Open(device.address().to_owned()))];
        }
        Command::CopyAddress => ("address", device.address()),
        Command::CopyCode => ("code", device.user_code.as_str()),
        _ => return Vec::new(),
    };
    let told = format!("the {what} was sent to the terminal's clipboard");
    model.notice = Some(Notice::Good(told));
    vec![Effect::Copy(Secret::new(text))]
}
