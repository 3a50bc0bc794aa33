//! The trusted authorities: the system's, and those in a file that the user names.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{Error as PemError, PemObject};

use super::super::HttpError;
use crate::domain::sanitize_line;

/// Loads the system's authorities (or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`) and those in the file `own`. An
/// unreadable certificate of the system is skipped; one in `own` is an error, since the user named the file.
///
/// # Errors
/// [`HttpError::CaCert`] for the file, [`HttpError::Setup`] if there are no authorities.
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

/// Loads only the authorities in the file `own`.
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
            .map_err(|_| "it contains an invalid certificate".to_owned())?;
    }
    if roots.is_empty() {
        return Err(describe_pem_error(PemError::NoItemsFound));
    }
    Ok(())
}

/// Describes `error` without quoting the file, which may be the private key instead of the certificate.
fn describe_pem_error(error: PemError) -> String {
    match error {
        PemError::Io(error) => error.to_string(),
        PemError::NoItemsFound => {
            "it contains no certificate (-----BEGIN CERTIFICATE-----)".to_owned()
        }
        _ => "it is not a PEM file of certificates".to_owned(),
    }
}
