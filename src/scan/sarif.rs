//! Findings as SARIF 2.1.0, the format of code scanning services.
//!
//! A crate of the whole format has hundreds of types; this needs the few that follow. `snippet` is left out, because it
//! would contain the key.

use std::collections::BTreeMap;
use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Finding, KeyKind, Unreadable};
use crate::domain::{ProviderId, sanitize_line};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Returns the log of one run. Without `unreadable`, an incomplete run without results would look like a clean one.
pub fn sarif_log(findings: &[Finding], unreadable: &[Unreadable], version: &str) -> Value {
    let rules: BTreeMap<String, Value> =
        findings.iter().map(|it| (rule_id(it), rule(it))).collect();
    let results: Vec<Value> = findings.iter().map(result).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "brainmaps",
                "semanticVersion": version,
                "rules": rules.into_values().collect::<Vec<_>>(),
            }},
            "invocations": [invocation(unreadable)],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// SARIF 2.1.0, sections 3.20.14 and 3.20.21.
fn invocation(unreadable: &[Unreadable]) -> Value {
    let notifications: Vec<Value> = unreadable.iter().map(notification).collect();
    json!({
        "executionSuccessful": unreadable.is_empty(),
        "toolExecutionNotifications": notifications,
    })
}

fn notification(unreadable: &Unreadable) -> Value {
    let (name, reason) = (&unreadable.name, &unreadable.reason);
    let text = format!("cannot read \"{name}\": {reason}");
    json!({ "level": "error", "message": { "text": sanitize_line(&text) } })
}

fn services(finding: &Finding) -> String {
    let names: Vec<&str> = finding.providers.iter().map(ProviderId::as_str).collect();
    names.join("-or-")
}

fn rule_id(finding: &Finding) -> String {
    let kind = match finding.kind {
        KeyKind::ApiKey => "api-key",
        KeyKind::Jwt => "jwt",
        KeyKind::Opaque => "opaque-key",
    };
    format!("{}-{kind}", services(finding))
}

fn rule(finding: &Finding) -> Value {
    let text = format!("Key of {}", services(finding));
    json!({
        "id": rule_id(finding),
        "shortDescription": { "text": text },
        "help": { "text": "Revoke the key, replace it where it is used, and remove it from the file." },
        "defaultConfiguration": { "level": "error" },
        "properties": { "security-severity": "8.0", "tags": ["security"] },
    })
}

fn result(finding: &Finding) -> Value {
    let location = &finding.location;
    let file = location.file.as_deref().unwrap_or(Path::new("stdin"));
    let name = file.to_string_lossy();
    let name = name.strip_prefix("./").unwrap_or(&name);
    let mut artifact = json!({ "uri": utf8_percent_encode(name, PATH).to_string() });
    if file.is_relative() {
        artifact["uriBaseId"] = json!("%SRCROOT%");
    }
    let commit = location
        .commit
        .as_ref()
        .map_or_else(String::new, |it| format!(", commit {it}"));
    let text = format!(
        "Key of {} in {}{}{commit}",
        services(finding),
        if location.is_name() { "the name " } else { "" },
        sanitize_line(name)
    );
    let mut physical = json!({ "artifactLocation": artifact });
    if !location.is_name() {
        physical["region"] = json!({ "startLine": location.line, "startColumn": location.column });
    }
    json!({
        "ruleId": rule_id(finding),
        "level": "error",
        "message": { "text": text },
        "locations": [{ "physicalLocation": physical }],
        "partialFingerprints": { "brainmapsKey/v1": finding.fingerprint() },
    })
}
