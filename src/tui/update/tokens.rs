//! The tokens screen.

use std::path::PathBuf;

use super::{changes, confirm, task_of, work};
use crate::domain::{ApiToken, TokenId};
use crate::provider::TokenVerb;
use crate::tui::keys::{Command, Place};
use crate::tui::layout;
use crate::tui::model::{Dialog, Form, Loading, Model, Notice, Screen, Then, called_with};
use crate::tui::msg::{Change, Effect, Rotate, Told, Work};

pub(super) fn obey(model: &mut Model, place: Place, command: Command) -> Vec<Effect> {
    if let Some(Dialog::Details(_, top)) = model.dialogs.last_mut()
        && changes::scroll(top, command)
    {
        return Vec::new();
    }
    match command {
        Command::Reload => return load(model),
        Command::Create => return create(model),
        Command::Rotate => return rotate(model),
        Command::Revoke => return change(model, Change::Revoke),
        Command::Activate => return change(model, Change::Activate),
        Command::Deactivate => return change(model, Change::Deactivate),
        Command::Close => drop(model.dialogs.pop()),
        Command::Enter if place == Place::Filter => model.tokens.is_filtering = false,
        Command::Enter => details(model),
        _ => look(model, command),
    }
    Vec::new()
}

/// What changes nothing but how the list is looked at.
fn look(model: &mut Model, command: Command) {
    let page = isize::try_from(layout::table_rows(model))
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
            tokens.refresh();
        }
        Command::Sort => {
            tokens.order = tokens.order.next();
            tokens.refresh();
        }
        Command::Reverse => {
            tokens.is_reversed = !tokens.is_reversed;
            tokens.refresh();
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
pub(super) fn load_once(model: &mut Model) -> Vec<Effect> {
    if model.tokens.loading == Loading::NotAsked && model.standing.is_some() {
        return load(model);
    }
    Vec::new()
}

pub(super) fn load(model: &mut Model) -> Vec<Effect> {
    let before = model.tokens.loading;
    let effect = work(model, Work::List);
    model.tokens.reload(task_of(&effect));
    model.got_pages = false;
    let given_up = match before {
        Loading::Underway(task) => Some(Effect::Cancel(task)),
        _ => None,
    };
    given_up.into_iter().chain([effect]).collect()
}

/// Loads the list anew where it is what the user is about.
pub(super) fn load_again(model: &mut Model) -> Vec<Effect> {
    if model.screen == Screen::Tokens {
        return load(model);
    }
    Vec::new()
}

fn details(model: &mut Model) {
    if let Some(id) = model.tokens.selected().and_then(|token| token.id.clone()) {
        model.dialogs.push(Dialog::Details(id, 0));
    }
}

/// Whether the service can do it; says so where it cannot.
fn offers(model: &mut Model, verb: TokenVerb) -> bool {
    let Some(standing) = &model.standing else {
        return false;
    };
    if standing.service.tokens.offers(verb) {
        return true;
    }
    model.notice = Some(Notice::Trouble(Told {
        message: format!(
            "{} documents no `token {}`",
            standing.service.name,
            verb.name()
        ),
        hints: vec![format!(
            "it has: {}",
            standing.service.tokens.offered().join(", ")
        )],
        needs_login: false,
    }));
    false
}

fn create(model: &mut Model) -> Vec<Effect> {
    if offers(model, TokenVerb::Create)
        && let Some(standing) = &model.standing
    {
        let form = Form::create(&standing.service);
        model.dialogs.push(Dialog::Form(form));
    }
    Vec::new()
}

/// One at a time: each has a place of its own.
fn rotate(model: &mut Model) -> Vec<Effect> {
    if !offers(model, TokenVerb::Rotate) {
        return Vec::new();
    }
    let chosen = chosen(model);
    if chosen.len() > 1 {
        let text = "tokens are rotated one by one: drop the marks with Esc";
        model.notice = Some(Notice::Warning(text.to_owned()));
    } else if let (Some(id), Some(standing)) = (chosen.into_iter().next(), &model.standing) {
        let name = name(model, &id);
        let variable = standing.service.environment.api_key.as_deref();
        let found = standing.status.source.as_deref();
        let found = found.and_then(|source| source.strip_prefix("dotenv:"));
        let form = Form::rotate(id, &name, variable, found);
        model.dialogs.push(Dialog::Form(form));
    }
    Vec::new()
}

/// Asks before a token is rotated, which revokes it.
pub(super) fn confirm_rotation(model: &mut Model, id: TokenId, path: Option<PathBuf>) {
    let name = named_with_id(model, &id);
    let place = path.as_ref().map_or_else(
        || format!("the key that is stored for profile {}", model.profile),
        |path| format!("the key in {}", path.display()),
    );
    let question =
        format!("Rotate {name}? A new token replaces {place}, and the old one is revoked.");
    let wanted = Rotate {
        id,
        env_file: path,
        accepted: Vec::new(),
    };
    confirm(model, question, Vec::new(), Then::Rotate(wanted));
}

fn change(model: &mut Model, change: Change) -> Vec<Effect> {
    let verb = match change {
        Change::Revoke => TokenVerb::Revoke,
        Change::Activate | Change::Deactivate => TokenVerb::Update,
    };
    if !offers(model, verb) {
        return Vec::new();
    }
    let ids = chosen(model);
    if ids.is_empty() {
        return Vec::new();
    }
    if change != Change::Revoke {
        return changes::begin(model, change, ids);
    }
    let question = match ids.as_slice() {
        [one] => format!(
            "Revoke {}? Whatever uses it stops working.",
            named_with_id(model, one)
        ),
        many => format!(
            "Revoke these {} tokens? Whatever uses them stops working.",
            many.len()
        ),
    };
    let about = if ids.len() == 1 {
        Vec::new()
    } else {
        names(model, &ids)
    };
    confirm(model, question, about, Then::Change(change, ids));
    Vec::new()
}

/// What a command is about: the token whose facts are shown, else what is marked, else the row.
fn chosen(model: &Model) -> Vec<TokenId> {
    match model.dialogs.last() {
        Some(Dialog::Details(id, 0)) => vec![id.clone()],
        _ => model.tokens.chosen(),
    }
}

/// A token as one speaks of it.
pub(super) fn name(model: &Model, id: &TokenId) -> String {
    called_with(id, model.tokens.find(id))
}

/// Each by its name and id.
fn names(model: &Model, ids: &[TokenId]) -> Vec<String> {
    let tokens = model.tokens.by_id();
    ids.iter()
        .map(|id| with_id(id, tokens.get(id).copied()))
        .collect()
}

/// The same so that it cannot be taken for another.
fn named_with_id(model: &Model, id: &TokenId) -> String {
    with_id(id, model.tokens.find(id))
}

fn with_id(id: &TokenId, token: Option<&ApiToken>) -> String {
    match token.and_then(|token| token.name.as_ref()) {
        Some(name) if !name.is_empty() => format!("`{name}` ({id})"),
        _ => format!("token {id}"),
    }
}
