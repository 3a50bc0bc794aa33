//! A registry that was not written for these tests, and both kinds of npm clients.

use std::net::{TcpListener, TcpStream};
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{
    peer::{client_path, has_client},
    process::{RunningProcess, wait_until},
    test_home::TestHome,
};

/// Verdaccio with a directory of its own.
pub(in crate::interop) struct Registry {
    address: String,
    _process: RunningProcess,
}

impl Registry {
    pub(in crate::interop) fn start(home: &TestHome) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let folder = home.path().join("registry");
        std::fs::create_dir(&folder).unwrap();
        let config = json!({
            "storage": folder.join("storage"),
            "auth": { "htpasswd": { "file": folder.join("htpasswd") } },
            "uplinks": {},
            "packages": { "**": { "access": "$authenticated", "publish": "$authenticated" } },
            "log": { "type": "stdout", "format": "pretty", "level": "warn" },
        });
        // JSON is YAML.
        std::fs::write(folder.join("config.yaml"), config.to_string()).unwrap();
        let mut command = Command::new("verdaccio");
        command
            .args(["--listen", &address, "--config", "config.yaml"])
            .current_dir(&folder)
            .env_clear()
            .env("HOME", &folder)
            .env("PATH", client_path());
        let process = RunningProcess::start(&mut command, "");
        wait_until("verdaccio listens", || TcpStream::connect(&address).is_ok());
        Self {
            address,
            _process: process,
        }
    }

    pub(in crate::interop) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Creates a user and returns its token.
    fn token(&self) -> String {
        let user = json!({ "name": "tester", "password": "hunter2-hunter2" }).to_string();
        let url = format!("{}/-/user/org.couchdb.user:tester", self.url());
        let output = Command::new("curl")
            .args(["-fsS", "-X", "PUT", "-H", "content-type: application/json"])
            .args(["-d", &user, &url])
            .output()
            .unwrap();
        let response: Value = serde_json::from_slice(&output.stdout).unwrap();
        response["token"].as_str().unwrap().to_owned()
    }
}

/// A home that is signed in to the registry.
fn signed_in(home: &mut TestHome, registry: &Registry) {
    home.set("PATH", &client_path());
    home.set("npm_config_registry", &registry.url());
    home.set("npm_config_update_notifier", "false");
    let description = format!(
        "id = \"registry\"\nname = \"Registry\"\napi_url = \"{}\"\n\n\
         [headers]\napi_key = {{ name = \"Authorization\", scheme = \"Bearer\" }}\n",
        registry.url()
    );
    let folder = home.path().join(".config/brainmaps/providers");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("registry.toml"), description).unwrap();
    let token = registry.token();
    home.record().secret(&token);
    let login = [
        "--profile",
        "registry",
        "login",
        "--with-token",
        "--no-verify",
    ];
    home.run_with_input(&login, &token).expect(0);
}

fn write(home: &TestHome, file: &str, text: &str) {
    let path = home.work().join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn npm_publishes_to_verdaccio_and_pnpm_installs_from_it() {
    if !["verdaccio", "pnpm", "npm", "curl"]
        .iter()
        .all(|it| has_client(it))
    {
        return;
    }
    let mut home = TestHome::new();
    let registry = Registry::start(&home);
    signed_in(&mut home, &registry);
    write(
        &home,
        "demo/package.json",
        r#"{"name":"demo-of-a-test","version":"1.0.0"}"#,
    );
    let line = format!("//{}/:_authToken=${{REGISTRY_TOKEN}}\n", registry.address);
    write(&home, "demo/.npmrc", &line);
    let publish = "cd demo && exec npm publish --loglevel verbose";
    let exec = ["--profile", "registry", "exec", "--env", "REGISTRY_TOKEN"];
    let exec = [&exec[..], &["--", "/bin/sh", "-c", publish]].concat();
    home.run(&exec).expect(0);

    let dependency = r#"{"dependencies":{"demo-of-a-test":"1.0.0"}}"#;
    write(&home, "app/package.json", dependency);
    let url = registry.url();
    let install = ["--dir", "app", "install", "--registry", &url];
    let refused = home.run_program("pnpm", &install);
    assert_ne!(refused.code, Some(0), "{refused}");
    let shown = format!("{}{}", refused.stdout, refused.stderr);
    assert!(
        shown.contains("401") && shown.contains(&registry.address),
        "{refused}"
    );
    let helper = ["--profile", "registry", "helper", "install", "pnpm"];
    home.run(&helper).expect(0);
    home.run_program("pnpm", &install).expect(0);
    let installed = home
        .work()
        .join("app/node_modules/demo-of-a-test/package.json");
    assert!(installed.is_file());
}
