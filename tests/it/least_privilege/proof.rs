//! The new token is verified against the record. If that fails, it is revoked and the old one stays in use.

use serde_json::json;

use crate::support::key_service::{CreatedKey, KeyService, home_with_description};
use crate::support::test_home::TestHome;
use crate::terminal::interrupt_at_prompt;

const OLD_KEY: &str = "old-c4n4ry-key-of-a-test";
const NEW_KEY: &str = "new-c4n4ry-key-of-a-test";

/// Continues the description.
const RIGHTS: &str = r#"
prefix = "/prefix"
[tokens.create]
call = "POST /keys"
json = { name = "{name}", scopes = "{scopes}" }
secret = "/key"
[[tokens.needs]]
requests = ["GET /maps", "GET /maps/**"]
scope = "maps:read"
"#;

/// How the service differs from its description.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Deviation {
    None,
    /// The new key needs another scope to read the maps.
    RefusesMaps,
    /// A new token has every scope of the old one.
    KeepsScopes,
}

pub(super) struct Maps {
    pub(super) home: TestHome,
    service: KeyService,
}

impl Maps {
    pub(super) fn start(deviation: Deviation) -> Self {
        let scopes = json!(["maps:read", "maps:write"]);
        let old = json!({ "id": "old", "name": "ci", "scopes": scopes, "prefix": "old-c4n4" });
        let created = CreatedKey {
            key: NEW_KEY,
            facts: Box::new(move |body| {
                let keeps_scopes = deviation == Deviation::KeepsScopes;
                let scopes = if keeps_scopes {
                    &scopes
                } else {
                    &body["scopes"]
                };
                json!({ "scopes": scopes, "prefix": "new-c4n4" })
            }),
            forbidden: (deviation == Deviation::RefusesMaps).then_some("/maps"),
        };
        let service = KeyService::start(old, created);
        let home = home_with_description(RIGHTS);
        #[rustfmt::skip]
        let login = ["--profile", "maps", "--api-url", &service.server.url, "login", "--with-token"];
        home.run_with_input(&login, OLD_KEY).expect(0);
        for path in ["/maps", "/maps/7"] {
            home.run(&["--profile", "maps", "api", path]).expect(0);
        }
        Self { home, service }
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.service.ids()
    }
}

const ROTATE: &[&str] = &[
    "--profile",
    "maps",
    "token",
    "rotate",
    "old",
    "--narrow",
    "--yes",
    "--observed",
    "0d",
];

#[test]
fn recorded_requests_of_single_resources_are_sent_with_the_new_key() {
    let maps = Maps::start(Deviation::None);
    let before = maps.service.server.received().len();
    let rotated = maps.home.run(ROTATE).expect(0);
    assert!(
        rotated
            .stderr
            .contains("scopes: maps:read maps:write -> maps:read"),
        "{rotated}"
    );
    let received = maps.service.server.received();
    let of_new = received[before..].iter();
    let of_new = of_new.filter(|it| it.header("x-api-key") == Some(NEW_KEY));
    let sent: Vec<_> = of_new
        .map(|it| format!("{} {}", it.method, it.path))
        .collect();
    assert_eq!(sent[0], "GET /maps", "{sent:?}");
    assert!(!sent.contains(&"GET /maps/7".to_owned()), "{sent:?}");
    assert_eq!(maps.ids(), ["new"]);
}

#[test]
fn ctrl_c_at_the_question_about_the_new_rights_changes_nothing() {
    let maps = Maps::start(Deviation::None);
    let rotate = "--profile maps token rotate old --narrow --observed 0d";
    let question = "Rotate the token to the new rights?";
    interrupt_at_prompt(&maps.home, rotate, question, &[]);
    assert_eq!(maps.ids(), ["old"]);
}

#[test]
fn new_token_is_revoked_if_the_service_refuses_a_recorded_request() {
    let maps = Maps::start(Deviation::RefusesMaps);
    let refused = maps.home.run(ROTATE).expect(1);
    assert!(
        refused.stderr.contains("responds to GET /maps with 403"),
        "{refused}"
    );
    assert_eq!(maps.ids(), ["old"]);
    maps.home
        .run(&["--profile", "maps", "api", "/maps"])
        .expect(0);
}

#[test]
fn new_token_is_revoked_if_the_service_gives_it_other_rights() {
    let maps = Maps::start(Deviation::KeepsScopes);
    let refused = maps.home.run(ROTATE).expect(1);
    assert!(
        refused
            .stderr
            .contains("did not give the new token the requested rights"),
        "{refused}"
    );
    assert_eq!(maps.ids(), ["old"]);
}

#[test]
fn stored_key_is_found_by_the_beginning_that_the_list_shows() {
    let maps = Maps::start(Deviation::None);
    #[rustfmt::skip]
    let audit = ["--profile", "maps", "token", "audit", "--observed", "0d", "--format", "{rule} {id} {fix}"];
    let found = maps.home.run(&audit).expect(9).stdout;
    assert!(
        found.contains("wider-than-used old brainmaps --profile maps token rotate old --narrow"),
        "{found}"
    );
}
