//! Commands on the audit screen.

use super::cursor::move_cursor;
use super::start_task::start_numbered_task;
use super::tokens;
use crate::actions::Remedy;
use crate::tui::keys::{Command, InputContext};
use crate::tui::model::{FindingList, Loading, Model, Notice, Screen};
use crate::tui::msg::{Effect, TaskKind};

const PAGE: usize = 5;

pub(super) fn handle_command(model: &mut Model, command: Command) -> Vec<Effect> {
    let last = model.findings.audit.findings.len().saturating_sub(1);
    move_cursor(&mut model.findings.cursor, last, PAGE, command);
    match command {
        Command::Reload => reload(model),
        Command::Enter => fix(model),
        // The dialogs are those of the tokens.
        Command::Rotate | Command::Revoke => {
            tokens::handle_command(model, InputContext::Findings, command)
        }
        _ => Vec::new(),
    }
}

fn fix(model: &mut Model) -> Vec<Effect> {
    let Some(finding) = model.findings.selected() else {
        return Vec::new();
    };
    let command = match finding.remedy {
        Some(Remedy::Rotate) => Command::Rotate,
        Some(Remedy::Revoke) => Command::Revoke,
        Some(Remedy::Narrow) | None => {
            let text = match finding.fix {
                Some(_) => "no key fixes this finding: use the command that it names",
                None => "nothing fixes this finding",
            };
            model.notice = Some(Notice::Warning(text.to_owned()));
            return Vec::new();
        }
    };
    tokens::handle_command(model, InputContext::Findings, command)
}

/// Audits the tokens, unless that is done or in progress.
pub(super) fn load_if_needed(model: &mut Model) -> Vec<Effect> {
    if model.findings.loading == Loading::NotStarted && model.profile_state.is_some() {
        return reload(model);
    }
    Vec::new()
}

fn reload(model: &mut Model) -> Vec<Effect> {
    let cancelled = match model.findings.loading {
        Loading::InProgress(task) => Some(Effect::Cancel(task)),
        _ => None,
    };
    let (task, effect) = start_numbered_task(model, TaskKind::AuditTokens);
    model.findings.loading = Loading::InProgress(task);
    cancelled.into_iter().chain([effect]).collect()
}

/// Audits again after a change of the tokens, at once if the screen is open.
pub(super) fn refresh(model: &mut Model) -> Vec<Effect> {
    if model.screen == Screen::Findings {
        return reload(model);
    }
    model.findings = FindingList::default();
    Vec::new()
}
