//! The network options of a command, from its options and the environment.

use super::App;
use crate::http::{NamedPath, NetworkOptions, Proxy, SystemAuthorities};

const SSL_CERT_FILE: &str = "SSL_CERT_FILE";
const SSL_CERT_DIR: &str = "SSL_CERT_DIR";

impl App {
    pub(crate) fn network_options(&self) -> NetworkOptions {
        let by_option = self.globals.ca_cert.clone().map(|path| NamedPath {
            named_by: "--ca-cert",
            path,
        });
        NetworkOptions {
            ca_cert: by_option.or_else(|| self.path_by_variable("BRAINMAPS_CA_CERT")),
            system: self.system_authorities(),
            proxy: Proxy::from_environment(|name| self.environment.get(name)),
        }
    }

    fn system_authorities(&self) -> SystemAuthorities {
        let directories = self.environment.paths(SSL_CERT_DIR).into_iter();
        let directories = directories.map(|path| NamedPath {
            named_by: SSL_CERT_DIR,
            path,
        });
        let names = [SSL_CERT_FILE, SSL_CERT_DIR];
        SystemAuthorities {
            file: self.path_by_variable(SSL_CERT_FILE),
            directories: directories.collect(),
            has_variables: names.iter().any(|name| self.environment.contains(name)),
        }
    }

    fn path_by_variable(&self, named_by: &'static str) -> Option<NamedPath> {
        let path = self.environment.path(named_by)?;
        Some(NamedPath { named_by, path })
    }
}
