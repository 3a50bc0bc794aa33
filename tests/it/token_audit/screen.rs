//! What an audit prints on a terminal, and the questions of `--fix`.

use insta::assert_snapshot;

use serde_json::json;

use super::{KEY, service, token};
use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};
use crate::support::test_home::TestHome;
use crate::terminal::on_a_terminal;

fn show(home: &TestHome, arguments: &[&str]) -> String {
    let ended = on_a_terminal(home, arguments, "").wait();
    let text = ended.stdout.replace("\r\n", "\n");
    let lines = text.lines().map(str::trim_end);
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn findings_fit_a_terminal_of_80_and_of_40_columns() {
    let (_server, mut home) = service();
    home.set("NO_COLOR", "1").set("COLUMNS", "80");
    let audit = ["token", "audit", "--max-age", "95d", "--unused", "45d"];
    let wide = show(&home, &audit);
    assert!(wide.lines().all(|line| line.chars().count() <= 80));
    assert_snapshot!(wide, @r#"
    SEVERITY  RULE                TOKEN        FINDING             FIX
    warning   old                 old (2)      created 100 days    brainmaps token
                                               ago, more than 95   rotate 2
                                               days
    warning   expires-soon        ending (4)   expires in 3 days,  brainmaps token
                                               within 14 days      rotate 4
    warning   unused              never (9)    never used,         brainmaps token
                                               created 10 days     revoke 9
                                               ago, more than 7
                                               days
    warning   duplicate-name      good (8)     has the name of     brainmaps token
                                               the newer token 1   revoke 8
    info      expired-but-listed  expired (5)  expired 2 days      brainmaps token
                                               ago, and is still   revoke 5
                                               listed
    info      never-expires       forever (6)  never expires: the
                                               service offers no
                                               expiry
    note: "own-credential" is not checked for 1 credential (creation time unknown)
    note: "own-credential" is not checked for 1 credential (expiry unknown)
    6 findings in 9 tokens
    "#);
    home.set("COLUMNS", "40");
    assert_snapshot!(show(&home, &audit), @r#"
    severity:  warning
    rule:      old
    token:     old (2)
    finding:   created 100 days ago, more than 95 days
    fix:       brainmaps token rotate 2

    severity:  warning
    rule:      expires-soon
    token:     ending (4)
    finding:   expires in 3 days, within 14 days
    fix:       brainmaps token rotate 4

    severity:  warning
    rule:      unused
    token:     never (9)
    finding:   never used, created 10 days ago, more than 7 days
    fix:       brainmaps token revoke 9

    severity:  warning
    rule:      duplicate-name
    token:     good (8)
    finding:   has the name of the newer token 1
    fix:       brainmaps token revoke 8

    severity:  info
    rule:      expired-but-listed
    token:     expired (5)
    finding:   expired 2 days ago, and is still listed
    fix:       brainmaps token revoke 5

    severity:  info
    rule:      never-expires
    token:     forever (6)
    finding:   never expires: the service offers no expiry
    note: "own-credential" is not checked for 1 credential (creation time unknown)
    note: "own-credential" is not checked for 1 credential (expiry unknown)
    6 findings in 9 tokens
    "#);
}

#[test]
fn long_ids_are_whole_on_a_terminal_of_80_and_of_120_columns() {
    let id = "f06b1162-99f5-4034-affb-385291d100bd";
    let server = ScriptedServer::start(move |_, _| {
        let old = token(id, "nightly", 100, Some(60), Some(1));
        ScriptedResponse::json(200, &json!({ "results": [old], "next": null }))
    });
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY)
        .set("BRAINMAPS_API_URL", &server.url)
        .set("NO_COLOR", "1");
    for columns in ["80", "120"] {
        home.set("COLUMNS", columns);
        let shown = show(&home, &["token", "audit", "--max-age", "95d"]);
        // In the columns of the token and of the command.
        assert_eq!(shown.matches(id).count(), 2, "{shown}");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn fix_asks_for_each_token_and_revokes_only_on_yes() {
    let (server, mut home) = service();
    home.set("NO_COLOR", "1");
    let audit = [
        "token",
        "audit",
        "--max-age",
        "300d",
        "--within",
        "1d",
        "--fix",
    ];
    // Token 3 yes, 9 no, 8 and 5 by the default.
    let ended = on_a_terminal(&home, &audit, "y\rn\r\r\r\r")
        .wait()
        .expect(9);
    assert!(
        ended
            .stdout
            .contains("Revoke idle (3) of profile `brainmaps`"),
        "{ended}"
    );
    assert!(ended.stdout.contains("✓ Revoked token 3"), "{ended}");
    let changes: Vec<String> = server
        .received()
        .into_iter()
        .filter(|received| received.method == "POST")
        .map(|received| received.path)
        .collect();
    assert_eq!(changes, ["/api/tokens/3/revoke/"]);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn fix_of_every_failing_finding_exits_with_0() {
    let (_server, home) = service();
    let audit = [
        "token",
        "audit",
        "--max-age",
        "300d",
        "--unused",
        "30d",
        "--within",
        "1d",
        "--fix",
    ];
    let ended = on_a_terminal(&home, &audit, "y\ry\ry\rn\rn\r").wait();
    ended.expect(0);
}

#[test]
fn rotation_that_is_refused_is_reported_and_the_audit_continues() {
    let (server, mut home) = service();
    home.set("NO_COLOR", "1");
    let audit = ["token", "audit", "--fix"];
    // Token 2 is not the stored key: its rotation fails. Token 3 is revoked afterwards.
    let ended = on_a_terminal(&home, &audit, "y\ry\rn\rn\rn\rn\r")
        .wait()
        .expect(9);
    assert!(
        ended.stdout.contains("has no stored key to rotate"),
        "{ended}"
    );
    assert!(ended.stdout.contains("✓ Revoked token 3"), "{ended}");
    assert_eq!(server.count("/api/tokens/3/revoke/"), 1);
    assert_eq!(server.count("/api/tokens/2/revoke/"), 0);
}
