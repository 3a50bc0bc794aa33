//! Keys in other encodings than plain text.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{LETTERS, Scene, bmc, key_lines, random};

fn encodings_of(findings: &[Value]) -> Vec<&str> {
    findings
        .iter()
        .map(|it| it["encoding"].as_str().unwrap())
        .collect()
}

#[test]
fn utf16_of_both_byte_orders_is_searched() {
    let scene = Scene::new();
    for (number, (provider, key, line)) in key_lines(5).into_iter().enumerate() {
        scene.home.record().secret(&key);
        let text = format!("\u{feff}a\r\n{line}\r\n");
        let order = if number % 2 == 0 {
            u16::to_le_bytes
        } else {
            u16::to_be_bytes
        };
        let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
        scene.write(&format!("{provider}.reg"), bytes);
    }
    let findings = scene.findings(&[]);
    assert_eq!(encodings_of(&findings), ["utf16"; 5], "{findings:?}");
    assert!(findings.iter().all(|it| it["line"] == 2));
}

#[test]
fn base64_is_decoded_twice_at_every_offset() {
    let scene = Scene::new();
    for (number, (provider, key, line)) in key_lines(9).into_iter().enumerate() {
        scene.home.record().secret(&key);
        for lead in 0..3 {
            let once = STANDARD.encode(format!("{}{line}\n", "#".repeat(lead)));
            let twice = STANDARD.encode(format!("{}{once}", " ".repeat(lead)));
            let url_safe = URL_SAFE_NO_PAD.encode(format!("{}{line} ~~~???", "#".repeat(lead)));
            let name = format!("{provider}{lead}");
            scene.write(&format!("{name}.once"), format!("data: \"{once}\"\n"));
            scene.write(&format!("{name}.twice"), format!("data: {twice}\n"));
            scene.write(
                &format!("{name}.url"),
                format!("https://a.test/?x={url_safe}&y=1"),
            );
        }
        assert_eq!(scene.findings(&[]).len(), (number + 1) * 9, "{provider}");
    }
    let findings = scene.findings(&[]);
    assert!(encodings_of(&findings).iter().all(|it| *it == "base64"));
    assert!(
        findings
            .iter()
            .filter(|it| it["file"] == "basira0.once")
            .all(|it| it["line"] == 1)
    );
}

#[test]
fn wrapped_base64_and_utf16_in_base64_are_decoded() {
    let scene = Scene::new();
    let text = format!("{}\nkey = {}\n", "line\n".repeat(20), bmc(1));
    let encoded = STANDARD.encode(text);
    let lines: Vec<&[u8]> = encoded.as_bytes().chunks(76).collect();
    scene.write(
        "mail.txt",
        [lines.join(&b'\n'), b"\nnext line\n".to_vec()].concat(),
    );
    let command: Vec<u8> = format!("$k = '{}'", bmc(2))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    scene.write(
        "run.cmd",
        format!("powershell -EncodedCommand {}", STANDARD.encode(command)),
    );
    // A short line of base64 ends with the line.
    scene.write(
        "short.txt",
        format!("{}\nabc\n", STANDARD.encode(format!("ab={}", bmc(3)))),
    );
    let findings = scene.findings(&[]);
    let files: Vec<&Value> = findings.iter().map(|it| &it["file"]).collect();
    assert_eq!(files, ["mail.txt", "run.cmd", "short.txt"]);
}

#[test]
fn fingerprint_is_the_same_in_every_encoding() {
    let scene = Scene::new();
    let key = bmc(4);
    let wide: Vec<u8> = key.encode_utf16().flat_map(u16::to_le_bytes).collect();
    scene
        .write("a", &key)
        .write("b", STANDARD.encode(&key))
        .write("c", wide);
    scene.write(
        "d.ipynb",
        json!({"source": [format!("x = 1\n{key}\n")]}).to_string(),
    );
    let findings = scene.findings(&[]);
    assert_eq!(findings.len(), 4, "{findings:?}");
    let first = &findings[0]["fingerprint"];
    // It depends on the key only, so that it is the same in every run and release.
    let hash = hex::encode(Sha256::digest(key.as_bytes()));
    assert_eq!(first.as_str(), Some(&hash[..16]));
    assert!(findings.iter().all(|it| it["fingerprint"] == *first));
}

#[test]
fn notebooks_and_escaped_texts_are_searched() {
    let scene = Scene::new();
    let (one, two, three) = (bmc(1), bmc(2), random(LETTERS, 32, 3));
    let notebook = json!({"cells": [{"source": [
        format!("import os\nos.environ[\"BRAINMAPS_API_KEY\"] = \"{three}\"\n"),
        format!("print(1)\n{one}\n"),
    ]}]});
    scene.write("a.ipynb", notebook.to_string());
    scene.write(
        "b.txt",
        format!("https://a.test/?key%3D{two}%26x=\\u0022{one}\\u0022"),
    );
    assert_eq!(scene.findings(&[]).len(), 4);
}

fn jwt(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({"alg": "RS256", "typ": "JWT"});
    format!(
        "{}.{}.{}",
        part(&header),
        part(claims),
        random(LETTERS, 300, 1)
    )
}

#[test]
fn jwts_of_known_issuers_are_found_with_their_expiry() {
    let scene = Scene::new();
    let known = jwt(
        &json!({"iss": "https://eloquent-lotus-05.authkit.app", "exp": 1_000_000_000, "x": "y".repeat(3000)}),
    );
    let other = jwt(&json!({"iss": "https://issuer.example", "exp": 1}));
    scene.home.record().secret(&known[known.len() - 40..]);
    scene.write("a.json", format!("{{\"a\":\"{known}\",\"b\":\"{other}\"}}"));
    scene.write("b.txt", STANDARD.encode(format!("token={known}")));
    let document = scene.document(&[]);
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2, "{document}");
    for finding in findings {
        assert_eq!(
            (&finding["kind"], &finding["provider"]),
            (&json!("jwt"), &json!("basic-memory"))
        );
        assert_eq!(finding["issuer"], "https://eloquent-lotus-05.authkit.app");
        assert_eq!(finding["expires_at"], "2001-09-09T01:46:40Z");
        assert_eq!(finding["prefix"], "eyJ");
    }
    assert_eq!(document["other_jwts"], 1);
    let verified = scene.findings(&["--verify", "--yes"]);
    let states: Vec<_> = verified.iter().map(|it| &it["state"]).collect();
    assert_eq!(states, ["revoked", "revoked"], "nothing is sent");
}
