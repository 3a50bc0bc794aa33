//! The tokens screen.

use std::path::PathBuf;

use super::{ask_confirmation, dialogs, start_task, task_id};
use crate::domain::{ApiToken, TokenId};
use crate::provider::TokenVerb;
use crate::tui::keys::{Command, InputContext};
use crate::tui::layout;
use crate::tui::model::{
    Dialog, Form, Loading, Model, Notice, OnConfirm, Screen, display_name_or_id,
};
use crate::tui::msg::{BulkAction, Effect, ErrorView, RotateRequest, TaskKind};

pub(super) fn handle_command(
    model: &mut Model,
    place: InputContext,
    command: Command,
) -> Vec<Effect> {
    if let Some(Dialog::Details(_, top)) = model.dialogs.last_mut()
        && dialogs::scroll_dialog(top, command)
    {
        return Vec::new();
    }
    match command {
        Command::Reload => return reload(model),
        Command::Create => return open_create_form(model),
        Command::Rotate => return open_rotate_form(model),
        Command::Revoke => return start_action(model, BulkAction::Revoke),
        Command::Activate => return start_action(model, BulkAction::Activate),
        Command::Deactivate => return start_action(model, BulkAction::Deactivate),
        Command::Close => drop(model.dialogs.pop()),
        Command::Enter if place == InputContext::Filter => model.tokens.is_filtering = false,
        Command::Enter => open_details(model),
        _ => change_list_view(model, command),
    }
    Vec::new()
}

/// What changes nothing but how the list is looked at.
fn change_list_view(model: &mut Model, command: Command) {
    let page = isize::try_from(layout::token_row_count(model))
        .unwrap_or(1)
        .max(1);
    let tokens = &mut model.tokens;
    match command {
        Command::Up => tokens.move_by(-1),
        Command::Down => tokens.move_by(1),
        Command::PageUp => tokens.move_by(-page),
        Command::PageDown => tokens.move_by(page),
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

/// Loads the list, unless it is there or on its way.
pub(super) fn load_if_needed(model: &mut Model) -> Vec<Effect> {
    if model.tokens.loading == Loading::NotStarted && model.profile_state.is_some() {
        return reload(model);
    }
    Vec::new()
}

pub(super) fn reload(model: &mut Model) -> Vec<Effect> {
    let before = model.tokens.loading;
    let effect = start_task(model, TaskKind::ListTokens);
    model.tokens.start_reload(task_id(&effect));
    model.has_received_page = false;
    let given_up = match before {
        Loading::InProgress(task) => Some(Effect::Cancel(task)),
        _ => None,
    };
    given_up.into_iter().chain([effect]).collect()
}

/// Loads the list anew where it is what the user is about.
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

/// Whether the service can do it; says so where it cannot.
fn require_supported(model: &mut Model, verb: TokenVerb) -> bool {
    let Some(standing) = &model.profile_state else {
        return false;
    };
    if standing.provider.tokens.supports(verb) {
        return true;
    }
    model.notice = Some(Notice::Error(ErrorView {
        message: format!(
            "{} documents no `token {}`",
            standing.provider.name,
            verb.name()
        ),
        hints: vec![format!(
            "it has: {}",
            standing.provider.tokens.supported_verbs().join(", ")
        )],
        needs_login: false,
    }));
    false
}

fn open_create_form(model: &mut Model) -> Vec<Effect> {
    if require_supported(model, TokenVerb::Create)
        && let Some(standing) = &model.profile_state
    {
        let form = Form::create_token(&standing.provider);
        model.dialogs.push(Dialog::Form(form));
    }
    Vec::new()
}

/// One at a time: each has a place of its own.
fn open_rotate_form(model: &mut Model) -> Vec<Effect> {
    if !require_supported(model, TokenVerb::Rotate) {
        return Vec::new();
    }
    let chosen = command_targets(model);
    if chosen.len() > 1 {
        let text = "tokens are rotated one by one: drop the marks with Esc";
        model.notice = Some(Notice::Warning(text.to_owned()));
    } else if let (Some(id), Some(standing)) = (chosen.into_iter().next(), &model.profile_state) {
        let name = token_name(model, &id);
        let variable = standing.provider.environment.api_key.as_deref();
        let found = standing.status.source.as_deref();
        let found = found.and_then(|source| source.strip_prefix("dotenv:"));
        let form = Form::rotate_token(id, &name, variable, found);
        model.dialogs.push(Dialog::Form(form));
    }
    Vec::new()
}

/// Asks before a token is rotated, which revokes it.
pub(super) fn confirm_rotation(model: &mut Model, id: TokenId, path: Option<PathBuf>) {
    let name = name_with_id(model, &id);
    let place = path.as_ref().map_or_else(
        || format!("the key that is stored for profile {}", model.profile),
        |path| format!("the key in {}", path.display()),
    );
    let question =
        format!("Rotate {name}? A new token replaces {place}, and the old one is revoked.");
    let wanted = RotateRequest {
        id,
        env_file: path,
        accepted: Vec::new(),
    };
    ask_confirmation(model, question, Vec::new(), OnConfirm::RotateToken(wanted));
}

fn start_action(model: &mut Model, change: BulkAction) -> Vec<Effect> {
    let verb = match change {
        BulkAction::Revoke => TokenVerb::Revoke,
        BulkAction::Activate | BulkAction::Deactivate => TokenVerb::Update,
    };
    if !require_supported(model, verb) {
        return Vec::new();
    }
    let ids = command_targets(model);
    if ids.is_empty() {
        return Vec::new();
    }
    if change != BulkAction::Revoke {
        return dialogs::start_bulk_action(model, change, ids);
    }
    let question = match ids.as_slice() {
        [one] => format!(
            "Revoke {}? Whatever uses it stops working.",
            name_with_id(model, one)
        ),
        many => format!(
            "Revoke these {} tokens? Whatever uses them stops working.",
            many.len()
        ),
    };
    let about = if ids.len() == 1 {
        Vec::new()
    } else {
        names_with_ids(model, &ids)
    };
    ask_confirmation(
        model,
        question,
        about,
        OnConfirm::ApplyBulkAction(change, ids),
    );
    Vec::new()
}

/// What a command is about: the token whose facts are shown, else what is marked, else the row.
fn command_targets(model: &Model) -> Vec<TokenId> {
    match model.dialogs.last() {
        Some(Dialog::Details(id, 0)) => vec![id.clone()],
        _ => model.tokens.command_targets(),
    }
}

/// A token as one speaks of it.
pub(super) fn token_name(model: &Model, id: &TokenId) -> String {
    display_name_or_id(id, model.tokens.find(id))
}

/// Each by its name and id.
fn names_with_ids(model: &Model, ids: &[TokenId]) -> Vec<String> {
    let tokens = model.tokens.by_id();
    ids.iter()
        .map(|id| format_name_with_id(id, tokens.get(id).copied()))
        .collect()
}

/// The same so that it cannot be taken for another.
fn name_with_id(model: &Model, id: &TokenId) -> String {
    format_name_with_id(id, model.tokens.find(id))
}

fn format_name_with_id(id: &TokenId, token: Option<&ApiToken>) -> String {
    match token.and_then(|token| token.name.as_ref()) {
        Some(name) if !name.is_empty() => format!("`{name}` ({id})"),
        _ => format!("token {id}"),
    }
}
