//! `config get` and `config set` of settings that a default or a variable determines.

use std::fs;

use serde_json::json;

use crate::support::test_home::TestHome;

const API_URL: &str = "api_url.brainmaps";

fn get(home: &TestHome, key: &str) -> String {
    let printed = home.run(&["config", "get", key]).expect(0);
    printed.stdout.trim_end().to_owned()
}

#[test]
fn setting_that_is_not_set_is_printed_with_its_default() {
    let home = TestHome::new();
    let listed = home.run(&["config", "list", "--json"]).expect(0).json();
    for setting in listed["settings"].as_array().unwrap() {
        let key = setting["key"].as_str().unwrap();
        assert_eq!(get(&home, key), setting["value"].as_str().unwrap(), "{key}");
    }
    assert_eq!(get(&home, "storage"), "file");
    let document = home.run(&["config", "get", "notices", "--json"]).expect(0);
    assert_eq!(document.json(), json!({"key": "notices", "value": "on"}));

    let unset = home.run(&["config", "get", "audit.allow_scope"]).expect(1);
    assert_eq!(unset.stdout, "", "{unset}");
    home.run(&["config", "get", "unknown"]).expect(2);
}

#[test]
fn comments_and_order_of_the_settings_file_are_kept() {
    let home = TestHome::new();
    let file = home.path().join(".config/brainmaps/config.toml");
    home.run(&["config", "set", "notices", "off"]).expect(0);
    let text = "# mine\nstorage = 'file' # not the keyring\n\n# quiet\nnotices = \"off\"\n";
    fs::write(&file, text).unwrap();
    home.run(&["config", "set", "notices", "on"]).expect(0);
    let changed = text.replace("off", "on");
    assert_eq!(fs::read_to_string(&file).unwrap(), changed);
    home.run(&["config", "unset", "notices"]).expect(0);
    let kept = "# mine\nstorage = 'file' # not the keyring\n";
    assert_eq!(fs::read_to_string(&file).unwrap(), kept);
}

#[test]
fn defaults_of_the_audit_policy_are_listed_and_a_set_member_replaces_its_default() {
    let home = TestHome::new();
    let audit = |home: &TestHome| -> Vec<String> {
        let listed = home.run(&["config", "list"]).expect(0).stdout;
        let lines = listed.lines().filter(|line| line.starts_with("audit."));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(
        audit(&home),
        [
            "audit.all_profiles\tfalse\tdefault",
            "audit.fail_on\twarning\tdefault",
            "audit.max_age\t90d\tdefault",
            "audit.observed\t14d\tdefault",
            "audit.unused\t30d\tdefault",
            "audit.within\t14d\tdefault",
        ]
    );
    for (key, value) in [("audit.max_age", "30d"), ("audit.allow_scope", "read")] {
        home.run(&["config", "set", key, value]).expect(0);
        let line = format!("{key}\t{value}\tconfig.toml");
        assert_eq!(
            audit(&home)
                .iter()
                .filter(|it| it.starts_with(key))
                .collect::<Vec<_>>(),
            [&line]
        );
    }
    home.run(&["config", "unset", "audit.max_age"]).expect(0);
    assert_eq!(get(&home, "audit.max_age"), "90d");
}

#[test]
fn setting_of_an_unknown_service_is_refused_with_the_one_that_was_meant() {
    let home = TestHome::new();
    for (key, value) in [
        ("api_url.brainmap", "https://maps.example"),
        ("workspace.brainmap", "team"),
        ("allow_variable.brainmap", "OTHER_KEY"),
    ] {
        for command in [&["config", "set", key, value][..], &["config", "get", key]] {
            let refused = home.run(command).expect(2);
            for part in ["unknown service `brainmap`", "did you mean `brainmaps`"] {
                assert!(refused.stderr.contains(part), "{part}: {refused}");
            }
        }
    }
    let listed = home.run(&["config", "list"]).expect(0).stdout;
    assert!(!listed.contains("brainmap\t"), "{listed}");
    let gallery = ["config", "set", "api_url.gitea", "https://git.example"];
    let gallery = home.run(&gallery).expect(2);
    assert!(
        gallery.stderr.contains("brainmaps provider add gitea"),
        "{gallery}"
    );
}

/// The description may have been deleted, or only another computer has it.
#[test]
fn setting_of_an_unknown_service_in_the_file_is_listed_and_can_be_removed() {
    let home = TestHome::new();
    let key = "api_url.deleted";
    home.run(&["config", "set", API_URL, "https://file.example"])
        .expect(0);
    let path = home.run(&["config", "path"]).expect(0).stdout;
    let path = path.trim();
    let text = std::fs::read_to_string(path).unwrap();
    std::fs::write(path, format!("{text}deleted = \"https://old.example\"\n")).unwrap();
    assert_eq!(get(&home, key), "https://old.example");
    home.run(&["config", "unset", key]).expect(0);
    home.run(&["config", "get", key]).expect(2);
    assert_eq!(get(&home, API_URL), "https://file.example");
}

#[test]
fn concurrent_changes_of_settings_are_all_kept() {
    let home = TestHome::new();
    let settings = [
        ("notices", "off"),
        ("storage", "file"),
        ("usage_record", "off"),
        ("audit.max_age", "30d"),
        ("audit.within", "7d"),
    ];
    let running = settings.map(|(key, value)| home.start(&["config", "set", key, value]));
    for command in running {
        command.wait().expect(0);
    }
    for (key, value) in settings {
        assert_eq!(get(&home, key), value);
    }
}

#[test]
fn variable_takes_precedence_over_the_setting_and_is_named() {
    let mut home = TestHome::new();
    let set = ["config", "set", API_URL, "https://file.example"];
    let quiet = home.run(&set).expect(0);
    assert!(!quiet.stderr.contains("precedence"), "{quiet}");
    assert_eq!(get(&home, API_URL), "https://file.example");
    home.set("BRAINMAPS_API_URL", "https://variable.example");
    let warned = home.run(&set).expect(0);
    let warning = "BRAINMAPS_API_URL takes precedence";
    assert!(warned.stderr.contains(warning), "{warned}");
    assert_eq!(get(&home, API_URL), "https://variable.example");
}

#[test]
fn url_that_is_invalid_or_of_a_proxy_is_not_printed() {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", "https://user:p4ssword@h.example/");
    for (command, code) in [
        (&["config", "get", API_URL][..], 2),
        (&["config", "list"], 0),
    ] {
        let printed = home.run(command).expect(code);
        assert!(!printed.stdout.contains("p4ssword"), "{printed}");
        assert!(printed.stderr.contains("BRAINMAPS_API_URL"), "{printed}");
        assert!(!printed.stderr.contains("p4ssword"), "{printed}");
    }
    home.set("BRAINMAPS_API_URL", "http://127.0.0.1:9/secret-segment");
    home.set("BRAINMAPS_EXEC", "brainmaps:BRAINMAPS_API_URL");
    assert_eq!(get(&home, API_URL), "https://api.brainmaps.science");
    let set = ["config", "set", API_URL, "https://file.example"];
    let quiet = home.run(&set).expect(0);
    assert!(!quiet.stderr.contains("precedence"), "{quiet}");
}
