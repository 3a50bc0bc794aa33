//! What work came to.

mod credential;
mod token;

use jiff::SignedDuration;

use super::{login, work};
use crate::actions::Event;
use crate::domain::hosts_apart;
use crate::tui::model::{Device, Dialog, Loading, Model, Notice, Screen, Step, Underway};
use crate::tui::msg::{Done, Effect, Outcome, Task, Told, Work};
use crate::ui::humane;

/// An action told of its progress.
pub(super) fn progress(model: &mut Model, task: Task, event: Event) -> Vec<Effect> {
    match event {
        // The screen shows the credential's source.
        Event::FileChoice(_) => {}
        Event::Warning(text) => model.notice = Some(Notice::Warning(text)),
        Event::Step { done, of } => underway(model, task, |it| it.done = Some((done, of))),
        Event::Rotation(step) => underway(model, task, |it| it.steps.push(step.told().to_owned())),
        Event::DeviceCode { .. } => show_code(model, task, event),
        Event::BrowserOpened(opened) => remark(model, task, &browser(opened)),
        Event::Retrying { cause } => remark(model, task, &format!("{cause}; still waiting")),
        Event::Waiting { remaining } => {
            if let Step::Device(device) = &mut model.login.step
                && device.task == task
                && let Ok(left) = SignedDuration::try_from(remaining)
            {
                device.ends_at = model.now.saturating_add(left).unwrap_or(device.ends_at);
            }
        }
    }
    Vec::new()
}

fn browser(opened: bool) -> String {
    let text = if opened {
        "your browser should show the page now"
    } else {
        "no browser could be opened here; open the page yourself"
    };
    text.to_owned()
}

fn underway(model: &mut Model, task: Task, change: impl FnOnce(&mut Underway)) {
    if let Some(Dialog::Underway(underway)) = model.dialogs.last_mut()
        && underway.task == task
    {
        change(underway);
    }
}

fn remark(model: &mut Model, task: Task, text: &str) {
    if let Step::Device(device) = &mut model.login.step
        && device.task == task
    {
        device.remark = Some(text.to_owned());
    }
}

fn show_code(model: &mut Model, task: Task, event: Event) {
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
    if matches!(model.login.step, Step::Waiting(waiting) if waiting == task) {
        let left = SignedDuration::try_from(expires_in).unwrap_or_default();
        model.login.step = Step::Device(Box::new(Device {
            task,
            user_code,
            elsewhere: hosts_apart(&verification_uri, &issuer),
            page: verification_uri.into(),
            complete: verification_uri_complete.map(Into::into),
            ends_at: model.now.saturating_add(left).unwrap_or(model.now),
            client: client_id,
            scopes,
            remark: None,
        }));
    }
}

/// Work is done.
pub(super) fn done(model: &mut Model, task: Task, done: Done) -> Vec<Effect> {
    match done {
        Done::Checked(_) | Done::Page(_) | Done::Listed(_) if is_stale(model, task, &done) => {
            Vec::new()
        }
        Done::Checked(outcome) => credential::checked(model, outcome),
        Done::Stands(outcome) => credential::stands(model, outcome),
        Done::Page(page) => {
            model.tokens.add(page, !model.got_pages);
            model.got_pages = true;
            Vec::new()
        }
        Done::Listed(outcome) => token::listed(model, outcome),
        Done::Sessions(outcome) => credential::sessions(model, outcome),
        Done::Ways(outcome) => credential::ways(model, task, outcome),
        Done::SignedIn(outcome) => credential::signed_in(model, task, outcome),
        Done::Created(outcome) => token::created(model, task, outcome),
        Done::Rotated(outcome) => token::rotated(model, task, outcome),
        Done::Each(outcome) => token::each(model, task, outcome),
        Done::Saved(outcome) => token::saved(model, task, outcome),
        Done::Renewed(profile, outcome) => credential::renewed(model, &profile, outcome),
        Done::LoggedOut(profile, outcome) => credential::logged_out(model, &profile, outcome),
        Done::MadeDefault(outcome) => {
            let told = |profile| format!("profile `{profile}` is used where none is named");
            tell(model, outcome.map(told));
            vec![work(model, Work::Sessions)]
        }
        Done::Opened(opened) => {
            model.notice = Some(Notice::Good(browser(opened)));
            Vec::new()
        }
    }
}

/// Whether it is the answer to a question that was given up.
fn is_stale(model: &Model, task: Task, done: &Done) -> bool {
    match done {
        Done::Checked(_) => model.checking != task,
        _ => model.tokens.loading != Loading::Underway(task),
    }
}

fn tell(model: &mut Model, outcome: Outcome<String>) {
    model.notice = Some(match outcome {
        Ok(text) => Notice::Good(text),
        Err(told) => Notice::Trouble(told),
    });
}

/// What went wrong: where only a new sign-in helps, there; else it is told in place.
fn trouble(model: &mut Model, told: Told) -> Vec<Effect> {
    if told.needs_login && model.screen == Screen::Tokens {
        model.dialogs.clear();
        // It stands no more as it was known; the files tell how.
        model.standing = None;
        let mut effects = login::needed(model, Some(told));
        effects.push(work(model, Work::Stand));
        return effects;
    }
    model.notice = Some(Notice::Trouble(told));
    Vec::new()
}

/// Takes away the window of a work that is done; whether it was there.
fn close_underway(model: &mut Model, task: Task) {
    let is_it = |it: &Dialog| matches!(it, Dialog::Underway(it) if it.task == task);
    model.dialogs.retain(|dialog| !is_it(dialog));
}

/// How long a credential still lives, as a clock shows it.
pub(in crate::tui) fn ends(model: &Model, end: jiff::Timestamp) -> String {
    let left = end.duration_since(model.now);
    match std::time::Duration::try_from(left) {
        Ok(left) if left.as_secs() < 24 * 3600 => format!("in {}", humane::countdown(left)),
        _ => humane::relative(model.now, end),
    }
}
