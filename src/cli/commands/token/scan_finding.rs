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
    let part = if finding.place.is_name() {
        ", in the name"
    } else {
        ""
    };
    format!("{kind}{encoding}{part}")
}

pub(super) fn annotation(finding: &Finding) -> Annotation {
    let place = &finding.place;
    let commit = place.commit.as_ref();
    let commit = commit.map_or_else(String::new, |commit| format!(" in commit {commit}"));
    let (kind, fingerprint) = (kind_label(finding), finding.fingerprint());
    Annotation {
        severity: Severity::Error,
        title: format!("Leaked key of {}", providers(finding).join(" or ")),
        message: format!(
            "{kind} with fingerprint {fingerprint}{commit}: revoke it, replace it where it is used, and remove it"
        ),
        file: place
            .file
            .as_ref()
            .map(|file| file.to_string_lossy().into_owned()),
        position: (!place.is_name()).then_some((place.line, place.column)),
    }
}

/// `FILE:LINE:COLUMN`, which editors open; the path alone if the key is in the name.
pub(super) fn place(finding: &Finding) -> String {
    let place = &finding.place;
    let object = || match (&place.commit, &place.object) {
        (commit, Some(object)) if commit.as_ref() == Some(object) => "commit message".to_owned(),
        (_, Some(object)) => format!("object {object}"),
        (_, None) => "stdin".to_owned(),
    };
    let file = place
        .file
        .as_ref()
        .map(|file| file.to_string_lossy().into_owned());
    let file = sanitize_line(&file.unwrap_or_else(object));
    if place.is_name() {
        return file;
    }
    format!("{file}:{}:{}", place.line, place.column)
}

pub(super) fn document(finding: &Finding) -> Value {
    let place = &finding.place;
    let number = |number: u64| (!place.is_name()).then_some(number);
    json!({
        "provider": finding.provider(),
        "providers": finding.providers,
        "kind": finding.kind,
        "file": place.file.as_ref().map(|file| file.to_string_lossy()),
        "line": number(place.line),
        "column": number(place.column),
        "commit": place.commit,
        "object": place.object,
        "prefix": finding.shown_prefix(),
        "fingerprint": finding.fingerprint(),
        "encoding": finding.encoding,
        "known": finding.known,
        "issuer": finding.issuer,
        "expires_at": finding.expires_at,
    })
}
