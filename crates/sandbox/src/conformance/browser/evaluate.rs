//! Evaluates what the server and the browser received. Pure.

use std::collections::BTreeSet;

use url::{Host, Url};

use super::super::common::{
    Address, Case, Evaluation, Exchange, Finding, Observation, exit_status, request_rules,
};
use super::{FORGED_CODE, FORGED_TEXT, USER_AGENT};

/// 120 bits in base64: a shorter text can have less randomness than RFC 6749 §10.10 requires.
const MIN_STATE: usize = 20;

/// Evaluates all rules that one case can show.
pub(crate) fn case(case: &Case, observation: &Observation) -> Vec<Finding> {
    let mut evaluation = Evaluation::new(case, observation);
    exit_status::check(&mut evaluation);
    request_rules::pkce(&mut evaluation);
    request_rules::discovery(&mut evaluation);
    authorization_request(&mut evaluation);
    redirect_uri(&mut evaluation);
    state(&mut evaluation);
    token_requests(&mut evaluation);
    forged_responses(&mut evaluation);
    listener(&mut evaluation);
    pushed_request(&mut evaluation);
    other_origin(&mut evaluation);
    evaluation.findings
}

/// Evaluates the rules that need all cases.
pub(crate) fn across_cases(all: &[&Observation]) -> Vec<Finding> {
    let mut findings = request_rules::reused_verifiers(all);
    let mut states = BTreeSet::new();
    for observation in all {
        let state = request(observation).and_then(|it| it.field("state"));
        if state.is_some_and(|it| !states.insert(it)) {
            findings.push(Finding::broken(
                "6749-10.12",
                "two attempts used the same state",
            ));
        }
    }
    if all.iter().all(|it| it.visit.url.is_none()) {
        let why = "no authorization URL arrived: does the command use {issuer}, and start the program in BROWSER or print the URL?";
        findings.push(Finding::broken("8252-6", why));
    }
    findings
}

/// Returns the authorization request, which may have been pushed.
fn request(observation: &Observation) -> Option<&Exchange> {
    observation.authorization_requests().next()
}

fn authorization_request(evaluation: &mut Evaluation<'_>) {
    let observation = evaluation.observation;
    let pages = observation.exchanges.iter();
    let mut pages = pages
        .filter(|it| it.path.ends_with("/oauth2/authorize"))
        .peekable();
    if pages.peek().is_some() {
        let is_external = pages.all(|it| it.user_agent == USER_AGENT);
        evaluation.check(
            "8252-6",
            is_external,
            "the client requested the page itself",
        );
    }
    let Some(request) = request(observation) else {
        return;
    };
    let is_complete = request.field("response_type") == Some("code")
        && ["client_id", "redirect_uri"]
            .iter()
            .all(|name| request.field(name).is_some())
        && request.has_valid_fields();
    let why = "a parameter of the authorization request is missing, empty or repeated";
    evaluation.check("6749-4.1.1", is_complete, why);
}

fn redirect_uri(evaluation: &mut Evaluation<'_>) {
    let observation = evaluation.observation;
    let redirect_uri = request(observation).and_then(|it| it.field("redirect_uri"));
    let Some(url) = redirect_uri.and_then(|it| Url::parse(it).ok()) else {
        return;
    };
    if url.scheme() != "http" {
        return evaluation.inconclusive("8252-7.3", "the client uses another kind of redirect URI");
    }
    let (is_loopback, is_literal) = match url.host() {
        Some(Host::Ipv4(address)) => (address.is_loopback(), true),
        Some(Host::Ipv6(address)) => (address.is_loopback(), true),
        Some(Host::Domain(name)) => (name == "localhost", false),
        None => (false, false),
    };
    let is_on_loopback = is_loopback && url.port().is_some();
    evaluation.check(
        "8252-7.3",
        is_on_loopback,
        "the redirect URI is not on loopback, or has no port",
    );
    evaluation.check(
        "8252-8.3",
        is_literal,
        "the redirect URI has a name instead of an address",
    );
    if observation.visit.redirect.is_some() {
        let why = "nothing listened when the browser arrived";
        evaluation.check("8252-7.3", !observation.visit.was_refused, why);
    }
}

fn state(evaluation: &mut Evaluation<'_>) {
    const RULE: &str = "6749-10.12";
    let Some(request) = request(evaluation.observation) else {
        return;
    };
    match request.field("state") {
        None => evaluation.inconclusive(
            RULE,
            "the client sends no state and relies on PKCE (RFC 9700 §2.1)",
        ),
        Some(state) => {
            let why = format!("a state of {} characters", state.chars().count());
            evaluation.check(RULE, state.chars().count() >= MIN_STATE, &why);
        }
    }
}

fn token_requests(evaluation: &mut Evaluation<'_>) {
    const RULE: &str = "6749-4.1.3";
    let observation = evaluation.observation;
    let redirect_uri = request(observation).and_then(|it| it.field("redirect_uri"));
    let mut codes = BTreeSet::new();
    for token in observation.token_requests() {
        let is_complete = token.field("grant_type") == Some("authorization_code")
            && token.names_client()
            && token.is_valid_form();
        evaluation.check(
            RULE,
            is_complete,
            "a token request without grant_type or client_id, or not a valid form",
        );
        let is_same = redirect_uri.is_some() && token.field("redirect_uri") == redirect_uri;
        evaluation.check(
            RULE,
            is_same,
            "redirect_uri differs from the authorization request",
        );
        let is_new = codes.insert(token.field("code"));
        evaluation.check(RULE, is_new, "the code was sent twice");
    }
}

/// Checks that a forged response is not used.
fn forged_responses(evaluation: &mut Evaluation<'_>) {
    let (case, observation) = (evaluation.case, evaluation.observation);
    if observation
        .token_requests()
        .any(|it| it.field("code") == Some(FORGED_CODE))
    {
        evaluation.fail(case.rule, "it used the code of the response");
    } else if case.rule == "6749-10.12" && observation.visit.delivered.first() == Some(&true) {
        evaluation.pass(case.rule);
    }
    if observation.output.contains(FORGED_TEXT) {
        evaluation.fail("9207-2.4b", "it showed the text of another server");
    }
}

fn listener(evaluation: &mut Evaluation<'_>) {
    const RULE: &str = "8252-8.3";
    let visit = &evaluation.observation.visit;
    let deliveries = evaluation.case.deliveries.iter().zip(&visit.delivered);
    let is_elsewhere = deliveries
        .into_iter()
        .any(|(delivery, is_accepted)| delivery.address == Address::Other && *is_accepted);
    if is_elsewhere {
        evaluation.fail(RULE, "it listens on all interfaces");
    }
    if visit.is_still_listening {
        evaluation.fail(RULE, "its port was open after the response");
    }
}

fn pushed_request(evaluation: &mut Evaluation<'_>) {
    const RULE: &str = "9126-5";
    let (case, visit) = (evaluation.case, &evaluation.observation.visit);
    let Some(url) = visit.url.as_ref().and_then(|it| Url::parse(it).ok()) else {
        return;
    };
    let mut names: Vec<_> = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    names.sort_unstable();
    if names.iter().any(|name| name == "request_uri") {
        let is_short = names == ["client_id", "request_uri"];
        evaluation.check(
            RULE,
            is_short,
            "the URL repeats parameters that were pushed",
        );
    } else if case.require_par {
        evaluation.fail(RULE, "the request was not pushed");
    }
}

/// Checks that no code is sent to another origin. RFC 8414 allows endpoints of several origins, so a client that uses a listed one
/// breaks no rule.
fn other_origin(evaluation: &mut Evaluation<'_>) {
    const RULE: &str = "9700-4.4";
    let (case, observation) = (evaluation.case, evaluation.observation);
    if case.rule != RULE || !observation.has_reached_fault {
        return;
    }
    let is_listed = case
        .faults
        .iter()
        .any(|fault| fault.starts_with("metadata"));
    match (observation.sends_code_elsewhere(), is_listed) {
        (false, _) => evaluation.pass(RULE),
        (true, true) => evaluation.inconclusive(
            RULE,
            "it uses a token endpoint of another origin, which metadata may list",
        ),
        (true, false) => evaluation.fail(RULE, "the code was sent to another origin"),
    }
}
