//! Keys as JWK (RFC 7517, RFC 7518 §6, RFC 8037 §2).

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::rsa::{KeyPairComponents, PublicKeyComponents};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, RsaKeyPair,
};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{ClientKeyError, KeyPair, SigningKey};
use crate::domain::SigningAlgorithm;

/// The numbers are borrowed, so that no copy of them stays in memory.
#[derive(Deserialize)]
struct Jwk<'a> {
    kty: &'a str,
    crv: Option<&'a str>,
    #[serde(borrow)]
    kid: Option<Cow<'a, str>>,
    alg: Option<&'a str>,
    d: Option<&'a str>,
    x: Option<&'a str>,
    y: Option<&'a str>,
    n: Option<&'a str>,
    e: Option<&'a str>,
    p: Option<&'a str>,
    q: Option<&'a str>,
    dp: Option<&'a str>,
    dq: Option<&'a str>,
    qi: Option<&'a str>,
}

type Number = Zeroizing<Vec<u8>>;

pub(super) fn parse(text: &str) -> Result<SigningKey, ClientKeyError> {
    let jwk: Jwk<'_> = serde_json::from_str(text).map_err(|_| ClientKeyError::NotAKey)?;
    if jwk.d.is_none() && jwk.kty != "oct" {
        return Err(ClientKeyError::Public);
    }
    let pair = match (jwk.kty, jwk.crv) {
        ("EC", Some("P-256")) => jwk
            .ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING)
            .map(KeyPair::P256),
        ("EC", Some("P-384")) => jwk
            .ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING)
            .map(KeyPair::P384),
        ("OKP", Some("Ed25519")) => jwk.ed25519().map(KeyPair::Ed25519),
        ("RSA", _) => jwk.rsa().map(|pair| KeyPair::Rsa(pair.into())),
        _ => None,
    };
    let pair = pair.ok_or(ClientKeyError::Unsupported)?;
    let algorithm = jwk
        .alg
        .map(|name| {
            let known = SigningAlgorithm::from_name(name);
            let known = known.filter(|known| pair.algorithms().contains(known));
            known.ok_or(ClientKeyError::Unsupported)
        })
        .transpose()?;
    Ok(SigningKey {
        pair,
        algorithm,
        key_id: jwk.kid.map(Cow::into_owned),
    })
}

fn decode(text: Option<&str>) -> Option<Number> {
    let decoded = BASE64_URL_SAFE_NO_PAD.decode(text?.trim_end_matches('='));
    decoded.ok().map(Zeroizing::new)
}

impl Jwk<'_> {
    fn ecdsa(&self, algorithm: &'static EcdsaSigningAlgorithm) -> Option<EcdsaKeyPair> {
        let (x, y) = (decode(self.x)?, decode(self.y)?);
        // An uncompressed point: 4, then both coordinates.
        let point = [&[4], x.as_slice(), y.as_slice()].concat();
        let secret = decode(self.d)?;
        let random = SystemRandom::new();
        EcdsaKeyPair::from_private_key_and_public_key(algorithm, &secret, &point, &random).ok()
    }

    fn ed25519(&self) -> Option<Ed25519KeyPair> {
        let (secret, public) = (decode(self.d)?, decode(self.x)?);
        Ed25519KeyPair::from_seed_and_public_key(&secret, &public).ok()
    }

    fn rsa(&self) -> Option<RsaKeyPair> {
        let components = KeyPairComponents {
            public_key: PublicKeyComponents {
                n: decode(self.n)?,
                e: decode(self.e)?,
            },
            d: decode(self.d)?,
            p: decode(self.p)?,
            q: decode(self.q)?,
            dP: decode(self.dp)?,
            dQ: decode(self.dq)?,
            qInv: decode(self.qi)?,
        };
        RsaKeyPair::from_components(&components).ok()
    }
}
