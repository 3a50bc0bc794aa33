//! The part of a description with the login methods of a service other than OAuth 2.0, and the calls that refresh such a
//! session.

use serde::Deserialize;
use serde_json::Value;

use super::{
    Encoding, HttpCall, LoginBody, Pointer, Pointers, RefreshField, RequestBody, RequestTemplate,
    SecretLocation, SessionImport, Template,
};
use crate::domain::{CredentialKind, InteractiveMethod};

/// A method that is missing here is rejected without a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ServiceLogins {
    /// The order in which the OAuth2 methods are used; the device flow first if empty.
    pub methods: Vec<InteractiveMethod>,
    pub password: Option<PasswordLogin>,
    /// The cookie of a web session, which the user pastes.
    pub cookie: Option<CookieLogin>,
    /// The session file of the service's own client.
    pub import: Option<SessionImport>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordLogin {
    pub call: HttpCall,
    /// The encoding of `body`.
    #[serde(default)]
    encoding: Encoding,
    body: Option<LoginBody>,
    json: Option<Template>,
    form: Option<Template>,
    /// The service's word for the user name, for the prompt: `e-mail`.
    #[serde(default = "user_name")]
    pub username: String,
    /// The kind of credential in the response.
    pub kind: CredentialKind,
    pub answer: SessionFields,
    /// The lifetime in seconds, if the response does not report it.
    pub lifetime: Option<u32>,
    /// How the service reports a wrong password, if not by 401.
    pub wrong_pair: Option<ErrorMarker>,
    pub at_most_per_hour: Option<u32>,
}

impl PasswordLogin {
    pub fn request(&self) -> RequestTemplate<'_> {
        let named = self.body.as_ref();
        let named = named.map(|body| (self.encoding, &body.0));
        let body = RequestBody::choose(self.json.as_ref(), self.form.as_ref(), named);
        RequestTemplate::new(&self.call, body)
    }
}

fn user_name() -> String {
    "user name".to_owned()
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CookieLogin {
    /// Describes where to find the cookie; a sentence without a full stop.
    pub note: Option<String>,
}

/// Where the parts of a session are in a response.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SessionFields {
    /// The credential.
    pub secret: SecretLocation,
    pub refresh_token: Option<SecretLocation>,
    /// The lifetime in seconds.
    pub expires_in: Option<Pointer>,
    /// RFC 3339 or Unix seconds.
    pub expires_at: Option<Pointer>,
    /// The account's name.
    #[serde(default)]
    pub account: Pointers,
    /// The service's own id of the credential, if logout requires it.
    pub token_id: Option<Pointer>,
}

impl SessionFields {
    /// Returns the JSON pointers of the secrets.
    pub fn secret_pointers(&self) -> impl Iterator<Item = String> {
        let locations = [Some(&self.secret), self.refresh_token.as_ref()];
        let pointers = locations
            .into_iter()
            .flatten()
            .flat_map(SecretLocation::pointers);
        pointers.map(|pointer| pointer.as_str().to_owned())
    }
}

/// An error that a code in the response identifies.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ErrorMarker {
    /// Leads to a code or a list of codes.
    pub at: Pointer,
    /// The code.
    pub is: String,
}

impl ErrorMarker {
    pub fn matches(&self, body: &Value) -> bool {
        let is_code = |value: &Value| Pointer::default().text_in(value).as_ref() == Some(&self.is);
        match self.at.find_in(body) {
            Some(Value::Array(codes)) => codes.iter().any(is_code),
            Some(code) => is_code(code),
            None => false,
        }
    }
}

/// The call that refreshes a session of a password login.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RefreshCall {
    pub call: HttpCall,
    /// The encoding of `field`.
    #[serde(default)]
    encoding: Encoding,
    /// The field of the refresh token in the request.
    field: Option<RefreshField>,
    json: Option<Template>,
    form: Option<Template>,
    /// Parts that the response omits keep their value.
    pub answer: SessionFields,
    pub at_most_per_hour: Option<u32>,
}

impl RefreshCall {
    pub fn request(&self) -> RequestTemplate<'_> {
        let named = self.field.as_ref();
        let named = named.map(|field| (self.encoding, &field.0));
        let body = RequestBody::choose(self.json.as_ref(), self.form.as_ref(), named);
        RequestTemplate::new(&self.call, body)
    }
}

/// Calls about the account itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct AccountCalls {
    /// Sends the e-mail again that verifies the account's address.
    pub resend_verification: Option<CallWithNote>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CallWithNote {
    pub call: HttpCall,
    /// The limits of the call, after "the service allows".
    pub note: Option<String>,
}

/// Formats a limit for a message, after "the service allows".
pub fn format_hourly_limit(most: u32) -> String {
    format!("{most} an hour")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn login_body_requires_username_and_password() {
        let read =
            |text: &str| toml::from_str::<PasswordLogin>(text).map_err(|error| error.to_string());
        let rest =
            "call = \"POST /login\"\nkind = \"session_token\"\nanswer = { secret = \"/token\" }\n";
        let fine = read(&format!(
            "{rest}body = {{ email = \"username\", password = \"password\" }}"
        ));
        assert_eq!(fine.unwrap().username, "user name");
        for body in [
            "{}",
            "{ email = \"username\" }",
            "{ password = \"password\" }",
        ] {
            let message = read(&format!("{rest}body = {body}")).unwrap_err();
            assert!(message.contains("expected both values"), "{message}");
        }
    }

    #[test]
    fn marker_matches_a_single_code_or_a_list_of_codes() {
        let mark = ErrorMarker {
            at: Pointer::try_from("/codes".to_owned()).unwrap(),
            is: "602".to_owned(),
        };
        for (body, expected) in [
            (json!({"codes": 602}), true),
            (json!({"codes": "602"}), true),
            (json!({"codes": [1, 602]}), true),
            (json!({"codes": [6020, [602], {"602": 602}]}), false),
            (json!({"codes": null}), false),
            (json!("602"), false),
        ] {
            assert_eq!(mark.matches(&body), expected, "{body}");
        }
    }
}
