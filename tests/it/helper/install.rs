//! `helper install` and `helper uninstall`: every byte of other programs' configuration stays.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;

use serde_json::json;

use super::{KEY, home_with_profile};
use crate::support::test_home::{CommandResult, TestHome};

const SERVER: &str = "https://host.example.com:8443";

fn run(home: &TestHome, command: &str, arguments: &[&str]) -> CommandResult {
    home.run(&[&["--profile", "work", "helper", command], arguments].concat())
}

fn put(home: &TestHome, file: &str, text: &str, mode: u32) -> PathBuf {
    let path = home.path().join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path
}

/// The program, its configuration file, texts of that file, and what an installation adds.
const FILES: &[(&str, &str, &[&str], &str)] = &[
    (
        "docker",
        ".docker/config.json",
        &[
            "{}",
            "{\n\t\"auths\": {\n\t\t\"a.example\": {\"auth\": \"c2VjcmV0\"}\n\t},\n\t\"credHelpers\": {\n\t\t\"b.example\": \"other\"\n\t}\n}",
        ],
        "\"host.example.com:8443\": \"brainmaps-work\"",
    ),
    (
        "pnpm",
        ".npmrc",
        &[
            "",
            "; mine\n//a.example/:_authToken=secret\nregistry=https://a.example/",
            "a=b\n",
        ],
        "//host.example.com:8443/:tokenHelper=/",
    ),
    (
        "terraform",
        ".terraformrc",
        &[
            "",
            "credentials \"a.example\" {\n  token = \"secret\"\n}\n# credentials_helper is not set",
        ],
        "credentials_helper \"brainmaps\" {}",
    ),
    (
        "cargo",
        ".cargo/config.toml",
        &[
            "# mine\r\n[registries.x]\r\nindex = \"sparse+https://host.example.com:8443/index/\"\r\n[net]\r\nretry = 1",
            "[registries]\nx = { index = \"sparse+https://host.example.com:8443/index/\" }",
        ],
        "brainmaps-credential-provider-work",
    ),
];

#[test]
#[ignore = "slow: run by ./tests/run"]
fn uninstall_restores_every_byte_and_the_mode() {
    for (program, file, texts, added) in FILES {
        for text in *texts {
            let home = home_with_profile(SERVER);
            let path = put(&home, file, text, 0o640);
            let printed = run(&home, "install", &[program, "--print"]).expect(0);
            assert!(printed.stdout.contains(added), "{printed}");
            assert_eq!(
                fs::read_to_string(&path).unwrap(),
                *text,
                "--print changes nothing"
            );
            run(&home, "install", &[program]).expect(0);
            let installed = fs::read_to_string(&path).unwrap();
            assert!(installed.contains(added), "{installed}");
            let again = run(&home, "install", &[program, "--json"]).expect(0).json();
            assert_eq!(again["changed"], false, "{again}");
            assert_eq!(fs::read_to_string(&path).unwrap(), installed);
            let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o640, "{program}");
            run(&home, "uninstall", &[program]).expect(0);
            assert_eq!(fs::read_to_string(&path).unwrap(), *text, "{program}");
            let again = run(&home, "uninstall", &[program, "--json"])
                .expect(0)
                .json();
            assert_eq!(again["changed"], false, "{again}");
            assert_eq!(links(&home), Vec::<PathBuf>::new(), "{program}");
        }
    }
}

/// Returns the links that an installation left.
fn links(home: &TestHome) -> Vec<PathBuf> {
    let directories = [
        ".local/bin",
        ".local/lib/brainmaps",
        ".local/lib/brainmaps/keyring",
        ".terraform.d/plugins",
    ];
    let directories = directories.iter().map(|it| home.path().join(it));
    let entries = directories.filter_map(|it| fs::read_dir(it).ok()).flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_symlink()).collect()
}

#[test]
fn file_that_an_installation_created_is_deleted() {
    for (program, file, _, added) in FILES.iter().filter(|it| it.0 != "cargo") {
        let home = home_with_profile(SERVER);
        let path = home.path().join(file);
        run(&home, "install", &[program]).expect(0);
        assert!(fs::read_to_string(&path).unwrap().contains(added));
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{program}");
        run(&home, "uninstall", &[program]).expect(0);
        assert!(!path.exists(), "{program}");
    }
}

#[test]
fn settings_of_others_are_refused_with_what_to_write() {
    for (program, file, text) in [
        (
            "docker",
            ".docker/config.json",
            "{\"credHelpers\":{\"host.example.com:8443\":\"other\"}}",
        ),
        (
            "pnpm",
            ".npmrc",
            "//host.example.com:8443/:_authToken=hunter2\n",
        ),
        (
            "terraform",
            ".terraformrc",
            "credentials_helper \"other\" {\n}\n",
        ),
        (
            "cargo",
            ".cargo/config.toml",
            "[registries.x]\nindex = \"sparse+https://host.example.com:8443/\"\ncredential-provider = \"cargo:token\"\n",
        ),
        ("docker", ".docker/config.json", "not json"),
        ("cargo", ".cargo/config.toml", "[net]\n"),
        (
            "keyring",
            ".local/lib/brainmaps/keyring/keyring",
            "#!/bin/sh\n",
        ),
    ] {
        let home = home_with_profile(SERVER);
        let path = put(&home, file, text, 0o600);
        let refused = run(&home, "install", &[program]).expect(2);
        assert!(refused.stderr.contains("hint: "), "{refused}");
        assert!(!refused.stderr.contains("hunter2"), "{refused}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "{program}");
        run(&home, "uninstall", &[program]);
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "{program}");
    }
}

#[test]
fn file_of_a_dotfiles_manager_stays_a_link_and_one_that_others_can_change_is_refused() {
    let home = home_with_profile(SERVER);
    let target = put(&home, "dotfiles/npmrc", "a=b\n", 0o600);
    symlink(&target, home.path().join(".npmrc")).unwrap();
    run(&home, "install", &["pnpm"]).expect(0);
    assert!(home.path().join(".npmrc").is_symlink());
    assert!(fs::read_to_string(&target).unwrap().contains("tokenHelper"));
    run(&home, "uninstall", &["pnpm"]).expect(0);
    assert_eq!(fs::read_to_string(&target).unwrap(), "a=b\n");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o666)).unwrap();
    let refused = run(&home, "install", &["pnpm"]).expect(1);
    assert!(
        refused.stderr.contains("writable by other users"),
        "{refused}"
    );
}

#[test]
fn other_host_gets_the_credential_only_after_it_was_named_and_until_it_is_removed() {
    let home = home_with_profile(SERVER);
    let ask = |api: &[&str], host: &str| {
        let arguments = [api, &["--profile", "work", "helper", "docker", "get"]].concat();
        home.run_with_input(&arguments, host)
    };
    ask(&[], "registry.example.net").expect(1);
    let host = ["docker", "--host", "registry.example.net"];
    run(&home, "install", &host).expect(0);
    let given = ask(&[], "registry.example.net").expect(0);
    assert!(given.stdout.contains(KEY), "{given}");
    for other in [
        "registry.example.net:444",
        "http://registry.example.net",
        "x.registry.example.net",
    ] {
        let outcome = ask(&[], other).expect(1);
        assert!(
            outcome.stdout.contains("credentials not found"),
            "{outcome}"
        );
    }
    // Only docker was named.
    let git = "protocol=https\nhost=registry.example.net\n\n";
    let outcome = home
        .run_with_input(&["--profile", "work", "helper", "git", "get"], git)
        .expect(0);
    assert_eq!(outcome.stdout, "");
    // The credential of another server is another one.
    let outcome = ask(
        &["--api-url", "https://other.example"],
        "registry.example.net",
    )
    .expect(1);
    assert!(
        outcome.stdout.contains("credentials not found"),
        "{outcome}"
    );
    let shown = home.run(&["profile", "show", "work"]).expect(0);
    assert!(
        shown
            .stdout
            .contains("docker for https://registry.example.net"),
        "{shown}"
    );
    run(&home, "uninstall", &host).expect(0);
    ask(&[], "registry.example.net").expect(1);
    for invalid in [
        "",
        "a b",
        "me@h.example",
        "https://h.example/x",
        "http://h.example",
        "ftp://h.example",
    ] {
        run(&home, "install", &["docker", "--host", invalid]).expect(2);
    }
}

#[test]
fn sandbox_and_misplaced_options_are_usage_errors() {
    let home = home_with_profile(SERVER);
    for program in ["docker", "cargo", "keyring", "pnpm", "terraform"] {
        let refused = home
            .run(&["--sandbox", "helper", "install", program])
            .expect(2);
        assert!(refused.stderr.contains("BRAINMAPS_SANDBOX"), "{refused}");
    }
    run(&home, "install", &["git", "--containers"]).expect(2);
    // Neither tool is in PATH.
    for (program, expected) in [
        ("kubectl", "provideClusterInfo: true"),
        ("goauth", "export GOAUTH='netrc; /"),
    ] {
        let printed = run(&home, "install", &[program]).expect(0);
        assert!(printed.stdout.contains(expected), "{printed}");
        assert!(printed.stderr.contains("is not installed"), "{printed}");
    }
    let git = run(&home, "install", &["git"]).expect(1);
    assert!(git.stderr.contains("helper install git --print"), "{git}");
}

#[test]
fn containers_option_edits_the_file_of_podman() {
    let mut home = home_with_profile(SERVER);
    let runtime = home.path().join("run");
    home.set("XDG_RUNTIME_DIR", runtime.to_str().unwrap());
    run(&home, "install", &["docker", "--containers"]).expect(0);
    let path = runtime.join("containers/auth.json");
    assert!(
        fs::read_to_string(&path)
            .unwrap()
            .contains("brainmaps-work")
    );
    assert!(!home.path().join(".docker").exists());
    run(&home, "uninstall", &["docker", "--containers"]).expect(0);
    assert!(!path.exists());
}

#[test]
fn kubectl_context_with_another_server_is_reported_with_both_servers() {
    let home = home_with_profile(SERVER);
    let install = |server: &str, arguments: &[&str]| {
        let kubeconfig = json!({
            "current-context": "dev",
            "contexts": [{ "name": "dev", "context": { "cluster": "c", "user": "" } }],
            "clusters": [{ "name": "c", "cluster": { "server": server } }],
            "users": null,
        });
        let script = format!("#!/bin/sh\n[ \"$2\" != view ] || echo '{kubeconfig}'\n");
        put(&home, "bin/kubectl", &script, 0o755);
        run(&home, "install", &[&["kubectl"], arguments].concat()).expect(0)
    };
    for server in [SERVER, "https://host.example.com:8443/k8s/clusters/c-1"] {
        let quiet = install(server, &[]);
        assert!(!quiet.stderr.contains("warning"), "{quiet}");
    }
    let other = "https://10.0.0.1:6443/path";
    let warned = install(other, &[]);
    for part in [
        "the current context `dev` of kubectl uses the server https://10.0.0.1:6443/path",
        "does not get the credential for https://host.example.com:8443",
        "kubectl config use-context NAME",
        "brainmaps --profile work helper install kubectl --host https://10.0.0.1:6443`",
    ] {
        assert!(warned.stderr.contains(part), "{part}: {warned}");
    }
    let bound = install(other, &["--host", "https://10.0.0.1:6443"]);
    assert!(!bound.stderr.contains("warning"), "{bound}");
    let bound = install(other, &[]);
    assert!(!bound.stderr.contains("warning"), "{bound}");
}
