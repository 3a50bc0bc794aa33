//! The grammar and the plan, without a wire.

use super::endpoint::Asked;
use super::grammar::{Fault, FaultError};
use super::kinds::{Break, Canned, KINDS};
use super::plan::{Ending, Faults};

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn fault(text: &str) -> Fault {
    text.parse().unwrap()
}

fn asked(method: &str, path: &str) -> Asked {
    Asked {
        method: method.to_owned(),
        path: path.to_owned(),
        grant: None,
    }
}

/// A fault, its count, and what it does.
const READ: &[(&str, Option<u64>, &str)] = &[
    ("token=pass", None, "Pass"),
    (
        "token=pending",
        None,
        r#"Answer(Error(400, "authorization_pending"))"#,
    ),
    (
        "token*2=slow_down",
        Some(2),
        r#"Answer(Error(400, "slow_down"))"#,
    ),
    (
        " token*2 = slow_down ",
        Some(2),
        r#"Answer(Error(400, "slow_down"))"#,
    ),
    (
        "poll=error:access_denied",
        None,
        r#"Answer(Error(400, "access_denied"))"#,
    ),
    (
        "poll=error_in_200:slow_down",
        None,
        r#"Answer(Error(200, "slow_down"))"#,
    ),
    ("any=json:503", None, "Answer(Json(503))"),
    ("any*1=html:200", Some(1), "Answer(Html(200))"),
    ("any=empty:404", None, "Answer(Empty(404))"),
    (
        "any=retry_after:7",
        None,
        "Answer(RetryAfter { seconds: 7, status: 429, dated: false })",
    ),
    (
        "any=retry_date:7,503",
        None,
        "Answer(RetryAfter { seconds: 7, status: 503, dated: true })",
    ),
    (
        "token=redirect:loop,308",
        None,
        "Answer(Redirect(308, None))",
    ),
    (
        "token=redirect:https://e.example/?a=b,c",
        None,
        r#"Answer(Redirect(307, Some("https://e.example/?a=b,c")))"#,
    ),
    ("any=big", None, "Answer(Big(50))"),
    ("any=gzip_bomb:3", None, "Answer(GzipBomb(3))"),
    ("GET /a/*=reset", None, "Break(Reset)"),
    ("/a/**5=reset_after", Some(5), "Break(ResetAfter)"),
    ("any=close", None, "Break(Close)"),
    ("refresh*1=lost", Some(1), "Break(Lost)"),
    ("any=stall", None, "Break(Stall)"),
    ("any=delay:2m", None, "Shape(Delay(120s))"),
    ("any=drip", None, "Shape(Drip(500ms))"),
    ("any=cut", None, "Shape(Cut)"),
    ("any=type", None, r#"Shape(Type("text/plain"))"#),
    (
        "device=without:interval",
        None,
        r#"Shape(Without("interval"))"#,
    ),
    (
        "device=set:interval=0",
        None,
        r#"Shape(Set("interval", Number(0)))"#,
    ),
    (
        "device=set:expires_in=soon",
        None,
        r#"Shape(Set("expires_in", String("soon")))"#,
    ),
    ("any=clock:-1h", None, "Shape(Clock(1h ago))"),
];

#[test]
fn a_fault_is_an_endpoint_perhaps_a_count_and_a_kind() {
    for (text, count, act) in READ {
        let read = fault(text);
        assert_eq!(read.count(), *count, "{text}");
        assert_eq!(format!("{:?}", read.act()), *act, "{text}");
        assert_eq!(read.to_string(), text.trim());
    }
    let tried = |kind: &str| READ.iter().any(|(text, ..)| text.contains(kind));
    let untried: Vec<&str> = KINDS
        .iter()
        .map(|it| it.name)
        .filter(|it| !tried(it))
        .collect();
    assert!(untried.is_empty(), "{untried:?}");
}

#[test]
fn a_fault_that_is_none_says_what_would_be_one() {
    for (text, says) in [
        ("", "ENDPOINT[*COUNT]=KIND"),
        ("token", "ENDPOINT[*COUNT]=KIND"),
        ("tokens=reset", "no endpoint is called `tokens`"),
        ("GET=reset", "no endpoint is called `GET`"),
        ("/a?b=reset", "no endpoint is called `/a?b`"),
        ("token*0=reset", "0 times"),
        ("token*-1=reset", "no endpoint is called `token*-1`"),
        ("token=", "no kind of fault is called ``"),
        ("token=explode", "no kind of fault is called `explode`"),
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
        assert!(error.to_string().contains(says), "{text}: {error}");
    }
    let unknown = FaultError::Kind("explode".into());
    assert_eq!("token=explode".parse::<Fault>().unwrap_err(), unknown);
}

#[test]
fn every_kind_of_fault_has_a_name_of_its_own() {
    let mut names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), KINDS.len());
}

/// An endpoint, a request (its method, or its grant where it is one to a token endpoint), and whether they fit.
const FITS: &[(&str, &str, &str, bool)] = &[
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
fn a_fault_befalls_the_requests_it_names_and_no_others() {
    for (endpoint, method, path, fits) in FITS {
        let grant = [DEVICE_CODE, "refresh_token"].contains(method);
        let request = Asked {
            grant: grant.then(|| (*method).to_owned()),
            ..asked(if grant { "POST" } else { method }, path)
        };
        for counted in ["", "*3"] {
            let fault = fault(&format!("{endpoint}{counted}=reset"));
            assert_eq!(
                fault.fits(&request),
                *fits,
                "{endpoint}{counted} {request:?}"
            );
        }
    }
}

#[test]
fn faults_of_one_endpoint_come_one_after_another_and_then_the_service_answers() {
    let faults = Faults::default();
    faults.add(["token*1=pass", "token*2=slow_down", "any*1=reset"].map(fault));
    let token = asked("POST", "/oauth2/token");
    let endings: Vec<Ending> = (0..5).map(|_| faults.meet(&token).ending).collect();
    let slow_down = || Ending::Canned(Canned::Error(400, "slow_down".into()));
    assert_eq!(
        endings,
        [
            Ending::Service,
            slow_down(),
            slow_down(),
            Ending::Break(Break::Reset),
            Ending::Service,
        ]
    );
    let listed = faults.listed();
    assert_eq!(listed[1]["hits"], 2);
    assert_eq!(listed[1]["left"], 0);
}

#[test]
fn changes_add_up_and_the_first_answer_decides() {
    let faults = Faults::default();
    let all = [
        "device=without:interval",
        "any=without:verification_uri_complete",
        "device*1=json:503",
        "device=empty:404",
        "device=type",
    ];
    faults.add(all.map(fault));
    let device = asked("POST", "/oauth2/device_authorization");
    let fate = faults.meet(&device);
    assert_eq!(
        fate.shapes.len(),
        2,
        "what stands behind the answer is not reached"
    );
    assert_eq!(fate.ending, Ending::Canned(Canned::Json(503)));
    assert_eq!(
        faults.meet(&device).ending,
        Ending::Canned(Canned::Empty(404))
    );
    faults.clear();
    assert_eq!(faults.meet(&device).ending, Ending::Service);
}
