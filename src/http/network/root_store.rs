//! The trusted authorities: the system's, and those that the user names.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls_native_certs::{CertificateResult, load_certs_from_paths};
use zeroize::Zeroizing;

use super::super::HttpError;
use super::options::{NamedPath, NetworkOptions, SystemAuthorities};
use crate::domain::{decode_text, sanitize_line};

/// Certificates, and why others could not be read.
#[derive(Default)]
struct Found {
    certificates: Vec<CertificateDer<'static>>,
    errors: Vec<String>,
}

impl NetworkOptions {
    /// Returns the number of trusted authorities.
    ///
    /// # Errors
    /// [`HttpError::CaCert`] for the named file, [`HttpError::Setup`] if there are no authorities.
    pub fn count_root_certificates(&self) -> Result<usize, HttpError> {
        Ok(load_roots(self)?.len())
    }
}

/// Loads the system's authorities, as the environment changes them, and those in the file that the user names. An
/// unreadable certificate of the system is skipped; one in the user's file is an error.
///
/// # Errors
/// [`HttpError::CaCert`] for the file, [`HttpError::Setup`] if there are no authorities.
pub(super) fn load_roots(options: &NetworkOptions) -> Result<RootCertStore, HttpError> {
    let mut roots = named(options)?;
    let found = load_system(&options.system)?;
    roots.add_parsable_certificates(found.certificates);
    if !roots.is_empty() {
        return Ok(roots);
    }
    let cause = found.errors.first();
    let cause = cause.map_or_else(String::new, |error| format!(" ({error})"));
    Err(HttpError::Setup {
        cause: sanitize_line(&format!("no trusted certificates were found{cause}")),
    })
}

/// Loads only the authorities in the file that the user names.
///
/// # Errors
/// [`HttpError::CaCert`].
pub(super) fn named(options: &NetworkOptions) -> Result<RootCertStore, HttpError> {
    let mut roots = RootCertStore::empty();
    if let Some(own) = &options.ca_cert {
        check_absolute(own)?;
        add_certificate_file(&mut roots, &own.path).map_err(|cause| invalid(own, cause))?;
    }
    Ok(roots)
}

fn load_system(system: &SystemAuthorities) -> Result<Found, HttpError> {
    for named in system.file.iter().chain(&system.directories) {
        check_absolute(named)?;
    }
    let mut found = match &system.file {
        Some(file) => read_system_file(file),
        None => load_native(system.has_variables),
    };
    for directory in &system.directories {
        let certificates = load_certs_from_paths(None, Some(&directory.path));
        found.add(certificates, directory.named_by);
    }
    let order =
        |one: &CertificateDer<'_>, other: &CertificateDer<'_>| one.as_ref().cmp(other.as_ref());
    found.certificates.sort_unstable_by(order);
    found.certificates.dedup();
    Ok(found)
}

/// rustls-native-certs would use the variables instead of the system's authorities, even if they are empty.
fn load_native(has_variables: bool) -> Found {
    let mut found = Found::default();
    if !has_variables {
        found.add(rustls_native_certs::load_native_certs(), "system");
        return found;
    }
    let system = openssl_probe::probe();
    let file = load_certs_from_paths(system.cert_file.as_deref(), None);
    found.add(file, "system");
    for directory in &system.cert_dir {
        found.add(load_certs_from_paths(None, Some(directory)), "system");
    }
    found
}

impl Found {
    fn add(&mut self, result: CertificateResult, named_by: &str) {
        self.certificates.extend(result.certs);
        let errors = result.errors.iter();
        self.errors
            .extend(errors.map(|error| format!("{named_by}: {error}")));
    }
}

fn read_system_file(file: &NamedPath) -> Found {
    match read_certificates(&file.path) {
        Ok(read) => Found {
            certificates: read.into_iter().filter_map(Result::ok).collect(),
            errors: vec![format!("none in {}", file.named_by)],
        },
        Err(cause) => Found {
            certificates: Vec::new(),
            errors: vec![format!(
                "{}: {cause}: {}",
                file.named_by,
                file.path.display()
            )],
        },
    }
}

/// A path on the command line is relative to the working directory; one in a variable would be to any.
fn check_absolute(named: &NamedPath) -> Result<(), HttpError> {
    if named.path.is_absolute() || named.named_by.starts_with("--") {
        return Ok(());
    }
    let cause = "the path is relative; write an absolute path, or one that begins with ~/";
    Err(invalid(named, cause.to_owned()))
}

fn invalid(named: &NamedPath, cause: String) -> HttpError {
    HttpError::CaCert {
        named_by: named.named_by,
        path: sanitize_line(&named.path.display().to_string()),
        cause,
    }
}

fn add_certificate_file(roots: &mut RootCertStore, path: &Path) -> Result<(), String> {
    for certificate in read_certificates(path)? {
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

fn read_certificates(
    path: &Path,
) -> Result<Vec<Result<CertificateDer<'static>, PemError>>, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let text = decode_text(Zeroizing::new(bytes));
    Ok(CertificateDer::pem_slice_iter(&text).collect())
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
