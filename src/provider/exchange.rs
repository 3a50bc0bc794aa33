//! The call that exchanges a key for a short-lived token, which the other calls are sent with.

use serde::Deserialize;

use super::{CallHeaders, HttpCall, RequestBody, RequestTemplate, SessionFields, Template};
use crate::domain::CredentialKind;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExchangeCall {
    call: HttpCall,
    #[serde(default)]
    headers: CallHeaders,
    json: Option<Template>,
    form: Option<Template>,
    /// The kind of credential in the response.
    #[serde(default = "access_token")]
    pub kind: CredentialKind,
    pub answer: SessionFields,
}

fn access_token() -> CredentialKind {
    CredentialKind::AccessToken
}

impl ExchangeCall {
    pub fn request(&self) -> RequestTemplate<'_> {
        let body = RequestBody::choose(self.json.as_ref(), self.form.as_ref(), None);
        RequestTemplate::new(&self.call, body).with_headers(&self.headers)
    }
}
