//! Commands on the tokens screen, and in the details of a token.

use std::path::PathBuf;

use super::bulk_action::start_bulk_action;
use super::cursor::scroll_dialog;
use super::open_dialog::ask_confirmation;
use super::start_task::start_numbered_task;
use crate::domain::{ApiToken, TokenId};
use crate::provider::TokenVerb;
use crate::tui::keys::{Command, InputContext};
use crate::tui::model::{Dialog, Form, Loading, Model, Notice, OnConfirm, Screen};
use crate::tui::msg::{BulkAction, Effect, ErrorView, RotateRequest, TaskKind};
use crate::tui::view::layout;

pub(super) fn handle_command(
    model: &mut Model,
    context: InputContext,
    command: Command,
) -> Vec<Effect> {
    if context == InputContext::Details && scroll_dialog(model, command) {
        return Vec::new();
    }
    match command {
        Command::Reload => return reload(model),
        Command::Create => open_create_form(model),
        Command::Rotate => open_rotate_form(model),
        Command::Revoke => return start_action(model, BulkAction::Revoke),
        Command::Activate => return start_action(model, BulkAction::Activate),
        Command::Deactivate => return start_action(model, BulkAction::Deactivate),
        Command::Close => drop(model.dialogs.pop()),
        Command::Enter if context == InputContext::Filter => model.tokens.is_filtering = false,
        Command::Enter => open_details(model),
        _ => change_list_view(model, command),
    }
    Vec::new()
}

/// Handles the commands that change what the list shows, but no token.
fn change_list_view(model: &mut Model, command: Command) {
    let page = isize::try_from(layout::token_row_count(model)).unwrap_or(1);
    let (page, half) = (page.max(1), (page / 2).max(1));
    let tokens = &mut model.tokens;
    match command {
        Command::Up => tokens.move_by(-1),
        Command::Down => tokens.move_by(1),
        Command::PageUp => tokens.move_by(-page),
        Command::PageDown => tokens.move_by(page),
        Command::HalfPageUp => tokens.move_by(-half),
        Command::HalfPageDown => tokens.move_by(half),
        Command::First => tokens.move_by(isize::MIN),
        Command::Last => tokens.move_by(isize::MAX),
        Command::Filter => tokens.is_filtering = true,
        Command::Timeline => tokens.is_timeline = !tokens.is_timeline,
        Command::ClearFilter => {
            tokens.filter.clear();
            tokens.is_filtering = false;
            tokens.marked.clear();
            tokens.apply_filter_and_order();
        }
        Command::Sort => {
            tokens.order = tokens.order.next();
            tokens.apply_filter_and_order();
        }
        Command::Reverse => {
            tokens.is_reversed = !tokens.is_reversed;
            tokens.apply_filter_and_order();
        }
        Command::Mark => {
            let id = tokens.selected().and_then(|token| token.id.clone());
            if let Some(id) = id
                && !tokens.marked.remove(&id)
            {
                tokens.marked.insert(id);
            }
            tokens.move_by(1);
        }
        Command::MarkAll => tokens.mark_all(),
        _ => {}
    }
}

/// Loads the list, unless it is loaded or being loaded.
pub(super) fn load_if_needed(model: &mut Model) -> Vec<Effect> {
    if model.tokens.loading == Loading::NotStarted && model.profile_state.is_some() {
        return reload(model);
    }
    Vec::new()
}

pub(super) fn reload(model: &mut Model) -> Vec<Effect> {
    let cancelled = match model.tokens.loading {
        Loading::InProgress(task) => Some(Effect::Cancel(task)),
        _ => None,
    };
    let (task, effect) = start_numbered_task(model, TaskKind::ListTokens);
    model.tokens.start_reload(task);
    model.has_received_page = false;
    cancelled.into_iter().chain([effect]).collect()
}

pub(super) fn reload_if_visible(model: &mut Model) -> Vec<Effect> {
    if model.screen == Screen::Tokens {
        return reload(model);
    }
    Vec::new()
}

fn open_details(model: &mut Model) {
    if let Some(id) = model.tokens.selected().and_then(|token| token.id.clone()) {
        model.dialogs.push(Dialog::Details(id, 0));
    }
}

/// Returns whether the service supports a call. Shows an error if it does not.
fn require_supported(model: &mut Model, verb: TokenVerb) -> bool {
    let Some(state) = &model.profile_state else {
        return false;
    };
    let provider = &state.provider;
    if provider.supports(verb) {
        return true;
    }
    let message = format!("{} does not support `token {}`", provider.name, verb.name());
    let hint = format!("supported: {}", provider.supported_verbs().join(", "));
    model.notice = Some(Notice::Error(ErrorView::new(message, vec![hint.into()])));
    false
}

/// Returns the targets of a command that are not revoked yet. Shows a warning if all of them are.
fn require_targets(model: &mut Model) -> Vec<TokenId> {
    let targets = model.unrevoked_targets();
    if targets.is_empty() && !model.command_targets().is_empty() {
        let text = "the token is revoked already".to_owned();
        model.notice = Some(Notice::Warning(text));
    }
    targets
}

fn open_create_form(model: &mut Model) {
    if require_supported(model, TokenVerb::Create)
        && let Some(state) = &model.profile_state
    {
        let form = Form::create_token(&state.provider);
        model.dialogs.push(Dialog::Form(form));
    }
}

/// Tokens are rotated one at a time, because each secret has its own destination.
fn open_rotate_form(model: &mut Model) {
    if !require_supported(model, TokenVerb::Rotate) {
        return;
    }
    let targets = require_targets(model);
    if targets.len() > 1 {
        let text = "tokens are rotated one at a time; clear the marks with Esc";
        model.notice = Some(Notice::Warning(text.to_owned()));
    } else if let (Some(id), Some(state)) = (targets.into_iter().next(), &model.profile_state) {
        let name = model.token_name(&id);
        let variable = state.provider.environment.api_key.as_deref();
        let source = state.status.source.as_deref();
        let credential_file = source.and_then(|source| source.strip_prefix("dotenv:"));
        let targets = model.tokens.targets_of(&id);
        // Suggest the file only if no key of another token was written to it.
        let credential_file =
            credential_file.filter(|file| targets.is_empty() && !model.tokens.is_target(file));
        let form = Form::rotate_token(id.clone(), &name, variable, credential_file, targets);
        model.dialogs.push(Dialog::Form(form));
    }
}

/// Asks before a token is rotated, because that revokes it.
pub(super) fn confirm_rotation(model: &mut Model, id: TokenId, env_file: Option<PathBuf>) {
    let name = name_with_id(&id, model.tokens.find(&id));
    let destination = match (&env_file, model.tokens.targets_of(&id)) {
        (Some(path), _) => format!("the key in {}", path.display()),
        (None, []) => format!("the stored key of profile {}", model.profile),
        (None, targets) => format!("the key in {}", targets.join(", ")),
    };
    let question =
        format!("Rotate {name}? A new token replaces {destination}, and the old one is revoked.");
    let request = RotateRequest {
        id,
        env_file,
        accepted: Vec::new(),
        replaces_unknown: false,
    };
    ask_confirmation(model, question, Vec::new(), OnConfirm::RotateToken(request));
}

/// Enables and disables at once, but asks before tokens are revoked.
fn start_action(model: &mut Model, action: BulkAction) -> Vec<Effect> {
    let verb = match action {
        BulkAction::Revoke => TokenVerb::Revoke,
        BulkAction::Activate | BulkAction::Deactivate => TokenVerb::Update,
    };
    if !require_supported(model, verb) {
        return Vec::new();
    }
    let ids = require_targets(model);
    if ids.is_empty() {
        return Vec::new();
    }
    if action != BulkAction::Revoke {
        return start_bulk_action(model, action, ids);
    }
    let tokens = model.tokens.by_id();
    let mut names: Vec<_> = ids
        .iter()
        .map(|id| name_with_id(id, tokens.get(id).copied()))
        .collect();
    let question = if let [name] = names.as_slice() {
        let question = format!("Revoke {name}? Programs that use it stop working.");
        names.clear();
        question
    } else {
        let count = names.len();
        format!("Revoke these {count} tokens? Programs that use them stop working.")
    };
    let on_confirm = OnConfirm::ApplyBulkAction(action, ids);
    ask_confirmation(model, question, names, on_confirm);
    Vec::new()
}

/// Names are not unique: a confirmation shows the ID too.
fn name_with_id(id: &TokenId, token: Option<&ApiToken>) -> String {
    match token.and_then(|token| token.name.as_ref()) {
        Some(name) if !name.is_empty() => format!("`{name}` ({id})"),
        _ => format!("token {id}"),
    }
}
