//! `token inspect`: the printed facts, and that the token is not printed.

use serde_json::{Value, json};

use crate::support::test_home::{CommandResult, TestHome};

/// Unpadded base64url (RFC 4648 §5), written here so that the program's own is not trusted.
fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for block in bytes.chunks(3) {
        let bits = block
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - block.len()));
        for place in 0..=block.len() {
            let letter = bits >> (18 - 6 * place) & 63;
            text.push(char::from(LETTERS[letter as usize]));
        }
    }
    text
}

fn jwt(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| base64url(value.to_string().as_bytes());
    format!("{}.{}.sig-c4n4ry-nature", part(header), part(claims))
}

fn inspect(home: &TestHome, token: &str, arguments: &[&str]) -> CommandResult {
    home.record().secret(token);
    home.run_with_input(&[&["token", "inspect"], arguments].concat(), token)
}

#[test]
fn the_key_of_each_service_is_recognised_and_not_printed() {
    let hex = "0123456789abcdef".repeat(4);
    let home = TestHome::new();
    for (key, provider, well_formed, prefix) in [
        (
            "bmc_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6".to_owned(),
            "basic-memory",
            true,
            "bmc_",
        ),
        ("bmc_tooshort".to_owned(), "basic-memory", false, "bmc_"),
        (format!("bp_{hex}"), "brainpercent", true, "bp_"),
        (
            format!("bp_{}", hex.to_uppercase()),
            "brainpercent",
            false,
            "bp_",
        ),
        (
            "dbm_ak_k7f3a_s3cr3ts3cr3ts3cr3t".to_owned(),
            "basira",
            true,
            "dbm_ak_k7f3a",
        ),
        (
            "dbm_ak_nosecretatallinthisone".to_owned(),
            "basira",
            false,
            "dbm_ak_",
        ),
    ] {
        let printed = inspect(&home, &key, &["--json"]).expect(0).json();
        assert_eq!(printed["form"], "api_key", "{printed}");
        assert_eq!(printed["services"][0]["provider"], provider);
        assert_eq!(printed["services"].as_array().unwrap().len(), 1);
        assert_eq!(printed["well_formed"], well_formed, "{printed}");
        assert_eq!(
            (&printed["prefix"], &printed["possible"]),
            (&json!(prefix), &json!([]))
        );
        assert_eq!(printed["length"], key.len());
    }
}

#[test]
fn a_token_without_a_known_form_may_belong_to_services_that_document_none() {
    let home = TestHome::new();
    let printed = inspect(&home, "4f1a9b77deadbeef", &["--json"])
        .expect(0)
        .json();
    assert_eq!(
        (&printed["form"], &printed["well_formed"]),
        (&json!("opaque"), &json!(null))
    );
    let possible = printed["possible"].as_array().unwrap();
    let ids: Vec<_> = possible
        .iter()
        .map(|it| it["provider"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["brainmaps", "neuroio"]);
    // The fingerprint is the start of the output of `sha256sum`.
    let printed = inspect(&home, "Bearer hunter2", &["--json"])
        .expect(0)
        .json();
    assert_eq!(
        (&printed["fingerprint"], &printed["scheme"]),
        (&json!("f52fbd32"), &json!("Bearer"))
    );
}

#[test]
fn jwt_claims_are_printed_as_unverified() {
    let home = TestHome::new();
    let claims = json!({
        "iss": "https://eloquent-lotus-05.authkit.app",
        "sub": "user_1\u{1b}[2J\u{202e}",
        "exp": 1_000_000_000, "iat": 999_999_100.5, "aud": ["a", "b"],
        "b\u{7}ad": {"deep": true},
    });
    let token = jwt(&json!({"alg": "RS256", "typ": "JWT"}), &claims);
    let printed = inspect(&home, &token, &[]).expect(0);
    for line in [
        "form:\tJWT (signature not verified)",
        "service:\tBasic Memory Cloud, by the issuer that it names",
        "not verified: the claims are the token's own",
        "header alg:\tRS256",
        "sub:\tuser_1[2J",
        "aud:\t[\"a\",\"b\"]",
        "bad:\t{\"deep\":true}",
        "expired:\tyes",
    ] {
        assert!(
            printed.stdout.lines().any(|it| it == line),
            "no `{line}`: {printed}"
        );
    }
    assert!(
        printed.stdout.contains("exp:\t2001-09-09T01:46:40Z ("),
        "{printed}"
    );
    assert!(
        printed.stdout.contains("iat:\t2001-09-09T01:31:40Z ("),
        "{printed}"
    );
    let document = inspect(&home, &format!("{token}\r\n"), &["--json"])
        .expect(0)
        .json();
    assert_eq!(document["jwt"]["verified"], false);
    assert_eq!(document["jwt"]["expired"], true);
    assert_eq!(document["jwt"]["expires_at"], "2001-09-09T01:46:40Z");
    assert_eq!(document["jwt"]["claims"]["aud"][1], "b");

    let eternal = jwt(
        &json!({"alg": "none"}),
        &json!({"exp": 1e300, "iat": "soon"}),
    );
    let printed = inspect(&home, &eternal, &["--json"]).expect(0).json();
    assert_eq!(printed["services"], json!([]));
    assert_eq!(printed["jwt"]["expired"], Value::Null);
    assert_eq!(printed["jwt"]["issued_at"], Value::Null);
}

#[test]
fn invalid_jwts_are_not_recognised() {
    let home = TestHome::new();
    let header = base64url(b"{\"alg\":\"RS256\"}");
    for (token, form) in [
        (format!("{header}.{header}.x.x.secretpart"), "encrypted_jwt"),
        (format!("{header}.{header}"), "opaque"),
        (format!("{header}.!!!!.secretpart"), "opaque"),
        (
            format!("{header}.{}.secretpart", base64url(b"[1]")),
            "opaque",
        ),
        (
            format!("{}.{header}.secretpart", base64url(b"{}")),
            "opaque",
        ),
        ("......".to_owned(), "opaque"),
        ("\u{e9}\u{e8}\u{1f511} opaque".to_owned(), "opaque"),
    ] {
        let printed = inspect(&home, &token, &["--json"]).expect(0).json();
        assert_eq!(printed["form"], form, "{token}");
    }
}

#[test]
fn inspect_reads_a_token_from_stdin_only() {
    let home = TestHome::new();
    assert_eq!(inspect_without_input(&home, "").error_code(), "USAGE");
    assert_eq!(
        inspect_without_input(&home, "two\nlines\n").error_code(),
        "USAGE"
    );
    assert_eq!(
        inspect_without_input(&home, "an\u{1b}[31mswer").error_code(),
        "USAGE"
    );
    home.run(&["token", "inspect", "bp_c4n4ry"]).expect(2);
    assert!(!home.data().exists(), "nothing is stored");
}

fn inspect_without_input(home: &TestHome, input: &str) -> CommandResult {
    home.run_with_input(&["token", "inspect", "--json"], input)
        .expect(2)
}
