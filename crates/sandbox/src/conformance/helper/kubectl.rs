//! kubectl: a request in a variable, and an `ExecCredential` document on stdout.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::exchange::{FoundCredential, HelperRequest, HelperResponse};

const GROUP: &str = "client.authentication.k8s.io";

pub(super) fn request(version: &str, server: &str) -> HelperRequest {
    with_text(&document(version, server).to_string())
}

pub(super) fn document(version: &str, server: &str) -> Value {
    json!({
        "apiVersion": format!("{GROUP}/{version}"),
        "kind": "ExecCredential",
        "spec": { "interactive": false, "cluster": { "server": server } },
    })
}

pub(super) fn with_text(text: &str) -> HelperRequest {
    HelperRequest {
        variable: Some(("KUBERNETES_EXEC_INFO", text.to_owned())),
        ..HelperRequest::default()
    }
}

pub(super) fn read(stdout: &str, is_success: bool) -> HelperResponse {
    if !is_success {
        // Kubectl ignores stdout.
        return HelperResponse::default();
    }
    let Ok(document) = serde_json::from_str::<Value>(stdout) else {
        return HelperResponse::fault("it is not one JSON document");
    };
    let member = |pointer: &str| document.pointer(pointer).and_then(Value::as_str);
    if member("/kind") != Some("ExecCredential") {
        return HelperResponse::fault("it is not an ExecCredential document");
    }
    if !member("/apiVersion").is_some_and(|it| it.starts_with(GROUP)) {
        return HelperResponse::fault("its apiVersion is not of client.authentication.k8s.io");
    }
    let secret = member("/status/token").or(member("/status/clientKeyData"));
    let Some(secret) = secret.filter(|it| !it.is_empty()) else {
        return HelperResponse::fault("it has neither a token nor a key");
    };
    let expires_at = match document.pointer("/status/expirationTimestamp") {
        None | Some(Value::Null) => None,
        Some(end) => match end.as_str().map(str::parse::<Timestamp>) {
            Some(Ok(end)) => Some(end),
            _ => return HelperResponse::fault("expirationTimestamp is not an RFC 3339 time"),
        },
    };
    HelperResponse::of(FoundCredential {
        secret: secret.to_owned(),
        user: None,
        expires_at,
    })
}
