use super::*;
use crate::domain::{ClientAuthMethod, ClientAuthentication, ClientSecret, Secret};
use crate::http::testing::{Stub, response};
use crate::oauth::verified_server::authenticated;

const GRANTED: &str = r#"{"access_token":"a","token_type":"Bearer","expires_in":60}"#;

fn server(method: ClientAuthMethod) -> VerifiedServer {
    authenticated(ClientAuthentication::Secret(ClientSecret {
        value: Secret::new("s3cret: é"),
        method,
    }))
}

#[tokio::test]
async fn rfc6749_4_4_2_request_has_grant_type_and_scope() {
    let (client, stub) = Stub::responding(200, GRANTED);
    let server = server(ClientAuthMethod::Post);
    let scopes = Scopes::parse("a b");
    request_token(&client, &server, &scopes).await.unwrap();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "brainmaps-cli"),
        ("scope", "a b"),
        ("client_secret", "s3cret: é"),
    ];
    let form = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(stub.forms(), [form]);
}

#[tokio::test]
async fn rfc6749_2_3_1_id_and_secret_are_form_encoded_in_the_header() {
    let (client, stub) = Stub::client(|_, request| {
        let header = request.headers().get("authorization").unwrap();
        assert_eq!(header, "Basic YnJhaW5tYXBzLWNsaTpzM2NyZXQlM0ErJUMzJUE5");
        Ok(response(200, GRANTED))
    });
    let server = server(ClientAuthMethod::Basic);
    let scopes = Scopes::default();
    request_token(&client, &server, &scopes).await.unwrap();
    let form = stub.forms().concat();
    assert!(form.iter().all(|(name, _)| name != "client_secret"));
}

#[tokio::test]
async fn rfc6749_4_4_3_refresh_token_is_dropped() {
    let body = GRANTED.replace('{', r#"{"refresh_token":"r","#);
    let (client, _) = Stub::responding(200, &body);
    let server = server(ClientAuthMethod::Post);
    let granted = request_token(&client, &server, &Scopes::default()).await;
    let granted = granted.unwrap();
    assert_eq!(granted.refresh_token, None);
    assert_eq!(granted.expires_in, Some(60));
}
