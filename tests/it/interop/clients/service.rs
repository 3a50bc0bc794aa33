//! A service with the protocols of all clients, its look-alike at another host, and a home that is signed in.

use std::sync::{Arc, Mutex};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::responses;
use crate::support::{
    authority::Authority,
    peer::client_path,
    proxy::TestProxy,
    scripted_server::{
        AuthorizationServerScript, ReceivedRequest, ScriptedResponse, ScriptedServer,
        token_response,
    },
    test_home::{CommandResult, TestHome, expire},
};

/// The host of the profile.
pub(super) const HOST: &str = "api.service.example";

/// The clients ask the helper about this host too.
pub(super) const OTHER: &str = "api.service.example.other.example";

pub(super) struct Service {
    pub(super) home: TestHome,
    server: ScriptedServer,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// The number of the valid access token and refresh token.
    current: usize,
    /// Whether cargo has uploaded a crate.
    has_upload: bool,
}

impl Service {
    /// Starts it, and signs in.
    pub(super) fn start() -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let authority = Authority::new("service");
        let tls = authority.server_config_for_hosts(&[HOST, OTHER]);
        let (issued, valid) = (Arc::clone(&state), Arc::clone(&state));
        let scripted = AuthorizationServerScript {
            token: Box::new(move |request| issue(request, &mut issued.lock().unwrap().current)),
            other: Box::new(move |request| respond(request, &mut valid.lock().unwrap())),
            ..AuthorizationServerScript::default()
        };
        let script = scripted.script();
        let server = ScriptedServer::start_secure(HOST, tls, move |request, url| {
            if request.header("host") == Some(HOST) {
                script(request, url)
            } else {
                responses::unauthorized(request)
            }
        });
        let proxy = TestProxy::start(server.address, None);
        let mut home = TestHome::new();
        let certificates = authority.write_certificate(home.path(), "service.pem");
        set_variables(&mut home, certificates.to_str().unwrap(), &proxy);
        home.run(&["login", "--device", "--no-browser"]).expect(0);
        Self {
            home,
            server,
            state,
        }
    }

    pub(super) fn run(&self, program: &str, arguments: &[&str]) -> CommandResult {
        self.home.run_program(program, arguments)
    }

    /// Configures a client for the server of the profile.
    pub(super) fn install(&self, program: &str) {
        self.home.run(&["helper", "install", program]).expect(0);
    }

    /// Writes a file below the home directory.
    pub(super) fn write(&self, file: &str, contents: impl AsRef<[u8]>) {
        let path = self.home.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, contents).unwrap();
    }

    pub(super) fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.home.path().join(file)).unwrap()
    }

    /// Expires the stored session; the server accepts only the next access token.
    pub(super) fn expire(&self) {
        expire(&self.home.data().join("credentials/brainmaps.json"));
    }

    /// Returns the number of tokens issued so far.
    pub(super) fn issued(&self) -> usize {
        self.state.lock().unwrap().current
    }

    /// Returns whether cargo has uploaded a crate.
    pub(super) fn has_upload(&self) -> bool {
        self.state.lock().unwrap().has_upload
    }

    /// Returns the requests at the other host that contain a secret.
    pub(super) fn disclosed(&self) -> Vec<ReceivedRequest> {
        let mut received = self.server.received();
        received.retain(|it| it.header("host") != Some(HOST));
        received.retain(|it| secret(it).is_some() || format!("{it:?}").contains("c4n4ry"));
        received
    }
}

fn set_variables(home: &mut TestHome, certificates: &str, proxy: &TestProxy) {
    let proxy = format!("http://{}", proxy.address);
    let links = [".local/lib/brainmaps/keyring", ".local/bin"];
    let links = links.map(|it| home.path().join(it).display().to_string());
    home.set("BRAINMAPS_API_URL", &format!("https://{HOST}"))
        .set("PATH", &format!("{}:{}", links.join(":"), client_path()));
    for name in ["GIT_TRACE", "GIT_TRACE_CURL", "GIT_CONFIG_NOSYSTEM"] {
        home.set(name, "1");
    }
    home.set("TF_LOG", "TRACE");
    let rustc = std::path::Path::new(env!("CARGO")).with_file_name("rustc");
    home.set("RUSTC", rustc.to_str().unwrap());
    for name in ["HTTPS_PROXY", "https_proxy"] {
        home.set(name, &proxy);
    }
    for name in [
        "SSL_CERT_FILE",
        "BRAINMAPS_CA_CERT",
        "CARGO_HTTP_CAINFO",
        "CURL_CA_BUNDLE",
        "GIT_SSL_CAINFO",
        "NODE_EXTRA_CA_CERTS",
        "PIP_CERT",
    ] {
        home.set(name, certificates);
    }
}

/// The token endpoint. Each refresh token is valid once.
fn issue(request: &ReceivedRequest, current: &mut usize) -> ScriptedResponse {
    let is_refresh = request.body.contains("grant_type=refresh_token");
    let valid = format!("refresh_token=refresh-c4n4ry-{current}");
    if is_refresh && !request.body.split('&').any(|field| field == valid) {
        return ScriptedResponse::json(400, &json!({ "error": "invalid_grant" }));
    }
    *current += 1;
    let mut response = token_response();
    response["access_token"] = access_token(*current).into();
    response["refresh_token"] = format!("refresh-c4n4ry-{current}").into();
    ScriptedResponse::json(200, &response)
}

fn access_token(number: usize) -> String {
    format!("access-c4n4ry-{number}")
}

/// Returns the credential in a request, with any scheme.
fn secret(request: &ReceivedRequest) -> Option<String> {
    let (scheme, value) = request.header("authorization")?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(value.to_owned());
    }
    let pair = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let password = pair.split_once(':')?.1;
    (!password.is_empty()).then(|| password.to_owned())
}

fn respond(request: &ReceivedRequest, state: &mut State) -> ScriptedResponse {
    if let Some(response) = responses::public(request) {
        return response;
    }
    if secret(request) != Some(access_token(state.current)) {
        return responses::unauthorized(request);
    }
    state.has_upload |= request.method == "PUT" && request.path == responses::UPLOAD;
    responses::authorized(request, state.has_upload)
}
