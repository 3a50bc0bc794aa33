//! Whose certificates are trusted: the system's authorities, and those of a file that the user names.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{Error as PemError, PemObject};

use super::super::HttpError;
use crate::domain::sanitize_line;

/// The system's authorities, or those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name, and besides them those in the file
/// `own`. A certificate of the system that cannot be read does not spoil the others; one of the user's file does, since
/// it was named.
///
/// # Errors
/// [`HttpError::CaCert`] for the file, [`HttpError::Setup`] when there is nobody to trust at all.
pub(super) fn load_roots(own: Option<&Path>) -> Result<RootCertStore, HttpError> {
    let mut roots = named(own)?;
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    if !roots.is_empty() {
        return Ok(roots);
    }
    let cause = found
        .errors
        .first()
        .map_or_else(String::new, |error| format!(" ({error})"));
    Err(HttpError::Setup {
        cause: sanitize_line(&format!("no trusted certificates were found{cause}")),
    })
}

/// The authorities in the file `own` alone.
///
/// # Errors
/// [`HttpError::CaCert`].
pub(super) fn named(own: Option<&Path>) -> Result<RootCertStore, HttpError> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = own {
        add_certificate_file(&mut roots, path).map_err(|cause| HttpError::CaCert {
            path: sanitize_line(&path.display().to_string()),
            cause,
        })?;
    }
    Ok(roots)
}

fn add_certificate_file(roots: &mut RootCertStore, path: &Path) -> Result<(), String> {
    let certificates = CertificateDer::pem_file_iter(path).map_err(describe_pem_error)?;
    for certificate in certificates {
        let certificate = certificate.map_err(describe_pem_error)?;
        roots
            .add(certificate)
            .map_err(|_| "a certificate in it cannot be read".to_owned())?;
    }
    if roots.is_empty() {
        return Err(describe_pem_error(PemError::NoItemsFound));
    }
    Ok(())
}

/// Without a word of the file, which may be the key instead of the certificate.
fn describe_pem_error(error: PemError) -> String {
    match error {
        PemError::Io(error) => error.to_string(),
        PemError::NoItemsFound => {
            "there is no certificate in it (-----BEGIN CERTIFICATE-----)".to_owned()
        }
        _ => "it is no PEM file of certificates".to_owned(),
    }
}
