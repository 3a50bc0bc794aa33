//! Answers about tokens.

use super::{close_underway, tell, trouble};
use crate::actions::SecretTarget;
use crate::domain::{ApiToken, MintedToken, TokenId};
use crate::tui::model::{
    Dialog, Loading, Made, Model, Notice, Outcomes, Then, called, called_with,
};
use crate::tui::msg::{Effect, Outcome, Rotation, Saved, Task, Work};
use crate::tui::update::{confirm, tokens, work};
use std::collections::HashSet;

pub(super) fn listed(model: &mut Model, outcome: Outcome<()>) -> Vec<Effect> {
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

pub(super) fn created(model: &mut Model, task: Task, outcome: Outcome<MintedToken>) -> Vec<Effect> {
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
                is_copied: false,
                place: None,
                saving: None,
            }));
            tokens::load(model)
        }
        Err(told) => trouble(model, told),
    }
}

/// The new secret stands where the old one stood, so that nothing is lost when its window is closed.
pub(super) fn rotated(model: &mut Model, task: Task, outcome: Outcome<Rotation>) -> Vec<Effect> {
    close_underway(model, task);
    if matches!(model.dialogs.last(), Some(Dialog::Details(..))) {
        model.dialogs.pop();
    }
    match outcome {
        Ok(Rotation::Wider(wanted, changes)) => {
            let name = tokens::name(model, &wanted.id);
            let question =
                format!("The new token cannot be like {name}. Rotate it with these changes?");
            let about = changes.iter().map(ToString::to_string).collect();
            confirm(model, question, about, Then::Rotate(wanted));
            Vec::new()
        }
        Ok(Rotation::Done(rotated)) => {
            model.dialogs.push(Dialog::Made(Made {
                title: format!("Rotated {} into {}", rotated.old, called(&rotated.new)),
                secret: rotated.secret,
                is_revealed: false,
                is_kept: true,
                is_copied: false,
                place: rotated.env_file,
                saving: None,
            }));
            tokens::load(model)
        }
        // It may have come half way.
        Err(told) => {
            let mut effects = trouble(model, told);
            effects.extend(tokens::load_again(model));
            effects
        }
    }
}

/// What became of each token: one that went well is told in a line, the rest in a window.
pub(super) fn each(
    model: &mut Model,
    task: Task,
    outcome: Outcome<Vec<(TokenId, Outcome<Option<ApiToken>>)>>,
) -> Vec<Effect> {
    close_underway(model, task);
    let outcomes = match outcome {
        Ok(outcomes) => outcomes,
        Err(told) => return trouble(model, told),
    };
    let (rows, word) = settle(model, outcomes);
    match rows.as_slice() {
        [(name, Ok(()))] => model.notice = Some(Notice::Good(format!("{name} {word}"))),
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

/// Each with its name and what became of it, what did not work first; and the word for what did.
fn settle(
    model: &mut Model,
    outcomes: Vec<(TokenId, Outcome<Option<ApiToken>>)>,
) -> (Vec<(String, Outcome<()>)>, &'static str) {
    let named = model.tokens.by_id();
    let (mut gone, mut known, mut rows) = (HashSet::new(), Vec::new(), Vec::new());
    for (id, outcome) in outcomes {
        let name = called_with(&id, named.get(&id).copied());
        match outcome {
            Ok(Some(token)) => known.push(token),
            Ok(None) => drop(gone.insert(id)),
            Err(told) => {
                rows.push((name, Err(told)));
                continue;
            }
        }
        rows.push((name, Ok(())));
    }
    let word = match known.first().and_then(|token| token.active) {
        _ if !gone.is_empty() => "is revoked",
        Some(true) => "is switched on",
        Some(false) => "is switched off",
        None => "is changed",
    };
    model.tokens.settle(&gone, known);
    rows.sort_by_key(|(_, outcome)| outcome.is_ok());
    (rows, word)
}

pub(super) fn saved(model: &mut Model, task: Task, outcome: Outcome<Saved>) -> Vec<Effect> {
    let made = model.dialogs.iter_mut().find_map(|dialog| match dialog {
        Dialog::Made(made) if made.saving == Some(task) => Some(made),
        _ => None,
    });
    if let Some(made) = made {
        made.saving = None;
        if let Ok(Saved::In(path)) = &outcome {
            made.is_kept = true;
            made.place = Some(path.clone());
        }
    }
    let outcome = match outcome {
        Ok(Saved::In(path)) => Ok(format!("saved in {}", path.display())),
        Ok(Saved::KeyExists(target, variable)) => {
            ask_to_replace(model, target, &variable);
            return Vec::new();
        }
        Err(told) => Err(told),
    };
    tell(model, outcome);
    // It may go before what was used until now.
    vec![work(model, Work::Stand)]
}

/// Asks before a key is replaced, if the dialog with the new secret is still there.
fn ask_to_replace(model: &mut Model, target: SecretTarget, variable: &str) {
    if !matches!(model.dialogs.last(), Some(Dialog::Made(_))) {
        return;
    }
    let question = format!(
        "{} already sets {variable}. Replace that key? It still works until it is revoked.",
        target.path.display()
    );
    confirm(model, question, Vec::new(), Then::Replace(target));
}
