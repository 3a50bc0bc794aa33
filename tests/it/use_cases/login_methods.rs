//! Logins by the services' own calls. Requests and responses are taken from the services' documents.

use brainmaps::actions::{
    ActionError, LoginOptions, LoginResult, Participation, PreparedLogin, Purpose,
    RevocationOutcome, TypedLogin, Verification, choose_login_method, login_with_api_key,
    login_with_cookie, login_with_password,
};
use brainmaps::domain::{CredentialKind, RepeatedOptions, Secret};
use brainmaps::http::Response;
use brainmaps::service::ServiceError;
use serde_json::{Value, json};

use super::fixture::{API, BEGIN, Fixture, canary, error_chain, key, secret, target};
use super::network::{self, connection_refused};

pub(super) const NEUROIO: &str = "https://iam.neuroio.com";
pub(super) const BASIRA: &str = "https://api.usebasira.com";
const BRAINPERCENT: &str = "https://brainpercent.app";

/// A service with a password login: profile, request, body, response, and the header of the session.
struct PasswordService {
    profile: &'static str,
    origin: &'static str,
    login: &'static str,
    body: Value,
    response: Value,
    kind: CredentialKind,
    header: String,
    whoami: &'static str,
    ends: Option<i64>,
}

fn password_services() -> [PasswordService; 3] {
    let (session, password) = (canary("session"), canary("password"));
    [
        PasswordService {
            profile: "brainmaps",
            origin: API,
            login: "POST /api/auth/login/",
            body: json!({"email": "me@a.b", "password": password}),
            response: json!({"token": session, "user": {"id": 1, "email": "me@a.b", "first_name": "M", "last_name": "E"}}),
            kind: CredentialKind::SessionToken,
            header: format!("Token {session}"),
            whoami: "GET /api/auth/me/",
            ends: None,
        },
        PasswordService {
            profile: "neuroio",
            origin: NEUROIO,
            login: "POST /v1/auth/token/",
            body: json!({"username": "me@a.b", "password": password}),
            response: json!({"user": {"username": "me@a.b"}, "token": {"id": 17, "key": session, "is_active": true,
                "created": "2027-01-15T08:00:00Z", "expires": "2027-01-16T08:00:00Z"}}),
            kind: CredentialKind::SessionToken,
            header: format!("Token {session}"),
            whoami: "GET /v1/whoami/",
            ends: Some(86_400),
        },
        PasswordService {
            profile: "basira",
            origin: BASIRA,
            login: "POST /api/v1/auth/login",
            body: json!({"email": "me@a.b", "password": password}),
            response: json!({"access_token": session, "refresh_token": canary("refresh"), "expires_in": 900}),
            kind: CredentialKind::AccessToken,
            header: format!("Bearer {session}"),
            whoami: "GET /api/v1/databases",
            ends: Some(900),
        },
    ]
}

fn url(service: &PasswordService, line: &str) -> String {
    line.replacen(' ', &format!(" {}", service.origin), 1)
}

async fn sign_in(fixture: &Fixture, profile: &str) -> Result<LoginResult, ActionError> {
    let done = login_with_password(
        &fixture.profile(profile),
        "me@a.b",
        &secret("password"),
        None,
    )
    .await;
    fixture.assert_events_have_no_secret();
    done
}

#[tokio::test(start_paused = true)]
async fn a_password_login_stores_a_session_at_each_service() {
    for service in password_services() {
        let fixture = Fixture::new();
        let response = network::json(200, &service.response);
        fixture
            .network
            .add_response(&url(&service, service.login), response);
        let done = sign_in(&fixture, service.profile).await.unwrap();
        assert_eq!(
            (done.kind, done.origin.as_str()),
            (service.kind, service.origin)
        );
        assert_eq!(done.account.as_deref(), Some("me@a.b"));
        let ends = done.expires_at.map(|end| end.as_second() - BEGIN);
        assert_eq!(ends, service.ends, "{}", service.profile);
        let seen = &fixture.network.requests()[0];
        assert_eq!(seen.line(), service.login);
        assert_eq!(
            serde_json::from_str::<Value>(&seen.body).unwrap(),
            service.body
        );
        assert!(seen.authorization().is_empty());
        let file = std::fs::read_to_string(fixture.credential_file(service.profile)).unwrap();
        assert!(
            !file.contains(&canary("password")),
            "the password is stored"
        );

        let me = network::json(200, &json!({"email": "me@a.b", "username": "me@a.b"}));
        fixture
            .network
            .add_response(&url(&service, service.whoami), me);
        let context = fixture.profile(service.profile);
        context
            .session(&target(&context))
            .check_status()
            .await
            .unwrap();
        assert_eq!(
            fixture.network.requests().last().unwrap().authorization(),
            service.header
        );
        fixture
            .network
            .assert_sent_only_to(&canary("session"), service.origin);
        fixture
            .network
            .assert_sent_only_to(&canary("password"), service.origin);
    }
}

/// The response of each service to wrong credentials.
fn wrong_pairs() -> [(usize, Response); 5] {
    let quoted = format!("no match for {}", canary("password"));
    [
        (0, network::json(401, &json!({"detail": quoted}))),
        (
            1,
            network::json(
                400,
                &json!({"error_codes": [602], "message": quoted, "fields": []}),
            ),
        ),
        (
            1,
            network::json(
                401,
                &json!({"error_codes": [602], "message": quoted, "fields": []}),
            ),
        ),
        (2, network::json(401, &json!({"error": quoted}))),
        (
            2,
            network::text(401, "text/html", &format!("<html>{quoted}")),
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_sent_once_and_changes_nothing() {
    for (which, response) in wrong_pairs() {
        let fixture = Fixture::new();
        let service = &password_services()[which];
        let before = key(service.profile, service.origin, "before");
        fixture.store(service.profile, &before).await;
        fixture
            .network
            .add_response(&url(service, service.login), response);
        let error = sign_in(&fixture, service.profile).await.unwrap_err();
        let wrong = matches!(error, ActionError::Service(ServiceError::WrongPassword(_)));
        assert!(wrong, "{}: {}", service.profile, error_chain(&error));
        assert_eq!(fixture.network.lines(), [service.login]);
        assert_eq!(fixture.stored(service.profile), Some(before));
    }
}

#[tokio::test(start_paused = true)]
async fn a_login_request_is_never_sent_twice() {
    let unavailable = || network::with_header(network::json(503, &json!({})), "retry-after", "1");
    for service in password_services() {
        let fixture = Fixture::new();
        fixture.network.add_script(move |_| Some(Ok(unavailable())));
        assert!(sign_in(&fixture, service.profile).await.is_err());
        assert_eq!(fixture.network.requests().len(), 1, "{}", service.profile);

        let fixture = Fixture::new();
        fixture
            .network
            .add_script(|seen| Some(Err(connection_refused(seen))));
        assert!(sign_in(&fixture, service.profile).await.is_err());
        assert_eq!(fixture.network.requests().len(), 1, "{}", service.profile);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rate_limited_login_is_reported_with_the_documented_limit() {
    let fixture = Fixture::new();
    let service = &password_services()[2];
    let response = network::json(429, &json!({"error": "slow down"}));
    fixture
        .network
        .add_response(&url(service, service.login), response);
    let error = sign_in(&fixture, "basira").await.unwrap_err();
    let failure = brainmaps::cli::Failure::from(error);
    assert_eq!(failure.code, brainmaps::cli::Code::RateLimited);
    assert!(
        failure
            .hint_line(&RepeatedOptions::default())
            .unwrap()
            .contains("10 an hour"),
        "{failure:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_redirect_gets_no_password() {
    let fixture = Fixture::new();
    let service = &password_services()[0];
    let away = network::with_header(
        network::text(307, "text/plain", ""),
        "location",
        "https://evil.test/",
    );
    fixture
        .network
        .add_response(&url(service, service.login), away);
    sign_in(&fixture, "brainmaps").await.unwrap_err();
    assert_eq!(fixture.network.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_unsupported_login_method_is_rejected_without_a_request() {
    let fixture = Fixture::new();
    for profile in ["brainpercent", "basic-memory", "oauth2"] {
        let error = sign_in(&fixture, profile).await.unwrap_err();
        assert!(
            matches!(error, ActionError::UnsupportedLoginMethod { .. }),
            "{error}"
        );
    }
    for profile in ["brainmaps", "neuroio", "basira", "basic-memory"] {
        let cookie = Secret::new("a=b");
        let error =
            login_with_cookie(&fixture.profile(profile), &cookie, None, Verification::Skip).await;
        assert!(matches!(
            error,
            Err(ActionError::UnsupportedLoginMethod { .. })
        ));
    }
    assert_eq!(fixture.network.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_cookie_is_sent_as_cookie_and_has_no_known_expiry() {
    let fixture = Fixture::new();
    let context = fixture.profile("brainpercent");
    let pasted = Secret::new(format!("Cookie: sid={}; theme=dark", canary("cookie")));
    let done = login_with_cookie(&context, &pasted, None, Verification::Skip)
        .await
        .unwrap();
    assert_eq!((done.kind, done.expires_at), (CredentialKind::Cookie, None));
    let keys = network::json(200, &json!({"success": true, "data": []}));
    fixture
        .network
        .add_response(&format!("GET {BRAINPERCENT}/api/v1/api-keys"), keys);
    context
        .session(&target(&context))
        .check_status()
        .await
        .unwrap();
    let seen = &fixture.network.requests()[0];
    let sent = seen.headers.get("cookie").unwrap().to_str().unwrap();
    assert_eq!(sent, format!("sid={}; theme=dark", canary("cookie")));
    assert!(seen.authorization().is_empty());
    fixture.assert_events_have_no_secret();

    let error = login_with_cookie(&context, &secret("no-cookie"), None, Verification::Skip)
        .await
        .unwrap_err();
    assert!(error_chain(&error).contains("name=value"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_default_login_method_is_the_first_supported_one() {
    let described = |device: bool| {
        let mut metadata = json!({"issuer": API, "token_endpoint": format!("{API}/t")});
        if device {
            metadata["device_authorization_endpoint"] = json!(format!("{API}/d"));
        }
        network::json(200, &metadata)
    };
    let nothing = network::json(404, &json!({"detail": "Not found."}));
    let page = network::text(200, "text/html", "<html>BrainMaps</html>");
    for (response, expected) in [
        (described(true), "device"),
        (described(false), "password"),
        (nothing, "password"),
        (page, "password"),
    ] {
        let fixture = Fixture::new();
        fixture
            .network
            .add_script(move |_| Some(Ok(response.clone())));
        assert_eq!(
            chosen_method(&fixture, "brainmaps").await.unwrap(),
            expected
        );
    }
    let fixture = Fixture::new();
    for (profile, expected) in [
        ("neuroio", "password"),
        ("basira", "password"),
        ("brainpercent", "cookie"),
    ] {
        assert_eq!(chosen_method(&fixture, profile).await.unwrap(), expected);
    }
    assert_eq!(
        fixture.network.lines(),
        [""; 0],
        "no metadata is requested for a service with one method"
    );
    assert!(
        chosen_method(&fixture, "brainmaps").await.is_err(),
        "an unreachable server has no known methods"
    );
}

async fn chosen_method(fixture: &Fixture, profile: &str) -> Result<&'static str, ActionError> {
    let user = Participation {
        can_wait: true,
        has_terminal: true,
        is_oauth_only: false,
    };
    let context = fixture.profile(profile);
    let found = choose_login_method(&context, &LoginOptions::default(), user).await?;
    Ok(match found.login {
        PreparedLogin::Device(_) => "device",
        PreparedLogin::Browser(_) => "browser",
        PreparedLogin::Paste(_) => "paste",
        PreparedLogin::ClientCredentials(_) => "client credentials",
        PreparedLogin::NeedsApproval => "approval",
        PreparedLogin::Typed(TypedLogin::Password(_)) => "password",
        PreparedLogin::Typed(TypedLogin::Cookie(_)) => "cookie",
        PreparedLogin::Typed(TypedLogin::ApiKey) => "token",
    })
}

#[tokio::test(start_paused = true)]
async fn the_key_of_another_service_is_recognised_and_not_sent() {
    let fixture = Fixture::new();
    let well_formed = Secret::new(format!("bmc_{}", "a1b2".repeat(8)));
    for profile in ["neuroio", "brainmaps"] {
        let error = login_with_api_key(
            &fixture.profile(profile),
            well_formed.clone(),
            None,
            Verification::Skip,
        )
        .await;
        let error = error.unwrap_err();
        assert!(
            error_chain(&error).contains("it is a key of Basic Memory Cloud"),
            "{error}"
        );
        let failure = brainmaps::cli::Failure::from(error);
        assert_eq!(failure.code, brainmaps::cli::Code::Usage);
        let hint = failure.hint_line(&RepeatedOptions::default()).unwrap();
        assert!(
            hint.contains("--profile basic-memory login --with-token"),
            "{hint}"
        );
        assert!(fixture.stored(profile).is_none());
    }
    let odd = Secret::new("bmc_short");
    let error =
        login_with_api_key(&fixture.profile("neuroio"), odd, None, Verification::Skip).await;
    assert!(error_chain(&error.unwrap_err()).contains("it is a key of Basic Memory Cloud"));
    let plain = Secret::new("short");
    login_with_api_key(&fixture.profile("neuroio"), plain, None, Verification::Skip)
        .await
        .unwrap();
    assert_eq!(fixture.network.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn logout_sends_the_documented_request_of_each_service() {
    let lines = [
        Some("POST /api/auth/logout/"),
        Some("DELETE /v1/tokens/17/"),
        None,
    ];
    for (service, line) in password_services().into_iter().zip(lines) {
        let fixture = Fixture::new();
        let response = network::json(200, &service.response);
        fixture
            .network
            .add_response(&url(&service, service.login), response);
        sign_in(&fixture, service.profile).await.unwrap();
        fixture.network.clear_requests();
        if let Some(line) = line {
            fixture
                .network
                .add_response(&url(&service, line), network::text(204, "text/plain", ""));
        }
        let context = fixture.profile(service.profile);
        let done = context
            .session(&target(&context))
            .logout(false)
            .await
            .unwrap();
        let expected = line.map_or(RevocationOutcome::NotOffered, |_| {
            RevocationOutcome::Revoked
        });
        assert_eq!(
            (done.server, done.deleted),
            (expected, true),
            "{}",
            service.profile
        );
        let seen = fixture.network.requests();
        assert_eq!(fixture.network.lines(), Vec::from_iter(line));
        assert!(
            seen.iter()
                .all(|seen| seen.authorization() == service.header)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn logout_without_the_session_id_does_not_revoke_all_sessions() {
    let fixture = Fixture::new();
    for id in [None, Some(""), Some(".."), Some(".")] {
        let mut stored = key("neuroio", NEUROIO, "session");
        stored.credential.kind = CredentialKind::SessionToken;
        stored.token_id = id.map(str::to_owned);
        fixture.store("neuroio", &stored).await;
        let context = fixture.profile("neuroio");
        let done = context.session(&target(&context)).logout(false).await;
        assert!(
            !matches!(&done, Ok(done) if done.server == RevocationOutcome::Revoked),
            "{done:?}"
        );
        assert!(fixture.stored("neuroio").is_none());
    }
    assert_eq!(fixture.network.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_final_expiry_is_announced_in_the_last_tenth_of_the_lifetime() {
    for (passed, warned) in [(77_000, 0), (77_800, 1), (86_399, 1)] {
        let fixture = Fixture::new();
        let service = &password_services()[1];
        let response = network::json(200, &service.response);
        fixture
            .network
            .add_response(&url(service, service.login), response);
        sign_in(&fixture, "neuroio").await.unwrap();
        let me = network::json(200, &json!({"username": "me", "space": null}));
        fixture
            .network
            .add_response(&url(service, service.whoami), me);
        fixture.advance(passed).await;
        let context = fixture.profile("neuroio");
        context
            .session(&target(&context))
            .check_status()
            .await
            .unwrap();
        assert_eq!(
            fixture.warnings().len(),
            warned,
            "{passed}: {:?}",
            fixture.warnings()
        );
        // The next command has a new context, at a terminal.
        let mut context = fixture.profile("neuroio");
        context.options.shows_notices = true;
        let access = brainmaps::actions::AuthenticatedClient::open(
            context.session(&target(&context)),
            Purpose::Read,
        )
        .map(drop);
        access.unwrap();
        let warnings = fixture.warnings();
        assert_eq!(
            warnings.len(),
            2 * warned,
            "the first use of a day warns too: {warnings:?}"
        );
        assert!(
            warnings
                .iter()
                .all(|text| text.contains("--profile neuroio login"))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_verification_mail_is_requested_if_documented() {
    let fixture = Fixture::new();
    let service = &password_services()[2];
    let response = network::json(200, &service.response);
    fixture
        .network
        .add_response(&url(service, service.login), response);
    sign_in(&fixture, "basira").await.unwrap();
    fixture.network.clear_requests();
    let line = "POST /api/v1/auth/resend-verification";
    fixture
        .network
        .add_response(&url(service, line), network::json(202, &json!({})));
    let context = fixture.profile("basira");
    let limit = context
        .session(&target(&context))
        .resend_verification()
        .await
        .unwrap();
    assert_eq!(limit.as_deref(), Some("5 an hour, 60 seconds apart"));
    let seen = &fixture.network.requests()[0];
    assert_eq!(
        (seen.line(), seen.authorization()),
        (line.to_owned(), service.header.as_str())
    );

    fixture.network.add_response(
        &url(service, line),
        network::json(429, &json!({"error": "slow down"})),
    );
    let error = context
        .session(&target(&context))
        .resend_verification()
        .await
        .unwrap_err();
    let failure = brainmaps::cli::Failure::from(error);
    assert_eq!(failure.code, brainmaps::cli::Code::RateLimited);
    assert!(
        failure
            .hint_line(&RepeatedOptions::default())
            .unwrap()
            .contains("60 seconds apart"),
        "{failure:?}"
    );
    assert_eq!(
        fixture.network.count(line),
        2,
        "the request is not sent again"
    );

    for profile in ["brainmaps", "neuroio", "brainpercent", "basic-memory"] {
        let context = fixture.profile(profile);
        let error = context
            .session(&target(&context))
            .resend_verification()
            .await
            .unwrap_err();
        let unsupported = matches!(
            error,
            ActionError::Service(ServiceError::Unsupported { .. })
        );
        assert!(unsupported, "{profile}: {error}");
    }
}
