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

    let unset = home.run(&["config", "get", "audit.max_age"]).expect(1);
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
