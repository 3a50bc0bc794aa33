//! The second line of the screen: profile, state, expiry and credential source. On narrow terminals the source is shortened
//! and then dropped, because the expiry matters more.

use jiff::Timestamp;
use ratatui::text::Line;
use unicode_width::UnicodeWidthStr as _;

use super::styled_text::line;
use crate::actions::CredentialState;
use crate::domain::time_format;
use crate::tui::model::Model;
use crate::ui::{Span, pad_or_truncate, status_label};

const SEPARATOR: &str = " · ";
/// A shorter rest of a credential source says nothing.
const MIN_SOURCE_WIDTH: usize = 12;

pub(super) fn status_line(model: &Model, width: usize) -> Line<'static> {
    let profile = profile_label(model);
    let profile_width = profile.width();
    let profile = Span::bold(profile);
    let Some(state) = &model.profile_state else {
        let text = if model.is_starting {
            "verifying the credential…"
        } else {
            "state unknown"
        };
        return line([profile, Span::dim(format!("{SEPARATOR}{text}"))]);
    };
    let status = &state.status;
    let (label, style) = short_status_label(status.state);
    let expiry = status.expires_at.map(|at| {
        let verb = if at > model.now { "expires" } else { "expired" };
        format!("{SEPARATOR}{verb} {}", format_expiry(model, at))
    });
    let expiry = expiry.unwrap_or_default();
    let refresh = if status.refreshable && status.expires_at.is_some() {
        ", auto-refresh"
    } else {
        ""
    };
    let used = profile_width + SEPARATOR.width() + label.width() + expiry.width();
    let remaining = width.saturating_sub(used);
    let refresh = if refresh.len() <= remaining {
        refresh
    } else {
        ""
    };
    let source = source_text(status.source.as_deref(), remaining - refresh.len());
    line([
        profile,
        Span::plain(SEPARATOR),
        Span::new(label, style),
        Span::dim(source),
        Span::plain(format!("{expiry}{refresh}")),
    ])
}

fn profile_label(model: &Model) -> String {
    let sandbox = if model.repeated_options.sandbox {
        " [sandbox]"
    } else {
        ""
    };
    format!("{}{sandbox}", model.profile)
}

fn source_text(source: Option<&str>, width: usize) -> String {
    let Some(source) = source else {
        return String::new();
    };
    let text = format!("{SEPARATOR}{source}");
    if text.width() <= width {
        return text;
    }
    if width < SEPARATOR.width() + MIN_SOURCE_WIDTH {
        return String::new();
    }
    pad_or_truncate(&text, width).trim_end().to_owned()
}

/// Returns labels that fit into a column of the sessions screen.
pub(super) fn short_status_label(state: CredentialState) -> (&'static str, crate::ui::Style) {
    let (label, style) = status_label(state);
    let label = match state {
        CredentialState::Unverified => "not verified",
        CredentialState::ExpiredRefreshable => "expired, refreshable",
        CredentialState::Local => "local",
        CredentialState::Rejected => "rejected",
        _ => label,
    };
    (label, style)
}

/// Formats an expiry: a countdown within the last day, else `in 3 days`.
pub(super) fn format_expiry(model: &Model, expiry: Timestamp) -> String {
    let remaining = std::time::Duration::try_from(expiry.duration_since(model.now));
    match remaining {
        Ok(remaining) if remaining.as_secs() < 24 * 3600 => {
            format!("in {}", time_format::format_countdown(remaining))
        }
        _ => time_format::format_relative(model.now, expiry),
    }
}
