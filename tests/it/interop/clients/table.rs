//! The clients: how each is configured and run.

use serde_json::json;

use super::service::{HOST, OTHER, Service};

const PROGRAM: &str = env!("CARGO_BIN_EXE_brainmaps");

/// A client of a helper.
pub(super) struct Client {
    pub(super) program: &'static str,
    /// Configures the client, so that it asks the helper about both hosts.
    pub(super) set_up: fn(&Service),
    /// Returns the arguments of a command that needs a credential of the host, with all diagnostics if those show no
    /// headers. Each run has its own number.
    pub(super) arguments: fn(&Service, &str, usize) -> Vec<String>,
    /// A part of its output at the other host; `None` if it asks no helper about a host.
    pub(super) other_host: Option<&'static str>,
    /// What it prints without a session: its own message, and the helper's if it shows that.
    pub(super) signed_out: &'static [&'static str],
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

pub(super) const GIT: Client = Client {
    program: "git",
    set_up: |service| {
        service.install("git");
        let helper = format!("!'{PROGRAM}' helper git");
        let set = ["config", "--global", "credential.helper", &helper];
        service.run("git", &set).expect(0);
    },
    arguments: |_, host, _| words(&format!("ls-remote https://{host}/team/a.git")),
    other_host: Some("could not read Username"),
    signed_out: &["not signed in", "told us to quit"],
};

/// Docker continues without a credential.
pub(super) const DOCKER: Client = Client {
    program: "docker",
    set_up: set_up_docker,
    arguments: |_, host, _| words(&format!("--debug manifest inspect {host}/image:latest")),
    other_host: Some("no basic auth credentials"),
    signed_out: &["not signed in", "no basic auth credentials"],
};

pub(super) const HELM: Client = Client {
    program: "helm",
    set_up: set_up_docker,
    arguments: |_, host, _| {
        words(&format!(
            "--debug show chart oci://{host}/chart --version 0.1.0"
        ))
    },
    other_host: Some("basic credential not found"),
    signed_out: &["failed to resolve credential: not signed in"],
};

pub(super) const SKOPEO: Client = Client {
    program: "skopeo",
    set_up: set_up_docker,
    arguments: |service, host, _| {
        let file = service.home.path().join(".docker/config.json");
        let file = file.display();
        words(&format!(
            "--debug inspect --raw --authfile {file} docker://{host}/image:latest"
        ))
    },
    other_host: Some("unauthorized"),
    signed_out: &["error getting credentials", "not signed in"],
};

/// The helper is the link that `helper install` made.
fn set_up_docker(service: &Service) {
    service.install("docker");
    let text = service.read(".docker/config.json");
    let mut config: serde_json::Value = serde_json::from_str(&text).unwrap();
    config["credHelpers"][OTHER] = config["credHelpers"][HOST].clone();
    service.write(".docker/config.json", config.to_string());
}

pub(super) const KUBECTL: Client = Client {
    program: "kubectl",
    set_up: |service| {
        let certificates = service.home.path().join("service.pem");
        let cluster = |host: &str| {
            json!({ "name": host, "cluster": {
                "server": format!("https://{host}"), "certificate-authority": certificates,
            } })
        };
        let context = |host: &str| json!({ "name": host, "context": { "cluster": host, "user": "brainmaps-brainmaps" } });
        let config = json!({
            "apiVersion": "v1", "kind": "Config",
            "clusters": [cluster(HOST), cluster(OTHER)],
            "contexts": [context(HOST), context(OTHER)],
        });
        service.write(".kube/config", config.to_string());
        service.install("kubectl");
    },
    arguments: |_, host, _| words(&format!("-v=9 --context {host} get --raw /version")),
    other_host: Some("the profile has no credential for"),
    signed_out: &["getting credentials", "not signed in"],
};

pub(super) const CARGO: Client = Client {
    program: env!("CARGO"),
    set_up: |service| {
        let registry = |name: &str, host: &str| {
            format!("[registries.{name}]\nindex = \"sparse+https://{host}/index/\"\n")
        };
        service.write(".cargo/config.toml", registry("ours", HOST));
        service.install("cargo");
        let ours = service.read(".cargo/config.toml");
        let provider = ours
            .lines()
            .find(|it| it.starts_with("credential-provider"));
        let other = registry("other", OTHER) + provider.unwrap();
        service.write(".cargo/config.toml", ours.clone() + "\n" + &other + "\n");
    },
    arguments: |_, host, _| {
        let name = if host == HOST { "ours" } else { "other" };
        words(&format!("-vv search --registry {name} demo"))
    },
    other_host: Some("no credential providers could handle the request"),
    signed_out: &["failed action `get`", "not signed in"],
};

pub(super) const PIP: Client = Client {
    program: "pip",
    set_up: |service| service.install("keyring"),
    arguments: |_, host, _| {
        words(&format!(
            "-vvv --no-input --disable-pip-version-check --keyring-provider subprocess index versions \
             --index-url https://oauth2accesstoken@{host}/simple/ demo"
        ))
    },
    other_host: Some("Credentials not correct"),
    signed_out: &["Credentials not correct"],
};

pub(super) const UV: Client = Client {
    program: "uv",
    set_up: |service| {
        service.install("keyring");
        service.write("work/demo.in", "demo\n");
    },
    arguments: |_, host, _| {
        words(&format!(
            "-vv pip compile --no-cache --keyring-provider subprocess \
             --index-url https://oauth2accesstoken@{host}/simple/ demo.in"
        ))
    },
    other_host: Some("401 Unauthorized"),
    signed_out: &["401 Unauthorized", "not signed in"],
};

pub(super) const GO: Client = Client {
    program: "go",
    set_up: |service| {
        service.install("goauth");
        let set = ["env", "-w", "GOSUMDB=off", "GOTOOLCHAIN=local"];
        service.run("go", &set).expect(0);
    },
    arguments: |service, host, _| {
        let proxy = format!("GOPROXY=https://{host}/go");
        service.run("go", &["env", "-w", &proxy]).expect(0);
        words("list -x -m -versions example.com/m")
    },
    other_host: Some(": 401 "),
    signed_out: &[": 401 "],
};

pub(super) const PNPM: Client = Client {
    program: "pnpm",
    set_up: |service| service.install("pnpm"),
    arguments: |_, host, _| {
        words(&format!(
            "view --loglevel debug --registry https://{host}/npm/ demo version"
        ))
    },
    other_host: Some("401"),
    signed_out: &["401"],
};

/// Npm has no helper: the credential is in its environment.
pub(super) const NPM: Client = Client {
    program: PROGRAM,
    set_up: |service| {
        let line = format!("//{HOST}/npm/:_authToken=${{BRAINMAPS_API_KEY}}\n");
        let certificates = service.home.path().join("service.pem");
        let settings = format!("cafile={}\nupdate-notifier=false\n", certificates.display());
        service.write(".npmrc", line + &settings);
    },
    arguments: |_, host, _| {
        words(&format!(
            "exec -- npm view --loglevel silly --registry https://{host}/npm/ demo version"
        ))
    },
    other_host: Some("E401"),
    signed_out: &["not signed in"],
};

pub(super) const TERRAFORM: Client = Client {
    program: "terraform",
    set_up: |service| service.install("terraform"),
    arguments: |service, host, number| {
        let folder = format!("work/{host}-{number}");
        let module = format!(
            "module \"x\" {{\n  source = \"{host}/team/demo/aws\"\n  version = \"1.0.0\"\n}}\n"
        );
        service.write(&format!("{folder}/main.tf"), module);
        let folder = service.home.path().join(folder);
        words(&format!("-chdir={} get -no-color", folder.display()))
    },
    other_host: Some("Failed to request discovery document: 401"),
    signed_out: &["error looking up module versions: 401"],
};

/// The shell starts both programs, as docs/guide/programs.md shows.
pub(super) const CURL: Client = Client {
    program: "sh",
    set_up: |_| {},
    arguments: |_, host, number| {
        let script = match number % 2 {
            0 => format!(
                "'{PROGRAM}' credential print --format curl | curl --fail --silent --show-error -K - https://{host}/version"
            ),
            _ => format!(
                "'{PROGRAM}' exec --header-fd AUTH -- sh -c 'curl -fsS -H @\"$AUTH\" https://{host}/version'"
            ),
        };
        vec!["-c".to_owned(), script]
    },
    other_host: None,
    signed_out: &["not signed in"],
};
