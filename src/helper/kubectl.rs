//! The protocol of kubectl's credential plugins: `ExecCredential` of `client.authentication.k8s.io`.

use serde_json::{Value, json};

use super::{Grant, parse_url_origin};
use crate::domain::{Origin, Secret};

pub const REQUEST_VARIABLE: &str = "KUBERNETES_EXEC_INFO";

const VERSIONS: [&str; 2] = [
    "client.authentication.k8s.io/v1",
    "client.authentication.k8s.io/v1beta1",
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    version: &'static str,
    /// The API server of the cluster.
    pub server: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRequest {
    #[error("{REQUEST_VARIABLE} is not an ExecCredential document")]
    Malformed,
    #[error("its apiVersion is neither client.authentication.k8s.io/v1 nor v1beta1")]
    Version,
    #[error("it does not name the server of the cluster")]
    NoServer,
    #[error("the server of the cluster is not an https URL")]
    Server,
}

impl Request {
    /// # Errors
    /// [`InvalidRequest`].
    pub fn parse(text: &str) -> Result<Self, InvalidRequest> {
        let document: Value = serde_json::from_str(text).map_err(|_| InvalidRequest::Malformed)?;
        let member = |pointer: &str| document.pointer(pointer).and_then(Value::as_str);
        if member("/kind") != Some("ExecCredential") {
            return Err(InvalidRequest::Malformed);
        }
        let version = member("/apiVersion");
        let version = VERSIONS.into_iter().find(|known| version == Some(*known));
        let version = version.ok_or(InvalidRequest::Version)?;
        let server = member("/spec/cluster/server").ok_or(InvalidRequest::NoServer)?;
        let server = parse_url_origin(server).ok_or(InvalidRequest::Server)?;
        Ok(Self { version, server })
    }

    /// Returns the response. Kubectl sends the credential with the scheme `Bearer`.
    pub fn response(&self, grant: &Grant) -> Secret {
        let mut status = json!({ "token": grant.secret().expose() });
        if let Some(end) = grant.expires_at {
            // RFC 3339 without fractions, which older versions do not read.
            let end = jiff::Timestamp::from_second(end.as_second()).unwrap_or(end);
            status["expirationTimestamp"] = end.to_string().into();
        }
        let response = json!({
            "apiVersion": self.version,
            "kind": "ExecCredential",
            "status": status,
        });
        Secret::new(response.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::helper::tests::grant;

    fn request(version: &str, server: &str) -> String {
        json!({
            "apiVersion": format!("client.authentication.k8s.io/{version}"),
            "kind": "ExecCredential",
            "spec": { "interactive": false, "cluster": { "server": server } },
        })
        .to_string()
    }

    #[test]
    fn response_has_the_version_of_the_request() {
        for version in ["v1", "v1beta1"] {
            let parsed = Request::parse(&request(version, "https://k8s.example:6443/x")).unwrap();
            assert_eq!(parsed.server.to_string(), "https://k8s.example:6443");
            let response = parsed.response(&grant(None));
            let response: Value = serde_json::from_str(response.expose()).unwrap();
            let expected = json!({
                "apiVersion": format!("client.authentication.k8s.io/{version}"),
                "kind": "ExecCredential",
                "status": { "token": "key", "expirationTimestamp": "1970-01-01T00:16:40Z" },
            });
            assert_eq!(response, expected);
        }
    }

    #[test]
    fn request_without_a_known_version_or_server_is_refused() {
        let without_server =
            r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{}}"#;
        for (text, expected) in [
            ("", InvalidRequest::Malformed),
            ("{}", InvalidRequest::Malformed),
            (
                &request("v1alpha1", "https://k8s.example"),
                InvalidRequest::Version,
            ),
            (
                &request("v2", "https://k8s.example"),
                InvalidRequest::Version,
            ),
            (without_server, InvalidRequest::NoServer),
            (&request("v1", "http://k8s.example"), InvalidRequest::Server),
            (
                &request("v1", "https://me@k8s.example"),
                InvalidRequest::Server,
            ),
            (&request("v1", "k8s.example"), InvalidRequest::Server),
        ] {
            assert_eq!(Request::parse(text), Err(expected), "{text}");
        }
    }
}
