//! The private key of a client, as PEM (PKCS#8, SEC 1, PKCS#1) or a JWK (RFC 7517), and its signatures.

use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
};

use crate::domain::{Secret, SigningAlgorithm, sanitize_line};

mod jwk;
mod pem;

/// Why a key cannot be used. No variant contains any of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientKeyError {
    #[error("it is encrypted with a passphrase")]
    Encrypted,
    #[error("it is in the format of OpenSSH")]
    OpenSsh,
    #[error("it is a public key or a certificate; expected the private key")]
    Public,
    #[error("it is neither PEM nor a JWK")]
    NotAKey,
    #[error(
        "it is damaged or of an unsupported kind (supported: P-256, P-384, Ed25519, RSA of 2048 to 4096 bits)"
    )]
    Unsupported,
    #[error("the server accepts {listed}, but the key signs with {usable}")]
    NoCommonAlgorithm { usable: String, listed: String },
    #[error("signing failed")]
    NotSigned,
}

impl ClientKeyError {
    /// Returns the command that fixes the file, if one does.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Encrypted => Some(
                "write a copy without a passphrase: `openssl pkcs8 -topk8 -nocrypt -in KEY -out COPY && chmod 600 COPY`",
            ),
            Self::OpenSsh => Some("convert a copy of it: `ssh-keygen -p -N \"\" -m PKCS8 -f COPY`"),
            Self::NoCommonAlgorithm { .. } => {
                Some("register a key of another kind with the server, or choose another client")
            }
            Self::Public | Self::NotAKey | Self::Unsupported | Self::NotSigned => None,
        }
    }
}

pub struct SigningKey {
    pair: KeyPair,
    /// The `kid` of a JWK.
    key_id: Option<String>,
    /// The `alg` of a JWK: the key is for nothing else.
    algorithm: Option<SigningAlgorithm>,
}

enum KeyPair {
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

impl SigningKey {
    /// Parses the text of a key file.
    ///
    /// # Errors
    /// [`ClientKeyError`], except [`ClientKeyError::NoCommonAlgorithm`].
    pub fn parse(text: &Secret) -> Result<Self, ClientKeyError> {
        if text.expose().trim_start().starts_with('{') {
            return jwk::parse(text.expose());
        }
        Ok(Self {
            pair: pem::parse(text.expose())?,
            key_id: None,
            algorithm: None,
        })
    }

    /// Returns the id that the key file contains.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// Returns the first algorithm of the key that the server lists. If it lists none, the most widely supported one.
    ///
    /// # Errors
    /// [`ClientKeyError::NoCommonAlgorithm`].
    pub fn choose_algorithm(&self, listed: &[String]) -> Result<SigningAlgorithm, ClientKeyError> {
        let usable = self.pair.algorithms().iter().copied();
        let usable = usable.filter(|usable| self.algorithm.is_none_or(|only| only == *usable));
        let usable: Vec<SigningAlgorithm> = usable.collect();
        let is_listed = |usable: &&SigningAlgorithm| {
            listed.is_empty() || listed.iter().any(|name| name == usable.as_str())
        };
        let found = usable.iter().find(is_listed).copied();
        found.ok_or_else(|| ClientKeyError::NoCommonAlgorithm {
            usable: join(usable.iter().map(|it| it.as_str())),
            listed: sanitize_line(&join(listed.iter().map(String::as_str))),
        })
    }

    /// Returns the signature in the form of RFC 7518 §3.
    pub(super) fn sign(
        &self,
        algorithm: SigningAlgorithm,
        message: &[u8],
    ) -> Result<Vec<u8>, ClientKeyError> {
        let random = SystemRandom::new();
        let not_signed = |_| ClientKeyError::NotSigned;
        if !self.pair.algorithms().contains(&algorithm) {
            return Err(ClientKeyError::NotSigned);
        }
        match &self.pair {
            KeyPair::P256(pair) | KeyPair::P384(pair) => {
                let signature = pair.sign(&random, message).map_err(not_signed)?;
                Ok(signature.as_ref().to_vec())
            }
            KeyPair::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            KeyPair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                let padding: &'static dyn ring::signature::RsaEncoding = match algorithm {
                    SigningAlgorithm::Ps256 => &RSA_PSS_SHA256,
                    _ => &RSA_PKCS1_SHA256,
                };
                pair.sign(padding, &random, message, &mut signature)
                    .map_err(not_signed)?;
                Ok(signature)
            }
        }
    }
}

impl KeyPair {
    /// Returns the algorithms of the key, the most widely supported one first.
    fn algorithms(&self) -> &'static [SigningAlgorithm] {
        match self {
            Self::P256(_) => &[SigningAlgorithm::Es256],
            Self::P384(_) => &[SigningAlgorithm::Es384],
            Self::Ed25519(_) => &[SigningAlgorithm::EdDsa, SigningAlgorithm::Ed25519],
            Self::Rsa(_) => &[SigningAlgorithm::Rs256, SigningAlgorithm::Ps256],
        }
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self, ClientKeyError> {
        let random = SystemRandom::new();
        let p256 = || EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &random);
        let p384 = || EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, der, &random);
        // A key may lack its public half, which is then derived.
        let ed25519 = || Ed25519KeyPair::from_pkcs8_maybe_unchecked(der);
        let rsa = || RsaKeyPair::from_pkcs8(der).map(Box::new);
        p256()
            .map(Self::P256)
            .or_else(|_| p384().map(Self::P384))
            .or_else(|_| ed25519().map(Self::Ed25519))
            .or_else(|_| rsa().map(Self::Rsa))
            .map_err(|_| ClientKeyError::Unsupported)
    }
}

fn join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
