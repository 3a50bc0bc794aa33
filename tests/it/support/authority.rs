//! A certificate authority for a test, and TLS configurations of servers with valid and invalid certificates.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

/// Signs certificates; trusted only if a test configures it.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Writes its certificate to a file in `folder`.
    pub(crate) fn write_certificate(&self, folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, self.0.pem()).unwrap();
        path
    }

    /// Returns the configuration of a server with a valid certificate for `host`.
    pub(crate) fn server_config(&self, host: &str) -> Arc<ServerConfig> {
        self.server_config_between(host, 2020, 4000)
    }

    /// Returns the configuration of a server with a valid certificate for several hosts.
    #[cfg(feature = "sandbox")]
    pub(crate) fn server_config_for_hosts(&self, hosts: &[&str]) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let hosts = hosts.iter().copied().map(str::to_owned);
        let params = CertificateParams::new(hosts.collect::<Vec<_>>()).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        config(certificate.der().clone(), &key)
    }

    /// Returns the configuration of a server with a certificate that is valid between the first days of two years.
    pub(crate) fn server_config_between(
        &self,
        host: &str,
        from_year: i32,
        to_year: i32,
    ) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let certificate = params(host, from_year, to_year)
            .signed_by(&key, &self.0)
            .unwrap();
        config(certificate.der().clone(), &key)
    }
}

/// Returns the configuration of a server with a self-signed certificate for `host`.
pub(crate) fn self_signed_config(host: &str) -> Arc<ServerConfig> {
    let key = KeyPair::generate().unwrap();
    let certificate = params(host, 2020, 4000).self_signed(&key).unwrap();
    config(certificate.der().clone(), &key)
}

/// Returns the configuration of a server that uses the certificate of an authority as its own, as `openssl req -x509` creates it.
pub(crate) fn authority_as_server_config(host: &str) -> Arc<ServerConfig> {
    let key = KeyPair::generate().unwrap();
    let mut params = params(host, 2020, 4000);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).unwrap();
    config(certificate.der().clone(), &key)
}

fn params(host: &str, from_year: i32, to_year: i32) -> CertificateParams {
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    params.not_before = date_time_ymd(from_year, 1, 1);
    params.not_after = date_time_ymd(to_year, 1, 1);
    params
}

fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.into());
    Arc::new(config.unwrap())
}
