//! Forms: what is typed, and what is done with it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{changes, login, task_of, tokens, work};
use crate::actions::SecretTarget;
use crate::tui::keys::{self, Command, Place};
use crate::tui::model::{Answer, Dialog, Form, Input, Made, Model, Purpose, Screen};
use crate::tui::msg::{Attempt, Effect, Work};

/// The text that is being typed, if any.
fn text(model: &mut Model) -> Option<&mut Input> {
    if Place::of(model) == Place::Filter {
        return Some(&mut model.tokens.filter);
    }
    match &mut keys::form(model)?.focused()?.answer {
        Answer::Text(input) | Answer::Hidden(input) => Some(input),
        Answer::One { .. } | Answer::Some { .. } => None,
    }
}

/// What was pasted goes where one types, and nowhere else: as keys it would be commands.
pub(super) fn paste(model: &mut Model, pasted: &str) -> Vec<Effect> {
    model.notice = None;
    if let Some(input) = text(model) {
        input.paste(pasted);
        filter(model);
    }
    Vec::new()
}

/// Types a key into the text that has the keys; whether it was one for it.
pub(super) fn typed(model: &mut Model, key: KeyEvent) -> bool {
    let Some(input) = text(model) else {
        return false;
    };
    if !type_into(input, key) {
        return false;
    }
    if let Some(form) = keys::form(model) {
        form.wrong = None;
    }
    filter(model);
    true
}

fn type_into(input: &mut Input, key: KeyEvent) -> bool {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    match key.code {
        KeyCode::Char('u') if ctrl => input.clear(),
        KeyCode::Char('w') if ctrl => input.erase_word(),
        KeyCode::Char('a') if ctrl => input.home(),
        KeyCode::Char('e') if ctrl => input.end(),
        KeyCode::Char(c) if !ctrl && !alt => input.paste(c.encode_utf8(&mut [0; 4])),
        KeyCode::Backspace => input.erase_back(),
        KeyCode::Delete => input.erase_forward(),
        KeyCode::Left => input.left(),
        KeyCode::Right => input.right(),
        KeyCode::Home => input.home(),
        KeyCode::End => input.end(),
        _ => return false,
    }
    true
}

fn filter(model: &mut Model) {
    if model.screen == Screen::Tokens && model.tokens.is_filtering {
        model.tokens.refresh();
    }
}

pub(super) fn obey(model: &mut Model, command: Command) -> Vec<Effect> {
    let Some(form) = keys::form(model) else {
        return Vec::new();
    };
    let last = form.fields.len().saturating_sub(1);
    form.wrong = None;
    match command {
        Command::Submit if form.focus >= last => return submit(model),
        Command::Submit => form.focus += 1,
        Command::NextField => {
            form.focus = if form.focus >= last {
                0
            } else {
                form.focus + 1
            }
        }
        Command::PreviousField => form.focus = form.focus.checked_sub(1).unwrap_or(last),
        Command::Left | Command::Right | Command::Toggle => choose(form, command),
        Command::Close => return close(model),
        _ => {}
    }
    Vec::new()
}

fn choose(form: &mut Form, command: Command) {
    let step = |place: &mut usize, count: usize| {
        let last = count.saturating_sub(1);
        *place = match command {
            Command::Left => place.checked_sub(1).unwrap_or(last),
            _ if *place >= last => 0,
            _ => *place + 1,
        };
    };
    match form.focused().map(|field| &mut field.answer) {
        Some(Answer::One { words, chosen }) => step(chosen, words.len()),
        Some(Answer::Some { words, cursor }) if command == Command::Toggle => {
            if let Some((_, on)) = words.get_mut(*cursor) {
                *on = !*on;
            }
        }
        Some(Answer::Some { words, cursor }) => step(cursor, words.len()),
        _ => {}
    }
}

/// Gives a form up: the window before it comes back.
fn close(model: &mut Model) -> Vec<Effect> {
    match model.dialogs.pop() {
        Some(Dialog::Form(Form {
            purpose: Purpose::Save(made),
            ..
        })) => model.dialogs.push(Dialog::Made(*made)),
        Some(_) => {}
        None => {
            if let Some(profile) = model.login.profile.clone() {
                return login::choose(model, profile);
            }
        }
    }
    Vec::new()
}

fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(form) = keys::form(model).map(|form| form.clone()) else {
        return Vec::new();
    };
    match &form.purpose {
        Purpose::Password => {
            let (Some(name), Some(password)) = (text_at(&form, 0), text_at(&form, 1)) else {
                return refuse(model, "both are needed");
            };
            let password = crate::domain::Secret::verbatim(password.text().to_owned());
            login::attempt(
                model,
                Attempt::Password(name.text().trim().to_owned(), password),
            )
        }
        Purpose::Cookie | Purpose::Token => {
            let Some(input) = text_at(&form, 0) else {
                return refuse(model, "nothing was typed");
            };
            let secret = input.secret();
            let attempt = match form.purpose {
                Purpose::Cookie => Attempt::Cookie(secret),
                _ => Attempt::Token(secret),
            };
            login::attempt(model, attempt)
        }
        Purpose::Create => create(model, &form),
        Purpose::Rotate(id) => {
            model.dialogs.pop();
            tokens::confirm_rotation(model, id.clone(), form.path());
            Vec::new()
        }
        Purpose::Save(made) => match form.path() {
            Some(path) => save(model, made, path),
            None => refuse(model, "name a file"),
        },
    }
}

/// The text at `place`, unless it is empty.
fn text_at(form: &Form, place: usize) -> Option<&Input> {
    match &form.fields.get(place)?.answer {
        Answer::Text(input) | Answer::Hidden(input) => Some(input),
        Answer::One { .. } | Answer::Some { .. } => None,
    }
    .filter(|input| !input.text().trim().is_empty())
}

fn refuse(model: &mut Model, why: &str) -> Vec<Effect> {
    if let Some(form) = keys::form(model) {
        form.wrong = Some(why.to_owned());
    }
    Vec::new()
}

/// Checked as the command checks it, before anything is sent; the form stays until the token is there.
fn create(model: &mut Model, form: &Form) -> Vec<Effect> {
    let Some(standing) = &model.standing else {
        return Vec::new();
    };
    let wanted = form.new_token().and_then(|wanted| {
        let checked = wanted.check(&standing.service);
        checked.map(|()| wanted).map_err(|error| error.to_string())
    });
    match wanted {
        Ok(wanted) => {
            if let Some(form) = keys::form(model) {
                form.wrong = None;
            }
            changes::wait_for(model, "Making the token".to_owned(), Work::Create(wanted))
        }
        Err(why) => refuse(model, &why),
    }
}

fn save(model: &mut Model, made: &Made, path: std::path::PathBuf) -> Vec<Effect> {
    let target = SecretTarget::env_file(path);
    let effect = work(model, Work::Save(target, made.secret.clone()));
    model.dialogs.pop();
    model.dialogs.push(Dialog::Made(Made {
        saving: Some(task_of(&effect)),
        ..made.clone()
    }));
    vec![effect]
}
