//! How a simulated CI system behaves.

use std::str::FromStr;
use std::time::Duration;

use serde_json::Value;

use crate::base::Clock;

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
    pub(super) name: String,
    pub(super) value: Value,
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
