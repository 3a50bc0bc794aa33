//! How a user signs in by a service's own calls, and how such a session goes on.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Encoding, HttpCall, Pointer, SessionImport};
use crate::domain::CredentialKind;

/// The sign-ins of a service's own; what is absent is refused without a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceLogins {
    /// By a name and a password.
    pub password: Option<PasswordLogin>,
    /// By the cookie of a web session that the user pastes.
    pub cookie: Option<CookieLogin>,
    /// By a session that the service's own client keeps in a file.
    pub import: Option<SessionImport>,
}

/// What goes into a login's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginArgument {
    /// `--username`.
    Username,
    /// The password.
    Password,
}

/// A login's fields: what the service calls them, and what goes in. Name and password are both there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "BTreeMap<String, LoginArgument>")]
pub struct LoginBody(BTreeMap<String, LoginArgument>);

impl LoginBody {
    /// Field by field.
    pub fn fields(&self) -> impl Iterator<Item = (&str, LoginArgument)> {
        self.0.iter().map(|(field, takes)| (field.as_str(), *takes))
    }
}

impl TryFrom<BTreeMap<String, LoginArgument>> for LoginBody {
    type Error = &'static str;

    fn try_from(fields: BTreeMap<String, LoginArgument>) -> Result<Self, Self::Error> {
        let takes = |argument| fields.values().any(|found| *found == argument);
        if takes(LoginArgument::Username) && takes(LoginArgument::Password) {
            return Ok(Self(fields));
        }
        Err(
            "a login sends both: write body = { email = \"username\", password = \"password\" }, \
             with the service's names on the left",
        )
    }
}

/// The call that takes a name and a password.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordLogin {
    /// Method and path.
    pub call: HttpCall,
    /// How the body is written.
    #[serde(default)]
    pub encoding: Encoding,
    /// The body's fields.
    pub body: LoginBody,
    /// What the service calls the name, for the prompt: `e-mail`.
    #[serde(default = "user_name")]
    pub username: String,
    /// The kind of credential that it returns.
    pub kind: CredentialKind,
    /// Where that stands in the answer.
    pub answer: SessionFields,
    /// How many seconds it lives, where the answer does not say.
    pub lifetime: Option<u32>,
    /// How the service says that name and password do not belong together, where it is not by 401.
    pub wrong_pair: Option<ErrorMarker>,
    /// How often it may be called in an hour.
    pub at_most_per_hour: Option<u32>,
}

fn user_name() -> String {
    "user name".to_owned()
}

/// A web session's cookie, which the user copies from a browser.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CookieLogin {
    /// Where a user finds it, in a sentence without a full stop.
    pub note: Option<String>,
}

/// Where the parts of a session stand in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionFields {
    /// The credential itself.
    pub secret: Pointer,
    /// What renews it.
    pub refresh_token: Option<Pointer>,
    /// Its lifetime in seconds.
    pub expires_in: Option<Pointer>,
    /// When it ends: RFC 3339 or Unix seconds.
    pub expires_at: Option<Pointer>,
    /// Where the account's name may stand.
    #[serde(default)]
    pub account: Vec<Pointer>,
    /// The service's own id of the credential, where logout needs it.
    pub token_id: Option<Pointer>,
}

impl SessionFields {
    /// Where the secrets stand, as JSON pointers.
    pub fn secret_pointers(&self) -> impl Iterator<Item = String> {
        let places = [Some(&self.secret), self.refresh_token.as_ref()];
        places
            .into_iter()
            .flatten()
            .map(|place| place.as_str().to_owned())
    }
}

/// An error that is told by a code in the answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorMarker {
    /// Where the code, or a list of codes, stands.
    pub at: Pointer,
    /// The code.
    pub is: String,
}

impl ErrorMarker {
    /// Whether `body` bears it.
    pub fn matches(&self, body: &Value) -> bool {
        let is_it = |value: &Value| Pointer::default().text_in(value).as_ref() == Some(&self.is);
        match self.at.find_in(body) {
            Some(Value::Array(codes)) => codes.iter().any(is_it),
            Some(code) => is_it(code),
            None => false,
        }
    }
}

/// The call that renews a session of the service's own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefreshCall {
    /// Method and path.
    pub call: HttpCall,
    /// How the body is written.
    #[serde(default)]
    pub encoding: Encoding,
    /// The field that holds the refresh token.
    pub field: String,
    /// Where the renewed session stands in the answer. What the answer leaves out stays as it was.
    pub answer: SessionFields,
    /// How often it may be called in an hour.
    pub at_most_per_hour: Option<u32>,
}

/// Calls about the account itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountCalls {
    /// Sends the e-mail that verifies the account's address again.
    pub resend_verification: Option<CallWithNote>,
}

/// A call, and what a user should know about it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallWithNote {
    /// Method and path.
    pub call: HttpCall,
    /// Its limits, in words that follow "the service allows".
    pub note: Option<String>,
}

/// A documented limit, in words that follow "the service allows".
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
            assert!(message.contains("a login sends both"), "{message}");
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
