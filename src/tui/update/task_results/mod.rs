//! Applies the progress and the results of tasks.

mod audit;
mod credential;
mod token;

use jiff::SignedDuration;

use super::login;
use super::start_task::start_task;
use crate::actions::Event;
use crate::domain::differing_hosts;
use crate::tui::model::{Approval, Dialog, InProgress, Loading, LoginStep, Model, Notice, Screen};
use crate::tui::msg::{Effect, ErrorView, TaskId, TaskKind, TaskResult, ViewResult};

pub(super) fn on_progress(model: &mut Model, task: TaskId, event: Event) -> Vec<Effect> {
    match event {
        // The status line shows the credential source, a dialog the file, no log of a job has it, and nothing is pasted here.
        Event::FileChoice(_)
        | Event::MaskInLog(_)
        | Event::PastedTextRefused(_)
        | Event::TargetOutput(_)
        | Event::VariablesWritten(_)
        | Event::WaitingForCommand(_) => {}
        Event::RememberedTargets(targets) => update_progress_dialog(model, task, |it| {
            it.completed_steps
                .push(format!("Targets: {}", targets.join(", ")));
        }),
        Event::Warning(warning) => {
            let text = warning.render(&model.command_options());
            model.notice = Some(Notice::Warning(text));
        }
        Event::Progress { done, of } => {
            update_progress_dialog(model, task, |it| it.progress = Some((done, of)));
        }
        Event::Rotation(step) => update_progress_dialog(model, task, |it| {
            it.completed_steps.push(step.description().to_owned());
        }),
        Event::DeviceCode { .. } => show_device_code(model, task, event),
        Event::AuthorizationUrl { .. } => show_authorization_url(model, task, event),
        Event::BrowserOpened(is_opened) => {
            set_status_message(model, task, browser_message(is_opened));
        }
        Event::Retrying { cause } => {
            set_status_message(model, task, &format!("Still waiting: {cause}"));
        }
        Event::Waiting { remaining } => {
            let remaining = SignedDuration::try_from(remaining).ok();
            let expiry = remaining.and_then(|it| model.now.saturating_add(it).ok());
            if let (Some(approval), Some(expiry)) = (approval_of(model, task), expiry) {
                approval.expires_at = expiry;
            }
        }
    }
    Vec::new()
}

fn browser_message(is_opened: bool) -> &'static str {
    if is_opened {
        "Opened the page in your browser."
    } else {
        "Cannot open a browser. Open the page yourself."
    }
}

fn update_progress_dialog(model: &mut Model, task: TaskId, change: impl FnOnce(&mut InProgress)) {
    if let Some(Dialog::InProgress(in_progress)) = model.dialogs.last_mut()
        && in_progress.task == task
    {
        change(in_progress);
    }
}

/// Returns the approval that the task waits for, if it is still on the screen.
fn approval_of(model: &mut Model, task: TaskId) -> Option<&mut Approval> {
    match &mut model.login.step {
        LoginStep::Approve(approval) if approval.task == task => Some(approval),
        _ => None,
    }
}

fn set_status_message(model: &mut Model, task: TaskId, text: &str) {
    if let Some(approval) = approval_of(model, task) {
        approval.status_message = Some(text.to_owned());
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
    if !is_waiting_for(model, task) {
        return;
    }
    let lifetime = SignedDuration::try_from(expires_in).unwrap_or_default();
    model.login.step = LoginStep::Approve(Box::new(Approval {
        task,
        user_code: Some(user_code),
        differing_hosts: differing_hosts(&verification_uri, &issuer),
        verification_uri: verification_uri.into(),
        verification_uri_complete: verification_uri_complete.map(Into::into),
        expires_at: model.now.saturating_add(lifetime).unwrap_or(model.now),
        client_id,
        scopes,
        status_message: None,
    }));
}

fn show_authorization_url(model: &mut Model, task: TaskId, event: Event) {
    let Event::AuthorizationUrl {
        url,
        expires_in,
        client_id,
        issuer,
        scopes,
        ..
    } = event
    else {
        return;
    };
    if !is_waiting_for(model, task) {
        return;
    }
    let lifetime = SignedDuration::try_from(expires_in).unwrap_or_default();
    model.login.step = LoginStep::Approve(Box::new(Approval {
        task,
        user_code: None,
        differing_hosts: differing_hosts(&url, &issuer),
        verification_uri: url.into(),
        verification_uri_complete: None,
        expires_at: model.now.saturating_add(lifetime).unwrap_or(model.now),
        client_id,
        scopes,
        status_message: None,
    }));
}

/// Returns whether the login screen waits for the result of the task.
fn is_waiting_for(model: &Model, task: TaskId) -> bool {
    matches!(model.login.step, LoginStep::Waiting(waiting) if waiting == task)
}

pub(super) fn on_task_result(model: &mut Model, task: TaskId, result: TaskResult) -> Vec<Effect> {
    if is_stale(model, task, &result) {
        return Vec::new();
    }
    match result {
        TaskResult::Verified(result) => credential::on_verified(model, result),
        TaskResult::Status(result) => credential::on_status(model, result),
        TaskResult::TokenPage(page) => {
            model.tokens.add_page(page, !model.has_received_page);
            model.has_received_page = true;
            Vec::new()
        }
        TaskResult::TokensListed(result) => token::on_tokens_listed(model, result),
        TaskResult::Sessions(result) => credential::on_sessions(model, result),
        TaskResult::Audited(result) => audit::on_audited(model, result),
        TaskResult::LoginMethods(result) => credential::on_login_methods(model, task, result),
        TaskResult::SignedIn(result) => credential::on_signed_in(model, task, result),
        TaskResult::Created(result) => token::on_created(model, task, result),
        TaskResult::Rotated(result) => token::on_rotated(model, task, result),
        TaskResult::BulkCompleted(result) => token::on_bulk_completed(model, task, result),
        TaskResult::Saved(result) => token::on_saved(model, task, result),
        TaskResult::Refreshed(profile, result) => credential::on_refreshed(model, &profile, result),
        TaskResult::LoggedOut(profile, result) => {
            credential::on_logged_out(model, &profile, result)
        }
        TaskResult::DefaultProfileSet(result) => {
            let text = |profile| format!("The default profile is now {profile}.");
            show_result(model, result.map(text));
            vec![start_task(model, TaskKind::ListSessions)]
        }
        TaskResult::BrowserOpened(is_opened) => {
            model.notice = Some(if is_opened {
                Notice::Success(browser_message(true).to_owned())
            } else {
                Notice::Warning("cannot open a browser; open the page yourself".to_owned())
            });
            Vec::new()
        }
    }
}

/// Returns whether the result belongs to a task that a later one has replaced.
fn is_stale(model: &Model, task: TaskId, result: &TaskResult) -> bool {
    match result {
        TaskResult::Verified(_) => model.verification_task != task,
        TaskResult::Audited(_) => model.findings.loading != Loading::InProgress(task),
        TaskResult::TokenPage(_) | TaskResult::TokensListed(_) => {
            model.tokens.loading != Loading::InProgress(task)
        }
        _ => false,
    }
}

fn show_result(model: &mut Model, result: ViewResult<String>) {
    model.notice = Some(match result {
        Ok(text) => Notice::Success(text),
        Err(error) => Notice::Error(error),
    });
}

/// Shows an error: on the login screen if only a new login helps, else above the bottom line.
fn show_error_or_login(model: &mut Model, error: ErrorView) -> Vec<Effect> {
    if error.needs_login && matches!(model.screen, Screen::Tokens | Screen::Findings) {
        model.dialogs.clear();
        // The known state is outdated.
        model.profile_state = None;
        let mut effects = login::require_login(model, Some(error));
        effects.push(start_task(model, TaskKind::RefreshStatus));
        return effects;
    }
    model.notice = Some(Notice::Error(error));
    Vec::new()
}

fn close_progress_dialog(model: &mut Model, task: TaskId) {
    let is_of_task = |it: &Dialog| matches!(it, Dialog::InProgress(it) if it.task == task);
    model.dialogs.retain(|dialog| !is_of_task(dialog));
}
