//! Settings for connections, from options and the environment.

use std::path::PathBuf;

use super::proxy::Proxy;

#[derive(Debug, Clone, Default)]
pub struct NetworkOptions {
    /// A PEM file of authorities that are trusted in addition to the system's.
    pub ca_cert: Option<NamedPath>,
    pub system: SystemAuthorities,
    /// The proxy for requests off loopback.
    pub proxy: Option<Proxy>,
}

/// A file or directory of certificates.
#[derive(Debug, Clone)]
pub struct NamedPath {
    /// The option or the variable.
    pub named_by: &'static str,
    pub path: PathBuf,
}

/// The variables that change the system's authorities, as OpenSSL and Go read them.
#[derive(Debug, Clone, Default)]
pub struct SystemAuthorities {
    /// A file that replaces the system's (`SSL_CERT_FILE`).
    pub file: Option<NamedPath>,
    /// Directories in addition to the system's (`SSL_CERT_DIR`).
    pub directories: Vec<NamedPath>,
    /// Whether one of the variables is in the environment, possibly empty.
    pub has_variables: bool,
}
