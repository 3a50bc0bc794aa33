//! `token scan`: how one key is shown, in text, JSON and annotations.

use serde_json::{Value, json};

use crate::domain::{ProviderId, Severity, sanitize_line};
use crate::scan::{Encoding, Finding, KeyKind};
use crate::ui::Annotation;

pub(super) fn providers(finding: &Finding) -> Vec<&str> {
    finding.providers.iter().map(ProviderId::as_str).collect()
}

pub(super) fn kind_label(finding: &Finding) -> String {
    let kind = match finding.kind {
        KeyKind::ApiKey => "API key",
        KeyKind::Jwt => "JWT",
        KeyKind::Opaque => "opaque key",
    };
    let encoding = match finding.encoding {
        Encoding::Plain => "",
        Encoding::Utf16 => ", UTF-16",
        Encoding::Base64 => ", base64",
    };
    let part = if finding.location.is_name() {
        ", in the name"
    } else {
        ""
    };
    format!("{kind}{encoding}{part}")
}

pub(super) fn annotation(finding: &Finding) -> Annotation {
    let location = &finding.location;
    let commit = location.commit.as_ref();
    let commit = commit.map_or_else(String::new, |commit| format!(" in commit {commit}"));
    let (kind, fingerprint) = (kind_label(finding), finding.fingerprint());
    Annotation {
        severity: Severity::Error,
        title: format!("Leaked key of {}", providers(finding).join(" or ")),
        message: format!(
            "{kind} with fingerprint {fingerprint}{commit}: revoke it, replace it where it is used, and remove it"
        ),
        file: location
            .file
            .as_ref()
            .map(|file| file.to_string_lossy().into_owned()),
        position: (!location.is_name()).then_some((location.line, location.column)),
    }
}

/// `FILE:LINE:COLUMN`, which editors open; the path alone if the key is in the name.
pub(super) fn location_text(finding: &Finding) -> String {
    let location = &finding.location;
    let object = || match (&location.commit, &location.object) {
        (commit, Some(object)) if commit.as_ref() == Some(object) => "commit message".to_owned(),
        (_, Some(object)) => format!("object {object}"),
        (_, None) => "stdin".to_owned(),
    };
    let file = location
        .file
        .as_ref()
        .map(|file| file.to_string_lossy().into_owned());
    let file = sanitize_line(&file.unwrap_or_else(object));
    if location.is_name() {
        return file;
    }
    format!("{file}:{}:{}", location.line, location.column)
}

pub(super) fn document(finding: &Finding) -> Value {
    let location = &finding.location;
    let number = |number: u64| (!location.is_name()).then_some(number);
    json!({
        "provider": finding.provider(),
        "providers": finding.providers,
        "kind": finding.kind,
        "file": location.file.as_ref().map(|file| file.to_string_lossy()),
        "line": number(location.line),
        "column": number(location.column),
        "commit": location.commit,
        "object": location.object,
        "prefix": finding.shown_prefix(),
        "fingerprint": finding.fingerprint(),
        "encoding": finding.encoding,
        "known": finding.known,
        "issuer": finding.issuer,
        "expires_at": finding.expires_at,
    })
}
