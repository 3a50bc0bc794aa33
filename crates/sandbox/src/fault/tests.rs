//! Tests of parsing, matching and selecting faults.

use super::endpoint::RequestInfo;
use super::kinds::{ConnectionFault, KINDS, SyntheticResponse};
use super::parse::{Fault, FaultError};
use super::plan::{Faults, ResponseSource};

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn fault(text: &str) -> Fault {
    text.parse().unwrap()
}

fn request(method: &str, path: &str) -> RequestInfo {
    RequestInfo {
        method: method.to_owned(),
        path: path.to_owned(),
        grant_type: None,
    }
}

/// A fault, its count, and what it does.
const PARSED: &[(&str, Option<u64>, &str)] = &[
    ("token=pass", None, "Pass"),
    (
        "token=pending",
        None,
        r#"Respond(Error(400, "authorization_pending"))"#,
    ),
    (
        "token*2=slow_down",
        Some(2),
        r#"Respond(Error(400, "slow_down"))"#,
    ),
    (
        " token*2 = slow_down ",
        Some(2),
        r#"Respond(Error(400, "slow_down"))"#,
    ),
    (
        "poll=error:access_denied",
        None,
        r#"Respond(Error(400, "access_denied"))"#,
    ),
    (
        "poll=error_in_200:slow_down",
        None,
        r#"Respond(Error(200, "slow_down"))"#,
    ),
    ("any=json:503", None, "Respond(Json(503))"),
    ("any*1=html:200", Some(1), "Respond(Html(200))"),
    ("any=empty:404", None, "Respond(Empty(404))"),
    (
        "any=retry_after:7",
        None,
        "Respond(RetryAfter { seconds: 7, status: 429, is_date: false })",
    ),
    (
        "any=retry_date:7,503",
        None,
        "Respond(RetryAfter { seconds: 7, status: 503, is_date: true })",
    ),
    (
        "token=redirect:loop,308",
        None,
        "Respond(Redirect(308, None))",
    ),
    (
        "token=redirect:https://e.example/?a=b,c",
        None,
        r#"Respond(Redirect(307, Some("https://e.example/?a=b,c")))"#,
    ),
    ("any=big", None, "Respond(Big(50))"),
    ("any=gzip_bomb:3", None, "Respond(GzipBomb(3))"),
    ("GET /a/*=reset", None, "Break(Reset)"),
    ("/a/**5=reset_after", Some(5), "Break(ResetAfter)"),
    ("any=close", None, "Break(Close)"),
    ("refresh*1=lost", Some(1), "Break(Lost)"),
    ("any=stall", None, "Break(Stall)"),
    ("any=delay:2m", None, "Mutate(Delay(120s))"),
    ("any=drip", None, "Mutate(Drip(500ms))"),
    ("any=cut", None, "Mutate(Cut)"),
    ("any=type", None, r#"Mutate(Type("text/plain"))"#),
    ("refresh=ignore:scope", None, r#"Mutate(Ignore("scope"))"#),
    (
        "device=without:interval",
        None,
        r#"Mutate(Without("interval"))"#,
    ),
    (
        "device=set:interval=0",
        None,
        r#"Mutate(Set("interval", Number(0)))"#,
    ),
    (
        "device=set:expires_in=soon",
        None,
        r#"Mutate(Set("expires_in", String("soon")))"#,
    ),
    ("any=clock:-1h", None, "Mutate(Clock(1h ago))"),
    ("any=bom", None, "Mutate(Encode(ByteOrderMark))"),
    ("any=gzip", None, "Mutate(Encode(Gzip))"),
    ("any=charset", None, "Mutate(Encode(Latin1))"),
    ("any=error_null", None, r#"Mutate(Set("error", Null))"#),
    ("any=folded", None, "Mutate(Folded)"),
    ("any=no_close_notify", None, "Mutate(NoEnd)"),
];

#[test]
fn faults_parse_to_endpoint_count_and_effect() {
    for (text, count, effect) in PARSED {
        let parsed = fault(text);
        assert_eq!(parsed.count(), *count, "{text}");
        assert_eq!(format!("{:?}", parsed.effect()), *effect, "{text}");
        assert_eq!(parsed.to_string(), text.trim());
    }
    let is_covered = |kind: &str| PARSED.iter().any(|(text, ..)| text.contains(kind));
    let uncovered: Vec<&str> = KINDS
        .iter()
        .map(|it| it.name)
        .filter(|it| !is_covered(it))
        .collect();
    assert!(uncovered.is_empty(), "{uncovered:?}");
}

#[test]
fn syntax_errors_name_the_expected_form() {
    for (text, message) in [
        ("", "ENDPOINT[*COUNT]=KIND"),
        ("token", "ENDPOINT[*COUNT]=KIND"),
        ("tokens=reset", "`tokens` is not an endpoint"),
        ("GET=reset", "`GET` is not an endpoint"),
        ("/a?b=reset", "`/a?b` is not an endpoint"),
        ("token*0=reset", "at least 1"),
        ("token*-1=reset", "`token*-1` is not an endpoint"),
        ("token=", "`` is not a kind of fault"),
        ("token=explode", "`explode` is not a kind of fault"),
        ("token=reset:now", "`reset` takes no argument, not `now`"),
        ("token=json", "`json` takes STATUS"),
        ("token=json:99", "not `99`"),
        ("token=json:600", "not `600`"),
        ("token=error:a b", "`error` takes CODE"),
        ("token=delay:soon", "`delay` takes TIME"),
        ("token=delay:99999999999d", "`delay` takes TIME"),
        ("token=set:interval", "`set` takes MEMBER=JSON"),
        ("token=redirect", "`redirect` takes"),
        ("token=redirect:\n", "`redirect` takes"),
        ("token=big:0", "`big` takes [MEGABYTES]"),
        ("token=clock:+", "`clock` takes"),
    ] {
        let error = text.parse::<Fault>().unwrap_err();
        assert!(error.to_string().contains(message), "{text}: {error}");
    }
    let unknown = FaultError::Kind("explode".into());
    assert_eq!("token=explode".parse::<Fault>().unwrap_err(), unknown);
}

#[test]
fn kind_names_are_unique() {
    let mut names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), KINDS.len());
}

/// An endpoint, a request (its method, or its grant where it is one to a token endpoint), and whether they fit.
const MATCHES: &[(&str, &str, &str, bool)] = &[
    ("any", "GET", "/", true),
    (
        "metadata",
        "GET",
        "/.well-known/oauth-authorization-server/basic-memory",
        true,
    ),
    (
        "device",
        "POST",
        "/basic-memory/oauth2/device_authorization",
        true,
    ),
    ("device", "GET", "/device", false),
    ("token", "POST", "/oauth2/token", true),
    ("token", "POST", "/api/tokens/", false),
    ("poll", DEVICE_CODE, "/basic-memory/oauth2/token", true),
    ("poll", "refresh_token", "/oauth2/token", false),
    ("refresh", "refresh_token", "/oauth2/token", true),
    ("refresh", "POST", "/oauth2/token", false),
    ("revoke", "POST", "/oauth2/revoke", true),
    ("introspect", "POST", "/oauth2/introspect", true),
    ("/api/tokens/", "GET", "/api/tokens/", true),
    ("/api/tokens/", "POST", "/api/tokens/", true),
    ("GET /api/tokens/", "POST", "/api/tokens/", false),
    ("get /api/tokens/", "GET", "/api/tokens/", true),
    ("/api/tokens/", "GET", "/api/tokens", false),
    ("/api/tokens/", "GET", "/api/tokens/7/", false),
    (
        "/api/tokens/{id}/revoke/",
        "POST",
        "/api/tokens/7/revoke/",
        true,
    ),
    (
        "/api/tokens/{id}/revoke/",
        "POST",
        "/api/tokens//revoke/",
        false,
    ),
    ("/api/*", "GET", "/api/tokens/7/", true),
    ("/api/tok*", "GET", "/api/tokens/7/", true),
    ("/api/*", "GET", "/apis", false),
    ("/*", "GET", "/", true),
];

#[test]
fn faults_match_only_the_named_requests() {
    for (endpoint, method, path, expected) in MATCHES {
        let grant = [DEVICE_CODE, "refresh_token"].contains(method);
        let request = RequestInfo {
            grant_type: grant.then(|| (*method).to_owned()),
            ..request(if grant { "POST" } else { method }, path)
        };
        for counted in ["", "*3"] {
            let fault = fault(&format!("{endpoint}{counted}=reset"));
            assert_eq!(
                fault.matches(&request),
                *expected,
                "{endpoint}{counted} {request:?}"
            );
        }
    }
}

#[test]
fn faults_of_one_endpoint_apply_in_order_until_exhausted() {
    let faults = Faults::default();
    faults.add(["token*1=pass", "token*2=slow_down", "any*1=reset"].map(fault));
    let token = request("POST", "/oauth2/token");
    let sources: Vec<ResponseSource> = (0..5).map(|_| faults.decide(&token).source).collect();
    let slow_down = || ResponseSource::Synthetic(SyntheticResponse::Error(400, "slow_down".into()));
    assert_eq!(
        sources,
        [
            ResponseSource::Service,
            slow_down(),
            slow_down(),
            ResponseSource::Break(ConnectionFault::Reset),
            ResponseSource::Service,
        ]
    );
    let to_json = faults.to_json();
    assert_eq!(to_json[1]["hits"], 2);
    assert_eq!(to_json[1]["left"], 0);
}

#[test]
fn all_mutations_apply_and_the_first_other_effect_wins() {
    let faults = Faults::default();
    let all = [
        "device=without:interval",
        "any=without:verification_uri_complete",
        "device*1=json:503",
        "device=empty:404",
        "device=type",
    ];
    faults.add(all.map(fault));
    let device = request("POST", "/oauth2/device_authorization");
    let decision = faults.decide(&device);
    assert_eq!(
        decision.mutations.len(),
        2,
        "what stands behind the answer is not reached"
    );
    assert_eq!(
        decision.source,
        ResponseSource::Synthetic(SyntheticResponse::Json(503))
    );
    assert_eq!(
        faults.decide(&device).source,
        ResponseSource::Synthetic(SyntheticResponse::Empty(404))
    );
    faults.clear();
    assert_eq!(faults.decide(&device).source, ResponseSource::Service);
}
