//! Failures to discover how to sign in to a protected resource.

use super::{Code, Failure};
use crate::domain::{CommandLine, Hint, quote_for_shell};
use crate::http::StatusCode;
use crate::oauth::ResourceError;

const SERVER_CHANGED: &str = "the stored client id was not sent to it; if the change is expected, name the client that is \
                              registered at the new server with --client-id";

impl From<ResourceError> for Failure {
    fn from(error: ResourceError) -> Self {
        let (code, hint) = match &error {
            ResourceError::Oauth(_) => {
                let ResourceError::Oauth(error) = error else {
                    return Self::from_error(Code::Failed, error);
                };
                return error.into();
            }
            ResourceError::Registration { .. } => return registration_failure(error),
            ResourceError::NoMetadata {
                resource, status, ..
            } => (Code::Unsupported, no_metadata_hint(resource, *status)),
            ResourceError::UnusableMetadataUrl { .. } | ResourceError::NoServer { .. } => (
                Code::Failed,
                Hint::from("the metadata of the resource is invalid; nothing was stored"),
            ),
            ResourceError::Mismatch { expected, found } => {
                (Code::Failed, mismatch_hint(expected, found))
            }
            ResourceError::SeveralServers { resource, servers } => {
                (Code::Usage, server_hint(resource, servers))
            }
            ResourceError::UnlistedServer {
                resource, servers, ..
            } => (Code::Usage, server_hint(resource, servers)),
            ResourceError::NoDeviceFlow { resource } => (Code::Unsupported, browser_hint(resource)),
            ResourceError::NoClient {
                accepts_documents, ..
            } => (Code::Usage, client_hint(*accepts_documents)),
            ResourceError::UnnamedServer { resource, issuer } => {
                (Code::Usage, unnamed_server_hint(resource, issuer))
            }
            ResourceError::ServerChanged { .. } => (Code::Failed, Hint::from(SERVER_CHANGED)),
        };
        Self::from_error(code, error).with_hint(hint)
    }
}

/// Has the exit status of the server's response.
fn registration_failure(error: ResourceError) -> Failure {
    let message = error.to_string();
    let ResourceError::Registration { source, .. } = error else {
        return Failure::from_error(Code::Failed, error);
    };
    let failure = Failure::from(*source).wrap(message);
    failure
        .with_hint("register a client on the website of the server, and name it with --client-id")
}

fn browser_hint(resource: &str) -> Hint {
    let command = format!("login --resource {}", quote_for_shell(resource));
    Hint::run(command)
        .text("; add --browser --paste where no browser can come back to this machine")
}

/// With an issuer, the resource is only a parameter. The API URL makes the session one for the resource.
fn unnamed_server_hint(resource: &str, issuer: &str) -> Hint {
    let (resource, issuer) = (quote_for_shell(resource), quote_for_shell(issuer));
    Hint::from(format!(
        "the client was not sent to it; if it is registered there, add --issuer {issuer} --profile NAME --api-url {resource}"
    ))
}

/// The session of a server that the user names must have the URL as its API, or it is not sent there.
fn no_metadata_hint(resource: &str, status: StatusCode) -> Hint {
    let check = match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => "check the URL, which the server does not know",
        _ if status.is_success() => "check the URL, which needs no credential",
        _ => "check the URL",
    };
    let resource = quote_for_shell(resource);
    let command =
        format!("login --profile NAME --api-url {resource} --issuer ISSUER --client-id ID");
    Hint::from(check)
        .text("; if you know the authorization server, name it: ")
        .command(CommandLine::without_profile(command))
}

/// Another form of the same URL is probably meant.
fn mismatch_hint(expected: &str, found: &str) -> Hint {
    let host = |url: &str| {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default().to_owned()
    };
    if host(expected).eq_ignore_ascii_case(&host(found)) {
        let command = format!("login --resource {}", quote_for_shell(found));
        return Hint::from("the URL must match exactly, including a final slash: ")
            .command(command);
    }
    Hint::from("nothing was stored; the server could be an imposter")
}

fn server_hint(resource: &str, servers: &[String]) -> Hint {
    let issuer = servers.first().map(String::as_str).unwrap_or_default();
    let (resource, issuer) = (quote_for_shell(resource), quote_for_shell(issuer));
    Hint::from("name one of them: ")
        .command(format!("login --resource {resource} --issuer {issuer}"))
}

fn client_hint(accepts_documents: bool) -> Hint {
    let hint = Hint::from(
        "register a client on the website of the server, with the redirect URI http://127.0.0.1/callback, and name it \
         with --client-id",
    );
    if accepts_documents {
        hint.text("; or publish what ")
            .command("provider client-metadata --url URL")
            .text(" prints, and run ")
            .command("config set client_metadata_url URL")
    } else {
        hint
    }
}
