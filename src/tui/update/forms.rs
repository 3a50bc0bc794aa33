//! Text entry, and the commands in forms.

use std::path::PathBuf;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::open_dialog::start_with_progress;
use super::start_task::start_numbered_task;
use super::{login, tokens};
use crate::actions::SecretTarget;
use crate::domain::Secret;
use crate::tui::keys::{Command, InputContext};
use crate::tui::model::{
    Dialog, FieldValue, Form, FormPurpose, Model, NewSecret, Screen, TextInput,
};
use crate::tui::msg::{Effect, LoginInput, TaskKind};

fn focused_input(model: &mut Model) -> Option<&mut TextInput> {
    if InputContext::current(model) == InputContext::Filter {
        return Some(&mut model.tokens.filter);
    }
    match &mut model.focused_form()?.focused_field()?.value {
        FieldValue::Text(input) | FieldValue::Hidden(input) => Some(input),
        FieldValue::SingleChoice { .. } | FieldValue::MultipleChoice { .. } => None,
    }
}

/// Pasted text goes into the focused field only: as keys it could revoke a token.
pub(super) fn on_paste(model: &mut Model, pasted: &str) -> Vec<Effect> {
    model.notice = None;
    if let Some(input) = focused_input(model) {
        input.insert(pasted);
        apply_filter(model);
    }
    Vec::new()
}

/// Edits the focused text. Returns whether the key was used.
pub(super) fn on_key(model: &mut Model, key: KeyEvent) -> bool {
    let Some(input) = focused_input(model) else {
        return false;
    };
    if !edit_text(input, key) {
        return false;
    }
    if let Some(form) = model.focused_form() {
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
    let Some(form) = model.focused_form() else {
        return Vec::new();
    };
    let last = form.fields.len().saturating_sub(1);
    form.error = None;
    match command {
        Command::Submit if form.focus >= last => return submit(model),
        Command::NextField if form.focus >= last => form.focus = 0,
        Command::Submit | Command::NextField => form.focus += 1,
        Command::PreviousField => form.focus = form.focus.checked_sub(1).unwrap_or(last),
        Command::Left | Command::Right | Command::Toggle => choose_option(form, command),
        Command::Close => return close_form(model),
        _ => {}
    }
    Vec::new()
}

fn choose_option(form: &mut Form, command: Command) {
    let step = |index: &mut usize, count: usize| {
        let last = count.saturating_sub(1);
        *index = match command {
            Command::Left => index.checked_sub(1).unwrap_or(last),
            _ if *index >= last => 0,
            _ => *index + 1,
        };
    };
    match form.focused_field().map(|field| &mut field.value) {
        Some(FieldValue::SingleChoice { options, selected }) => step(selected, options.len()),
        Some(FieldValue::MultipleChoice { options, cursor }) if command == Command::Toggle => {
            if let Some((_, is_selected)) = options.get_mut(*cursor) {
                *is_selected = !*is_selected;
            }
        }
        Some(FieldValue::MultipleChoice { options, cursor }) => step(cursor, options.len()),
        _ => {}
    }
}

/// Closes a form and returns to what was shown before it.
fn close_form(model: &mut Model) -> Vec<Effect> {
    match model.dialogs.pop() {
        Some(Dialog::Form(Form {
            purpose: FormPurpose::Save(new_secret),
            ..
        })) => model.dialogs.push(Dialog::NewSecret(*new_secret)),
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
    let Some(form) = model.focused_form().map(|form| form.clone()) else {
        return Vec::new();
    };
    match &form.purpose {
        FormPurpose::Password => {
            let (Some(name), Some(password)) = (entered(&form, 0), entered(&form, 1)) else {
                return show_form_error(model, "All fields are required.");
            };
            let password = Secret::verbatim(password.text().to_owned());
            let name = name.text().trim().to_owned();
            login::sign_in(model, LoginInput::Password(name, password))
        }
        FormPurpose::Cookie => sign_in_with_secret(model, &form, LoginInput::Cookie),
        FormPurpose::ApiKey => sign_in_with_secret(model, &form, LoginInput::ApiKey),
        FormPurpose::Create => create_token(model, &form),
        FormPurpose::Rotate(id) => {
            model.dialogs.pop();
            tokens::confirm_rotation(model, id.clone(), form.env_file_path());
            Vec::new()
        }
        FormPurpose::Save(new_secret) => match form.env_file_path() {
            Some(path) => save_secret(model, new_secret, path),
            None => show_form_error(model, "Enter the name of a file."),
        },
    }
}

fn sign_in_with_secret(
    model: &mut Model,
    form: &Form,
    to_input: fn(Secret) -> LoginInput,
) -> Vec<Effect> {
    match entered(form, 0) {
        Some(input) => login::sign_in(model, to_input(input.secret())),
        None => show_form_error(model, "The field is empty."),
    }
}

/// Returns the text of a field, unless it is empty.
fn entered(form: &Form, index: usize) -> Option<&TextInput> {
    let (FieldValue::Text(input) | FieldValue::Hidden(input)) = &form.fields.get(index)?.value
    else {
        return None;
    };
    (!input.text().trim().is_empty()).then_some(input)
}

fn show_form_error(model: &mut Model, error: &str) -> Vec<Effect> {
    if let Some(form) = model.focused_form() {
        form.error = Some(error.to_owned());
    }
    Vec::new()
}

/// Checks the token before anything is sent, as the command does. The form stays open until the token is created.
fn create_token(model: &mut Model, form: &Form) -> Vec<Effect> {
    let Some(state) = &model.profile_state else {
        return Vec::new();
    };
    let new_token = form.new_token().and_then(|new_token| {
        let checked = new_token.check(&state.provider);
        checked
            .map(|()| new_token)
            .map_err(|error| error.to_string())
    });
    match new_token {
        Ok(new_token) => {
            let title = "Creating the token".to_owned();
            start_with_progress(model, title, TaskKind::CreateToken(new_token))
        }
        Err(error) => show_form_error(model, &error),
    }
}

fn save_secret(model: &mut Model, new_secret: &NewSecret, path: PathBuf) -> Vec<Effect> {
    let target = SecretTarget::env_file(path);
    let kind = TaskKind::SaveSecret(target, new_secret.secret.clone());
    let (task, effect) = start_numbered_task(model, kind);
    model.dialogs.pop();
    model.dialogs.push(Dialog::NewSecret(NewSecret {
        save_task: Some(task),
        ..new_secret.clone()
    }));
    vec![effect]
}
