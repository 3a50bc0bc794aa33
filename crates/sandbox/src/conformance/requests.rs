//! What stood in the requests.

use sha2::{Digest, Sha256};

use super::judge::Bench;
use super::witness::Exchange;
use crate::base64url;

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The request that begins it (RFC 8628 §3.1), and that there is one.
pub(super) fn device(bench: &mut Bench<'_>) {
    let seen = bench.seen;
    for device in seen.devices() {
        let named = device.field("client_id").is_some();
        let proper = device.is_proper_form() && named;
        let why = "no proper form, or no client_id, to the device authorization endpoint";
        bench.check("8628-3.1a", proper, why);
    }
    match seen.devices().count() {
        0 => {}
        count => bench.check("8628-3.1b", count == 1, &format!("{count} device requests")),
    }
}

/// Every poll (RFC 8628 §3.4).
pub(super) fn polls(bench: &mut Bench<'_>) {
    let seen = bench.seen;
    let handed_out = seen
        .device_answer()
        .and_then(|it| it["device_code"].as_str());
    for poll in seen.polls() {
        let whole = poll.field("grant_type") == Some(DEVICE_CODE)
            && poll.field("device_code").is_some()
            && poll.field("device_code") == handed_out
            && poll.field("client_id").is_some();
        let why = "a poll without grant_type, device_code or client_id, or no proper form";
        bench.check("8628-3.4", whole && poll.is_proper_form(), why);
    }
}

/// PKCE, where the client uses it (RFC 7636 §4).
pub(super) fn proof(bench: &mut Bench<'_>) {
    let seen = bench.seen;
    let challenges: Vec<&Exchange> = seen.devices().collect();
    let Some(challenge) = challenges.first().and_then(|it| it.field("code_challenge")) else {
        bench.unjudged(
            "7636-4.1",
            "the client uses no PKCE, which the device grant does not ask for",
        );
        return bench.unjudged("7636-4.2", "the client uses no PKCE");
    };
    let strong = |it: &&Exchange| it.field("code_challenge_method") == Some("S256");
    let kept = challenges.iter().all(strong);
    bench.check("7636-4.2", kept, "a device request without S256");
    for poll in seen.polls() {
        let verifier = poll.field("code_verifier").unwrap_or_default();
        bench.check(
            "7636-4.1",
            is_verifier(verifier),
            "no verifier, or not one of RFC 7636",
        );
        let hash = base64url::encode(&Sha256::digest(verifier));
        bench.check(
            "7636-4.2",
            hash == challenge,
            "a verifier that does not fit the challenge",
        );
    }
}

fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

/// Where the metadata was looked for (RFC 8414 §3.1), and whether another's was used (§3.3).
pub(super) fn discovery(bench: &mut Bench<'_>) {
    let (case, seen) = (bench.case, bench.seen);
    let mut asked = seen
        .exchanges
        .iter()
        .filter(|it| it.path.contains("/.well-known/"));
    let Some(first) = asked.next() else {
        return bench.unjudged("8414-3.1", "the client asked for no metadata");
    };
    let place = format!("/.well-known/oauth-authorization-server{}", case.place);
    if !case.place.is_empty() {
        bench.check(
            "8414-3.1",
            first.path == place,
            "the well-known part stands elsewhere",
        );
    }
    if case.row == "8414-3.3" && seen.devices().next().is_some() {
        bench.fail("8414-3.3", "it used them all the same");
    }
}

/// Whether a secret went where a redirect led (RFC 9700 §4.9).
pub(super) fn redirected(bench: &mut Bench<'_>) {
    let secrets = ["device_code", "code_verifier"];
    let told = |it: &Exchange| secrets.iter().any(|name| it.field(name).is_some());
    let mut elsewhere = bench
        .seen
        .exchanges
        .iter()
        .filter(|it| it.path == "/elsewhere");
    if elsewhere.any(told) {
        bench.fail("9700-4.9", "the device code went to another origin");
    }
}
