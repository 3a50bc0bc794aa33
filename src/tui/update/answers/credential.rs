//! Answers about credentials: the start, sign-ins, sessions.

use super::{tell, trouble};
use crate::actions::{AtServer, LoggedOut, ProfileStatus, SignedIn, State, WayName};
use crate::domain::{CredentialKind, ProfileName};
use crate::tui::model::{Login, Model, Notice, Screen, Step, Tokens};
use crate::tui::msg::{Effect, Outcome, Session, Standing, Task, Told, Work};
use crate::tui::update::{go_to, login, sessions as switching, tokens, work};
use crate::ui::session_words;

/// The rule of the start: valid, and the tokens are shown; invalid or missing, and the login is. Where nobody could be asked,
/// what is here is shown and the trouble told.
pub(super) fn checked(model: &mut Model, outcome: Outcome<Standing>) -> Vec<Effect> {
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
            let goes_first = source.as_deref().filter(|source| *source != "stored");
            let hints = goes_first.map(|source| {
                format!("replace or remove what is in {source}: it goes before a sign-in")
            });
            let hints = hints.into_iter().collect();
            let source = source.map_or_else(String::new, |source| format!(" (from {source})"));
            let message = format!("the credential{source} is {}", session_words(state).0);
            login::needed(
                model,
                Some(Told {
                    message,
                    hints,
                    needs_login: true,
                }),
            )
        }
    }
}

pub(super) fn stands(model: &mut Model, outcome: Outcome<Standing>) -> Vec<Effect> {
    match outcome {
        Ok(mut standing) if standing.status.profile == model.profile => {
            // The files cannot say what the service said of the same credential.
            if let Some(known) = &model.standing
                && is_same(&known.status, &standing.status)
                && standing.status.state == State::Unverified
            {
                standing.status.state = known.status.state;
            }
            tell_of_another_source(model, &standing.status);
            model.standing = Some(standing);
        }
        Ok(_) => {}
        Err(told) => model.notice = Some(Notice::Trouble(told)),
    }
    Vec::new()
}

/// A key in a file, or a sign-in elsewhere, may take the place of what was used until now.
fn tell_of_another_source(model: &mut Model, now: &ProfileStatus) {
    let before = model
        .standing
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

fn is_same(one: &ProfileStatus, other: &ProfileStatus) -> bool {
    let facts = |it: &ProfileStatus| (it.source.clone(), it.kind, it.expires_at);
    facts(one) == facts(other)
}

pub(super) fn sessions(model: &mut Model, outcome: Outcome<Vec<Session>>) -> Vec<Effect> {
    match outcome {
        Ok(sessions) => {
            let are_new = model.sessions.is_empty();
            model.sessions = sessions;
            if are_new {
                model.sessions_cursor = model.row_of(&model.profile);
            }
            let last = model.sessions.len().saturating_sub(1);
            model.sessions_cursor = model.sessions_cursor.min(last);
        }
        Err(told) => model.notice = Some(Notice::Trouble(told)),
    }
    Vec::new()
}

pub(super) fn ways(
    model: &mut Model,
    task: Task,
    outcome: Outcome<(String, Vec<WayName>)>,
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
pub(super) fn signed_in(model: &mut Model, task: Task, outcome: Outcome<SignedIn>) -> Vec<Effect> {
    let waiting = match &model.login.step {
        Step::Waiting(waiting) => *waiting == task,
        Step::Device(device) => device.task == task,
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
            let effects = switching::switch(model, profile.clone());
            model.login = Login::default();
            model.notice = Some(Notice::Good(told));
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

pub(super) fn renewed(
    model: &mut Model,
    profile: &ProfileName,
    outcome: Outcome<()>,
) -> Vec<Effect> {
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

pub(super) fn logged_out(
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
        model.tokens = Tokens::default();
    }
    look_again(model)
}
