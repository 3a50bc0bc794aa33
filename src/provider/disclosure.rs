//! What a service's description makes the program read on this computer, and send to which server.

use std::fmt;

use serde::Serialize;

use super::{Descriptor, Endpoint, FilePlace, OAuth, Root};
use crate::domain::CredentialKind;

/// A secret or a setting that is sent, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disclosure {
    /// What is sent: `API key`.
    pub what: String,
    /// The origin that it is sent to.
    pub to: String,
}

impl Disclosure {
    fn of(what: impl Into<String>, to: &str) -> Self {
        Self {
            what: what.into(),
            to: to.to_owned(),
        }
    }
}

/// Where a description leaves the address to the user.
const NAMED_BY_USER: &str = "the server that the user names";

impl Descriptor {
    /// Everything that the description sends, by server.
    pub fn disclosures(&self) -> Vec<Disclosure> {
        let api = self.api_url.as_ref().map(|url| url.origin().to_string());
        let api = api.unwrap_or_else(|| NAMED_BY_USER.to_owned());
        let mut all = Vec::new();
        for kind in self.headers.keys() {
            all.push(Disclosure::of(sent_as(*kind), &api));
        }
        if self.login.password.is_some() {
            all.push(Disclosure::of("user name and password", &api));
        }
        if self.refresh.is_some() {
            all.push(Disclosure::of("refresh token", &api));
        }
        if let Some(oauth) = &self.oauth {
            all.extend(self.sent_to_issuer(oauth, &api));
        }
        all.dedup();
        all
    }

    fn sent_to_issuer(&self, oauth: &OAuth, api: &str) -> Vec<Disclosure> {
        let issuer = oauth.issuer.as_ref().and_then(|issuer| origin(issuer));
        let issuer = issuer.unwrap_or_else(|| api.to_owned());
        let at = |endpoint: &Option<Endpoint>| {
            let absolute = endpoint.as_ref().filter(|it| !it.is_relative());
            let absolute = absolute.and_then(|endpoint| origin(&endpoint.to_string()));
            absolute.unwrap_or_else(|| issuer.clone())
        };
        let token = at(&oauth.token_endpoint);
        let mut all = vec![
            Disclosure::of(
                "OAuth2 client id",
                &at(&oauth.device_authorization_endpoint),
            ),
            Disclosure::of("device code", &token),
            Disclosure::of("refresh token", &token),
        ];
        let revocation = at(&oauth.revocation_endpoint);
        if revocation != token {
            all.push(Disclosure::of("refresh token", &revocation));
        }
        if self.login.import.is_some() {
            all.push(Disclosure::of("imported refresh token", &token));
            all.push(Disclosure::of("imported access token", api));
        }
        all
    }

    /// The variables and files that the description makes the program read.
    pub fn sources(&self) -> Vec<String> {
        let variables = self.environment.named();
        let variables = variables.map(|(_, name)| format!("environment variable {name}"));
        let files = self.login.import.iter().flat_map(|form| &form.files);
        let files = files.map(|place| {
            let when = if place.is_own(&self.id) {
                "with `login --import`"
            } else {
                "only as `login --import FILE`"
            };
            format!("{place}, {when}")
        });
        variables.chain(files).collect()
    }
}

fn sent_as(kind: CredentialKind) -> &'static str {
    kind.label()
}

fn origin(url: &str) -> Option<String> {
    let origin: crate::domain::Origin = url.parse().ok()?;
    Some(origin.to_string())
}

impl fmt::Display for FilePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.root {
            Root::Home => write!(f, "~/{}", self.below),
            Root::Variable(name) => write!(f, "${name}/{}", self.below),
            Root::System => write!(f, "/{}", self.below),
        }
    }
}
