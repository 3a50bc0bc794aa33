//! Keys in PEM (RFC 7468): PKCS#8, SEC 1 and PKCS#1.

use ring::signature::RsaKeyPair;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use zeroize::Zeroizing;

use super::{ClientKeyError, KeyPair};

/// `ecPublicKey` with `prime256v1`, and with `secp384r1`, as the algorithm of a PKCS#8 structure (RFC 5480 §2.1.1).
const P256: &[u8] = &[
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x03, 0x01, 0x07,
];
const P384: &[u8] = &[
    0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04,
    0x00, 0x22,
];

const VERSION_0: &[u8] = &[0x02, 0x01, 0x00];
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

pub(super) fn parse(text: &str) -> Result<KeyPair, ClientKeyError> {
    if let Some(error) = unusable_kind(text) {
        return Err(error);
    }
    let der = PrivateKeyDer::from_pem_slice(text.as_bytes());
    match der.map_err(|_| ClientKeyError::NotAKey)? {
        PrivateKeyDer::Pkcs8(der) => KeyPair::from_pkcs8(der.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der())
            .map(|pair| KeyPair::Rsa(pair.into()))
            .map_err(|_| ClientKeyError::Unsupported),
        PrivateKeyDer::Sec1(der) => {
            let with_curve = |curve| KeyPair::from_pkcs8(&wrap(curve, der.secret_sec1_der()));
            with_curve(P256).or_else(|_| with_curve(P384))
        }
        _ => Err(ClientKeyError::Unsupported),
    }
}

fn unusable_kind(text: &str) -> Option<ClientKeyError> {
    let is_private = text.contains("PRIVATE KEY-----");
    if text.contains("-----BEGIN OPENSSH PRIVATE KEY-----") {
        return Some(ClientKeyError::OpenSsh);
    }
    // PKCS#8 names it in the label, the older formats in a header.
    if is_private && text.contains("ENCRYPTED") {
        return Some(ClientKeyError::Encrypted);
    }
    let is_public = ["PUBLIC KEY-----", "CERTIFICATE-----", "ssh-", "ecdsa-sha2-"];
    let is_public = is_public.iter().any(|mark| text.contains(mark));
    (is_public && !is_private).then_some(ClientKeyError::Public)
}

/// Wraps a SEC 1 key (RFC 5915) into PKCS#8 (RFC 5208 §5).
fn wrap(curve: &[u8], sec1: &[u8]) -> Zeroizing<Vec<u8>> {
    let key = element(OCTET_STRING, &[sec1]);
    element(SEQUENCE, &[VERSION_0, curve, &key])
}

/// Encodes one DER element.
fn element(tag: u8, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    // A buffer that grows would leave copies of the key in memory.
    let mut encoded = Zeroizing::new(Vec::with_capacity(length + 6));
    encoded.push(tag);
    let bytes = length.to_be_bytes();
    let significant = bytes.iter().position(|byte| *byte != 0).unwrap_or(0);
    let significant = bytes.get(significant..).unwrap_or_default();
    if length >= 0x80 {
        encoded.push(0x80 | u8::try_from(significant.len()).unwrap_or_default());
    }
    encoded.extend_from_slice(significant);
    for part in parts {
        encoded.extend_from_slice(part);
    }
    encoded
}
