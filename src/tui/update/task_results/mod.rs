//! What work came to.

mod credential;
mod token;

use jiff::SignedDuration;

use super::{login, start_task};
use crate::actions::Event;
use crate::domain::differing_hosts;
use crate::tui::model::{
    DeviceApproval, Dialog, InProgress, Loading, LoginStep, Model, Notice, Screen,
};
use crate::tui::msg::{Effect, ErrorView, TaskId, TaskKind, TaskResult, ViewResult};
use crate::ui::time_format;

/// An action told of its progress.
pub(super) fn on_progress(model: &mut Model, task: TaskId, event: Event) -> Vec<Effect> {
    match event {
        // The screen shows the credential's source.
        Event::FileChoice(_) => {}
        Event::Warning(text) => model.notice = Some(Notice::Warning(text)),
        Event::Progress { done, of } => {
            update_progress_dialog(model, task, |it| it.progress = Some((done, of)))
        }
        Event::Rotation(step) => update_progress_dialog(model, task, |it| {
            it.completed_steps.push(step.told().to_owned())
        }),
        Event::DeviceCode { .. } => show_device_code(model, task, event),
        Event::BrowserOpened(opened) => set_status_message(model, task, &browser_message(opened)),
        Event::Retrying { cause } => {
            set_status_message(model, task, &format!("{cause}; still waiting"))
        }
        Event::Waiting { remaining } => {
            if let LoginStep::ApproveDevice(device) = &mut model.login.step
                && device.task == task
                && let Ok(left) = SignedDuration::try_from(remaining)
            {
                device.expires_at = model.now.saturating_add(left).unwrap_or(device.expires_at);
            }
        }
    }
    Vec::new()
}

fn browser_message(opened: bool) -> String {
    let text = if opened {
        "your browser should show the page now"
    } else {
        "no browser could be opened here; open the page yourself"
    };
    text.to_owned()
}

fn update_progress_dialog(model: &mut Model, task: TaskId, change: impl FnOnce(&mut InProgress)) {
    if let Some(Dialog::InProgress(underway)) = model.dialogs.last_mut()
        && underway.task == task
    {
        change(underway);
    }
}

fn set_status_message(model: &mut Model, task: TaskId, text: &str) {
    if let LoginStep::ApproveDevice(device) = &mut model.login.step
        && device.task == task
    {
        device.status_message = Some(text.to_owned());
    }
}

fn show_device_code(model: &mut Model, task: TaskId, event: Event) {
    let Event::DeviceCode {
        user_code,
        verification_uri,
        verification_uri_complete,
        expires_in,
        client_id,
        issuer,
        scopes,
    } = event
    else {
        return;
    };
    if matches!(model.login.step, LoginStep::Waiting(waiting) if waiting == task) {
        let left = SignedDuration::try_from(expires_in).unwrap_or_default();
        model.login.step = LoginStep::ApproveDevice(Box::new(DeviceApproval {
            task,
            user_code,
            differing_hosts: differing_hosts(&verification_uri, &issuer),
            verification_uri: verification_uri.into(),
            verification_uri_complete: verification_uri_complete.map(Into::into),
            expires_at: model.now.saturating_add(left).unwrap_or(model.now),
            client_id,
            scopes,
            status_message: None,
        }));
    }
}

/// Work is done.
pub(super) fn on_task_result(model: &mut Model, task: TaskId, done: TaskResult) -> Vec<Effect> {
    match done {
        TaskResult::Verified(_) | TaskResult::TokenPage(_) | TaskResult::TokensListed(_)
            if is_stale(model, task, &done) =>
        {
            Vec::new()
        }
        TaskResult::Verified(outcome) => credential::on_verified(model, outcome),
        TaskResult::Status(outcome) => credential::on_status(model, outcome),
        TaskResult::TokenPage(page) => {
            model.tokens.add_page(page, !model.has_received_page);
            model.has_received_page = true;
            Vec::new()
        }
        TaskResult::TokensListed(outcome) => token::on_tokens_listed(model, outcome),
        TaskResult::Sessions(outcome) => credential::on_sessions(model, outcome),
        TaskResult::LoginMethods(outcome) => credential::on_login_methods(model, task, outcome),
        TaskResult::SignedIn(outcome) => credential::on_signed_in(model, task, outcome),
        TaskResult::Created(outcome) => token::on_created(model, task, outcome),
        TaskResult::Rotated(outcome) => token::on_rotated(model, task, outcome),
        TaskResult::BulkCompleted(outcome) => token::on_bulk_completed(model, task, outcome),
        TaskResult::Saved(outcome) => token::on_saved(model, task, outcome),
        TaskResult::Refreshed(profile, outcome) => {
            credential::on_refreshed(model, &profile, outcome)
        }
        TaskResult::LoggedOut(profile, outcome) => {
            credential::on_logged_out(model, &profile, outcome)
        }
        TaskResult::DefaultProfileSet(outcome) => {
            let told = |profile| format!("profile `{profile}` is used where none is named");
            show_result(model, outcome.map(told));
            vec![start_task(model, TaskKind::ListSessions)]
        }
        TaskResult::BrowserOpened(opened) => {
            model.notice = Some(Notice::Success(browser_message(opened)));
            Vec::new()
        }
    }
}

/// Whether it is the answer to a question that was given up.
fn is_stale(model: &Model, task: TaskId, done: &TaskResult) -> bool {
    match done {
        TaskResult::Verified(_) => model.verification_task != task,
        _ => model.tokens.loading != Loading::InProgress(task),
    }
}

fn show_result(model: &mut Model, outcome: ViewResult<String>) {
    model.notice = Some(match outcome {
        Ok(text) => Notice::Success(text),
        Err(told) => Notice::Error(told),
    });
}

/// What went wrong: where only a new sign-in helps, there; else it is told in place.
fn show_error_or_login(model: &mut Model, error: ErrorView) -> Vec<Effect> {
    if error.needs_login && model.screen == Screen::Tokens {
        model.dialogs.clear();
        // It stands no more as it was known; the files tell how.
        model.profile_state = None;
        let mut effects = login::require_login(model, Some(error));
        effects.push(start_task(model, TaskKind::RefreshStatus));
        return effects;
    }
    model.notice = Some(Notice::Error(error));
    Vec::new()
}

/// Takes away the window of a work that is done; whether it was there.
fn close_progress_dialog(model: &mut Model, task: TaskId) {
    let is_it = |it: &Dialog| matches!(it, Dialog::InProgress(it) if it.task == task);
    model.dialogs.retain(|dialog| !is_it(dialog));
}

/// How long a credential still lives, as a clock shows it.
pub(in crate::tui) fn format_expiry(model: &Model, end: jiff::Timestamp) -> String {
    let left = end.duration_since(model.now);
    match std::time::Duration::try_from(left) {
        Ok(left) if left.as_secs() < 24 * 3600 => {
            format!("in {}", time_format::format_countdown(left))
        }
        _ => time_format::format_relative(model.now, end),
    }
}
