//! The audit screen: the findings, and the text and the remedy of the selected one.

use std::iter;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::{Paragraph, Wrap};

use super::layout;
use super::styled_text::{draw_row, heading, line};
use crate::actions::AuditFinding;
use crate::domain::{CommandLine, Severity, TokenId, format_count, sanitize_line};
use crate::tui::model::{Loading, Model};
use crate::ui::{Span, Style, pad_or_truncate};

const SEVERITY_WIDTH: usize = 9;
const RULE_WIDTH: usize = 20;
const TOKEN_WIDTH: usize = 22;

pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, body: Rect) {
    let findings = &model.findings.audit.findings;
    let titles = line([
        Span::bold(pad_or_truncate("SEVERITY", SEVERITY_WIDTH)),
        Span::bold(pad_or_truncate("RULE", RULE_WIDTH)),
        Span::bold(pad_or_truncate("TOKEN", TOKEN_WIDTH)),
        Span::bold("FINDING"),
    ]);
    let (rows, below) = areas(model, body);
    if rows.y > body.y {
        frame.render_widget(Paragraph::new(titles), Rect { height: 1, ..body });
    }
    let top = layout::first_visible_row(model.findings.cursor, rows.height.into());
    let visible = findings.iter().enumerate().skip(top);
    for (y, (index, finding)) in (rows.y..rows.bottom()).zip(visible) {
        let area = Rect::new(rows.x, y, rows.width, 1);
        let is_selected = index == model.findings.cursor;
        draw_row(frame, row(finding), area, is_selected);
    }
    let text = details(model, below);
    frame.render_widget(wrapped(text), below);
}

/// Returns the rows of the findings, and the area below them. The whole text of the selected finding is more important than
/// many rows.
pub(super) fn areas(model: &Model, body: Rect) -> (Rect, Rect) {
    let (rows, below) = layout::session_areas(body, model.findings.audit.findings.len());
    let Some(finding) = model.findings.selected() else {
        return (rows, below);
    };
    let needed = line_count(finding_text(model, finding), body.width);
    let without_titles = rows.height + below.height;
    let (y, total) = if needed < without_titles {
        (rows.y, without_titles)
    } else {
        (body.y, body.height)
    };
    let height = rows.height.min(total.saturating_sub(needed).max(1));
    let below = Rect {
        y: y + height,
        height: total - height,
        ..below
    };
    (Rect { y, height, ..rows }, below)
}

fn wrapped(text: Text<'static>) -> Paragraph<'static> {
    Paragraph::new(text).wrap(Wrap { trim: false })
}

fn line_count(text: Text<'static>, width: u16) -> u16 {
    u16::try_from(wrapped(text).line_count(width)).unwrap_or(u16::MAX)
}

fn row(finding: &AuditFinding) -> Line<'static> {
    let style = match finding.severity {
        Severity::Info => Style::Dim,
        Severity::Warning => Style::Warn,
        Severity::Error => Style::Bad,
    };
    line([
        Span::new(
            pad_or_truncate(finding.severity.name(), SEVERITY_WIDTH),
            style,
        ),
        Span::plain(pad_or_truncate(finding.rule.name(), RULE_WIDTH)),
        Span::plain(pad_or_truncate(&token_label(finding), TOKEN_WIDTH - 1) + " "),
        Span::plain(finding.message.as_str()),
    ])
}

fn token_label(finding: &AuditFinding) -> String {
    let id = finding.token.as_ref().map(TokenId::to_string);
    let name = finding.name.as_deref().filter(|name| !name.is_empty());
    name.map(sanitize_line).or(id).unwrap_or_default()
}

/// Returns the selected finding and the state of the audit. A small area has no gap, then no state, then no heading.
fn details(model: &Model, area: Rect) -> Text<'static> {
    let state = line([Span::dim(summary(model))]);
    let Some(finding) = model.findings.selected() else {
        return state.into();
    };
    let text = finding_text(model, finding);
    let heading = heading(&title(finding));
    let without_state: Vec<Line<'static>> = iter::once(heading).chain(text.lines.clone()).collect();
    let with_state = [without_state.clone(), vec![state]].concat();
    let whole = [vec![Line::default()], with_state.clone()].concat();
    let candidates = [whole, with_state, without_state].map(Text::from);
    let fits = |text: &Text<'static>| line_count(text.clone(), area.width) <= area.height;
    candidates.into_iter().find(fits).unwrap_or(text)
}

fn title(finding: &AuditFinding) -> String {
    let token = finding.token.as_ref().map(|id| format!(" (token {id})"));
    let title = format!("{}{}", token_label(finding), token.unwrap_or_default());
    if title.is_empty() {
        return finding.rule.name().to_owned();
    }
    title
}

/// What is wrong, and the command that fixes it.
fn finding_text(model: &Model, finding: &AuditFinding) -> Text<'static> {
    let options = model.command_options();
    let command = |label: &str, arguments: &str| {
        let command = CommandLine::from(arguments).render(&options);
        line([Span::dim(label.to_owned()), Span::plain(command)])
    };
    let fix = finding.fix.as_deref().map(|fix| command("fix: ", fix));
    let next = finding.next.as_deref().map(|next| command("then: ", next));
    let message = line([Span::plain(finding.message.as_str())]);
    iter::once(message).chain(fix).chain(next).collect()
}

fn summary(model: &Model) -> String {
    let list = &model.findings;
    let found = list.audit.findings.len();
    match list.loading {
        Loading::NotStarted => return String::new(),
        Loading::InProgress(_) if found == 0 => return "  Auditing the tokens…".to_owned(),
        Loading::Failed => return "  Cannot audit the tokens. Press r to retry.".to_owned(),
        Loading::InProgress(_) | Loading::Done => {}
    }
    let checked = format_count(list.audit.checked, "token");
    let found = match found {
        0 => "No findings".to_owned(),
        count => format_count(count, "finding"),
    };
    let ignored = match list.audit.ignored {
        0 => String::new(),
        count => format!(", {count} ignored"),
    };
    let policy = list.policy_file.as_ref();
    let policy = policy.map_or_else(String::new, |path| format!(" · policy: {path}"));
    let loading = if list.loading == Loading::Done {
        ""
    } else {
        ", loading…"
    };
    format!("{found} in {checked}{ignored}{loading}{policy}")
}
