//! Evaluates the content of the requests, the same in every flow.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use url::Url;

use super::evaluation::{Evaluation, Observation};
use super::recorder::Exchange;
use super::report::Finding;

/// Checks PKCE if the client uses it (RFC 7636 §4).
pub(crate) fn pkce(evaluation: &mut Evaluation<'_>) {
    let observation = evaluation.observation;
    let Some(challenge) = observation.challenge() else {
        let why = "the client does not use PKCE";
        evaluation.inconclusive("7636-4.1", why);
        return evaluation.inconclusive("7636-4.2", why);
    };
    let is_s256 = |it: &Exchange| it.field("code_challenge_method") == Some("S256");
    let uses_s256_only = observation.authorization_requests().all(is_s256)
        && observation
            .visit
            .later_urls
            .iter()
            .all(|url| is_s256_url(url));
    evaluation.check("7636-4.2", uses_s256_only, "a request without S256");
    for request in observation.token_requests() {
        let verifier = request.field("code_verifier").unwrap_or_default();
        evaluation.check(
            "7636-4.1",
            is_verifier(verifier),
            "the verifier is missing or invalid (RFC 7636)",
        );
        let hash = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        evaluation.check(
            "7636-4.2",
            hash == challenge,
            "the verifier does not match the challenge",
        );
    }
}

/// Returns false for an authorization URL with another method than S256. The URL of a pushed request has no method.
fn is_s256_url(url: &str) -> bool {
    let url = Url::parse(url).ok();
    let methods = url.iter().flat_map(Url::query_pairs);
    let mut methods = methods.filter(|(name, _)| name == "code_challenge_method");
    methods.all(|(_, method)| method == "S256")
}

fn is_verifier(text: &str) -> bool {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(is_unreserved)
}

/// Checks the metadata URL (RFC 8414 §3.1), and that another issuer's metadata is not used (§3.3).
pub(crate) fn discovery(evaluation: &mut Evaluation<'_>) {
    let (case, observation) = (evaluation.case, evaluation.observation);
    let Some(first) = observation.metadata_requests().next() else {
        return evaluation.inconclusive("8414-3.1", "the client did not request the metadata");
    };
    let expected_path = format!(
        "/.well-known/oauth-authorization-server{}",
        case.issuer_path
    );
    if !case.issuer_path.is_empty() {
        evaluation.check(
            "8414-3.1",
            first.path == expected_path,
            "the well-known part is in the wrong place",
        );
    }
    if case.rule == "8414-3.3" && observation.authorization_requests().next().is_some() {
        evaluation.fail("8414-3.3", "it used the metadata");
    }
}

/// Returns a finding for each attempt with the verifier of another one (RFC 7636 §4.1).
pub(crate) fn reused_verifiers(all: &[&Observation]) -> Vec<Finding> {
    let verifier = |observation: &&'_ Observation| {
        let mut requests = observation.token_requests();
        requests.find_map(|it| it.field("code_verifier").map(str::to_owned))
    };
    let mut verifiers = BTreeSet::new();
    let reused = all
        .iter()
        .filter_map(verifier)
        .filter(|it| !verifiers.insert(it.clone()));
    reused
        .map(|_| Finding::broken("7636-4.1", "two attempts used the same verifier"))
        .collect()
}
