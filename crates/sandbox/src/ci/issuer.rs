//! Signs the tokens of a job.

use std::sync::Arc;

use serde_json::{Value, json};

use super::claims;
use super::settings::CiSettings;
use crate::base::jwt_key::JwtKey;
use crate::base::secrets::{self, Secret};
use crate::base::{SandboxError, to_millis};

/// Clones share the key.
#[derive(Clone)]
pub(super) struct Issuer {
    pub(super) settings: CiSettings,
    pub(super) url: String,
    /// Authorizes requests for tokens of GitHub.
    pub(super) request_token: Secret,
    key: Arc<JwtKey>,
}

impl Issuer {
    pub(super) fn new(settings: CiSettings, url: String) -> Result<Self, SandboxError> {
        Ok(Self {
            settings,
            url,
            request_token: secrets::generate("cirt_")?,
            key: Arc::new(JwtKey::generate()?),
        })
    }

    /// Returns a new token for `audience`, or for the audience of the settings.
    pub(super) fn issue(&self, audience: Option<&str>) -> Result<Secret, SandboxError> {
        let settings = &self.settings;
        let audience = audience.unwrap_or(&settings.audience);
        let mut claims = claims::example_claims(settings.system, audience);
        let now = (settings.clock)().as_second();
        let lifetime = to_millis(settings.lifetime) / 1000;
        claims.insert("iss".to_owned(), json!(self.url));
        claims.insert("jti".to_owned(), json!(secrets::uuid()?));
        claims.insert("iat".to_owned(), json!(now));
        claims.insert("nbf".to_owned(), json!(now));
        claims.insert("exp".to_owned(), json!(now + lifetime));
        for claim in &settings.claims {
            claims.insert(claim.name.clone(), claim.value.clone());
        }
        let is_given = settings.claims.iter().any(|claim| claim.name == "sub");
        if let Some(subject) = claims::subject(settings.system, &claims).filter(|_| !is_given) {
            claims.insert("sub".to_owned(), json!(subject));
        }
        self.key.sign(&claims.into())
    }

    pub(super) fn public_keys(&self) -> Value {
        self.key.to_jwk_set()
    }

    /// Returns the claim of the example job, or the one that replaces it.
    pub(super) fn claim(&self, name: &str) -> String {
        let given = self.settings.claims.iter().find(|claim| claim.name == name);
        let given = given.map(|claim| claim.value.clone());
        let value = given.or_else(|| claims::example_claims(self.settings.system, "").remove(name));
        value
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}
