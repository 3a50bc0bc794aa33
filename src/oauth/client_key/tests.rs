use ring::signature::{
    self, ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, KeyPair as _,
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};

use super::*;

const P256: &str = include_str!("testdata/p256.pem");

fn parse(text: &str) -> Result<SigningKey, ClientKeyError> {
    SigningKey::parse(&Secret::new(text))
}

fn error(text: &str) -> ClientKeyError {
    parse(text).err().unwrap()
}

fn public_key(key: &SigningKey) -> Vec<u8> {
    match &key.pair {
        KeyPair::P256(pair) | KeyPair::P384(pair) => pair.public_key().as_ref().to_vec(),
        KeyPair::Ed25519(pair) => pair.public_key().as_ref().to_vec(),
        KeyPair::Rsa(pair) => pair.public_key().as_ref().to_vec(),
    }
}

const P384: &str = include_str!("testdata/p384.pem");
const ED25519: &str = include_str!("testdata/ed25519.pem");

/// The same key in each format.
const P256_FORMATS: &[&str] = &[
    P256,
    include_str!("testdata/p256-sec1.pem"),
    include_str!("testdata/p256.jwk"),
];
const RSA: &[&str] = &[
    include_str!("testdata/rsa.pem"),
    include_str!("testdata/rsa-pkcs1.pem"),
    include_str!("testdata/rsa.jwk"),
];

#[test]
fn rfc7518_3_key_of_every_format_signs_verifiably() {
    let p384: &[&str] = &[P384, include_str!("testdata/p384.jwk")];
    let ed25519: &[&str] = &[ED25519, include_str!("testdata/ed25519.jwk")];
    check_signatures(
        P256_FORMATS,
        SigningAlgorithm::Es256,
        &ECDSA_P256_SHA256_FIXED,
    );
    check_signatures(p384, SigningAlgorithm::Es384, &ECDSA_P384_SHA384_FIXED);
    check_signatures(ed25519, SigningAlgorithm::EdDsa, &signature::ED25519);
    check_signatures(ed25519, SigningAlgorithm::Ed25519, &signature::ED25519);
    check_signatures(RSA, SigningAlgorithm::Rs256, &RSA_PKCS1_2048_8192_SHA256);
    check_signatures(RSA, SigningAlgorithm::Ps256, &RSA_PSS_2048_8192_SHA256);
}

fn check_signatures(
    texts: &[&str],
    algorithm: SigningAlgorithm,
    verification: &'static dyn VerificationAlgorithm,
) {
    let mut public_keys = Vec::new();
    for text in texts {
        let key = parse(text).unwrap();
        let signature = key.sign(algorithm, b"message").unwrap();
        let public = public_key(&key);
        let verifier = UnparsedPublicKey::new(verification, &public);
        verifier.verify(b"message", &signature).unwrap();
        public_keys.push(public);
    }
    public_keys.dedup();
    assert_eq!(public_keys.len(), 1, "{algorithm:?}: all are one key");
}

#[test]
fn algorithm_is_the_first_of_the_key_that_the_server_lists() {
    let rows: [(&str, &[&str], SigningAlgorithm); 7] = [
        (P256, &[], SigningAlgorithm::Es256),
        (RSA[0], &[], SigningAlgorithm::Rs256),
        (RSA[0], &["PS256", "ES256"], SigningAlgorithm::Ps256),
        (RSA[0], &["PS256", "RS256"], SigningAlgorithm::Rs256),
        (ED25519, &["RS256", "EdDSA"], SigningAlgorithm::EdDsa),
        (ED25519, &["Ed25519"], SigningAlgorithm::Ed25519),
        (P256, &["HS256", "ES256"], SigningAlgorithm::Es256),
    ];
    for (text, listed, expected) in rows {
        let listed: Vec<String> = listed.iter().map(ToString::to_string).collect();
        let key = parse(text).unwrap();
        assert_eq!(key.choose_algorithm(&listed), Ok(expected), "{listed:?}");
    }
    let rejected = parse(P256).unwrap().choose_algorithm(&["RS256".to_owned()]);
    let text = rejected.unwrap_err().to_string();
    assert_eq!(
        text,
        "the server accepts RS256, but the key signs with ES256"
    );
}

#[test]
fn jwk_determines_key_id_and_algorithm() {
    let jwk = RSA[2].replace(r#""kid":"#, r#""alg":"PS256","kid":"#);
    let key = parse(&jwk).unwrap();
    assert_eq!(key.key_id(), Some("sandbox-rsa"));
    assert_eq!(key.choose_algorithm(&[]), Ok(SigningAlgorithm::Ps256));
    let of_another_kind = jwk.replace("PS256", "ES256");
    assert_eq!(error(&of_another_kind), ClientKeyError::Unsupported);
    assert!(parse(P256).unwrap().key_id().is_none());
}

#[test]
fn unusable_key_is_explained_without_its_content() {
    let encrypted_pkcs1 = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,CC\n\nc4n4\n-----END RSA PRIVATE KEY-----";
    let short = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    let openssh = "-----BEGIN OPENSSH PRIVATE KEY-----\nc4n4\n-----END OPENSSH PRIVATE KEY-----";
    let public = "-----BEGIN PUBLIC KEY-----\nc4n4\n-----END PUBLIC KEY-----";
    let wrong_point = include_str!("testdata/p256.jwk").replace(r#""x":"#, r#""x":"AAAA","was":"#);
    let rows = [
        (
            include_str!("testdata/encrypted.pem"),
            ClientKeyError::Encrypted,
        ),
        (encrypted_pkcs1, ClientKeyError::Encrypted),
        (openssh, ClientKeyError::OpenSsh),
        (public, ClientKeyError::Public),
        ("ssh-ed25519 c4n4 me@host", ClientKeyError::Public),
        (
            r#"{"kty":"EC","crv":"P-256","x":"c4n4","y":"c4n4"}"#,
            ClientKeyError::Public,
        ),
        (r#"{"kty":"oct","k":"c4n4"}"#, ClientKeyError::Unsupported),
        (r#"{"keys":[]}"#, ClientKeyError::NotAKey),
        ("{", ClientKeyError::NotAKey),
        ("c4n4", ClientKeyError::NotAKey),
        (short, ClientKeyError::Unsupported),
        (&wrong_point, ClientKeyError::Unsupported),
    ];
    for (text, expected) in rows {
        let error = error(text);
        assert_eq!(error, expected, "{text}");
        assert!(!format!("{error} {error:?}").contains("c4n4"));
    }
}
