//! Simulated CI systems: an issuer on a loopback port that signs the identity of a job, as the real one does, and the environment of
//! the job. A pipeline that signs in with its identity can be tested without the CI system.
//!
//! `OpenID` Connect Discovery §4, RFC 7517, RFC 7519. The claims and variables are those that the systems document.

mod claims;
mod environment;
mod issuer;
mod server;
mod settings;
mod token_file;

use tokio::net::TcpListener;

use crate::base::SandboxError;
pub use environment::CiEnvironment;
use issuer::Issuer;
pub use settings::{CiClaim, CiSettings, CiSystem};
use token_file::TokenFile;

/// A simulated CI system; [`serve`](Self::serve) starts it. Dropping it deletes its files.
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
        environment::job_environment(&self.issuer, path)
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
