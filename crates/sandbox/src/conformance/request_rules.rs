//! Evaluates the content of the requests.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::evaluation::Evaluation;
use super::recorder::Exchange;

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Checks that there is exactly one valid device authorization request (RFC 8628 §3.1).
pub(super) fn device_request(evaluation: &mut Evaluation<'_>) {
    let observation = evaluation.observation;
    for device in observation.device_requests() {
        let named = device.field("client_id").is_some();
        let proper = device.is_valid_form() && named;
        let why = "not a valid form, or no client_id, at the device authorization endpoint";
        evaluation.check("8628-3.1a", proper, why);
    }
    match observation.device_requests().count() {
        0 => {}
        count => evaluation.check("8628-3.1b", count == 1, &format!("{count} device requests")),
    }
}

/// Checks every poll (RFC 8628 §3.4).
pub(super) fn polls(evaluation: &mut Evaluation<'_>) {
    let observation = evaluation.observation;
    let issued = observation
        .device_response()
        .and_then(|it| it["device_code"].as_str());
    for poll in observation.polls() {
        let whole = poll.field("grant_type") == Some(DEVICE_CODE)
            && poll.field("device_code").is_some()
            && poll.field("device_code") == issued
            && poll.field("client_id").is_some();
        let why = "a poll without grant_type, device_code or client_id, or not a valid form";
        evaluation.check("8628-3.4", whole && poll.is_valid_form(), why);
    }
}

/// Checks PKCE if the client uses it (RFC 7636 §4).
pub(super) fn pkce(evaluation: &mut Evaluation<'_>) {
    let observation = evaluation.observation;
    let challenges: Vec<&Exchange> = observation.device_requests().collect();
    let Some(challenge) = challenges.first().and_then(|it| it.field("code_challenge")) else {
        evaluation.inconclusive(
            "7636-4.1",
            "the client does not use PKCE, which the device grant does not require",
        );
        return evaluation.inconclusive("7636-4.2", "the client does not use PKCE");
    };
    let is_s256 = |it: &&Exchange| it.field("code_challenge_method") == Some("S256");
    let kept = challenges.iter().all(is_s256);
    evaluation.check("7636-4.2", kept, "a device request without S256");
    for poll in observation.polls() {
        let verifier = poll.field("code_verifier").unwrap_or_default();
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

fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

/// Checks the metadata URL (RFC 8414 §3.1), and that another issuer's metadata is not used (§3.3).
pub(super) fn discovery(evaluation: &mut Evaluation<'_>) {
    let (case, observation) = (evaluation.case, evaluation.observation);
    let mut metadata_requests = observation
        .exchanges
        .iter()
        .filter(|it| it.path.contains("/.well-known/"));
    let Some(first) = metadata_requests.next() else {
        return evaluation.inconclusive("8414-3.1", "the client did not request the metadata");
    };
    let place = format!(
        "/.well-known/oauth-authorization-server{}",
        case.issuer_path
    );
    if !case.issuer_path.is_empty() {
        evaluation.check(
            "8414-3.1",
            first.path == place,
            "the well-known part is in the wrong place",
        );
    }
    if case.rule == "8414-3.3" && observation.device_requests().next().is_some() {
        evaluation.fail("8414-3.3", "it used the metadata");
    }
}

/// Checks that no secret follows a redirect to another origin (RFC 9700 §4.9).
pub(super) fn redirect(evaluation: &mut Evaluation<'_>) {
    let secrets = ["device_code", "code_verifier"];
    let has_secret = |it: &Exchange| secrets.iter().any(|name| it.field(name).is_some());
    let mut elsewhere = evaluation
        .observation
        .exchanges
        .iter()
        .filter(|it| it.path == "/elsewhere");
    if elsewhere.any(has_secret) {
        evaluation.fail("9700-4.9", "the device code was sent to another origin");
    }
}
