//! Simulated CI systems: an issuer on a loopback port that signs the identity of a job, as the real one does, and the environment of
//! the job. A pipeline that signs in with its identity can be rehearsed without the CI system.
//!
//! `OpenID` Connect Discovery §4, RFC 7517, RFC 7519. The claims and variables are those that the systems document.

mod claims;
mod environment;
mod issuer;
mod server;
mod token_file;

use std::str::FromStr;
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;

use crate::base::{Clock, SandboxError};
pub use environment::CiEnvironment;
use issuer::Issuer;
use token_file::TokenFile;

/// A CI system that can be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CiSystem {
    /// A job requests tokens from an endpoint, with any audience.
    Github,
    /// A job has a token in a variable.
    Gitlab,
    /// A pod has a token in a file, which is replaced before the token expires.
    Kubernetes,
}

impl CiSystem {
    /// The lifetime of a token in the real system.
    pub fn default_lifetime(self) -> Duration {
        match self {
            Self::Github => Duration::from_mins(5),
            Self::Gitlab | Self::Kubernetes => Duration::from_hours(1),
        }
    }
}

/// How a simulated system behaves.
#[derive(Clone)]
pub struct CiSettings {
    /// The CI system.
    pub system: CiSystem,
    /// The audience of the tokens; GitHub's have it if the job requests no other.
    pub audience: String,
    /// Claims that replace those of the example job.
    pub claims: Vec<CiClaim>,
    /// The lifetime of a token.
    pub lifetime: Duration,
    /// Whether the job may have a token at all.
    pub has_permission: bool,
    /// The clock of the issuer.
    pub clock: Clock,
}

/// A claim of the job, for example `repository=octo/app`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CiClaim {
    name: String,
    value: Value,
}

impl FromStr for CiClaim {
    type Err = &'static str;

    /// Times are numbers, as in every JWT (RFC 7519 §2); all other values are texts.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
        if name.is_empty() {
            return Err("expected NAME=VALUE");
        }
        let value = match name {
            "exp" | "iat" | "nbf" => {
                let seconds: i64 = value.parse().map_err(|_| "expected seconds since 1970")?;
                seconds.into()
            }
            _ => value.into(),
        };
        Ok(Self {
            name: name.to_owned(),
            value,
        })
    }
}

/// A simulated system that was not started yet. Dropping it deletes its files.
pub struct SimulatedCi {
    issuer: Issuer,
    listener: TcpListener,
    file: Option<TokenFile>,
}

impl SimulatedCi {
    /// Creates the issuer at the address of `listener`, and the first token of a pod.
    ///
    /// # Errors
    /// If no key or file can be created.
    pub fn new(settings: CiSettings, listener: TcpListener) -> Result<Self, SandboxError> {
        let address = listener.local_addr().map_err(SandboxError::Ci)?;
        let issuer = Issuer::new(settings, format!("http://{address}"))?;
        let has_file = issuer.settings.system == CiSystem::Kubernetes;
        let file = has_file && issuer.settings.has_permission;
        let file = file.then(|| TokenFile::create(&issuer)).transpose()?;
        Ok(Self {
            issuer,
            listener,
            file,
        })
    }

    /// Returns the URL of the issuer.
    pub fn url(&self) -> &str {
        &self.issuer.url
    }

    /// Returns the environment of the job.
    ///
    /// # Errors
    /// If no token can be signed.
    pub fn environment(&self) -> Result<CiEnvironment, SandboxError> {
        let path = self.file.as_ref().map(TokenFile::path);
        environment::of_job(&self.issuer, path)
    }

    /// Serves the issuer, and replaces the token of a pod in time. Ends only if that fails.
    ///
    /// # Errors
    /// If the listener or the file cannot be used.
    pub async fn serve(self) -> Result<(), SandboxError> {
        let rotation = async {
            match &self.file {
                Some(file) => file.rotate(&self.issuer).await,
                None => std::future::pending().await,
            }
        };
        let router = server::router(&self.issuer);
        tokio::select! {
            result = axum::serve(self.listener, router) => result.map_err(SandboxError::Ci),
            result = rotation => result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claim_is_a_text_unless_it_is_a_time() {
        let claim: CiClaim = "run_id=12=3".parse().unwrap();
        assert_eq!(
            (claim.name.as_str(), claim.value),
            ("run_id", "12=3".into())
        );
        let claim: CiClaim = "exp=12".parse().unwrap();
        assert_eq!(claim.value, Value::from(12));
        for text in ["", "sub", "=x", "exp=soon"] {
            assert!(text.parse::<CiClaim>().is_err(), "{text}");
        }
    }
}
