//! What work came to.

use jiff::SignedDuration;

use super::{go_to, login, tokens, work};
use crate::actions::{AtServer, Event, LoggedOut, Rotated, SignedIn, State};
use crate::domain::{ApiToken, MintedToken, ProfileName, TokenId};
use crate::tui::model::{
    Device, Dialog, Loading, Made, Model, Notice, Outcomes, Screen, Step, Underway, called,
};
use crate::tui::msg::{Done, Effect, Outcome, Standing, Task, Told, Work};
use crate::ui::{humane, session_words};

/// An action told of its progress.
pub(super) fn progress(model: &mut Model, task: Task, event: Event) -> Vec<Effect> {
    match event {
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
        Done::Checked(outcome) => checked(model, outcome),
        Done::Stands(outcome) => stands(model, outcome),
        Done::Page(page) => {
            model.tokens.add(page, !model.got_pages);
            model.got_pages = true;
            Vec::new()
        }
        Done::Listed(outcome) => listed(model, outcome),
        Done::Sessions(outcome) => sessions(model, outcome),
        Done::Ways(outcome) => ways(model, task, outcome),
        Done::SignedIn(outcome) => signed_in(model, task, outcome),
        Done::Created(outcome) => created(model, task, outcome),
        Done::Rotated(outcome) => rotated(model, task, outcome),
        Done::Each(outcome) => each(model, task, outcome),
        Done::Saved(outcome) => saved(model, task, outcome),
        Done::Renewed(profile, outcome) => renewed(model, &profile, outcome),
        Done::LoggedOut(profile, outcome) => logged_out(model, &profile, outcome),
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
        return login::needed(model, Some(told));
    }
    model.notice = Some(Notice::Trouble(told));
    Vec::new()
}

/// The rule of the start: valid, and the tokens are shown; invalid or missing, and the login is. Where nobody could be asked,
/// what is here is shown and the trouble told.
fn checked(model: &mut Model, outcome: Outcome<Standing>) -> Vec<Effect> {
    model.is_starting = false;
    let standing = match outcome {
        Ok(standing) => standing,
        Err(told) if told.needs_login => return login::needed(model, Some(told)),
        Err(told) => {
            model.notice = Some(Notice::Trouble(told));
            return vec![work(model, Work::Stand)];
        }
    };
    let state = standing.status.state;
    let source = standing.status.source.clone();
    model.standing = Some(standing);
    match state {
        State::Local => go_to(model, Screen::Sessions),
        state if state.is_usable() => tokens::load_once(model),
        State::None => login::needed(model, None),
        state => {
            let source = source.map_or_else(String::new, |source| format!(" (from {source})"));
            let message = format!("the credential{source} is {}", session_words(state).0);
            login::needed(
                model,
                Some(Told {
                    message,
                    hints: Vec::new(),
                    needs_login: true,
                }),
            )
        }
    }
}

fn stands(model: &mut Model, outcome: Outcome<Standing>) -> Vec<Effect> {
    match outcome {
        Ok(standing) if standing.status.profile == model.profile => {
            model.standing = Some(standing);
        }
        Ok(_) => {}
        Err(told) => model.notice = Some(Notice::Trouble(told)),
    }
    Vec::new()
}

fn listed(model: &mut Model, outcome: Outcome<()>) -> Vec<Effect> {
    match outcome {
        Ok(()) => {
            model.tokens.finish(model.got_pages);
            Vec::new()
        }
        Err(told) => {
            model.tokens.loading = Loading::Failed;
            trouble(model, told)
        }
    }
}

fn sessions(model: &mut Model, outcome: Outcome<Vec<crate::tui::msg::Session>>) -> Vec<Effect> {
    match outcome {
        Ok(sessions) => {
            if model.sessions.is_empty() {
                let is_it = |it: &crate::tui::msg::Session| it.status.profile == model.profile;
                model.sessions_cursor = sessions.iter().position(is_it).unwrap_or(0);
            }
            model.sessions = sessions;
            let last = model.sessions.len().saturating_sub(1);
            model.sessions_cursor = model.sessions_cursor.min(last);
        }
        Err(told) => model.notice = Some(Notice::Trouble(told)),
    }
    Vec::new()
}

fn ways(
    model: &mut Model,
    task: Task,
    outcome: Outcome<(String, Vec<crate::actions::WayName>)>,
) -> Vec<Effect> {
    if !matches!(model.login.step, Step::Waiting(waiting) if waiting == task) {
        return Vec::new();
    }
    match outcome {
        Ok((service, ways)) => {
            model.login.service = service;
            model.login.cursor = 0;
            model.login.step = Step::Ways(ways);
        }
        Err(told) => {
            model.login.step = Step::Profiles;
            model.login.trouble = Some(told);
        }
    }
    Vec::new()
}

/// Signed in: on to the tokens. Else it is told in place, and the ways are offered again.
fn signed_in(model: &mut Model, task: Task, outcome: Outcome<SignedIn>) -> Vec<Effect> {
    let waiting = match &model.login.step {
        Step::Waiting(waiting) => *waiting == task,
        Step::Device(device) => device.task == task,
        _ => false,
    };
    match outcome {
        Ok(signed_in) => {
            let profile = signed_in.profile;
            let effects = super::sessions::switch(model, profile.clone());
            model.login = crate::tui::model::Login::default();
            model.notice = Some(Notice::Good(format!("signed in as profile `{profile}`")));
            effects
        }
        Err(told) if waiting => {
            let profile = model.login.profile.clone();
            let effects = profile.map_or_else(Vec::new, |it| login::choose(model, it));
            model.login.trouble = Some(told);
            effects
        }
        Err(_) => Vec::new(),
    }
}

/// Takes away the window of a work that is done; whether it was there.
fn close_underway(model: &mut Model, task: Task) {
    let is_it = |it: &Dialog| matches!(it, Dialog::Underway(it) if it.task == task);
    model.dialogs.retain(|dialog| !is_it(dialog));
}

fn created(model: &mut Model, task: Task, outcome: Outcome<MintedToken>) -> Vec<Effect> {
    close_underway(model, task);
    match outcome {
        Ok(minted) => {
            if matches!(model.dialogs.last(), Some(Dialog::Form(_))) {
                model.dialogs.pop();
            }
            model.dialogs.push(Dialog::Made(Made {
                title: format!("Made {}", called(&minted.token)),
                secret: minted.secret,
                is_revealed: false,
                is_kept: false,
                place: None,
                saving: None,
            }));
            tokens::load(model)
        }
        Err(told) => trouble(model, told),
    }
}

/// The new secret stands where the old one stood, so that nothing is lost when its window is closed.
fn rotated(model: &mut Model, task: Task, outcome: Outcome<Rotated>) -> Vec<Effect> {
    close_underway(model, task);
    if matches!(model.dialogs.last(), Some(Dialog::Details(_))) {
        model.dialogs.pop();
    }
    match outcome {
        Ok(rotated) => {
            model.dialogs.push(Dialog::Made(Made {
                title: format!("Rotated {} into {}", rotated.old, called(&rotated.new)),
                secret: rotated.secret,
                is_revealed: false,
                is_kept: true,
                place: rotated.env_file,
                saving: None,
            }));
            tokens::load(model)
        }
        Err(told) => trouble(model, told),
    }
}

/// What became of each token: one that went well is told in a line, the rest in a window.
fn each(
    model: &mut Model,
    task: Task,
    outcome: Outcome<Vec<(TokenId, Outcome<Option<ApiToken>>)>>,
) -> Vec<Effect> {
    close_underway(model, task);
    let outcomes = match outcome {
        Ok(outcomes) => outcomes,
        Err(told) => return trouble(model, told),
    };
    let mut rows = Vec::new();
    for (id, outcome) in outcomes {
        let name = tokens::name(model, &id);
        let row = match outcome {
            Ok(Some(token)) => {
                model.tokens.update(token);
                Ok(())
            }
            Ok(None) => {
                model.tokens.remove(&id);
                Ok(())
            }
            Err(told) => Err(told),
        };
        if row.is_ok() {
            model.tokens.marked.remove(&id);
        }
        rows.push((name, row));
    }
    match rows.as_slice() {
        [(name, Ok(()))] => model.notice = Some(Notice::Good(format!("{name}: done"))),
        [(_, Err(told))] => return trouble(model, told.clone()),
        _ => {
            let good = rows.iter().filter(|(_, outcome)| outcome.is_ok()).count();
            model.dialogs.push(Dialog::Outcomes(Outcomes {
                title: format!("{good} of {} done", rows.len()),
                rows,
                top: 0,
            }));
        }
    }
    Vec::new()
}

fn saved(model: &mut Model, task: Task, outcome: Outcome<std::path::PathBuf>) -> Vec<Effect> {
    let made = model.dialogs.iter_mut().find_map(|dialog| match dialog {
        Dialog::Made(made) if made.saving == Some(task) => Some(made),
        _ => None,
    });
    if let Some(made) = made {
        made.saving = None;
        if let Ok(path) = &outcome {
            made.is_kept = true;
            made.place = Some(path.clone());
        }
    }
    tell(
        model,
        outcome.map(|path| format!("saved in {}", path.display())),
    );
    Vec::new()
}

fn renewed(model: &mut Model, profile: &ProfileName, outcome: Outcome<()>) -> Vec<Effect> {
    match outcome {
        Ok(()) if model.screen == Screen::Sessions => {
            model.notice = Some(Notice::Good(format!(
                "the session of `{profile}` is renewed"
            )));
        }
        Ok(()) => {}
        Err(told) if *profile == model.profile => return trouble(model, told),
        Err(told) => model.notice = Some(Notice::Trouble(told)),
    }
    look_again(model)
}

fn look_again(model: &mut Model) -> Vec<Effect> {
    vec![work(model, Work::Stand), work(model, Work::Sessions)]
}

fn logged_out(
    model: &mut Model,
    profile: &ProfileName,
    outcome: Outcome<LoggedOut>,
) -> Vec<Effect> {
    let told = |ended: LoggedOut| match ended.server {
        AtServer::Revoked => format!("`{profile}` is signed out, at the server and here"),
        AtServer::Refused(why) => {
            format!("`{profile}` is signed out here; the server would not end the session: {why}")
        }
        AtServer::NotOffered => format!(
            "`{profile}` is signed out here; the service has no way to end the session there"
        ),
        AtServer::NotAsked => format!("`{profile}` had nothing stored"),
    };
    tell(model, outcome.map(told));
    if *profile == model.profile {
        model.tokens = crate::tui::model::Tokens::default();
    }
    look_again(model)
}

/// How long a credential still lives, as a clock shows it.
pub(in crate::tui) fn ends(model: &Model, end: jiff::Timestamp) -> String {
    let left = end.duration_since(model.now);
    match std::time::Duration::try_from(left) {
        Ok(left) if left.as_secs() < 24 * 3600 => format!("in {}", humane::countdown(left)),
        _ => humane::relative(model.now, end),
    }
}
