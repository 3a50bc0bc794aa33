//! The protocols that are checked.

use std::fmt;
use std::str::FromStr;

use super::exchange::{HelperRequest, HelperResponse};
use super::{cargo, docker, git, goauth, kubectl};

/// The protocol of a credential helper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelperProtocol {
    /// gitcredentials(7)
    Git,
    /// docker-credential-helpers, also of podman, skopeo and helm
    Docker,
    /// client.authentication.k8s.io
    Kubectl,
    /// cargo's credential provider protocol
    Cargo,
    /// `go help goauth`
    Goauth,
}

impl HelperProtocol {
    /// All protocols.
    pub const ALL: [Self; 5] = [
        Self::Git,
        Self::Docker,
        Self::Kubectl,
        Self::Cargo,
        Self::Goauth,
    ];

    /// Returns its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Git => "git",
            Self::Docker => "docker",
            Self::Kubectl => "kubectl",
            Self::Cargo => "cargo",
            Self::Goauth => "goauth",
        }
    }

    /// Returns the request for the credential of a server, whose authority may be malformed.
    pub(super) fn request(self, scheme: &str, authority: &str) -> HelperRequest {
        match self {
            Self::Git => git::request(scheme, authority),
            Self::Docker => docker::request(scheme, authority),
            Self::Kubectl => kubectl::request("v1", &format!("{scheme}://{authority}")),
            Self::Cargo => cargo::request(1, &format!("sparse+{scheme}://{authority}/index/")),
            Self::Goauth => goauth::repeated_request(&format!("{scheme}://{authority}/")),
        }
    }

    /// Reads a response.
    pub(super) fn read(self, stdout: &str, is_success: bool) -> HelperResponse {
        match self {
            Self::Git => git::read(stdout),
            Self::Docker => docker::read(stdout, is_success),
            Self::Kubectl => kubectl::read(stdout, is_success),
            Self::Cargo => cargo::read(stdout),
            Self::Goauth => goauth::read(stdout),
        }
    }
}

impl fmt::Display for HelperProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for HelperProtocol {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|it| it.name() == name);
        found.ok_or("expected git, docker, kubectl, cargo or goauth")
    }
}
