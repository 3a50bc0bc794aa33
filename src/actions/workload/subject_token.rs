//! Gets the token that identifies this workload. It is requested anew for each exchange, masked in the log of a job before
//! it is used, and never stored.

use std::path::Path;

use url::Url;

use crate::actions::{ActionError, Context, Event, WorkloadError};
use crate::domain::{JwtClaims, Origin, Secret, SubjectTokenType, WorkloadGrant, WorkloadIdentity};
use crate::files::quote_path;
use crate::host::{IdentitySource, find_identity};
use crate::http::{Request, header};

pub(super) struct SubjectToken {
    pub(super) secret: Secret,
    /// `None` if it is not a JWT.
    pub(super) claims: Option<JwtClaims>,
    /// For messages.
    pub(super) label: String,
}

pub(super) struct Recipient<'a> {
    pub(super) issuer: &'a str,
    pub(super) token_endpoint: &'a Url,
}

/// Returns a token that is meant for `recipient`.
pub(super) async fn request_subject_token(
    context: &Context,
    identity: &WorkloadIdentity,
    recipient: &Recipient<'_>,
) -> Result<SubjectToken, ActionError> {
    let source = identity_source(context, identity)?;
    let audience = identity.subject_token_audience.as_deref();
    let audience = audience.unwrap_or(recipient.issuer);
    let secret = match &source {
        IdentitySource::File { path } => read_file(context, path)?,
        IdentitySource::Variable { value, .. } => value.clone(),
        IdentitySource::GitHubRequest { url, token } => {
            context.emit(&Event::MaskInLog(token.clone()));
            request_from_github(context, url, token, audience).await?
        }
    };
    context.emit(&Event::MaskInLog(secret.clone()));
    let token = SubjectToken {
        claims: JwtClaims::decode(&secret),
        label: label(&source),
        secret,
    };
    check_audience(&token, &source, identity, recipient)?;
    Ok(token)
}

/// Returns where the token is, without reading it.
pub(crate) fn identity_source(
    context: &Context,
    identity: &WorkloadIdentity,
) -> Result<IdentitySource, WorkloadError> {
    match &identity.subject_token_file {
        Some(path) => Ok(IdentitySource::File {
            path: context.directory.join(path),
        }),
        None => find_identity(&context.environment).map_err(WorkloadError::Missing),
    }
}

fn read_file(context: &Context, path: &Path) -> Result<Secret, WorkloadError> {
    let read = context.secret_files.read(path);
    match read.as_ref() {
        Ok(secret) => Ok(secret.clone()),
        Err(error) => Err(WorkloadError::File {
            path: path.to_owned(),
            reason: error.to_string(),
            hint: error.hint(),
        }),
    }
}

/// The request token is sent only to the URL that came with it, and only over https or to this machine.
async fn request_from_github(
    context: &Context,
    url: &str,
    token: &Secret,
    audience: &str,
) -> Result<Secret, WorkloadError> {
    let mut url = Url::parse(url).map_err(|_| WorkloadError::RequestUrl)?;
    let origin = Origin::of(&url).map_err(|_| WorkloadError::RequestUrl)?;
    // The URL has a query already.
    url.query_pairs_mut().append_pair("audience", audience);
    let credential = Secret::new(format!("bearer {}", token.expose()));
    let request = Request::get(url)
        .header(header::ACCEPT, "application/json")
        .and_then(|request| request.authorize(&origin, header::AUTHORIZATION, &credential))
        .map_err(WorkloadError::Request)?
        .expect_secrets_at(["/value".to_owned()]);
    let response = context.workload.network.send(request).await;
    let response = response.map_err(WorkloadError::Request)?;
    let document = response.json().filter(|_| response.is_success());
    let value = document.and_then(|document| document.get("value")?.as_str().map(Secret::new));
    let status = response.status;
    value.ok_or(WorkloadError::Refused { status })
}

fn label(source: &IdentitySource) -> String {
    match source {
        IdentitySource::File { path } => format!("the token in {}", quote_path(path)),
        IdentitySource::Variable { name, .. } => format!("the token in {name}"),
        IdentitySource::GitHubRequest { .. } => "the ID token of this job".to_owned(),
    }
}

/// A JWT must name the server that gets it: by the audience of the settings, else as the issuer or the token endpoint (RFC 7523
/// §3). An access token names the API that it is for, and is checked only if it is the pod's own for its cluster.
fn check_audience(
    token: &SubjectToken,
    source: &IdentitySource,
    identity: &WorkloadIdentity,
    recipient: &Recipient<'_>,
) -> Result<(), WorkloadError> {
    let is_access_token = identity.grant == WorkloadGrant::TokenExchange
        && identity.subject_token_type == SubjectTokenType::AccessToken;
    let claims = token.claims.as_ref();
    let is_for_cluster = source.is_for_cluster() || claims.is_some_and(JwtClaims::is_for_cluster);
    if is_access_token && !is_for_cluster {
        return Ok(());
    }
    let what = token.label.clone();
    let Some(claims) = &token.claims else {
        return Err(WorkloadError::NotJwt { what });
    };
    let permitted = match &identity.subject_token_audience {
        Some(named) => vec![named.as_str()],
        None => vec![recipient.issuer, recipient.token_endpoint.as_str()],
    };
    if claims
        .audiences()
        .iter()
        .any(|name| permitted.contains(name))
    {
        return Ok(());
    }
    let expected = identity.subject_token_audience.as_deref();
    Err(WorkloadError::ForeignAudience {
        what,
        expected: expected.unwrap_or(recipient.issuer).to_owned(),
        claims: claims.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn check(audience: &str, identity: &WorkloadIdentity, path: &str) -> Result<(), WorkloadError> {
        let claims = URL_SAFE_NO_PAD.encode(format!(r#"{{"aud":{audience}}}"#));
        let secret = Secret::new(format!("e30.{claims}.c2ln"));
        let token = SubjectToken {
            claims: JwtClaims::decode(&secret),
            label: "the token".to_owned(),
            secret,
        };
        let recipient = Recipient {
            issuer: "https://id.example.com",
            token_endpoint: &"https://id.example.com/token".parse().unwrap(),
        };
        let source = IdentitySource::File { path: path.into() };
        check_audience(&token, &source, identity, &recipient)
    }

    #[test]
    fn rfc7523_3_token_is_sent_only_to_the_server_that_it_names() {
        let named = WorkloadIdentity {
            subject_token_audience: Some("own".to_owned()),
            ..WorkloadIdentity::default()
        };
        let usual = WorkloadIdentity::default();
        for (audience, identity, expected) in [
            (r#""https://id.example.com""#, &usual, true),
            (r#"["x","https://id.example.com/token"]"#, &usual, true),
            (r#""https://id.example.com.evil.net""#, &usual, false),
            (r#""https://kubernetes.default.svc""#, &usual, false),
            ("null", &usual, false),
            (r#""own""#, &named, true),
            (r#""https://id.example.com""#, &named, false),
        ] {
            let checked = check(audience, identity, "/f");
            assert_eq!(checked.is_ok(), expected, "{audience}");
        }
    }

    #[test]
    fn token_for_the_cluster_is_checked_whatever_its_type() {
        let access = WorkloadIdentity {
            subject_token_type: SubjectTokenType::AccessToken,
            ..WorkloadIdentity::default()
        };
        let pod = "/var/run/secrets/kubernetes.io/serviceaccount/token";
        for cluster in [
            r#""https://kubernetes.default.svc""#,
            r#"["https://kubernetes.default.svc.cluster.local"]"#,
        ] {
            assert!(check(cluster, &access, "/f").is_err(), "{cluster}");
        }
        let api = r#""https://api.example.com""#;
        assert!(check(api, &access, "/f").is_ok());
        assert!(check(api, &access, pod).is_err());
        let assertion = WorkloadIdentity {
            grant: WorkloadGrant::JwtBearer,
            ..access
        };
        assert!(check(api, &assertion, "/f").is_err());
    }
}
