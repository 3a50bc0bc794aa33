//! Text, JSON and SARIF; the baseline and comments. No output has the key.

use serde_json::{Value, json};

use super::{Scene, bmc, key_lines};

#[test]
#[ignore = "slow: run by ./tests/run"]
fn no_format_prints_a_key() {
    let scene = Scene::repository();
    let mut keys = Vec::new();
    for (provider, key, line) in key_lines(3) {
        scene.write(&format!("{provider}.txt"), line);
        // Every part of the key that is long enough to be recognized.
        let hidden = key
            .trim_start_matches("bmc_")
            .trim_start_matches("bp_")
            .trim_start_matches("dbm_ak_");
        hidden
            .as_bytes()
            .chunks(6)
            .filter(|part| part.len() == 6)
            .for_each(|part| {
                scene
                    .home
                    .record()
                    .secret(std::str::from_utf8(part).unwrap());
            });
        keys.push(key);
    }
    scene.git(&["add", "."]);
    for source in [&[][..], &["--staged"], &["--no-ignore"]] {
        for format in [
            &[][..],
            &["--json"],
            &["--sarif"],
            &["--jq", "."],
            &["-vv"],
            &["--format", "{file} {prefix} {fingerprint}"],
        ] {
            scene.scan(&[source, format].concat()).expect(9);
        }
    }
    scene.commit("a");
    scene.scan(&["--history"]).expect(9);
    let baseline = ["--baseline", "accepted.txt", "--update-baseline"];
    scene.scan(&baseline).expect(0);
    let written = std::fs::read_to_string(scene.path("accepted.txt")).unwrap();
    assert!(
        keys.iter()
            .all(|key| !written.contains(&key[key.len() - 6..])),
        "{written}"
    );
}

#[test]
fn text_has_one_line_for_each_key_and_a_summary_on_stderr() {
    let scene = Scene::new();
    scene.write("a.txt", format!("k={}", bmc(1)));
    let printed = scene.scan(&[]).expect(9);
    let cells: Vec<&str> = printed.stdout.trim_end().split('\t').collect();
    assert_eq!(
        cells[..3],
        ["basic-memory", "API key", "a.txt:1:3"],
        "{printed}"
    );
    assert_eq!(printed.stdout.lines().count(), 1);
    assert!(
        printed.stderr.contains("found 1 key in 1 file"),
        "{printed}"
    );
}

#[test]
fn sarif_has_rules_places_and_fingerprints() {
    let scene = Scene::new();
    scene.write("a dir/ä.txt", format!("\nk={}", bmc(1)));
    let log = scene.scan(&["--sarif"]).expect(9).json();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let result = &run["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        place["artifactLocation"],
        json!({"uri": "a%20dir/%C3%A4.txt", "uriBaseId": "%SRCROOT%"})
    );
    assert_eq!(place["region"], json!({"startLine": 2, "startColumn": 3}));
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(
        rules.iter().any(|rule| rule["id"] == result["ruleId"]),
        "{log}"
    );
    let fingerprint = scene.findings(&[])[0]["fingerprint"].clone();
    assert_eq!(
        result["partialFingerprints"]["brainmapsKey/v1"],
        fingerprint
    );
    let empty = scene
        .scan_in(scene.home.path(), &["--stdin", "--sarif"], "nothing")
        .expect(0);
    let run = &empty.json()["runs"][0];
    assert_eq!(run["results"], json!([]));
    let invocation = json!({"executionSuccessful": true, "toolExecutionNotifications": []});
    assert_eq!(run["invocations"], json!([invocation]));
}

#[test]
fn the_baseline_accepts_keys_and_not_lines() {
    let scene = Scene::new();
    scene.write("a.txt", format!("k={}\n", bmc(1)));
    let missing = scene.scan(&["--baseline", "known.txt", "--json"]).expect(2);
    assert_eq!(missing.error_code(), "USAGE");
    let missing = missing.json().to_string();
    assert!(missing.contains("No such file or directory"), "{missing}");
    let updated = scene
        .scan(&["--baseline", "known.txt", "--update-baseline"])
        .expect(0);
    assert_eq!(updated.stderr, "✓ Wrote 1 fingerprint to known.txt\n");
    let written = std::fs::read_to_string(scene.path("known.txt")).unwrap();
    assert!(written.contains(" basic-memory a.txt\n"), "{written}");
    let document = scene.document(&["--baseline", "known.txt"]);
    assert_eq!(
        (&document["findings"], &document["baselined"]),
        (&json!([]), &json!(1))
    );
    // The key moved: it is still accepted. A new key on the old line is not.
    scene.write("b.txt", format!("\n\nk={}\n", bmc(1)));
    scene.write("a.txt", format!("k={}\n", bmc(2)));
    assert_eq!(scene.places(&["--baseline", "known.txt"]), ["a.txt:1:3"]);
    scene
        .scan(&["--baseline", "known.txt", "--update-baseline"])
        .expect(0);
    let lines = std::fs::read_to_string(scene.path("known.txt")).unwrap();
    let lines: Vec<&str> = lines.lines().skip(1).collect();
    assert_eq!(lines.len(), 2);
    assert!(lines.is_sorted());
    scene.write("known.txt", "not a fingerprint\n");
    let malformed = scene.scan(&["--baseline", "known.txt", "--json"]).expect(2);
    assert_eq!(malformed.error_code(), "CONFIG");
}

#[test]
fn a_comment_allows_the_keys_of_its_line() {
    let scene = Scene::new();
    let (one, two) = (bmc(1), bmc(2));
    scene.write(
        "a.rs",
        format!("f(\"{one}\"); // brainmaps:allow: a fixture\nf(\"{two}\");\n"),
    );
    let document = scene.document(&[]);
    assert_eq!(document["allowed"], 1);
    assert_eq!(document["findings"].as_array().unwrap().len(), 1);
    assert_eq!(document["findings"][0]["line"], 2);
}

#[test]
fn stdin_is_scanned() {
    let scene = Scene::new();
    let text = json!({"tool_input": {"content": format!("a\n{}", bmc(1))}}).to_string();
    let found = scene
        .scan_in(scene.home.path(), &["--stdin", "--json"], &text)
        .expect(9)
        .json();
    assert_eq!(found["findings"][0]["file"], Value::Null);
    assert_eq!(found["scanned"], 1);
    scene
        .scan_in(scene.home.path(), &["--stdin"], "nothing")
        .expect(0);
}

#[test]
fn keys_of_the_users_own_services_are_found() {
    let scene = Scene::new();
    let folder = scene.home.path().join(".config/brainmaps/providers");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("acme.toml"),
        "id = \"acme\"\nname = \"Acme\"\napi_url = \"https://acme.example\"\n[headers]\n\
         api_key = { name = \"X-API-Key\" }\n[key]\nprefix = \"acme_live_\"\nlength = 20\nalphabet = \"hex\"\n",
    )
    .unwrap();
    std::fs::write(
        folder.join("plain.toml"),
        "id = \"plain\"\nname = \"Plain\"\napi_url = \"https://plain.example\"\n[environment]\n\
         api_key = \"PLAIN_SECRET\"\n[headers]\napi_key = { name = \"X-Plain-Key\" }\n",
    )
    .unwrap();
    let plain = super::random(super::LETTERS, 30, 4);
    scene.write(
        "a.txt",
        format!("acme_live_{}\n", super::random(super::HEX, 20, 1)),
    );
    scene.write(
        "b.sh",
        format!("curl -H 'x-plain-key: {plain}'\nPLAIN_SECRET={plain}\n"),
    );
    let findings = scene.findings(&[]);
    let providers: Vec<&str> = findings
        .iter()
        .map(|it| it["provider"].as_str().unwrap())
        .collect();
    assert_eq!(providers, ["acme", "plain", "plain"]);
}

#[test]
fn a_key_with_the_form_of_several_services_names_all_of_them() {
    let scene = Scene::new();
    let folder = scene.home.path().join(".config/brainmaps/providers");
    std::fs::create_dir_all(&folder).unwrap();
    for (id, prefix) in [
        ("a-general", "ak_"),
        ("b-live", "ak_live_"),
        ("c-live", "ak_live_"),
    ] {
        let text = format!(
            "id = \"{id}\"\nname = \"N\"\napi_url = \"https://{id}.example\"\n[headers]\n\
             api_key = {{ name = \"X-Key\" }}\n[key]\nprefix = \"{prefix}\"\nalphabet = \"word\"\n"
        );
        std::fs::write(folder.join(format!("{id}.toml")), text).unwrap();
    }
    let hidden = super::random(super::LETTERS, 30, 8);
    scene.write("a.txt", format!("ak_{hidden}\nak_live_{hidden}\n"));
    let findings = scene.findings(&[]);
    let providers: Vec<&Value> = findings.iter().map(|it| &it["providers"]).collect();
    assert_eq!(
        providers,
        [
            &json!(["a-general"]),
            &json!(["b-live", "c-live", "a-general"])
        ]
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn keys_in_names_of_files_are_redacted() {
    let scene = Scene::repository();
    let opaque = super::random(super::HEX, 40, 5);
    scene.write(&format!("{0}/x-{0}.txt", bmc(1)), bmc(2));
    // Only the content of the file shows that this name is a key.
    let line = format!("BRAINMAPS_API_KEY={opaque}\n");
    scene.write(&format!("{opaque}.env"), line);
    let (plain, baseline) = (bmc(1), "accepted.txt");
    let check = |arguments: &[&str], code: i32| {
        let printed = scene.scan(arguments).expect(code);
        let all = format!("{}{}", printed.stdout, printed.stderr);
        let is_printed = all.contains(&plain) || all.contains(&opaque);
        assert!(!is_printed, "{arguments:?} prints a key");
        all
    };
    assert!(check(&["--json"], 9).contains("[redacted]/x-[redacted].txt"));
    check(&[], 9);
    check(&["--sarif"], 9);
    check(&[&format!("{plain}/missing")], 2);
    check(&["--history", &format!("{plain}..HEAD")], 2);
    check(&["--baseline", baseline, "--update-baseline"], 0);
    let written = std::fs::read_to_string(scene.path(baseline)).unwrap();
    assert!(written.contains("[redacted]"), "{written}");
    assert!(!written.contains(&plain) && !written.contains(&opaque));
    scene.commit("a");
    check(&["--history"], 9);
}

#[test]
fn a_header_of_several_services_names_all_of_them() {
    let scene = Scene::new();
    let key = super::random(super::HEX, 40, 2);
    scene.write("a.sh", format!("curl -H \"Authorization: Token {key}\"\n"));
    let findings = scene.findings(&[]);
    assert_eq!(findings[0]["provider"], Value::Null);
    assert_eq!(findings[0]["providers"], json!(["brainmaps", "neuroio"]));
}
