//! What a service's description makes the program read on this computer, and send to which server.

use std::fmt;

use serde::Serialize;

use super::{Descriptor, Endpoint, OAuth, PathRoot, PathTemplate};
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
    fn new(what: impl Into<String>, to: &str) -> Self {
        Self {
            what: what.into(),
            to: to.to_owned(),
        }
    }
}

/// Where a description leaves the address to the user.
const USER_SUPPLIED_SERVER: &str = "the server that the user names";

impl Descriptor {
    /// Everything that the description sends, by server.
    pub fn disclosures(&self) -> Vec<Disclosure> {
        let api = self.api_url.as_ref().map(|url| url.origin().to_string());
        let api = api.unwrap_or_else(|| USER_SUPPLIED_SERVER.to_owned());
        let mut all = Vec::new();
        for kind in self.headers.keys() {
            all.push(Disclosure::new(credential_label(*kind), &api));
        }
        if self.login.password.is_some() {
            all.push(Disclosure::new("user name and password", &api));
        }
        if self.refresh.is_some() {
            all.push(Disclosure::new("refresh token", &api));
        }
        if let Some(oauth) = &self.oauth {
            all.extend(self.oauth_disclosures(oauth, &api));
        }
        all.dedup();
        all
    }

    fn oauth_disclosures(&self, oauth: &OAuth, api: &str) -> Vec<Disclosure> {
        let issuer = oauth
            .issuer
            .as_ref()
            .and_then(|issuer| parse_origin(issuer));
        let issuer = issuer.unwrap_or_else(|| api.to_owned());
        let at = |endpoint: &Option<Endpoint>| {
            let absolute = endpoint.as_ref().filter(|it| !it.is_relative());
            let absolute = absolute.and_then(|endpoint| parse_origin(&endpoint.to_string()));
            absolute.unwrap_or_else(|| issuer.clone())
        };
        let token = at(&oauth.token_endpoint);
        let mut all = vec![
            Disclosure::new(
                "OAuth2 client id",
                &at(&oauth.device_authorization_endpoint),
            ),
            Disclosure::new("device code", &token),
            Disclosure::new("refresh token", &token),
        ];
        let revocation = at(&oauth.revocation_endpoint);
        if revocation != token {
            all.push(Disclosure::new("refresh token", &revocation));
        }
        if self.login.import.is_some() {
            all.push(Disclosure::new("imported refresh token", &token));
            all.push(Disclosure::new("imported access token", api));
        }
        all
    }

    /// The variables and files that the description makes the program read.
    pub fn local_sources(&self) -> Vec<String> {
        let variables = self.environment.entries();
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

fn credential_label(kind: CredentialKind) -> &'static str {
    kind.label()
}

fn parse_origin(url: &str) -> Option<String> {
    let origin: crate::domain::Origin = url.parse().ok()?;
    Some(origin.to_string())
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.root {
            PathRoot::Home => write!(f, "~/{}", self.relative_path),
            PathRoot::Variable(name) => write!(f, "${name}/{}", self.relative_path),
            PathRoot::FilesystemRoot => write!(f, "/{}", self.relative_path),
        }
    }
}
