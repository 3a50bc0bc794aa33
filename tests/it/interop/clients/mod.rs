//! The real clients of the helpers, against a simulated service with the protocols of all of them.

mod archive;
mod conformance;
mod publish;
mod responses;
mod service;
mod table;
pub(super) mod verdaccio;

use crate::support::{peer, test_home::RunningCommand};
use service::{HOST, OTHER, Service};
#[rustfmt::skip]
use table::{CARGO, CURL, DOCKER, GIT, GO, HELM, KUBECTL, NPM, PIP, PNPM, SKOPEO, TERRAFORM, UV};
use table::Client;

/// Returns the service with the configured clients; `None` if one is missing.
fn prepare(clients: &[&Client]) -> Option<Service> {
    if !clients.iter().all(|it| peer::has_client(it.program)) {
        return None;
    }
    let service = Service::start();
    for client in clients {
        (client.set_up)(&service);
    }
    Some(service)
}

impl Client {
    fn start(&self, service: &Service, host: &str, number: usize) -> RunningCommand {
        let arguments = (self.arguments)(service, host, number);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        service.home.start_program(self.program, &arguments)
    }

    fn expect_success(&self, service: &Service, number: usize) {
        self.start(service, HOST, number).wait().expect(0);
    }

    /// Runs the client and expects a failure whose output contains these texts.
    fn expect_failure(&self, service: &Service, host: &str, shown: &[&str]) {
        let outcome = self.start(service, host, 0).wait();
        assert_ne!(outcome.code, Some(0), "{outcome}");
        let output = format!("{}{}", outcome.stdout, outcome.stderr);
        for text in shown {
            assert!(output.contains(text), "no `{text}`: {outcome}");
        }
    }

    /// Runs the client with a session, after its expiry, for another host, and signed out. The leak harness of the home checks the
    /// output.
    fn check(&self) {
        let Some(service) = prepare(&[self]) else {
            return;
        };
        self.expect_success(&service, 1);
        service.expire();
        self.expect_success(&service, 2);
        assert_eq!(service.issued(), 2, "the session was refreshed once");
        if let Some(shown) = self.other_host {
            self.expect_failure(&service, OTHER, &[shown]);
        }
        let disclosed = service.disclosed();
        assert!(disclosed.is_empty(), "{disclosed:?}");
        service.home.run(&["logout"]).expect(0);
        self.expect_failure(&service, HOST, self.signed_out);
    }
}

macro_rules! clients {
    ($($test:ident: $client:ident,)*) => {
        $(
            #[test]
            #[ignore = "slow: run by ./tests/run"]
            fn $test() {
                $client.check();
            }
        )*
    };
}

// Each client gets the credential, also after its expiry. Another host gets nothing. Without a session, the client prints the reason.
clients! {
    git_gets_fresh_credentials_for_its_server_only: GIT,
    docker_gets_fresh_credentials_for_its_registry_only: DOCKER,
    helm_gets_fresh_credentials_for_its_registry_only: HELM,
    skopeo_gets_fresh_credentials_for_its_registry_only: SKOPEO,
    kubectl_gets_fresh_credentials_for_its_cluster_only: KUBECTL,
    cargo_gets_fresh_credentials_for_its_registry_only: CARGO,
    pip_gets_fresh_credentials_for_its_index_only: PIP,
    uv_gets_fresh_credentials_for_its_index_only: UV,
    go_gets_fresh_credentials_for_its_proxy_only: GO,
    pnpm_gets_fresh_credentials_for_its_registry_only: PNPM,
    npm_gets_fresh_credentials_for_its_registry_only: NPM,
    terraform_gets_fresh_credentials_for_its_registry_only: TERRAFORM,
    curl_gets_fresh_credentials: CURL,
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn sixteen_clients_of_eight_kinds_refresh_an_expired_session_once() {
    let kinds = [&GIT, &DOCKER, &KUBECTL, &CARGO, &UV, &GO, &PNPM, &TERRAFORM];
    let Some(service) = prepare(&kinds) else {
        return;
    };
    service.expire();
    let clients = (0..16).map(|number| kinds[number % 8].start(&service, HOST, number));
    let clients: Vec<RunningCommand> = clients.collect();
    for client in clients {
        client.wait().expect(0);
    }
    assert_eq!(service.issued(), 2, "the session was refreshed once");
}
