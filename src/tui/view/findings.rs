//! The audit screen: the findings, and the text and the remedy of the selected one.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::{Paragraph, Wrap};

use super::layout;
use super::styled_text::{draw_row, heading, line};
use crate::actions::AuditFinding;
use crate::domain::{Severity, TokenId, sanitize_line};
use crate::tui::model::{Loading, Model};
use crate::ui::{Span, Style, pad_or_truncate};

const SEVERITY_WIDTH: usize = 9;
const RULE_WIDTH: usize = 20;
const TOKEN_WIDTH: usize = 22;
/// With fewer lines below the table, the text needs all of them.
const MIN_HEIGHT_WITH_GAP: u16 = 6;

pub(super) fn draw(frame: &mut Frame<'_>, model: &Model, body: Rect) {
    let findings = &model.findings.audit.findings;
    let titles = line([
        Span::bold(pad_or_truncate("SEVERITY", SEVERITY_WIDTH)),
        Span::bold(pad_or_truncate("RULE", RULE_WIDTH)),
        Span::bold(pad_or_truncate("TOKEN", TOKEN_WIDTH)),
        Span::bold("FINDING"),
    ]);
    frame.render_widget(Paragraph::new(titles), Rect { height: 1, ..body });
    let (rows, below) = layout::session_areas(body, findings.len());
    let top = layout::first_visible_row(model.findings.cursor, rows.height.into());
    let visible = findings.iter().enumerate().skip(top);
    for (y, (index, finding)) in (rows.y..rows.bottom()).zip(visible) {
        let area = Rect::new(rows.x, y, rows.width, 1);
        let is_selected = index == model.findings.cursor;
        draw_row(frame, row(finding), area, is_selected);
    }
    let text = details(model, below.height >= MIN_HEIGHT_WITH_GAP);
    let text = Paragraph::new(text).wrap(Wrap { trim: false });
    frame.render_widget(text, below);
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

/// The selected finding, the state of the audit, and the number of tokens.
fn details(model: &Model, has_gap: bool) -> Text<'static> {
    let mut text = Text::default();
    if let Some(finding) = model.findings.selected() {
        if has_gap {
            text.push_line(Line::default());
        }
        let token = finding.token.as_ref().map(|id| format!(" (token {id})"));
        let title = format!("{}{}", token_label(finding), token.unwrap_or_default());
        let title = Some(title).filter(|title| !title.is_empty());
        text.push_line(heading(title.as_deref().unwrap_or(finding.rule.name())));
        text.push_line(line([Span::plain(finding.message.as_str())]));
        text.extend(fix_lines(finding));
    }
    text.push_line(line([Span::dim(summary(model))]));
    text
}

fn fix_lines(finding: &AuditFinding) -> Vec<Line<'static>> {
    let command = |label: &str, arguments: &str| {
        let command = format!("brainmaps {arguments}");
        line([Span::dim(label.to_owned()), Span::plain(command)])
    };
    let fix = finding.fix.as_deref().map(|fix| command("fix: ", fix));
    let next = finding.next.as_deref().map(|next| command("then: ", next));
    fix.into_iter().chain(next).collect()
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
    let checked = match list.audit.checked {
        1 => "1 token".to_owned(),
        count => format!("{count} tokens"),
    };
    let found = match found {
        0 => "No findings".to_owned(),
        1 => "1 finding".to_owned(),
        count => format!("{count} findings"),
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
