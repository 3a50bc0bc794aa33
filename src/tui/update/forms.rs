//! Forms: what is typed, and what is done with it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{dialogs, login, start_task, task_id, tokens};
use crate::actions::SecretTarget;
use crate::tui::keys::{self, Command, InputContext};
use crate::tui::model::{
    Dialog, FieldValue, Form, FormPurpose, Model, NewSecret, Screen, TextInput,
};
use crate::tui::msg::{Effect, LoginInput, TaskKind};

/// The text that is being typed, if any.
fn focused_input(model: &mut Model) -> Option<&mut TextInput> {
    if InputContext::current(model) == InputContext::Filter {
        return Some(&mut model.tokens.filter);
    }
    match &mut keys::focused_form(model)?.focused_field()?.value {
        FieldValue::Text(input) | FieldValue::Hidden(input) => Some(input),
        FieldValue::SingleChoice { .. } | FieldValue::MultipleChoice { .. } => None,
    }
}

/// What was pasted goes where one types, and nowhere else: as keys it would be commands.
pub(super) fn on_paste(model: &mut Model, pasted: &str) -> Vec<Effect> {
    model.notice = None;
    if let Some(input) = focused_input(model) {
        input.insert(pasted);
        apply_filter(model);
    }
    Vec::new()
}

/// Types a key into the text that has the keys; whether it was one for it.
pub(super) fn on_key(model: &mut Model, key: KeyEvent) -> bool {
    let Some(input) = focused_input(model) else {
        return false;
    };
    if !edit_text(input, key) {
        return false;
    }
    if let Some(form) = keys::focused_form(model) {
        form.error = None;
    }
    apply_filter(model);
    true
}

fn edit_text(input: &mut TextInput, key: KeyEvent) -> bool {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    match key.code {
        KeyCode::Char('u') if ctrl => input.clear(),
        KeyCode::Char('w') if ctrl => input.delete_word_before_cursor(),
        KeyCode::Char('a') if ctrl => input.move_to_start(),
        KeyCode::Char('e') if ctrl => input.move_to_end(),
        KeyCode::Char(c) if !ctrl && !alt => input.insert(c.encode_utf8(&mut [0; 4])),
        KeyCode::Backspace => input.delete_before_cursor(),
        KeyCode::Delete => input.delete_at_cursor(),
        KeyCode::Left => input.move_left(),
        KeyCode::Right => input.move_right(),
        KeyCode::Home => input.move_to_start(),
        KeyCode::End => input.move_to_end(),
        _ => return false,
    }
    true
}

fn apply_filter(model: &mut Model) {
    if model.screen == Screen::Tokens && model.tokens.is_filtering {
        model.tokens.apply_filter_and_order();
    }
}

pub(super) fn handle_command(model: &mut Model, command: Command) -> Vec<Effect> {
    let Some(form) = keys::focused_form(model) else {
        return Vec::new();
    };
    let last = form.fields.len().saturating_sub(1);
    form.error = None;
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
        Command::Left | Command::Right | Command::Toggle => choose_option(form, command),
        Command::Close => return close_form(model),
        _ => {}
    }
    Vec::new()
}

fn choose_option(form: &mut Form, command: Command) {
    let step = |place: &mut usize, count: usize| {
        let last = count.saturating_sub(1);
        *place = match command {
            Command::Left => place.checked_sub(1).unwrap_or(last),
            _ if *place >= last => 0,
            _ => *place + 1,
        };
    };
    match form.focused_field().map(|field| &mut field.value) {
        Some(FieldValue::SingleChoice {
            options: words,
            selected: chosen,
        }) => step(chosen, words.len()),
        Some(FieldValue::MultipleChoice {
            options: words,
            cursor,
        }) if command == Command::Toggle => {
            if let Some((_, on)) = words.get_mut(*cursor) {
                *on = !*on;
            }
        }
        Some(FieldValue::MultipleChoice {
            options: words,
            cursor,
        }) => step(cursor, words.len()),
        _ => {}
    }
}

/// Gives a form up: the window before it comes back.
fn close_form(model: &mut Model) -> Vec<Effect> {
    match model.dialogs.pop() {
        Some(Dialog::Form(Form {
            purpose: FormPurpose::Save(made),
            ..
        })) => model.dialogs.push(Dialog::NewSecret(*made)),
        Some(_) => {}
        None => {
            if let Some(profile) = model.login.profile.clone() {
                return login::choose_method(model, profile);
            }
        }
    }
    Vec::new()
}

fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(form) = keys::focused_form(model).map(|form| form.clone()) else {
        return Vec::new();
    };
    match &form.purpose {
        FormPurpose::Password => {
            let (Some(name), Some(password)) = (text_value_at(&form, 0), text_value_at(&form, 1))
            else {
                return show_form_error(model, "both are needed");
            };
            let password = crate::domain::Secret::verbatim(password.text().to_owned());
            login::sign_in(
                model,
                LoginInput::Password(name.text().trim().to_owned(), password),
            )
        }
        FormPurpose::Cookie | FormPurpose::ApiKey => {
            let Some(input) = text_value_at(&form, 0) else {
                return show_form_error(model, "nothing was typed");
            };
            let secret = input.secret();
            let attempt = match form.purpose {
                FormPurpose::Cookie => LoginInput::Cookie(secret),
                _ => LoginInput::ApiKey(secret),
            };
            login::sign_in(model, attempt)
        }
        FormPurpose::Create => create_token(model, &form),
        FormPurpose::Rotate(id) => {
            model.dialogs.pop();
            tokens::confirm_rotation(model, id.clone(), form.env_file_path());
            Vec::new()
        }
        FormPurpose::Save(made) => match form.env_file_path() {
            Some(path) => save_secret(model, made, path),
            None => show_form_error(model, "name a file"),
        },
    }
}

/// The text at `place`, unless it is empty.
fn text_value_at(form: &Form, place: usize) -> Option<&TextInput> {
    match &form.fields.get(place)?.value {
        FieldValue::Text(input) | FieldValue::Hidden(input) => Some(input),
        FieldValue::SingleChoice { .. } | FieldValue::MultipleChoice { .. } => None,
    }
    .filter(|input| !input.text().trim().is_empty())
}

fn show_form_error(model: &mut Model, why: &str) -> Vec<Effect> {
    if let Some(form) = keys::focused_form(model) {
        form.error = Some(why.to_owned());
    }
    Vec::new()
}

/// Checked as the command checks it, before anything is sent; the form stays until the token is there.
fn create_token(model: &mut Model, form: &Form) -> Vec<Effect> {
    let Some(standing) = &model.profile_state else {
        return Vec::new();
    };
    let wanted = form.new_token().and_then(|wanted| {
        let checked = wanted.check(&standing.provider);
        checked.map(|()| wanted).map_err(|error| error.to_string())
    });
    match wanted {
        Ok(wanted) => {
            if let Some(form) = keys::focused_form(model) {
                form.error = None;
            }
            dialogs::start_with_progress(
                model,
                "Making the token".to_owned(),
                TaskKind::CreateToken(wanted),
            )
        }
        Err(why) => show_form_error(model, &why),
    }
}

fn save_secret(model: &mut Model, made: &NewSecret, path: std::path::PathBuf) -> Vec<Effect> {
    let target = SecretTarget::env_file(path);
    let effect = start_task(model, TaskKind::SaveSecret(target, made.secret.clone()));
    model.dialogs.pop();
    model.dialogs.push(Dialog::NewSecret(NewSecret {
        save_task: Some(task_id(&effect)),
        ..made.clone()
    }));
    vec![effect]
}
