//! Decides whether a literal in a text is the beginning of a key, or announces one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::alphabet::{is_boundary_before, is_in, is_key_character, is_word, run_length};
use super::encoding::Layer;
use super::finding::{Encoding, Finding, KeyKind, Location};
use super::literals::{Literal, Target};
use super::placeholder::{is_placeholder, is_random};
use super::rules::{KeyRule, KnownKey, Rules};
use crate::domain::{JwtClaims, ProviderId, Secret};
use crate::provider::{KeyClass, KeyFormat};

const MAX_JWT: usize = 12 * 1024;
/// The shortest signature of RFC 7518 has 32 bytes, 43 characters of base64. Samples in documents often have a word instead.
const MIN_SIGNATURE: usize = 43;

/// The result of examining a literal.
pub(super) enum Verdict {
    Key {
        /// Where the key begins in the text that was searched.
        at: usize,
        finding: Box<Finding>,
    },
    /// A JWT of an issuer that no service uses.
    OtherJwt,
    Nothing,
}

/// A key in a text.
struct Match {
    at: usize,
    kind: KeyKind,
    providers: Vec<ProviderId>,
    key: Secret,
    /// How many bytes at the start are the same in all keys of the service.
    prefix_length: usize,
    claims: Option<JwtClaims>,
}

impl Rules {
    /// Examines the literal at `at` in `text`.
    pub(super) fn examine(&self, text: &[u8], at: usize, literal: &Literal) -> Verdict {
        let Some((first, rest)) = literal.layers.split_first() else {
            return self.examine_plain(text, at, literal);
        };
        // The decoded text and the position in it; positions in the outer text are known for its start only.
        let mut inner = first.decode(text, at);
        for (decoded, layer) in rest.iter().enumerate() {
            inner = inner
                .filter(|it| literal.is_at(decoded + 1, &it.text, it.at))
                .and_then(|it| layer.decode(&it.text, it.at));
        }
        let Some(inner) = inner.filter(|it| literal.is_at(literal.layers.len(), &it.text, it.at))
        else {
            return Verdict::Nothing;
        };
        match self.examine_plain(&inner.text, inner.at, literal) {
            Verdict::Key { mut finding, .. } => {
                let is_base64 = |layer: &Layer| matches!(layer, Layer::Base64(_));
                let is_encoded = literal.layers.iter().any(is_base64);
                finding.encoding = if is_encoded {
                    Encoding::Base64
                } else {
                    Encoding::Utf16
                };
                Verdict::Key { at, finding }
            }
            other => other,
        }
    }

    fn examine_plain(&self, text: &[u8], at: usize, literal: &Literal) -> Verdict {
        let found = match literal.target {
            Target::Key => self.match_formats(text, at),
            Target::Jwt => match parse_jwt_at(text, at) {
                Some((key, claims)) => return self.examine_jwt(at, key, claims),
                None => None,
            },
            Target::Context(index) => self.match_context(index, text, at),
            Target::Stored => None,
        };
        // The literals of other keys also announce stored ones that begin with them.
        let found = found.or_else(|| self.match_stored(text, at));
        found.map_or(Verdict::Nothing, |found| self.to_verdict(found))
    }

    /// Finds all services whose keys have this form, the one with the longest prefix first. The longest prefix alone must not
    /// decide: a description could name a longer prefix to receive the keys of another service.
    fn match_formats(&self, text: &[u8], at: usize) -> Option<Match> {
        let found = self.keys.iter();
        let found = found.filter_map(|rule| match_format(rule, text, at));
        let found = found.filter(|it| !self.is_example(&it.key));
        let mut found: Vec<Match> = found.collect();
        found.sort_by_key(|it| std::cmp::Reverse(it.prefix_length));
        found.into_iter().reduce(|mut first, other| {
            first.providers.extend(other.providers);
            // The characters after the shorter prefix may be a part of the secret.
            first.prefix_length = other.prefix_length;
            first
        })
    }

    fn match_context(&self, index: usize, text: &[u8], at: usize) -> Option<Match> {
        let context = &self.contexts[index];
        let range = context.find_value(text, at)?;
        let key = to_secret(&text[range.clone()])?;
        // The rule for the documented form finds this key, with its service.
        let is_formed = |rule: &KeyRule| rule.format.classify(&key) != KeyClass::Foreign;
        (!self.keys.iter().any(is_formed)).then(|| Match {
            at: range.start,
            kind: KeyKind::Opaque,
            providers: context.providers.clone(),
            key,
            prefix_length: 0,
            claims: None,
        })
    }

    /// Finds the longest stored key at `at`.
    fn match_stored(&self, text: &[u8], at: usize) -> Option<Match> {
        let is_here = |known: &&KnownKey| {
            let length = known.key.expose().len();
            let found = text.get(at..at + length).and_then(to_secret);
            found.as_ref() == Some(&known.key)
        };
        let known = self.known.stored.iter().filter(is_here);
        let known = known.max_by_key(|known| known.key.expose().len())?;
        Some(Match {
            at,
            kind: KeyKind::Opaque,
            providers: vec![known.provider.clone()],
            key: known.key.clone(),
            prefix_length: 0,
            claims: None,
        })
    }

    fn examine_jwt(&self, at: usize, key: Secret, claims: JwtClaims) -> Verdict {
        let issuer = claims.issuer();
        let mut providers = issuer.map_or_else(Vec::new, |it| self.providers_of_issuer(it));
        if providers.is_empty() {
            providers.extend(self.known.provider_of(&key));
        }
        if providers.is_empty() {
            return Verdict::OtherJwt;
        }
        self.to_verdict(Match {
            at,
            kind: KeyKind::Jwt,
            providers,
            key,
            prefix_length: 3,
            claims: Some(claims),
        })
    }

    fn to_verdict(&self, found: Match) -> Verdict {
        let known = self.known.provider_of(&found.key);
        let claims = found.claims.as_ref();
        let finding = Finding {
            location: Location::default(),
            kind: found.kind,
            known: known.is_some(),
            providers: known.map_or(found.providers, |provider| vec![provider]),
            encoding: Encoding::Plain,
            issuer: claims
                .and_then(|it| it.issuer())
                .map(crate::domain::sanitize_line),
            expires_at: claims.and_then(JwtClaims::expiry),
            prefix_length: found.prefix_length,
            key: found.key,
        };
        Verdict::Key {
            at: found.at,
            finding: Box::new(finding),
        }
    }

    /// Returns the finding if the whole run is a key that this computer created.
    pub(super) fn examine_run(&self, run: &[u8]) -> Option<Finding> {
        let lengths = &self.known.created_lengths;
        // A recorded length of 0 means that there are keys whose length is unknown.
        let has_length = lengths.contains(&run.len()) || lengths.contains(&0);
        let key = to_secret(run).filter(|_| has_length)?;
        let provider = self.known.provider_of(&key)?;
        let verdict = self.to_verdict(Match {
            at: 0,
            kind: KeyKind::Opaque,
            providers: vec![provider],
            key,
            prefix_length: 0,
            claims: None,
        });
        match verdict {
            Verdict::Key { finding, .. } => Some(*finding),
            _ => None,
        }
    }
}

fn to_secret(text: &[u8]) -> Option<Secret> {
    std::str::from_utf8(text).ok().map(Secret::new)
}

/// Returns the key of `rule` whose prefix is at `at`.
fn match_format(rule: &KeyRule, text: &[u8], at: usize) -> Option<Match> {
    let format = &rule.format;
    let is_here = text[at..].starts_with(format.prefix.as_bytes());
    if !is_here || !is_boundary_before(&text[..at]) {
        return None;
    }
    let prefix = at + format.prefix.len();
    let start = match &format.separator {
        None => prefix,
        Some(separator) => prefix + id_and_separator_length(&text[prefix..], separator.as_bytes())?,
    };
    let rest = &text[start..];
    let length = run_length(rest, |byte| is_in(format.alphabet, byte));
    let length = match (format.length, format.alphabet) {
        (None, None) => trimmed_length(&rest[..length]),
        _ => length,
    };
    let end = start + length;
    let is_whole = text.get(end).is_none_or(|byte| !is_word(*byte));
    let has_length = format.length.is_none_or(|expected| expected == length);
    let secret_part = std::str::from_utf8(&text[start..end]).ok()?;
    let is_real = match format.length {
        Some(_) => !is_placeholder(secret_part),
        None => is_random(secret_part, KeyFormat::MIN_SECRET),
    };
    let key = to_secret(&text[at..end])?;
    let is_key = is_whole && has_length && is_real && format.classify(&key) == KeyClass::WellFormed;
    is_key.then(|| Match {
        at,
        kind: KeyKind::ApiKey,
        providers: vec![rule.provider.clone()],
        prefix_length: format.prefix.len(),
        key,
        claims: None,
    })
}

/// Returns the length of the id of a key and the separator after it.
fn id_and_separator_length(text: &[u8], separator: &[u8]) -> Option<usize> {
    let id = run_length(text, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let has_id = id > 0 && text[id..].starts_with(separator);
    has_id.then_some(id + separator.len())
}

/// Returns the length without hyphens at the end, with which a sentence or a file name may continue.
fn trimmed_length(text: &[u8]) -> usize {
    text.len() - text.iter().rev().take_while(|byte| **byte == b'-').count()
}

/// Returns the signed JWT at `at`: three parts, of which the first is an object with `alg` (RFC 7515 §4.1.1).
fn parse_jwt_at(text: &[u8], at: usize) -> Option<(Secret, JwtClaims)> {
    if !is_boundary_before(&text[..at]) {
        return None;
    }
    let text = &text[at..text.len().min(at + MAX_JWT)];
    let header = run_length(text, is_key_character);
    let claims = header + 1 + part_length(text, header)?;
    let signature = part_length(text, claims).filter(|length| *length >= MIN_SIGNATURE)?;
    let end = claims + 1 + signature;
    let object: Map<String, Value> =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&text[..header]).ok()?).ok()?;
    object.get("alg")?;
    let key = to_secret(&text[..end])?;
    let claims = JwtClaims::decode(&key)?;
    Some((key, claims))
}

/// Returns the length of the part after the dot at `dot`.
fn part_length(text: &[u8], dot: usize) -> Option<usize> {
    let rest = text.get(dot..)?.strip_prefix(b".")?;
    Some(run_length(rest, is_key_character)).filter(|length| *length > 0)
}
