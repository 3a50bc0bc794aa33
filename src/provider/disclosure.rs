//! Lists what a description makes the program read on this computer, and which secrets it sends to which server, so that a
//! user can judge a description from another person.

use std::fmt;

use serde::Serialize;

use super::{Descriptor, Endpoint, OAuth, PathRoot, PathTemplate};
use crate::domain::{CredentialKind, Origin};

const USER_SUPPLIED_SERVER: &str = "the server that the user names";

/// A secret or a setting that is sent to a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disclosure {
    /// For example `API key`.
    pub what: String,
    /// The origin.
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

impl Descriptor {
    pub fn disclosures(&self) -> Vec<Disclosure> {
        let api = self.api_url.as_ref().map(|url| url.origin().to_string());
        let api = api.unwrap_or_else(|| USER_SUPPLIED_SERVER.to_owned());
        let mut all = Vec::new();
        for kind in self.headers.keys() {
            all.push(Disclosure::new(kind.label(), &api));
        }
        if self.exchange.is_some() && !self.headers.contains_key(&CredentialKind::ApiKey) {
            all.push(Disclosure::new(CredentialKind::ApiKey.label(), &api));
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
        let origin_of = |endpoint: &Option<Endpoint>| {
            let absolute = endpoint.as_ref().filter(|it| !it.is_relative());
            let absolute = absolute.and_then(|endpoint| parse_origin(&endpoint.to_string()));
            absolute.unwrap_or_else(|| issuer.clone())
        };
        let token = origin_of(&oauth.token_endpoint);
        let mut all = vec![
            Disclosure::new(
                "OAuth 2.0 client id",
                &origin_of(&oauth.device_authorization_endpoint),
            ),
            Disclosure::new("device code", &token),
            Disclosure::new("refresh token", &token),
        ];
        if oauth.authorization_endpoint.is_some() {
            let page = origin_of(&oauth.authorization_endpoint);
            all.push(Disclosure::new("authorization request", &page));
        }
        if self.environment.client_secret.is_some() {
            all.push(Disclosure::new("OAuth 2.0 client secret", &token));
        }
        let revocation = origin_of(&oauth.revocation_endpoint);
        if revocation != token {
            all.push(Disclosure::new("refresh token", &revocation));
        }
        if oauth.userinfo_endpoint.is_some() && self.whoami.is_none() {
            let userinfo = origin_of(&oauth.userinfo_endpoint);
            all.push(Disclosure::new("access token", &userinfo));
        }
        if self.login.import.is_some() {
            all.push(Disclosure::new("imported refresh token", &token));
            all.push(Disclosure::new("imported access token", api));
        }
        all
    }

    /// Returns the variables and files that the program reads.
    pub fn local_sources(&self) -> Vec<String> {
        let variables = self.environment.entries();
        let variables = variables.flat_map(|(member, name)| {
            let names_file = member == "environment.api_key";
            let files = names_file.then(|| {
                [
                    format!("the file that {name}_FILE names"),
                    format!("the file {name} in $CREDENTIALS_DIRECTORY or /run/secrets"),
                ]
            });
            std::iter::once(format!("environment variable {name}"))
                .chain(files.into_iter().flatten())
        });
        let files = self.login.import.iter().flat_map(|form| &form.files);
        let files = files.map(|file| {
            let when = if file.is_own(&self.id) {
                "with `login --import`"
            } else {
                "only as `login --import FILE`"
            };
            format!("{file}, {when}")
        });
        let parameters = self.parameters.values();
        let parameters = parameters.filter_map(|it| it.environment.as_ref());
        let parameters = parameters.map(|name| format!("environment variable {name}"));
        variables.chain(parameters).chain(files).collect()
    }
}

fn parse_origin(url: &str) -> Option<String> {
    let origin: Origin = url.parse().ok()?;
    Some(origin.to_string())
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.relative_path;
        match &self.root {
            PathRoot::Home => write!(f, "~/{path}"),
            PathRoot::Variable(name) => write!(f, "${name}/{path}"),
            PathRoot::FilesystemRoot => write!(f, "/{path}"),
        }
    }
}
