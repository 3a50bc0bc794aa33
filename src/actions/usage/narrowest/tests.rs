//! Tables: a record, a description and a token, and the rights that follow from them.

use jiff::Timestamp;

use super::*;
use crate::domain::{HandedOut, RequestPattern, UsedRequest};

fn day(day: i8) -> Date {
    Date::constant(2026, 11, day)
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn need(requests: &[&str], permission: Option<&str>, scope: Option<&str>) -> RequestNeed {
    let requests = requests.iter();
    let requests = requests.map(|it| RequestPattern::try_from((*it).to_owned()).unwrap());
    RequestNeed {
        requests: requests.collect(),
        permission: permission.map(str::to_owned),
        scope: scope.map(str::to_owned),
    }
}

fn needs() -> Vec<RequestNeed> {
    vec![
        need(&["GET /**"], Some("read"), None),
        need(&["POST /**", "PUT /**"], Some("write"), None),
        need(&["* /articles", "* /articles/**"], None, Some("articles")),
        need(&["* /social/**"], None, Some("social")),
        need(&["* /social/publish"], None, Some("publish")),
    ]
}

fn token() -> ApiToken {
    ApiToken {
        permissions: Some(words("read write")),
        scopes: Some(words("articles social user publish")),
        ..ApiToken::default()
    }
}

fn usage(requests: &[&str]) -> CredentialUsage {
    let mut usage = CredentialUsage::default();
    for request in requests {
        let (method, path) = request.split_once(' ').unwrap();
        usage.add_request(UsedRequest::new(method, path, day(1)));
    }
    usage
}

fn decide(
    needs: &[RequestNeed],
    token: &ApiToken,
    usage: Option<&CredentialUsage>,
) -> Result<String, Undecided> {
    let seen = Observation {
        needs,
        token,
        usage,
        today: day(15),
        required: 14,
    };
    narrowest(&seen).map(|rights| rights.to_string())
}

#[test]
fn rights_are_those_of_all_recorded_requests() {
    for (requests, expected) in [
        (&["GET /articles"][..], "permissions read, scopes articles"),
        (
            &["HEAD /articles/art_1"],
            "permissions read, scopes articles",
        ),
        (
            &["GET /articles", "POST /social/generate"],
            "permissions read write, scopes articles social",
        ),
        (
            &["PUT /social/publish"],
            "permissions write, scopes publish social",
        ),
        // The id may be the word of another entry.
        (
            &["PUT /social/7"],
            "permissions write, scopes publish social",
        ),
        (
            &["GET /articles/*/status"],
            "permissions read, scopes articles",
        ),
    ] {
        let usage = usage(requests);
        let found = decide(&needs(), &token(), Some(&usage));
        assert_eq!(found.as_deref(), Ok(expected), "{requests:?}");
    }
}

#[test]
fn kind_of_right_that_is_not_described_stays() {
    let permissions = &needs()[..2];
    let used = usage(&["GET /anything"]);
    let found = decide(permissions, &token(), Some(&used));
    assert_eq!(found.as_deref(), Ok("permissions read"));
    let no_scopes = ApiToken {
        scopes: None,
        ..token()
    };
    assert!(decide(permissions, &no_scopes, Some(&used)).is_ok());
    assert_eq!(decide(&[], &token(), Some(&used)), Err(Undecided::NoNeeds));
}

#[test]
fn nothing_is_claimed_that_is_not_recorded_and_described() {
    let read = usage(&["GET /articles"]);
    let not_described = |request: &str, fact| Undecided::NotDescribed {
        request: request.to_owned(),
        fact,
    };
    for (used, expected) in [
        (
            &["GET /user/credits"][..],
            not_described("GET /user/credits", TokenFact::Scopes),
        ),
        (&["GET /7"], not_described("GET /*", TokenFact::Scopes)),
        (
            &["GET //articles"],
            not_described("GET //articles", TokenFact::Scopes),
        ),
        (
            &["DELETE /articles/1"],
            not_described("DELETE /articles/*", TokenFact::Permissions),
        ),
    ] {
        let used = usage(used);
        assert_eq!(decide(&needs(), &token(), Some(&used)), Err(expected));
    }
    assert_eq!(
        decide(&needs(), &token(), None),
        Err(Undecided::NotRecorded)
    );
    let mut handed_out = read.clone();
    handed_out.add_handover(HandedOut {
        to: "git".to_owned(),
        first: day(1),
        last: day(1),
    });
    let to = "git".to_owned();
    assert_eq!(
        decide(&needs(), &token(), Some(&handed_out)),
        Err(Undecided::HandedOut { to })
    );
    let mut recent = CredentialUsage::default();
    recent.add_request(UsedRequest::new("GET", "/articles", day(2)));
    let (days, required) = (13, 14);
    assert_eq!(
        decide(&needs(), &token(), Some(&recent)),
        Err(Undecided::TooShort { days, required })
    );
}

#[test]
fn token_whose_rights_are_unknown_or_that_is_used_elsewhere_is_undecided() {
    type Change = fn(&mut ApiToken);
    let scopes = Undecided::UnknownRights(TokenFact::Scopes);
    let missing = Undecided::NotListed {
        right: "permission read".to_owned(),
    };
    #[rustfmt::skip]
    let rows: [(Change, Undecided); 5] = [
        (|it| it.scopes = None, scopes.clone()),
        (|it| it.scopes = Some(Vec::new()), scopes.clone()),
        (|it| it.unreadable = vec![TokenFact::Scopes], scopes),
        (|it| it.permissions = Some(words("write")), missing),
        (|it| it.last_used_at = Some("2026-11-02T00:00:00Z".parse::<Timestamp>().unwrap()), Undecided::UsedElsewhere),
    ];
    let used = usage(&["GET /articles"]);
    for (change, expected) in rows {
        let mut token = token();
        change(&mut token);
        assert_eq!(decide(&needs(), &token, Some(&used)), Err(expected));
    }
    let same_day = ApiToken {
        last_used_at: Some("2026-11-01T23:00:00Z".parse::<Timestamp>().unwrap()),
        ..token()
    };
    assert!(decide(&needs(), &same_day, Some(&used)).is_ok());
}

#[test]
fn unused_rights_are_those_beyond_the_needed_ones() {
    let rights = NarrowRights {
        permissions: Some(words("read")),
        scopes: None,
    };
    assert_eq!(rights.unused(&token()), ["permission write"]);
    let narrow = ApiToken {
        permissions: Some(words("read")),
        ..token()
    };
    assert!(rights.are_rights_of(&narrow) && !rights.are_rights_of(&token()));
    assert!(!rights.are_rights_of(&ApiToken::default()), "not reported");
}
