//! Exchanges the token that identifies a workload for an access token: token exchange (RFC 8693) or the JWT bearer grant
//! (RFC 7523 §2.1).

use super::form_request::FormRequest;
use super::{OauthError, TokenResponse, VerifiedServer};
use crate::domain::{Scopes, Secret, SubjectTokenType, WorkloadGrant};
use crate::http::Client;

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// A JWT can be an access token (RFC 8693 §3).
const USABLE_TYPES: [&str; 2] = [ACCESS_TOKEN, "urn:ietf:params:oauth:token-type:jwt"];

pub struct WorkloadRequest<'a> {
    pub grant: WorkloadGrant,
    /// What the platform issued. It is sent only to the token endpoint of the server.
    pub subject_token: &'a Secret,
    pub subject_token_type: SubjectTokenType,
    pub scopes: &'a Scopes,
}

impl WorkloadRequest<'_> {
    /// Sends the request. It may be repeated: it changes nothing at the server.
    ///
    /// # Errors
    /// [`OauthError::Refused`] if the server does not trust the token, and errors of the server or the network.
    pub async fn send(
        &self,
        client: &Client,
        server: &VerifiedServer,
    ) -> Result<TokenResponse, OauthError> {
        let authority = server.details();
        let scopes = self.scopes.to_string();
        let mut fields = self.grant_fields();
        let parameters = &authority.client;
        fields.extend([
            ("client_id", authority.client_id.as_str()),
            ("scope", &scopes),
            (
                "resource",
                parameters.resource.as_deref().unwrap_or_default(),
            ),
            (
                "audience",
                parameters.audience.as_deref().unwrap_or_default(),
            ),
        ]);
        let form = FormRequest {
            endpoint: &authority.token_endpoint,
            fields: &fields,
            client: Some(authority),
            can_retry: true,
        };
        let response = form.post(client).await?;
        let mut members = form.classify(&response).into_members()?;
        let issued = members.remove("issued_token_type");
        match issued.as_ref().and_then(serde_json::Value::as_str) {
            Some(kind) if !USABLE_TYPES.contains(&kind) => {
                let kind = crate::domain::sanitize_line(kind);
                let what =
                    format!("its `issued_token_type` is `{kind}`, which is not an access token");
                Err(form.unusable_token_error(what, None))
            }
            _ => TokenResponse::parse(&form, members),
        }
    }

    fn grant_fields(&self) -> Vec<(&str, &str)> {
        let token = self.subject_token.expose();
        match self.grant {
            WorkloadGrant::TokenExchange => vec![
                (
                    "grant_type",
                    "urn:ietf:params:oauth:grant-type:token-exchange",
                ),
                ("subject_token", token),
                ("subject_token_type", self.subject_token_type.uri()),
                ("requested_token_type", ACCESS_TOKEN),
            ],
            WorkloadGrant::JwtBearer => vec![
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                ("assertion", token),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    use crate::http::testing::Stub;
    use crate::oauth::LoginEndpoints;
    use crate::oauth::verified_server::example;

    async fn send(
        grant: WorkloadGrant,
        body: &str,
    ) -> (Result<TokenResponse, OauthError>, Arc<Stub>) {
        let (client, stub) = Stub::responding(200, body);
        let request = WorkloadRequest {
            grant,
            subject_token: &Secret::new("subject-secret"),
            subject_token_type: SubjectTokenType::IdToken,
            scopes: &Scopes::parse("r w"),
        };
        let mut details = example().into_details();
        details.client.resource = Some("https://api.example.com/".to_owned());
        details.client.audience = Some("api".to_owned());
        let server = VerifiedServer::verify(details, LoginEndpoints::default(), &[]).unwrap();
        (request.send(&client, &server).await, stub)
    }

    fn fields(stub: &Stub) -> Vec<(String, String)> {
        stub.forms().concat()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        expected.iter().map(owned).collect()
    }

    #[tokio::test]
    async fn rfc8693_2_1_request_names_the_type_of_the_subject_token() {
        let (grant, stub) = send(WorkloadGrant::TokenExchange, r#"{"access_token":"a"}"#).await;
        assert_eq!(grant.unwrap().access_token.expose(), "a");
        let expected = [
            (
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
            ),
            ("subject_token", "subject-secret"),
            (
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:id_token",
            ),
            ("requested_token_type", ACCESS_TOKEN),
            ("client_id", "brainmaps-cli"),
            ("scope", "r w"),
            ("resource", "https://api.example.com/"),
            ("audience", "api"),
        ];
        assert_eq!(fields(&stub), pairs(&expected));
        assert_eq!(stub.urls(), ["https://auth.example.com/token"]);
    }

    #[tokio::test]
    async fn rfc7523_2_1_assertion_is_the_grant() {
        let (grant, stub) = send(WorkloadGrant::JwtBearer, r#"{"access_token":"a"}"#).await;
        assert!(grant.is_ok());
        let expected = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", "subject-secret"),
            ("client_id", "brainmaps-cli"),
            ("scope", "r w"),
            ("resource", "https://api.example.com/"),
            ("audience", "api"),
        ];
        assert_eq!(fields(&stub), pairs(&expected));
    }

    #[tokio::test]
    async fn rfc8693_2_2_issued_token_type_and_token_type_decide_whether_the_token_is_used() {
        let bearer = r#""access_token":"a","token_type":"Bearer""#;
        for (members, problem) in [
            (
                format!(r#"{bearer},"issued_token_type":"{ACCESS_TOKEN}""#),
                None,
            ),
            (
                format!(r#"{bearer},"issued_token_type":"urn:ietf:params:oauth:token-type:jwt""#),
                None,
            ),
            (bearer.to_owned(), None),
            (
                format!(r#"{bearer},"issued_token_type":"urn:ietf:params:oauth:token-type:saml2""#),
                Some("saml2"),
            ),
            (
                format!(
                    r#"{bearer},"issued_token_type":"urn:ietf:params:oauth:token-type:id_token""#
                ),
                Some("id_token"),
            ),
            (
                format!(
                    r#""access_token":"a","token_type":"N_A","issued_token_type":"{ACCESS_TOKEN}""#
                ),
                Some("`token_type` is `N_A`"),
            ),
        ] {
            let (grant, _) = send(WorkloadGrant::TokenExchange, &format!("{{{members}}}")).await;
            match problem {
                None => assert!(grant.is_ok(), "{members}"),
                Some(text) => {
                    let error = grant.unwrap_err().to_string();
                    assert!(error.contains(text), "{error}");
                }
            }
        }
    }

    #[tokio::test]
    async fn subject_token_is_redacted_from_an_error() {
        let (client, _) = Stub::responding(
            400,
            r#"{"error":"invalid_grant","error_description":"subject-secret is bad"}"#,
        );
        let request = WorkloadRequest {
            grant: WorkloadGrant::TokenExchange,
            subject_token: &Secret::new("subject-secret"),
            subject_token_type: SubjectTokenType::Jwt,
            scopes: &Scopes::default(),
        };
        let error = request.send(&client, &example()).await.unwrap_err();
        assert!(!format!("{error:?}").contains("subject-secret"), "{error}");
    }
}
